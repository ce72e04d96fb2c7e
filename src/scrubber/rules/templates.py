"""Beginnings of the rules that payers most often ask for: what to ask the author, and the rule that comes of it.

A template is data. `<name>` stands for an answer: alone, for its value; within a sentence, for it in words. A part that
stands for an answer which was not given is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from scrubber.findings import Owner

AnswerKind = Literal["procedures", "modifiers", "diagnoses", "places", "number"]


@attrs.frozen
class Question:
    """Something to ask the author. The option of the same name answers it in scripts."""

    name: str
    kind: AnswerKind
    text: str
    required: bool = True


@attrs.frozen
class RuleTemplate:
    """A kind of rule: what it says, what must be asked, and the rule with gaps."""

    name: str
    says: str
    asks: tuple[Question, ...]
    rule: Mapping[str, Any]
    owner: Owner = "biller"


PROCEDURES = Question("codes", "procedures", "Which procedure codes is it about?")

TEMPLATES: tuple[RuleTemplate, ...] = (
    RuleTemplate(
        "modifier-required",
        "a procedure needs one of these modifiers",
        (PROCEDURES, Question("modifiers", "modifiers", "Which modifiers, of which it needs one?")),
        {
            "title": "<codes> without a modifier that the payer asks for",
            "for_each": "procedure line",
            "when": [
                {"line.procedure": {"is_one_of": "<codes>"}},
                {"line.modifiers": {"includes_none": "<modifiers>"}},
            ],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": ["16"], "rarc": ["N822"]},
            "field": "line.modifiers",
            "codes": ["line.procedure"],
            "message": "Line {line.position}: {line.procedure} has none of the modifiers <modifiers>.",
            "why": "The payer pays <codes> only with one of the modifiers <modifiers>.",
            "fix": {"text": "Add the modifier that the record supports."},
            "tests": [
                {"name": "without the modifier", "claim": {"lines": ["<code>"]}, "fires_at": ["line 1"]},
                {"name": "with the modifier", "claim": {"lines": ["<code>-<modifier>"]}, "fires_at": []},
                {"name": "another procedure", "claim": {"lines": ["<other_procedure>"]}, "fires_at": []},
            ],
        },
        owner="coder",
    ),
    RuleTemplate(
        "diagnosis-required",
        "a procedure is covered for these diagnoses only",
        (PROCEDURES, Question("diagnoses", "diagnoses", "Which diagnoses, of which the line must point to one?")),
        {
            "title": "<codes> without a diagnosis that the payer covers it for",
            "for_each": "procedure line",
            "when": [
                {"line.procedure": {"is_one_of": "<codes>"}},
                {"line.diagnosis_codes": {"includes_none_starting_with": "<diagnoses>"}},
            ],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": ["50"]},
            "field": "line.diagnosis_pointers",
            "codes": ["line.procedure", "line.diagnosis_codes"],
            "message": "Line {line.position}: {line.procedure} points to {line.diagnosis_codes}, for which it is not "
                       "covered.",
            "why": "The payer covers <codes> only for the diagnoses <diagnoses>.",
            "fix": {"text": "Point the line to the diagnosis that the record gives as the reason for the service."},
            "tests": [
                {"name": "not covered", "claim": {"dx": ["<other_diagnosis>"], "lines": ["<code>"]},
                 "fires_at": ["line 1"]},
                {"name": "covered", "claim": {"dx": ["<diagnosis>"], "lines": ["<code>"]}, "fires_at": []},
                {"name": "the covered one is not pointed to",
                 "claim": {"dx": ["<other_diagnosis>", "<diagnosis>"], "lines": ["<code> dx=A"]},
                 "fires_at": ["line 1"]},
                {"name": "another procedure",
                 "claim": {"dx": ["<other_diagnosis>"], "lines": ["<other_procedure>"]}, "fires_at": []},
            ],
        },
        owner="coder",
    ),
    RuleTemplate(
        "not-together",
        "a procedure is not paid beside another of the same day",
        (
            PROCEDURES,
            Question("beside", "procedures", "Beside which other procedures is it not paid?"),
            Question("modifiers", "modifiers", "Which modifiers make it payable all the same? (Enter for none)",
                     required=False),
        ),
        {
            "title": "<codes> beside <beside> on one day",
            "for_each": "procedure line as billed",
            "pair_with": "procedure line as other",
            "when": [
                {"billed.procedure": {"is_one_of": "<codes>"}},
                {"other.procedure": {"is_one_of": "<beside>"}},
                {"other.service_date": {"is": "$billed.service_date"}},
                {"other.rendering_npi": {"is": "$billed.rendering_npi"}},
            ],
            "unless": [{"billed.modifiers": {"includes_any": "<modifiers>"}}],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": ["97"]},
            "field": "billed.procedure",
            "codes": ["billed.procedure", "other.procedure"],
            "message": "Line {billed.position}: {billed.procedure} is not paid beside {other.procedure} (line "
                       "{other.position}) of the same day.",
            "why": "The payer takes <codes> as part of <beside> when one provider bills both on one day.",
            "fix": {"text": "Take the line off the claim, unless the services were distinct and the record says so."},
            "tests": [
                {"name": "both on one day", "claim": {"lines": ["<code>", "<beside_code>"]}, "fires_at": ["line 1"]},
                {"name": "on two days",
                 "claim": {"lines": ["<code>", "<beside_code> @<next_day>"]}, "fires_at": []},
                {"name": "of two providers",
                 "claim": {"lines": ["<code>", "<beside_code> npi=1234567893"]}, "fires_at": []},
                {"name": "beside another procedure",
                 "claim": {"lines": ["<code>", "<other_procedure>"]}, "fires_at": []},
                {"name": "another procedure beside it",
                 "claim": {"lines": ["<other_procedure>", "<beside_code>"]}, "fires_at": []},
                {"name": "excused by its modifier",
                 "claim": {"lines": ["<code>-<modifier>", "<beside_code>"]}, "fires_at": [], "outcome": "excused"},
            ],
        },
        owner="coder",
    ),
    RuleTemplate(
        "units-per-day",
        "a procedure is paid for so many units a day",
        (PROCEDURES, Question("limit", "number", "How many units a day are paid?")),
        {
            "title": "<codes> with more units on one day than are paid",
            "for_each": "procedure lines as day",
            "group_by": ["procedure", "service_date", "rendering_npi"],
            "members": [{"line.procedure": {"is_one_of": "<codes>"}}],
            "when": [{"day.units": {"more_than": "<limit>"}}],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": [], "rarc": ["N362"]},
            "codes": ["day.procedure"],
            "message": "{day.units} units of {day.procedure} on {day.service_date} (line {day.positions}); "
                       "{day.procedure} is paid for <limit> a day.",
            "why": "Of <codes> the payer pays <limit> a day, for one provider.",
            "fix": {"text": "Check the units against the record. If they are right, send the record along."},
            "tests": [
                {"name": "one too many", "claim": {"lines": ["<code> x<over>"]}, "fires_at": ["line 1"]},
                {"name": "too many over two lines",
                 "claim": {"lines": ["<code> x<limit>", "<code> x1"]}, "fires_at": ["line 2"]},
                {"name": "the most", "claim": {"lines": ["<code> x<limit>"]}, "fires_at": []},
                {"name": "on two days",
                 "claim": {"lines": ["<code> x<limit>", "<code> x<limit> @<next_day>"]}, "fires_at": []},
                {"name": "another procedure", "claim": {"lines": ["<other_procedure> x<over>"]}, "fires_at": []},
            ],
        },
    ),
    RuleTemplate(
        "age-limits",
        "a procedure is for patients of a certain age",
        (
            PROCEDURES,
            Question("from_age", "number", "From which age on, in whole years? (Enter for no limit)", required=False),
            Question("to_age", "number", "Up to which age? (Enter for no limit)", required=False),
        ),
        {
            "title": "<codes> for a patient outside the ages that the payer covers",
            "for_each": "procedure line",
            "when": [
                {"line.procedure": {"is_one_of": "<codes>"}},
                {"any_of": [
                    {"line.age_years": {"less_than": "<from_age>"}},
                    {"line.age_years": {"more_than": "<to_age>"}},
                ]},
            ],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": ["6"]},
            "field": "line.procedure",
            "codes": ["line.procedure"],
            "message": "Line {line.position}: {line.procedure} is not covered at the patient's age on "
                       "{line.service_date}.",
            "why": "The payer covers <codes> only <ages>.",
            "fix": {"text": "Check the birth date and the date of service; else the service is not covered."},
            "tests": [
                {"name": "too young", "claim": {"age": "<too_young>", "lines": ["<code>"]}, "fires_at": ["line 1"]},
                {"name": "the youngest", "claim": {"age": "<from_age>", "lines": ["<code>"]}, "fires_at": []},
                {"name": "the oldest", "claim": {"age": "<to_age>", "lines": ["<code>"]}, "fires_at": []},
                {"name": "too old", "claim": {"age": "<too_old>", "lines": ["<code>"]}, "fires_at": ["line 1"]},
                {"name": "another procedure",
                 "claim": {"age": "<unfit_age>", "lines": ["<other_procedure>"]}, "fires_at": []},
            ],
        },
        owner="front_desk",
    ),
    RuleTemplate(
        "place-required",
        "a procedure is paid in these places of service only",
        (PROCEDURES, Question("places", "places", "In which places of service is it paid?")),
        {
            "title": "<codes> in a place of service where the payer does not pay it",
            "for_each": "procedure line",
            "applies_to": {"settings": ["professional"]},
            "when": [
                {"line.procedure": {"is_one_of": "<codes>"}},
                {"line.place_of_service": {"is_none_of": "<places>"}},
            ],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": ["5"]},
            "field": "line.place_of_service",
            "codes": ["line.procedure", "line.place_of_service"],
            "message": "Line {line.position}: {line.procedure} is not paid in place of service "
                       "{line.place_of_service}.",
            "why": "The payer pays <codes> only in the places of service <places>.",
            "fix": {"text": "Correct the place of service if the record names another; else it is not covered."},
            "tests": [
                {"name": "elsewhere", "claim": {"pos": "<other_place>", "lines": ["<code>"]}, "fires_at": ["line 1"]},
                {"name": "where it is paid", "claim": {"pos": "<place>", "lines": ["<code>"]}, "fires_at": []},
                {"name": "another procedure",
                 "claim": {"pos": "<other_place>", "lines": ["<other_procedure>"]}, "fires_at": []},
            ],
        },
    ),
    RuleTemplate(
        "not-covered",
        "a procedure is not covered at all",
        (PROCEDURES,),
        {
            "title": "<codes>, which the payer does not cover",
            "for_each": "procedure line",
            "when": [{"line.procedure": {"is_one_of": "<codes>"}}],
            "disposition": "line_denial",
            "adjustment": {"group": "CO", "carc": ["96"]},
            "field": "line.procedure",
            "codes": ["line.procedure"],
            "message": "Line {line.position}: {line.procedure} is not covered.",
            "why": "The payer does not cover <codes>.",
            "fix": {"text": "Bill another procedure only if the record shows that one; else it is not covered."},
            "tests": [
                {"name": "not covered", "claim": {"lines": ["<code>"]}, "fires_at": ["line 1"]},
                {"name": "another procedure", "claim": {"lines": ["<other_procedure>"]}, "fires_at": []},
            ],
        },
    ),
)  # fmt: skip
