"""The hashes of a pack: of each of its files, and one of them all, by which a version is recognised."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from scrubber.errors import RuleError, os_error_hint
from scrubber.rules.model import Pack
from scrubber.tables.value_sets import FOLDER

_LINE = re.compile(r"(?P<hash>[0-9a-fA-F]{64}) [ *](\./)?(?P<name>.+)")


def file_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file that is read as a part of a pack, by its path within the pack."""
    lists = (folder / FOLDER).glob("*.csv")
    paths = (path for path in (*folder.rglob("*.yaml"), *lists) if path.is_file())
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in paths)
    }


def hash_of(files: Mapping[str, str]) -> str:
    """One sha256 over the list of files, written as `sha256sum` writes it, in the order of their names."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def hash_lines(packs: Iterable[Pack]) -> list[str]:
    """The list of hashes of packs: `HASH  PACK/FILE`, as `read_hash_list` takes it."""
    return [f"{digest}  {pack.name}/{name}" for pack in packs for name, digest in sorted(pack.files.items())]


def read_hash_list(path: Path) -> dict[str, str]:
    """A list of hashes from a file, by `PACK/FILE`.

    Raises:
        RuleError: it cannot be read, or is no such list.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise RuleError("the list of hashes is not UTF-8 text.", where=str(path)) from None
    except OSError as error:
        hint = os_error_hint(error)
        raise RuleError(f"the list of hashes cannot be read: {error.strerror}.", where=str(path), hint=hint) from None
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            hint = "Write it with `scrubber rules list --hashes`."
            raise RuleError("this is no line of a list of hashes.", where=f"{path}:{number}", hint=hint)
        found[match["name"]] = match["hash"].lower()
    if not found:
        raise RuleError("the list of hashes is empty.", where=str(path))
    return found


def check_hashes(packs: Iterable[Pack], listed: Mapping[str, str]) -> None:
    """Refuse packs that are not, file by file, those of a list.

    Raises:
        RuleError: naming the first file that differs, is not listed, or is missing.
    """
    for pack in packs:
        prefix = f"{pack.name}/"
        expected = {name.removeprefix(prefix): digest for name, digest in listed.items() if name.startswith(prefix)}
        if not expected:
            _refuse(pack, "", "the pack is not in the list of hashes")
        for name in sorted({*expected, *pack.files}):
            if name not in pack.files:
                _refuse(pack, name, "the file is in the list of hashes and not in the pack")
            if name not in expected:
                _refuse(pack, name, "the file is not in the list of hashes")
            if expected[name].lower() != pack.files[name]:
                _refuse(pack, name, "the file differs from the list of hashes")


def _refuse(pack: Pack, name: str, what: str) -> None:
    hint = "Use the pack that was approved, or review the change and write the list anew."
    raise RuleError(f"{what}, so the pack is not used.", where=str(pack.path / name), hint=hint)
