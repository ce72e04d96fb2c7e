"""Reads rule packs: a folder with `pack.yaml` and one YAML file per rule. Collects every mistake with its line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from scrubber.errors import RuleError, ScrubberError, UnknownName
from scrubber.fields import GROUPED, ScopeKind
from scrubber.rules.languages import is_of_language, read_languages
from scrubber.rules.model import AppliesTo, Pack, Place, Rule, RuleTest
from scrubber.rules.override_file import OVERRIDES_FILE, OfLayer, read_overrides
from scrubber.rules.pack_file import PACK_FILE, header_source, read_header
from scrubber.rules.pack_hash import file_hashes, hash_of
from scrubber.rules.pack_places import pack_folder
from scrubber.rules.rule_file import read_rule
from scrubber.rules.yaml_source import RuleProblem, YamlSource
from scrubber.tables import TableSet
from scrubber.tables.value_sets import FOLDER as VALUE_SETS
from scrubber.tables.value_sets import value_set_mistakes

RULE_SUFFIX = ".yaml"
NO_RULES = (PACK_FILE, OVERRIDES_FILE)
"""Files at the top of a pack that are no rules."""


def load_pack(name_or_path: str | Path, tables: TableSet) -> Pack:
    """Read a pack.

    Raises:
        UnknownName: there is no such pack.
        RuleError: the pack has mistakes; the message lists them all with file, line and mend.
    """
    return next(pack for pack in load_packs([name_or_path], tables) if not pack.brought)


def load_packs(names_or_paths: Iterable[str | Path], tables: TableSet) -> tuple[Pack, ...]:
    """Read several packs that are to run together, and before each layer those that it lies over, each once.

    Raises:
        UnknownName: there is no such pack.
        RuleError: a pack has mistakes, or two of them give one id to rules for the same days.
    """
    names = tuple(names_or_paths)
    packs, problems = read_packs(names, tables)
    if problems:
        raise _pack_error(problems, ", ".join(str(name) for name in names))
    return tuple(packs)


def _pack_error(problems: list[RuleProblem], where: str) -> RuleError:
    listed = "\n".join(f"  {problem}" for problem in problems)
    return RuleError(
        f"the pack has {len(problems)} mistake{'s' if len(problems) != 1 else ''}:\n{listed}\n"
        "Mend them and run `scrubber rules lint` again.",
        where=where,
    )


def check_pack(name_or_path: str | Path, tables: TableSet) -> list[RuleProblem]:
    """Every mistake of a pack, in the order of files and lines."""
    return read_packs([name_or_path], tables)[1]


def read_packs(names_or_paths: Iterable[str | Path], tables: TableSet) -> tuple[list[Pack], list[RuleProblem]]:
    """Several packs as far as they can be read, with those that they lie over, and all their mistakes."""
    gathered = _Gathered(tables)
    for folder in [pack_folder(name) for name in names_or_paths]:
        gathered.add(folder, brought=False)
    packs = gathered.with_overrides()
    problems = gathered.problems
    problems += _namesakes(packs)
    if len(packs) > 1:
        told = set(problems)
        problems += [one for one in _overlaps(rule for pack in packs for rule in pack.rules) if one not in told]
    return packs, problems


@attrs.define
class _Gathered:
    """Packs being read, each after those that it lies over."""

    tables: TableSet
    packs: dict[Path, Pack | None] = attrs.field(factory=dict)
    problems: list[RuleProblem] = attrs.field(factory=list)
    bases: dict[Path, tuple[Path, ...]] = attrs.field(factory=dict)
    """The folders of the packs that each lies over."""
    in_part: set[Path] = attrs.field(factory=set)
    """Packs with mistakes, or over one that is not there: some of their rules may be left out."""
    reading: set[Path] = attrs.field(factory=set)
    """Packs whose bases are being read."""

    def add(self, folder: Path, *, brought: bool) -> None:
        """Read the pack of a folder, unless it is there already."""
        key = folder.resolve()
        if key in self.packs:
            pack = self.packs[key]
            if pack is not None and pack.brought and not brought:
                self.packs[key] = attrs.evolve(pack, brought=False)
            return
        self.reading.add(key)
        pack, found = read_pack(folder, self.tables)
        self.problems += found
        if found:
            self.in_part.add(key)
        if pack is not None:
            self.bases[key] = tuple(self._bases(pack))
        self.reading.discard(key)
        self.packs[key] = None if pack is None else attrs.evolve(pack, brought=brought)

    def _bases(self, pack: Pack) -> Iterable[Path]:
        for name, place in pack.over:
            try:
                folder = _base_folder(name, pack.path)
            except ScrubberError as error:
                message = error.message if isinstance(error, UnknownName) else f"{name}: {error.message}"
                self.problems.append(RuleProblem(place.path, place.line, place.column, "RL008", message, error.hint))
                self.in_part.add(pack.path.resolve())
                continue
            key = folder.resolve()
            if key in self.reading:
                message = f"the pack cannot lie over {name!r}, which is itself or lies over it."
                self.problems.append(_at(place, "RL012", message, "Take one of the two out of `over`."))
                continue
            self.add(folder, brought=True)
            yield key

    def with_overrides(self) -> list[Pack]:
        """The packs that could be read, with what their `overrides.yaml` says."""
        return [self._with_overrides(key, pack) for key, pack in self.packs.items() if pack is not None]

    def _with_overrides(self, key: Path, pack: Pack) -> Pack:
        path = pack.path / OVERRIDES_FILE
        if not path.is_file():
            return pack
        source = YamlSource(path)
        unread = any(problem.path == pack.path / PACK_FILE for problem in self.problems)
        if pack.level == "national" and not unread:
            message = "a pack with overrides is a layer, and pack.yaml does not say which."
            source.note(None, "RL003", message, "Add `layer: {level: payer, over: [core]}` to pack.yaml.")
        below = self._below(key)
        rules = [rule for place in below if (one := self.packs[place]) is not None for rule in one.rules]
        elsewhere = {
            rule.id: one.name
            for place, one in self.packs.items()
            if one is not None and place not in below
            for rule in one.rules
        }
        layer = OfLayer(pack=pack.name, version=pack.version, level=pack.level, applies_to=pack.applies_to)
        overrides = read_overrides(source, layer, rules, elsewhere, all_read=self.in_part.isdisjoint(below))
        self.problems += sorted(set(source.problems))
        return attrs.evolve(
            pack,
            overrides=tuple(
                attrs.evolve(override, tests=_as_claims_of(pack.applies_to, override.tests)) for override in overrides
            ),
        )

    def _below(self, key: Path) -> list[Path]:
        """A pack and all that it lies over, at first or second hand."""
        found = [key]
        for place in found:
            found += [base for base in self.bases.get(place, ()) if base not in found]
        return found


def _base_folder(name: str, layer: Path) -> Path:
    """The folder of a pack that a layer lies over: beside the layer, or where packs are found by name."""
    beside = layer.parent / name
    return beside if (beside / PACK_FILE).is_file() else pack_folder(name)


def read_pack(folder: Path, tables: TableSet) -> tuple[Pack | None, list[RuleProblem]]:
    """A pack by itself as far as it can be read, without its overrides, and its mistakes."""
    source = header_source(folder)
    header = read_header(source)
    problems = source.problems
    if header is None:
        return None, problems
    tables = _with_own_value_sets(folder, tables, problems)
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
        elif path.suffix == RULE_SUFFIX and path.name not in NO_RULES and not _is_beside_rules(path, folder):
            rule, found = read_rule(path, header.name, tables)
            problems.extend(found)
            if rule is not None:
                rules.append(rule)
    if not rules and not problems and not (folder / OVERRIDES_FILE).is_file():
        hint = f"A rule is a file that ends in {RULE_SUFFIX}."
        problems.append(RuleProblem(folder / PACK_FILE, 1, 1, "RL010", "the pack has no rules.", hint))
    languages, mistranslated = read_languages(folder, rules, all_read=not problems)
    problems.extend(_overlaps(rules))
    problems.extend(mistranslated)
    rules = [_of_layer(rule, header.applies_to, problems) for rule in rules]
    files = file_hashes(folder)
    pack = Pack(
        name=header.name,
        version=header.version,
        title=header.title,
        level=header.level,
        over=header.over,
        applies_to=header.applies_to,
        rules=tuple(rules),
        languages=tuple(languages),
        changelog=header.changelog,
        files=files,
        hash=hash_of(files),
        path=folder,
    )
    return pack, sorted(set(problems))


def _is_beside_rules(path: Path, folder: Path) -> bool:
    """Whether a file of a pack is a language or a value set, which stand in folders of their own."""
    return is_of_language(path, folder) or path.relative_to(folder).parts[0] == VALUE_SETS


def _with_own_value_sets(folder: Path, tables: TableSet, problems: list[RuleProblem]) -> TableSet:
    """The tables with the value sets that the pack brings, which its rules see before those of their name."""
    if not (folder / VALUE_SETS).is_dir():
        return tables
    mistakes = value_set_mistakes(folder)
    problems += [RuleProblem(one.path, one.line, 1, "RL011", one.message, one.hint) for one in mistakes]
    return tables if mistakes else tables.with_value_sets(folder)


def _of_layer(rule: Rule, layer: AppliesTo, problems: list[RuleProblem]) -> Rule:
    """A rule of a layer, which is for the claims of the layer only."""
    if layer == AppliesTo():
        return rule
    own = rule.applies_to
    if own.others_off:
        message = "a rule of a layer is for the claims of its layer only, so there are no others to be off for."
        problems.append(_problem(rule, "RL011", message, "Leave `others` out."))
    payers = own.payers & layer.payers if own.payers and layer.payers else own.payers | layer.payers
    if not payers and own.payers:
        message = "the rule is for kinds of payers that its layer is not for, so it can never run."
        problems.append(_problem(rule, "RL011", message, "Mend `payers` here or in pack.yaml."))
    return attrs.evolve(
        rule,
        applies_to=attrs.evolve(layer, settings=own.settings, payers=payers),
        tests=_as_claims_of(layer, rule.tests),
    )


def _as_claims_of(layer: AppliesTo, tests: tuple[RuleTest, ...]) -> tuple[RuleTest, ...]:
    """Examples whose claims are those of the layer, where they do not say otherwise."""
    usual: dict[str, object] = {}
    kind = min(layer.payers, default=None)
    if layer.payer_ids:
        usual["payer"] = {"id": min(layer.payer_ids), "kind": kind or "commercial", "name": "PAYER"}
    elif kind is not None:
        usual["payer"] = kind
    if layer.jurisdictions:
        usual["jurisdiction"] = min(layer.jurisdictions)
    return tuple(attrs.evolve(test, claim={**usual, **test.claim}) for test in tests)


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


def _namesakes(packs: Iterable[Pack]) -> list[RuleProblem]:
    """Packs of one name: nobody could tell which of them a finding or a list of hashes means."""
    problems: list[RuleProblem] = []
    named: dict[str, Pack] = {}
    for pack in packs:
        first = named.setdefault(pack.name, pack)
        if first is not pack:
            message = f"the pack in {first.path} is also called {pack.name!r}."
            place = Place(pack.path / PACK_FILE, 1, 1)
            problems.append(_at(place, "RL012", message, "Give one of them another name, or leave it out."))
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
    """One edit may have one file for its lines, one for lines beside others, and one for the claim; a line with a
    procedure is a line.
    """
    if (rule.pair is None) is not (twin.pair is None):
        return True
    kinds = [GROUPED.get(one.scope.kind, one.scope.kind) for one in (rule, twin)]
    grouped = [one.scope.kind in GROUPED for one in (rule, twin)]
    lines = {ScopeKind.LINE, ScopeKind.PROCEDURE_LINE}
    return grouped[0] is not grouped[1] or (kinds[0] is not kinds[1] and not set(kinds) <= lines)


def _problem(rule: Rule, lint: str, message: str, hint: str = "") -> RuleProblem:
    return _at(rule.place, lint, message, hint)


def _at(place: Place, lint: str, message: str, hint: str = "") -> RuleProblem:
    return RuleProblem(place.path, place.line, place.column, lint, message, hint)
