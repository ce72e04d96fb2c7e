"""The format of a file is told from its content."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from scrubber.errors import InputError
from scrubber.readers import read_claims
from scrubber.readers.recognize import recognize

CLAIM = json.dumps({"claim_id": "A-1", "lines": []}).encode()


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (b"{", "json"),
        (b"\n\t [", "json"),
        (b"\xef\xbb\xbf{", "json"),
        (b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *", "x12"),
        (b"\xef\xbb\xbf\r\nISA*00*          *00*          *ZZ*A              *ZZ*B              *", "x12"),
    ],
)
def test_content_is_recognised(head: bytes, content: str) -> None:
    assert recognize(head) == content


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "an empty input"),
        (b" \n ", "an empty input"),
        (b"\xef\xbb\xbf", "an empty input"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xff\xfe{\x00", "text in UTF-16"),
        (b"PAR1", "a Parquet table"),
        (b"<?xml version='1.0'?>", "XML or HTML"),
        (b"\x00\x01\x02", "binary data"),
        (b"claim_id,procedure,units\nRoe,99213,1\n", "a table of rows"),
        (b"Dear Ms Roe\n", "plain text"),
        (b'{"resourceType": "Claim"}', "a FHIR resource"),
        (b'{"id": "1",\n "resourceType" : "Claim"}', "a FHIR resource"),
    ],
)
def test_what_cannot_be_read_is_described_and_not_repeated(head: bytes, kind: str) -> None:
    with pytest.raises(InputError) as raised:
        recognize(head, where="claims.dat")
    told = str(raised.value)
    assert kind in told
    assert told.startswith("claims.dat: ")
    assert "837" in told
    assert "JSON" in told
    assert "FHIR" in told
    assert "Roe" not in told


def test_the_name_of_a_file_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "claims.837"
    path.write_bytes(CLAIM)
    (claim,) = read_claims(path)
    assert claim.claim_id == "A-1"
    assert claim.origin is not None
    assert claim.origin.source == str(path)


def test_the_source_can_be_named() -> None:
    (claim,) = read_claims(io.BytesIO(CLAIM), source="standard input")
    assert claim.origin is not None
    assert claim.origin.source == "standard input"


def test_a_stream_may_come_in_pieces() -> None:
    class Pieces(io.RawIOBase):
        def __init__(self) -> None:
            self.left = CLAIM

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            piece, self.left = self.left[:1], self.left[1:]
            buffer[: len(piece)] = piece
            return len(piece)

    (claim,) = read_claims(Pieces())  # type: ignore[arg-type]
    assert claim.claim_id == "A-1"


def test_a_stream_stays_open() -> None:
    stream = io.BytesIO(CLAIM)
    list(read_claims(stream))
    assert not stream.closed


def test_a_text_stream_is_refused() -> None:
    with pytest.raises(InputError, match="binary mode"):
        list(read_claims(io.StringIO(CLAIM.decode())))  # type: ignore[arg-type]


def test_a_file_that_cannot_be_opened_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_claims(tmp_path / "absent.json"))
    with pytest.raises(InputError, match="cannot be read"):
        list(read_claims(tmp_path))
