"""Importers of code tables, one module for each publisher's kind of file.

A new kind of file is one new module with a tuple `IMPORTERS`; nothing else has to name it.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from scrubber.tables.importers.contract import Importer, Sample


@cache
def importers() -> tuple[Importer, ...]:
    """Every importer, in the order in which they are asked: by module, and the general ones after all others."""
    found: list[Importer] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        found.extend(getattr(import_module(f"{__name__}.{module.name}"), "IMPORTERS", ()))
    return tuple(sorted(found, key=lambda importer: importer.is_general))


def recognise(sample: Sample) -> Importer | None:
    """The importer that knows a file by its content, or None."""
    return next((importer for importer in importers() if importer.recognise(sample)), None)
