"""Small lists in the place of those that users bring, so that the rules that ask them can be measured.

What the public lists say of the few codes here: CMS's list of tests granted waived status under CLIA, its annual
therapy code list, its list of telehealth services, its JW and JZ modifier code list, and chapter 16 of the Medicare
Claims Processing Manual (the tests of a panel). Payers, NPIs, taxonomies and the policies of 2026 are examples only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrubber.content import content_folder
from scrubber.tables import TableSet
from scrubber.testing.corpus import SPECIALTIES
from scrubber.testing.small_tables import write_small_table

_WAIVED_WITH_QW = ("80047", "80048", "80053", "80061", "83036", "84443", "85018", "85025", "85610", "87804", "87880")
_WAIVED_WITHOUT_QW = ("81002", "81025", "82270", "82272", "82962", "83026", "84830", "85013", "85651")
_TELEHEALTH = ("99202", "99203", "99204", "99205", "99212", "99213", "99214", "99215", "96116", "97802", "97803",
"G0108",
               "G0270", "G0406", "G0425", "G0438", "G0439", "G0444", "99406", "99407", "99495", "99496")  # fmt: skip
_TELEHEALTH_BY_SOUND = ("90785", "90791", "90792", "90832", "90833", "90834", "90836", "90837", "90838", "90839",
"90840",
                        "90846", "90847", "90853", "96160", "96161")  # fmt: skip
_THERAPY = {
    "always": {"97110": True, "97112": True, "97116": True, "97140": True, "97530": True, "97535": True, "97161": False,
               "97162": False, "97163": False, "97165": False, "92507": False, "92526": False},
    "sometimes": {"97597": False, "97598": False, "97610": False, "92610": False},
}  # fmt: skip
_TAXONOMIES = sorted(
    {"207L00000X", "261QA1903X", "261QM1300X", "291U00000X", "332B00000X", "341600000X", "367500000X", "193200000X",
     "193400000X", "207Q00000X", *(code for specialty in SPECIALTIES.values() for code in specialty.taxonomies)}
)  # fmt: skip
"""The taxonomies of the clean corpus and of the scenes."""

LISTS: Mapping[str, Any] = {
    "clia": [
        *({"code": code, "waived": "true", "needs_qw": "true"} for code in _WAIVED_WITH_QW),
        *({"code": code, "waived": "true", "needs_qw": "false"} for code in _WAIVED_WITHOUT_QW),
        *({"code": code, "ppm": "true"} for code in ("87210", "87220", "89190", "Q0111", "Q0112")),
        *({"code": code, "excluded": "true"} for code in ("86485", "86486", "86490", "86510", "86580")),
    ],
    "clia_certificates": [{"number": "11D7654321", "kind": "waiver"}],
    "therapy_codes": [
        {"code": code, "disposition": disposition, "timed": str(timed).lower()}
        for disposition, codes in _THERAPY.items()
        for code, timed in codes.items()
    ],
    "telehealth_codes": [
        *({"code": code, "audio_only": "false"} for code in _TELEHEALTH),
        *({"code": code, "audio_only": "true"} for code in _TELEHEALTH_BY_SOUND),
    ],
    "drug_containers": [{"code": code, "single_dose": "true"} for code in ("J9035", "J9271", "J9299", "J0178")],
    "panels": [{"panel": "80061", "member": code} for code in ("82465", "83718", "84478")],
    "payers": [
        {"payer": payer, "name": "EXAMPLE"}
        for payer in ("60054", "09102", "PLAN01", "MCARE1", "MCAID5", "TRICR9", "MADV77", "PLAN88", "WCOMP3", "AUTO22")
    ],
    "payer_rules": [
        {"payer": "60054", "procedure": "72148", "needs_authorization": "true", "policy": "list of 2026"},
        {"payer": "60054", "procedure": "70551", "needs_authorization": "true", "policy": "list of 2026"},
        {"payer": "60054", "procedure": "90837", "modifiers": "95 93", "place_of_service": "02 10"},
    ],
    "npi_registry": [
        {"npi": "1003000126", "entity": "person"},
        {"npi": "1003000134", "entity": "person", "deactivated": "2020-03-31"},
        {"npi": "1003000142", "entity": "organization"},
    ],
    "timely_filing": {"key": ["payer", "form"], "rows": [{"payer": "60054", "form": "professional", "days": "90"}]},
    "taxonomy": [{"code": code, "title": "example"} for code in _TAXONOMIES],
    "carc": [{"code": code, "title": "example"} for code in ("1", "2", "3", "45", "50", "96", "97", "253")],
    # Policies of 2026 beside what was imported: what the published example of Wisconsin cannot show.
    "coverage": {
        "from": "2026-01-01",
        "rows": [
            {"procedure": "82947", "jurisdiction": "WI", "policy": "EX1", "version": "1", "kind": "ncd",
             "diagnosis_list": "EX1-1", "lists_covered": "false", "lists_noncovered": "true"},
            {"procedure": "11055", "jurisdiction": "WI", "policy": "EX2", "version": "1", "kind": "lcd",
             "lists_covered": "false", "lists_noncovered": "false", "modifiers": "Q7 Q8 Q9"},
        ],
    },
    "coverage_diagnoses": {
        "from": "2026-01-01",
        "rows": [{"diagnosis_list": "EX1-1", "diagnosis": code, "covered": "false", "noncovered": "true"}
                 for code in ("Z0000", "Z0289", "Z1322")],
    },
}  # fmt: skip
_BESIDE_IMPORTED = frozenset({"coverage", "coverage_diagnoses"})


@contextmanager
def tables_for_faults(folder: Path | str | None = None) -> Iterator[TableSet]:
    """The shipped tables, those of a folder, and the small lists for what neither has."""
    imported = [] if folder is None else [(Path(folder), True)]
    at_hand = TableSet.open(folder)
    with TemporaryDirectory(prefix="scrubber-faults-", ignore_cleanup_errors=True) as name:
        for table, content in LISTS.items():
            if table in _BESIDE_IMPORTED or table not in at_hand:
                write_small_table(Path(name), table, content, at_hand.get(table))
        yield TableSet.from_folders([(content_folder("code_tables"), False), *imported, (Path(name), True)])
