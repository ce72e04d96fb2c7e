"""One value of a claim as JSON, turned into what the claim's field holds, or refused in plain words.

Each function takes the value of a key (never null) and returns the field's value, or None where the text is blank. A
refusal never repeats the value: it may be a name, an id or a date of birth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

Value = Callable[[object], object]

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Dates outside cannot be meant, and rules that add days to a date stay clear of the calendar's ends."""

_MONEY = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"-?[0-9]{1,11}(\.[0-9]{1,6})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_DATE = ("is not a date", "Write dates as YYYY-MM-DD, in quotes.")
_LARGEST_WHOLE = 10**9


class RefusedValue(Exception):
    """A value that its field cannot hold; `message` reads on from the field's name."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def text(value: object) -> str | None:
    """Codes, ids, names: text without the blanks around it. A number is refused: 0450 would have become 450."""
    if not isinstance(value, str):
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            raise RefusedValue("is a number", "Codes and ids are text, always: put it in quotes.")
        raise RefusedValue("is not text", "Codes, ids and names are text: put it in quotes.")
    stripped = value.strip()
    if not stripped.isprintable() and not _is_unicode(stripped):
        raise RefusedValue("holds half a character (a lone surrogate)", "Save it as UTF-8.")
    return stripped or None


def money(value: object) -> Decimal | None:
    written = _plain_number(value)
    if written == "":
        return None
    if written is None or not _MONEY.fullmatch(written):
        raise RefusedValue(
            "is not an amount of money with at most two decimals",
            "Write digits and a decimal point, as 125.00: no exponent, thousands separator or currency sign.",
        )
    return Decimal(written)


def quantity(value: object) -> Decimal | None:
    written = _plain_number(value)
    if written == "":
        return None
    if written is None or not _QUANTITY.fullmatch(written):
        raise RefusedValue(
            "is not a plain number",
            "Write digits and, where needed, a decimal point, as 1 or 2.5: no exponent.",
        )
    return Decimal(written)


def whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _LARGEST_WHOLE:
        raise RefusedValue("is not a whole number", "Write it without quotes and without a decimal point.")
    return int(value)


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise RefusedValue("is neither true nor false", "Write true or false, without quotes.")
    return value


def day(value: object) -> date | None:
    """A day as YYYY-MM-DD; from Python also a `date`."""
    if isinstance(value, str):
        written = value.strip()
        if not written:
            return None
        read = _written_day(written)
    elif isinstance(value, date) and not isinstance(value, datetime):
        read = value
    else:
        raise RefusedValue(*_NO_DATE)
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise RefusedValue(f"is not a date between {FIRST_YEAR} and {LAST_YEAR}", "Check the year.")
    return read


def choice(accepted: Iterable[str]) -> Value:
    """A value function for a field that holds one of a few words."""
    words = tuple(accepted)
    known = frozenset(words)
    hint = f"Known: {', '.join(words)}."

    def one_of(value: object) -> str | None:
        word = text(value)
        if word is not None and word not in known:
            raise RefusedValue("is not one of the known words", hint)
        return word

    return one_of


def _written_day(written: str) -> date:
    try:
        # `fromisoformat` also takes 20261002 and 2026-W40-5
        if len(written) == 10 and written[4] == written[7] == "-":
            return date.fromisoformat(written)
    except ValueError:
        if _DATE.fullmatch(written):
            raise RefusedValue("is a date that does not exist", "Check month and day.") from None
    raise RefusedValue(*_NO_DATE)


def _plain_number(value: object) -> str | None:
    """A number as it is written; "" for blank text, None for what is no number at all."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal | float):
        return str(value)
    # The bound comes first: writing out a huge integer is slow, and Python refuses to beyond some length.
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    return None


def _is_unicode(written: str) -> bool:
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return True
