"""The examples of a rule file, which are its tests: a claim in shorthand and what the rule must say of it."""

from __future__ import annotations

import re
from typing import get_args

import yaml

from scrubber.findings import Severity
from scrubber.rules import keys
from scrubber.rules.model import RuleTest
from scrubber.rules.yaml_source import YamlSource

_OUTCOMES = ("fired", "clear", "excused", "not_evaluated", "not_checked")
_PLACE = re.compile(r"claim|(line|diagnosis) [1-9][0-9]*")


def read_tests(source: YamlSource, node: yaml.Node) -> tuple[RuleTest, ...]:
    """The tests of a rule. Whether their claims can be read, `scrubber.testing` tells, which knows the shorthand."""
    items = source.items(node, "tests")
    found = [test for item in items if (test := _test(source, item)) is not None]
    one_sided = not any(test.fires_at for test in found) or all(test.fires_at for test in found)
    if one_sided and len(found) == len(items):
        source.note(node, "RL014", "a rule needs a test that fires and one that does not.",
                    "Add the missing one under `tests:`.")  # fmt: skip
    return tuple(found)


def read_override_tests(source: YamlSource, node: yaml.Node) -> tuple[RuleTest, ...]:
    """The tests of an override: what the rule says once the override holds."""
    return tuple(test for item in source.items(node, "tests") if (test := _test(source, item)) is not None)


def _test(source: YamlSource, item: yaml.Node) -> RuleTest | None:
    entries = source.record(item, "a test", keys.TEST, ("name", "claim"))
    if not entries or "claim" not in entries or "name" not in entries:
        return None
    plain = source.plain(entries["claim"][1])
    if not isinstance(plain, dict):
        source.note(entries["claim"][1], "RL004", "claim must be a mapping, such as {dos: 2026-03-01}.")
        return None
    small = source.plain(entries["tables"][1]) if "tables" in entries else {}
    if not isinstance(small, dict):
        source.note(entries["tables"][1], "RL004", "tables must be a mapping of tables to lists of rows.")
        return None
    severity = outcome = None
    if "severity" in entries:
        severity = source.choice(entries["severity"][1], "severity", get_args(Severity))
    if "outcome" in entries:
        outcome = source.choice(entries["outcome"][1], "outcome", _OUTCOMES)
    return RuleTest(
        name=source.text(entries["name"][1], "name") or "",
        claim=plain,
        fires_at=_places(source, entries["fires_at"][1]) if "fires_at" in entries else (),
        severity=severity,  # type: ignore[arg-type]
        outcome=outcome,  # type: ignore[arg-type]
        says=source.texts(entries["says"][1], "says") if "says" in entries else (),
        tables=small,
        place=source.place(item),
    )


def _places(source: YamlSource, node: yaml.Node) -> tuple[str, ...]:
    places: list[str] = []
    for item in source.items(node, "fires_at"):
        place = " ".join((source.text(item, "an item of fires_at") or "claim").split())
        if not _PLACE.fullmatch(place):
            source.note(item, "RL011", f"fires_at cannot be {place!r}.", "Write `line 2`, `diagnosis 1` or `claim`.")
        places.append(place)
    return tuple(places)
