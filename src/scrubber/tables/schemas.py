"""Every table that rules may ask for (section 5 of the contract): its key, columns, origin and rhythm, declared once.

The look-up command, the rule loader and the importers all read these, so that a column has one name everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from attrs import frozen

from scrubber.tables.model import Column

SHIPPED = "shipped"

Rhythm = Literal["quarterly", "yearly"]


@frozen
class TableSchema:
    """What a table is made of, whether it is loaded or not.

    Where `columns` is blank the files name their own: the shipped tables, and lists of the user's own.
    """

    name: str
    key: tuple[str, ...]
    comes_from: str
    columns: tuple[Column, ...] = ()
    has_ended: bool = False  # a code set of the past: nobody expects it to answer for today
    rhythm: Rhythm | None = None  # how often its publisher brings a new edition
    history_from: date | None = None  # an edition answers for all days since; None: for its own period only
    several_in_force: bool = False  # whether a key may have several rows in force on one day
    procedures_in: tuple[str, ...] = ()  # the parts of the key and the columns that hold procedure codes
    least_rows: int = 0  # a full edition has more: fewer mean an excerpt or a missing part

    @property
    def short_columns(self) -> tuple[Column, ...]:
        """The columns whose values stand in `TableRow.values`."""
        return tuple(column for column in self.columns if not column.is_long)

    @property
    def long_columns(self) -> tuple[Column, ...]:
        """The columns whose texts stand in `TableRow.texts`."""
        return tuple(column for column in self.columns if column.is_long)


def _ptp(name: str, what: str, least_rows: int) -> TableSchema:
    return TableSchema(
        name=name,
        key=("column_1", "column_2"),
        comes_from=what,
        columns=(
            Column("modifier_indicator", "text", "0 no modifier helps, 1 a modifier may, 9 the edit does not apply"),
            Column("before_1996", "flag", "the edit existed before 1996"),
            Column("rationale", "text", "why the edit exists, in the words of CMS"),
        ),
        rhythm="quarterly",
        history_from=date(1996, 1, 1),
        # A pair may be deleted and stated anew on one day, and one pair stands twice for two reasons.
        several_in_force=True,
        procedures_in=("column_1", "column_2"),
        least_rows=least_rows,
    )


def _mue(name: str, what: str, least_rows: int) -> TableSchema:
    return TableSchema(
        name=name,
        key=("code",),
        comes_from=what,
        columns=(
            Column("value", "number", "most units of one patient, provider and day (or of one line: see mai)"),
            Column("mai", "number", "adjudication indicator: 1 by line, 2 by day (policy), 3 by day (clinical)"),
            Column("rationale", "text", "why the limit exists, in the words of CMS"),
        ),
        rhythm="quarterly",
        procedures_in=("code",),
        least_rows=least_rows,
    )


_HCPCS_DATES = (
    Column("added", "date", "the day on which the code was added"),
    Column("terminated", "date", "the last day of the code; blank while it is open"),
)

_MPFS = (
    Column("status", "text", "status code: A active, B bundled, C carrier priced, I not valid for Medicare, N …"),
    Column("pctc", "text", "professional and technical component indicator"),
    Column("global_days", "text", "000, 010, 090, MMM, XXX, YYY or ZZZ"),
    Column("multiple", "text", "multiple procedures indicator"),
    Column("bilateral", "text", "bilateral surgery indicator"),
    Column("assistant", "text", "assistant at surgery indicator"),
    Column("cosurgeons", "text", "co-surgeons indicator"),
    Column("team", "text", "team surgery indicator"),
    Column("endoscopic_base", "text", "the base code of an endoscopy family"),
    Column("physician_supervision", "text", "supervision of diagnostic procedures"),
    Column("diagnostic_imaging_family", "text", "diagnostic imaging family indicator"),
    Column("not_used_for_medicare", "flag", "the value is not used for Medicare payment"),
    Column("nonfacility_na", "flag", "not performed outside a facility"),
    Column("facility_na", "flag", "not performed in a facility"),
    Column("work_rvu", "decimal", "relative value of work"),
    Column("nonfacility_pe_rvu", "decimal", "relative value of practice expense outside a facility"),
    Column("facility_pe_rvu", "decimal", "relative value of practice expense in a facility"),
    Column("malpractice_rvu", "decimal", "relative value of malpractice expense"),
    Column("nonfacility_total", "decimal", "total relative value outside a facility"),
    Column("facility_total", "decimal", "total relative value in a facility"),
    Column("preoperative", "decimal", "share of the work before the operation"),
    Column("intraoperative", "decimal", "share of the operation itself"),
    Column("postoperative", "decimal", "share of the work after the operation"),
)

_GEM = (
    Column("target", "text", "the code in the other code set; blank where there is none"),
    Column("approximate", "flag", "the codes do not mean quite the same"),
    Column("no_map", "flag", "the other code set has no such code"),
    Column("combination", "flag", "several targets together stand for the code"),
    Column("scenario", "number", "which way of combining targets the row belongs to; 0 where none"),
    Column("choice_list", "number", "the place of the target within its scenario; 0 where none"),
)

_SCHEMAS = (
    TableSchema("icd10cm", ("code",), SHIPPED, rhythm="yearly", history_from=date(2015, 10, 1)),
    TableSchema("icd10pcs", ("code",), SHIPPED, rhythm="yearly", history_from=date(2015, 10, 1)),
    TableSchema("icd9cm", ("code",), SHIPPED, has_ended=True),
    TableSchema("icd9proc", ("code",), SHIPPED, has_ended=True),
    TableSchema("age_bands", ("age_class",), SHIPPED),
    TableSchema("discharge_status", ("code",), SHIPPED),
    TableSchema("place_of_service", ("code",), SHIPPED),
    TableSchema(
        "hcpcs",
        ("code",),
        "CMS HCPCS quarterly ANWEB file",
        columns=(
            *_HCPCS_DATES,
            Column("price_indicator", "text", "the first pricing indicator: 00 not priced, 32 DME rental, 36 capped …"),
            Column("price_indicators", "text", "all pricing indicators, up to four, blanks between them"),
            Column("coverage", "text", "coverage code: C carrier judgment, D special, I invalid, M or S not covered"),
            Column("type_of_service", "text", "types of service, up to five, blanks between them"),
            Column("betos", "text", "Berenson-Eggers type of service"),
            Column("processing_note", "text", "number of the processing note"),
            Column("action", "text", "action code: A added, D discontinued, N no change …"),
            Column("short_title", "long_text", "short description"),
            Column("title", "long_text", "long description"),
        ),
        rhythm="quarterly",
        history_from=date(1982, 1, 1),
        procedures_in=(),
        least_rows=5_000,
    ),
    TableSchema(
        "modifiers",
        ("code",),
        "CMS HCPCS quarterly ANWEB file",
        columns=(
            *_HCPCS_DATES,
            Column("coverage", "text", "coverage code, as in hcpcs"),
            Column("action", "text", "action code, as in hcpcs"),
            Column("short_title", "long_text", "short description"),
            Column("title", "long_text", "long description"),
        ),
        rhythm="quarterly",
        history_from=date(1982, 1, 1),
        least_rows=200,
    ),
    TableSchema(
        "cpt",
        ("code",),
        "your licensed AMA file",
        columns=(
            Column("short_title", "long_text", "short descriptor"),
            Column("medium_title", "long_text", "medium descriptor"),
            Column("title", "long_text", "long descriptor"),
        ),
        rhythm="yearly",
        least_rows=5_000,
    ),
    TableSchema("cdt", ("code",), "your licensed ADA file"),
    _ptp("ncci_ptp_practitioner", "CMS NCCI PTP quarterly files, practitioner", 1_000_000),
    _ptp("ncci_ptp_hospital", "CMS NCCI PTP quarterly files, outpatient hospital", 1_000_000),
    _ptp("ncci_ptp_practitioner_medicaid", "CMS Medicaid NCCI PTP quarterly files, practitioner", 1_000),
    _ptp("ncci_ptp_hospital_medicaid", "CMS Medicaid NCCI PTP quarterly files, outpatient hospital", 1_000),
    _ptp("ncci_ptp_dme_medicaid", "CMS Medicaid NCCI PTP quarterly files, DME", 1_000),
    _mue("mue_practitioner", "CMS MUE quarterly file, practitioner", 8_000),
    _mue("mue_hospital", "CMS MUE quarterly file, outpatient hospital", 8_000),
    _mue("mue_dme", "CMS MUE quarterly file, DME supplier", 1_500),
    _mue("mue_practitioner_medicaid", "CMS Medicaid MUE quarterly file, practitioner", 1_000),
    _mue("mue_hospital_medicaid", "CMS Medicaid MUE quarterly file, outpatient hospital", 1_000),
    _mue("mue_dme_medicaid", "CMS Medicaid MUE quarterly file, DME supplier", 1_000),
    TableSchema(
        "addon",
        ("code",),
        "CMS add-on code edit file",
        columns=(
            Column("primary", "text", "a code that the add-on may stand with; CCCCC: the contractor names them"),
            Column("edit_type", "number", "1 all primaries are listed, 2 none is, 3 some are"),
            Column("contractor_defined", "flag", "whether the row says CCCCC: primaries are the contractor's to name"),
            Column("addon_deleted", "date", "the last day of the add-on code"),
            Column("primary_deleted", "date", "the last day of the primary code"),
            Column("instructions", "text", "special instructions, in the words of CMS"),
        ),
        rhythm="quarterly",
        history_from=date(2013, 4, 1),
        several_in_force=True,
        procedures_in=("code", "primary"),
        least_rows=4_000,
    ),
    TableSchema(
        "mpfs",
        ("code", "modifier"),
        "CMS PPRRVU file",
        columns=_MPFS,
        rhythm="quarterly",
        procedures_in=("code",),
        least_rows=10_000,
    ),
    TableSchema(
        "opps",
        ("code",),
        "CMS OPPS Addendum B",
        columns=(
            Column("status_indicator", "text", "how the hospital is paid: J1, N, Q1, S, T, V …"),
            Column("apc", "text", "ambulatory payment classification"),
            Column("relative_weight", "decimal", "relative weight"),
            Column("payment_rate", "decimal", "national payment rate"),
            Column("national_copayment", "decimal", "national unadjusted copayment"),
            Column("minimum_copayment", "decimal", "minimum unadjusted copayment"),
        ),
        rhythm="quarterly",
        procedures_in=("code",),
        least_rows=10_000,
    ),
    TableSchema(
        "coverage",
        ("procedure", "jurisdiction"),
        "Medicare Coverage Database export, or your own list",
        columns=(
            Column("policy", "text", "the article or determination, such as A56781"),
            Column("version", "number", "its version"),
            Column("kind", "text", "Medicare's article, lcd or ncd; policy, or blank: that of another payer"),
            Column("determination", "text", "the determination that an article belongs to, such as L33577"),
            Column("diagnosis_list", "text", "key of its diagnoses in coverage_diagnoses"),
            Column("lists_covered", "flag", "whether it lists diagnoses that support the procedure"),
            Column("lists_noncovered", "flag", "whether it lists diagnoses that do not"),
            Column("modifiers", "text", "modifiers of which it demands one on the line, blanks between them"),
            Column("title", "long_text", "its title"),
        ),
        several_in_force=True,
        procedures_in=("procedure",),
    ),
    TableSchema(
        "coverage_diagnoses",
        ("diagnosis_list", "diagnosis"),
        "Medicare Coverage Database export, or your own list",
        columns=(
            Column("covered", "flag", "the diagnosis stands in a covered group"),
            Column("noncovered", "flag", "the diagnosis stands in a group that is not covered"),
            Column("groups", "text", "numbers of the covered groups, blanks between them"),
            Column("only_with", "text", "groups of each of which another diagnosis is needed beside it"),
        ),
    ),
    TableSchema(
        "clia",
        ("code",),
        "CMS waived, PPM and excluded lists",
        columns=(
            Column("waived", "flag", "a waived test, or one that has a waived version"),
            Column("needs_qw", "flag", "its waived version is billed with QW"),
            Column("ppm", "flag", "a microscopy that a provider may perform"),
            Column("excluded", "flag", "excluded from CLIA: no certificate is needed"),
        ),
        procedures_in=("code",),
    ),
    TableSchema(
        "therapy_codes",
        ("code",),
        "CMS annual therapy code list",
        columns=(
            Column("disposition", "text", "always or sometimes a therapy service"),
            Column("timed", "flag", "counted in units of 15 minutes"),
        ),
        rhythm="yearly",
        procedures_in=("code",),
    ),
    TableSchema(
        "telehealth_codes",
        ("code",),
        "CMS list of telehealth services",
        columns=(Column("audio_only", "flag", "may be furnished by sound alone"),),
        rhythm="yearly",
        procedures_in=("code",),
    ),
    TableSchema(
        "drug_containers",
        ("code",),
        "CMS JW and JZ code list",
        columns=(Column("single_dose", "flag", "sold in single-dose containers only, so JW or JZ is due"),),
        rhythm="yearly",
        procedures_in=("code",),
    ),
    TableSchema(
        "oce_lists",
        ("code",),
        "CMS I/OCE quarterly data files",
        columns=(
            Column("sex", "text", "M or F: the sex of the patients of a procedure; blank for procedures of anybody"),
        ),
        rhythm="quarterly",
    ),
    TableSchema(
        "npi_registry",
        ("npi",),
        "NPPES extract",
        columns=(
            Column("entity", "text", "person or organization"),
            Column("deactivated", "date", "the day on which the number was deactivated"),
            Column("reactivated", "date", "the day on which it was reactivated"),
        ),
    ),
    TableSchema("timely_filing", ("payer",), "your own list"),
    TableSchema("payers", ("payer",), "your own list", columns=(Column("name", "text", "the payer's name"),)),
    TableSchema(
        "payer_rules",
        ("payer", "procedure"),
        "your own list",
        columns=(
            Column("revenue_code", "text", "only on lines with one of these revenue codes, blanks between them"),
            Column("place_of_service", "text", "only in these places of service, blanks between them"),
            Column("needs_authorization", "flag", "the service needs an authorization number"),
            Column("modifiers", "text", "modifiers of which one must stand on the line, blanks between them"),
            Column("policy", "text", "where the payer says so"),
        ),
        several_in_force=True,
    ),
    TableSchema("rev_hcpcs", ("revenue_code",), "your own list"),
    TableSchema("ub_codes", ("code",), "your licensed NUBC list"),
    TableSchema(
        "panels",
        ("panel",),
        "your licensed AMA list",
        columns=(Column("member", "text", "a test of the panel: one row for each"),),
        several_in_force=True,
        procedures_in=("panel", "member"),
    ),
    TableSchema(
        "clia_certificates",
        ("number",),
        "CMS CLIA laboratory look-up, or your own list",
        columns=(Column("kind", "text", "waiver, microscopy, registration, compliance or accreditation"),),
    ),
    TableSchema("type_of_bill", ("code",), "your licensed NUBC list"),
    TableSchema("revenue_code", ("code",), "your licensed NUBC list"),
    TableSchema("taxonomy", ("code",), "your licensed NUCC list"),
    TableSchema("carc", ("code",), "X12 external code list"),
    TableSchema("rarc", ("code",), "X12 external code list"),
    TableSchema(
        "poa_exempt",
        ("code",),
        "CMS list of diagnoses exempt from present-on-admission reporting",
        columns=(Column("title", "long_text", "the text beside the code in the list"),),
        rhythm="yearly",
        least_rows=20_000,
    ),
    TableSchema(
        "gem_icd9_to_icd10",
        ("code",),
        "CMS general equivalence mappings of 2018",
        columns=_GEM,
        several_in_force=True,
    ),
    TableSchema(
        "gem_icd10_to_icd9",
        ("code",),
        "CMS general equivalence mappings of 2018",
        columns=_GEM,
        several_in_force=True,
    ),
)

SCHEMAS: Mapping[str, TableSchema] = {schema.name: schema for schema in _SCHEMAS}
"""Every known table by name."""

KNOWN_TABLES: Mapping[str, str] = {schema.name: schema.comes_from for schema in _SCHEMAS}
"""Where each table comes from: shipped with the library, or what to import."""
