"""Faults of procedures (PRC): codes, age, place, what Medicare's fee schedule says, vaccines and drugs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from scrubber.tables import Row
from scrubber.testing.faults.drawing import drawn
from scrubber.testing.faults.model import Fault, Means
from scrubber.testing.faults.staging import swapped

VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214")}
VISIT: dict[str, Any] = {"lines": ["{visit}"], "dx": ["I10"]}
MEDICARE: dict[str, Any] = {**VISIT, "payer": "medicare"}


def _of_status(status: str) -> Any:
    def test(row: Row) -> bool:
        return row.status == status and row.key[1] == "" and not row.key[0].endswith(("F", "M"))

    return drawn("mpfs", test)


def _of_coverage(*codes: str) -> Any:
    def test(row: Row) -> bool:
        return row.coverage in codes and row.key[0][0] in "AGJQV" and row.terminated is None

    return drawn("hcpcs", test)


def _unknown(means: Means, day: date) -> str:
    """A letter and four digits that CMS never gave out."""
    table = means.tables.get("hcpcs")
    assert table is not None
    while True:
        code = f"{means.one_of('AEGJKLQS')}{means.chance.randint(0, 9999):04}"
        if not table.rows((code,)):
            return code


def _ended(means: Means, day: date) -> str:
    return str(means.one_of(_rows_by(means, lambda row: row.terminated is not None and row.terminated < day)).key[0])


def _began(means: Means, day: date) -> Row:
    return means.one_of(_rows_by(means, lambda row: row.added is not None and row.added > date(2015, 10, 1)))


def _code_and_the_day_before_it(means: Means, day: date) -> tuple[str, str]:
    row = _began(means, day)
    return row.key[0], (row.added - timedelta(1)).isoformat()


def _rows_by(means: Means, test: Any) -> list[Row]:
    table = means.tables.get("hcpcs")
    assert table is not None
    rows: dict[str, list[Row]] = {}
    for letter in "AEGJKLQ":
        for row in table.starting_with(letter):
            rows.setdefault(row.key[0], []).append(row)
    return [found[0] for found in rows.values() if len(found) == 1 and test(found[0])]


_WELL = "Z00.00"
_CHILD = "Z00.129"

FAULTS: tuple[Fault, ...] = (
    swapped("PRC101", "a code that CMS never gave out", "error", right=VISIT, wrong={"lines": ["{visit}", "{code}"]},
            vary={**VISITS, "code": _unknown}, at="line 2", period="2024q3", tables=("hcpcs",)),
    swapped("PRC101", "a digit of the code forgotten", "error", right=VISIT, wrong={"lines": ["9921"]}, vary=VISITS,
            at="line 1"),
    swapped("PRC102", "a HCPCS code after its last day", "error", right=VISIT, wrong={"lines": ["{visit}", "{code}"]},
            vary={**VISITS, "code": _ended}, at="line 2", period="2024q3", tables=("hcpcs",)),
    swapped("PRC102", "a telephone visit after 2024", "error", right=VISIT, wrong={"lines": ["{phone}"], "pos": "10"},
            vary={**VISITS, "phone": ("99441", "99442", "99443")}, at="line 1"),
    swapped("PRC102", "a prolonged visit code after 2022", "error", right=VISIT, wrong={"lines": ["{visit}", "{long}"]},
            vary={**VISITS, "long": ("99354", "99356")}, at="line 2"),
    swapped("PRC103", "a HCPCS code on the day before it begins", "error",
            right={"lines": ["99213"], "dx": ["I10"], "dos": "{new[1]}"}, wrong={"lines": ["99213", "{new[0]}"]},
            vary={"new": _code_and_the_day_before_it}, at="line 2", period="2024q3", tables=("hcpcs",)),
    swapped("PRC110", "a preventive visit code of another age", "error",
            right={"lines": ["{case[0]}"], "dx": [_WELL], "age": 30}, wrong={"lines": ["{case[1]}"]},
            vary={"case": (("99395", "99396"), ("99395", "99394"), ("99385", "99386"), ("99385", "99387"), ("99395",
            "99397"))},
            at="line 1"),
    swapped("PRC110", "a child's check-up with the code of another age", "error",
            right={"lines": ["99392"], "dx": [_CHILD], "age": 3}, wrong={"lines": ["{code}"]},
            vary={"code": ("99391", "99393", "99381", "99383", "99394")}, at="line 1"),
    swapped("PRC110", "counseled vaccine administration at nineteen", "error",
            right={"lines": ["90460", "90651"], "dx": ["Z23"], "age": 18}, wrong={"age": 19}, at="line 1"),
    swapped("PRC110", "a newborn's care at a month", "error",
            right={"lines": ["99462"], "dx": ["Z38.00"], "age": 0, "pos": "21"}, wrong={"age": 1, "dx": ["Z76.2"]},
            at="line 1"),
    swapped("PRC112", "no place of service", "error", right=VISIT, wrong={"place_of_service": None}, vary=VISITS,
            at="line 1"),
    swapped("PRC112", "a place of service that is not assigned", "error", right=VISIT,
            wrong={"place_of_service": "{place}"},
            vary={**VISITS, "place": ("28", "43", "98", "1", "AB")}, at="line 1"),
    swapped("PRC112", "telehealth at home before 2022", "error", right={**VISIT, "dos": "2021-12-31"},
            wrong={"place_of_service": "10"}, vary=VISITS, at="line 1"),
    swapped("PRC113", "an emergency visit in the office", "warning",
            right={"lines": ["{code}"], "dx": ["R07.9"], "pos": "23"}, wrong={"place_of_service": "11"},
            vary={"code": ("99281", "99283", "99285")}, at="line 1"),
    swapped("PRC113", "a hospital visit in the office", "warning",
            right={"lines": ["{code}"], "dx": ["J18.9"], "pos": "21"}, wrong={"place_of_service": "{place}"},
            vary={"code": ("99221", "99232", "99238"), "place": ("11", "12")}, at="line 1"),
    swapped("PRC113", "a nursing facility visit in the hospital", "warning",
            right={"lines": ["{code}"], "dx": ["I10"], "pos": "31"}, wrong={"place_of_service": "{place}"},
            vary={"code": ("99308", "99305", "99315"), "place": ("21", "11", "22")}, at="line 1"),
    swapped("PRC113", "a home visit in the office", "warning",
            right={"lines": ["{code}"], "dx": ["I10"], "pos": "12"}, wrong={"place_of_service": "{place}"},
            vary={"code": ("99348", "99342", "99350"), "place": ("11", "20")}, at="line 1"),
    swapped("PRC113", "an ambulance ride in the office", "warning",
            right={"lines": ["A0428-RH", "A0425-RH x12"], "dx": ["R55"], "pos": "41", "rendering_provider": None,
                   "billing_provider": {"taxonomy": "341600000X"}},
            wrong={"place_of_service": "11"}, at="line 1"),
    swapped("PRC113", "an office visit in the hospital", "warning",
            right={**VISIT, "pos": "22"}, wrong={"place_of_service": "{place}"}, vary={**VISITS, "place": ("21", "31")},
            at="line 1"),
    swapped("PRC113", "a hospital's clinic visit on a professional claim", "warning", right=VISIT,
            wrong={"lines": ["{code}"]}, vary={**VISITS, "code": ("G0463", "G0378 x8")}, at="line 1"),
    swapped("PRC120", "a bundled service with a charge", "error", right=MEDICARE,
            wrong={"lines": ["{visit}", "{code}"]},
            vary={**VISITS, "code": _of_status("B")}, at="line 2", period="2025q4", tables=("mpfs",)),
    swapped("PRC120", "an injection service beside another payable service", "error", right=MEDICARE,
            wrong={"lines": ["{visit}", "{code}"]}, vary={**VISITS, "code": _of_status("T")}, at="line 2",
            period="2025q4",
            tables=("mpfs",)),
    swapped("PRC120", "a bundled supply beside a payable service", "error", right=MEDICARE,
            wrong={"lines": ["{visit}", "{code}"]}, vary={**VISITS, "code": _of_status("P")}, at="line 2",
            period="2025q4",
            tables=("mpfs",)),
    swapped("PRC121", "a service outside Medicare", "error", right=MEDICARE, wrong={"lines": ["{visit}", "{code}"]},
            vary={**VISITS, "code": _of_status("N")}, at="line 2", period="2025q4", tables=("mpfs",)),
    swapped("PRC121", "an item that the HCPCS file calls not covered", "error", right=MEDICARE,
            wrong={"lines": ["{visit}", "{code}"]}, vary={**VISITS, "code": _of_coverage("S", "M")}, at="line 2",
            period="2024q3", tables=("hcpcs",)),
    swapped("PRC122", "a code for which Medicare has another", "error", right=MEDICARE,
            wrong={"lines": ["{visit}", "{code}"]}, vary={**VISITS, "code": _of_status("I")}, at="line 2",
            period="2025q4",
            tables=("mpfs",)),
    swapped("PRC122", "an item that the HCPCS file calls not valid", "error", right=MEDICARE,
            wrong={"lines": ["{visit}", "{code}"]}, vary={**VISITS, "code": _of_coverage("I")}, at="line 2",
            period="2024q3", tables=("hcpcs",)),
    swapped("PRC130", "an unclassified item without a description", "error",
            right={"lines": ["{visit}", "{code} description=COMPOUNDED_DRUG_10_MG"], "dx": ["I10"]},
            wrong={"lines": ["{visit}", "{code}"]},
            vary={**VISITS, "code": ("J3490", "J3590", "J9999", "E1399", "A9999")},
            at="line 2", period="2024q3", tables=("hcpcs",)),
    swapped("PRC131", "a panel billed in its parts", "warning", right={"lines": ["80061"], "dx": ["E78.5"]},
            wrong={"lines": ["82465", "83718", "84478"]}, at="line 3", tables=("panels",)),
    swapped("PRC132", "a vaccine without its administration", "warning",
            right={"lines": ["{case[0]}", "{case[1]}"], "dx": ["Z23"]}, wrong={"lines": ["{case[0]}"]},
            vary={"case": (("90686", "90471"), ("90715", "90471"), ("90732", "90471"), ("90750", "90471"))},
            at="line 1"),
    swapped("PRC132", "an administration without a vaccine", "warning",
            right={"lines": ["99213-25", "90471", "90715"], "dx": ["Z23"]}, wrong={"lines": ["99213-25", "90471"]},
            at="line 2"),
    swapped("PRC134", "a Medicaid drug without its NDC", "error",
            right={"lines": ["96372", "{drug} ndc=00409427601 ndc_unit=ML ndc_quantity=1"], "dx": ["J02.0"],
            "payer": "medicaid"},
            wrong={"lines": ["96372", "{drug}"]}, vary={"drug": ("J0696", "J1100", "J1885", "J3420")}, at="line 2"),
    swapped("PRC134", "an NDC of too few digits", "error",
            right={"lines": ["96372", "{drug} ndc=00409427601 ndc_unit=ML ndc_quantity=1"], "dx": ["J02.0"]},
            wrong={"lines": ["96372", "{drug} ndc=0040942760 ndc_unit=ML ndc_quantity=1"]},
            vary={"drug": ("J0696", "J1100", "J1885")}, at="line 2"),
    swapped("PRC134", "a unit of measure that no NDC has", "error",
            right={"lines": ["96372", "{drug} ndc=00409427601 ndc_unit=ML ndc_quantity=1"], "dx": ["J02.0"]},
            wrong={"lines": ["96372", "{drug} ndc=00409427601 ndc_unit=MG ndc_quantity=1"]},
            vary={"drug": ("J0696", "J1100", "J1885")}, at="line 2"),
    swapped("PRC134", "an NDC quantity of nought", "error",
            right={"lines": ["96372", "{drug} ndc=00409427601 ndc_unit=ML ndc_quantity=1"], "dx": ["J02.0"]},
            wrong={"lines": ["96372", "{drug} ndc=00409427601 ndc_unit=ML ndc_quantity=0"]},
            vary={"drug": ("J0696", "J1100", "J1885")}, at="line 2"),
    swapped("PRC135", "a hospital's C code in the office", "error", right=VISIT, wrong={"lines": ["{visit}", "{code}"]},
            vary={**VISITS, "code": ("C1713", "C1781", "C9803")}, at="line 2"),
)  # fmt: skip
