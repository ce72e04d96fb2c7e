"""Rules that no fault is made for, and why."""

from __future__ import annotations

from collections.abc import Mapping

WITHOUT_FAULT: Mapping[str, str] = {}
