"""The page in a real browser: Debian's Chromium, driven by Playwright. Without them these tests are skipped."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from scrubber.findings import Report
from scrubber.report.writer import Run

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (it is among the dev extras)")

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

VIEWS = ("", "view=charts", "view=unchecked", "view=rules", "claim=1&suppressed=shown", "rows=findings")

NASTY = "</script><img src=x onerror=alert(1)><b>'\"&"

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Chromium's own sandbox does not work for root, who runs these tests in containers.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"] if root else [])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, page_file: Path) -> Iterator[Open]:
    """Opens the file; at the end, the page has complained of nothing and asked for nothing but itself."""
    contexts = []
    said: list[str] = []
    asked: list[str] = []

    def open_one(fragment: str = "", *, html: str | None = None, width: int = 1280, **options: Any) -> Any:
        if html is not None:
            page_file.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{page_file.as_uri()}#{fragment}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file://", "blob:"))] == []


def ids(page: Any) -> list[str]:
    """The claims of the rows, from top to bottom."""
    return page.locator("#rows .id").all_inner_texts()


def fragment(page: Any) -> str:
    return page.evaluate("decodeURIComponent(location.hash)")


def go(page: Any, fragment: str) -> None:
    """Show another view, as a link to it would."""
    page.evaluate("to => new Promise((done) => { location.hash = to; setTimeout(done, 0); })", fragment)


def box(page: Any, label: str) -> Any:
    return page.locator("#filters label").filter(has_text=label)


def has_focus(locator: Any) -> bool:
    return locator.evaluate("element => element === document.activeElement")


def test_what_a_biller_sees_first(open_page: Open) -> None:
    page = open_page()
    words = re.sub(r"\s+", " ", page.locator("#summary").inner_text())
    assert words == (
        "6 Claims checked 2 Hold 1 Review 3 Pass 1 Not read $1,185.00 At risk 5 Findings 1 Rule waited for a table"
    )
    # What cannot be read first, then by dollars at risk; claims with nothing found are left out.
    assert ids(page) == ["Claim 7", "A-1002", "A-1001", "A-1003", "A-1004"]
    assert "5 claims, 5 findings, $1,185.00 at risk · 2 with nothing found" in page.locator("#found").inner_text()
    page.get_by_role("button", name="List them").click()
    assert len(ids(page)) == 7


def test_filters_and_their_counts(open_page: Open) -> None:
    page = open_page()
    assert box(page, "Clinician").locator(".count").inner_text() == "2"
    box(page, "Clinician").click()
    assert ids(page) == ["A-1002", "A-1001"]
    assert "owner=clinician" in fragment(page)
    assert box(page, "MEDICARE B").locator(".count").inner_text() == "1"
    # Another value of the same filter would add to it, so its count does not heed the choice.
    assert box(page, "Coder").locator(".count").inner_text() == "1"
    box(page, "MEDICARE B").click()
    assert ids(page) == ["A-1002"]
    page.reload()
    assert ids(page) == ["A-1002"]
    assert box(page, "MEDICARE B").locator("input").is_checked()
    page.get_by_role("button", name="Remove filter Payer: MEDICARE B").click()
    assert ids(page) == ["A-1002", "A-1001"]
    page.get_by_role("button", name="Clear all").click()
    assert len(ids(page)) == 5
    assert fragment(page) == ""


ADDRESSES = {
    "decision=pass": ["A-1004", "A-1005", "A-1006"],
    "decision=unread": ["Claim 7"],
    "severity=info": ["A-1004"],
    "rule=NCCI101": ["A-1001"],
    "rule=NCCI101&suppressed=shown": ["A-1001", "A-1006"],
    "family=dx&payer=Blue+Plan": ["A-1001"],
    "disposition=claim_rejection": ["A-1003"],
    "carc=CO+16": ["A-1002", "A-1001"],
    "rule=NO101": [],
    "view=nonsense&sort=%3Cb%3E&page=-1&claim=99&finding=x&clean=shown&nothing": [
        "Claim 7", "A-1002", "A-1001", "A-1003", "A-1004", "A-1005", "A-1006",
    ],
}  # fmt: skip


def test_an_address_is_a_view(open_page: Open) -> None:
    page = open_page()
    for address, expected in ADDRESSES.items():
        go(page, address)
        assert ids(page) == expected, address
        if not expected:
            assert "No claim fits these filters." in page.locator("#rows").inner_text()


SORTED = {
    "Risk": ["Claim 7", "A-1003", "A-1001", "A-1002", "A-1004"],
    "Risk \u00d7 dollars": ["Claim 7", "A-1002", "A-1001", "A-1003", "A-1004"],
    "Order of the file": ["A-1001", "A-1002", "A-1003", "A-1004", "Claim 7"],
    "Dollars at risk": ["Claim 7", "A-1002", "A-1001", "A-1003", "A-1004"],
}


def test_sorting(open_page: Open) -> None:
    page = open_page()
    for sort, expected in SORTED.items():
        page.get_by_label("Sort by").select_option(sort)
        assert ids(page) == expected, sort


def test_search(open_page: Open) -> None:
    page = open_page()
    page.get_by_label("Search").fill("medicare side")
    page.wait_for_url(re.compile("q="))
    assert ids(page) == ["A-1002"]


def test_single_findings(open_page: Open) -> None:
    page = open_page("suppressed=shown")
    page.locator("#choose-rows").select_option("Findings")
    assert ids(page) == ["A-1002", "A-1001", "A-1006", "A-1001", "A-1003", "A-1004"]
    page.locator(".row", has_text="set aside").click()
    aside = page.locator("#claim details.finding[open]").inner_text()
    assert "suppressed by J. Doe until 2027-01-31 because: The payer pays it. (suppressions.yaml:12)" in aside


def test_a_claim_opens_with_its_faults_marked(open_page: Open) -> None:
    page = open_page()
    page.locator(".row", has_text="A-1001").click()
    claim = page.locator("#claim")
    assert claim.locator("h2").inner_text().split() == ["Hold", "A-1001"]
    marked = claim.locator(".lines td.fault")
    assert [cell.split()[0] for cell in marked.all_inner_texts()] == ["XX002"]
    assert claim.locator(".lines tr.faulty th").inner_text() == "2"
    assert claim.locator(".diagnoses .faulty").inner_text().split()[:2] == ["1", "M17.9"]
    pair, side = claim.locator("details.finding").all()
    assert "CO 236" in pair.inner_text()
    assert "segment 31 loop 2400 SV101-2" in pair.inner_text()
    assert "ncci_ptp_practitioner · edition 2026q4" in pair.inner_text()
    assert pair.get_by_role("link").get_attribute("rel") == "noreferrer noopener"
    assert "Which knee was treated" in side.inner_text()
    pair.get_by_text("About rule NCCI101").click()
    assert "Why NCCI101 is there." in pair.inner_text()
    # A mark leads to its finding, which opens.
    side.locator("summary").first.click()
    assert side.get_attribute("open") is None
    claim.locator(".diagnoses button").click()
    assert side.get_attribute("open") is not None
    page.locator("#close").click()
    assert claim.is_hidden()


def test_faults_of_the_claim_itself_are_marked(open_page: Open) -> None:
    page = open_page("claim=3")
    others = " ".join(page.locator("#claim .others").inner_text().split())
    assert others == "On the claim: finding 1 billing provider npi"
    assert (
        "277CA A7:562:85 (invalid: NPI of the billing provider)" in page.locator("#claim details.finding").inner_text()
    )
    assert "m17.9 → M17.9 (form only, safe to make)" in page.locator("#claim details.finding").inner_text()


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    press = page.keyboard.press
    press("Tab")
    assert has_focus(page.locator("#skip"))
    press("Enter")
    rows = page.locator("#rows .row")
    assert has_focus(rows.nth(0))
    press("ArrowDown")
    press("j")
    assert has_focus(rows.nth(2))
    press("k")
    press("j")
    press("Enter")
    heading = page.locator("#claim h2")
    assert has_focus(heading)
    assert "A-1001" in heading.inner_text()
    press("j")
    assert "A-1003" in heading.inner_text()
    press("Escape")
    assert page.locator("#claim").is_hidden()
    assert has_focus(rows.nth(3))
    press("Home")
    assert has_focus(rows.nth(0))
    press("End")
    assert has_focus(rows.nth(4))
    # With the claim open, the rows can be gone through and the claim changes along.
    press("Enter")
    rows.nth(4).focus()
    press("ArrowUp")
    assert "A-1003" in heading.inner_text()
    assert has_focus(rows.nth(3))


def test_back_closes_the_claim(open_page: Open) -> None:
    page = open_page("owner=clinician")
    page.locator(".row").first.click()
    assert "claim=2" in fragment(page)
    page.go_back()
    assert page.locator("#claim").is_hidden()
    assert ids(page) == ["A-1002", "A-1001"]


def test_charts_add_up_and_filter(open_page: Open) -> None:
    page = open_page("view=charts")

    def bars(title: str) -> dict[str, str]:
        rows = page.locator("figure", has=page.get_by_role("heading", name=title)).locator("tbody tr")
        return {row.locator("th").inner_text(): row.locator("td.number").first.inner_text() for row in rows.all()}

    # Line 2 of A-1001 for the pair; for the side, which is a fault of the claim, all of A-1001 and A-1002.
    assert bars("By kind of fault") == {"Diagnoses": "$1,105", "Pairs of procedures": "$80", "Providers": "$80"}
    assert bars("By payer") == {"MEDICARE B": "$980", "Blue Plan": "$205"}
    assert page.locator("svg[role=img]").get_attribute("aria-label") == (
        "Hold 2 claims, Review 1 claim, Pass 3 claims, Not read 1 claim"
    )
    page.get_by_role("button", name="Blue Plan").click()
    assert bars("By kind of fault") == {"Diagnoses": "$205", "Pairs of procedures": "$80"}
    page.get_by_role("link", name="Work queue", exact=True).click()
    assert ids(page) == ["A-1001"]


def test_what_was_not_checked(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Rule waited for a table").click()
    text = page.locator("#unchecked").inner_text()
    assert "mue_practitioner" in text
    assert "it is not loaded; claims of 2026-10-02 need it" in text
    assert "patient.sex is blank" in text


def test_rules_lead_to_their_claims(open_page: Open) -> None:
    page = open_page("view=rules")
    page.locator("#rules summary", has_text="PRV102").click()
    assert "Why PRV102 is there." in page.locator("#rules").inner_text()
    page.get_by_role("button", name="Show its claims").click()
    assert ids(page) == ["A-1003"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(open_page: Open, scheme: str) -> None:
    """No view fails a check of axe-core: names, roles, contrast, headings, keyboard."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed (it is among the dev extras)")
    script = files(axe).joinpath("axe.min.js").read_text(encoding="utf-8")
    # Colours change without transition where somebody prefers that; axe would look at them on their way.
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(f"() => {{ {script} }}")
    # In the dark, only colours are others.
    options = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
    for view in VIEWS:
        go(page, view)
        violations = page.evaluate("async (options) => (await axe.run(options)).violations", options)
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == [], view


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_sticks_out(open_page: Open, run: Run, reports: list[Report], write: Any, width: int) -> None:
    first = reports[0]
    long = attrs.evolve(
        first,
        claim_id="X" * 200,
        findings=(attrs.evolve(first.findings[0], message="word " * 400 + "Y" * 400), *first.findings[1:]),
    )
    page = open_page(html=write(run, [long, *reports[1:]]), width=width)
    for view in (*VIEWS, "rule=NCCI101&q=XXX"):
        go(page, view)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, view


def test_in_a_narrow_window(open_page: Open) -> None:
    page = open_page(width=400)
    assert page.locator("#filters").is_hidden()
    page.get_by_role("button", name="Filters").click()
    box(page, "Clinician").click()
    page.keyboard.press("Escape")
    assert page.locator("#filters").is_hidden()
    page.locator(".row").first.click()
    assert page.locator("#rows").is_hidden()
    page.get_by_role("button", name="Next").click()
    assert "A-1001" in page.locator("#claim h2").inner_text()
    page.get_by_role("button", name="Close").click()
    assert page.locator("#rows").is_visible()


def test_print(open_page: Open) -> None:
    page = open_page("owner=clinician", color_scheme="dark")
    page.evaluate("""() => addEventListener('beforeprint', () => {
        const paper = document.getElementById('print');
        window.printed = {
          claims: [...paper.querySelectorAll('article h3')].map((one) => one.textContent),
          text: paper.textContent,
          colours: [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor],
        };
      })""")
    assert page.pdf().startswith(b"%PDF-")
    printed = page.evaluate("window.printed")
    assert printed["claims"] == ["Review A-1002", "Hold A-1001"]
    assert "Filters: Who can mend it: Clinician." in printed["text"]
    assert "Ask which side was treated." in printed["text"]
    assert page.locator("#print").inner_html() == ""
    page.emulate_media(media="print", color_scheme="dark")
    style = "getComputedStyle(document.body)"
    assert page.evaluate(f"[{style}.color, {style}.backgroundColor]") == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_rows_as_csv(open_page: Open, run: Run, reports: list[Report], write: Any) -> None:
    first = reports[0]
    formula = attrs.evolve(
        first, claim_id='=HYPERLINK("x")', findings=(attrs.evolve(first.findings[0], message='+1,"2"'),)
    )
    page = open_page(html=write(run, [formula, *reports[1:]]))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["claim_id"] for row in rows] == ["", "A-1002", '\'=HYPERLINK("x")', "A-1003", "A-1004"]
    assert rows[2]["message"] == '\'+1,"2"'
    assert (rows[2]["rule"], rows[2]["charge_in_doubt"], rows[2]["carc"]) == ("NCCI101", "80", "236")
    assert rows[0]["message"] == "the claim has no CLM segment."


def test_hostile_text_stays_text(open_page: Open, run: Run, reports: list[Report], write: Any) -> None:
    first = reports[0]
    assert first.outline is not None
    nasty = attrs.evolve(
        first,
        claim_id=NASTY,
        source=NASTY,
        findings=(
            attrs.evolve(
                first.findings[0],
                message=NASTY,
                question=NASTY,
                field=NASTY,
                position={NASTY: NASTY},
                fix=attrs.evolve(first.findings[0].fix, text=NASTY),
                references=(attrs.evolve(first.findings[0].references[0], title=NASTY, url="javascript:alert(1)"),),
            ),
        ),
        outline=attrs.evolve(first.outline, payer_name=NASTY),
    )
    page = open_page(html=write(run, [nasty]))
    assert ids(page) == [NASTY]
    page.locator(".row").click()
    assert page.locator("#claim h2 bdi").inner_text() == NASTY
    assert NASTY in page.locator("#claim .finding q").inner_text()
    assert page.locator("#claim a[href^=javascript]").count() == 0
    assert page.locator("img").count() == 0
    for view in ("view=charts", "view=rules", f"payer={NASTY}"):
        go(page, view)
        assert page.locator("img").count() == 0


def test_without_script(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    text = page.locator("body").inner_text()
    assert "The work queue needs JavaScript" in text
    assert "$1,185.00" in text
    assert "NCCI101 ncci-ptp-pair" in text


def test_reports_with_little_in_them(open_page: Open, run: Run, reports: list[Report], write: Any) -> None:
    def told(*of: Report) -> str:
        page = open_page(html=write(run, of))
        for view in ("view=charts", "view=unchecked", "view=rules", ""):
            go(page, view)
        return str(page.locator("#rows").inner_text())

    assert told() == "There are no claims in this report."
    assert told(reports[4], reports[4]) == "Nothing was found on any claim that was read."
    assert "the claim has no CLM segment." in told(reports[6])


def test_a_claim_of_many_lines(open_page: Open, run: Run, reports: list[Report], write: Any) -> None:
    first = reports[0]
    assert first.outline is not None
    number = 10_000
    lines = tuple(attrs.evolve(first.outline.lines[0], number=place + 1) for place in range(number))
    findings = tuple(attrs.evolve(first.findings[0], line=place + 1) for place in range(0, number, 2))
    page = open_page(
        "claim=1",
        html=write(run, [attrs.evolve(first, findings=findings, outline=attrs.evolve(first.outline, lines=lines))]),
    )
    claim = page.locator("#claim")
    assert "5,000 findings" in claim.inner_text()
    assert claim.locator("details.finding").count() == 40
    assert claim.locator(".lines tbody tr").count() < 1000
    claim.get_by_role("button", name="Show lines").click()
    assert claim.locator(".lines tbody tr").count() < 1300


def test_twenty_thousand_claims(open_page: Open, run: Run, reports: list[Report], write: Any) -> None:
    def many() -> Iterator[Report]:
        for number in range(20_000):
            one = reports[number % 5]
            amount = one.amount_at_risk + Decimal(number) / 100
            yield attrs.evolve(one, claim_id=f"M-{number}", index=number, amount_at_risk=amount)

    page = open_page(html=write(run, many()))
    assert "16,000 claims, 20,000 findings" in page.locator("#found").inner_text()
    assert len(ids(page)) == 100
    assert ids(page)[0] == "M-19996"
    box(page, "Clinician").click()
    assert "8,000 claims, 8,000 findings" in page.locator("#found").inner_text()
    assert "1\u2013100 of 8,000" in page.locator("#pager").inner_text()
    page.get_by_role("button", name="Last").click()
    assert "7,901\u20138,000 of 8,000" in page.locator("#pager").inner_text()
    assert ids(page)[-1] == "M-0"
    page.get_by_label("Search").fill("M-1999")
    page.wait_for_url(re.compile("q="))
    assert ids(page) == ["M-19996", "M-19991", "M-19995", "M-19990"]
    # Over the edge of a page by keyboard.
    page.get_by_role("button", name="Clear all").click()
    page.locator("#rows .row").last.focus()
    page.keyboard.press("ArrowDown")
    assert "101\u2013200 of 16,000" in page.locator("#pager").inner_text()
    assert has_focus(page.locator("#rows .row").first)
