"""Small constructors of Python syntax trees. Rules compile to these, never to text."""

from __future__ import annotations

import ast
from collections.abc import Sequence

Statements = list[ast.stmt]


def name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def constant(value: object) -> ast.expr:
    """None, True, False, a number or a string; anything else is passed to the function by name."""
    return ast.Constant(value)  # type: ignore[arg-type]


def attribute(base: ast.expr, *names: str) -> ast.expr:
    for part in names:
        base = ast.Attribute(base, part, ast.Load())
    return base


def call(function: ast.expr, *arguments: ast.expr) -> ast.expr:
    return ast.Call(function, list(arguments), [])


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [operator], [right])


def is_(left: ast.expr, right: ast.expr) -> ast.expr:
    return compare(left, ast.Is(), right)


def is_not(left: ast.expr, right: ast.expr) -> ast.expr:
    return compare(left, ast.IsNot(), right)


def either(*tests: ast.expr) -> ast.expr:
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), list(tests))


def both(*tests: ast.expr) -> ast.expr:
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests))


def negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def assign(target: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(target, ast.Store())], value)


def walrus(target: str, value: ast.expr) -> ast.expr:
    return ast.NamedExpr(ast.Name(target, ast.Store()), value)


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    return ast.IfExp(test, then, otherwise)


def when(test: ast.expr, then: Statements, otherwise: Statements | None = None) -> ast.stmt:
    return ast.If(test, then or [ast.Pass()], otherwise or [])


def loop(target: str, over: ast.expr, body: Statements) -> ast.stmt:
    return ast.For(ast.Name(target, ast.Store()), over, body, [])


def do(expression: ast.expr) -> ast.stmt:
    return ast.Expr(expression)


def skip() -> ast.stmt:
    return ast.Continue()


def leave() -> ast.stmt:
    return ast.Return(None)


def give(value: ast.expr) -> ast.stmt:
    return ast.Return(value)


def mapping(entries: Sequence[tuple[str, ast.expr]]) -> ast.expr:
    return ast.Dict([ast.Constant(key) for key, _ in entries], [value for _, value in entries])


def sequence(items: Sequence[ast.expr]) -> ast.expr:
    return ast.Tuple(list(items), ast.Load())


def function(identifier: str, parameters: Sequence[str], body: Statements) -> ast.Module:
    """A module that defines one function."""
    arguments = ast.arguments([], [ast.arg(parameter) for parameter in parameters], None, [], [], None, [])
    definition = ast.FunctionDef(identifier, arguments, body, [], None, None)
    if "type_params" in ast.FunctionDef._fields:  # from Python 3.12 on
        definition.type_params = []  # type: ignore[attr-defined,unused-ignore]
    return _located(ast.Module([definition], []))


def _located(module: ast.Module) -> ast.Module:
    """The module with a place for every node, which `compile` demands and which says nothing here.

    What `ast.fix_missing_locations` does, in a third of its time: it was most of the time of loading rules.
    """
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = 1  # type: ignore[attr-defined]
            node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined]
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting += [item for item in value if isinstance(item, ast.AST)]
    return module
