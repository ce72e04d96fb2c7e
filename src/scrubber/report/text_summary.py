"""The end of the report for people: what was found, and what nobody looked at for want of a table."""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.findings import SEVERITIES
from scrubber.report.missing_tables import IMPORT_COMMAND, MissingTables
from scrubber.report.page import STYLES, Page, Span, count_of, dollars, some_of
from scrubber.report.summary import Tally, most_first
from scrubber.report.text_aside import write_aside_summary
from scrubber.report.writer import PackUsed


def write_summary(page: Page, tally: Tally, missing: MissingTables) -> None:
    """The counts of the run, and what it would have needed to judge everything."""
    page.line(
        (f"{count_of(tally.claims, 'claim')}: ", "bold"),
        (f"{tally.passed:,} pass", _style_of("pass", tally.passed)),
        (", ", ""),
        (f"{tally.review:,} review", _style_of("review", tally.review)),
        (", ", ""),
        (f"{tally.hold:,} hold", _style_of("hold", tally.hold)),
    )
    if tally.interrupted:
        page.line(("interrupted: what came after these claims was not looked at", STYLES["error"]), indent=2, hang=2)
    if tally.unreadable:
        page.line((f"{tally.unreadable:,} could not be read", STYLES["error"]), indent=2, hang=2)
    if tally.partly_read:
        page.line((f"{count_of(tally.partly_read, 'claim')} could be read only in part", ""), indent=2, hang=2)
    if tally.findings:
        for spans in _finding_lines(tally):
            page.line(*spans, indent=2, hang=2)
    elif tally.claims:
        page.line(("no other findings" if tally.aside.findings else "no findings", ""), indent=2, hang=2)
    if tally.below_min_risk:
        page.line((f"{count_of(tally.below_min_risk, 'finding')} below --min-risk left out", ""), indent=2, hang=2)
    write_aside_summary(page, tally.aside)
    if tally.masked:
        masked = count_of(tally.masked, "finding")
        page.line((f"{masked} hidden, because another finding tells the same fault", ""), indent=2, hang=2)
    if tally.not_evaluated:
        rules = some_of(rule for rule, _ in most_first(tally.not_evaluated))
        page.line(
            ("not evaluated: ", "bold"),
            (f"{count_of(len(tally.not_evaluated), 'rule')} lacked a field on some claims ({rules})", ""),
            indent=2,
            hang=2,
        )
    for (pack, reason), claims in sorted(tally.undecided_layers.items()):
        told = f"{pack} on {count_of(claims, 'claim')} ({reason}); what it would set did not count"
        page.line(("layer not decided: ", "bold"), (told, ""), indent=2, hang=2)
    if tally.not_checked:
        _write_not_checked(page, tally, missing)


def write_statistics(page: Page, tally: Tally, packs: Iterable[PackUsed] = ()) -> None:
    """What `--statistics` adds: the packs, a row for each rule, who can mend the faults, and the five outcomes."""
    page.line(("Statistics", "bold"))
    for pack in packs:
        _write_pack(page, pack)
    if tally.by_rule:
        heads = f"{'rule':<10}{'findings':>9}{'claims':>8}{'error':>8}{'warning':>8}{'info':>8}  name"
        page.line((heads, "dim"), indent=2, hang=2)
    for rule, count in tally.rules_most_first():
        severities = "".join(f"{count.severities[severity]:>8}" for severity in SEVERITIES)
        page.line((f"{rule:<10}{count.findings:>9}{count.claims:>8}{severities}  {count.name}", ""), indent=2, hang=2)
    if tally.by_owner:
        owners = ", ".join(f"{owner.replace('_', ' ')} {n}" for owner, n in most_first(tally.by_owner))
        page.line((f"who can mend them: {owners}", ""), indent=2, hang=2)
    outcomes = tally.coverage
    page.line(
        ("rules on claims: ", ""),
        (f"{outcomes.fired:,} fired, {outcomes.clear:,} clear, {outcomes.excused:,} excused, ", ""),
        (f"{outcomes.not_evaluated:,} not evaluated, {outcomes.not_checked:,} not checked", ""),
        indent=2,
        hang=2,
    )
    page.line()


def _write_pack(page: Page, pack: PackUsed) -> None:
    """A pack with its version, the beginning of its hash, and what that version changed for which days of service."""
    page.line(
        ("pack ", ""),
        (f"{pack.name} {pack.version}", "bold"),
        (f" ({pack.level})  sha256 {pack.hash[:12]}", ""),
        indent=2,
        hang=2,
    )
    for change in pack.changes:
        days = (
            f"{change.first_day or ''}..{change.last_day or ''}" if change.first_day or change.last_day else "all days"
        )
        page.line((f"{change.date}, {', '.join(change.rules)}, for {days}: {change.what}", ""), indent=4, hang=2)
    if pack.switches_off:
        page.line((f"switches off {', '.join(pack.switches_off)}", ""), indent=4, hang=2)


def _finding_lines(tally: Tally) -> list[list[Span]]:
    severities = ", ".join(f"{tally.by_severity[severity]} {severity}" for severity in SEVERITIES)
    rules = ", ".join(f"{rule} {count.findings}" for rule, count in tally.rules_most_first())
    return [
        [
            (f"{count_of(tally.findings, 'finding')} ({severities}), ", ""),
            (f"{dollars(tally.amount_at_risk)} at risk", "bold"),
        ],
        [("by rule: ", "bold"), (rules, "")],
    ]


def _write_not_checked(page: Page, tally: Tally, missing: MissingTables) -> None:
    page.line(
        ("not checked: ", STYLES["warning"]),
        (f"{count_of(len(tally.not_checked), 'rule')} had no table for the dates of some claims", ""),
        indent=2,
        hang=2,
    )
    tables = list(missing.tables())
    for table in tables:
        page.line(
            (f"{table.title}: ", "bold"),
            (some_of(table.rules) + (f", {table.dates}" if table.dates else ""), ""),
            (f"  {table.notes}" if table.notes else "", "dim"),
            indent=4,
            hang=2,
        )
    if any(table.source for table in tables):
        page.line(("bring a table with: ", ""), (IMPORT_COMMAND, "bold"), indent=4, hang=2)


def _style_of(decision: str, number: int) -> str:
    return STYLES[decision] if number else ""
