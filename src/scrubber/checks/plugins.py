"""Checks that installed packages bring under the entry point `scrubber.checks`: found, loaded and looked over.

The name of the entry point is the prefix of the names of its checks, so that two packages do not meet by accident:

    [project.entry-points."scrubber.checks"]
    acme = "acme_checks:CHECKS"          # acme_member_number, acme_week, …
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from scrubber.checks.contract import Finder, Predicate
from scrubber.errors import RuleError
from scrubber.fields import FieldType, ScopeKind

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "scrubber.checks"

_PREFIX = re.compile(r"[a-z][a-z0-9]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TESTED_BY_WORDS = frozenset(FieldType) - {FieldType.DATE, FieldType.FLAG, FieldType.OBJECT, FieldType.OBJECTS}
"""Types that `passes` and `fails` take."""


@attrs.frozen
class PluginCheck:
    """A check and the package that brings it ("acme-checks 1.0")."""

    package: str
    check: Predicate | Finder


def plugin_checks() -> tuple[PluginCheck, ...]:
    """The checks of all installed packages.

    Raises:
        RuleError: one of them cannot be used; the error names the package and what is wrong.
    """
    from importlib.metadata import entry_points  # not needed before a pack is loaded

    found = sorted(entry_points(group=GROUP), key=lambda point: (_package(point), point.name))
    return tuple(PluginCheck(_package(point), check) for point in found for check in _checks_of(point))


def _package(point: EntryPoint) -> str:
    distribution = point.dist
    return f"{distribution.name} {distribution.version}" if distribution is not None else point.value


def _checks_of(point: EntryPoint) -> Iterator[Predicate | Finder]:
    package = _package(point)

    def refuse(message: str, hint: str) -> RuleError:
        return RuleError(message, where=f"{package}, entry point {point.name!r}", hint=hint)

    if not _PREFIX.fullmatch(point.name):
        raise refuse(
            "the name of the entry point cannot be the prefix of its checks.",
            'Use lower-case letters and digits, such as acme = "acme_checks:CHECKS".',
        )
    for check in _listed(_loaded(point, refuse)):
        if not isinstance(check, (Predicate, Finder)):
            kind = f"the class {check.__name__}" if isinstance(check, type) else f"a {type(check).__name__}"
            raise refuse(f"{point.value} gives {kind}, not a check.", "Give a Predicate, a Finder, or a list of them.")
        if fault := next(_faults(check, point.name), None):
            raise refuse(f"the check {check.name!r} cannot be used: {fault}.", "See the page on named checks.")
        yield check


def _loaded(point: EntryPoint, refuse: Callable[[str, str], RuleError]) -> Any:
    try:
        return point.load()
    except (Exception, SystemExit) as error:  # whatever the module does when it is imported
        raise refuse(
            f"{point.value} cannot be imported ({type(error).__name__}: {error}).",
            "Mend or uninstall the package.",
        ) from error


def _listed(given: Any) -> Iterable[Any]:
    return given if isinstance(given, (list, tuple)) else (given,)


def _faults(check: Any, prefix: str) -> Iterator[str]:
    """What is wrong with a check. Another package made it, so nothing about it is taken for granted."""
    if not isinstance(check.name, str) or not _NAME.fullmatch(check.name) or not check.name.startswith(f"{prefix}_"):
        yield f"its name must begin with {prefix}_, in lower-case letters, digits and _"
    if not isinstance(check.meaning, str) or not check.meaning.strip():
        yield "its meaning must be a sentence"
    yield from _faults_of_predicate(check) if isinstance(check, Predicate) else _faults_of_finder(check)


def _faults_of_predicate(check: Any) -> Iterator[str]:
    if not _are(check.takes, FieldType) or not check.takes <= _TESTED_BY_WORDS:
        yield f"takes must be a frozenset of some of {', '.join(sorted(_TESTED_BY_WORDS))}"
    if not callable(check.test):
        yield "test must be a function"


def _faults_of_finder(check: Any) -> Iterator[str]:
    if not _are(check.of, ScopeKind):
        yield f"of must be a frozenset of some of {', '.join(sorted(ScopeKind))}"
    if not isinstance(check.gives, Mapping) or not all(_is_column(*entry) for entry in check.gives.items()):
        yield "gives must map names of fields (lower-case, not `found`) to their FieldType"
    if not callable(check.find) or not (check.silent_on is None or callable(check.silent_on)):
        yield "find must be a function, and silent_on too where it is given"
    if not isinstance(check.tables, tuple) or not all(isinstance(table, str) for table in check.tables):
        yield "tables must be a tuple of names"
    if check.follows is not None:
        yield "follows is for the checks that are shipped"


def _are(given: Any, kind: type) -> bool:
    return isinstance(given, frozenset) and bool(given) and all(isinstance(one, kind) for one in given)


def _is_column(name: Any, type_: Any) -> bool:
    named = isinstance(name, str) and _NAME.fullmatch(name) is not None and name != "found"
    return named and isinstance(type_, FieldType)
