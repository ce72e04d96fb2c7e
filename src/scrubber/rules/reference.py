"""The lists of the rule language as Markdown: fields by scope, words, checks, finders and lints, from the code itself.

    python -m scrubber.rules.reference docs/rule-language.md docs/lint.md

writes each list anew between the marks `<!-- list: NAME -->` and `<!-- end of list -->` of a page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scrubber.checks import FINDERS, PREDICATES
from scrubber.fields import FIELDS, FieldType, ScopeKind
from scrubber.rules.lint import LINTS
from scrubber.rules.words import WORDS

_MARKED = re.compile(r"(<!-- list: (?P<name>[a-z ]+) -->\n).*?(<!-- end of list -->)", re.DOTALL)


def fields_of(scope: ScopeKind) -> Iterator[str]:
    """The fields of one scope with their type and where they stand in an 837 and on paper."""
    yield "| field | type | meaning | 837 | paper |"
    yield "|---|---|---|---|---|"
    for field in FIELDS[scope].values():
        private = " (never in a message)" if field.private else ""
        yield f"| `{field.name}` | {field.type} | {field.meaning}{private} | {field.x12} | {field.paper} |"


def words() -> Iterator[str]:
    """Every word with the types it fits, what stands behind it, and its opposite."""
    yield "| word | fits | behind it | the value | opposite |"
    yield "|---|---|---|---|---|"
    for word in WORDS.values():
        fits = "every type" if word.takes == frozenset(FieldType) else ", ".join(sorted(word.takes))
        opposite = f"`{word.opposite}`" if word.opposite else ""
        yield f"| `{word.name}` | {fits} | {word.operand.value} | {word.meaning} | {opposite} |"


def predicates() -> Iterator[str]:
    """Every check of one value."""
    yield "| check | fits | says yes of |"
    yield "|---|---|---|"
    for predicate in sorted(PREDICATES.values(), key=lambda predicate: predicate.name):
        yield f"| `{predicate.name}` | {', '.join(sorted(predicate.takes))} | {predicate.meaning} |"


def finders() -> Iterator[str]:
    """Every finder with what it is about, what its answer holds and the tables it reads."""
    yield "| finder | of | what it finds | fields of the answer | tables |"
    yield "|---|---|---|---|---|"
    for finder in sorted(FINDERS.values(), key=lambda finder: finder.name):
        of = ", ".join(sorted(kind.value.replace("_", " ") for kind in finder.of))
        gives = ", ".join(
            f"`{name}` ({type_}{', never in a message' if name in finder.private else ''})"
            for name, type_ in finder.gives.items()
        )
        tables = ", ".join(f"`{table}`" for table in finder.tables)
        yield f"| `{finder.name}` | {of} | {finder.meaning} | {gives} | {tables} |"


def lints() -> Iterator[str]:
    """Every lint with what it says, why it matters and how to mend it."""
    yield "| id | name | says | why | mend |"
    yield "|---|---|---|---|---|"
    for lint in LINTS.values():
        mend = f"{lint.mend} (`--fix`)" if lint.mends_itself else lint.mend
        name = lint.name if lint.severity == "mistake" else f"{lint.name} (advice)"
        yield f"| {lint.id} | {name} | {lint.what} | {lint.why} | {mend} |"


LISTS: dict[str, Callable[[], Iterable[str]]] = {
    "claim fields": lambda: fields_of(ScopeKind.CLAIM),
    "line fields": lambda: fields_of(ScopeKind.LINE),
    "diagnosis fields": lambda: fields_of(ScopeKind.DIAGNOSIS),
    "provider fields": lambda: fields_of(ScopeKind.PROVIDER),
    "procedure fields": lambda: fields_of(ScopeKind.PROCEDURE),
    "fault fields": lambda: fields_of(ScopeKind.FAULT),
    "group fields": lambda: fields_of(ScopeKind.LINES),
    "words": words,
    "checks": predicates,
    "finders": finders,
    "lints": lints,
}


def with_lists(page: str) -> str:
    """The page with each marked list as the code has it today."""
    return _MARKED.sub(lambda match: f"{match[1]}\n{chr(10).join(LISTS[match['name']]())}\n\n{match[3]}", page)


def main(paths: list[str]) -> int:
    """Write the lists of each page anew."""
    for path in map(Path, paths):
        path.write_text(with_lists(path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
