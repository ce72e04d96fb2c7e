"""Files of claims as JSON: an object, a list, lines, and what is broken."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.claim import Claim
from scrubber.errors import InputError, UnknownName
from scrubber.readers import read_claims

ONE = {"claim_id": "A-1", "form": "professional", "lines": [{"procedure": "99213", "charge": "125.00"}]}
TWO = {"claim_id": "A-2", "diagnoses": ["I10"]}


def read(text: str | bytes, **options: Any) -> list[Claim]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_claims(io.BytesIO(data), **options))


def ids(claims: list[Claim]) -> list[str | None]:
    return [claim.claim_id for claim in claims]


def unreadable(claims: list[Claim]) -> list[int | None]:
    return [claim.origin.index for claim in claims if claim.origin is not None and not claim.origin.readable]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE),
        json.dumps(ONE) + "\n",
        json.dumps(ONE, indent=2),
        "\n\n" + json.dumps(ONE, indent=1) + "\n\n",
        "\ufeff" + json.dumps(ONE),
        json.dumps([ONE]),
        '{"claim_id": "A-1", "lines": [\n{"procedure": "99213", "charge": 125.00}\n]}',
        '{"form": "professional", "claim_id":\n"A-1"}',
    ],
)
def test_one_claim_in_its_layouts(text: str) -> None:
    claims = read(text)
    assert ids(claims) == ["A-1"]
    assert unreadable(claims) == []


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        f"[{json.dumps(ONE)},\n{json.dumps(TWO)}]",
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}",
        f"\ufeff{json.dumps(ONE)}\r\n\r\n  {json.dumps(TWO)}\r\n\n",
    ],
)
def test_two_claims_in_their_layouts(text: str) -> None:
    claims = read(text)
    assert ids(claims) == ["A-1", "A-2"]
    assert [claim.origin.index for claim in claims if claim.origin] == [0, 1]


def test_an_empty_list_holds_no_claims() -> None:
    assert read("[]") == []


def test_numbers_keep_their_decimals() -> None:
    (claim,) = read('{"lines": [], "total_charge": 1234567890123.10}')
    assert str(claim.total_charge) == "1234567890123.10"


@pytest.mark.parametrize("number", ["1e400", "1E2", "1.5e999999999999999999999", "0.001"])
def test_a_number_that_is_no_amount_is_a_problem_of_its_field(number: str) -> None:
    (claim,) = read(f'{{"lines": [], "total_charge": {number}}}')
    assert claim.origin is not None
    assert [problem.field for problem in claim.origin.problems] == ["total_charge"]


def test_a_broken_line_hides_no_other() -> None:
    claims = read(f'{json.dumps(ONE)}\n{{"claim_id": "X", "lines" []}}\n\n[]\n{json.dumps(TWO)}\n')
    assert ids(claims) == ["A-1", None, None, "A-2"]
    assert unreadable(claims) == [1, 2]
    broken = claims[1].origin
    assert broken is not None
    assert broken.problems[0].position == {"line": 2, "column": 27}
    assert "':'" in broken.problems[0].message
    assert claims[3].origin is not None
    assert claims[3].origin.index == 3


@pytest.mark.parametrize("first", ['{"claim_id": "X", "lines" []}', '{"claim_id": "X", "li', '{"claim_id": NaN}', "{"])
def test_a_broken_first_line_hides_no_other(first: str) -> None:
    claims = read(f"{first}\n{json.dumps(ONE)}\n{json.dumps(TWO)}")
    assert ids(claims) == [None, "A-1", "A-2"]
    assert unreadable(claims) == [0]


def test_problems_in_lines_name_the_line() -> None:
    *_, claim = read(f'{json.dumps(ONE)}\n\n{{"lines": [], "total_charge": "x"}}')
    assert claim.origin is not None
    assert claim.origin.problems[0].position == {"line": 3}


def test_bytes_that_are_not_utf8_are_told_by_place() -> None:
    claims = read(json.dumps(ONE).encode() + b'\n{"claim_note": "caf\xe9", "lines": []}\n')
    assert claims[1].origin is not None
    (problem,) = claims[1].origin.problems
    assert problem.position == {"line": 2, "column": 20}
    assert "UTF-8" in problem.message


@pytest.mark.parametrize(
    ("field", "value"),
    [("claim_note", '"\\ud800"'), ("total_charge", "NaN"), ("total_charge", "9" * 2000), ("total_charge", "-Infinity")],
)
@pytest.mark.parametrize("layout", ["{0}\n{1}", "[{0}, {1}]", "[\n{0},\n{1}\n]"])
def test_what_parsers_quarrel_about_is_a_problem_of_its_field(field: str, value: str, layout: str) -> None:
    claims = read(layout.format(json.dumps(ONE), f'{{"lines": [], "{field}": {value}}}'))
    assert unreadable(claims) == []
    _, claim = claims
    assert claim.origin is not None
    assert [problem.field for problem in claim.origin.problems] == [field]


@pytest.mark.parametrize(
    "value", [b'"caf\xe9"', b"9" * 5000, b"[" * 100_000 + b"]" * 100_000, b"[" * 100_000], ids=range(4)
)
@pytest.mark.parametrize("layout", [b"%b\n%b\n%b", b"[%b, %b, %b]"])
def test_what_no_parser_takes_is_one_unreadable_claim(value: bytes, layout: bytes) -> None:
    one = json.dumps(ONE).encode()
    claims = read(layout % (one, b'{"lines": [], "claim_note": %b}' % value, one))
    assert claims[0].claim_id == "A-1"
    assert unreadable(claims) == [1]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{\n  "claim_id": "A-1",\n  "lines": [}\n}', 3, 13),
        ('{"claim_id": "A-1"', 1, 19),
        ("[", 1, 2),
        ("[{]", 1, 3),
    ],
)
def test_a_broken_document_is_refused_with_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(InputError) as raised:
        read(text)
    assert f"line {line} column {column}" in str(raised.value)
    assert "A-1" not in str(raised.value)


@pytest.mark.parametrize("end", ["", ",", "oops]", '{"claim_id": "A-3', "] ]"])
def test_a_list_is_read_up_to_where_it_breaks(end: str) -> None:
    claims = read(f"[{json.dumps(ONE)}, {json.dumps(TWO)} {end}")
    assert ids(claims) == ["A-1", "A-2", None]
    assert unreadable(claims) == [2]
    assert claims[2].origin is not None
    (problem,) = claims[2].origin.problems
    assert problem.position is not None
    assert problem.position["line"] == 1
    assert problem.hint


def test_an_element_that_is_no_claim_hides_no_other() -> None:
    claims = read(json.dumps([ONE, 42, TWO]))
    assert ids(claims) == ["A-1", None, "A-2"]
    assert unreadable(claims) == [1]


def test_a_named_format_is_taken_at_its_word() -> None:
    lines = f"{json.dumps(ONE)}\n{json.dumps(TWO)}"
    assert len(read(lines, input_format="ndjson")) == 2
    with pytest.raises(InputError, match="extra data"):
        read(lines, input_format="json")
    with pytest.raises(UnknownName, match="Did you mean 'ndjson'"):
        read_claims(io.BytesIO(b""), input_format="ndjso")  # type: ignore[arg-type]


def test_lines_are_read_one_at_a_time() -> None:
    class Endless(io.RawIOBase):
        """A pipe that never ends: what waits for all of it never returns."""

        def __init__(self) -> None:
            self.bytes = itertools.cycle(json.dumps(ONE).encode() + b"\n")
            self.given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = bytes(itertools.islice(self.bytes, len(buffer)))
            self.given += len(buffer)
            assert self.given < 1_000_000
            return len(buffer)

    claims: Iterator[Claim] = read_claims(io.BufferedReader(Endless()))
    assert [next(claims).claim_id for _ in range(1000)] == ["A-1"] * 1000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
        max_leaves=15,
    ),
    st.sampled_from([None, "json", "ndjson"]),
    st.sampled_from([None, 1]),
)
def test_any_json_gives_claims_or_an_input_error(value: object, input_format: Any, indent: int | None) -> None:
    try:
        claims = read(json.dumps(value, indent=indent), input_format=input_format)
    except InputError:
        return
    assert all(claim.origin is not None for claim in claims)


PIECES = [b'{"lines":[]}', b'{"lines":[],"claim_note":', b'"', b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"1e9"]
ODD = [b"\xe9", b"\\ud800", b"\\q", b"NaN", b"9" * 5000, b"\x00", b"null", b'"payer"', b"\xef\xbb\xbf"]


@given(st.binary(max_size=60) | st.lists(st.sampled_from(PIECES + ODD), max_size=12).map(b"".join))
def test_any_bytes_give_claims_or_an_input_error(data: bytes) -> None:
    for layout in (None, "json", "ndjson"):
        for start in (b"{", b"[", b'[{"lines":[]},', b""):
            try:
                claims = read(start + data, input_format=layout)
            except InputError:
                continue
            assert all(claim.origin is not None for claim in claims)


def test_the_labelled_cases_are_read_without_a_problem(shared_data: Path) -> None:
    cases = (shared_data / "labelled" / "sample.jsonl").read_text().splitlines()
    given_claims = [json.loads(case)["claim"] for case in cases]
    claims = read("\n".join(map(json.dumps, given_claims)))
    assert len(claims) == 376
    for given_claim, claim in zip(given_claims, claims, strict=True):
        assert claim.origin is not None
        assert claim.origin.problems == ()
        assert claim.claim_id == given_claim["claim_id"]
        assert claim.total_charge == Decimal(given_claim["total_charge"])
        assert len(claim.diagnoses) == len(given_claim["diagnoses"])
        given_codes = [line["procedure"] for line in given_claim["lines"]]
        assert [line.procedure for line in claim.lines] == given_codes
    assert read(json.dumps(given_claims)) == claims


def test_modifiers_mean_the_same_however_they_are_typed() -> None:
    (claim,) = read('{"lines": [{"procedure": "98941", "modifiers": ["at", " gp "]}]}')
    assert claim.lines[0].modifiers == ("AT", "GP")
