"""Sentences of findings: placeholders filled the way a biller writes values, and never with a word of a patient's.

In a damaged file a name can stand where a code belongs. Code fields therefore show only what looks like a code, or a
word of the claim's own closed lists.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from scrubber.claim import DiagnosisKind, Entity, Form, PayerKind, PayerSequence
from scrubber.engine.outcomes import Hit
from scrubber.facts import PROVIDER_ROLES
from scrubber.fields import FieldType
from scrubber.rules.model import FieldRef, Template

BLANK = "(blank)"
NOT_SHOWN = "(not shown)"

_WORDS = frozenset(
    (
        *(word for kind in (DiagnosisKind, Entity, Form, PayerKind, PayerSequence) for word in get_args(kind)),
        *PROVIDER_ROLES,
        "inpatient",
        "outpatient",
        "self",
    )
)
_CODE = re.compile(
    r"[A-Za-z0-9]{1,3}"
    r"|(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9.-]{0,12}"  # the longest code is an NDC with its dashes
    r"|[A-HJ-NP-Z]{6}[XZ]"  # ICD-10-PCS has codes without a digit, such as GZFZZZZ
)


def render(template: Template, hit: Hit) -> str:
    """A sentence with its placeholders filled."""
    return "".join(part if isinstance(part, str) else shown_as(part, value_of(hit, part)) for part in template.parts)


def shown_as(reference: FieldRef, value: Any) -> str:
    """A value of a field as far as it may be shown; an answer of a table or finder is no word of the patient's."""
    from_claim = reference.field is not None or reference.type is not FieldType.CODE
    return shown(value, reference.type if from_claim else FieldType.TEXT)


def codes_of(hit: Hit, reference: FieldRef) -> tuple[str, ...]:
    """The codes a finding is about, as far as they may be shown."""
    value = value_of(hit, reference)
    values = value if isinstance(value, tuple) else (value,)
    return tuple(str(part) for part in values if part is not None and may_be_shown(str(part)))


def shown(value: Any, type_: FieldType) -> str:
    """A value as a biller writes it."""
    if value is None or value == ():
        return BLANK
    if isinstance(value, Decimal):
        return _amount(value) if type_ is FieldType.MONEY else f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(shown(part, FieldType.CODE) for part in value)
    text = str(value)
    return text if type_ is not FieldType.CODE or may_be_shown(text) else NOT_SHOWN


def _amount(value: Decimal) -> str:
    """Dollars and cents; an amount with more decimals as it was sent."""
    exact = f"{value:.2f}"
    return exact if Decimal(exact) == value else f"{value:f}"


def may_be_shown(text: str) -> bool:
    return text in _WORDS or _CODE.fullmatch(text) is not None


def value_of(hit: Hit, reference: FieldRef) -> Any:
    """The value of a field that a rule names, as a message shows it."""
    holder = hit.named[reference.alias]
    if reference.field is None:
        return None if holder is None else getattr(holder, reference.name, None)
    access = "written" if reference.name == "code" and hasattr(holder, "written") else reference.field.access
    for hop in access.replace("?", "").split("."):
        if holder is None:
            return None
        holder = getattr(holder, hop)
    return holder
