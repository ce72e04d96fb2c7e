"""What each word says of a filled value, against examples; ranges of codes against a slow scan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.claim import Address, Provider
from scrubber.rules.words import WORDS, CodeSet

DAY, LATER = date(2026, 3, 1), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("word", "value", "operand", "says"),
    [
        ("is", "99213", "99213", True),
        ("is", Decimal("1.00"), Decimal("1"), True),
        ("is_not", "99213", "99214", True),
        ("is_one_of", "99214", CodeSet(["99202-99215", "G0463"]), True),
        ("is_one_of", "99201", CodeSet(["99202-99215", "G0463"]), False),
        ("is_none_of", "G0463", CodeSet(["99202-99215", "G0463"]), False),
        ("is_blank", (), True, True),
        ("is_blank", Provider(), True, True),
        ("is_blank", Address(city="MIAMI"), True, False),
        ("is_blank", Decimal(0), True, False),
        ("is_blank", False, True, False),
        ("starts_with", "S52501A", ("S", "T"), True),
        ("does_not_start_with", "S52501A", ("S", "T"), False),
        ("ends_with", "S52501S", ("S",), True),
        ("contains", "Unable to det lat 1", ("UNABLE TO DET LAT",), True),
        ("length_is", "0131", 4, True),
        ("more_than", Decimal("2.5"), Decimal("2"), True),
        ("at_least", Decimal(2), Decimal(2), True),
        ("less_than", Decimal(2), Decimal(2), False),
        ("at_most", Decimal(2), Decimal(2), True),
        ("after", LATER, DAY, True),
        ("on_or_after", DAY, DAY, True),
        ("before", DAY, DAY, False),
        ("on_or_before", DAY, DAY, True),
        ("within", DAY, (1, LATER), True),
        ("within", DAY, (0, LATER), False),
        ("not_within", LATER, (1, DAY), False),
        ("within_days_after", LATER, (1, DAY), True),
        ("within_days_after", DAY, (1, LATER), False),
        ("within_days_before", DAY, (1, LATER), True),
        ("within_days_before", LATER, (1, DAY), False),
        ("includes_any", ("25", "LT"), CodeSet(["59", "LT"]), True),
        ("includes_none", (), CodeSet(["59"]), True),
        ("includes_all", ("25", "LT"), ("LT",), True),
        ("includes_several_of", ("LT", "25", "RT"), ("50", "LT", "RT"), True),
        ("includes_several_of", ("LT", "LT"), ("50", "LT", "RT"), False),
        ("includes_any_starting_with", ("E119", "I10"), ("I1",), True),
        ("includes_none_starting_with", ("E119", "I10"), ("I1",), False),
        ("includes_several_of", ("AA", "QK", "LT"), CodeSet(["AA", "QK"]), True),
        ("includes_several_of", ("AA", "LT"), CodeSet(["AA", "QK"]), False),
        ("has_repeats", ("LT", "LT"), True, True),
        ("has_repeats", (), True, False),
        ("has_more_than", ("a", "b"), 1, True),
        ("has_fewer_than", (), 1, True),
    ],
)
def test_word(word: str, value: object, operand: object, says: bool) -> None:
    assert WORDS[word].test(value, operand) is says


def test_every_word_but_named_checks_has_an_example() -> None:
    marks = [mark for mark in test_word.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    shown = {case[0] for case in marks[0].args[1]}
    assert set(WORDS) - shown == {"passes", "fails"}


@pytest.mark.parametrize("word", [word for word in WORDS.values() if word.opposite])
def test_opposites_name_each_other(word: object) -> None:
    opposite = WORDS[word.opposite]  # type: ignore[attr-defined]
    assert opposite.opposite == word.name  # type: ignore[attr-defined]


_codes = st.text("0123456789GJ", min_size=4, max_size=6)


@given(st.lists(st.tuples(_codes, _codes), max_size=6), st.lists(_codes, max_size=6), _codes)
def test_code_ranges_equal_a_slow_scan(pairs: list[tuple[str, str]], singles: list[str], code: str) -> None:
    ranges = [(min(pair), max(pair)) for pair in pairs if len(pair[0]) == len(pair[1])]
    expected = code in singles or any(
        first <= code <= last and len(code) == len(first) and (code.isdigit() or not (first + last).isdigit())
        for first, last in ranges
    )
    assert (code in CodeSet([*singles, *(f"{first}-{last}" for first, last in ranges)])) is expected
