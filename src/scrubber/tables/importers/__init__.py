"""Importers of code tables, one module for each publisher's kind of file.

A new kind of file is a new module with an `IMPORTERS` tuple, and its name in `MODULES`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from scrubber.tables.importers.contract import Importer, Sample

MODULES = (
    "ncci",
    "mue",
    "addon",
    "hcpcs",
    "mpfs",
    "opps",
    "icd10_orders",
    "icd10_addenda",
    "icd10_tabular",
    "gems",
    "poa",
    "coverage",
    "cpt",
    "own_csv",
)
"""In the order in which they are asked; the documented CSV comes last, since its header is the most general."""


@cache
def importers() -> tuple[Importer, ...]:
    """Every importer, in the order in which they are asked."""
    found: list[Importer] = []
    for name in MODULES:
        module = import_module(f"scrubber.tables.importers.{name}")
        found.extend(module.IMPORTERS)
    return tuple(found)


def recognise(sample: Sample) -> Importer | None:
    """The importer that knows a file by its content, or None."""
    return next((importer for importer in importers() if importer.recognise(sample)), None)
