"""What a named check is: its name, what it takes, what it gives, and the function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
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
    column (None: any value that counts as true). Where the other cannot tell, it gives the same reason.
    """

    finder: str
    column: str
    values: frozenset[str] | None = None


@attrs.frozen
class Finder:
    """Looks something up about one item (`of`: the kinds of scope it takes).

    `find(facts, item, tables)` returns an object with the attributes named in `gives`, None where there is nothing,
    or why it cannot tell. It must be a pure function of its arguments: the engine shares its answers between rules.

    Three keys are there for speed alone, and a finder may do without them. `silent_on`: one look at the claim tells
    that there is nothing to say of any item. `follows`: it starts from the answer of another finder. `sees`: the answer
    hangs on a few public fields, so that what rules say of a code is worked out once and not for every claim.
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
    sees: frozenset[str] | None = None
    """The fields of the item on which the answer hangs ("procedure", "as_of"; "claim.billing_provider.taxonomy"),
    besides the tables; None where it may hang on anything.

    It is said of professional and dental claims whose lines are all of one day and name no rendering provider of their
    own; for others `find` is always asked. Only fields that `engine.alike` knows are of use. A finder that gives no
    answer but a reason may name any field in it: answers are not kept, only what rules make of them.
    """
    of_all_lines: bool = False
    """That the answer hangs on these fields of every line of the claim, in their order, and not of the item alone."""
    private: frozenset[str] = frozenset()
    """Attributes of the answer that may identify the patient: rules may test them, and nothing ever shows them."""
    turns_on: tuple[date | str, ...] = ()
    """Days written in the code on which answers may change, and tables that are not named in `tables`. The days on
    which rows and editions of tables and value sets begin and end are known.
    """
