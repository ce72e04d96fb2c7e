"""Mistakes in groups, pairs, look-ups and overrides: one mistake is told once, with its own mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.rules.loader import read_packs
from scrubber.tables import TableSet

from .layer_packs import setting, write_layer, write_national
from .test_typical_mistakes import problems_of

UNITS = """\
id: ACM102
name: units-a-day
title: More therapy units on one day than are paid
status: stable
for_each: procedure lines as day
group_by: [service_date]
effective: {from: 2026-01-01}
members:
  - line.procedure: {is_one_of: ["97110", "97140"]}
params:
  most: {2026-01-01: 4, 2026-07-01: 6}
when:
  - day.units: {more_than: $params.most}
severity: warning
risk: 0.6
disposition: line_denial
owner: biller
adjustment: {group: CO, carc: ["151"], rarc: [N362]}
message: "Lines {day.positions}: {day.units} units on {day.service_date}."
why: The payer pays so many a day.
fix: {text: "Check the units."}
references:
  - {title: "Acme Health, Provider Manual 2026, chapter 3"}
tests:
  - {name: five, claim: {dos: 2026-01-01, lines: ["97110 x5"]}, fires_at: [line 1]}
  - {name: before the rule, claim: {dos: 2025-12-31, lines: ["97110 x5"]}, fires_at: []}
  - {name: five in June, claim: {dos: 2026-06-30, lines: ["97110 x5"]}, fires_at: [line 1]}
  - {name: five in July, claim: {dos: 2026-07-01, lines: ["97110 x5"]}, fires_at: []}
"""
INFUSION = """\
id: ACM103
name: infusion-in-a-facility
title: An infusion in a facility beside a visit
status: stable
for_each: procedure line as infusion
pair_with: procedure line as visit
look_up:
  place: {table: place_of_service, match: {code: $infusion.place_of_service}}
when:
  - infusion.procedure: {is_one_of: ["96365-96368"]}
  - visit.procedure: {is_one_of: ["99202-99215"]}
  - visit.modifiers: {includes_none: ["25"]}
  - place.facility: {is: true}
report: {once_per: [infusion.position]}
severity: warning
risk: 0.6
disposition: line_denial
owner: biller
adjustment: {group: CO, carc: ["5"], rarc: [M77]}
message: "Line {infusion.position}: {place.title} beside line {visit.position}."
why: The payer pays infusions in the office only.
fix: {text: "Check the place of service."}
references:
  - {title: "Acme Health, Provider Manual 2026, chapter 4"}
tests:
  - {name: hospital, claim: {lines: ["96365 pos=22", "99213"]}, fires_at: [line 1]}
  - {name: office, claim: {lines: ["96365", "99213"]}, fires_at: []}
"""
MISTAKES = {
    "one line in place of several": (UNITS, "procedure lines as", "procedure line as", "group_by:",
        "RL003 group_by is about groups of lines. Write `for_each: procedure lines as day`"),
    "an unknown field to group by": (UNITS, "[service_date]", "[dos]", "group_by:", "Did you mean 'service_date'?"),
    "a param without its dollar": (UNITS, "$params.most", "most", "more_than", "Write $params.most."),
    "a day that does not exist": (UNITS, "2026-07-01: 6", "2026-06-31: 6", "2026-06-31", "Jun 2026 has 30 days."),
    "an end that is none": (UNITS, "{from: 2026-01-01}", "{from: 2026-01-01, to: none}", "none", "leave the key out"),
    "a date in place of a window": (UNITS, "{from: 2026-01-01}", "2026-01-01", "effective",
        "Write `effective: {from: 2026-01-01}`."),
    "a wild card": (UNITS, '"97110", "97140"', '"9711*"', "is_one_of", 'Write a range: "97110-97119".'),
    "a placeholder without its name": (UNITS, "{day.units}", "{units}", "message", "Write day.units."),
    "units at the code": (UNITS, '"97110 x5"', '"97110x5"', "97110x5", "Write 97110 x5."),
    "units without their x": (UNITS, '"97110 x5"', '"97110 5"', "97110 5", "Write the units as x5"),
    "a modifier at the code": (INFUSION, '"99213"]', '"99213GT"]', "99213GT", "Write 99213-GT."),
    "no name for the second of a pair": (INFUSION, "line as visit", "line", "- visit.procedure",
        "no name of this rule is called 'visit'"),
    "a word that denies": (INFUSION, "includes_none", "not_includes", "not_includes", "Did you mean 'includes_none'?"),
    "not before a condition": (INFUSION, "visit.modifiers: {includes_none", "not visit.modifiers: {includes_any",
        "not visit", 'Write `visit.modifiers: {includes_none: ["25"]}`.'),
    "an item in place of a field": (INFUSION, "[infusion.position]", "infusion", "once_per",
        "Name one of its fields, such as infusion.position."),
    "a range in words": (INFUSION, "96365-96368", "96365 to 96368", "96365", 'Write a range: "96365-96368".'),
    "a letter O in a range": (INFUSION, "96365-96368", "9636O-96368", "9636O", "Did you mean 96360-96368"),
    "a range from high to low": (INFUSION, "96365-96368", "96368-96365", "96368-96365", "first: 96365-96368."),
    "a code with its modifier": (INFUSION, "96365-96368", "96365-LT", "96365-LT", "are two conditions"),
    "a table by half its name": (INFUSION, "place_of_service, match", "places, match", "table",
        "Did you mean 'place_of_service'?"),
    "a key that the table lacks": (INFUSION, "{code: $", "{pos: $", "match", "'pos' is no key of place_of_service."),
    "a key of a table without its dollar": (INFUSION, "$infusion.place_of_service", "infusion.place_of_service",
        "match", "Write $infusion.place_of_service."),
    "a key of a table without match": (INFUSION, "match: {code: $infusion.place_of_service}}",
        "code: $infusion.place_of_service}", "place:", "Write `match: {code: $infusion.place_of_service}`."),
    "a mistyped look_up": (INFUSION, "look_up:", "lookup:", "lookup", "Did you mean 'look_up'?"),
    "a flag without its word": (INFUSION, "facility: {is: true}", "facility: true", "facility: true",
        "Write `place.facility: {is: true}`."),
    "a flag in words": (INFUSION, "{is: true}", '{is: "yes"}', "facility", "'place.facility is' must be true or false"),
}  # fmt: skip
"""A good rule, the old text, the new one, what the line named holds, what is said."""


@pytest.mark.parametrize("good", [UNITS, INFUSION], ids=["units", "infusion"])
def test_the_rules_themselves_are_good(tmp_path: Path, shipped_tables: TableSet, good: str) -> None:
    assert problems_of(good, tmp_path, shipped_tables, f"{good[4:10]}.yaml") == []


@pytest.mark.parametrize(("good", "old", "new", "at", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_once_with_its_mend(
    tmp_path: Path, shipped_tables: TableSet, good: str, old: str, new: str, at: str, told: str
) -> None:
    assert old in good
    text = good.replace(old, new, 1)
    ((line, sentence),) = problems_of(text, tmp_path, shipped_tables, f"{good[4:10]}.yaml")
    assert told in sentence
    assert at in text.splitlines()[line - 1], sentence


OVERRIDES = {
    "a window of a rule": ("from: 2026-01-01", "effective: {from: 2026-01-01}", "Write `from` and `to` in its place."),
    "another word for to": ("from: 2026-01-01", "from: 2026-01-01\n    until: 2026-12-31", "Did you mean 'to'?"),
    "a setting beside set": ("set: {severity: info}", "severity: info", "Write it below `set`: `set: {severity: …}`."),
    "no head": ("overrides:\n", "", "Begin the file with a line `overrides:`."),
}


@pytest.mark.parametrize(("old", "new", "told"), OVERRIDES.values(), ids=OVERRIDES)
def test_a_mistake_in_an_override_is_told_once(
    tmp_path: Path, shipped_tables: TableSet, old: str, new: str, told: str
) -> None:
    write_national(tmp_path)
    good = setting("{severity: info}")
    assert old in good
    layer = write_layer(tmp_path, good.replace(old, new))
    (problem,) = read_packs([layer], shipped_tables)[1]
    assert told in problem.hint


@pytest.mark.parametrize(("over", "level"), [("[bse]", "payer"), ("[base]", "insurer")], ids=["over", "level"])
def test_a_mistake_of_the_layer_is_not_told_again_of_its_overrides(
    tmp_path: Path, shipped_tables: TableSet, over: str, level: str
) -> None:
    write_national(tmp_path)
    layer = write_layer(tmp_path, setting("{severity: info}"), over=over, level=level)
    (problem,) = read_packs([layer], shipped_tables)[1]
    assert problem.path == layer / "pack.yaml"
