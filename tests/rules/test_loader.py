"""Mistakes of rule authors: each must be named at its line with its mend, and all of a file at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import RuleError, Scrubber, UnknownName
from scrubber.rules.loader import check_pack, load_pack, read_packs
from scrubber.rules.rule_file import read_rule
from scrubber.rules.yaml_source import RuleProblem
from scrubber.tables import TableSet
from scrubber.testing import unreadable_examples

Write = Callable[..., Path]

GOOD = 'when: [{line.units: {is: "1"}}]\n'


@pytest.mark.parametrize(
    "body",
    [
        "look_up: {row: {table: mue_practitioner, match: {code: $line.procedure}}}\n"
        "when: [{row.value: {less_than: $line.units}}]\n",
        "look_up: {row: {table: timely_filing, match: {payer: '1', edit: $line.procedure}}}\n"
        "when: [{row.most: {less_than: $line.units}}, {row.day: {after: 2026-01-01}}]\n",
    ],
)
def test_a_rule_may_be_about_a_table_that_is_not_imported(
    write_rule: Write, shipped_tables: TableSet, body: str
) -> None:
    assert [p.id for p in check_pack(write_rule(body).parent, shipped_tables) if p.id != "RL003"] == []


def test_a_column_of_a_table_that_is_not_imported_is_checked(write_rule: Write, shipped_tables: TableSet) -> None:
    body = "look_up: {row: {table: mue_practitioner, match: {code: $line.procedure}}}\nwhen: [{row.valu: {is: 1}}]\n"
    (problem,) = check_pack(write_rule(body).parent, shipped_tables)
    assert (problem.id, problem.hint) == ("RL008", "Did you mean 'value'?")


def test_a_good_rule_has_no_problem(write_rule: Write, shipped_tables: TableSet) -> None:
    assert check_pack(write_rule(GOOD).parent, shipped_tables) == []


@pytest.mark.parametrize(
    ("body", "at", "lint", "message", "hint"),
    [
        ("wen: []\n", "wen", "RL002", "no key 'wen'", "'when'"),
        ("when: [{line.unit_count: {is: 1}}]\n", "line.unit_count", "RL008", "'unit_count'", "Did you mean"),
        ("when: [{lin.units: {is: 1}}]\n", "lin.units", "RL008", "'lin'", "'line'"),
        ("when: [{units: {is: 1}}]\n", "units: {is", "RL008", "is no field", "Write line.units."),
        ("when: [{line.units: {equals: 1}}]\n", "equals", "RL006", "no word 'equals'", ""),
        ("when: [{line.units: {moer_than: 1}}]\n", "moer_than", "RL006", "'moer_than'", "'more_than'"),
        ("when: [{line.units: {starts_with: ['1']}}]\n", "starts_with", "RL007", "does not fit line.units",
         "Words that fit"),
        ("when: [{line.units: {is: many}}]\n", "many", "RL011", "must be a number", ""),
        ("when: [{line.service_date: {after: 2026/03/01}}]\n", "2026/03/01", "RL011", "must be a date", "2026-03-01"),
        ("when: [{line.units: {is_blank: yes}}]\n", "yes", "RL011", "not 'yes'", "Write true"),
        ("when: {line.units: {is: 1}}\n", "{line.units", "RL004", "must be a list", ""),
        ("when: [{line.units: {is: 1, is_not: 2}}]\n", "{is: 1", "RL006", "one word per condition", ""),
        ("when: [{line.procedure: {is: $line.charge}}]\n", "$line.charge", "RL007", "is an amount of money", ""),
        ("when: [{line.procedure: {is_one_of: $params.codes}}]\n", "$params.codes", "RL008", "no param 'codes'", ""),
        ("when: [{line.procedure: {passes: npi_check}}]\n", "npi_check", "RL011", "'npi_check'", "Did you mean"),
        ("when: [{line.units: {is: 1}}]\nwhen: []\n", "when: []", "RL005", "stands twice", "Keep one"),
        ("severty: error\n", "severty", "RL002", "'severty'", "'severity'"),
        ("params: {codes: ['1']}\n" + GOOD, "params", "RL016", "'codes' is never used", ""),
        ("look_up: {row: {table: icd10, match: {code: $line.procedure}}}\nwhen: [{row.found: {is: true}}]\n",
         "icd10", "RL009", "'icd10'", "'icd10cm'"),
        ("look_up: {row: {table: icd10cm, match: {cod: $line.procedure}}}\nwhen: [{row.found: {is: true}}]\n",
         "cod:", "RL009", "'cod' is no key", "code"),
        ("look_up: {row: {table: icd10cm, match: {code: $line.procedure}}}\nwhen: [{row.manifest: {is: true}}]\n",
         "row.manifest", "RL008", "'manifest'", "'manifestation'"),
        ("look_up: {e: {find: diagnosis_entri, of: line}}\nwhen: [{e.found: {is: true}}]\n",
         "diagnosis_entri", "RL011", "'diagnosis_entri'", "'diagnosis_entry'"),
        ("look_up: {e: {find: diagnosis_entry, of: line}}\nwhen: [{e.found: {is: true}}]\n",
         "line}", "RL007", "is about: diagnosis", ""),
        ("when: [{line.units: {is: 1}}]\nhides: {lines: [DX101]}\n", "lines", "RL002", "'lines'", "'line'"),
        ("when: &a [{line.units: {is: 1}}]\nunless: *a\n", "&a", "RL001", "anchors", "Write the value out"),
        ("adjustment: {group: XX}\n" + GOOD, "XX", "RL011", "'XX'", ""),
        ("adjustment: {group: CO, carc: ['M81']}\n" + GOOD, "['M81']", "RL011", "'M81'", ""),
        ("acknowledgment: {category: A2, status: ['562']}\n" + GOOD, "A2", "RL011", "'A2'", "A3, A6, A7 or A8"),
        ("acknowledgment: {category: A7, status: ['A7:562']}\n" + GOOD, "['A7", "RL011", "like a claim status", "own"),
        ("acknowledgment: {category: A7, status: []}\n" + GOOD, "[]", "RL003", "names no code", ""),
        ("acknowledgment: {status: ['562']}\n" + GOOD, "{status", "RL003", "lacks the key 'category'", ""),
        ("acknowledgment: {category: A7, status: ['1'], entity: billing}\n" + GOOD, "billing", "RL011", "entity", "85"),
        ("acknowledgment: A7\n" + GOOD, "A7", "RL004", "must be a mapping", "{category: A7, status:"),
        ("acknowledgement: {category: A7, status: ['1']}\n" + GOOD, "acknowledgement", "RL002", "", "'acknowledgment'"),
        ("question: Is it {claim.patient.birth_date}?\n" + GOOD, "Is it", "RL013", "may identify the patient", ""),
        ("question: Is it {line.unitz}?\n" + GOOD, "Is it", "RL008", "'unitz'", "'unit'"),
        ("question: Is it {line.units?\n" + GOOD, "Is it", "RL013", "without its partner", ""),
        ("effective: {from: 2026-01-01, to: 2025-01-01}\n" + GOOD, "{from", "RL011", "ends before it begins", ""),
        ("codes: [claim.subscriber.member_id]\n" + GOOD, "[claim", "RL013", "no finding may list it", ""),
        ("look_up: {gap: {days_from: $claim.patient.birth_date, to: $line.service_date}}\n"
         "when: [{gap.days: {more_than: 28}}]\ncodes: [gap.days]\n", "[gap.days", "RL013", "may identify", ""),
        ("look_up: {gap: {days_from: $claim.form, to: $line.service_date}}\nwhen: [{gap.days: {more_than: 28}}]\n",
         "$claim.form", "RL007", "must be a date", ""),
        ("look_up: {gap: {days_from: $claim.admission_date}}\nwhen: [{gap.days: {more_than: 28}}]\n",
         "{days_from", "RL003", "lacks the key 'to'", "days_from: $claim.admission_date"),
        ("look_up: {gap: {days_from: $claim.as_of, to: $line.service_date}}\nwhen: [{gap.day: {more_than: 28}}]\n",
         "gap.day", "RL008", "'day'", "'days'"),
        ("when: [{line.service_date: {within: {days: 2.5, of: $claim.as_of}}}]\n", "2.5", "RL011", "whole number", ""),
        ("when: [{line.service_date: {within: {days: 2, on: $claim.as_of}}}]\n", "on:", "RL002", "no key 'on'", "'of'"),
        ("when: [{line.service_date: {within: {days: 2, of: $claim.form}}}]\n", "$claim.form", "RL007", "a date", ""),
        ("when: [{line.service_date: {within: 3}}]\n", "3}}", "RL004", "must be a mapping", ""),
        ("when: [{line.modifiers: {has_more_than: 1.5}}]\n", "1.5", "RL011", "whole number", ""),
        ("params: {b: true}\nwhen: [{line.units: {is_blank: $params.b}}]\n", "$params.b", "RL007", "written out", ""),
        ("when: [{line.procedure: {starts_with: $line.revenue_code}}]\n", "$line.revenue_code", "RL007", "a code", ""),
        ("when: [{line.procedure: {is_one_of: $line.procedure}}]\n", "$line.procedure", "RL007", "a code", "a list"),
        ("report: {once_per: line.unit_count}\n" + GOOD, "line.unit_count", "RL008", "'unit_count'", "'unit'"),
        ("report: {once_per: claim.lines}\n" + GOOD, "claim.lines", "RL007", "a list of objects", "Name `claim`"),
        ("report: {onec_per: claim}\n" + GOOD, "onec_per", "RL002", "'onec_per'", "'once_per'"),
        ("group_by: [procedure]\n" + GOOD, "group_by", "RL003", "about groups of lines", "for_each: lines"),
        ("pair_with: lines as others\n" + GOOD, "lines as", "RL011", "cannot be groups", "pair it with `line`"),
        ("applies_to: {payers: [medicar]}\n" + GOOD, "medicar", "RL011", "'medicar'", "'medicare'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_line(
    write_rule: Write, shipped_tables: TableSet, body: str, at: str, lint: str, message: str, hint: str
) -> None:
    path = write_rule(body)
    text = path.read_text(encoding="utf-8")
    line = text[: text.rindex(at)].count("\n") + 1
    found = [p for p in check_pack(path.parent, shipped_tables) if message in p.message]
    assert found, [str(p) for p in check_pack(path.parent, shipped_tables)]
    assert (found[0].path, found[0].line, found[0].id) == (path, line, lint)
    assert hint in found[0].hint


@pytest.mark.parametrize(
    ("body", "at", "lint", "message", "hint"),
    [
        ("when: [{g.count: {is: 1}}]\n", "lines as g", "RL003", "need the key 'group_by'", "`line` to see each"),
        ("grup_by: [procedure]\nwhen: [{g.count: {is: 1}}]\n", "grup_by", "RL002", "'grup_by'", "'group_by'"),
        ("group_by: [prodecure]\nwhen: [{g.count: {is: 1}}]\n", "prodecure", "RL008", "'prodecure'", "'procedure'"),
        ("group_by: [modifiers]\nwhen: [{g.count: {is: 1}}]\n", "modifiers", "RL007", "a list of codes", "one value"),
        ("group_by: [units]\nwhen: [{g.count: {is: 1}}]\n", "units", "RL007", "added up", "one value"),
        ("group_by: [procedure]\nwhen: [{g.ndc: {is: '1'}}]\n", "g.ndc", "RL008", "field of a group of lines", ""),
        ("group_by: [procedure]\nmembers: [{g.count: {is: 1}}]\nwhen: [{g.count: {is: 1}}]\n",
         "g.count: {is: 1}}]\nw", "RL008", "no name of this rule is called 'g'", ""),
        ("group_by: [procedure, procedure]\nwhen: [{g.count: {is: 1}}]\n", "procedure]", "RL012", "twice", "Keep one"),
    ],
)  # fmt: skip
def test_a_mistake_about_groups(
    write_rule: Write, shipped_tables: TableSet, body: str, at: str, lint: str, message: str, hint: str
) -> None:
    path = write_rule(body, scope="lines as g")
    text = path.read_text(encoding="utf-8")
    (problem,) = [p for p in check_pack(path.parent, shipped_tables) if message in p.message]
    assert (problem.line, problem.id) == (text[: text.rindex(at)].count("\n") + 1, lint)
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "lint", "message"),
    [
        ("severity: error\n", "", "RL003", "lacks the key 'severity'"),
        ("severity: error", "severity: fatal", "RL011", "'fatal'"),
        ("risk: 0.5", "risk: 95%", "RL011", "from 0 to 1"),
        ("id: TST101", "id: tst-1", "RL015", "'tst-1'"),
        ("name: test-rule", "name: Test Rule", "RL015", "'Test Rule'"),
        ("for_each: line", "for_each: service", "RL011", "'service'"),
        ("references: [{title: This test}]", "references: []", "RL003", "no authority"),
        ("fires_at: [claim]", "fires_at: []", "RL014", "a test that fires"),
        ('message: "It fired."', 'message: "{line.unit} {claim.patient.sex}"', "RL013", "identify the patient"),
        ('message: "It fired."', 'message: "{line.units"', "RL013", "brace"),
        ('message: "It fired."', 'message: "{line.units:.2f}"', "RL013", "format"),
        ("why: Because", "why: Because: of", "RL001", "a colon stands inside"),
    ],
)
def test_a_mistake_in_the_common_keys(
    write_rule: Write, shipped_tables: TableSet, old: str, new: str, lint: str, message: str
) -> None:
    path = write_rule(GOOD)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    problems = check_pack(path.parent, shipped_tables)
    assert [p for p in problems if p.id == lint and message in p.message], [str(p) for p in problems]
    assert all(p.line >= 1 and p.column >= 1 for p in problems)


def test_all_mistakes_of_a_file_are_told_at_once(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule("when: [{line.unts: {is: 1}}, {line.charge: {mroe_than: 2}}]\nsevrity: x\n")
    assert {p.id for p in check_pack(path.parent, shipped_tables)} == {"RL002", "RL006", "RL008"}
    with pytest.raises(RuleError, match="3 mistakes"):
        load_pack(path.parent, shipped_tables)


def test_one_id_stands_once_per_day(write_rule: Write, shipped_tables: TableSet) -> None:
    first = write_rule(GOOD + "effective: {to: 2024-12-31}\n")
    second = write_rule(GOOD + "effective: {from: 2025-01-01}\n", name="test-rule-later")
    assert check_pack(first.parent, shipped_tables) == []
    second.write_text(second.read_text().replace("2025-01-01", "2024-12-31"), encoding="utf-8")
    assert [p.id for p in check_pack(first.parent, shipped_tables)] == ["RL012"]


def test_one_id_may_look_at_lines_in_one_file_and_at_the_claim_in_another(
    write_rule: Write, shipped_tables: TableSet
) -> None:
    folder = write_rule(GOOD).parent
    write_rule('when: [{claim.form: {is: "dental"}}]\n', name="test-rule-claim", scope="claim")
    assert check_pack(folder, shipped_tables) == []
    write_rule(GOOD, name="test-rule-procedure", scope="procedure line")
    assert [p.id for p in check_pack(folder, shipped_tables)] == ["RL012"]


def test_one_id_may_look_at_lines_in_one_file_and_at_pairs_of_lines_in_another(
    write_rule: Write, shipped_tables: TableSet
) -> None:
    pairs = "pair_with: line as other\nwhen: [{other.units: {is: 2}}]\n"
    folder = write_rule(GOOD).parent
    write_rule(pairs, name="test-rule-pairs")
    assert check_pack(folder, shipped_tables) == []
    write_rule(pairs, name="test-rule-more-pairs")
    assert [p.id for p in check_pack(folder, shipped_tables)] == ["RL012"]


def test_an_unknown_pack_or_rule_names_the_nearest(shipped_tables: TableSet) -> None:
    with pytest.raises(UnknownName, match="'core'"):
        Scrubber.load(["cor"], shipped_tables)
    with pytest.raises(UnknownName, match="'dx-not-billable'"):
        Scrubber.load(["core"], shipped_tables, select=["dx-not-bilable"])


def only(problems: list[RuleProblem]) -> tuple[str, str]:
    (problem,) = problems
    return problem.id, f"{problem.message} {problem.hint}"


def test_a_mistyped_key_is_one_mistake_at_its_place(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule(GOOD)
    header = path.parent / "pack.yaml"
    header.write_text('name: test\nversion: "1"\ntitel: A test\n', encoding="utf-8")
    (problem,) = check_pack(path.parent, shipped_tables)
    assert (problem.path, problem.line, problem.column, problem.id) == (header, 3, 1, "RL002")
    header.write_text('name: test\nversion: "1"\ntitle: A test\n', encoding="utf-8")
    for right, wrong in (("severity:", "severty:"), ("for_each:", "for_eech:"), ("why:", "wy:")):
        path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
        assert only(check_pack(path.parent, shipped_tables))[0] == "RL002"
        path.write_text(path.read_text(encoding="utf-8").replace(wrong, right), encoding="utf-8")


def test_a_mistyped_field_does_not_make_its_param_unused(write_rule: Write, shipped_tables: TableSet) -> None:
    path = write_rule("params: {few: ['1']}\nwhen: [{line.unts: {is_one_of: $params.few}}]\n")
    lint, told = only(check_pack(path.parent, shipped_tables))
    assert lint == "RL008"
    assert "'units'" in told


def test_an_anchor_that_nothing_refers_to_is_refused_too(write_rule: Write, shipped_tables: TableSet) -> None:
    assert only(check_pack(write_rule("field: &x line.units\n" + GOOD).parent, shipped_tables))[0] == "RL001"
    assert check_pack(write_rule("codes: ['line.units'] # R&B, 'a & b'\n" + GOOD).parent, shipped_tables) == []


@pytest.mark.parametrize("place", ["1", "line", "line 0", "procedure 1", "lines 1"])
def test_a_place_that_no_finding_has(write_rule: Write, shipped_tables: TableSet, place: str) -> None:
    path = write_rule(GOOD)
    path.write_text(path.read_text(encoding="utf-8").replace("[claim]", f"[{place}]"), encoding="utf-8")
    lint, told = only(check_pack(path.parent, shipped_tables))
    assert lint == "RL011"
    assert "`line 2`" in told


@pytest.mark.parametrize("name", ["dx-102", "DX10", "-dx", "DX", "Ncci"])
def test_what_can_be_no_rule_and_no_family_is_not_hidden(
    write_rule: Write, shipped_tables: TableSet, name: str
) -> None:
    path = write_rule(GOOD + f"hides: {{line: [DX101, ncci, -DX124, {name}]}}\n")
    lint, told = only(check_pack(path.parent, shipped_tables))
    assert lint == "RL011"
    assert repr(name) in told


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("{lins: []}", "Did you mean 'lines'?"),
        ('{lines: ["99213 95 two"]}', "'95' is not understood"),
        ('{lines: ["99213 chrge=1"]}', "Did you mean 'charge'?"),
        ("{dos: yesterday}", "not a date"),
        ("{as_of: soon}", "not a date"),
        ("{age: old}", "'old' is no number of years"),
        ("{lines: [[99213]]}", ""),
        ("{faults: [EDI101]}", "another shape"),
        ("{dx: {code: E11.9}}", ""),
    ],
)
def test_an_example_whose_claim_cannot_be_read(
    write_rule: Write, shipped_tables: TableSet, claim: str, told: str
) -> None:
    path = write_rule(GOOD)
    text = path.read_text(encoding="utf-8").replace("clean, claim: {dos: 2026-03-02}", f"clean, claim: {claim}")
    path.write_text(text, encoding="utf-8")
    packs, problems = read_packs([path.parent], shipped_tables)
    assert problems == []
    found = list(unreadable_examples(packs[0].rules))
    if told:
        (problem,) = found
        assert problem.id == "RL017"
        assert told in f"{problem.message} {problem.hint}"
        assert "clean" in text.splitlines()[problem.line - 1]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_any_text_gives_problems_not_exceptions(tmp_path: Path, shipped_tables: TableSet, text: str | bytes) -> None:
    path = tmp_path / "ANY101-any.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    rule, problems = read_rule(path, "any", shipped_tables)
    assert rule is None
    assert problems


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_rule_gives_problems_not_exceptions(
    tmp_path: Path, shipped_tables: TableSet, write_rule: Write, data: st.DataObject
) -> None:
    path = write_rule("when: [any_of: [{line.units: {is: 1}}, {line.procedure: {is_one_of: [99213-99215]}}]]\n")
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    path.write_text(text[:start] + data.draw(st.text("{}[]:,- \n'\"ab$.", max_size=6)) + text[end:], encoding="utf-8")
    rule, problems = read_rule(path, "any", shipped_tables)
    assert (rule is None) or not problems
