"""Notes of the tabular list: inherited, with the codes they name; and the reading of those codes from their texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import TableError
from scrubber.tables import NO_EDITION, NO_ROW, Table
from scrubber.tables.code_sets import code_spans
from scrubber.tables.notes import Notes, notes_of
from scrubber.tables.tabular import NOTE_KINDS, read_tabular

DAY = date(2026, 5, 1)
KINDS = ("excludes1", "excludes2", "code_first", "use_additional", "code_also")


@pytest.fixture(scope="module")
def diagnoses(table: Callable[[str], Table]) -> Table:
    return table("icd10cm")


def notes(diagnoses: Table, code: str) -> Notes:
    found = notes_of(diagnoses, code, DAY)
    assert isinstance(found, Notes)
    return found


@pytest.mark.parametrize(
    ("text", "members", "others"),
    [
        ("type 1 diabetes mellitus (E10.-)", ["E109", "E10.21"], ["E119"]),
        ("diabetes (E08-E13)", ["E08", "E1122", "E139"], ["E07", "E14", "D999"]),
        ("lymphoma (C81.0-C85.9, C96.0-C96.9)", ["C8100", "C8599", "C962"], ["C86", "C969X1"[:3] + "A"]),
        (
            "adverse effect (T36-T50 with fifth or sixth character 5)",
            ["T360X5A", "T3695XA", "T45515A"],
            ["T360X1A", "T45511A", "T515X5A"],
        ),
        ("poisoning (T36-T65 with fifth or sixth character 1-4 or 6)", ["T360X1A", "T3696XA"], ["T360X5A"]),
        ("diabetes (E08-E13 with .51-.52)", ["E1151", "E0852"], ["E1159", "E115"]),
        ("skin disorders in diabetes (E08-E13 with .62-)", ["E11621", "E08628"], ["E11610"]),
        ("dementia (F10-F19, with .17, .27, .97)", ["F1027", "F1997"], ["F1020"]),
        ("fluency disorder (I69. with final characters -23)", ["I69023", "I69923"], ["I69021"]),
        (
            "with hyperosmolarity (E08, E09, E11, E13 with final characters .00 or .01)",
            ["E1100", "E0801"],
            ["E1065", "E119"],
        ),
        ("hallucinations (F11-F19 with fifth to sixth characters 51)", ["F11151", "F19951"], ["F11150"]),
        ("open fracture of shoulder (S42.- with 7th character B or C)", ["S42001B", "S42001C"], ["S42001A", "S42001"]),
        ("open fracture of pelvis (S32.1--S32.9 with 7th character B)", ["S3210XB"], ["S32001B", "S3210XA"]),
        ("jaw pain R68.84", ["R6884"], ["R6889"]),
        ("leukemia in remission C91.0-C95.9 with 5th character 1", ["C9101"], ["C9100"]),
        ("code from category T31 or T32 to identify extent", ["T310", "T3290"], ["T33"]),
        ("dementia as classified in F01-F02", ["F0280"], ["F0390"]),
        ("weeks of gestation, from category Z3A, Weeks of gestation", ["Z3A20"], ["Z3B"]),
        ("occupational exposure (Z57.31), and more", ["Z5731"], ["Z573"]),
    ],
)
def test_codes_are_read_from_texts(text: str, members: list[str], others: list[str]) -> None:
    spans = code_spans(text, lambda _: True)
    assert [code for code in members if not any(span.holds(code) for span in spans)] == []
    assert [code for code in others if any(span.holds(code) for span in spans)] == []


@pytest.mark.parametrize(
    "text",
    [
        "underlying disease, such as:",
        "open fracture of elbow and forearm (S52.- with open fracture 7th character)",
        "aftercare for injury - code to injury with 7th character D",
        "C3 glomerulopathy",
        "",
    ],
)
def test_texts_without_sure_codes_name_none(text: str) -> None:
    assert code_spans(text, lambda _: True) == ()


def test_words_that_look_like_codes_are_none() -> None:
    assert code_spans("vitamin B12 deficiency", lambda code: code != "B12") == ()


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for span in code_spans(text, lambda _: True):
        assert span.holds(span.first) in (True, False)


def test_notes_are_inherited_from_category_block_and_chapter(diagnoses: Table) -> None:
    # I11.0 stands in block I10-I1A of chapter 9; the block excludes neonatal hypertension.
    found = notes(diagnoses, "I11.0")
    assert [note.node for note in found.excludes1 if note.holds("P292")] == ["I10-I1A"]
    assert [note.node for note in found.use_additional if note.holds("I5022")] == ["I110"]
    assert [note.node for note in notes(diagnoses, "E119").excludes1 if note.holds("P704")] == ["chapter 4"]
    assert any(note.holds("E1010") and note.node == "E11" for note in notes(diagnoses, "E1165").excludes1)


def test_seventh_characters(diagnoses: Table) -> None:
    found = notes(diagnoses, "T36.0X1A")
    assert (dict(found.seventh_characters), found.seventh_characters_from) == (
        {"A": "initial encounter", "D": "subsequent encounter", "S": "sequela"},
        "T36",
    )
    assert set(notes(diagnoses, "S52501").seventh_characters) == set("ABCDEFGHJKMNPQRS")
    assert notes(diagnoses, "E119").seventh_characters_from is None


def test_code_first_list(diagnoses: Table) -> None:
    first = notes(diagnoses, "F0280").code_first
    assert any(note.holds("G309") for note in first)
    assert not any(note.holds("E119") for note in first)
    assert any("such as" in note.text and not note.codes for note in first)


def test_answers_without_notes(diagnoses: Table, table: Callable[[str], Table]) -> None:
    assert notes_of(diagnoses, "Q1Q1", DAY) is NO_ROW
    assert notes_of(diagnoses, "E119", date(2030, 1, 1)) is NO_EDITION
    assert notes_of(table("icd10pcs"), "0016070", DAY) is NO_EDITION


def test_every_note_of_the_tabular_list_is_there(diagnoses: Table, shared_data: Path) -> None:
    """Against the list of the publisher, read here in another way than the build reads it."""
    with ZipFile(shared_data / "cms/icd10/icd10cm-tabular-April-1-2026.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith(".xml"))
        root = ElementTree.fromstring(archive.read(name))
    checked = 0
    for block in root.iter("section"):
        for node in block.iter("diag"):
            if all(node.find(tag) is None for tag in NOTE_KINDS):
                continue
            code = node.findtext("name", "").replace(".", "")
            found = notes(diagnoses, code)
            for tag, kind in NOTE_KINDS.items():
                texts = [" ".join("".join(note.itertext()).split()) for note in node.findall(f"{tag}/note")]
                assert [note.text for note in getattr(found, kind) if note.node == code] == texts, (code, kind)
                checked += len(texts)
    assert checked > 9_000


def test_notes_with_codes_are_nearly_all_read(diagnoses: Table) -> None:
    """Hardly any Excludes1 note that shows a code in parentheses may be left unread."""
    seen = {
        (note.node, note.text, bool(note.codes))
        for row in diagnoses.starting_with("", DAY)
        for note in notes(diagnoses, row.key[0]).excludes1
    }
    shown = [entry for entry in seen if "(" in entry[1] and any(c.isdigit() for c in entry[1].rpartition("(")[2])]
    unread = [entry for entry in shown if not entry[2]]
    assert len(shown) > 5_000
    assert len(unread) <= 5


def test_file_that_is_no_tabular_list(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<other/>")
    with pytest.raises(TableError, match="no ICD-10-CM tabular list"):
        list(read_tabular(tmp_path / "a.xml"))
    (tmp_path / "b.xml").write_text("<ICD10CM.tabular>")
    with pytest.raises(TableError, match="cannot be read"):
        list(read_tabular(tmp_path / "b.xml"))
