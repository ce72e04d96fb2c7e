"""Mending in place: only the value changes, everything else of the file stays byte for byte."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.claim import Claim
from scrubber.errors import InputError
from scrubber.findings import Change
from scrubber.mending import value_at, with_changes
from scrubber.readers import read_claims
from scrubber.readers.editing import edits_of, with_edits

from .x12_files import ISA, PROFESSIONAL, SHARED

Wanted = Mapping[int, tuple[Claim, Sequence[Change]]]


def x12_files() -> list[Path]:
    """Every broken file, and one sample in four."""
    samples, broken = (
        sorted(path for path in (SHARED / "data" / folder).rglob("*") if path.is_file())
        for folder in ("claims837", "claims837_broken")
    )
    return [*samples[::4], *broken]


def claims_of(data: bytes) -> list[Claim]:
    try:
        return list(read_claims(io.BytesIO(data)))
    except InputError:
        return []


def fields_of(claim: Claim) -> dict[str, str]:
    """The fields with a code or number, and what they hold."""
    names = [f"diagnoses[{place}].code" for place in range(len(claim.diagnoses))]
    names += ["billing_provider.npi", "rendering_provider.npi", "clia_number"]
    names += [
        f"lines[{place}].{name}" for place in range(len(claim.lines)) for name in ("rendering_provider.npi", "ndc")
    ]
    values = {name: value_at(claim, name) for name in names}
    return {name: value for name, value in values.items() if isinstance(value, str) and value.isalnum()}


def done(data: bytes, claims: list[Claim], changes: Mapping[int, Sequence[Change]]) -> bytes:
    wanted = {index: (claims[index], its) for index, its in changes.items() if its}
    found = edits_of(data, wanted)
    assert set(found) == {(index, change) for index, its in changes.items() for change in its}
    return with_edits(data, found.values())


def test_a_file_spoilt_and_mended_is_the_file_again() -> None:
    files = x12_files()
    if not files:
        pytest.skip("no shared 837 files beside this checkout")
    spoilt_values = 0
    for path in files:
        data = path.read_bytes()
        claims = claims_of(data)
        # one of a value that several claims share is enough, and its place is the same
        spoils = {
            index: [
                Change(field=name, old=value, new=f"{value[:2]}X{value[2:]}")
                for name, value in fields_of(claim).items()
            ]
            for index, claim in enumerate(claims)
            if not claim.origin or len(claim.origin.faults) < 3
        }
        spoilt = done(data, claims, spoils)
        spoilt_values += sum(map(len, spoils.values()))
        again = claims_of(spoilt)
        assert len(again) == len(claims), path
        for index, changes in spoils.items():
            assert again[index] == with_changes(claims[index], changes), path
        back = {
            index: [Change(field=change.field, old=change.new, new=change.old) for change in changes]
            for index, changes in spoils.items()
        }
        mended = done(spoilt, again, back)
        assert mended == data or mended.lower() == data, path  # codes are written in capitals
    assert spoilt_values > 500


@pytest.mark.parametrize(
    "look",
    [
        lambda text: text.encode(),
        lambda text: text.replace("\n", "").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: ("junk HI*ABK:E1.19~\n" + text).encode(),
        lambda text: text.replace("~\n", "\n").replace("~", "\n").encode(),
        lambda text: text.replace("*", "\x1d").replace("~\n", "\x1e").replace("~", "\x1e").encode(),
        lambda text: text.lower().encode(),
        lambda text: text.replace("JANE", "JOS\u00c9").encode("latin-1"),
        lambda text: text.replace("JANE", "JOS\u00c9").encode("utf-8"),
        lambda text: text.replace("~\nLX", "~\n~\nLX").encode(),
        lambda text: (text + "\n" + text.replace("A-1*", "A-2*")).encode(),
    ],
)
def test_every_look_of_a_file(look: Any) -> None:
    text = (ISA + PROFESSIONAL).replace("ABK:E119", "ABK:E1.19")
    data = look(text)
    claims = claims_of(data)
    changes = {index: [Change(field="diagnoses[0].code", old="E1.19", new="E119")] for index in range(len(claims))}
    new = done(data, claims, changes)
    place = data.lower().index(b"abk:e1.19") if b"junk" not in data else data.rindex(b"ABK:E1.19")
    assert new[: place + 4] == data[: place + 4]
    assert len(new) == len(data) - len(claims)
    assert [claim.diagnoses[0].code for claim in claims_of(new)] == ["E119"] * len(claims)
    assert [with_changes(claim, changes[0]) for claim in claims] == claims_of(new)


def test_a_value_that_is_not_there_has_no_edit() -> None:
    data = (ISA + PROFESSIONAL).encode()
    (claim,) = claims_of(data)
    changes = [
        Change(field="diagnoses[0].code", old="E11.9", new="E119"),
        Change(field="diagnoses[9].code", old="E119", new="E119"),
        Change(field="clia_number", old="1", new="2"),
        Change(field="no_such.field", old="1", new="2"),
    ]
    assert edits_of(data, {0: (claim, changes)}) == {}


# ------------------------------------------------------------------------------------------------------------- JSON

_texts = st.text(max_size=8)
_codes = st.sampled_from(["E1.19", "I10.", "E11.9", "Z00.0.0", "e1.19 "])
_npis = st.sampled_from(["123-456-7893", "1234567893", " 123-456-7893"])
_claims = st.fixed_dictionaries(
    {
        "claim_id": _texts,
        "form": st.just("professional"),
        "diagnoses": st.lists(st.one_of(_codes, st.fixed_dictionaries({"code": _codes, "poa": st.none()})), max_size=3),
        "billing_provider": st.fixed_dictionaries({"name": _texts, "npi": _npis}),
        "lines": st.lists(
            st.fixed_dictionaries(
                {
                    "description": _texts,
                    "rendering_provider": st.one_of(st.none(), st.builds(lambda npi: {"npi": npi}, _npis)),
                }
            ),
            max_size=2,
        ),
        "claim_note": _texts,
    }
)


def _written(claims: list[dict[str, Any]], layout: str, indent: int | None, ascii_only: bool, mark: bool) -> bytes:
    def dump(value: object, indent: int | None = indent) -> str:
        return json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    text = {
        "list": lambda: dump(claims),
        "lines": lambda: "\r\n\n".join(dump(claim, None) for claim in claims),
        "row": lambda: " ".join(dump(claim) for claim in claims),
    }[layout]()
    return (b"\xef\xbb\xbf" if mark else b"") + text.encode("utf-8", "surrogatepass")


@given(
    st.lists(_claims, min_size=1, max_size=3),
    st.sampled_from(["list", "lines", "row"]),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.booleans(),
)
def test_json_in_every_layout(
    given_claims: list[dict[str, Any]], layout: str, indent: int | None, ascii_only: bool, mark: bool
) -> None:
    data = _written(given_claims, layout, indent, ascii_only, mark)
    claims = claims_of(data)
    changes: dict[int, list[Change]] = {}
    for index, claim in enumerate(claims):
        for name in (*[f"diagnoses[{place}].code" for place in range(len(claim.diagnoses))], "billing_provider.npi",
                     *[f"lines[{place}].rendering_provider.npi" for place in range(len(claim.lines))]):  # fmt: skip
            old = value_at(claim, name)
            new = "".join(character for character in old or "" if character.isalnum()).upper()
            if old and new != old:
                changes.setdefault(index, []).append(Change(field=name, old=old, new=new))
    found = edits_of(data, {index: (claims[index], its) for index, its in changes.items()})
    assert len(found) == sum(map(len, changes.values()))
    new_data = with_edits(data, found.values())
    assert claims_of(new_data) == [with_changes(claim, changes.get(index, [])) for index, claim in enumerate(claims)]
    # what stands outside the edits is the same, byte for byte, and in the same order
    rest, new_rest, at, shift = [], [], 0, 0
    for edit in sorted(found.values(), key=lambda edit: edit.start):
        rest.append(data[at : edit.start])
        new_rest.append(new_data[at + shift : edit.start + shift])
        at, shift = edit.end, shift + len(edit.new) - (edit.end - edit.start)
    assert [*rest, data[at:]] == [*new_rest, new_data[at + shift :]]


def test_a_broken_line_and_a_key_that_stands_twice() -> None:
    data = (
        b'{"form": "professional", "diagnoses": ["E1.19"]}\n'
        b'{"form": "professional", "diagnoses": [\n'
        b'{"diagnoses": ["I10."], "form": "professional", "diagnoses": ["E1.19"]}\n'
        b'{"form": "professional", "claim_note": "\xff"}\n'
    )
    claims = claims_of(data)
    change = Change(field="diagnoses[0].code", old="E1.19", new="E119")
    new = done(data, claims, {0: [change], 2: [change]})
    assert new == data.replace(b"E1.19", b"E119")


def test_edits_that_do_not_agree_are_refused() -> None:
    data = b'{"form": "professional", "diagnoses": ["E1.19"]}'
    claims = claims_of(data)
    (edit,) = edits_of(data, {0: (claims[0], [Change(field="diagnoses[0].code", old="E1.19", new="E119")])}).values()
    with pytest.raises(ValueError, match="same place"):
        with_edits(data, [edit, attrs.evolve(edit, new=b'"I10"')])
