"""The public names and their signatures, against a snapshot: a change here is a change of the contract."""

from __future__ import annotations

import inspect
from pathlib import Path

import attrs
import pytest

import scrubber

SNAPSHOT = Path(__file__).with_name("public_face.txt")


def public_face() -> str:
    """Every exported name: signatures of functions and methods, fields of data classes, bases of errors."""
    lines: list[str] = []
    for name in sorted(scrubber.__all__):
        thing = getattr(scrubber, name)
        if not callable(thing):
            lines.append(name)
        elif not inspect.isclass(thing):
            lines.append(f"{name}{inspect.signature(thing)}")
        else:
            lines.append(f"class {name}({', '.join(base.__name__ for base in thing.__bases__ if base is not object)})")
            if attrs.has(thing):
                lines += [f"    {field.name}: {field.type}" for field in attrs.fields(thing) if field.name[0] != "_"]
            for member, value in sorted(vars(thing).items()):
                function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
                if not member.startswith("_") and inspect.isfunction(function):
                    lines.append(f"    {member}{inspect.signature(function)}")
                elif not member.startswith("_") and isinstance(value, property):
                    lines.append(f"    {member} (property)")
    return "\n".join(lines) + "\n"


def test_public_face_is_as_promised() -> None:
    assert public_face() == SNAPSHOT.read_text(encoding="utf-8"), (
        "The public face changed. If that is meant: ADR, migration note, version bump, then rewrite the snapshot."
    )


@pytest.mark.parametrize("name", sorted(scrubber.__all__))
def test_every_public_name_says_what_it_is(name: str) -> None:
    thing = getattr(scrubber, name)
    assert name == "__version__" or (inspect.getdoc(thing) or "").strip()


def test_errors_say_where_and_what_to_do() -> None:
    error = scrubber.ScrubberError("it broke.", where="a.837", hint="Mend it.")
    assert str(error) == "a.837: it broke. Mend it."
    for name in ("InputError", "RuleError", "TableError", "UnknownName"):
        assert issubclass(getattr(scrubber, name), scrubber.ScrubberError)
