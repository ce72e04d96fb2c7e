"""Each lint on the smallest rule that shows it, and on one like it that must stay silent.

Every case takes a good rule and makes plain edits of its text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.rules.lint import LINTS, lint_rules
from scrubber.rules.loader import read_packs
from scrubber.tables import TableSet

GOOD = """\
id: ACM101
name: bare-visit
title: A visit has no modifier
status: stable
for_each: line
applies_to: {settings: [professional]}
params:
  marks:
    2024-01-01: ["25"]
    2025-01-01: ["25", "57"]
effective: {from: 2024-01-01}
when:
  - line.procedure: {is_one_of: ["99212-99215"]}
  - line.modifiers: {includes_none: $params.marks}
unless:
  - line.units: {more_than: 5}
severity: warning
risk: 0.6
disposition: line_denial
owner: coder
adjustment: {group: CO, carc: ["97"]}
field: line.modifiers
message: "Line {line.position} has no modifier."
why: The payer asks for it.
fix: {text: "Add it."}
references: [{title: "Acme Health, Provider Manual 2024, chapter 7"}]
tests:
  - {name: the day before, claim: {dos: 2023-12-31, lines: ["99213"]}, fires_at: []}
  - {name: the first day, claim: {dos: 2024-01-01, lines: ["99213"]}, fires_at: [line 1]}
  - {name: the last day without 57, claim: {dos: 2024-12-31, lines: ["99213-57"]}, fires_at: [line 1]}
  - {name: the first day of 57, claim: {dos: 2025-01-01, lines: ["99213-57"]}, fires_at: []}
"""
MORE = "  - line.modifiers: {includes_none: $params.marks}\n"
"""Behind this line a test adds conditions to `when`."""
CASES = "cases:\n  - when: [line.units: {is: 1}]\n  - {}\n"

Edits = tuple[tuple[str, str], ...]


def also(*conditions: str) -> Edits:
    """More conditions for `when`."""
    return ((MORE, MORE + "".join(f"  - {condition}\n" for condition in conditions)),)


def lint_of(folder: Path, tables: TableSet, *edits: Edits) -> list[tuple[str, str, str]]:
    """What lint says of files that differ from the good rule by some edits: id, the line of the file, sentence."""
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text('name: acme\nversion: "1"\ntitle: Acme Health\n', encoding="utf-8")
    for number, changes in enumerate(edits):
        text = GOOD
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / f"rule-{number}.yaml").write_text(text, encoding="utf-8")
    packs, problems = read_packs([folder], tables)
    assert problems == []
    found = lint_rules(packs)
    lines = {path: path.read_text("utf-8").splitlines() for path in {one.path for one in found}}
    return [(one.id, lines[one.path][one.line - 1], f"{one.message} {one.hint}") for one in found]


def test_the_rule_itself_is_good(tmp_path: Path, shipped_tables: TableSet) -> None:
    assert lint_of(tmp_path, shipped_tables, ()) == []


SHOWN: list[tuple[str, Edits, str, str]] = [
    ("RL019", also("line.modifiers: {includes_none: [59, XE]}"), "59", 'Write "59".'),
    ("RL019", (('carc: ["97"]', "carc: [97]"),), "carc", 'Write "97".'),
    ("RL019", also("claim.frequency: {is: 1E10}"), "1E10", 'Write "1E10".'),
    ("RL020", also("line.modifiers: {includes_any: [lt]}"), "lt", 'Write "LT".'),
    ("RL020", also('line.modifiers: {includes_any: ["25, 59"]}'), "25, 59", 'Write them apart: ["25", "59"].'),
    ("RL020", also('line.procedure: {is_not: "992130"}'), "992130", "five capital letters or digits"),
    ("RL020", also('line.procedure: {is_none_of: ["99202\u201399205"]}'), "99202", 'Write "99202-99205".'),
    ("RL020", also("claim.diagnosis_codes: {includes_any: [E11.9]}"), "E11.9", 'Write "E119".'),
    ("RL020", also('line.revenue_code: {is: "450"}'), "450", 'Did you mean "0450"?'),
    ("RL020", also('claim.place_of_service: {is: "2"}'), "place_of_service", 'Did you mean "02"?'),
    ("RL020", also("claim.patient.sex: {is: female}"), "female", "Did you mean 'F'?"),
    ("RL020", also("claim.payer.kind: {is: Medicare}"), "Medicare", "Did you mean 'medicare'?"),
    ("RL021", (("severity: warning\n", "severity: warning  \n"),), "severity", "Delete them."),
    (
        "RL023",
        (
            ("effective: {from: 2024-01-01}", "effective: {from: 2023-01-01}"),
            ("dos: 2023-12-31", "dos: 2022-12-31"),
            ('dos: 2024-01-01, lines: ["99213"]', 'dos: 2023-01-01, lines: ["99213"]'),
        ),
        "marks",
        "no value before 2024-01-01",
    ),
    (
        "RL024",
        (
            (
                '    2024-01-01: ["25"]\n    2025-01-01: ["25", "57"]\n',
                '    2025-01-01: ["25", "57"]\n    2024-01-01: ["25"]\n',
            ),
        ),
        "2024-01-01",
        "stands after 2025-01-01",
    ),
    ("RL024", (('2025-01-01: ["25", "57"]', '2025-01-01: ["25"]'),), "2025-01-01", "is the one of 2024-01-01"),
    ("RL025", (("dos: 2024-12-31", "dos: 2024-12-30"),), "2025-01-01", "no test is about 2024-12-31"),
    (
        "RL025",
        (("{from: 2024-01-01}", "{from: 2024-01-01, to: 2025-12-31}"),),
        "effective",
        "no test is about 2025-12-31 or 2026-01-01",
    ),
    (
        "RL026",
        also('line.procedure: {is: "99202"}'),
        "99202",
        "can never hold together with `line.procedure: is_one_of` in line 13",
    ),
    ("RL026", also("line.charge: {more_than: 5}", "line.charge: {less_than: 3}"), "less_than", "never hold together"),
    (
        "RL026",
        also("line.ndc: {is_blank: true}", 'line.ndc: {starts_with: ["0"]}'),
        "starts_with",
        "never hold together",
    ),
    (
        "RL026",
        also("line.service_date: {after: 2026-01-01}", "line.service_date: {on_or_before: 2026-01-01}"),
        "on_or_before",
        "never hold together",
    ),
    (
        "RL026",
        also("line.service_date: {before: $claim.statement_to}", "line.service_date: {after: $claim.statement_to}"),
        "after",
        "never hold together",
    ),
    (
        "RL026",
        also("line.modifiers: {includes_all: [LT, RT]}", "line.modifiers: {includes_none: [RT]}"),
        "includes_none: [RT]",
        "never hold together",
    ),
    ("RL026", also("claim.form: {is: institutional}"), "institutional", "never hold together with `applies_to`"),
    ("RL026", also("none_of: [line.unit: {is: UN}]", "line.unit: {is: UN}"), "- line.unit", "never hold together"),
    (
        "RL026",
        (("line.units: {more_than: 5}", 'line.procedure: {is_one_of: ["99212-99215"]}'),),
        "is_one_of",
        "excuses everything",
    ),
    ("RL027", also("line.charge: {more_than: 5}", "line.charge: {more_than: 5}"), "more_than: 5}", "stands twice"),
    ("RL027", also("line.charge: {more_than: 5}", "line.charge: {more_than: 3}"), "more_than: 3", "follows from"),
    (
        "RL027",
        also('line.procedure: {starts_with: ["992"]}'),
        "starts_with",
        "follows from `line.procedure: is_one_of`",
    ),
    ("RL027", also("claim.form: {is: professional}"), "professional", "follows from `applies_to`"),
    ("RL027", also("any_of: [line.ndc: {is_blank: true}, line.ndc: {is_blank: false}]"), "any_of", "always holds"),
    ("RL027", also("any_of: [line.charge: {more_than: 9}, line.charge: {at_most: 9}]"), "any_of", "always holds"),
    ("RL027", also('any_of: [line.tooth: {is_one_of: ["1", "2"]}, line.tooth: {is: "1"}]'), "any_of", "is a part of"),
    (
        "RL028",
        (("severity:", "cases:\n  - {}\n  - when: [line.units: {is: 1}]\nseverity:"),),
        "- when",
        "the one in line",
    ),
    (
        "RL028",
        (("severity:", "cases:\n  - when: [line.units: {at_least: 1}]\n  - when: [line.units: {is: 2}]\nseverity:"),),
        "is: 2",
        "never reached",
    ),
    ("RL029", (("line.units: {more_than: 5}", 'line.procedure: {is: "99205"}'),), "99205", "can never hold where"),
    (
        "RL032",
        (("severity: warning", "severity: error"), ("risk: 0.6", "risk: 0")),
        "risk",
        "an error that is never refused",
    ),
    ("RL032", (("severity: warning", "severity: info"),), "risk", "an info that is refused"),
    (
        "RL032",
        (("severity: warning", "severity: error"), ("line_denial", "advice")),
        "disposition",
        "an error whose disposition is advice",
    ),
    (
        "RL033",
        (("status: stable", "status: preview"), ("severity: warning", "severity: error")),
        "status",
        "a preview with the severity error",
    ),
    ("RL034", (("severity:", "hides: {line: [NCCI999]}\nseverity:"),), "NCCI999", "no rule or family"),
    ("RL034", (("severity:", "hides: {line: [ACM101]}\nseverity:"),), "ACM101", "cannot hide itself"),
    ("RL035", (('adjustment: {group: CO, carc: ["97"]}\n', ""),), "disposition", "names no reason code"),
    (
        "RL036",
        (("Acme Health, Provider Manual 2024, chapter 7", "Provider manual"),),
        "references",
        "nobody can look up 'Provider manual'",
    ),
    ("RL037", (('chapter 7"}', 'chapter 7", url: www.cms.gov/manual}'),), "url", "Write https://www.cms.gov/manual."),
    ("RL038", (("has no modifier.", "has no modifier"),), "message", "without a full stop"),
    ("RL038", (("has no modifier.", "has no modifier" + ", none at all" * 15 + "."),), "message", "200 are plenty"),
    ("RL038", (('"Add it."', '"Add it"'),), "fix", "without a full stop"),
    (
        "RL046",
        (("field:", 'acknowledgment: {category: A7, status: ["453"]}\nfield:'),),
        "acknowledgment",
        "here the disposition is line_denial",
    ),
    (
        "RL019",
        (("line_denial", "line_rejection"), ("field:", "acknowledgment: {category: A7, status: [453]}\nfield:")),
        "453",
        "has no quotes",
    ),
    (
        "RL047",
        (("field:", "question: Was it done; other; or cannot be determined?\nfield:"),),
        "question",
        "the coder can mend this without the record",
    ),
    (
        "RL048",
        (
            ("coder", "clinician"),
            ("field:", "question: So that it is paid, was it left; other; or cannot be told?\nfield:"),
        ),
        "question",
        "speaks of money ('paid')",
    ),
    (
        "RL048",
        (("coder", "clinician"), ("field:", "question: Was it the left side?\nfield:")),
        "question",
        "no way to answer 'other' or 'cannot be determined'",
    ),
    (
        "RL038",
        (("coder", "clinician"), ("field:", "question: Was it left, other, or cannot be determined\nfield:")),
        "question",
        "the question ends without a full stop",
    ),
    (
        "RL040",
        (("severity: warning\n", "severity: warning  # lint: ignore RL032\n"),),
        "severity",
        "its lint and its reason",
    ),
    (
        "RL040",
        (("severity: warning\n", "severity: warning  # lint: ignore RL99 why not\n"),),
        "severity",
        "no lint 'RL99'",
    ),
    (
        "RL041",
        (("severity: warning\n", "severity: warning  # lint: ignore RL032 it was an error\n"),),
        "severity",
        "nothing is left out",
    ),
    ("RL045", (("has no modifier.", "has [line.units] units."),), "message", "Write {line.units} to show its value."),
    ("RL042", (("name: the first day of 57", "name: the first day"),), "dos: 2025-01-01", "stands twice"),
    (
        "RL042",
        (
            (
                "tests:\n",
                'tests:\n  - {name: again, claim: {dos: 2025-01-01, lines: ["99213-57"]}, fires_at: []}\n',
            ),
        ),
        "the first day of 57",
        "has the claim of 'again'",
    ),
]


@pytest.mark.parametrize(("lint", "edits", "at", "told"), SHOWN)
def test_a_lint_shows(tmp_path: Path, shipped_tables: TableSet, lint: str, edits: Edits, at: str, told: str) -> None:
    ((found, line, sentence),) = lint_of(tmp_path, shipped_tables, edits)
    assert found == lint
    assert at in line
    assert told in sentence


SILENT: list[tuple[str, Edits]] = [
    ("a code in quotes, and one that no reader mistakes", also('line.modifiers: {includes_any: ["59", XE, 1P]}')),
    ("a part of a code", also('line.procedure: {does_not_start_with: ["99213"]}')),
    ("numbers are no codes", also("line.charge: {is_not: 59}")),
    (
        "a filled field is asked for before it is compared",
        also("line.ndc: {is_blank: false}", "line.ndc: {length_is: 11}"),
    ),
    ("two ranges that meet in one code", also('line.procedure: {is_one_of: ["99215-99223"]}')),
    ("a prefix within a range", also('line.procedure: {starts_with: ["99213"]}')),
    ("a number between two others", also("line.charge: {more_than: 5}", "line.charge: {less_than: 9}")),
    (
        "a day between two others",
        also("line.service_date: {on_or_after: 2026-01-01}", "line.service_date: {on_or_before: 2026-01-01}"),
    ),
    ("two fields of one name", also('line.place_of_service: {is: "11"}', 'claim.place_of_service: {is: "12"}')),
    (
        "a list may hold one code and lack another",
        also("line.modifiers: {includes_any: [LT]}", "line.modifiers: {includes_none: [RT]}"),
    ),
    (
        "alternatives that leave something out",
        also("any_of: [line.charge: {more_than: 9}, line.charge: {less_than: 9}]"),
    ),
    ("cases from the narrow to the wide", (("severity:", f"{CASES}severity:"),)),
    (
        "cases that all speak",
        (("severity:", "every_case: true\ncases:\n  - {}\n  - when: [line.units: {is: 1}]\nseverity:"),),
    ),
    ("a denial for which no reason code is known", (('carc: ["97"]', "carc: []"),)),
    ("a rule of the library may be hidden", (("severity:", "hides: {line: [DX102, ncci]}\nseverity:"),)),
    (
        "a reference with an address",
        (
            (
                'Acme Health, Provider Manual 2024, chapter 7"',
                'Provider manual", url: "https://example.com/manual?chapter=7"',
            ),
        ),
    ),
    ("a message that ends with a value", (("has no modifier.", "has {line.modifiers}"),)),
    (
        "an ignore with its reason",
        (
            ("risk: 0.6", "risk: 0.6  # lint: ignore RL032 the payer pays and asks later"),
            ("severity: warning", "severity: info"),
        ),
    ),
    (
        "an ignore on a line of its own",
        (
            ("risk: 0.6", "# lint: ignore RL032 the payer pays and asks later\nrisk: 0.6"),
            ("severity: warning", "severity: info"),
        ),
    ),
]


@pytest.mark.parametrize("edits", [edits for _, edits in SILENT], ids=[name for name, _ in SILENT])
def test_lint_is_silent(tmp_path: Path, shipped_tables: TableSet, edits: Edits) -> None:
    assert lint_of(tmp_path, shipped_tables, edits) == []


OTHER: Edits = (("ACM101", "ACM102"), ("name: bare-visit", "name: other"), ("has no modifier.", "lacks one."))
"""A rule of its own with the conditions of the good one."""


def test_a_rule_that_asks_the_same(tmp_path: Path, shipped_tables: TableSet) -> None:
    ((lint, line, told),) = lint_of(tmp_path, shipped_tables, (), OTHER)
    assert (lint, line) == ("RL030", "when:")
    assert "ACM101 asks the same as ACM102" in told or "ACM102 asks the same as ACM101" in told


def test_a_rule_that_asks_for_more(tmp_path: Path, shipped_tables: TableSet) -> None:
    narrower = (*OTHER, *also("line.charge: {more_than: 100}"))
    ((lint, _, told),) = lint_of(tmp_path, shipped_tables, (), narrower)
    assert lint == "RL030"
    assert "ACM102 fires only where it finds what is asked by ACM101" in told


@pytest.mark.parametrize(
    "change",
    [
        ("for_each: line", "for_each: procedure line as line"),
        ("99212-99215", "99202-99205"),
        ("settings: [professional]", "settings: [dental]"),
        ("severity:", "hides: {line: [ACM101]}\nseverity:"),
    ],
)
def test_rules_beside_each_other(tmp_path: Path, shipped_tables: TableSet, change: tuple[str, str]) -> None:
    assert lint_of(tmp_path, shipped_tables, (), (*OTHER, change)) == []


def test_one_message_in_two_rules(tmp_path: Path, shipped_tables: TableSet) -> None:
    other = (("ACM101", "ACM102"), ("name: bare-visit", "name: other"), ("99212-99215", "99202-99205"))
    ((lint, line, told),) = lint_of(tmp_path, shipped_tables, (), other)
    assert lint == "RL031"
    assert line.startswith("message:")
    assert "also that of ACM101 (rule-0.yaml)" in told


@pytest.mark.parametrize(("begin", "lints"), [("2026-01-01", []), ("2026-03-01", ["RL022"])])
def test_days_between_the_files_of_one_id(
    tmp_path: Path, shipped_tables: TableSet, begin: str, lints: list[str]
) -> None:
    day_before = {"2026-01-01": "2025-12-31", "2026-03-01": "2026-02-28"}[begin]
    last = '{name: the last day, claim: {dos: 2025-12-31, lines: ["99213"]}, fires_at: [line 1]}'
    after = '{name: the day after, claim: {dos: 2026-01-01, lines: ["99213"]}, fires_at: []}'
    ends = (("{from: 2024-01-01}", "{from: 2024-01-01, to: 2025-12-31}"),
            ("tests:\n", f"tests:\n  - {last}\n  - {after}\n"))  # fmt: skip
    begins = (("name: bare-visit", "name: later"), ("{from: 2024-01-01}", f"{{from: {begin}}}"),
              ("    2024-01-01: [\"25\"]\n", ""),
              ("dos: 2023-12-31", f"dos: {day_before}"), ("dos: 2024-01-01", f"dos: {begin}"))  # fmt: skip
    found = lint_of(tmp_path, shipped_tables, ends, begins)
    assert [lint for lint, _, _ in found] == lints
    if found:
        assert "from 2026-01-01 to 2026-02-28 no rule holds" in found[0][2]


def test_a_file_that_is_named_after_another_rule(tmp_path: Path, shipped_tables: TableSet) -> None:
    lint_of(tmp_path, shipped_tables, ())
    (tmp_path / "rule-0.yaml").rename(tmp_path / "ACM109-copied.yaml")
    packs, _ = read_packs([tmp_path], shipped_tables)
    (problem,) = lint_rules(packs)
    assert (problem.id, problem.line) == ("RL039", 1)
    assert "named after ACM109, but holds ACM101" in problem.message


def test_what_depends_on_rules_that_could_not_be_read_is_not_told(tmp_path: Path, shipped_tables: TableSet) -> None:
    lint_of(tmp_path, shipped_tables, (("severity:", "hides: {line: [ACM102]}\nseverity:"),), OTHER)
    broken = tmp_path / "rule-1.yaml"
    broken.write_text(broken.read_text("utf-8").replace("severity: warning", "severity: high"), encoding="utf-8")
    packs, problems = read_packs([tmp_path], shipped_tables)
    assert [problem.id for problem in problems] == ["RL011"]
    assert lint_rules(packs, complete=False) == []


def test_every_lint_beyond_reading_is_shown_here() -> None:
    tests = (Path(__file__), Path(__file__).with_name("test_lint_overrides.py"))
    text = "".join(path.read_text("utf-8") for path in tests)
    assert [lint for lint in LINTS if lint > "RL018" and f'"{lint}"' not in text] == []


def test_the_shipped_rules_are_clean(shipped_tables: TableSet) -> None:
    packs, problems = read_packs(["core", "medicare", "medicaid", "commercial-sample"], shipped_tables)
    assert problems == []
    assert [str(problem) for problem in lint_rules(packs)] == []
