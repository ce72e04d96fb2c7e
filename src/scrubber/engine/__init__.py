"""Runs compiled rules over the facts of a claim. Knows no file format, no payer and no table by name."""

from scrubber.engine.judge import judge
from scrubber.engine.plan import Plan, make_plan

__all__ = ["Plan", "judge", "make_plan"]
