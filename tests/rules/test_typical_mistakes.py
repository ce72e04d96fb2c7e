"""Mistakes of people who know billing and have never written YAML: each is told once, at its line, with its mend.

Every case takes a good rule and makes one plain edit of its text.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.rules.lint import lint_rules
from scrubber.rules.lint.fix import mend_file
from scrubber.rules.loader import read_packs
from scrubber.tables import TableSet
from scrubber.testing import unreadable_examples

GOOD = """\
id: ACM101
name: knee-visit-without-modifier
title: A visit on the day of a knee injection has no modifier 25
status: stable
for_each: procedure line as visit
effective: {from: 2024-01-01}
params:
  visits: ["99212-99215"]
look_up:
  row: {table: icd10cm, match: {code: $claim.form}}
when:
  - visit.procedure: {is_one_of: $params.visits}
  - visit.service_date: {on_or_after: 2024-01-01}
  - visit.units: {at_least: 1}
  - row.found: {is: false}
  - any_of:
      - visit.modifiers: {is_blank: true}
      - visit.modifiers: {includes_none: ["25", "57"]}
unless:
  - claim.place_of_service: {is_one_of: ["23"]}
severity: warning
risk: 0.6
disposition: line_denial
owner: coder
adjustment: {group: CO, carc: ["97"], rarc: [M15]}
field: visit.modifiers
codes: [visit.procedure]
message: "Line {visit.position}: {visit.procedure} has no modifier 25."
why: >
  The payer takes a visit on the day of a procedure for a part of it, unless modifier 25 says otherwise.
fix: {text: "Add modifier 25 if the record shows a visit of its own."}
references:
  - {title: "Acme Health, Provider Manual 2024, chapter 7", url: "https://example.com/manual"}
tests:
  - name: a bare visit
    claim: {dos: 2024-03-01, lines: ["99213"]}
    fires_at: [line 1]
  - name: a visit with modifier 25
    claim: {dos: 2024-03-01, lines: ["99213-25"]}
    fires_at: []
  - {name: the last day before the rule, claim: {dos: 2023-12-31, lines: ["99213"]}, fires_at: []}
  - {name: the first day of the rule, claim: {dos: 2024-01-01, lines: ["99213"]}, fires_at: [line 1]}
"""


def problems_of(
    text: str | bytes, tmp_path: Path, tables: TableSet, name: str = "ACM101.yaml"
) -> list[tuple[int, str]]:
    """The line of each problem, and what is said of it."""
    (tmp_path / "pack.yaml").write_text('name: acme\nversion: "1"\ntitle: Acme Health\n', encoding="utf-8")
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    packs, problems = read_packs([tmp_path], tables)
    problems += lint_rules(packs, complete=not problems)
    problems += unreadable_examples(rule for pack in packs for rule in pack.rules)
    return [(problem.line, f"{problem.id} {problem.message} {problem.hint}".strip()) for problem in problems]


def test_the_rule_itself_is_good(tmp_path: Path, shipped_tables: TableSet) -> None:
    assert problems_of(GOOD, tmp_path, shipped_tables) == []


MISTAKES = {
    # YAML itself
    "no space after a colon": (
        "id: ACM101",
        "id:ACM101",
        "id:",
        "RL001 a space is missing after the colon. Write `id: ACM101`.",
    ),
    "no space after a colon, in the middle": ("status: stable", "status:stable", "status:", "Write `status: stable`."),
    "no space after a colon, in braces": (
        "{at_least: 1}",
        "{at_least:1}",
        "at_least",
        "a space is missing after the colon. Write `at_least: 1`.",
    ),
    "no space after a colon, before a list": (
        "{includes_none: [",
        "{includes_none:[",
        "includes_none",
        "a space is missing after the colon. Write `includes_none: [",
    ),
    "no dash, and one below": (
        "  - visit.procedure: {is_one_of",
        "  visit.procedure: {is_one_of",
        "visit.procedure",
        "a dash is missing at the beginning of this line. Write `- visit.procedure",
    ),
    "a non-breaking space behind a colon": (
        "status: stable",
        "status:\u00a0stable",
        "status",
        "a non-breaking space stands here",
    ),
    "non-breaking spaces before a dash": (
        "  - visit.units",
        "\u00a0\u00a0- visit.units",
        "visit.units",
        "a non-breaking space stands here",
    ),
    "a conflict of git": ("status: stable", "<<<<<<< HEAD\nstatus: stable", "<<<<<<<", "git left a conflict"),
    "two rules in a file": (
        "status: stable",
        "status: stable\n---\nid: ACM102",
        "---",
        "a second document begins here",
    ),
    "a mapping for a key of a look-up": (
        "match: {code: $claim.form}",
        "m, {code: $claim.form}",
        "row:",
        "lacks the key 'match'",
    ),
    "ids of payers in a rule": (
        "effective:",
        "applies_to: {payer_ids: [ACME1]}\neffective:",
        "payer_ids",
        "Write it under `applies_to` in the pack.yaml of a layer",
    ),
    "a constant in a message": ("has no modifier 25.", "has none of {params.visits}.", "message", "its value"),
    "no space after a dash": (
        "  - visit.units",
        "  -visit.units",
        "-visit.units",
        "a space is missing after the dash.",
    ),
    "no dash, indented": (
        "  - visit.units",
        "    visit.units",
        "visit.units",
        "'visit.units' has no dash of its own. Begin each",
    ),
    "no dash": ("  - visit.units", "  visit.units", "visit.units", "a dash is missing"),
    "a dash too far right": (
        "  - visit.units",
        "   - visit.units",
        "visit.units",
        "dashes of one list stand below each other",
    ),
    "a key too far right": ("risk: 0.6", " risk: 0.6", "risk", "this line is indented further"),
    "a tab": ("  - visit.units", "\t- visit.units", "visit.units", "Indent with spaces"),
    "a curly quote at one end": (
        'message: "Line',
        "message: “Line",
        "message",
        "the quotes of this text are typographic ones",
    ),
    "curly quotes": (
        '"Line {visit.position}: {visit.procedure} has no modifier 25."',
        "“Line {visit.position}, {visit.procedure} has no modifier 25.”",
        "message",
        "RL018 the quotes of message are typographic ones. Write straight quotes",
    ),
    "curly quotes around codes": ('["25", "57"]', '["25", “57”]', "includes_none", "RL018"),
    "a quote that is not closed": (
        'modifier 25."',
        "modifier 25.",
        "message",
        "the quote that opens here is never closed",
    ),
    "a bracket that is not closed": ('["25", "57"]', '["25", "57"', "includes_none", "[ is closed by }. Write ] here."),
    "no comma": ('["25", "57"]', '["25" "57"]', "includes_none", "a comma is missing"),
    "a text that begins with a placeholder": (
        '"Line {visit.position}: {visit.procedure} has no modifier 25."',
        "{visit.procedure} has no modifier 25.",
        "message",
        "must stand in quotes",
    ),
    "a colon in a text": ("title: A visit", "title: Visits: a visit", "title", "a colon stands inside a text"),
    "an apostrophe in single quotes": ('"Add modifier', "'Add the payer's modifier", "fix", "inside it write '' for '"),
    # words and names
    "a sign for a word": ("at_least", ">=", ">=", "Did you mean 'at_least'?"),
    "a comparison for a condition": ("{at_least: 1}", ">= 1", "visit.units", "Write `visit.units: {at_least: 1}`."),
    "a formula for a condition": (
        "visit.units: {at_least: 1}",
        "visit.units >= 1",
        "visit.units",
        "Write `visit.units: {at_least: 1}`.",
    ),
    "a value without a word": (
        "visit.units: {at_least: 1}",
        "visit.units: 1",
        "visit.units",
        "Write `visit.units: {is: 1}`.",
    ),
    "a list without a word": (
        '{is_one_of: ["23"]}',
        '["23"]',
        "place_of_service",
        'Write `claim.place_of_service: {is_one_of: ["23"]}`.',
    ),
    "equals": ("at_least", "equals", "equals", "Did you mean 'is'?"),
    "not_in": ("includes_none", "not_in", "not_in", "Did you mean 'includes_none'?"),
    "in": ('{is_one_of: ["23"]}', '{in: ["23"]}', "{in:", "Did you mean 'is_one_of'?"),
    "between": ("{at_least: 1}", "{between: [1, 3]}", "between", "one with 'at_least' and one with 'at_most'"),
    "more_than for a date": ("on_or_after", "more_than", "more_than", "Did you mean 'after'?"),
    "or": ("any_of:", "or:", "or:", "Did you mean 'any_of'?"),
    "two words in one condition": ("{at_least: 1}", "{at_least: 1, at_most: 3}", "at_most", "one word per condition"),
    "a field without its scope": ("visit.units: {", "units: {", "- units", "Write visit.units."),
    "cpt": ("visit.procedure: {", "visit.cpt: {", "visit.cpt", "Did you mean 'procedure'?"),
    "the scope under another name": ("visit.units: {", "line.units: {", "line.units", "'line'"),
    "a param without its dollar": ("$params.visits", "params.visits", "params.visits", "Write $params.visits."),
    "a severity by another name": ("severity: warning", "severity: high", "high", "Did you mean 'error'?"),
    "a key by another name": ("unless:", "except:", "except", "Did you mean 'unless'?"),
    "an unknown value set": ("$params.visits", "$value_sets.emm", "emm", "Did you mean 'em'?"),
    # values
    "an American date": ("{on_or_after: 2024-01-01}", "{on_or_after: 10/13/2024}", "10/13", "Write it as 2024-10-13."),
    "an American date that may be another": (
        "{on_or_after: 2024-01-01}",
        "{on_or_after: 10/01/2024}",
        "10/01",
        "Write it as 2024-10-01, if Oct 1 is meant.",
    ),
    "digits as a date": ("{from: 2024-01-01}", "{from: 20240101}", "20240101", "Write it as 2024-01-01."),
    "an American date in an example": (
        'dos: 2024-03-01, lines: ["99213"]',
        'dos: 3/1/2024, lines: ["99213"]',
        "name: a bare visit",
        "Write it as 2024-03-01",
    ),
    "yes": ("is_blank: true", "is_blank: yes", "yes", "Write true."),
    "TRUE": ("is_blank: true", "is_blank: TRUE", "TRUE", "Write true."),
    "a percentage": ("risk: 0.6", "risk: 60%", "60%", "Write 0.6."),
    "a comma in a number": ("{at_least: 1}", '{at_least: "1,000"}', "1,000", "Write 1000."),
    "blanks in a range": ('"99212-99215"', '"99212 - 99215"', "99212", "Write it without spaces: 99212-99215."),
    "group and reason in one": ('carc: ["97"]', "carc: [CO-97]", "CO-97", "Write the number alone"),
    "an id in small letters": ("id: ACM101", "id: acm-101", "id:", "Write ACM101."),
    "a name in capitals": ("name: knee", "name: Knee", "name:", "Write knee-visit-without-modifier."),
    # codes
    "two modifiers in one text": ('["25", "57"]', '["25, 57"]', "includes_none", 'Write them apart: ["25", "57"].'),
    "a modifier in small letters": ('["25", "57"]', '["25", xs]', "includes_none", 'Write "XS".'),
    "a code of six digits": ('["99212-99215"]', '["992120"]', "visits:", "it is five capital letters or digits"),
    "the dash of a word processor": ("99212-99215", "99212\u201399215", "visits:", 'Write "99212-99215".'),
    "a zero that a spreadsheet took": ('["23"]', "[2]", "place_of_service", 'Did you mean "02"?'),
    "a code without quotes": ('["23"]', "[23]", "place_of_service", 'Write "23".'),
    # conditions
    "conditions that cannot hold together": (
        "visit.units: {at_least: 1}",
        "visit.units: {less_than: 1}\n  - visit.units: {more_than: 5}",
        "more_than",
        "RL026",
    ),
    "a condition twice": (
        "  - visit.units: {at_least: 1}",
        "  - visit.units: {at_least: 1}\n  - visit.units: {at_least: 1}",
        "at_least",
        "stands twice",
    ),
    # parts
    "another name for lines": (
        "for_each: procedure line as visit",
        "for_each: service line as visit",
        "for_each",
        "Did you mean 'line'?",
    ),
    "no clean example": (
        """    fires_at: []
  - {name: the last day before the rule, claim: {dos: 2023-12-31, lines: ["99213"]}, fires_at: []}
""",
        "    fires_at: [line 1]\n",
        "- name: a bare visit",
        "one that does not",
    ),
    "a key is missing": ("owner: coder\n", "", "id:", "lacks the key 'owner'"),
    "a key twice": ("owner: coder", "owner: coder\nowner: biller", "owner: biller", "stands twice"),
    "a modifier behind a blank": (
        '"99213-25"',
        '"99213 25"',
        "name: a visit with modifier 25",
        "'25' is not understood. Write 99213-25, if it is a modifier. Units are x25.",
    ),
    "a field in the singular": (
        "field: visit.modifiers",
        "field: visit.modifier",
        "visit.modifier",
        "Did you mean 'modifiers'?",
    ),
}
"""What is done to the rule, by name: the old text, the new one, what the line named holds, what is said."""


@pytest.mark.parametrize(("old", "new", "at", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_typical_mistake(tmp_path: Path, shipped_tables: TableSet, old: str, new: str, at: str, told: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    found = problems_of(text, tmp_path, shipped_tables)
    assert len(found) == 1, found
    line, sentence = found[0]
    assert told in sentence
    assert at in text.splitlines()[line - 1], sentence


def test_a_word_that_is_not_indented(tmp_path: Path, shipped_tables: TableSet) -> None:
    text = GOOD.replace("  - visit.units: {at_least: 1}", "  - visit.units:\n    at_least: 1")
    told = "RL004 'at_least' stands beside 'visit.units', not below it. Indent 'at_least' further"
    ((line, sentence),) = problems_of(text, tmp_path, shipped_tables)
    assert line == text[: text.index("at_least")].count("\n") + 1
    assert told in sentence


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (GOOD.encode("utf-16"), (1, "saved as UTF-16")),
        (GOOD.replace("payer takes", "payer\u2019s").encode("cp1252"), (30, "Windows encoding")),
        (b"PK\x03\x04\x14\x00\x06\x00\x99", (1, "document of Word or Excel")),
    ],
    ids=["UTF-16", "Windows", "Word"],
)
def test_a_file_of_another_encoding(
    tmp_path: Path, shipped_tables: TableSet, data: bytes, told: tuple[int, str]
) -> None:
    ((line, sentence),) = problems_of(data, tmp_path, shipped_tables)
    assert line == told[0]
    assert told[1] in sentence


@pytest.mark.parametrize("name", ["ACM101.yml", "ACM101.yaml.txt"])
def test_a_file_of_another_ending(tmp_path: Path, shipped_tables: TableSet, name: str) -> None:
    ((_, sentence),) = problems_of(GOOD, tmp_path, shipped_tables, name)
    assert "RL010" in sentence
    assert "Rename it to ACM101.yaml." in sentence


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistake(tmp_path: Path, shipped_tables: TableSet) -> None:
    text = GOOD.replace("\n", "\r\n").encode("utf-8-sig")
    assert problems_of(text, tmp_path, shipped_tables) == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lint_and_fix_never_fail_on_a_damaged_rule(
    tmp_path: Path, shipped_tables: TableSet, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, min(len(GOOD), start + 12)))
    text = GOOD[:start] + data.draw(st.text("{}[]:,- \n'\"ab$.#<>\u201c\u2013\t", max_size=6)) + GOOD[end:]
    (tmp_path / "pack.yaml").write_text('name: acme\nversion: "1"\ntitle: Acme Health\n', encoding="utf-8")
    path = tmp_path / "ACM101.yaml"
    path.write_text(text, encoding="utf-8")
    packs, problems = read_packs([tmp_path], shipped_tables)
    problems += lint_rules(packs, complete=not problems)
    lines = text.split("\n")
    for problem in problems:
        if problem.path == path:
            assert 1 <= problem.line <= len(lines)
    mend_file(path, [one for one in problems if one.path == path], shipped_tables)
