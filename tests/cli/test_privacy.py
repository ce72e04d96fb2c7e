"""Who the patient is does not leave: every private field holds a mark, and no output may show one."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest
from click.testing import Result

from scrubber import claim as claim_module
from scrubber.claim import Claim
from scrubber.cli.check import FORMATS

Call = Callable[..., Result]

DAY = ("--as-of", "2026-11-22", "--no-settings")
MARK = re.compile(r"zq[0-9]+qz|193[12]-?(0[45]|12)-?[01][0-9]|777123777", re.IGNORECASE)
DAYS = ("1931-04-15", "1932-12-09")


class Marks:
    """Values for private fields; `spoilt` ones are of the wrong type, or hold what no code may hold."""

    def __init__(self, *, spoilt: bool) -> None:
        self.spoilt = spoilt
        self.count = 0

    def text(self) -> Any:
        self.count += 1
        mark = f"ZQ{self.count}QZ"
        odd = ([mark], {mark: mark}, 777123777, f"{mark}\u202e\n\x1b[31m{mark}", mark * 40)
        return odd[self.count % len(odd)] if self.spoilt else mark

    def day(self) -> Any:
        self.count += 1
        day = DAYS[self.count % len(DAYS)]
        odd = (day.replace("-", ""), f"{day}T00:00", "1931-13-45", [day])
        return odd[self.count % len(odd)] if self.spoilt else day

    def of(self, cls: type, written: dict[str, Any]) -> dict[str, Any]:
        """The object as JSON with a mark in each private field, here and in what hangs on it."""
        hints = get_type_hints(cls, vars(claim_module), {})
        marked = dict(written)
        for field in attrs.fields(cls):
            type_, many = _type_of(hints[field.name])
            if attrs.has(type_):
                below = marked.get(field.name) or ([{}] if many else {})
                if isinstance(below, list):
                    marked[field.name] = [self.of(type_, one) if isinstance(one, dict) else one for one in below]
                else:
                    marked[field.name] = self.of(type_, below)
            elif not field.repr and type_ is str and field.name != "sex":
                marked[field.name] = self.text()
            elif not field.repr and type_ is date:
                marked[field.name] = self.day()
        return {key: value for key, value in marked.items() if value not in ({}, [{}]) and key != "origin"}


def _type_of(hint: Any) -> tuple[Any, bool]:
    """What a field holds, and whether it holds many of it."""
    if get_origin(hint) is types.UnionType:
        return _type_of(next(one for one in get_args(hint) if one is not types.NoneType))
    return (get_args(hint)[0], True) if get_origin(hint) is tuple else (hint, False)


def claims() -> Iterator[dict[str, Any]]:
    lines = [{"procedure": "99213", "units": 1, "charge": "125.00", "service_date": "2026-10-02", "modifiers": ["25"]}]
    common = {"payer": {"id": "60054", "kind": "medicare"}, "diagnoses": ["E11", "Z38.00", "O09.91"], "lines": lines}
    patient = {"patient": {"sex": "M", "death_date": "1931-05-05"}}
    for form in ("professional", "institutional", "dental"):
        yield {"claim_id": form, "form": form, "total_charge": "125.00", **common, **patient}
    stay = {"type_of_bill": "111", "statement_from": "2026-10-02", "statement_to": "2026-10-04"}
    yield {"claim_id": "stay", "form": "institutional", "occurrence_codes": [{"code": "55"}], **stay, **common}
    damaged = {"diagnoses": ["ZQ1QZ ZQ2QZ"], "place_of_service": "ZQ3QZ A ZQ4QZ", "type_of_bill": "ZQ5QZ ZQ6QZ"}
    odd_line = {**lines[0], "procedure": "ZQ7QZ ZQ8QZ", "modifiers": ["ZQ9QZ ZQ9QZ"], "revenue_code": "ZQ8QZ ZQ9QZ"}
    yield {"claim_id": "damaged", "form": "professional", **common, **damaged, "lines": [odd_line]}


def marked_json(folder: Path, *, spoilt: bool) -> Path:
    marks = Marks(spoilt=spoilt)
    path = folder / "claims.json"
    path.write_text("".join(json.dumps(marks.of(Claim, one)) + "\n" for one in claims()), encoding="utf-8")
    return path


PLACES = {
    "NM1": (3, 4, 9), "N3": (1, 2), "N4": (1, 3), "REF": (2,), "DMG": (2,), "SBR": (3, 4), "PER": (2, 4), "BHT": (3,),
    "GS": (2, 3), "ISA": (6, 8), "NTE": (2,), "PWK": (6,), "TRN": (2,), "PAT": (6,),
}  # fmt: skip
"""Elements of an 837 that name persons and places, or lead to them."""

EXTRA = ("NTE*ADD*{}", "PWK*OZ*EL***AC*{}", "REF*G1*{}", "REF*F8*{}", "REF*EA*{}", "DTP*431*D8*19310415", "ZZZ*{}")


def marked_837(clinic: Path, folder: Path, *, spoilt: bool) -> Path:
    """The sample file with marks; `spoilt` ones are too long, or hold what an 837 may not hold."""
    marks = Marks(spoilt=False)

    def mark() -> str:
        odd = ("\xe9", "\x07", "x" * 90, " ", ":A")
        return str(marks.text()) + (odd[marks.count % len(odd)] if spoilt else "")

    segments: list[str] = []
    for segment in clinic.read_text().replace("\n", "").removesuffix("~").split("~"):
        elements = segment.split("*")
        payer = elements[0] == "NM1" and elements[1] == "PR"
        for place in () if payer else PLACES.get(elements[0], ()):
            if place >= len(elements) or not elements[place]:
                continue
            if elements[0] == "ISA":
                elements[place] = mark()[:15].ljust(15)
            elif elements[0] == "DMG":
                elements[place] = "1931-04-15" if spoilt else "19310415"
            elif (elements[0], elements[8:9]) != ("NM1", ["XX"]) or place != 9:
                elements[place] = mark()
        segments.append("*".join(elements))
        if elements[0] == "CLM":
            segments += [extra.format(mark()) for extra in EXTRA]
    path = folder / "claims.837"
    path.write_bytes("".join(f"{segment}~" for segment in segments).encode("latin-1"))
    return path


@pytest.mark.parametrize("spoilt", [False, True], ids=["right", "spoilt"])
def test_no_output_shows_what_is_private(call: Call, clinic_837: Path, tmp_path: Path, spoilt: bool) -> None:
    inputs = [marked_json(tmp_path, spoilt=spoilt), marked_837(clinic_837, tmp_path, spoilt=spoilt)]
    assert all(MARK.search(path.read_text(encoding="latin-1")) for path in inputs)
    baseline = tmp_path / "baseline.json"
    ways: list[tuple[str, ...]] = [
        *(("--format", name, "--why", "--statistics", "--pack", "core", "--pack", "medicare") for name in FORMATS),
        ("--write-baseline", str(baseline), "--fix", str(tmp_path / "fixed"), "--jobs", "2", "--worst-first"),
        ("--baseline", str(baseline), "--language", "es", "--statistics"),
    ]
    for way in ways:
        result = call("check", *inputs, *DAY, *way)
        assert result.exit_code in (0, 1, 2), result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        shown = [*result.stdout.splitlines(), *result.stderr.splitlines()]
        assert [line[-300:] for line in shown if MARK.search(line)] == [], way
    assert not MARK.search(baseline.read_text(encoding="utf-8"))
