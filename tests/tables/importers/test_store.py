"""The folder of tables: an edition is replaced whole or not at all, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from scrubber.errors import TableError
from scrubber.tables import TableSet
from scrubber.tables.importers import intake, store
from scrubber.tables.importers.contract import EditionFound
from scrubber.tables.importers.intake import import_files
from scrubber.tables.importers.store import EditionBuild, locked
from scrubber.tables.schemas import SCHEMAS

NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv"
HEADINGS = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
DAY = date(2024, 8, 1)


def write(folder: Path, value: int, name: str = NAME) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"{HEADINGS}X0001,{value},2 Date,Made up\n", encoding="utf-8")
    return path


def value(folder: Path) -> object:
    table = TableSet.open(folder).get("mue_practitioner")
    assert table is not None
    row = table.look_up("X0001", DAY)
    return row.value if row else row


def test_an_edition_is_replaced_and_the_report_says_so(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    assert not import_files([write(tmp_path / "a", 1)], tables).editions[0].replaced
    assert import_files([write(tmp_path / "a", 2)], tables).editions[0].replaced
    assert value(tables) == 2
    assert [path.name for path in tables.glob("*/*")] == ["2024q3.table"]


def several(path: Path, count: int) -> Path:
    rows = "".join(f"X{number:04},1,2 Date,Made up\n" for number in range(count))
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADINGS + rows, encoding="utf-8")
    return path


def test_a_fragment_does_not_replace_an_edition(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    import_files([several(tmp_path / NAME, 100)], tables)
    content = (tables / "mue_practitioner" / "2024q3.table").read_bytes()
    fragment = several(tmp_path / "b" / NAME, 49)
    report = import_files([fragment], tables)
    problem = report.sources[0].problem
    assert problem is not None
    assert "it has 49 rows for mue_practitioner 2024q3, and the edition that is there has 100" in str(problem)
    assert str(fragment) in str(problem)
    assert "--replace" in problem.hint
    assert report.refused_files == 1
    assert not report.sources[0].taken
    assert (tables / "mue_practitioner" / "2024q3.table").read_bytes() == content
    assert import_files([fragment], tables, replace=True).editions[0].edition.rows == 49
    assert import_files([several(tmp_path / "c" / NAME, 25)], tables).refused_files == 0


def test_an_excerpt_beside_a_full_edition(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    full, excerpt = (NAME.replace("07-01", day) for day in ("04-01", "07-01"))
    assert SCHEMAS["mue_practitioner"].least_rows < 9_999
    import_files([several(tmp_path / full, 9_999)], tables)
    report = import_files([several(tmp_path / excerpt, 33)], tables)
    assert "33 rows for mue_practitioner 2024q3, and edition 2024q2 has 9,999" in str(report.sources[0].problem)
    assert not report.editions


def test_editions_stand_side_by_side(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    import_files([write(tmp_path / "a", 1)], tables)
    import_files([write(tmp_path / "a", 2, NAME.replace("07-01", "10-01"))], tables)
    table = TableSet.open(tables).get("mue_practitioner")
    assert table is not None
    assert [edition.name for edition in table.editions] == ["2024q4", "2024q3"]
    assert value(tables) == 1


def test_a_broken_file_leaves_the_edition_and_the_other_files_alone(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    import_files([write(tmp_path / "a", 1)], tables)
    broken = write(tmp_path / "b", 2)
    broken.write_text(HEADINGS + "X0001,2,2 Date,Made up\n" + "x" * 100_000, encoding="utf-8")
    other = write(tmp_path / "c", 3, NAME.replace("07-01", "10-01"))
    report = import_files([broken, other], tables)
    assert report.refused_files == 1
    assert [stored.edition.name for stored in report.editions] == ["2024q4"]
    assert value(tables) == 1


def test_one_broken_file_of_an_edition_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    broken = write(tmp_path / "b", 2)
    broken.write_text(HEADINGS + "X0002,2,2 Date,Made up\n" + "x" * 100_000, encoding="utf-8")
    good = write(tmp_path / "c", 3)
    last = write(tmp_path / "d", 3)
    report = import_files([broken, good, last], tmp_path / "tables")
    assert report.editions[0].edition.rows == 1
    assert [source.repeated for source in report.sources] == [0, 0, 1]
    assert value(tmp_path / "tables") == 3


def test_a_failure_while_writing_leaves_the_former_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tmp_path / "tables"
    import_files([write(tmp_path / "a", 1)], tables)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TableError, match="No space left"):
        import_files([write(tmp_path / "a", 2)], tables)
    monkeypatch.undo()
    assert value(tables) == 1
    import_files([write(tmp_path / "a", 3)], tables)
    assert value(tables) == 3
    assert not list(tables.glob("*/*" + store.UNFINISHED_SUFFIX))


@pytest.mark.skipif(sys.platform == "win32", reason="the platform has no SIGKILL")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    import_files([write(tmp_path / "a", 1)], tables)
    large = write(tmp_path / "b", 2)
    with large.open("a", encoding="utf-8") as stream:
        for number in range(1_000, 90_000):
            stream.write(f"{'ABCDEFGHIJ'[number % 10]}{number // 90:03}{number % 10},{number},2 Date,Made up\n")
    script = (
        f"from pathlib import Path\nfrom scrubber.tables.importers.intake import import_files\n"
        f"print('go', flush=True)\nimport_files([Path({str(large)!r})], Path({str(tables)!r}))"
    )
    for wait in (0.0, 0.1, 0.3):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert value(tables) in (1, 2)
    with locked(tables):  # the lock went with the process
        assert not list(tables.glob("*/*" + store.UNFINISHED_SUFFIX))


def test_two_imports_at_once(tmp_path: Path) -> None:
    with locked(tmp_path / "tables"), pytest.raises(TableError, match="another import is at work"):
        import_files([write(tmp_path / "a", 1)], tmp_path / "tables")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir(mode=0o500)
    with pytest.raises(TableError, match="cannot be written"):
        import_files([write(tmp_path / "a", 1)], tmp_path / "tables")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("", encoding="utf-8")
    with pytest.raises(TableError, match="cannot be written here"):
        import_files([write(tmp_path / "a", 1)], tmp_path / "tables")


@pytest.mark.parametrize(
    ("table", "name", "key"),
    [
        ("../mue", "2024q3", ("code",)),
        ("mue_dme", "../2024q3", ("code",)),
        ("mue_dme", "a/b", ("code",)),
        ("mue_dme", "2024q3", ("other",)),
        ("mine", "2024q3", ()),
    ],
)
def test_names_that_would_do_harm(tmp_path: Path, table: str, name: str, key: tuple[str, ...]) -> None:
    found = EditionFound(table, name, DAY, None, "made up", "none", key=key)
    with pytest.raises(TableError):
        EditionBuild(tmp_path, found)


def test_nothing_known_in_a_file_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk.\n", encoding="utf-8")
    report = import_files([path], tmp_path / "tables")
    assert "no table that the library can read" in str(report.sources[0].problem)
    assert not report.editions


def test_progress_ends_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "ROWS_BETWEEN_LOOKS", 1)
    seen: list[tuple[int, int]] = []
    paths = [write(tmp_path / "a", 1), write(tmp_path / "b", 2, NAME.replace("07-01", "10-01"))]
    import_files(paths, tmp_path / "tables", look=lambda _, done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == sum(path.stat().st_size for path in paths)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
