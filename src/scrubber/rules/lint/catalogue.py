"""Every kind of mistake that `scrubber rules lint` tells, by id: what it says, why it matters, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import attrs

Severity = Literal["mistake", "advice"]


@attrs.frozen
class Lint:
    """One kind of mistake. A `mistake` makes the pack wrong or unusable; an `advice` is worth a look."""

    id: str
    name: str
    severity: Severity
    what: str
    why: str
    mend: str
    mends_itself: bool = False
    """Whether `--fix` can mend it, at least in plain cases."""


_UNREADABLE = "Nothing may be checked in a way that its author did not mean, so the pack does not load."

_LINTS = (
    # Told while reading: such a pack does not load.
    Lint(
        "RL001",
        "not-yaml",
        "mistake",
        "the file is empty, no UTF-8, no YAML, or uses anchors",
        _UNREADABLE,
        "mend the indentation, colon or quote that is named; write values out instead of anchors",
        True,
    ),
    Lint(
        "RL002",
        "unknown-key",
        "mistake",
        "a key that does not exist",
        _UNREADABLE,
        "take the nearest one that is named",
    ),
    Lint(
        "RL003",
        "missing-key",
        "mistake",
        "a key is missing, or a list that must not be empty is",
        _UNREADABLE,
        "add the line",
    ),
    Lint(
        "RL004",
        "wrong-shape",
        "mistake",
        "the wrong shape: a list, a mapping or text was expected; a condition without its dash; groups too deep",
        _UNREADABLE,
        "begin each condition with a dash; split the rule or use cases",
    ),
    Lint(
        "RL005",
        "duplicate-key",
        "mistake",
        "a key stands twice",
        "YAML readers keep the last one in silence, and the first is lost.",
        "keep one",
    ),
    Lint(
        "RL006",
        "unknown-word",
        "mistake",
        "a word or group that does not exist, or two words in one condition",
        _UNREADABLE,
        "take the word that is named; write one condition for each word",
    ),
    Lint(
        "RL007",
        "word-does-not-fit",
        "mistake",
        "a word, check or finder does not fit the type of the field",
        _UNREADABLE,
        "take one of the words that fit, or compare fields of one type",
    ),
    Lint(
        "RL008",
        "unknown-name",
        "mistake",
        "a field, name, param or value set that does not exist",
        _UNREADABLE,
        "write `alias.field`; take the nearest one",
        True,
    ),
    Lint(
        "RL009",
        "unknown-table",
        "mistake",
        "a table or a key of a table that does not exist",
        _UNREADABLE,
        "take the nearest one",
    ),
    Lint(
        "RL010",
        "not-a-rule-file",
        "mistake",
        "a rule file whose name does not end in `.yaml`, or a pack without rules",
        "The file would be passed over in silence.",
        "rename it; add a rule",
    ),
    Lint(
        "RL011",
        "wrong-value",
        "mistake",
        "a value that does not fit: no date, no number, not in the list, an empty list",
        _UNREADABLE,
        "write it as the message shows",
        True,
    ),
    Lint(
        "RL012",
        "same-id-or-name",
        "mistake",
        "two rules under one id for the same days, two ids under one name, two things of one name",
        "A finding could not say which rule made it.",
        "give disjoint windows, or another name",
    ),
    Lint(
        "RL013",
        "placeholder",
        "mistake",
        "a placeholder with a format, without its partner, or of a private field; in a translation, one not in "
        "the English sentence",
        "What identifies a patient must never stand in a message.",
        "leave it out, or say it without the value; show what the English sentence shows",
    ),
    Lint(
        "RL014",
        "examples-missing",
        "mistake",
        "no test fires, or every test does",
        "A rule that was never seen to fire, or never to be silent, is a guess.",
        "add the missing one",
    ),
    Lint(
        "RL015",
        "shape-of-a-name",
        "mistake",
        "an id, name or alias of the wrong shape",
        _UNREADABLE,
        "`DX102`, `dx-not-billable`, `line`",
        True,
    ),
    Lint(
        "RL016",
        "unused",
        "mistake",
        "a look-up or param is never used",
        "It is often the sign of a condition that was forgotten.",
        "use it or delete it",
    ),
    Lint(
        "RL017",
        "example-unreadable",
        "mistake",
        "the claim of a test cannot be read",
        "The test would test nothing.",
        "take the key that is named, or the [shorthand](rule-language.md#shorthand-of-claims)",
    ),
    Lint(
        "RL018",
        "typographic-quotes",
        "mistake",
        "quotes of a word processor (“ ”) where YAML needs straight ones",
        "YAML takes them for a part of the text, so a code in them fits no claim.",
        'write `"`',
        True,
    ),
    # Told by lint only: the pack loads, but says what nobody means.
    Lint(
        "RL019",
        "unquoted-code",
        "advice",
        "a code without quotes that other YAML readers take for a number or a yes",
        "Here everything is read as text, but a script or another editor turns 0450 into 296 and 02 into 2.",
        "put it in quotes",
        True,
    ),
    Lint(
        "RL020",
        "code-never-fits",
        "mistake",
        "a code that no claim can hold in this field: lower case, a dot, blanks, a long dash, two codes "
        "in one text, too long or too short",
        "The condition can never hold, and the rule is silent without telling anybody.",
        "write the code as claims hold it",
        True,
    ),
    Lint(
        "RL021",
        "trailing-space",
        "advice",
        "blanks at the end of a line",
        "They hide in comparisons of versions.",
        "delete them",
        True,
    ),
    Lint(
        "RL022",
        "window-gap",
        "advice",
        "days between two files of one id for which neither holds",
        "On those days the edit is silent.",
        "let one window begin on the day after the other ends",
    ),
    Lint(
        "RL023",
        "param-begins-late",
        "advice",
        "a dated param or value set that begins after the rule does",
        "Until its first day it has no value, and the rule is not evaluated.",
        "give the value for the days before, or let `effective` begin with it",
    ),
    Lint(
        "RL024",
        "param-dates",
        "advice",
        "days of a param out of order, after the end of the rule, or without any change",
        "Such a value is read wrongly by people, or never at all.",
        "put the days in order, and leave out what changes nothing",
    ),
    Lint(
        "RL025",
        "edge-untested",
        "advice",
        "no test on both sides of a day on which the rule or a param changes",
        "Off by one day is the commonest mistake with dates.",
        "add a test for the last day before and for the first day",
    ),
    Lint(
        "RL026",
        "contradiction",
        "mistake",
        "conditions that can never hold together, so that the rule or case never fires",
        "A rule that cannot fire looks like a claim without fault.",
        "change or delete one of the two",
    ),
    Lint(
        "RL027",
        "superfluous-condition",
        "advice",
        "a condition that stands twice, follows from another or from `applies_to`, or always holds",
        "A reader looks for a meaning that it does not have.",
        "delete it",
    ),
    Lint(
        "RL028",
        "case-never-reached",
        "mistake",
        "a case after one that always speaks before it",
        "Cases are tried in order, so its message is never seen.",
        "put the narrower case first",
    ),
    Lint(
        "RL029",
        "unless-never",
        "advice",
        "an `unless` that can never hold where `when` does",
        "It excuses nothing.",
        "delete it, or mend the condition",
    ),
    Lint(
        "RL030",
        "rule-shadowed",
        "advice",
        "a rule that fires only where another of another id does",
        "One fault is told twice.",
        "join the two, or let one name the other under `hides`",
    ),
    Lint(
        "RL031",
        "same-message",
        "advice",
        "two rules with one message",
        "Who must mend it cannot tell them apart.",
        "say in each what is wrong there",
    ),
    Lint(
        "RL032",
        "risk-and-severity",
        "advice",
        "severity, risk and disposition that do not fit each other",
        "An error that is never refused, or an info that is, is weighed wrongly by everybody who sorts by it.",
        "change the one that is wrong",
    ),
    Lint(
        "RL033",
        "preview-as-error",
        "advice",
        "a rule in preview with the severity error",
        "In preview it reports as info and holds nothing; with `stable` it will hold claims from one day to the next.",
        "keep it at warning until it has proved itself",
    ),
    Lint(
        "RL034",
        "hides-nothing",
        "advice",
        "`hides` names a rule or family that no pack in force has, or the rule itself",
        "It hides nothing; most often the name is mistyped.",
        "take the nearest one, or delete it",
    ),
    Lint(
        "RL035",
        "denial-without-carc",
        "advice",
        "a denial that names no claim adjustment reason code",
        "Denials are counted and worked by their CARC.",
        "name it under `adjustment`; `carc: []` says that none is known",
    ),
    Lint(
        "RL036",
        "vague-reference",
        "advice",
        "references of which none can be looked up",
        "A payer's word against yours: only an authority settles it.",
        "name the document with chapter, section or date, or give its `url`",
    ),
    Lint(
        "RL037",
        "url",
        "mistake",
        "a `url` that is no http(s) address",
        "Nobody can follow it.",
        "write it with https:// and without blanks",
        True,
    ),
    Lint(
        "RL038",
        "form-of-a-sentence",
        "advice",
        "a message over 200 characters, or a sentence without its full stop",
        "Messages stand in work lists and letters, one after the other.",
        "shorten it; end it with a full stop",
    ),
    Lint(
        "RL039",
        "file-name",
        "advice",
        "a file that is named after another rule id than the one in it",
        "Most often a copied file whose `id` or name was forgotten.",
        "rename the file, or mend the `id`",
    ),
    Lint(
        "RL040",
        "ignore-without-reason",
        "mistake",
        "a `# lint: ignore` without a known id or without its reason",
        "Nobody will know later whether it still holds.",
        "write `# lint: ignore RL027 because …`",
    ),
    Lint(
        "RL041",
        "ignore-unused",
        "advice",
        "a `# lint: ignore` for something that is not there (any more)",
        "It would hide the next mistake on that line.",
        "delete it",
    ),
    Lint(
        "RL042",
        "same-example",
        "advice",
        "two tests of a rule with one name, or with one claim",
        "Most often a copy whose difference was forgotten.",
        "change or delete one",
    ),
    Lint(
        "RL043",
        "override-without-effect",
        "advice",
        "an override that sets what holds already, or of a rule that does not run",
        "Readers of the layer take it for a decision.",
        "delete it, or mend the value",
    ),
    Lint(
        "RL044",
        "override-never-holds",
        "mistake",
        "an override for days on which its rule does not hold",
        "What the layer means to change stays as it is.",
        "give it days on which the rule holds",
    ),
    Lint(
        "RL045",
        "field-without-braces",
        "advice",
        "a field in a message without its braces, such as [line.units]",
        "Whoever reads the finding sees the name of the field, and not its value.",
        "write `{line.units}`",
    ),
    Lint(
        "RL046",
        "answer-to-no-refusal",
        "mistake",
        "`acknowledgment` of a case whose disposition is no rejection and no return to the provider",
        "A 277CA refuses claims before they are judged; what is judged is answered with CARC and RARC.",
        "delete it, or mend the disposition; `acknowledgment: null` takes away in a case what the rule says for all",
    ),
    Lint(
        "RL047",
        "question-to-nobody",
        "advice",
        "a `question` of a case whose owner is not the clinician, and whose fix needs nothing of the record",
        "A clinician who is asked what the claim itself can tell will not read the next question.",
        "delete it, or say in the fix what the record must show",
    ),
    Lint(
        "RL048",
        "leading-question",
        "advice",
        "a `question` that speaks of money, or that cannot be answered with `other` or `cannot be determined`",
        "A query to a clinician may neither lead nor name what an answer is worth: AHIMA and ACDIS, Guidelines for "
        "Achieving a Compliant Query Practice.",
        "ask what happened, offer the choices, then `other` and `cannot be determined`",
    ),
)

LINTS: Mapping[str, Lint] = MappingProxyType({lint.id: lint for lint in _LINTS})
"""Every lint by id."""
