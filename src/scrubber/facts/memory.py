"""What was worked out about public codes, kept from one claim to the next."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

_LIMIT = 32_768
"""Entries kept; a file of claims names far fewer codes and days. A full memory is emptied, which is simpler than an
order of use."""


class Memory(dict[Hashable, Any]):
    """What tables say of public codes on a day. Never holds anything of a patient, and belongs to one set of tables."""

    def keep(self, key: Hashable, value: Any) -> Any:
        if len(self) >= _LIMIT:
            self.clear()
        self[key] = value
        return value
