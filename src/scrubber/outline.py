"""The outline of a claim: the part of it that a report may show beside the findings."""

from __future__ import annotations

from scrubber.claim import Claim
from scrubber.engine.wording import NOT_SHOWN, may_be_shown
from scrubber.findings import ClaimOutline, OutlineDiagnosis, OutlineLine


def outline_of(claim: Claim) -> ClaimOutline:
    """The codes, amounts and days of service of a claim; no names, ids of persons, addresses, birth dates or notes.

    In a damaged file these may stand where a code belongs: there it is not shown, as in messages.
    """
    return ClaimOutline(
        form=claim.form,
        payer_kind=claim.payer.kind,
        payer_id=claim.payer.id,
        payer_name=claim.payer.name,
        type_of_bill=_code(claim.type_of_bill),
        total_charge=claim.total_charge,
        diagnoses=tuple(
            OutlineDiagnosis(number=number, code=_code(diagnosis.code), kind=diagnosis.kind)
            for number, diagnosis in enumerate(claim.diagnoses, start=1)
        ),
        lines=tuple(
            OutlineLine(
                number=number,
                procedure=_code(line.procedure),
                revenue_code=_code(line.revenue_code),
                modifiers=tuple(modifier if may_be_shown(modifier) else NOT_SHOWN for modifier in line.modifiers),
                units=line.units,
                charge=line.charge,
                service_date=line.service_date,
                service_date_end=line.service_date_end,
                place_of_service=_code(line.place_of_service or claim.place_of_service),
                diagnosis_pointers=line.diagnosis_pointers,
            )
            for number, line in enumerate(claim.lines, start=1)
        ),
    )


def _code(written: str | None) -> str | None:
    return written if written is None or may_be_shown(written) else NOT_SHOWN
