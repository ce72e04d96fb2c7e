"""Reads rule packs: a folder with `pack.yaml` and one YAML file per rule. Collects every mistake with its line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scrubber.content import content_folder
from scrubber.errors import RuleError, UnknownName
from scrubber.fields import GROUPED, ScopeKind
from scrubber.rules.languages import is_of_language, read_languages
from scrubber.rules.model import Pack, Rule
from scrubber.rules.rule_file import read_rule
from scrubber.rules.yaml_source import RuleProblem, YamlSource
from scrubber.tables import TableSet

PACK_FILE = "pack.yaml"
RULE_SUFFIX = ".yaml"


def pack_folder(name_or_path: str | Path) -> Path:
    """The folder of a pack: a shipped one by name, any other by path.

    Raises:
        UnknownName: neither a shipped pack nor a folder is called so.
        RuleError: there is such a folder or file, but it is no pack.
    """
    folder = Path(name_or_path)
    if folder.is_dir() and (folder / PACK_FILE).is_file():
        return folder
    shipped = content_folder("rules")
    if isinstance(name_or_path, str) and (shipped / name_or_path / PACK_FILE).is_file():
        return shipped / name_or_path
    if folder.is_dir():
        near = next((path.name for path in sorted(folder.iterdir()) if path.stem.lower() == "pack"), None)
        hint = f"Rename {near} to {PACK_FILE}." if near else "Write one with name, version and title."
        raise RuleError(f"the folder has no {PACK_FILE}, so it is no pack.", where=str(name_or_path), hint=hint)
    if folder.is_file():
        raise RuleError("a pack is a folder, and this is a file.", where=str(name_or_path), hint="Name its folder.")
    raise UnknownName("pack", str(name_or_path), (path.parent.name for path in shipped.glob(f"*/{PACK_FILE}")))


def load_pack(name_or_path: str | Path, tables: TableSet) -> Pack:
    """Read a pack.

    Raises:
        UnknownName: there is no such pack.
        RuleError: the pack has mistakes; the message lists them all with file, line and mend.
    """
    pack, problems = read_pack(pack_folder(name_or_path), tables)
    if pack is None or problems:
        raise _pack_error(problems, str(name_or_path))
    return pack


def load_packs(names_or_paths: Iterable[str | Path], tables: TableSet) -> tuple[Pack, ...]:
    """Read several packs that are to run together; one that is named twice is read once.

    Raises:
        UnknownName: there is no such pack.
        RuleError: a pack has mistakes, or two of them give one id to rules for the same days.
    """
    names = _each_once(names_or_paths)
    packs = tuple(load_pack(name, tables) for name in names)
    if len(packs) > 1 and (problems := _overlaps(rule for pack in packs for rule in pack.rules)):
        raise _pack_error(problems, ", ".join(str(name) for name in names))
    return packs


def _each_once(names_or_paths: Iterable[str | Path]) -> tuple[str | Path, ...]:
    folders: dict[Path, str | Path] = {}
    for name in names_or_paths:
        folders.setdefault(pack_folder(name).resolve(), name)
    return tuple(folders.values())


def _pack_error(problems: list[RuleProblem], where: str) -> RuleError:
    listed = "\n".join(f"  {problem}" for problem in problems)
    return RuleError(
        f"the pack has {len(problems)} mistake{'s' if len(problems) != 1 else ''}:\n{listed}",
        where=where,
        hint="\nMend them and run `scrubber rules lint` again.",
    )


def check_pack(name_or_path: str | Path, tables: TableSet) -> list[RuleProblem]:
    """Every mistake of a pack, in the order of files and lines."""
    return read_pack(pack_folder(name_or_path), tables)[1]


def read_packs(names_or_paths: Iterable[str | Path], tables: TableSet) -> tuple[list[Pack], list[RuleProblem]]:
    """Several packs as far as they can be read, their mistakes, and where they get in each other's way."""
    problems: list[RuleProblem] = []
    packs: list[Pack] = []
    for name in _each_once(names_or_paths):
        pack, found = read_pack(pack_folder(name), tables)
        problems += found
        packs += [pack] if pack is not None else []
    if len(packs) > 1:
        told = set(problems)
        problems += [one for one in _overlaps(rule for pack in packs for rule in pack.rules) if one not in told]
    return packs, problems


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
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".yaml", ".yml") and path.suffix != RULE_SUFFIX:
            message = f"the name does not end in {RULE_SUFFIX}, so this is not read as a rule."
            hint = f"Rename it to {path.stem}{RULE_SUFFIX}."
            problems.append(RuleProblem(path, 1, 1, "RL010", message, hint))
        elif path.suffix.lower() == ".txt" and path.stem.endswith((RULE_SUFFIX, ".yml")):
            message = "the name ends in .txt, which Windows may not show, so this is not read as a rule."
            hint = f"Rename it to {path.stem.rpartition('.')[0]}{RULE_SUFFIX}."
            problems.append(RuleProblem(path, 1, 1, "RL010", message, hint))
        elif path.suffix == RULE_SUFFIX and path.name != PACK_FILE and not is_of_language(path, folder):
            rule, found = read_rule(path, texts.get("name", ""), tables)
            problems.extend(found)
            if rule is not None:
                rules.append(rule)
    if not rules and not problems:
        hint = f"A rule is a file that ends in {RULE_SUFFIX}."
        problems.append(RuleProblem(folder / PACK_FILE, 1, 1, "RL010", "the pack has no rules.", hint))
    languages, mistranslated = read_languages(folder, rules, all_read=not problems)
    problems.extend(_overlaps(rules))
    problems.extend(mistranslated)
    pack = Pack(
        name=texts.get("name", ""),
        version=texts.get("version", ""),
        title=texts.get("title", ""),
        rules=tuple(rules),
        languages=tuple(languages),
        path=folder,
    )
    return pack, sorted(set(problems))


def _overlaps(rules: Iterable[Rule]) -> list[RuleProblem]:
    """Rules of one id that look at the same things on the same days, and names used by two ids."""
    problems: list[RuleProblem] = []
    seen: dict[str, list[Rule]] = {}
    names: dict[str, Rule] = {}
    for rule in rules:
        other = names.setdefault(rule.name, rule)
        if other.id != rule.id:
            message = f"the name {rule.name!r} is also that of {other.id}{_in_other_pack(rule, other)}."
            problems.append(_problem(rule, "RL012", message, "Give it another name."))
        for twin in seen.setdefault(rule.id, []):
            ends_before = twin.effective_to and rule.effective_from and twin.effective_to < rule.effective_from
            begins_after = twin.effective_from and rule.effective_to and rule.effective_to < twin.effective_from
            if not (ends_before or begins_after or _look_at_different_things(rule, twin)):
                problems.append(_twin_problem(rule, twin))
        seen[rule.id].append(rule)
    return problems


def _twin_problem(rule: Rule, twin: Rule) -> RuleProblem:
    if elsewhere := _in_other_pack(rule, twin):
        message = f"{rule.id} is also an id{elsewhere}, for some of the same days."
        return _problem(rule, "RL012", message, "Give your own rule another id, or leave one of the packs out.")
    message = f"{rule.id} also stands in {twin.place.path.name} for some of its days."
    hint = "Give the two disjoint `effective` windows, or different things in `for_each`."
    return _problem(rule, "RL012", message, hint)


def _in_other_pack(rule: Rule, other: Rule) -> str:
    """Where the other rule stands, if that is another pack; packs do not lie in one another."""
    if rule.pack == other.pack and rule.place.path.parent == other.place.path.parent:
        return ""
    return f" of the pack {other.pack} ({other.place.path})"


def _look_at_different_things(rule: Rule, twin: Rule) -> bool:
    """One edit may have one file for its lines and one for the claim; a line with a procedure is a line."""
    kinds = [GROUPED.get(one.scope.kind, one.scope.kind) for one in (rule, twin)]
    grouped = [one.scope.kind in GROUPED for one in (rule, twin)]
    lines = {ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}
    return grouped[0] is not grouped[1] or (kinds[0] is not kinds[1] and not set(kinds) <= lines)


def _problem(rule: Rule, lint: str, message: str, hint: str = "") -> RuleProblem:
    return RuleProblem(rule.place.path, rule.place.line, rule.place.column, lint, message, hint)
