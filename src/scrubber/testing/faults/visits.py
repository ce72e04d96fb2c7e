"""Faults of visits (EVM), anesthesia (ANE) and equipment (DME)."""

from __future__ import annotations

from typing import Any

from scrubber.tables import Row
from scrubber.testing.faults.drawing import drawn
from scrubber.testing.faults.model import Fault
from scrubber.testing.faults.staging import swapped

VISITS: dict[str, Any] = {"visit": ("99212", "99213", "99214")}


def _med(**scene: Any) -> dict[str, Any]:
    return {"payer": "medicare", "dx": ["I10"], **scene}


_CATARACT: dict[str, Any] = _med(
    lines=["{code}-{role}-QS min=45"], dx=["H25.11"], pos="24", rendering_provider={"taxonomy": "{taxonomy}"}
)
_PHYSICIAN: dict[str, Any] = {
    "code": ("00142", "00140", "00400", "00810"),
    "role": ("AA", "QK", "QY"),
    "taxonomy": ("207L00000X",),
}
_NURSE: dict[str, Any] = {**_PHYSICIAN, "role": ("QX", "QZ"), "taxonomy": ("367500000X",)}
_DME: dict[str, Any] = _med(
    dx=["G47.33"], pos="12", billing_provider={"taxonomy": "332B00000X"}, rendering_provider=None
)


def _price(*indicators: str) -> Any:
    def test(row: Row) -> bool:
        return row.price_indicator in indicators and row.key[0][0] in "EK" and row.terminated is None

    return drawn("hcpcs", test)


FAULTS: tuple[Fault, ...] = (
    swapped("EVM101", "two visits on one day", "warning", right={"lines": ["{visit}"], "dx": ["I10"]},
            wrong={"lines": ["{visit}", "{other}"]},
            vary={"visit": ("99213", "99214"), "other": ("99212", "99215")},
            at="line 2"),
    swapped("EVM101", "a new and an established patient on one day", "warning",
            right={"lines": ["{new}"], "dx": ["I10"]},
            wrong={"lines": ["{new}", "{visit}-25"]}, vary={**VISITS, "new": ("99202", "99203", "99204")}, at="line 2"),
    swapped("EVM101", "two hospital visits on one day", "warning",
            right={"lines": ["{code}"], "dx": ["J18.9"], "pos": "21"},
            wrong={"lines": ["{code}", "99231"]}, vary={"code": ("99221", "99222", "99232")}, at="line 2"),
    swapped("EVM102", "a preventive and a problem visit without 25", "warning",
            right={"lines": ["99396", "{visit}-25"], "dx": ["Z00.00"], "age": 50},
            wrong={"lines": ["99396", "{visit}"]},
            vary=VISITS, at="line 2"),
    swapped("EVM103", "G2212 with a code for the same time", "warning",
            right=_med(lines=["99215", "G2212"]), wrong={"lines": ["99215", "G2212", "{other}"]},
            vary={"other": ("99358", "99415")}, at="line 3"),
    swapped("EVM103", "G0316 with a code for the same time", "warning",
            right=_med(lines=["99223", "G0316"], pos="21", dx=["J18.9"]),
            wrong={"lines": ["99223", "G0316", "{other}"]},
            vary={"other": ("99358", "99418")}, at="line 3"),
    swapped("EVM103", "99417 with a code for the same time", "warning",
            right={"lines": ["99215", "99417"], "dx": ["I10"]}, wrong={"lines": ["99215", "99417", "{other}"]},
            vary={"other": ("G2212", "99415")}, at="line 3"),
    swapped("EVM104", "G2211 without a visit", "error", right=_med(lines=["{visit}", "G2211"]),
            wrong={"lines": ["G2211"]},
            vary=VISITS, at="line 1"),
    swapped("EVM104", "G2211 beside a visit with 25 in 2024", "error", right=_med(lines=["{visit}", "G2211"]),
            wrong={"lines": ["{visit}-25", "20610", "G2211"]}, vary=VISITS, at="line 3", period="2024q3"),
    swapped("EVM104", "G2211 beside a visit with 25 and a procedure", "error",
            right=_med(lines=["{visit}-25", "G0439 dx=B", "G2211"], dx=["I10", "Z00.00"], age=70),
            wrong={"lines": ["{visit}-25", "20610", "G2211"], "dx": ["I10"]}, vary=VISITS, at="line 3",
            period="2025q4"),
    swapped("ANE101", "anesthesia without a role", "error", right=_CATARACT, wrong={"lines": ["{code}-QS min=45"]},
            vary=_PHYSICIAN, at="line 1"),
    swapped("ANE102", "a nurse anesthetist in a physician's role", "error",
            right={**_CATARACT, "lines": ["{code}-QZ min=45"]},
            wrong={"lines": ["{code}-{wrong} min=45"]}, vary={**_NURSE, "wrong": ("AA", "AD", "QK", "QY")},
            at="line 1"),
    swapped("ANE102", "a physician in a nurse anesthetist's role", "error",
            right={**_CATARACT, "lines": ["{code}-AA min=45"]},
            wrong={"lines": ["{code}-{wrong} min=45"]}, vary={**_PHYSICIAN, "wrong": ("QX", "QZ")}, at="line 1"),
    swapped("ANE103", "anesthesia without minutes", "error", right=_CATARACT, wrong={"lines": ["{code}-{role}-QS"]},
            vary=_PHYSICIAN, at="line 1"),
    swapped("ANE103", "anesthesia of no minutes, or of more than a day", "error", right=_CATARACT,
            wrong={"lines": ["{code}-{role}-QS min={minutes}"]}, vary={**_PHYSICIAN, "minutes": ("0", "1441", "4500")},
            at="line 1"),
    swapped("ANE104", "two anesthesia services on one day", "warning",
            right={**_CATARACT, "lines": ["00142-AA min=45"]},
            wrong={"lines": ["00142-AA min=45", "00400-AA min=30"]}, vary=_PHYSICIAN, at="line 2", period="2024q3",
            tables=("addon",)),
    swapped("ANE105", "the surgeon gives the anesthesia", "error",
            right=_med(lines=["{surgery}"], dx=["M17.11"], pos="22"), wrong={"lines": ["{surgery}", "00400-AA min=60"]},
            vary={"surgery": ("27447", "20610", "11042")}, at="line 2", period="2025q4", tables=("mpfs",)),
    swapped("ANE105", "47 on a surgical line", "error", right=_med(lines=["{surgery}"], dx=["M17.11"], pos="22"),
            wrong={"lines": ["{surgery}-47"]}, vary={"surgery": ("27447", "20610", "11042")}, at="line 1",
            period="2025q4",
            tables=("mpfs",)),
    swapped("DME101", "equipment neither new, rented nor used", "error", right={**_DME, "lines": ["{item}-RR-KH"]},
            wrong={"lines": ["{item}"]}, vary={"item": _price("36")}, at="line 1", period="2024q3", tables=("hcpcs",)),
    swapped("DME101", "inexpensive equipment neither new, rented nor used", "error",
            right={**_DME, "lines": ["{item}-NU"]},
            wrong={"lines": ["{item}"]}, vary={"item": _price("32")}, at="line 1", period="2024q3", tables=("hcpcs",)),
    swapped("DME102", "a rental without its month", "warning", right={**_DME, "lines": ["{item}-RR-{month}"]},
            wrong={"lines": ["{item}-RR"]}, vary={"item": _price("36"), "month": ("KH", "KI", "KJ")}, at="line 1",
            period="2024q3", tables=("hcpcs",)),
    swapped("DME103", "two braces on one line", "error",
            right={**_DME, "lines": ["L1832-RT-NU", "L1832-LT-NU"], "dx": ["M17.0"]},
            wrong={"lines": ["L1832-RT-LT-NU x2"]},
            at="line 1"),
    swapped("DME103", "a brace of no side", "error", right={**_DME, "lines": ["L1832-RT"], "dx": ["M17.11"]},
            wrong={"lines": ["L1832"]}, at="line 1"),
    swapped("DME104", "a certificate of medical necessity after its end", "warning",
            right={**_DME, "lines": ["E0601-RR-KI"]}, wrong={"attachments": [{"type": "{type}", "transmission": "EL"}]},
            vary={"type": ("CT",)}, at="claim"),
    swapped("DME105", "home equipment in a hospital or a nursing facility", "warning",
            right={**_DME, "lines": ["{item}-RR-KH"]}, wrong={"pos": "{place}"},
            vary={"item": ("E0601", "E0260", "E1390"), "place": ("21", "31")}, at="line 1", period="2024q3",
            tables=("hcpcs",)),
)  # fmt: skip
