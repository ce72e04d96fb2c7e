"""Small lists in the place of those that users bring, as far as the claims of the corpus and the faults need them.

What they say is public: CMS's list of tests granted waived status under CLIA and of codes excluded from it, its annual
therapy code list, its list of telehealth services, its JW and JZ modifier code list, and chapter 16 of the Medicare
Claims Processing Manual (the tests of a panel). Payers, NPIs, certificates and the policies of 2026 are made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrubber.content import content_folder
from scrubber.tables import TableSet
from scrubber.testing.corpus.practice import PAYERS, TAXONOMIES_OF_OTHERS
from scrubber.testing.corpus.scenarios import SPECIALTIES
from scrubber.testing.small_tables import write_small_table

_WAIVED_WITH_QW = (
    "80047", "80048", "80053", "80061", "80305", "81003", "82044", "82947", "82950", "83036", "83718", "84443", "84478",
    "85014", "85018", "85025", "85610", "86308", "87426", "87428", "87634", "87651", "87804", "87807", "87808", "87880",
)  # fmt: skip
_WAIVED_WITHOUT_QW = ("81002", "81025", "82270", "82272", "82962", "83026", "84830", "85013", "85651")
_NO_CERTIFICATE = ("86485", "86486", "86490", "86510", "86580", "88300", "89220")
_ALWAYS_THERAPY_BY_TIME = (
    "97032", "97033", "97034", "97035", "97110", "97112", "97113", "97116", "97124", "97140", "97530", "97533", "97535",
    "97537", "97542", "97750", "97755", "97760", "97761", "97763",
)  # fmt: skip
_ALWAYS_THERAPY = (
    "92507", "92508", "92521", "92522", "92523", "92524", "92526", "92597", "92607", "92608", "92609", "96125", "97012",
    "97016", "97018", "97022", "97024", "97026", "97028", "97150", "97161", "97162", "97163", "97164", "97165", "97166",
    "97167", "97168", "G0281", "G0283",
)  # fmt: skip
_SOMETIMES_THERAPY = ("92610", "95992", "97129", "97130", "97597", "97598", "97605", "97606", "97607", "97608", "97610")
_TELEHEALTH = (
    "90951", "90960", "96110", "96116", "96127", "97110", "97112", "97116", "97161", "97162", "97163", "97165",
    "97530", "97535", "97802", "97803", "99202", "99203", "99204", "99205", "99211", "99212", "99213", "99214",
    "99215", "99231", "99232", "99233", "99308", "99309", "99406", "99407", "99495", "99496", "99497", "G0108",
    "G0270", "G0406", "G0425", "G0438", "G0439", "G2211",
)  # fmt: skip
_TELEHEALTH_BY_SOUND = (
    "90785", "90791", "90792", "90832", "90833", "90834", "90836", "90837", "90838", "90839", "90840", "90846",
    "90847", "90853", "92507", "96130", "96131", "96136", "96137", "96160", "96161", "G0444",
)  # fmt: skip
_SINGLE_DOSE = (
    "J0178", "J0585", "J0696", "J0897", "J1010", "J1442", "J1745", "J1756", "J1885", "J2350", "J2357", "J2426", "J2469",
    "J2785", "J3420", "J9035", "J9217", "J9271", "J9299", "Q4186",
)  # fmt: skip
_PANELS = {
    "80061": ("82465", "83718", "84478"),
    "80048": ("82310", "82374", "82435", "82565", "82947", "84132", "84295", "84520"),
}

_OTHER_PAYERS = (("60054", "EXAMPLE PLAN"), ("09102", "MEDICARE OF AN EXAMPLE"), ("PLAN88", "ANOTHER EXAMPLE PLAN"))
"""Those of the shorthand of tests, and the first payer of claims that have two."""
_TAXONOMIES = sorted(
    {"261QA1903X", "261QM1300X", "291U00000X", "332B00000X", "341600000X", "367500000X", "193200000X",
     *TAXONOMIES_OF_OTHERS, *(code for specialty in SPECIALTIES.values() for code in specialty.taxonomies)}
)  # fmt: skip

LISTS: Mapping[str, Any] = {
    "clia": [
        *({"code": code, "waived": "true", "needs_qw": "true"} for code in _WAIVED_WITH_QW),
        *({"code": code, "waived": "true", "needs_qw": "false"} for code in _WAIVED_WITHOUT_QW),
        *({"code": code, "ppm": "true"} for code in ("81000", "81001", "87210", "87220", "89190", "Q0111", "Q0112")),
        *({"code": code, "excluded": "true"} for code in _NO_CERTIFICATE),
    ],
    "therapy_codes": [
        *({"code": code, "disposition": "always", "timed": "true"} for code in _ALWAYS_THERAPY_BY_TIME),
        *({"code": code, "disposition": "always", "timed": "false"} for code in _ALWAYS_THERAPY),
        *({"code": code, "disposition": "sometimes", "timed": "false"} for code in _SOMETIMES_THERAPY),
    ],
    "telehealth_codes": [
        *({"code": code, "audio_only": "false"} for code in _TELEHEALTH),
        *({"code": code, "audio_only": "true"} for code in _TELEHEALTH_BY_SOUND),
        *({"code": code, "audio_only": "true", "to": "2024-12-31"} for code in ("99441", "99442", "99443")),
    ],
    "drug_containers": [{"code": code, "single_dose": "true"} for code in _SINGLE_DOSE],
    "panels": [{"panel": panel, "member": member} for panel, members in _PANELS.items() for member in members],
    "payers": [{"payer": payer, "name": name} for payer, name in (*PAYERS.values(), *_OTHER_PAYERS)],
    "payer_rules": [
        {"payer": "60054", "procedure": "72148", "needs_authorization": "true", "policy": "list of 2026"},
        {"payer": "60054", "procedure": "70551", "needs_authorization": "true", "policy": "list of 2026"},
        {"payer": "60054", "procedure": "90837", "modifiers": "95 93", "place_of_service": "02 10"},
    ],
    "clia_certificates": [{"number": "11D7654321", "kind": "waiver"}],
    "npi_registry": [
        {"npi": "1003000126", "entity": "person"},
        {"npi": "1003000134", "entity": "person", "deactivated": "2020-03-31"},
        {"npi": "1003000142", "entity": "organization"},
    ],
    "timely_filing": {"key": ["payer", "form"], "rows": [{"payer": "60054", "form": "professional", "days": "90"}]},
    "taxonomy": [{"code": code, "title": "in use"} for code in _TAXONOMIES],
    "carc": [{"code": code, "title": "in use"} for code in ("1", "2", "3", "45", "50", "96", "97", "253")],
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
def tables_with_lists(folder: Path | str | None = None) -> Iterator[TableSet]:
    """The shipped tables, those of a folder, and the lists for what neither has."""
    at_hand = TableSet.open(folder)
    imported = [] if folder is None else [(Path(folder), True)]
    with TemporaryDirectory(prefix="scrubber-lists-", ignore_cleanup_errors=True) as name:
        for table, content in LISTS.items():
            if table in _BESIDE_IMPORTED or table not in at_hand:
                write_small_table(Path(name), table, content, at_hand.get(table))
        yield TableSet.from_folders([(content_folder("code_tables"), False), *imported, (Path(name), True)])
