"""Faults against CMS's coding edits, drawn from its tables: pairs (NCCI), units (MUE) and add-on codes (AOC)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from scrubber.tables import NoAnswer, Row, Table
from scrubber.testing.faults.drawing import drawn
from scrubber.testing.faults.model import Fault, Means
from scrubber.testing.faults.staging import swapped

COMMON = (
    "10060", "10120", "11042", "11102", "11104", "11200", "11400", "11720", "11721", "11730", "11750", "12001", "12002",
    "17000", "17110", "20526", "20550", "20551", "20552", "20553", "20600", "20604", "20605", "20610", "20611", "29075",
    "29125", "29580", "29826", "29827", "29876", "29877", "29880", "29881", "31231", "31575", "36415", "43235", "43239",
    "43248", "43249", "45378", "45380", "45381", "45384", "45385", "45390", "51701", "51702", "51741", "51798", "52000",
    "52281", "57454", "57500", "58100", "62323", "64415", "64445", "64483", "64493", "64635", "64721", "65855", "66821",
    "66984", "67028", "67210", "69210", "76536", "76642", "76700", "76705", "76770", "76830", "76856", "76942", "77002",
    "77003", "80048", "80053", "80061", "81001", "81003", "85025", "85027", "92083", "92133", "92134",
    "92250", "93000", "93005", "93010", "93015", "93017", "93018", "93306", "93308", "93880", "93970", "93971", "94010",
    "94060", "95004", "95117", "95910", "96360", "96365", "96372", "96374", "96413",
)  # fmt: skip
VISITS = ("99202", "99203", "99204", "99212", "99213", "99214", "99215")
SIDED = ("20600", "20605", "20610", "20526", "29876", "29877", "29880", "29881", "29826", "29827", "64721", "66821",
         "66984", "67028", "65855", "67210", "20550", "20551")  # fmt: skip
PTP = ("ncci_ptp_practitioner",)
MUE = ("mue_practitioner",)
AOC = ("addon",)


@lru_cache(maxsize=8)
def _pairs(table: Table, codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(table.pairs_among(codes)))


def _pair(means: Means, day: date, indicator: str, codes: tuple[str, ...], visit: bool) -> tuple[str, str]:
    """A pair in force on the day; with a visit as its second code, or with none."""
    table = means.tables.get("ncci_ptp_practitioner")
    assert table is not None
    addons = means.tables.get("addon")
    alone = tuple(code for code in codes if addons is None or not addons.rows((code,)))
    pairs = _pairs(table, alone)
    for pair in means.chance.sample(pairs, len(pairs)):
        rows = table.rows_on(pair, day)
        if pair[0] in VISITS or (pair[1] in VISITS) != visit or isinstance(rows, NoAnswer):
            continue
        if {row.modifier_indicator for row in rows} == {indicator}:
            return pair
    raise LookupError("no pair is in force")


def _lines(right: str, wrong: str, indicator: str = "1", codes: tuple[str, ...] = COMMON, visit: bool = False) -> Any:
    """Two lines of a pair in either order, right and wrong, each written as "M1 M2": the modifiers of the first and
    the second code, - for none.
    """

    def draw(means: Means, day: date) -> dict[str, str]:
        pair = _pair(means, day, indicator, codes, visit)
        turned = means.chance.random() < 0.5
        found: dict[str, str] = {"at": "line 1" if turned else "line 2"}
        for name, text in (("right", right), ("wrong", wrong)):
            both = [
                code if modifier == "-" else f"{code}-{modifier}"
                for code, modifier in zip(pair, text.split(), strict=True)
            ]
            first, second = reversed(both) if turned else both
            found |= {f"{name}1": first, f"{name}2": second}
        found["alone"] = pair[0]
        return found

    return draw


def _ptp(
    name: str, right: str, wrong: str, rule: str = "NCCI101", severity: Any = "error", dos: str = "", **how: Any
) -> Fault:
    scene: dict[str, Any] = {"payer": "{payer}", "dx": ["I10"], "lines": ["{pair[right1]}", "{pair[right2]}"]}
    if dos:
        scene["dos"] = dos
    return swapped(
        rule, name, severity, right=scene, wrong={"lines": ["{pair[wrong1]}", "{pair[wrong2]}"]},
        vary={"payer": ("medicare", "medicaid"), "pair": _lines(right, wrong, **how)}, at="{pair[at]}", period="2024q3",
        tables=PTP,
    )  # fmt: skip


def _limit(*mai: int, least: int = 1) -> Any:
    """A code with its limit, and one unit more."""

    def test(row: Row) -> bool:
        return row.mai in mai and least <= row.value <= 60

    code = drawn("mue_practitioner", test)

    def draw(means: Means, day: date) -> tuple[str, int, int]:
        table, addons = means.tables.get("mue_practitioner"), means.tables.get("addon")
        assert table is not None
        found = code(means, day)
        while not _stands_alone(found) or (addons is not None and addons.rows((found,))):
            found = code(means, day)
        row = table.look_up((found,), day)
        assert isinstance(row, Row)
        return found, row.value, row.value + 1

    return draw


def _never_paid(means: Means, day: date) -> str:
    """A code with a limit of 0 that no other table calls not covered or not valid."""
    hcpcs = means.tables.get("hcpcs")
    while True:
        code = _none(means, day)
        row = hcpcs.look_up((code,), day) if hcpcs is not None else None
        if not isinstance(row, Row) or (row.coverage not in ("I", "M", "S") and not code.startswith("C")):
            return code


_none = drawn("mue_practitioner", lambda row: row.value == 0)


def _stands_alone(code: str) -> bool:
    """Not a code of anesthesia, therapy or a visit in a certain place, which are right only with more than units."""
    return not (code < "10000" or code.startswith(("C", "97", "992", "993")))


def _can_be_paid(means: Means, code: str, day: date) -> bool:
    if not _stands_alone(code) and code not in VISITS:
        return False
    limits = means.tables.get("mue_practitioner")
    row = limits.look_up((code,), day) if limits is not None else None
    return not isinstance(row, Row) or row.value > 0


def _addon(edit_type: int) -> Any:
    """An add-on code, and for types 1 and 3 one of its primary codes that is no add-on itself."""

    def draw(means: Means, day: date) -> tuple[str, str]:
        table = means.tables.get("addon")
        assert table is not None
        rows = _addons(table, edit_type, day)
        for row in means.chance.sample(rows, len(rows)):
            primary = row.primary
            own = table.rows_on((row.key[0],), day)
            types = set() if isinstance(own, NoAnswer) else {other.edit_type for other in own}
            if row.key[0] == "99292" or types != {edit_type} or not _can_be_paid(means, row.key[0], day):
                continue
            if row.contractor_defined:
                if edit_type == 2:
                    return row.key[0], "27447"
                continue
            if _is_pair(means, row.key[0], primary) or table.rows((primary,)) or not _can_be_paid(means, primary, day):
                continue
            if row.primary_deleted or row.addon_deleted:
                continue
            return row.key[0], str(primary)
        raise LookupError("no add-on code is in force")

    return draw


def _is_pair(means: Means, one: str, other: str) -> bool:
    pairs = means.tables.get("ncci_ptp_practitioner")
    return pairs is not None and bool(pairs.rows((one, other)) or pairs.rows((other, one)))


@lru_cache(maxsize=16)
def _addons(table: Table, edit_type: int, day: date) -> tuple[Row, ...]:
    return tuple(row for row in table.starting_with("", day) if row.edit_type == edit_type)


_MED: dict[str, Any] = {"payer": "medicare", "dx": ["I10"]}

FAULTS: tuple[Fault, ...] = (
    _ptp("a pair that a modifier could part, without one", "- 59", "- -"),
    _ptp("a pair with a modifier that parts nothing", "- XU", "- 76"),
    _ptp("a pair with 22 on its first code", "59 -", "22 -"),
    _ptp("a visit beside a procedure of its pair, without 25", "- 25", "- -", codes=(*COMMON, *VISITS), visit=True),
    _ptp("59 on the first code before July 2019", "- 59", "59 -", dos="2018-08-01"),
    swapped("NCCI101", "a pair that no modifier parts, with 59", "error",
            right={**_MED, "lines": ["{pair[alone]}"]}, wrong={"lines": ["{pair[wrong1]}", "{pair[wrong2]}"]},
            vary={"pair": _lines("- -", "- 59", indicator="0")}, at="{pair[at]}", period="2024q3", tables=PTP),
    _ptp("both codes of a pair on one side", "RT LT", "RT RT", rule="NCCI102", severity="warning", codes=SIDED),
    swapped("MUE101", "more units on a line than its limit", "error",
            right={**_MED, "lines": ["{limit[0]} x{limit[1]}"]},
            wrong={"lines": ["{limit[0]} x{limit[2]}"]}, vary={"limit": _limit(1)}, at="line 1", period="2024q3",
            tables=MUE),
    swapped("MUE101", "more units on a Medicaid line than any limit", "error",
            right={**_MED, "payer": "medicaid", "lines": ["{limit[0]} x{limit[1]}"]},
            wrong={"lines": ["{limit[0]} x{limit[2]}"]}, vary={"limit": _limit(1, 2, 3)}, at="line 1", period="2024q3",
            tables=MUE),
    swapped("MUE102", "more units on a day than CMS's policy", "error",
            right={**_MED, "lines": ["{limit[0]} x{limit[1]}"]},
            wrong={"lines": ["{limit[0]} x{limit[2]}"]}, vary={"limit": _limit(2)}, at="line 1", period="2024q3",
            tables=MUE),
    swapped("MUE102", "more units on a day than usual", "error", right={**_MED, "lines": ["{limit[0]} x{limit[1]}"]},
            wrong={"lines": ["{limit[0]} x{limit[2]}"]}, vary={"limit": _limit(3)}, at="line 1", period="2024q3",
            tables=MUE),
    swapped("MUE102", "units of a day above the limit on two lines with 76", "error",
            right={**_MED, "lines": ["{limit[0]} x{limit[1]}"]},
            wrong={"lines": ["{limit[0]} x{limit[1]}", "{limit[0]}-76 x1"]},
            vary={"limit": _limit(2, 3)}, at="line 2", period="2024q3", tables=MUE),
    swapped("MUE103", "a code that is never paid to a practitioner", "error", right={**_MED, "lines": ["99213"]},
            wrong={"lines": ["99213", "{code}"]}, vary={"code": _never_paid}, at="line 2",
            period="2024q3", tables=MUE),
    swapped("AOC101", "an add-on code alone", "error", right={**_MED, "lines": ["{addon[1]}", "{addon[0]}"]},
            wrong={"lines": ["{addon[0]}"]}, vary={"addon": _addon(1)}, at="line 1", period="2024q3", tables=AOC),
    swapped("AOC101", "an add-on code whose primary is of another day", "error",
            right={**_MED, "lines": ["{addon[1]}", "{addon[0]}"]},
            wrong={"lines": ["{addon[1]} @{next_day}", "{addon[0]}"]},
            vary={"addon": _addon(1)}, at="line 2", period="2024q3", tables=AOC),
    swapped("AOC101", "an add-on code whose primary is another provider's", "error",
            right={**_MED, "lines": ["{addon[1]}", "{addon[0]}"]},
            wrong={"lines": ["{addon[1]} npi=1003000126", "{addon[0]}"]},
            vary={"addon": _addon(1)}, at="line 2", period="2024q3", tables=AOC),
    swapped("AOC102", "an add-on code of open primaries alone", "warning",
            right={**_MED, "lines": ["{addon[1]}", "{addon[0]}"]}, wrong={"lines": ["{addon[0]}"]},
            vary={"addon": _addon(2)}, at="line 1", period="2024q3", tables=AOC),
    swapped("AOC102", "an add-on code of partly open primaries alone", "warning",
            right={**_MED, "lines": ["{addon[1]}", "{addon[0]}"]}, wrong={"lines": ["{addon[0]}"]},
            vary={"addon": _addon(3)}, at="line 1", period="2024q3", tables=AOC),
    swapped("AOC102", "an add-on code of partly open primaries beside another service", "info",
            right={**_MED, "lines": ["{addon[1]}", "{addon[0]}"]}, wrong={"lines": ["93000", "{addon[0]}"]},
            vary={"addon": _addon(3)}, at="line 2", period="2024q3", tables=AOC),
)  # fmt: skip
