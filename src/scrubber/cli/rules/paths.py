"""Paths as a command prints them."""

from __future__ import annotations

import os
from pathlib import Path


def short_path(path: Path) -> str:
    """The path from the current folder, where that is shorter to read."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith("..") else relative
