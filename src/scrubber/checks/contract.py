"""What a named check is: its name, what it takes, what it gives, and the function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from scrubber.checks.answers import Unknown
from scrubber.errors import ScrubberError
from scrubber.fields import FieldType, ScopeKind
from scrubber.tables import TableSet


class CheckFailed(ScrubberError):
    """A predicate of another package raised an exception; the message names the check and holds no claim data."""


@attrs.frozen
class Predicate:
    """Says yes or no of one filled value."""

    name: str
    takes: frozenset[FieldType]
    meaning: str
    test: Callable[[Any], bool]


@attrs.frozen
class Follows:
    """That a finder says nothing unless the answer of another finder about the same item has one of `values` in a
    column (None: any value that counts as true), or cannot be told.
    """

    finder: str
    column: str
    values: frozenset[str] | None = None


@attrs.frozen
class Finder:
    """Looks something up about one item (`of`: the kinds of scope it takes).

    `find(facts, item, tables)` returns an object with the attributes named in `gives`, None where there is nothing,
    or why it cannot tell. It must be a pure function of its arguments: the engine shares its answers between rules.
    """

    name: str
    of: frozenset[ScopeKind]
    gives: Mapping[str, FieldType]
    meaning: str
    find: Callable[[Any, Any, TableSet], object | Unknown | None]
    tables: tuple[str, ...] = ()
    silent_on: Callable[[Any], bool] | None = None
    """Says of the facts of a claim, quickly, that `find` gives None for all of its items; it then need not be asked."""
    follows: Follows | None = None
