"""The public names and their signatures, against a snapshot: a change here is a change of the contract."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import scrubber
import scrubber.testing
from scrubber.testing import strategies

SNAPSHOTS = {
    module.__name__: Path(__file__).with_name(file)
    for module, file in (
        (scrubber, "public_face.txt"),
        (scrubber.testing, "testing_face.txt"),
        (strategies, "strategies_face.txt"),
    )
}


def public_face(module: ModuleType) -> str:
    """Every exported name: signatures of functions and methods, fields of data classes, bases of errors."""
    lines: list[str] = []
    for name in sorted(module.__all__):
        thing = getattr(module, name)
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


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_public_face_is_as_promised(name: str) -> None:
    assert public_face(import_module(name)) == SNAPSHOTS[name].read_text(encoding="utf-8"), (
        "The public face changed. If that is meant: ADR, migration note, version bump, then rewrite the snapshot."
    )


@pytest.mark.parametrize("module", SNAPSHOTS)
def test_every_public_name_says_what_it_is(module: str) -> None:
    face = import_module(module)
    for name in face.__all__:
        assert name == "__version__" or (inspect.getdoc(getattr(face, name)) or "").strip(), name


def test_errors_say_where_and_what_to_do() -> None:
    error = scrubber.ScrubberError("it broke.", where="a.837", hint="Mend it.")
    assert str(error) == "a.837: it broke. Mend it."
    for name in ("InputError", "RuleError", "TableError", "UnknownName"):
        assert issubclass(getattr(scrubber, name), scrubber.ScrubberError)
