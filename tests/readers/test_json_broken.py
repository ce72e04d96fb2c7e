"""JSON that breaks: what could be read is still there, and the rest is told with its place and its mend."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from scrubber.claim import Claim, ReadProblem
from scrubber.errors import InputError
from scrubber.readers import read_claims

ONE: dict[str, Any] = {"claim_id": "A-1", "lines": [{"procedure": "99213"}]}
TWO: dict[str, Any] = {"claim_id": "A-2", "lines": []}


def read(text: str | bytes, **options: Any) -> list[Claim]:
    return list(read_claims(io.BytesIO(text.encode() if isinstance(text, str) else text), **options))


def problems(claim: Claim) -> tuple[ReadProblem, ...]:
    assert claim.origin is not None
    return claim.origin.problems


def pretty(*claims: dict[str, Any]) -> str:
    return "\n".join(json.dumps(claim, indent=2) for claim in claims)


def test_objects_over_several_lines_may_follow_one_another() -> None:
    claims = read(pretty(ONE, {**TWO, "total_charge": "x"}))
    assert [claim.claim_id for claim in claims] == ["A-1", "A-2"]
    assert problems(claims[0]) == ()
    assert problems(claims[1])[0].position == {"line": 9, "column": 1}


@pytest.mark.parametrize("rest", ["garbage", "}", "{", '{\n "claim_id": }', "nul"])
@pytest.mark.parametrize("first", [pretty(ONE), json.dumps(ONE)])
def test_a_claim_before_garbage_is_read(first: str, rest: str) -> None:
    claims = read(f"{first} {rest}")
    assert [claim.claim_id for claim in claims] == ["A-1", None]
    (problem,) = problems(claims[1])
    assert problem.position is not None
    assert int(problem.position["line"]) >= first.count("\n") + 1
    assert "not JSON" in problem.message
    assert problem.hint


def test_an_element_of_a_list_has_its_place() -> None:
    claims = read('[\n  {"lines": [], "total_charge": "é"},\n{"claim_note": "é", "lines": []}, {"lines": 5}\n, 7]')
    assert [problem.position for claim in claims for problem in problems(claim)] == [
        {"line": 2, "column": 3},
        {"line": 3, "column": 35},
        {"line": 4, "column": 3},
    ]


def test_a_broken_element_of_a_list_is_told_where_it_breaks() -> None:
    claims = read(f'[{json.dumps(ONE)},\n  {{"claim_note": "caf\xe9"}}, {json.dumps(TWO)}]'.encode("latin-1"))
    assert [claim.claim_id for claim in claims] == ["A-1", None, "A-2"]
    (problem,) = problems(claims[1])
    assert problem.position == {"line": 2, "column": 22}
    assert problem.hint == "Save it as UTF-8."


def test_the_place_stays_with_the_error() -> None:
    with pytest.raises(InputError) as raised:
        read('{\n  "lines": [}')
    assert raised.value.position == {"line": 2, "column": 13}


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ('{"lines": [], }', "", "comma"),
        ('{"lines": [,]}', "a value was expected", "comma too many"),
        ('{"lines" []}', "a ':' was expected", "colon"),
        ('{"lines": [] "x": 1}', "a ',' was expected", "missing comma"),
        ('{"claim_id": "A', "no closing quote", "Close it"),
        ('{"claim_id": "A\tB", "lines": []}', "control character", "tab"),
        ('{"claim_id": "A\\q", "lines": []}', "backslash", "twice"),
        ('{"claim_id": "A\\u00", "lines": []}', "four digits", "character itself"),
        ('{"claim_id": "caf\xe9", "lines": []}'.encode("latin-1"), "not UTF-8", "Save it as UTF-8."),
        (f"{pretty(ONE)} 5".replace("lines", "x"), "extra data", "list"),
    ],
)
def test_the_reason_is_plain_and_has_a_mend(text: str | bytes, reason: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        read(text)
    assert reason in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"lines": [], "claim_id": 7}, "the value is a number"),
        ({"lines": [], "claim_id": []}, "the value is not text"),
        ({"lines": [], "patient": 7}, "the value is not an object"),
        ({"lines": 7}, "the value is not a list"),
        ({"lines": [], "condition_codes": [None]}, "the item is blank"),
        ({"lines": [], "predetermination": 1}, "the value is neither true nor false"),
    ],
)
def test_what_is_said_of_a_field_is_a_sentence_with_a_mend(claim: dict[str, Any], message: str) -> None:
    (problem,) = problems(read(json.dumps(claim))[0])
    assert problem.message == message
    assert problem.hint
