"""A draft into a `Claim`: puts together what the levels, the claim and its lines give."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrubber.claim import Claim, OtherPayer, OtherPayerLine, Provider, ReadProblem, ServiceLine, StructuralFault
from scrubber.readers.x12.claim_level import claim_level
from scrubber.readers.x12.code_sets import code_set_faults
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.elements import element_faults
from scrubber.readers.x12.faults import fault, place
from scrubber.readers.x12.line_level import Adjudication, adjustments, service_line, unknown_payer
from scrubber.readers.x12.loops import SERVICES, Loop, line_groups, other_payer_groups, relabel
from scrubber.readers.x12.origin import X12Origin
from scrubber.readers.x12.parties import SEQUENCES, Insured, billing_provider, payer_kind, relationship
from scrubber.readers.x12.structure import structural_faults
from scrubber.readers.x12.values import Values, at, name_at


class Builder:
    """Makes claims of drafts. Stateful only as a cache: neighbours share their billing provider and subscriber."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._clean: set[tuple[str, ...]] = set()
        self._billing: tuple[list[Loop], Provider] | None = None
        self._insured: tuple[list[Loop], list[Loop], Insured, list[StructuralFault]] | None = None

    def claim(self, draft: Draft) -> Claim:
        """The claim of a draft, with its origin and faults."""
        values = Values(draft.faults, draft.component)
        _form_by_content(draft)
        insured = self._insured_of(draft)
        fields = claim_level(draft, values)
        shared = fields.pop("service_date", None), fields.pop("service_date_end", None)
        if draft.form != "dental":
            shared = None, None
        adjudications: list[Adjudication] = []
        lines = []
        for index, group in enumerate(line_groups(draft.loops)):
            values.prefix = f"lines[{index}]."
            lines.append(service_line(group, index + 1, draft, shared, values, adjudications))
        values.prefix = ""
        if insured.property_casualty_number is not None:
            fields["property_casualty_number"] = insured.property_casualty_number
        other_payers = _other_payers(draft, adjudications, values)
        draft.faults += code_set_faults(draft, fields, _days(draft, fields, lines))
        draft.faults += element_faults(draft)
        draft.faults += structural_faults(draft, self._clean)
        return Claim(
            form=draft.form,
            payer=insured.payer,
            payer_sequence=insured.payer_sequence,
            subscriber=insured.subscriber,
            patient=insured.patient,
            billing_provider=self._billing_of(draft),
            other_payers=other_payers,
            lines=tuple(lines),
            origin=X12Origin(
                source=self.source,
                index=draft.index,
                problems=_lost(draft.faults) if draft.faults else (),
                faults=tuple(draft.faults),
                draft=draft,
            ),
            **fields,
        )

    def _billing_of(self, draft: Draft) -> Provider:
        if self._billing is None or self._billing[0] is not draft.billing:
            self._billing = draft.billing, billing_provider(draft.billing)
        return self._billing[1]

    def _insured_of(self, draft: Draft) -> Insured:
        known = self._insured
        if known is None or known[0] is not draft.subscriber or known[1] is not draft.patient:
            faults: list[StructuralFault] = []
            insured = Insured(draft.subscriber, draft.patient, Values(faults, draft.component))
            known = self._insured = draft.subscriber, draft.patient, insured, faults
        draft.faults += known[3]
        return known[2]


def _form_by_content(draft: Draft) -> None:
    """Read a claim by its service lines where its guide is another's; say so where the guide was named."""
    for loop in draft.loops:
        if loop.id != "2400":
            continue
        for segment in loop.segments:
            form = SERVICES.get(segment[0])
            if form is None:
                continue
            if form != draft.form:
                if draft.guide.form is not None:
                    number = loop.number_of(segment)
                    text = (
                        f"The guide is for {draft.form} claims, the service line at segment {number} is {segment[0]}."
                    )
                    where = place(number, "2400", segment[0])
                    draft.faults.append(fault("EDI104", "content-differs", text, where, segment[0]))
                draft.form = form
                relabel(draft.loops, form, draft.guide.old)
            return


def _days(draft: Draft, fields: dict[str, Any], lines: list[ServiceLine]) -> list[date]:
    """The dates that decide which code set holds: the end of an institutional claim, else the lines' dates."""
    if draft.form == "institutional" and fields.get("statement_to"):
        return [fields["statement_to"]]
    return [line.service_date for line in lines if line.service_date is not None]


def _other_payers(draft: Draft, adjudications: list[Adjudication], values: Values) -> tuple[OtherPayer, ...]:
    groups = list(other_payer_groups(draft.loops))
    if not groups and not adjudications:
        return ()
    payers = [_other_payer(group, index, values) for index, group in enumerate(groups)]
    lines: list[list[OtherPayerLine]] = [[] for _ in payers]
    reported: set[str | None] = set()
    for settled in adjudications:
        index = next((i for i, payer in enumerate(payers) if payer["id"] == settled[0]), None)
        if index is None and settled[0] not in reported:
            values.faults.append(unknown_payer(settled, alone=len(payers) == 1))
            reported.add(settled[0])
        if index is not None or len(payers) == 1:
            lines[index or 0].append(settled[1])
    return tuple(OtherPayer(lines=tuple(own), **payer) for payer, own in zip(payers, lines, strict=True))


def _other_payer(group: list[Loop], index: int, values: Values) -> dict[str, Any]:
    """Loops 2320, 2330A and 2330B."""
    values.prefix = f"other_payers[{index}]."
    fields: dict[str, Any] = {"id": None}
    adjusted = []
    paid_date: date | None = None
    for loop in group:
        first = loop.segments[0]
        if loop.id == "2320":
            for segment in loop.segments:
                if segment[0] == "SBR":
                    fields["sequence"] = SEQUENCES.get(at(segment, 1) or "")
                    fields["relationship"] = relationship(at(segment, 2))
                    fields["group_number"] = at(segment, 3)
                    fields["insurance_type"] = at(segment, 5)
                    fields["filing_indicator"] = at(segment, 9)
                    fields["kind"] = payer_kind(at(segment, 9))
                elif segment[0] == "CAS":
                    adjusted += adjustments(segment, loop, values, "adjustments")
                elif segment[0] == "AMT":
                    amount = {"D": "paid", "EAF": "patient_owes", "F2": "patient_owes"}.get(at(segment, 1) or "")
                    if amount:
                        fields[amount] = values.number(loop, segment, 2, amount)
        elif loop.id == "2330A":
            fields["member_id"] = at(first, 9)
        elif loop.id == "2330B":
            fields["id"], fields["name"] = at(first, 9), name_at(first, 3)
            for segment in loop.segments:
                if segment[0] == "DTP" and at(segment, 1) == "573":
                    paid_date = values.period(loop, segment, "paid_date")[0]
    values.prefix = ""
    return {**fields, "paid_date": paid_date, "adjustments": tuple(adjusted)}


def _lost(faults: list[StructuralFault]) -> tuple[ReadProblem, ...]:
    """What a cut input lost: no choice of rules may turn a claim that was read in part into one that passes."""
    return tuple(
        ReadProblem(message=found.text, position=found.position, hint="Send the whole file again.")
        for found in faults
        if found.variant == "truncated"
    )
