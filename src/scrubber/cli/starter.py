"""What `scrubber init` writes: settings, a sample pack, sample claims, and hooks for pre-commit."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from scrubber.cli.settings import OWN_FILE, PROJECT_FILE, SETTINGS, read_settings
from scrubber.errors import ScrubberError, os_error_hint
from scrubber.rules.drafting import Draft, rule_of
from scrubber.rules.emit import yaml_of
from scrubber.rules.loader import RULE_SUFFIX
from scrubber.rules.pack_file import PACK_FILE
from scrubber.rules.templates import TEMPLATES

PACK = "rules/our-payer"
CLAIMS = "claims"
HOOKS_FILE = ".pre-commit-config.yaml"

_PAYER_ID = "EXHP1"
_PAYER = "Example Health Plan"
_DAYS_AGO = 7


@attrs.define
class Done:
    """What came of it."""

    written: list[Path] = attrs.field(factory=list)
    kept: list[tuple[Path, str]] = attrs.field(factory=list)
    """What was there already, and what that means."""
    uses_pack: bool = True
    """Whether the settings name the sample pack."""


def write_starter(folder: Path, today: date, *, pre_commit: bool) -> Done:
    """Write what is not there yet.

    Raises:
        ScrubberError: a file cannot be written.
    """
    done = Done()
    if folder.exists() and not folder.is_dir():
        raise ScrubberError("this is a file.", where=str(folder), hint="Name a folder.")
    _settings_file(folder, done)
    _pack(folder / PACK, done)
    _write(folder / CLAIMS / "sample.json", json.dumps(_claims(today), indent=2) + "\n", done)
    if pre_commit:
        _write(folder / HOOKS_FILE, HOOKS, done)
    return done


def next_steps(folder: Path, done: Done) -> Iterator[str]:
    """What to type next; each command works as it stands."""
    pack = "" if done.uses_pack else f" --pack {PACK}"
    steps = [
        *([(f"cd {shlex.quote(str(folder))}", "")] if folder.resolve() != Path.cwd() else []),
        (f"scrubber check {CLAIMS}/{pack}", "the sample claims: the sample rule finds one"),
        (f"scrubber rules test{'' if done.uses_pack else ' ' + PACK}", "the examples inside the sample rule"),
        ("scrubber check --show-settings", "what is used, and where it is set"),
        (f"scrubber rules new --pack {PACK}", "a rule of your own, by a few questions"),
    ]
    if any(path.name == HOOKS_FILE for path in done.written):
        steps.append(("pre-commit install", "check the rules before each commit (pip install pre-commit)"))
    width = max(len(command) for command, _ in steps)
    yield "Next:"
    for command, says in steps:
        yield f"  {command:<{width}}  {says}".rstrip()
    if not done.uses_pack:
        yield f"Your settings do not name the sample pack: add {PACK!r} to packs there to use it without --pack."


def _settings_file(folder: Path, done: Done) -> None:
    """The settings, unless the folder has some: a second file beside them would take their place."""
    own, project = folder / OWN_FILE, folder / PROJECT_FILE
    there = own if own.exists() else project if _has_settings(project) else None
    if there is None:
        _write(own, starter_settings(), done)
        return
    done.kept.append((there, "your settings stay as they are"))
    try:
        done.uses_pack = (folder / PACK).absolute() in read_settings(there).packs
    except ScrubberError:
        done.uses_pack = False


def _has_settings(project: Path) -> bool:
    try:
        return project.is_file() and bool(read_settings(project).values)
    except ScrubberError:
        return "[tool.scrubber" in project.read_text(encoding="utf-8", errors="replace")


def starter_settings() -> str:
    """A settings file that names every setting; all but the packs are commented out."""
    lines = [
        "# What `scrubber` uses in this folder and below it. An option on the command line wins over a line of this",
        "# file; `scrubber check --show-settings` shows what is in force. Folders are seen from here.",
    ]
    for setting in SETTINGS:
        lines += ["", f"# {setting.says} ({setting.option})"]
        if setting.name == "packs":
            lines += ["# Ours is a layer over core and brings it.", f'packs = ["{PACK}"]']
        else:
            lines.append(f"# {setting.name} = {setting.example}")
    return "\n".join(lines) + "\n"


def _pack(folder: Path, done: Done) -> None:
    """The sample pack; a pack that is there is nobody's sample, and gets no rule."""
    if (folder / PACK_FILE).exists():
        done.kept.append((folder / PACK_FILE, "your pack stays as it is"))
        return
    pack = {
        "name": folder.name,
        "version": "1",
        "title": f"What {_PAYER} asks for (a sample; the payer is made up)",
        "layer": {"level": "payer", "over": ["core"]},
        "applies_to": {"payer_ids": [_PAYER_ID]},
    }
    draft = _draft()
    _write(folder / PACK_FILE, yaml_of(pack), done)
    _write(folder / f"{draft.id}-{draft.name}{RULE_SUFFIX}", yaml_of(rule_of(draft)), done)


def _draft() -> Draft:
    template = next(one for one in TEMPLATES if one.name == "not-together")
    return Draft(
        template=template,
        answers={"codes": ["36415"], "beside": ["99202-99215"], "modifiers": None},
        id="OUR101",
        name="blood-draw-beside-visit",
        title="Blood draw beside an office visit",
        reference=f"{_PAYER}, payment policy 14 (made up: name your payer's policy here)",
    )


def _claims(today: date) -> list[dict[str, Any]]:
    """Two made-up claims of some days ago: one that passes, and one that the sample rule finds."""
    day = (today - timedelta(days=_DAYS_AGO)).isoformat()
    return [_claim("SAMPLE-1", day, {"99213": "125.00"}), _claim("SAMPLE-2", day, {"99213": "125.00", "36415": "9.00"})]


def _claim(claim_id: str, day: str, charges: dict[str, str]) -> dict[str, Any]:
    provider = {"npi": "1234567893", "taxonomy": "207Q00000X"}
    return {
        "claim_id": claim_id,
        "form": "professional",
        "frequency": "1",
        "payer": {"id": _PAYER_ID, "name": _PAYER, "kind": "commercial"},
        "subscriber": {"member_id": "TEST0001", "relationship": "self"},
        "patient": {"birth_date": "1970-05-01", "sex": "F"},
        "payer_sequence": "primary",
        "billing_provider": {
            **provider,
            "tax_id": "123456789",
            "address": {"line1": "1 Main Street", "city": "Albany", "state": "NY", "zip": "122071234"},
        },
        "rendering_provider": provider,
        "place_of_service": "11",
        "diagnoses": [{"code": "I10", "kind": "principal"}],
        "lines": [
            {
                "number": number,
                "procedure": procedure,
                "units": 1,
                "charge": charge,
                "service_date": day,
                "diagnosis_pointers": [1],
            }
            for number, (procedure, charge) in enumerate(charges.items(), 1)
        ],
        "total_charge": str(sum(map(Decimal, charges.values()))),
    }


def _write(path: Path, text: str, done: Done) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        done.kept.append((path, "it was there already"))
    except OSError as error:
        hint = os_error_hint(error)
        raise ScrubberError(f"the file cannot be written: {error.strerror}.", where=str(path), hint=hint) from None
    else:
        done.written.append(path)


HOOKS = """\
# `pre-commit install` makes git run these before each commit. They use the `scrubber` that is installed.
repos:
  - repo: local
    hooks:
      - id: scrubber-rules-lint
        name: mistakes in rules
        entry: scrubber rules lint
        language: system
        files: ^rules/
        pass_filenames: false
      - id: scrubber-rules-test
        name: examples inside the rules
        entry: scrubber rules test
        language: system
        files: ^rules/
        pass_filenames: false
"""
