"""Reads rule packs: a folder with `pack.yaml` and one YAML file per rule. Collects every mistake with its line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scrubber.content import content_folder
from scrubber.errors import RuleError, UnknownName
from scrubber.fields import ScopeKind
from scrubber.rules.model import Pack, Rule
from scrubber.rules.rule_file import read_rule
from scrubber.rules.yaml_source import RuleProblem, YamlSource
from scrubber.tables import TableSet

PACK_FILE = "pack.yaml"


def pack_folder(name_or_path: str | Path) -> Path:
    """The folder of a pack: a shipped one by name, any other by path.

    Raises:
        UnknownName: neither a shipped pack nor a folder is called so.
    """
    folder = Path(name_or_path)
    if folder.is_dir() and (folder / PACK_FILE).is_file():
        return folder
    shipped = content_folder("rules")
    if isinstance(name_or_path, str) and (shipped / name_or_path / PACK_FILE).is_file():
        return shipped / name_or_path
    raise UnknownName("pack", str(name_or_path), (path.parent.name for path in shipped.glob(f"*/{PACK_FILE}")))


def load_pack(name_or_path: str | Path, tables: TableSet) -> Pack:
    """Read a pack.

    Raises:
        UnknownName: there is no such pack.
        RuleError: the pack has mistakes; the message lists them all with file, line and mend.
    """
    pack, problems = read_pack(pack_folder(name_or_path), tables)
    if pack is None or problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise RuleError(
            f"the pack has {len(problems)} mistake{'s' if len(problems) != 1 else ''}:\n{listed}",
            where=str(name_or_path),
            hint="\nMend them and run `scrubber rules lint` again.",
        )
    return pack


def check_pack(name_or_path: str | Path, tables: TableSet) -> list[RuleProblem]:
    """Every mistake of a pack, in the order of files and lines."""
    return read_pack(pack_folder(name_or_path), tables)[1]


def read_pack(folder: Path, tables: TableSet) -> tuple[Pack | None, list[RuleProblem]]:
    """The pack as far as it can be read, and its mistakes."""
    header = YamlSource(folder / PACK_FILE)
    problems = header.problems
    root = header.read()
    entries = (
        header.record(root, "pack.yaml", ("name", "version", "title"), ("name", "version", "title")) if root else None
    )
    if not entries:
        return None, problems
    texts = {key: header.text(node, key) or "" for key, (_, node) in entries.items()}
    rules: list[Rule] = []
    for path in sorted(folder.rglob("*.yaml")):
        if path.name != PACK_FILE:
            rule, found = read_rule(path, texts.get("name", ""), tables)
            problems.extend(found)
            if rule is not None:
                rules.append(rule)
    problems.extend(_overlaps(rules))
    pack = Pack(
        name=texts.get("name", ""),
        version=texts.get("version", ""),
        title=texts.get("title", ""),
        rules=tuple(rules),
        path=folder,
    )
    return pack, sorted(problems)


def _overlaps(rules: Iterable[Rule]) -> list[RuleProblem]:
    """Rules of one id that look at the same things on the same days, and names used by two ids."""
    problems: list[RuleProblem] = []
    seen: dict[str, list[Rule]] = {}
    names: dict[str, Rule] = {}
    for rule in rules:
        other = names.setdefault(rule.name, rule)
        if other.id != rule.id:
            problems.append(_problem(rule, "RL012", f"the name {rule.name!r} is also that of {other.id}."))
        for twin in seen.setdefault(rule.id, []):
            ends_before = twin.effective_to and rule.effective_from and twin.effective_to < rule.effective_from
            begins_after = twin.effective_from and rule.effective_to and rule.effective_to < twin.effective_from
            if not (ends_before or begins_after or _look_at_different_things(rule, twin)):
                problems.append(
                    _problem(
                        rule,
                        "RL012",
                        f"{rule.id} also stands in {twin.place.path.name} for some of its days.",
                        "Give the two disjoint `effective` windows, or different things in `for_each`.",
                    )
                )
        seen[rule.id].append(rule)
    return problems


def _look_at_different_things(rule: Rule, twin: Rule) -> bool:
    """One edit may have one file for its lines and one for the claim; a line with a procedure is a line."""
    lines = {ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}
    return rule.scope.kind is not twin.scope.kind and not {rule.scope.kind, twin.scope.kind} <= lines


def _problem(rule: Rule, lint: str, message: str, hint: str = "") -> RuleProblem:
    return RuleProblem(rule.place.path, rule.place.line, rule.place.column, lint, message, hint)
