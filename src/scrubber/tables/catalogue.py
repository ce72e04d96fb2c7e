"""The names of the tables that rules may ask for, loaded or not; what they are made of stands in `schemas`."""

from scrubber.tables.schemas import KNOWN_TABLES, SHIPPED

__all__ = ["KNOWN_TABLES", "SHIPPED"]
