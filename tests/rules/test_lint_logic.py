"""What lint concludes about two conditions, held against the words themselves on many values."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from scrubber.fields import FIELDS, FieldType, ScopeKind
from scrubber.rules.lint.logic import always, relation
from scrubber.rules.model import Condition, FieldRef, Place
from scrubber.rules.words import WORDS, CodeSet

NAMES = {FieldType.NUMBER: "units", FieldType.CODE: "procedure", FieldType.CODES: "modifiers"}
NUMBERS = [Decimal(number) / 2 for number in range(-2, 12)]
CODES = [f"{letter}{one}{two}" for letter in "AB" for one in "012" for two in "012"]
RANGES = ("is_one_of", "is_none_of", "includes_any", "includes_none")

codes = st.sampled_from(CODES)
prefixes = st.sampled_from([code[:size] for code in CODES for size in (1, 2, 3)])
ranges = st.tuples(codes, codes).map(lambda ends: "-".join(sorted(ends)))


def condition(type_: FieldType, word: str, operand: Any) -> Condition:
    field = FIELDS[ScopeKind.LINE][NAMES[type_]]
    return Condition(FieldRef("line", field.name, field.type, field), WORDS[word], operand, Place(Path("x"), 1, 1))


def listed(word: str) -> st.SearchStrategy[Any]:
    if word in RANGES:
        return st.lists(codes | ranges, min_size=1, max_size=3).map(CodeSet)
    return st.lists(prefixes if "start" in word else codes, min_size=1, max_size=3).map(tuple)


def conditions(type_: FieldType) -> st.SearchStrategy[Condition]:
    if type_ is FieldType.NUMBER:
        words = st.sampled_from(["is", "is_not", "more_than", "at_least", "less_than", "at_most"])
        return st.builds(condition, st.just(type_), words, st.integers(0, 4).map(Decimal))
    names = (
        ["is", "is_not", "is_one_of", "is_none_of", "starts_with", "does_not_start_with"]
        if type_ is FieldType.CODE
        else ["includes_any", "includes_none", "includes_all", "includes_several_of", "includes_any_starting_with"]
    )
    return st.sampled_from(names).flatmap(
        lambda name: st.builds(
            condition, st.just(type_), st.just(name), codes if name in ("is", "is_not") else listed(name)
        )
    )


pairs = st.sampled_from(list(NAMES)).flatmap(lambda type_: st.tuples(conditions(type_), conditions(type_)))


def values_of(type_: FieldType) -> list[Any]:
    if type_ is FieldType.NUMBER:
        return list(NUMBERS)
    if type_ is FieldType.CODE:
        return [*CODES, "C99", "A"]
    return [(), *((code,) for code in CODES), *((one, two) for one in CODES for two in CODES), tuple(CODES)]


def holds(one: Condition, value: Any) -> bool:
    return one.word.test(value, one.operand)


@given(pair=pairs)
def test_what_is_said_of_two_conditions_is_true_of_every_value(pair: tuple[Condition, Condition]) -> None:
    first, second = pair
    said = relation(first, second)
    values = values_of(first.subject.type)
    if said == "never":
        assert not any(holds(first, value) and holds(second, value) for value in values)
    if said == "follows":
        assert all(holds(second, value) for value in values if holds(first, value))
    if always(first, second):
        assert all(holds(first, value) or holds(second, value) for value in values)


@given(pair=pairs)
def test_conditions_on_numbers_that_never_meet_are_found(pair: tuple[Condition, Condition]) -> None:
    first, second = pair
    assume(first.subject.type is FieldType.NUMBER)
    if not any(holds(first, value) and holds(second, value) for value in NUMBERS):
        assert relation(first, second) == "never"
