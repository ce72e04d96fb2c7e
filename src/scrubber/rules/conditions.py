"""Conditions of a rule file: `alias.field: {word: operand}` and the groups all_of, any_of, none_of."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

import attrs
import yaml

from scrubber.checks import Finder, known_checks
from scrubber.errors import UnknownName, nearest
from scrubber.fields import FIELDS, Field, FieldType, ScopeKind, field_of
from scrubber.rules.meanings import meant
from scrubber.rules.model import Condition, FieldRef, Group, Node, Param, Span, Template
from scrubber.rules.prose import as_condition, as_written, word_meant
from scrubber.rules.words import WORDS, OperandKind, Word
from scrubber.rules.yaml_source import Entries, YamlSource
from scrubber.tables import Table
from scrubber.tables.schemas import TableSchema
from scrubber.tables.value_sets import RANGE_MARK, CodeSet, ValueSets

GROUPS = ("all_of", "any_of", "none_of")
IN_RANGES = ("is_one_of", "is_none_of", "includes_any", "includes_none")
"""Words whose lists may hold ranges of codes."""
IN_LISTS_OF_FIELDS = (*IN_RANGES, "includes_all", "includes_several_of")
"""Words whose list may be a field of the claim that holds several values."""
OF_A_PACKAGE = "If a package brings it, install that package."
"""What else to do about a check that nobody knows."""
NESTING = 2
"""Groups may stand in groups to this depth."""

_COLUMN_TYPES = {
    "flag": FieldType.FLAG,
    "text": FieldType.CODE,
    "number": FieldType.NUMBER,
    "decimal": FieldType.NUMBER,
    "date": FieldType.DATE,
    "long_text": FieldType.TEXT,
}
_PHRASES = {
    FieldType.CODES: "a list of codes",
    FieldType.NUMBERS: "a list of numbers",
    FieldType.MONEY: "an amount of money",
    FieldType.OBJECT: "an object",
    FieldType.OBJECTS: "a list of objects",
}
_DENIED = re.compile(r"not\s+(\S+)", re.IGNORECASE)
_CODE, _MODIFIER = 5, 2
"""Characters of a procedure code and of a modifier."""
_ELEMENT = {FieldType.CODES: FieldType.CODE, FieldType.NUMBERS: FieldType.NUMBER}


def phrase(type_: FieldType) -> str:
    """A type as a sentence names it."""
    return _PHRASES.get(type_, f"a {type_}")


@attrs.frozen
class Columns:
    """The fields of an answer, where neither a loaded table nor a finder tells them."""

    what: str
    types: Mapping[str, FieldType]

    @classmethod
    def of_schema(cls, schema: TableSchema) -> Columns | None:
        """Those of a table that is declared and not loaded; None where its files name their own columns."""
        types = {column.name: _COLUMN_TYPES[column.type] for column in schema.columns}
        return cls(f"column of the table {schema.name}", {**types, "found": FieldType.FLAG}) if types else None


DAYS = Columns("field of days between dates", {"days": FieldType.NUMBER})

Answered = Table | Finder | Columns | None
"""What a look-up answers from. None stands for a table that is not loaded: its columns cannot be checked."""


@attrs.define
class Names:
    """The names a rule may use: its scopes, its look-ups, its params; and which of them it did use."""

    source: YamlSource
    scopes: dict[str, ScopeKind]
    look_ups: dict[str, Answered] = attrs.field(factory=dict)
    shared: Mapping[str, Mapping[str, Field]] = attrs.field(factory=dict)
    """What the lines of a group have in common, by the name of the group."""
    private: set[str] = attrs.field(factory=set)
    """Look-ups that count days from or to a date of the patient's, which tell as much as the date."""
    params: dict[str, tuple[tuple[date | None, yaml.Node], ...]] = attrs.field(factory=dict)
    unknown: set[str] = attrs.field(factory=set)
    """Look-ups whose finder nobody knows, so that nothing more is said of their fields."""
    used: set[str] = attrs.field(factory=set)
    value_sets: ValueSets = attrs.field(factory=lambda: ValueSets({}))
    unread: frozenset[str] = frozenset()
    """Names of scopes whose kind could not be read: of their fields nothing can be said."""
    told: set[str] = attrs.field(factory=set)
    """Names that nothing has, of which so much is said only once."""

    def fields(self, alias: str) -> Mapping[str, Field]:
        """The fields of a scope by name; none of what is no scope."""
        return {**FIELDS[self.scopes[alias]], **self.shared.get(alias, {})} if alias in self.scopes else {}

    def reference(self, node: yaml.Node, text: str) -> FieldRef | None:
        """The field that `alias.name` means."""
        alias, dot, name = text.partition(".")
        if not dot:
            self.source.note(node, "RL008", f"{text!r} is no field.", self._whole_field(text))
            return None
        self.used.add(alias)
        if alias in self.unread or alias in self.unknown:
            return None
        try:
            if alias in self.scopes:
                field = self.shared.get(alias, {}).get(name) or field_of(self.scopes[alias], name)
                return FieldRef(alias, name, field.type, field)
            if alias in self.look_ups:
                return FieldRef(alias, name, self._column_type(self.look_ups[alias], name))
            if alias in self.told or "look_up" in self.source.meant:  # its key is mistyped, and that is told
                return None
            self.told.add(alias)
            raise UnknownName("name of this rule", alias, [*self.scopes, *self.look_ups])
        except UnknownName as error:
            close = meant(name, self.fields(alias))
            hint = f"Did you mean {close!r}?" if close else error.hint
            if alias == "params":  # `$params.name` is a value behind a word, and no field
                hint = "A constant is neither a field nor shown in a text; write its value, or a field."
            self.source.note(node, "RL008", error.message, hint)
            return None

    def _whole_field(self, name: str) -> str:
        """How a field is written, for one that is named without what it is of."""
        if name in self.scopes:
            return f"Name one of its fields, such as {name}.{next(iter(self.fields(name)))}."
        owner = next((alias for alias in reversed(self.scopes) if name in self.fields(alias)), None)
        if owner is not None:
            return f"Write {owner}.{name}."
        return "Write it as alias.field, such as line.procedure."

    def lacks_dollar(self, text: str) -> bool:
        """Whether a value is written as a param, a value set or a field is, but for its dollar."""
        alias, dot, name = text.partition(".")
        if alias in ("params", "value_sets"):
            return name in (self.params if alias == "params" else self.value_sets)
        return bool(dot) and name in self.fields(alias)

    def _column_type(self, source: Answered, name: str) -> FieldType:
        if isinstance(source, Columns):
            if name not in source.types:
                raise UnknownName(source.what, name, source.types)
            return source.types[name]
        if name == "found":
            return FieldType.FLAG
        if source is None:
            return FieldType.CODE
        if isinstance(source, Finder):
            if name not in source.gives:
                raise UnknownName(f"field of the answer of {source.name}", name, source.gives)
            return source.gives[name]
        if name not in source.columns:
            raise UnknownName(f"column of the table {source.name}", name, source.columns)
        return _COLUMN_TYPES[source.columns[name].type]

    def is_untyped(self, reference: FieldRef) -> bool:
        """Whether it is a column of a table that is not loaded and names its own columns: any word may fit it."""
        unread = reference.field is None and self.look_ups.get(reference.alias, DAYS) is None
        return unread and reference.name != "found"

    def is_private(self, reference: FieldRef) -> bool:
        """Whether a value may identify the patient."""
        if reference.field is not None:
            return reference.field.private
        asked = self.look_ups.get(reference.alias)
        return reference.alias in self.private or (isinstance(asked, Finder) and reference.name in asked.private)

    def template(self, node: yaml.Node, what: str) -> Template | None:
        """A sentence whose placeholders are fields that may be shown."""
        return read_template(self.source, node, what, self._shown)

    def _shown(self, node: yaml.Node, name: str) -> FieldRef | None:
        reference = self.reference(node, name)
        if reference is not None and self.is_private(reference):
            self.source.note(node, "RL013", *may_identify(name))
        return reference


def may_identify(name: str) -> tuple[str, str]:
    """What is wrong with a placeholder of a private field, and the mend."""
    return f"{{{name}}} may identify the patient, so no message may show it.", "Say it without the value."


def read_template(
    source: YamlSource, node: yaml.Node, what: str, reference_of: Callable[[yaml.Node, str], FieldRef | None]
) -> Template | None:
    """A sentence with placeholders; `reference_of` gives the field of each, or notes why there is none."""
    text = source.text(node, what)
    if text is None:
        return None
    parts: list[str | FieldRef] = []
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        source.note(node, "RL013", f"{what} has a brace without its partner.", "Write {alias.field}.")
        return None
    for literal, name, spec, conversion in pieces:
        if literal:
            parts.append(literal)
        if name is None:
            continue
        if spec or conversion:
            source.note(node, "RL013", f"the placeholder {{{name}}} may not carry a format.", "Leave it out.")
        reference = reference_of(node, name)
        if reference is not None:
            parts.append(reference)
    return Template(text, tuple(parts))


def read_nodes(names: Names, node: yaml.Node, what: str, depth: int = 0) -> tuple[Node, ...]:
    """A list of conditions and groups."""
    if not isinstance(node, yaml.SequenceNode):
        names.source.note(node, "RL004", f"{what} must be a list: each condition begins with a dash.")
        return ()
    found = [_read_node(names, item, what, depth) for item in node.value]
    return tuple(condition for part in found for condition in part)


def _read_node(names: Names, node: yaml.Node, what: str, depth: int) -> list[Node]:
    source = names.source
    if isinstance(node, yaml.ScalarNode):
        right = as_condition(names.fields, node.value)
        hint = f"Write `{right}`." if right else "Write it as `alias.field: {word: value}`."
        source.note(node, "RL004", f"this is no condition of {what}, but a text.", hint)
        return []
    entries = source.entries(node, f"a condition of {what}")
    if entries is None or _words_beside_their_field(names, entries):
        return []
    if len(entries) > 1:
        key = list(entries.values())[1][0]
        source.note(key, "RL004", f"{key.value!r} has no dash of its own.", "Begin each condition with a dash.")
        return []
    found: list[Node] = []
    for name, (key, value) in entries.items():
        if name in GROUPS:
            if depth == NESTING:
                source.note(key, "RL004", f"groups may nest {NESTING} deep.", "Split the rule, or use cases.")
                continue
            members = read_nodes(names, value, name, depth + 1)
            found.append(Group(name, members, source.place(key)))  # type: ignore[arg-type]
        else:
            found.extend(_read_words(names, key, name, value))
    return found


def _read_words(names: Names, key: yaml.Node, subject: str, node: yaml.Node) -> list[Node]:
    source = names.source
    if denied := _DENIED.fullmatch(subject):
        names.used.add(denied[1].partition(".")[0])
        source.note(key, "RL006", "a condition cannot begin with 'not'.", _without_not(denied[1], node))
        return []
    if "." not in subject and (close := meant(subject, GROUPS)):
        source.note(key, "RL006", f"{subject!r} is neither a field nor a group.", f"Did you mean {close!r}?")
        return []
    reference = names.reference(key, subject)
    if reference is None:
        return []
    if not isinstance(node, yaml.MappingNode):
        right = as_condition(names.fields, f"{subject} {as_written(node)}")
        if right is None and reference.type is FieldType.FLAG:
            right = f"{subject}: {{is: {as_written(node) or 'true'}}}"
        hint = f"Write `{right}`." if right else f"Write `{subject}: {{word: value}}`."
        source.note(node, "RL004", f"behind {subject} must stand a word and its value, in braces.", hint)
        return []
    entries = source.entries(node, f"what stands behind {subject}")
    if entries is None:
        return []
    if len(entries) != 1:
        source.note(node, "RL006", "one word per condition.", "Write a condition of its own for each word.")
    found: list[Node] = []
    for name, (word_key, operand_node) in entries.items():
        word = WORDS.get(name)
        if word is None:
            source.note(word_key, "RL006", f"there is no word {name!r}.", word_meant(name, reference))
        elif reference.type not in word.takes and not names.is_untyped(reference):
            message = f"the word {name!r} does not fit {reference}, which is {phrase(reference.type)}."
            source.note(word_key, "RL007", message, word_meant(name, reference))
        else:
            if names.is_untyped(reference):
                reference = attrs.evolve(reference, type=next(type_ for type_ in FieldType if type_ in word.takes))
            operand = _read_operand(names, word, reference, operand_node)
            if operand is not None:
                found.append(Condition(reference, word, operand, source.place(key)))
    return found


def _without_not(subject: str, node: yaml.Node) -> str:
    """The mend of `not line.units: {is: 1}`: the opposite word, else the group that denies."""
    (pair,) = node.value if isinstance(node, yaml.MappingNode) and len(node.value) == 1 else (None,)
    word = WORDS.get(pair[0].value) if pair is not None else None
    if pair is None or word is None or word.opposite is None:
        return "Put the condition below `none_of:`, without 'not'."
    return f"Write `{subject}: {{{word.opposite}: {as_written(pair[1]) or '…'}}}`."


def _words_beside_their_field(names: Names, entries: Entries) -> bool:
    """A field without anything behind it, and a word as the next key: the word is not indented."""
    for (subject, (_, value)), (word, (key, _)) in pairwise(entries.items()):
        if "." in subject and names.source.is_null(value) and (word in WORDS or "." not in word):
            hint = f"Indent {word!r} further than {subject!r}, to which it belongs."
            names.source.note(key, "RL004", f"{word!r} stands beside {subject!r}, not below it.", hint)
            names.used.add(subject.partition(".")[0])
            return True
    return False


def _read_operand(names: Names, word: Word, subject: FieldRef, node: yaml.Node) -> Any:
    if word.operand is OperandKind.SPAN:
        return _read_span(names, word, subject, node)
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    if text.startswith("$") and word.operand in (OperandKind.FLAG, OperandKind.PREDICATE):
        names.source.note(node, "RL007", f"the word {word.name!r} takes {word.operand}, written out, not {text!r}.")
        return None
    if text.startswith("$params."):
        return _read_param(names, word, subject, node, text.removeprefix("$params."))
    if text.startswith("$value_sets."):
        return _read_value_set(names, word, subject, node, text.removeprefix("$value_sets."))
    if text.startswith("$"):
        return _read_field(names, word, subject, node, text[1:])
    if text in names.params and _no_value(word, subject, node):
        text = f"params.{text}"
        names.used.add(text)
        names.source.note(node, "RL008", f"a param is written with its dollar, not as {node.value!r}.",
                          f"Write ${text}.", f"${text}")  # fmt: skip
        return None
    if names.lacks_dollar(text):
        names.used.add(text if text.startswith("params.") else text.partition(".")[0])
        names.source.note(node, "RL008", f"{text!r} would be taken for a text.", f"Write ${text}.", f"${text}")
        return None
    return operand_value(names.source, word, subject, node)


def _no_value(word: Word, subject: FieldRef, node: yaml.Node) -> bool:
    """Whether a name in small letters can be no value here: where a number, a date or a list is expected."""
    counted = subject.type in (FieldType.NUMBER, FieldType.MONEY, FieldType.DATE)
    return word.operand is OperandKind.LIST or (counted and word.operand is OperandKind.VALUE)


def _read_field(names: Names, word: Word, subject: FieldRef, node: yaml.Node, text: str) -> FieldRef | None:
    """Another field to compare with: one of the same type, or a list of such."""
    reference = names.reference(node, text)
    if reference is None:
        return None
    if word.operand is OperandKind.LIST and word.name in IN_LISTS_OF_FIELDS:
        element = _ELEMENT.get(subject.type, subject.type)
        fits = _ELEMENT.get(reference.type) is (FieldType.CODE if element is FieldType.TEXT else element)
        mend = f"{word.name} takes a list of values, or a field that is one."
    elif word.operand is OperandKind.VALUE:
        compared = {reference.type, subject.type}
        fits = len(compared) == 1 or compared == {FieldType.NUMBER, FieldType.MONEY}
        mend = "Compare like with like."
    else:
        fits, mend = False, f"Write out what {word.name} takes, or give it as a param."
    if not fits and not (names.is_untyped(reference) or names.is_untyped(subject)):
        message = f"{reference} is {phrase(reference.type)}, {subject} is {phrase(subject.type)}."
        names.source.note(node, "RL007", message, mend)
        return None
    return reference


def _read_span(names: Names, word: Word, subject: FieldRef, node: yaml.Node) -> Span | None:
    """`{days: 3, of: $claim.admission_date}`."""
    source, what = names.source, f"what stands behind '{subject} {word.name}'"
    entries = source.record(node, what, ("days", "of"), ("days", "of"))
    if entries is None or not {"days", "of"} <= set(entries):
        return None
    node = entries["days"][1]
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    days = (
        _read_param(names, word, subject, node, text.removeprefix("$params."))
        if text.startswith("$params.")
        else operand_value(source, word, subject, node)
    )
    of = date_field(names, entries["of"][1], "of")
    return Span(days, of) if days is not None and of is not None else None


def date_field(names: Names, node: yaml.Node, what: str) -> FieldRef | None:
    """The field that gives a date: $alias.field."""
    text = names.source.text(node, what)
    reference = names.reference(node, text.removeprefix("$")) if text is not None else None
    if reference is not None and reference.type is not FieldType.DATE and not names.is_untyped(reference):
        names.source.note(node, "RL007", f"{what} must be a date; {reference} is {phrase(reference.type)}.")
        return None
    return reference


def _read_param(names: Names, word: Word, subject: FieldRef, node: yaml.Node, name: str) -> Param | None:
    if name not in names.params:
        close = nearest(name, names.params)
        names.source.note(node, "RL008", f"the rule has no param {name!r}.",
                          f"Did you mean {close!r}?" if close else "Add it under `params:`.")  # fmt: skip
        return None
    names.used.add(f"params.{name}")
    values = tuple((start, operand_value(names.source, word, subject, value)) for start, value in names.params[name])
    return Param(name, values) if all(value is not None for _, value in values) else None


def _read_value_set(names: Names, word: Word, subject: FieldRef, node: yaml.Node, name: str) -> Param | None:
    """A value set as a dated constant of the rule: where a list of codes is expected."""
    source = names.source
    try:
        value_set = names.value_sets[name]
    except UnknownName as error:
        source.note(node, "RL008", error.message, error.hint)
        return None
    if word.operand is not OperandKind.LIST or _ELEMENT.get(subject.type, subject.type) is not FieldType.CODE:
        source.note(node, "RL007", f"a value set is a list of codes; {subject} {word.name} does not take one.")
        return None
    values: list[tuple[date, Any]] = []
    for start, codes in value_set.values:
        if word.name in IN_RANGES:
            values.append((start, codes))
        elif any(RANGE_MARK in item for item in codes.text):
            source.note(node, "RL007", f"the value set {name} has ranges, which {word.name} does not take.")
            return None
        else:
            values.append((start, codes.text))
    return Param(f"value_sets.{name}", tuple(values))


def operand_value(source: YamlSource, word: Word, subject: FieldRef, node: yaml.Node) -> Any:
    """The constant behind a word, in the type of the field; None after noting a problem."""
    what = f"what stands behind '{subject} {word.name}'"
    element = _ELEMENT.get(subject.type, subject.type)
    if word.operand is OperandKind.FLAG:
        return source.flag(node, what)
    if word.operand in (OperandKind.COUNT, OperandKind.SPAN):
        number = _typed(source, FieldType.NUMBER, node, what)
        if number is not None and (number < 0 or number != int(number)):
            source.note(node, "RL011", f"{what} must be a whole number, not {node.value!r}.")
            return None
        return None if number is None else int(number)
    if word.operand is OperandKind.PREDICATE:
        predicates = known_checks().predicates
        name = source.choice(node, "the check", predicates, OF_A_PACKAGE)
        if name is None:
            return None
        if subject.type not in predicates[name].takes:
            source.note(node, "RL007", f"the check {name!r} does not fit {subject}, which is {phrase(subject.type)}.")
            return None
        return predicates[name].test
    if word.operand is OperandKind.LIST:
        items = [_typed(source, element, item, what) for item in source.items(node, what)]
        if any(item is None for item in items):
            return None
        if not items:
            source.note(node, "RL011", f"{what} is an empty list.")
            return None
        if word.name not in IN_RANGES or element is not FieldType.CODE:
            return tuple(items)
        try:
            return CodeSet(items)
        except ValueError as error:
            source.note(node, "RL011", f"{error}.", range_hint(items))
            return None
    return _typed(source, element, node, what)


def range_hint(items: list[Any]) -> str:
    """The mend of a range that is none."""
    spaced = next((item for item in items if " " in str(item)), None)
    if spaced is not None:
        return f"Write it without spaces: {''.join(str(spaced).split())}."
    wrong = next((str(item) for item in items if RANGE_MARK in str(item) and not _is_range(str(item))), "")
    first, _, last = wrong.partition(RANGE_MARK)
    if len(first) == _CODE and len(last) == _MODIFIER and last.isalnum():
        return "A procedure and its modifier are two conditions: one on procedure, one on modifiers."
    if _is_range(zeros := wrong.replace("O", "0").replace("o", "0")):
        return f"Did you mean {zeros}, with zeros in place of the letter O?"
    if _is_range(f"{last}{RANGE_MARK}{first}"):
        return f"Write the lower code first: {last}{RANGE_MARK}{first}."
    return "Write the lower code first, both of one length."


def _is_range(text: str) -> bool:
    try:
        CodeSet([text])
    except ValueError:
        return False
    return RANGE_MARK in text


def _typed(source: YamlSource, type_: FieldType, node: yaml.Node, what: str) -> Any:
    if type_ is FieldType.FLAG:
        return source.flag(node, what)
    if type_ is FieldType.DATE:
        return source.day(node, what)
    text = source.text(node, what)
    if text is None or type_ not in (FieldType.NUMBER, FieldType.MONEY):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        bare = re.sub(r"[$,\s]", "", text)
        right = bare if re.fullmatch(r"[0-9]+(\.[0-9]+)?", bare, re.ASCII) else None
        hint = f"Write {right}." if right else "Write it in digits."
        source.note(node, "RL011", f"{what} must be a number, not {text!r}.", hint, right)
        return None
    return number


def read_params(source: YamlSource, node: yaml.Node) -> Mapping[str, tuple[tuple[date | None, yaml.Node], ...]]:
    """Dated constants: a list or text holds always; a mapping of dates gives each value from its day on."""
    params: dict[str, tuple[tuple[date | None, yaml.Node], ...]] = {}
    for name, (_, value) in (source.entries(node, "params") or {}).items():
        if not isinstance(value, yaml.MappingNode):
            params[name] = ((None, value),)
            continue
        dated: list[tuple[date, yaml.Node]] = []
        for _, (key, item) in (source.entries(value, f"the param {name}") or {}).items():
            day = source.day(key, f"the day from which a value of {name} holds")
            if day is not None:
                dated.append((day, item))
        dated.sort(key=lambda pair: pair[0])
        params[name] = tuple(dated)
    return params
