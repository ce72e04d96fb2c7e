"""The reference page names every table with its key and columns as they are declared."""

from __future__ import annotations

import re
from pathlib import Path

from scrubber.tables.schemas import SCHEMAS

PAGE = Path(__file__).parents[3] / "docs" / "tables-reference.md"


def test_every_table_stands_on_the_page() -> None:
    parts = dict(
        re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )
    assert list(parts) == list(SCHEMAS)
    for name, schema in SCHEMAS.items():
        assert f"Key: {', '.join(f'`{part}`' for part in schema.key)}." in parts[name], name
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", parts[name], re.MULTILINE)
        assert rows == [(column.name, column.type, column.meaning) for column in schema.columns], name
