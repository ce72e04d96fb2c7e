"""The files that a user hands over: plain, zipped, or workbooks. Nothing is unpacked to the disk, nothing is run.

Limits stand against files that are made to do harm: they are far above what CMS and the AMA publish (the largest
member, a part of the PTP files, has 48 MB and is packed 1 to 23).
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO

from attrs import frozen

from scrubber.errors import TableError, os_error_hint
from scrubber.tables.importers.contract import SourceFile, SourceKind

LARGEST_FILE = 2 * 1024**3
LARGEST_MEMBER = 1024**3
LARGEST_ARCHIVE = 4 * 1024**3
LARGEST_IN_MEMORY = 512 * 1024**2
MOST_MEMBERS = 2_000
SMALL_MEMBER = 8 * 1024**2
LARGEST_RATIO = 150
"""A member that is larger than a small one may be packed this many times smaller than it is."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOOK = 65_536
_REFUSALS = {
    _OLD_OFFICE: "is a workbook of the old Excel format; save it as xlsx or csv",
    b"%PDF": "is a PDF, which holds no rows",
    b"\x1f\x8b": "is packed with gzip; unpack it first",
    b"7z\xbc\xaf": "is packed with 7-Zip; unpack it first",
    b"Rar!": "is packed with RAR; unpack it first",
}


@frozen
class LeftOut:
    """A member of a zip that is not read, and why."""

    name: str
    reason: str


@frozen
class Stated:
    """What the user says of a file whose content and name do not tell it."""

    table: str | None = None
    day: date | None = None


def open_sources(path: Path, stated: Stated) -> Iterator[SourceFile | LeftOut]:
    """What there is to read in a file: itself, or the members of a zip.

    Raises:
        TableError: the file is missing, no kind of file that holds rows, damaged, encrypted, or made to do harm.
    """
    with readable(str(path)):
        is_file = path.is_file()
    if not is_file:
        what = "is a folder; name the files in it" if path.is_dir() else "is not there, or no file"
        raise TableError(f"this {what}.", where=str(path))
    with readable(str(path)):
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise TableError(f"the file has {size:,} bytes, more than any table that is published.", where=str(path))
        with path.open("rb") as stream:
            head = stream.read(_LOOK)
        digest = _digest(path)
    if not head:
        raise TableError("the file is empty: it has no bytes.", where=str(path), hint="Download it again.")
    if not head.startswith((_ZIP, _EMPTY_ZIP)):
        yield SourceFile(
            path, _kind(head, str(path)), size, lambda: path.open("rb"), None, digest, stated.table, stated.day
        )
        return
    with readable(str(path)), zipfile.ZipFile(path) as archive:
        _check_archive(archive, str(path))
        if _is_workbook(archive):
            yield SourceFile(path, "sheet", size, lambda: path.open("rb"), None, digest, stated.table, stated.day)
            return
        found = list(_members(archive, path, digest, stated))
    yield from _without_twins(found)


def _members(
    archive: zipfile.ZipFile, path: Path, digest: str, stated: Stated, outer: str | None = None
) -> Iterator[SourceFile | LeftOut]:
    """The members of a zip; those of a zip inside it too, but no deeper."""
    for info in archive.infolist():
        member = info.filename if outer is None else f"{outer}/{info.filename}"
        place = PurePosixPath(member)
        hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
        if info.is_dir() or hidden or not info.file_size or stat.S_ISLNK(info.external_attr >> 16):
            continue
        with archive.open(info) as stream:
            head = stream.read(_LOOK)
        name = f"{path}: {member}"
        if not head.startswith((_ZIP, _EMPTY_ZIP)):
            try:
                kind = _kind(head, name)
            except TableError as error:
                yield LeftOut(name, error.message)
                continue
            yield SourceFile(
                path,
                kind,
                info.file_size,
                _Opener(path, info.filename, outer),
                member,
                digest,
                stated.table,
                stated.day,
            )
            continue
        inner_bytes = _in_memory(archive, info, name)
        with zipfile.ZipFile(io.BytesIO(inner_bytes)) as inner:
            _check_archive(inner, name)
            if _is_workbook(inner):
                yield SourceFile(
                    path,
                    "sheet",
                    info.file_size,
                    _Opener(path, info.filename, outer),
                    member,
                    digest,
                    stated.table,
                    stated.day,
                )
            elif any(part.filename.startswith("word/") for part in inner.infolist()):
                yield LeftOut(name, "this is a text document, which holds no rows.")
            elif outer is not None:
                raise TableError("this is a zip in a zip in a zip.", where=name, hint="Unpack it first.")
            else:
                yield from _members(inner, path, digest, stated, member)


@frozen
class _Opener:
    """Opens one member of a zip, or of a zip in a zip."""

    path: Path
    member: str
    outer: str | None

    def __call__(self) -> IO[bytes]:
        with zipfile.ZipFile(self.path) as archive:
            if self.outer is None:
                # The stream keeps the file open for as long as it lives itself.
                return archive.open(self.member)
            inner = _in_memory(archive, archive.getinfo(self.outer), str(self.path))
        with zipfile.ZipFile(io.BytesIO(inner)) as nested:
            return nested.open(self.member)


def _without_twins(found: list[SourceFile | LeftOut]) -> Iterator[SourceFile | LeftOut]:
    """CMS packs the same rows as text and as a workbook into one zip: the text is read, which is quicker by far."""
    texts = {
        PurePosixPath(one.member or "").with_suffix("")
        for one in found
        if isinstance(one, SourceFile) and one.kind == "text"
    }
    for one in found:
        if (
            isinstance(one, SourceFile)
            and one.kind == "sheet"
            and PurePosixPath(one.member or "").with_suffix("") in texts
        ):
            yield LeftOut(one.name, "this has the same name as a text beside it; its rows are counted once.")
        else:
            yield one


def check_workbook(content: IO[bytes], name: str) -> None:
    """Hold a workbook against the limits of zips, and refuse one that declares entities of its own.

    Raises:
        TableError: it is damaged, or made to do harm.
    """
    with readable(name), zipfile.ZipFile(content) as archive:
        _check_archive(archive, name)
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(info) as stream:
                head = stream.read(4096).replace(b"\0", b"").upper()
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise TableError("the workbook declares entities of its own, as none of Excel's does.", where=name)
    content.seek(0)


def _check_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a zip that is encrypted, or larger inside than any table is."""
    members = archive.infolist()
    total = sum(info.file_size for info in members)
    if len(members) > MOST_MEMBERS or total > LARGEST_ARCHIVE:
        raise TableError(
            f"the zip has {len(members):,} members of {total:,} bytes, too much for tables: at most "
            f"{MOST_MEMBERS:,} members and {LARGEST_ARCHIVE:,} bytes are read.",
            where=name,
            hint="Unpack it, and import the files of tables that are in it.",
        )
    for info in members:
        place = PurePosixPath(info.filename.replace("\\", "/"))
        if info.flag_bits & 1:
            raise TableError("the zip is encrypted.", where=name, hint="Unpack it with its password first.")
        if place.is_absolute() or ".." in place.parts or ":" in info.filename:
            raise TableError(
                f"its member {info.filename!r} is named to lie outside of the zip, so that nothing of it is read.",
                where=name,
                hint="Download it again from its publisher; if it is meant to be so, unpack it and import the files.",
            )
        too_dense = info.file_size > SMALL_MEMBER and info.file_size > LARGEST_RATIO * max(1, info.compress_size)
        if info.file_size > LARGEST_MEMBER or too_dense:
            raise TableError(
                f"its member {info.filename!r} unpacks from {info.compress_size:,} to {info.file_size:,} bytes; at "
                f"most {LARGEST_MEMBER:,} bytes are read, and beyond {SMALL_MEMBER:,} at most {LARGEST_RATIO} times "
                "the packed size.",
                where=name,
                hint="Download it again from its publisher; if you trust it, unpack it and import the files.",
            )


def _in_memory(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if info.file_size > LARGEST_IN_MEMORY:
        raise TableError(f"this has {info.file_size:,} bytes, too many for a file inside a zip.", where=name)
    with archive.open(info) as stream:
        return stream.read(info.file_size)


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    return "xl/workbook.xml" in archive.namelist()


def _kind(head: bytes, name: str) -> SourceKind:
    """What a file is by its first bytes.

    Raises:
        TableError: it is nothing that holds rows.
    """
    for magic, reason in _REFUSALS.items():
        if head.startswith(magic):
            raise TableError(f"this {reason}.", where=name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\0" in head:
        raise TableError("this is no text, workbook or zip.", where=name)
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "xml" if beginning.startswith(b"<") else "text"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Whatever goes wrong while a file is opened or unpacked becomes a sentence that names it."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        what = "workbook" if name.lower().endswith((".xlsx", ".xlsm")) else "zip"
        raise TableError(f"the {what} is damaged ({error}).", where=name, hint="Download it again.") from error
    except (NotImplementedError, RuntimeError) as error:
        raise TableError(f"the zip cannot be unpacked ({error}).", where=name, hint="Unpack it first.") from error
    except OSError as error:
        raise TableError(
            f"this cannot be read ({error.strerror or error}).", where=name, hint=os_error_hint(error)
        ) from error
    except UnicodeDecodeError as error:
        raise TableError("the zip has a member whose name cannot be read.", where=name) from error
