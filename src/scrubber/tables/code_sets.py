"""Sets of ICD codes as the tabular list names them in its notes: "I50.-", "E08-E13", "T36-T50 with … character 5".

Reading is careful rather than complete: where words beside the codes are not understood, a note names no codes at all,
because a set that is too wide raises false alarms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from attrs import frozen

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_DASH = r"\.?-{0,2}"
_ITEM = re.compile(rf"\b(?P<first>{_CODE})(?:\.?-)?(?:(?:\s*-\s*|\s+to\s+)(?P<last>{_CODE})(?:\.?-)?)?(?![0-9A-Za-z])")
_PARENTHESIS = re.compile(r"\(([^()]*[A-Z][0-9][0-9A-Z][^()]*)\)?")
_NUMBERS = {"fifth": 5, "5th": 5, "sixth": 6, "six": 6, "6th": 6, "seventh": 7, "7th": 7}
_ORDINAL = "|".join(_NUMBERS)
_CHARACTERS = re.compile(
    rf",?\s*with (?P<one>{_ORDINAL})(?: (?P<join>or|to) (?:{_ORDINAL}))?[- ]characters? "
    r"\.?(?P<which>[0-9A-Z]{1,2}"
    r"(?:-[0-9A-Z])?(?:(?:,| or) [0-9A-Z])*)\.?\s*$"
)
_AFTER_CATEGORY = re.compile(r",?\s*with (?P<which>\.[0-9]+-?(?:(?:-|,\s*|\.\s*| or )\.[0-9]+-?)*)\s*$")
_FINAL = re.compile(r"\.?\s*with final characters (?P<which>-?\.?[0-9]+(?: or -?\.?[0-9]+)*)\s*$")
_FILLING = re.compile(r"^(?:[\s,;.]|-|\b(?:and|or)\b)*$")
_CLASSIFIED = re.compile(
    r"\b(?:(?:classified|classifiable|specified) (?:to|in)(?: (?:sub)?categor(?:y|ies))?"
    r"|(?:code(?:\(s\))? )?from(?: categor(?:y|ies))?|in)\s+(?P<codes>.*)$"
)


@frozen
class CodeSpan:
    """The codes from `first` to `last`, both as beginnings of codes, without dots.

    `position` 5, 6 or 7 narrows it to codes with one of `characters` there (0 = the character that tells the intent:
    the sixth, or the fifth where the sixth is the filler X). `endings` narrows it to codes that go on (after the
    category) with one of these texts; those beginning with "-" must end the code.
    """

    first: str
    last: str
    position: int | None = None
    characters: str = ""
    endings: tuple[str, ...] = ()

    def holds(self, code: str) -> bool:
        """Whether a code (with or without its dot) belongs to the set."""
        plain = code.replace(".", "").upper()
        if plain[: len(self.first)] < self.first or plain[: len(self.last)] > self.last:
            return False
        if self.position is not None and not self._fits(plain):
            return False
        return not self.endings or any(
            plain.endswith(ending[1:]) if ending.startswith("-") else plain[3:].startswith(ending)
            for ending in self.endings
        )

    def _fits(self, code: str) -> bool:
        place = self.position
        if not place:
            place = 6 if len(code) >= 6 and code[5] != "X" else 5
        return len(code) >= place and code[place - 1] in self.characters


def code_spans(text: str, known: Callable[[str], bool]) -> tuple[CodeSpan, ...]:
    """The codes that a note names: those in its parentheses, else those after "classified to", else at its end.

    `known` tells whether a code is the beginning of some code, so that "vitamin B12" is none.
    """
    inside = [match.group(1) for match in _PARENTHESIS.finditer(text)]
    spans = [span for part in inside for span in _spans(part, known)]
    if any(_ITEM.search(part) for part in inside):
        return tuple(spans)
    outside = _CLASSIFIED.search(text)
    if outside:
        classified = tuple(_spans(_up_to_words(outside.group("codes")), known))
        if classified:
            return classified
    ending = _last_item(text)
    return tuple(_spans(ending, known)) if ending else ()


def _spans(part: str, known: Callable[[str], bool]) -> Iterator[CodeSpan]:
    """The sets of one parenthesis; nothing where a word in it is not understood."""
    items = list(_ITEM.finditer(part))
    if not items:
        return
    before = part[: items[0].start()]
    between = [part[left.end() : right.start()] for left, right in pairwise(items)]
    if not all(_FILLING.match(text) for text in (before, *between)):
        return
    condition = _condition(part[items[-1].end() :])
    if condition is None:
        return
    for item in items:
        first = item["first"].replace(".", "")
        last = (item["last"] or item["first"]).replace(".", "")
        # The end of a range may be no code of its own: "R10.1-R10.4-".
        if not known(first) or not known(last[:3]) or last[: len(first)] < first[: len(last)]:
            continue
        yield CodeSpan(first, last, *condition)


def _condition(text: str) -> tuple[int | None, str, tuple[str, ...]] | None:
    """What stands behind the codes; None where it is not understood."""
    if _FILLING.match(text):
        return None, "", ()
    if match := _CHARACTERS.search(text):
        which = match["which"]
        if match["join"] == "to":
            return (None, "", ("-" + which,)) if len(which) == 2 else None
        characters = _expanded(which)
        position = 0 if match["join"] == "or" else _NUMBERS[match["one"]]
        return position, characters, ()
    if match := _AFTER_CATEGORY.search(text):
        return None, "", tuple(_decimals(match["which"]))
    if match := _FINAL.search(text):
        return None, "", tuple(_final(part) for part in match["which"].split(" or "))
    return None


def _final(part: str) -> str:
    """How "-23" (ends the code) and ".00" (follows the category) are written as an ending."""
    return part.strip().lstrip(".") if part.strip().startswith(".") else "-" + part.strip().lstrip("-")


def _expanded(which: str) -> str:
    """The characters of a list: "1-4 or 6" gives "12346"."""
    characters = ""
    for part in re.split(r",\s*| or ", which):
        first, _, last = part.strip().partition("-")
        characters += "".join(chr(number) for number in range(ord(first), ord(last or first) + 1))
    return characters


def _decimals(which: str) -> Iterator[str]:
    """The endings of a list: ".51-.52" gives 51 and 52, ".17, .27" gives 17 and 27, ".62-" gives 62."""
    for part in re.split(r",\s*| or |\.\s+", which):
        numbers = re.findall(r"[0-9]+", part)
        if len(numbers) == 2:
            yield from (str(number) for number in range(int(numbers[0]), int(numbers[1]) + 1))
        else:
            yield from numbers


def _up_to_words(text: str) -> str:
    """The codes at the beginning of a text, without the words behind them."""
    end = 0
    for item in _ITEM.finditer(text):
        if not _FILLING.match(text[end : item.start()]):
            break
        end = item.end()
    return text[:end]


def _last_item(text: str) -> str:
    """A code at the very end of a text, or one followed by a condition that is understood."""
    items = list(_ITEM.finditer(text))
    if not items or _condition(text[items[-1].end() :]) is None:
        return ""
    return text[items[-1].start() :]
