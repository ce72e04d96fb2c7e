"""The page for maintainers names what ships."""

from __future__ import annotations

from pathlib import Path

from scrubber.tables import TableSet

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_page_names_every_table_and_column(tables: TableSet) -> None:
    text = PAGE.read_text("utf-8")
    missing = []
    for name in tables.names:
        table = tables.get(name)
        assert table is not None
        missing += [word for word in (name, *table.columns) if f"`{word}`" not in text]
    assert missing == []
