"""Named checks that other packages bring: found, refused, and kept from doing harm."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scrubber import Report, RuleError, Scrubber
from scrubber.checks import Blank, Finder, Predicate, known_checks
from scrubber.fields import FieldType, ScopeKind
from scrubber.rules.loader import check_pack
from scrubber.tables import TableSet
from scrubber.testing import claim_from_shorthand

CHECKOUT = Path(__file__).parents[2]
TEXTS = frozenset({FieldType.CODE, FieldType.TEXT})
LINES = frozenset({ScopeKind.LINE, ScopeKind.PROCEDURE_LINE})
SECRET = "WX-SECRET-77"

Install = Callable[..., None]
Write = Callable[..., Path]


# a real package, installed as users do --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example package is installed into."""
    pytest.importorskip("hatchling", reason="hatchling builds the example package; it is in the extra dev")
    folder = tmp_path_factory.mktemp("acme")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    command += ["--no-deps", "--no-build-isolation", "--target", str(folder), str(CHECKOUT / "examples/acme_checks")]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


def scrubber(site: Path | None, *arguments: str | Path, input: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process that sees the packages in `site`."""
    paths = [str(CHECKOUT / "src"), *([str(site)] if site else [])]
    return subprocess.run(
        [sys.executable, "-m", "scrubber", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        input=input,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_package_runs_as_installed(acme: Path) -> None:
    pack = acme / "acme_checks" / "rules"
    tested = scrubber(acme, "rules", "test", pack)
    assert (tested.returncode, "10 passed" in tested.stderr) == (0, True), tested.stdout + tested.stderr
    claim = {"payer": {"kind": "commercial"}, "subscriber": {"member_id": SECRET}, "diagnoses": ["I10"],
             "lines": [{"procedure": "97110", "units": 13, "service_date": "2026-03-03"}]}  # fmt: skip
    checked = scrubber(acme, "check", "-", "--pack", pack, "--format", "json", input=json.dumps(claim))
    assert checked.returncode == 1, checked.stderr
    assert json.loads(checked.stdout)["summary"]["by_rule"] == {"ACME101": 1, "ACME102": 1}
    assert "97110 has 13 units from 2026-03-02 to 2026-03-08" in checked.stdout
    assert SECRET not in checked.stdout + checked.stderr


def test_without_the_package_the_pack_says_what_it_lacks(acme: Path) -> None:
    found = scrubber(None, "rules", "lint", CHECKOUT / "examples/acme_checks/acme_checks/rules")
    assert found.returncode == 1
    assert len(found.stdout.splitlines()) == 2, found.stdout  # one for each check, none for what follows from it
    assert "'acme_week'" in found.stdout
    assert found.stdout.count("install that package") == 2


def test_the_page_shows_the_example_as_it_is() -> None:
    page = (CHECKOUT / "docs" / "named-checks.md").read_text("utf-8")
    example = CHECKOUT / "examples" / "acme_checks"
    shown = re.findall(r"```(py|toml)\n(.*?)```", page, re.DOTALL)
    assert len(shown) == 4
    for kind, block in shown:
        file = example / ("pyproject.toml" if kind == "toml" else "acme_checks/__init__.py")
        assert block in file.read_text("utf-8")


def test_a_package_that_cannot_be_imported_ends_the_command_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import a_module_that_is_not_there\n", encoding="utf-8")
    info = tmp_path / "broken_checks-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-checks\nVersion: 2.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[scrubber.checks]\nbroken = broken:CHECKS\n", encoding="utf-8")
    found = scrubber(tmp_path, "rules", "list")
    assert found.returncode == 2
    assert "broken-checks 2.0" in found.stderr
    assert "a_module_that_is_not_there" in found.stderr
    assert "Traceback" not in found.stderr


# made-up packages, in this process ------------------------------------------------------------------------------------


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """`install(acme=[…], other=…)`: the entry points of one package each, with what they give."""

    def install(**given: Any) -> None:
        def point(name: str, value: Any) -> Any:
            dist = SimpleNamespace(name=f"{name}-checks", version="1.0")
            return SimpleNamespace(name=name, value=f"{name}_checks:CHECKS", dist=dist, load=lambda: value)

        points = [point(name, value) for name, value in given.items()]
        monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
        known_checks.cache_clear()

    yield install
    monkeypatch.undo()
    known_checks.cache_clear()


def predicate(name: str = "acme_member", test: Any = lambda text: text.isalpha(), **changes: Any) -> Predicate:
    return Predicate(**{"name": name, "takes": TEXTS, "meaning": "letters only", "test": test, **changes})


def finder(name: str = "acme_visits", find: Any = lambda facts, item, tables: None, **changes: Any) -> Finder:
    keys = {"name": name, "of": LINES, "gives": {"count": FieldType.NUMBER}, "meaning": "visits", "find": find}
    return Finder(**{**keys, **changes})


def test_checks_of_packages_stand_beside_the_shipped_ones(install: Install) -> None:
    install(acme=[predicate(), finder()], other=predicate("other_member"))
    known = known_checks()
    assert {"npi", "acme_member", "other_member"} <= set(known.predicates)
    assert {"diagnosis_entry", "acme_visits"} <= set(known.finders)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"acme": print}, "not a check"),
        ({"acme": Predicate}, "the class Predicate, not a check"),
        ({"acme": [predicate(), "acme_visits"]}, "a str, not a check"),
        ({"Acme": predicate()}, "prefix"),
        ({"acme": predicate("member")}, "begin with acme_"),
        ({"acme": predicate("acme_é")}, "begin with acme_"),
        ({"acme": predicate(meaning="")}, "meaning"),
        ({"acme": predicate(takes={"text"})}, "takes must be a frozenset"),
        ({"acme": predicate(takes=frozenset({FieldType.DATE}))}, "takes must be a frozenset"),
        ({"acme": predicate(test="isalpha")}, "test must be a function"),
        ({"acme": finder(of=frozenset({"line"}))}, "of must be a frozenset"),
        ({"acme": finder(gives=["count"])}, "gives must map"),
        ({"acme": finder(gives={"found": FieldType.FLAG})}, "gives must map"),
        ({"acme": finder(find=None)}, "find must be a function"),
        ({"acme": finder(tables="hcpcs")}, "tables must be a tuple"),
        ({"acme": finder(follows=known_checks().finders["diagnosis_entry"])}, "follows"),
        ({"acme": [predicate(), finder("acme_member")]}, "one of acme-checks 1.0 already"),
        ({"diagnosis": finder("diagnosis_entry")}, "one of claim-scrubber already"),
    ],
)
def test_what_cannot_be_used_is_refused_by_the_name_of_its_package(
    install: Install, given: dict[str, Any], message: str
) -> None:
    install(**given)
    with pytest.raises(RuleError) as caught:
        known_checks()
    assert message in caught.value.message
    assert f"{next(iter(given))}-checks 1.0" in caught.value.where
    assert caught.value.hint


@pytest.fixture
def scrub(write_rule: Write, shipped_tables: TableSet, tmp_path: Path) -> Callable[..., Report]:
    def scrub(body: str, **short: Any) -> Report:
        write_rule(body)
        write_rule("when: [{line.units: {more_than: 1}}]\n", id="TST102", name="another")
        return Scrubber.load([tmp_path], shipped_tables).scrub(claim_from_shorthand(short))

    return scrub


def raises(*arguments: Any) -> bool:
    raise ValueError(f"cannot take {SECRET}")


FAILS = "when: [{line.procedure: {fails: acme_member}}]\n"
PASSES = "when: [{line.procedure: {passes: acme_member}}]\n"
OF_THE_CLAIM = "when: [{claim.form: {fails: acme_member}}]\n"
COUNTS = "look_up: {visits: {find: acme_visits, of: line}}\nwhen: [{visits.count: {more_than: 0}}]\n"
FOUND = "look_up: {visits: {find: acme_visits, of: line}}\nwhen: [{visits.found: {is: true}}]\n"


@pytest.mark.parametrize("body", [FAILS, PASSES, OF_THE_CLAIM, COUNTS, FOUND])
def test_a_check_that_raises_leaves_its_rule_alone_without_a_verdict(
    install: Install, scrub: Callable[..., Report], body: str
) -> None:
    install(acme=[predicate(test=raises), finder(find=raises)])
    report = scrub(body, lines=["99213 x2"])
    assert [finding.rule for finding in report.findings] == ["TST102"]
    (left,) = report.not_evaluated
    name = "acme_visits" if "visits" in body else "acme_member"
    assert left.rule == "TST101"
    assert left.reason.startswith(f"the check {name} failed (ValueError, test_plugins.py:")
    assert SECRET not in str(report)


def test_a_check_that_fails_on_one_line_still_judges_the_others(install: Install, scrub: Callable[..., Report]) -> None:
    install(acme=predicate(test=lambda code: raises() if code == "93000" else True))
    report = scrub(PASSES, lines=["99213", "93000", "99214"])
    assert [finding.line for finding in report.findings] == [1, 3]
    assert [left.rule for left in report.not_evaluated] == ["TST101"]


@pytest.mark.parametrize("body", [FAILS, PASSES, COUNTS])
def test_why_tells_that_a_check_failed(
    install: Install, write_rule: Write, tmp_path: Path, shipped_tables: TableSet, body: str
) -> None:
    install(acme=[predicate(test=raises), finder(find=raises)])
    write_rule(body)
    (trace,) = Scrubber.load([tmp_path], shipped_tables).why(claim_from_shorthand({}))
    assert trace.items[0].outcome == "not_evaluated"
    assert "failed (ValueError" in str(trace)
    assert SECRET not in str(trace)


def test_what_is_false_still_settles_a_rule_whose_check_fails(install: Install, scrub: Callable[..., Report]) -> None:
    install(acme=predicate(test=raises))
    body = "when: [{line.procedure: {fails: acme_member}}, {line.charge: {more_than: 1000}}]\n"
    assert scrub(body).not_evaluated == ()


@pytest.mark.parametrize(
    "answer",
    [
        SimpleNamespace(),
        SimpleNamespace(count="1"),
        SimpleNamespace(count=1.5),
        SimpleNamespace(count=True),
        {"count": 1},
        7,
    ],
)
def test_an_answer_that_breaks_its_promise_is_no_answer(
    install: Install, scrub: Callable[..., Report], answer: object
) -> None:
    install(acme=finder(find=lambda facts, item, tables: answer))
    report = scrub(COUNTS)
    assert [left.rule for left in report.not_evaluated] == ["TST101"]
    assert "acme_visits failed" in report.not_evaluated[0].reason


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (SimpleNamespace(count=2), "fired"),
        (SimpleNamespace(count=Decimal("0")), "clear"),
        (SimpleNamespace(count=None), "clear"),
        (None, "clear"),
        (Blank("lines[0].units"), "not_evaluated"),
    ],
)
def test_the_answers_of_a_finder_of_a_package(
    install: Install, scrub: Callable[..., Report], answer: object, outcome: str
) -> None:
    install(acme=finder(find=lambda facts, item, tables: answer))
    coverage = scrub(COUNTS).coverage
    assert getattr(coverage, outcome) == (2 if outcome == "clear" else 1)


def test_a_predicate_may_answer_with_anything_that_counts_as_true(
    install: Install, scrub: Callable[..., Report]
) -> None:
    install(acme=predicate(test=lambda text: "a match"))
    assert [finding.rule for finding in scrub(PASSES).findings] == ["TST101"]
    assert scrub(FAILS).findings == ()


def test_a_finder_that_is_silent_on_a_claim_is_not_asked(install: Install, scrub: Callable[..., Report]) -> None:
    install(acme=finder(find=raises, silent_on=lambda facts: True))
    assert scrub(FOUND).not_evaluated == ()


def test_a_date_is_a_day_without_a_time(install: Install, scrub: Callable[..., Report]) -> None:
    day = SimpleNamespace(day=date(2026, 3, 2))
    install(acme=finder(gives={"day": FieldType.DATE}, find=lambda facts, item, tables: day))
    body = COUNTS.replace("visits.count: {more_than: 0}", "visits.day: {on_or_after: 2026-03-02}")
    assert [finding.rule for finding in scrub(body).findings] == ["TST101"]


def test_a_check_of_the_wrong_type_is_named_at_its_line(
    install: Install, write_rule: Write, shipped_tables: TableSet
) -> None:
    install(acme=predicate())
    path = write_rule("when: [{line.units: {passes: acme_member}}]\n")
    (problem,) = check_pack(path.parent, shipped_tables)
    assert (problem.id, "'acme_member' does not fit" in problem.message) == ("RL007", True)
