"""A rule beside the text and the YAML nodes that it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import yaml

from scrubber.rules.model import Condition, Node, Place, Rule
from scrubber.rules.yaml_source import Edit, RuleProblem, YamlSource


@attrs.frozen
class RuleFile:
    """One rule, its text, and its YAML nodes, which know where each value stands."""

    rule: Rule
    text: str
    root: yaml.MappingNode

    @property
    def path(self) -> Path:
        return self.rule.place.path

    def at(self, node: yaml.Node, lint: str, message: str, hint: str = "", instead: str | None = None) -> RuleProblem:
        """A problem at a node; `instead` is what to write in its place."""
        edit = Edit.of(node, instead) if instead is not None else None
        return RuleProblem(self.path, node.start_mark.line + 1, node.start_mark.column + 1, lint, message, hint, edit)

    def at_place(self, place: Place, lint: str, message: str, hint: str = "") -> RuleProblem:
        return RuleProblem(place.path, place.line, place.column, lint, message, hint)

    def node(self, *keys: str) -> yaml.Node | None:
        """The node behind some keys, one below the other."""
        return below(self.root, *keys)

    def key(self, *keys: str) -> yaml.Node:
        """The node of a key itself; where the file has none, that of the whole rule."""
        return next((name for name, _ in pairs(self.node(*keys[:-1])) if name.value == keys[-1]), self.root)

    def cases(self) -> Iterator[yaml.Node]:
        """The node of each case of the model; the rule itself where it has no cases."""
        cases = self.node("cases")
        if isinstance(cases, yaml.SequenceNode):
            yield from cases.value
        else:
            yield self.root

    def of_case(self, case: yaml.Node, key: str) -> yaml.Node:
        """The key of a case: as it stands there, else as the rule has it for all."""
        return next((name for name, _ in pairs(case) if name.value == key), None) or self.key(key)

    def operands(self) -> Iterator[tuple[Condition, yaml.Node]]:
        """Each condition with the node behind its word."""
        by_place = {(one.place.line, one.place.column): one for one in _conditions(_all_nodes(self.rule))}
        for key, value in _mappings(self.root):
            condition = by_place.get((key.start_mark.line + 1, key.start_mark.column + 1))
            if condition is not None:
                yield from ((condition, operand) for _, operand in pairs(value))

    def constants(self) -> Iterator[tuple[Condition, yaml.ScalarNode]]:
        """Each condition with the nodes of the constants behind its word, those of a param where it names one."""
        for condition, operand in self.operands():
            for node in self._of_param(operand) if isinstance(operand, yaml.ScalarNode) else (operand,):
                yield from ((condition, scalar) for scalar in scalars(node))

    def _of_param(self, operand: yaml.ScalarNode) -> Iterable[yaml.Node]:
        if not operand.value.startswith("$"):
            return (operand,)
        if not operand.value.startswith("$params."):
            return ()
        values = self.node("params", operand.value.removeprefix("$params."))
        return (
            (value for _, value in pairs(values))
            if isinstance(values, yaml.MappingNode)
            else (values,)
            if values
            else ()
        )


def open_rule(rule: Rule) -> RuleFile:
    """The file of a rule that was read without mistakes."""
    text = rule.place.path.read_text(encoding="utf-8-sig")
    root = YamlSource(rule.place.path).compose(text)
    assert isinstance(root, yaml.MappingNode)  # the loader has read it before
    return RuleFile(rule, text, root)


def pairs(node: yaml.Node | None) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys and values of a mapping; none of anything else."""
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def below(node: yaml.Node, *keys: str) -> yaml.Node | None:
    """The node behind some keys of a mapping, one below the other."""
    found: yaml.Node | None = node
    for key in keys:
        found = next((value for name, value in pairs(found) if name.value == key), None)
    return found


def scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """The single values of a list, or the value itself."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        yield from (item for item in node.value if isinstance(item, yaml.ScalarNode))


def _mappings(node: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    for key, value in pairs(node):
        yield key, value
        yield from _mappings(value)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _mappings(item)


def _all_nodes(rule: Rule) -> Iterator[Node]:
    yield from (*rule.members, *rule.when, *rule.unless)
    for case in rule.cases:
        yield from (*case.when, *case.unless)


def _conditions(nodes: Iterable[Node]) -> Iterator[Condition]:
    for node in nodes:
        if isinstance(node, Condition):
            yield node
        else:
            yield from _conditions(node.members)


def conditions_of(rule: Rule) -> list[Condition]:
    """Every condition of a rule, however deep."""
    return list(_conditions(_all_nodes(rule)))
