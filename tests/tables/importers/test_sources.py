"""Files that are not what they seem, and files that are made to do harm: each is refused in a sentence."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from scrubber.errors import TableError
from scrubber.tables.importers import cells, sources
from scrubber.tables.importers.cells import rows_of, sample_of, sheet_rows, text_lines
from scrubber.tables.importers.contract import SourceFile
from scrubber.tables.importers.sources import LeftOut, Stated, open_sources


def zipped(path: Path, **members: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def found(path: Path) -> list[SourceFile | LeftOut]:
    return list(open_sources(path, Stated()))


def one(path: Path) -> SourceFile:
    (source,) = found(path)
    assert isinstance(source, SourceFile)
    return source


def refusal(path: Path) -> str:
    def read() -> None:
        for source in found(path):
            if isinstance(source, SourceFile):
                list(rows_of(source))

    with pytest.raises(TableError) as caught:
        read()
    return str(caught.value)


class TestFiles:
    def test_missing(self, tmp_path: Path) -> None:
        assert "is not there" in refusal(tmp_path / "none.csv")

    def test_a_name_that_the_system_refuses(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: Path) -> bool:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "is_file", refuse)
        assert "this cannot be read (Permission denied). Check who may read" in refusal(tmp_path / "a.csv")

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "is a folder" in refusal(tmp_path)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the platform has no pipes in folders")
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert "no file" in refusal(tmp_path / "pipe")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty: it has no bytes. Download it again."),
            (b"%PDF-1.7 ...", "is a PDF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old Excel format"),
            (b"\x1f\x8b\x08" + bytes(20), "gzip"),
            (b"abc\0def", "no text, workbook or zip"),
            (b"PK\x03\x04 and then nothing", "the zip is damaged"),
            (b"<?xml version='1.0'?><a/>", "this is XML"),
            (b'"a",b\n"never closed,c\n' + b"x" * 200_000, "line"),
            (b"x" * 200_000, "line is longer"),
        ],
    )
    def test_not_what_it_says_it_is(self, tmp_path: Path, content: bytes, reason: str) -> None:
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        told = refusal(path)
        assert reason in told
        assert str(path) in told

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "file.txt"
        path.write_bytes("CPT®\r\nnaïve\n".encode(encoding))
        assert list(text_lines(one(path))) == [(1, "CPT®"), (2, "naïve")]

    def test_lines_are_counted_across_quotes(self, tmp_path: Path) -> None:
        path = tmp_path / "file.csv"
        path.write_text('"a\nb",c\nd,e\n', encoding="utf-8")
        assert list(rows_of(one(path))) == [(2, ("a\nb", "c")), (3, ("d", "e"))]


class TestZips:
    def test_members_keep_the_name_of_the_zip(self, tmp_path: Path) -> None:
        source = one(zipped(tmp_path / "all.zip", folder__csv="a,b\n"))
        assert source.member == "folder.csv"
        assert source.names == ("folder.csv", "all.zip")
        assert list(rows_of(source)) == [(1, ("a", "b"))]

    def test_a_zip_in_a_zip(self, tmp_path: Path) -> None:
        inner = zipped(tmp_path / "inner.zip", a__csv="1,2\n").read_bytes()
        source = one(zipped(tmp_path / "outer.zip", inner__zip=inner))
        assert source.member == "inner.zip/a.csv"
        assert list(rows_of(source)) == [(1, ("1", "2"))]

    def test_a_zip_in_a_zip_in_a_zip(self, tmp_path: Path) -> None:
        inner = zipped(tmp_path / "inner.zip", a__csv="1,2\n").read_bytes()
        middle = zipped(tmp_path / "middle.zip", inner__zip=inner).read_bytes()
        assert "zip in a zip in a zip" in refusal(zipped(tmp_path / "outer.zip", middle__zip=middle))

    def test_a_bomb(self, tmp_path: Path) -> None:
        told = refusal(zipped(tmp_path / "bomb.zip", a__txt=bytes(32 * 1024**2)))
        assert "its member 'a.txt' unpacks from" in told
        assert "at most 150 times the packed size. Download it again" in told

    def test_too_many_members(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sources, "MOST_MEMBERS", 2)
        told = refusal(zipped(tmp_path / "a.zip", a="1", b="2", c="3"))
        assert "3 members" in told
        assert "at most 2 members" in told

    @pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:\\out.csv"])
    def test_members_outside(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), "a,b\n")
        told = refusal(path)
        assert "is named to lie outside of the zip" in told
        assert name.replace("\\", "/").rsplit("/", 1)[-1] in told
        assert "Download it again" in told
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]

    def test_encrypted(self, tmp_path: Path) -> None:
        content = bytearray(zipped(tmp_path / "a.zip", a__csv="1,2\n").read_bytes())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(mark) + place] |= 1
        (tmp_path / "a.zip").write_bytes(content)
        assert "encrypted" in refusal(tmp_path / "a.zip")

    def test_damaged_inside(self, tmp_path: Path) -> None:
        rows = "".join(f"{number},{number * 7919 % 1000}\n" for number in range(50_000))
        content = bytearray(zipped(tmp_path / "a.zip", a__csv=rows).read_bytes())
        content[len(content) // 2] ^= 0xFF
        (tmp_path / "a.zip").write_bytes(content)
        assert "damaged" in refusal(tmp_path / "a.zip")

    def test_descriptions_beside_the_rows_are_left_out(self, tmp_path: Path) -> None:
        one_source, left_out = found(zipped(tmp_path / "a.zip", a__csv="1,2\n", layout__pdf=b"%PDF-1.4"))
        assert isinstance(one_source, SourceFile)
        assert isinstance(left_out, LeftOut)
        assert "PDF" in left_out.reason


class TestWorkbooks:
    @pytest.fixture
    def workbook(self, tmp_path: Path) -> Path:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.active.append(["a", 1, 2.0, 2.5, True, "=1+1", None])
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    def test_cells_become_text_and_formulas_are_not_worked_out(self, workbook: Path) -> None:
        assert [cells[:6] for _, cells in sheet_rows(one(workbook))] == [("a", "1", "2", "2.5", "1", "")]

    def test_text_and_workbook_of_one_name_are_read_once(self, workbook: Path, tmp_path: Path) -> None:
        both = zipped(tmp_path / "a.zip", book__csv="a,b\n", book__xlsx=workbook.read_bytes())
        kinds = [type(source).__name__ for source in found(both)]
        assert kinds == ["SourceFile", "LeftOut"]

    def test_a_workbook_in_a_zip(self, workbook: Path, tmp_path: Path) -> None:
        source = one(zipped(tmp_path / "a.zip", book__xlsx=workbook.read_bytes()))
        assert source.kind == "sheet"
        assert sample_of(source).rows[0][0] == "a"

    def test_entities(self, workbook: Path) -> None:
        with zipfile.ZipFile(workbook) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members["xl/sharedStrings.xml"] = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'
        with zipfile.ZipFile(workbook, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        assert "entities" in refusal(workbook)

    def test_a_damaged_sheet(self, workbook: Path) -> None:
        with zipfile.ZipFile(workbook) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row>"
        with zipfile.ZipFile(workbook, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        told = refusal(workbook)
        assert "the workbook is damaged" in told
        assert "save it as csv" in told

    def test_cut_short(self, workbook: Path) -> None:
        workbook.write_bytes(workbook.read_bytes()[:1000])
        told = refusal(workbook)
        assert "the workbook is damaged" in told
        assert "Download it again." in told

    def test_without_openpyxl(self, workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
        assert "claim-scrubber[xlsx]" in refusal(workbook)


def test_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MOST_CELLS", 3)
    path = tmp_path / "a.csv"
    path.write_text("1,2,3,4\n", encoding="utf-8")
    assert "4 cells" in refusal(path)


def test_a_source_can_be_opened_again(tmp_path: Path) -> None:
    source = one(zipped(tmp_path / "a.zip", a__csv="1,2\n"))
    assert [io.TextIOWrapper(source.open()).read() for _ in range(2)] == ["1,2\n", "1,2\n"]
