"""What pytest collects of rule packs: an item for each example, and one for each mistake of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import attrs
import pytest

from scrubber.errors import ScrubberError
from scrubber.rules.lint import LINTS, lint_rules
from scrubber.rules.loader import read_packs
from scrubber.rules.model import Override, Pack, Rule, RuleTest
from scrubber.rules.override_file import OVERRIDES_FILE
from scrubber.rules.yaml_source import RuleProblem
from scrubber.tables import TableSet
from scrubber.testing.override_tests import run_override_tests
from scrubber.testing.plugin import MUTANTS, PACK_FILE, SUFFIXES, TABLES
from scrubber.testing.proofs import prove_rule
from scrubber.testing.rule_examples import unreadable_examples
from scrubber.testing.rule_tests import run_rule_tests

CONDITIONS = "each condition is proven"


class RuleTrouble(Exception):
    """What an author reads: no traceback, but the sentence and the place."""


@attrs.frozen
class _PackFiles:
    """Rules, overrides and mistakes of a pack by the file that they stand in."""

    rules: dict[Path, Rule]
    problems: dict[Path, list[RuleProblem]]
    packs: tuple[Pack, ...]
    """The pack, after those that it lies over."""

    @classmethod
    def of(cls, folder: Path, tables: TableSet) -> _PackFiles:
        packs, found = read_packs([folder], tables)
        pack = next((one for one in packs if not one.brought), None)
        rules, overrides = (pack.rules, pack.overrides) if pack else ((), ())
        problems: dict[Path, list[RuleProblem]] = {}
        beyond = lint_rules(packs, complete=not found)
        mistakes = (one for one in beyond if LINTS[one.id].severity == "mistake")
        unreadable = (*unreadable_examples(rules), *unreadable_examples(overrides))
        for problem in sorted({*found, *unreadable, *mistakes}):
            if not problem.path.is_relative_to(folder):
                continue  # that of a pack below, which is looked at by itself
            # what is wrong with a file that is not collected is told with the header
            place = problem.path if problem.path.suffix.lower() in SUFFIXES else folder / PACK_FILE
            problems.setdefault(place.resolve(), []).append(problem)
        return cls({rule.place.path.resolve(): rule for rule in rules}, problems, tuple(packs))


_PACKS = pytest.StashKey[dict[Path, _PackFiles]]()
_TABLES = pytest.StashKey[TableSet]()


def open_tables(config: pytest.Config) -> None:
    """Open the tables that the rules of this run look into."""
    folder = config.getoption(TABLES)
    try:
        config.stash[_TABLES] = TableSet.open(Path(config.invocation_params.dir, folder) if folder else None)
    except ScrubberError as error:
        raise pytest.UsageError(f"--scrubber-tables {error}") from None


def _pack_files(config: pytest.Config, folder: Path) -> _PackFiles:
    packs = config.stash.setdefault(_PACKS, {})
    if folder not in packs:
        packs[folder] = _PackFiles.of(folder, config.stash[_TABLES])
    return packs[folder]


class RuleFile(pytest.File):
    """A file of a pack: its mistakes, and the examples of its rule."""

    pack: Path

    @classmethod
    def of(cls, path: Path, parent: pytest.Collector, pack: Path) -> Self:
        made: Self = cls.from_parent(parent, path=path)
        made.pack = pack
        return made

    def collect(self) -> Iterator[pytest.Item]:
        try:
            files = _pack_files(self.config, self.pack)
        except ScrubberError as error:  # a package of checks that cannot be used
            raise self.CollectError(str(error)) from None
        path = self.path.resolve()
        for problem in files.problems.get(path, ()):
            yield Mistake.of(self, problem)
        if path == (self.pack / OVERRIDES_FILE).resolve():
            for pack in files.packs:
                for override in () if pack.brought else pack.overrides:
                    for test in override.tests:
                        yield OverrideExample.of(self, files.packs, override, test)
        rule = files.rules.get(path)
        if rule is None or rule.status == "retired":
            return
        for test in rule.tests:
            yield Example.of(self, rule, test)
        if self.config.getoption(MUTANTS):
            yield Conditions.of(self, rule)


class _RuleItem(pytest.Item):
    line: int

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, RuleTrouble):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, self.name


class Mistake(_RuleItem):
    """A mistake of a file, which always fails."""

    problem: RuleProblem

    @classmethod
    def of(cls, parent: RuleFile, problem: RuleProblem) -> Self:
        made: Self = cls.from_parent(parent, name=f"{problem.id} in line {problem.line}")
        made.problem, made.line = problem, problem.line
        return made

    def runtest(self) -> None:
        raise RuleTrouble(str(self.problem))


class Example(_RuleItem):
    """One example of a rule."""

    rule: Rule
    test: RuleTest

    @classmethod
    def of(cls, parent: RuleFile, rule: Rule, test: RuleTest) -> Self:
        made: Self = cls.from_parent(parent, name=test.name)
        made.rule, made.test, made.line = rule, test, test.place.line
        return made

    def runtest(self) -> None:
        tables = self.config.stash[_TABLES]
        for result in run_rule_tests([attrs.evolve(self.rule, tests=(self.test,))], tables):
            if result.passed:
                continue
            _skip_without_tables(self.rule, tables)
            raise RuleTrouble(f"{self.test.place.path}:{self.line}: {self.rule.id}: {result.trouble}")


class OverrideExample(_RuleItem):
    """One example of an override, with all layers in place."""

    packs: tuple[Pack, ...]
    override: Override
    test: RuleTest

    @classmethod
    def of(cls, parent: RuleFile, packs: tuple[Pack, ...], override: Override, test: RuleTest) -> Self:
        made: Self = cls.from_parent(parent, name=f"{override.rule} {test.name}")
        made.packs, made.override, made.test, made.line = packs, override, test, test.place.line
        return made

    def runtest(self) -> None:
        tables = self.config.stash[_TABLES]
        for result in run_override_tests(self.packs, tables, {self.override.rule}):
            if result.test.place == self.test.place and not result.passed:
                _skip_without_tables(result.rule, tables)
                raise RuleTrouble(f"{self.test.place.path}:{self.line}: {self.override.rule}: {result.trouble}")


class Conditions(_RuleItem):
    """Whether the examples of a rule prove each of its conditions."""

    rule: Rule

    @classmethod
    def of(cls, parent: RuleFile, rule: Rule) -> Self:
        made: Self = cls.from_parent(parent, name=CONDITIONS)
        made.rule, made.line = rule, rule.place.line
        return made

    def runtest(self) -> None:
        proof = prove_rule(self.rule, self.config.stash[_TABLES])
        if not proof.asked:
            _skip_without_tables(self.rule, self.config.stash[_TABLES])
            pytest.skip("an example does not pass.")
        told = [f"{one.place}: {one.message} {one.hint}" for one in proof.unproven if one.kind == "condition"]
        if told:
            raise RuleTrouble("\n".join(told))


def _skip_without_tables(rule: Rule, tables: TableSet) -> None:
    missing = [name for name in rule.tables if name not in tables]
    if missing:
        pytest.skip(f"table {', '.join(missing)} is not loaded.")
