"""Every check that a rule may name: those that are shipped, and those that installed packages bring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import attrs

from scrubber.checks.builtin import FINDERS, PREDICATES
from scrubber.checks.contract import Finder, Predicate
from scrubber.checks.guard import guarded_finder, guarded_predicate
from scrubber.checks.plugins import PluginCheck, plugin_checks
from scrubber.errors import RuleError


@attrs.frozen
class Checks:
    """Checks by name."""

    predicates: Mapping[str, Predicate]
    finders: Mapping[str, Finder]


@cache
def known_checks() -> Checks:
    """All checks. Packages are asked once, when the first pack is loaded.

    Raises:
        RuleError: a package brings a check that cannot be used, or one whose name is taken.
    """
    return merged(plugin_checks())


def merged(plugins: tuple[PluginCheck, ...]) -> Checks:
    """The shipped checks and those of packages; a predicate and a finder may not share a name either."""
    predicates, finders = dict(PREDICATES), dict(FINDERS)
    brought_by = dict.fromkeys([*predicates, *finders], "claim-scrubber")
    for plugin in plugins:
        check = plugin.check
        if check.name in brought_by:
            raise RuleError(
                f"the check {check.name!r} is one of {brought_by[check.name]} already.",
                where=plugin.package,
                hint="Two checks may not share a name; rename one, or uninstall one of the packages.",
            )
        brought_by[check.name] = plugin.package
        if isinstance(check, Predicate):
            predicates[check.name] = guarded_predicate(check)
        else:
            finders[check.name] = guarded_finder(check)
    return Checks(MappingProxyType(predicates), MappingProxyType(finders))
