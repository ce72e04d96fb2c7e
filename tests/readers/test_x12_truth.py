"""Every field of generated 837 files equals what the generator says it wrote."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrubber.claim import Claim, OtherPayer, Provider, ServiceLine
from scrubber.readers.x12 import read_x12

GENERATOR = Path(__file__).parents[3] / "shared" / "tools" / "gen837.py"
pytestmark = pytest.mark.skipif(not GENERATOR.exists(), reason="the generator of 837 files is not beside the checkout")

Truth = dict[str, Any]

FORMS = {"P": "professional", "I": "institutional", "D": "dental"}
RELATIONSHIPS = {"01": "spouse", "19": "child", "18": "self"}
KINDS = {"MA": "medicare", "MB": "medicare", "CI": "commercial", "BL": "commercial"}
SHAPES = {
    "plain": [],
    "crlf": ["--crlf", "--seed", "7"],
    "no-breaks": ["--no-nl", "--seed", "11"],
    "small-sets": ["--per-st", "7", "--seed", "5"],
    "other-separators": ["--no-nl", "--el", "|", "--sub", ">", "--seg", "!", "--rep", "{"],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", FORMS)
def test_claims_equal_the_truth(kind: str, shape: str, tmp_path: Path) -> None:
    file, truth = tmp_path / "claims.837", tmp_path / "truth.jsonl"
    count = "300" if shape == "plain" else "60"
    command = [sys.executable, str(GENERATOR), kind, count, "-o", str(file), "--truth", str(truth), *SHAPES[shape]]
    subprocess.run(command, check=True)
    expected = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    claims = list(read_x12(io.BytesIO(file.read_bytes()), "claims.837"))
    assert len(claims) == len(expected)
    for index, (claim, wanted) in enumerate(zip(claims, expected, strict=True)):
        assert claim.origin is not None
        assert claim.origin.index == index
        assert claim.origin.faults == ()
        assert list(differences(claim, wanted)) == []


def differences(claim: Claim, truth: Truth) -> Iterator[tuple[str, object, object]]:
    """Field, value and true value, wherever they differ."""
    for field, value, wanted in compared(claim, truth):
        if value != wanted:
            yield field, value, wanted


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def money(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def compared(claim: Claim, c: Truth) -> Iterator[tuple[str, object, object]]:
    kind, medicare = c["kind"], c["payer"]["filing"] in ("MA", "MB")
    yield "claim_id", claim.claim_id, c["id"]
    yield "form", claim.form, FORMS[kind]
    yield "frequency", claim.frequency, c["freq"]
    yield "total_charge", claim.total_charge, money(c["charge"])
    yield "original_reference", claim.original_reference, c["orig_ref"]
    yield "prior_authorization", claim.prior_authorization, c["auth"]
    payer = (claim.payer.id, claim.payer.name, claim.payer.kind, claim.payer.filing_indicator)
    filing = c["payer"]["filing"]
    yield "payer", payer, (c["payer"]["id"], c["payer"]["name"], KINDS[filing], filing)
    yield "payer_sequence", claim.payer_sequence, "secondary" if c["cob"] else "primary"
    yield "member_id", claim.subscriber.member_id, c["subscriber"]["member_id"]
    yield "group_number", claim.subscriber.group_number, None if medicare else "GRP1"
    relationship = RELATIONSHIPS[c["patient"]["relationship"]] if c["patient"] else "self"
    yield "relationship", claim.subscriber.relationship, relationship
    yield "subscriber name", claim.subscriber.last_name, c["subscriber"]["last"]
    yield from person(claim, c["patient"] or c["subscriber"])
    if not c["patient"]:
        yield "subscriber.birth_date", claim.subscriber.birth_date, day(c["subscriber"]["dob"])
        yield "subscriber.sex", claim.subscriber.sex, c["subscriber"]["sex"]
    yield from billing(claim.billing_provider, c["billing"])
    yield "repricing", priced(claim), c["hcp"]
    yield from codes(claim, c)
    if kind == "P":
        yield from professional(claim, c)
    elif kind == "I":
        yield from institutional(claim, c)
    else:
        yield "place_of_service", claim.place_of_service, c["pos"]
        yield from provider("rendering", claim.rendering_provider, c["rendering"], c["rendering_taxonomy"])
    yield "lines", len(claim.lines), len(c["lines"])
    for index, (line, wanted) in enumerate(zip(claim.lines, c["lines"], strict=True)):
        yield from service(f"lines[{index}].", line, wanted, c)
    yield "other payers", len(claim.other_payers), 1 if c["cob"] else 0
    if c["cob"]:
        yield from other_payer(claim.other_payers[0], c)


def person(claim: Claim, truth: Truth) -> Iterator[tuple[str, object, object]]:
    patient = claim.patient
    yield "patient name", (patient.last_name, patient.first_name), (truth["last"], truth["first"])
    yield "patient.birth_date", patient.birth_date, day(truth["dob"])
    yield "patient.sex", patient.sex, truth["sex"]
    yield "patient.state", patient.state, truth["state"]
    assert patient.address is not None
    address = (patient.address.line1, patient.address.city, patient.address.state, patient.address.zip)
    yield "patient.address", address, (truth["addr"], truth["city"], truth["state"], truth["zip"])


def billing(found: Provider, truth: Truth) -> Iterator[tuple[str, object, object]]:
    yield "billing", (found.npi, found.taxonomy, found.tax_id), (truth["npi"], truth["taxonomy"], truth["tax_id"])
    yield "billing.name", (found.name, found.entity), (truth["name"], "organization")
    assert found.address is not None
    yield "billing.address", (found.address.line1, found.address.city), (truth["addr"], truth["city"])
    yield "billing.zip", (found.zip, found.address.zip), (truth["zip"], truth["zip"])
    pay_to = found.pay_to_address.line1 if found.pay_to_address else ""
    yield "billing.pay_to_address", pay_to, truth["pay_to"]


def provider(
    role: str, found: Provider | None, truth: Truth | None, taxonomy: str | None = None
) -> Iterator[tuple[str, object, object]]:
    if truth is None or found is None:
        yield role, found, truth
        return
    yield role, (found.npi, found.name, found.first_name), (truth["npi"], truth["last"], truth["first"])
    yield role + ".taxonomy", found.taxonomy, taxonomy


def priced(claim: Claim) -> Truth | None:
    if claim.repricing is None:
        return None
    found = claim.repricing
    return {
        "method": found.method,
        "allowed": plain(found.allowed),
        "saved": plain(found.saved),
    }


def plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def codes(claim: Claim, c: Truth) -> Iterator[tuple[str, object, object]]:
    wanted = [(code, "other" if index else "principal") for index, code in enumerate(c["dx"])]
    if c["kind"] == "D":
        wanted = wanted[:4]
    if c["kind"] == "I":
        extra = [(c["dx"][0], "admitting")] if c["tob"] == "11" else []
        wanted[1:1] = extra + [(code, "reason_for_visit") for code in c["reason"]]
        marks = [d.poa or "" for d in claim.diagnoses if d.kind in ("principal", "other")]
        yield "poa", marks, c["poa"] or [""] * len(c["dx"])
    yield "diagnoses", [(d.code, d.kind) for d in claim.diagnoses], wanted
    yield "code sets", {d.code_set for d in claim.diagnoses} - {"icd10"}, set()


def professional(claim: Claim, c: Truth) -> Iterator[tuple[str, object, object]]:
    yield "place_of_service", claim.place_of_service, c["pos"]
    yield from provider("rendering", claim.rendering_provider, c["rendering"], c["rendering_taxonomy"])
    yield from provider("referring", claim.referring_provider, c["referring"])
    facility = claim.service_facility
    found = facility and (facility.npi, facility.name, facility.zip)
    yield "facility", found, c["facility"] and tuple(c["facility"][key] for key in ("npi", "name", "zip"))
    yield "clia", claim.clia_number, c["clia"]
    yield "onset", claim.onset_date, day(c["onset"])
    yield "initial", claim.initial_treatment_date, day(c["initial"])
    accident = claim.accident
    yield "accident", accident and (accident.date, accident.other), c["accident"] and (day(c["accident"]["date"]), True)
    yield "note", claim.claim_note, "CORRECTED CLAIM" if c["freq"] == "7" else None
    yield "admission", claim.admission_date, day(c["from"]) if c["pos"] == "21" else None


def institutional(claim: Claim, c: Truth) -> Iterator[tuple[str, object, object]]:
    inpatient = c["tob"] == "11"
    yield "type_of_bill", claim.type_of_bill, "0" + c["tob"] + c["freq"]
    yield "statement", (claim.statement_from, claim.statement_to), (day(c["from"]), day(c["to"]))
    yield "admission", claim.admission_date, day(c["from"]) if inpatient else None
    yield "hours", (claim.admission_hour, claim.discharge_hour), ("08", "11") if inpatient else (None, None)
    admitted = (claim.admission_type, claim.admission_source, claim.discharge_status)
    yield "admit", admitted, (c["admit"]["type"], c["admit"]["source"], c["admit"]["status"])
    yield "drg", claim.drg, c["drg"]
    yield from provider("attending", claim.attending_provider, c["attending"], "207R00000X")
    yield "occurrences", [(o.code, o.date) for o in claim.occurrence_codes], [(k, day(d)) for k, d in c["occ"]]
    yield "values", [(v.code, v.amount) for v in claim.value_codes], [(k, money(a)) for k, a in c["value"]]
    yield "conditions", list(claim.condition_codes), c["cond"]
    yield "procedures", [(p.code, p.date) for p in claim.procedures], [(k, day(d)) for k, d in c["proc"]]


def service(at: str, line: ServiceLine, truth: Truth, c: Truth) -> Iterator[tuple[str, object, object]]:
    yield at + "number", line.number, truth["lx"]
    yield at + "procedure", line.procedure, truth["code"]
    yield at + "modifiers", list(line.modifiers), truth["mods"]
    yield at + "units", line.units, money(truth["units"])
    yield at + "unit", line.unit, None if c["kind"] == "D" else truth["unit"]
    yield at + "minutes", line.minutes, money(truth["units"]) if truth["unit"] == "MJ" else None
    yield at + "charge", line.charge, money(truth["charge"])
    yield at + "service_date", line.service_date, day(truth["from"])
    yield at + "service_date_end", line.service_date_end, None
    if c["kind"] == "P":
        yield at + "pointers", list(line.diagnosis_pointers), truth["pointers"]
    if c["kind"] == "D":
        yield at + "pointers", list(line.diagnosis_pointers), [1] if c["dx"] else []
    yield at + "revenue_code", line.revenue_code, truth.get("rev")
    yield at + "control_number", line.control_number, truth["control"]
    for field, key in (("tooth", "tooth"), ("surfaces", "surfaces"), ("oral_cavity", "quadrant")):
        yield at + field, getattr(line, field), truth.get(key)
    yield at + "prosthesis", line.prosthesis, truth.get("prosthesis")
    ndc = truth.get("ndc") or {"code": None, "qty": None, "unit": None}
    drug = (line.ndc, line.ndc_quantity, line.ndc_unit)
    yield at + "ndc", drug, (ndc["code"], money(ndc["qty"]), ndc["unit"])


def other_payer(found: OtherPayer, c: Truth) -> Iterator[tuple[str, object, object]]:
    cob = c["cob"]
    yield "other payer", (found.id, found.name), (cob["payer"]["id"], cob["payer"]["name"])
    yield "other payer.sequence", (found.sequence, found.kind), ("primary", "commercial")
    yield "other payer.paid", (found.paid, found.patient_owes), (money(cob["paid"]), money(cob["patient_owes"]))
    yield "other payer.group", found.group_number, cob["group"]
    yield "other payer.member", found.member_id, "O" + c["subscriber"]["member_id"]
    yield "other payer.lines", len(found.lines), len(c["lines"])
    for index, (line, truth) in enumerate(zip(found.lines, c["lines"], strict=True)):
        svd = truth["svd"]
        at = f"other payer.lines[{index}]."
        yield at + "line", (line.line, line.procedure, line.units), (index + 1, truth["code"], money(truth["units"]))
        yield at + "paid", (line.paid, line.paid_date), (money(svd["paid"]), day(svd["date"]))
        adjusted = [(a.group, a.carc, a.amount) for a in line.adjustments]
        yield at + "adjustments", adjusted, [(group, reason, money(amount)) for group, reason, amount in svd["cas"]]
