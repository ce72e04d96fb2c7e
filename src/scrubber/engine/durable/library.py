"""The one place where durable_rules is called, with a guard for each of its limits.

Its C library is called directly. The Python layer above it runs two timers of its own per host, hides exceptions, and
quotes whole facts in the ones it raises; a fact is patient data.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any

import attrs

from scrubber.engine.durable.expressions import MOST_JOINTS, Expression, Size, as_definition, joints
from scrubber.errors import ScrubberError

FACTS_IN_A_SESSION = 500
"""Durable keeps some nine kilobytes for each fact that a rule matches, until its session ends."""

_NOT_HANDLED, _OBSERVED, _DEFERRED = 1, 2, 3
_LOCK = threading.Lock()
"""The library keeps its handles in one table of the process and may not be entered twice."""
_SESSIONS = count()
_FIRST = "first"
"""The rule that matches in the first session of a set, and the property it asks for."""


def library() -> Any:
    """The C library of durable_rules.

    Raises:
        ScrubberError: it is not installed.
    """
    try:
        import durable_rules_engine
    except ImportError:
        hint = 'Install it: pip install "claim-scrubber[durable]". Or take the compiled engine, which needs nothing.'
        raise ScrubberError("the durable engine needs the package durable_rules.", where="engine", hint=hint) from None
    return durable_rules_engine


class TooLarge(Exception):
    """Durable cannot take the rules in one set."""


@attrs.frozen
class Match:
    """That a rule of a set matched a fact: the rule's name and the number of the fact."""

    rule: str
    fact: int


class Ruleset:
    """A set of rules that durable has registered. It is let go when the set is no longer used."""

    def __init__(self, name: str, rules: Mapping[str, Expression]) -> None:
        """Register rules.

        Raises:
            TooLarge: they do not fit into durable's tables; durable was not asked.
        """
        if not Size.of(rules.values()).fits or any(joints(rule) > MOST_JOINTS for rule in rules.values()):
            raise TooLarge(name)
        self.name = name
        self.size = len(rules)
        self._library = library()
        definition = {rule: {"all": [{"m": as_definition(expression)}]} for rule, expression in rules.items()}
        definition[_FIRST] = {"all": [{"m": {"$ex": {_FIRST: 1}}}]}
        with _LOCK:
            try:
                self._handle = self._library.create_ruleset(name, json.dumps(definition))
            except Exception as error:
                raise _failure(name, "could not register its rules", error) from None
            # The place of a session is not cleared before a rule has matched in it, and ending the session then frees
            # whatever stands there. Sessions follow each other in one place: this one clears it for all.
            self._session([f'"{_FIRST}":1'])
        weakref.finalize(self, self._library.delete_ruleset, self._handle)

    def matches(self, facts: Sequence[str]) -> Iterator[Match]:
        """Which rules match which facts, each once; facts are given as the inside of JSON objects.

        Every call has sessions of its own, which end with it: what durable knows of a claim is never seen by another.
        """
        for start in range(0, len(facts), FACTS_IN_A_SESSION):
            chunk = facts[start : start + FACTS_IN_A_SESSION]
            with _LOCK:
                found = self._session(chunk)
            for rule, fact in found:
                yield Match(rule, start + fact)

    def _session(self, facts: Sequence[str]) -> Iterable[tuple[str, int]]:
        session = str(next(_SESSIONS))
        told = ",".join(f'{{"sid":"{session}","id":"{number}",{fact}}}' for number, fact in enumerate(facts))
        try:
            outcome, state = self._library.assert_facts(self._handle, f"[{told}]")
            if outcome in (_OBSERVED, _DEFERRED):
                raise ScrubberError("durable took two facts for one.", where=self.name)
            # that no rule matches the last fact (_NOT_HANDLED) is an answer like any other
            return dict.fromkeys(self._results(state))
        except ScrubberError:
            raise
        except Exception as error:
            raise _failure(self.name, "could not run its rules", error) from None
        finally:
            self._end(session)

    def _results(self, state: int) -> Iterator[tuple[str, int]]:
        started = self._library.start_action_for_state(self._handle, state)
        result = started[1] if started else None
        while result:
            # {"RULE":{"m":{"sid":"SESSION","id":"NUMBER", ...: durable gives a fact back as it was told
            rule, _, fact = result[2:].partition('":{"m":{"sid":"')
            yield rule, int(fact.split('"', 5)[4])
            result = self._library.complete_and_start_action(self._handle, state)

    def _end(self, session: str) -> None:
        """Forget a session: durable holds 1,024 of them and frees none by itself."""
        try:
            self._library.delete_state(self._handle, session)
        except Exception as error:
            raise _failure(self.name, "could not end a session", error) from None


def in_sets(name: str, rules: Mapping[str, Sequence[tuple[str, Expression]]]) -> Iterator[tuple[Ruleset, list[str]]]:
    """Register rules in as few sets as fit, those of one key together; each set with its keys.

    Raises:
        TooLarge: the rules of one key do not fit by themselves; the error's argument is the key.
    """
    waiting = iter(rules.items())
    size, kept, keys = Size(), dict[str, Expression](), list[str]()
    number = count(1)
    for key, named in waiting:
        for _, expression in named:
            size.add(expression)
        if keys and not size.fits:
            yield Ruleset(f"{name} {next(number)}", kept), keys
            size, kept, keys = Size.of(expression for _, expression in named), {}, []
        if not size.fits or any(joints(expression) > MOST_JOINTS for _, expression in named):
            raise TooLarge(key)
        kept.update(named)
        keys.append(key)
    if keys:
        yield Ruleset(f"{name} {next(number)}", kept), keys


def _failure(where: str, what: str, error: Exception) -> ScrubberError:
    """An error of the library in words of ours: its own may quote the facts."""
    said = str(error)
    code = said.rpartition("error code: ")[2]
    told = f" (error code {code})" if code.isdigit() else f" ({type(error).__name__})"
    return ScrubberError(f"durable {what}{told}.", where=where, hint="The compiled engine has no such limits.")


def batches(facts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Facts in lists of a size."""
    waiting = iter(facts)
    while batch := list(islice(waiting, size)):
        yield batch
