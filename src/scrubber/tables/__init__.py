"""Dated code tables: memory-mapped, read-only, shared between processes. Every look-up names a day."""

from scrubber.tables.edition_file import Row
from scrubber.tables.model import NO_EDITION, NO_ROW, Column, Edition, NoAnswer
from scrubber.tables.table import Table
from scrubber.tables.table_set import TableSet

__all__ = ["NO_EDITION", "NO_ROW", "Column", "Edition", "NoAnswer", "Row", "Table", "TableSet"]
