"""The Scrubber of tests: shipped rules over the mini tables."""

from __future__ import annotations

from functools import cache

from scrubber.scrub import Scrubber
from scrubber.testing.mini import mini_tables


@cache
def mini_scrubber(*packs: str) -> Scrubber:
    """A Scrubber with the mini tables, loaded once for the process: with the core pack, else with those named."""
    return Scrubber.load(packs=packs or ("core",), tables=mini_tables())
