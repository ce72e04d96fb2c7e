"""The names of the tables that rules may ask for, loaded or not: section 5 of the contract."""

from __future__ import annotations

from collections.abc import Mapping

SHIPPED = "shipped"

KNOWN_TABLES: Mapping[str, str] = {
    "icd10cm": SHIPPED,
    "icd10pcs": SHIPPED,
    "icd9cm": SHIPPED,
    "icd9proc": SHIPPED,
    "age_bands": SHIPPED,
    "discharge_status": SHIPPED,
    "place_of_service": SHIPPED,
    "hcpcs": "CMS HCPCS quarterly ANWEB file",
    "modifiers": "CMS HCPCS quarterly ANWEB file",
    "cpt": "your licensed AMA file",
    "cdt": "your licensed ADA file",
    "ncci_ptp_practitioner": "CMS NCCI PTP quarterly files, practitioner",
    "ncci_ptp_hospital": "CMS NCCI PTP quarterly files, outpatient hospital",
    "ncci_ptp_dme_medicaid": "CMS Medicaid NCCI PTP quarterly files, DME",
    "mue_practitioner": "CMS MUE quarterly file, practitioner",
    "mue_hospital": "CMS MUE quarterly file, outpatient hospital",
    "mue_dme": "CMS MUE quarterly file, DME supplier",
    "addon": "CMS add-on code edit file",
    "mpfs": "CMS PPRRVU file",
    "clia": "CMS waived, PPM and excluded lists",
    "therapy_codes": "CMS annual therapy code list",
    "telehealth_codes": "CMS list of telehealth services",
    "drug_containers": "CMS JW and JZ code list",
    "oce_lists": "CMS I/OCE quarterly data files",
    "npi_registry": "NPPES extract",
    "timely_filing": "your own list",
    "payer_rules": "your own list",
    "rev_hcpcs": "your own list",
    "ub_codes": "your licensed NUBC list",
    "panels": "your licensed AMA list",
    "coverage": "Medicare Coverage Database export, or your own list",
    "opps": "CMS OPPS Addendum B",
    "type_of_bill": "your licensed NUBC list",
    "revenue_code": "your licensed NUBC list",
    "taxonomy": "your licensed NUCC list",
    "carc": "X12 external code list",
    "rarc": "X12 external code list",
}
"""Where each table comes from: shipped with the library, or what to import."""
