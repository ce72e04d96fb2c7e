"""The logic of rules as rules of durable: from what conditions say to what groups say, and from there to an outcome.

This set is the same for every pack. It sees no values of a claim, only answers: yes, no, or that it cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from scrubber.engine.durable.expressions import Compared, Expression, all_of, any_of, is_, is_not
from scrubber.engine.durable.library import Ruleset
from scrubber.engine.durable.sayings import NO, UNTOLD, YES

CHOICES = 8
"""Among so many cases one rule of durable chooses; more are chosen among in rounds."""

_KINDS = ("all_of", "any_of", "none_of", "case", "choice", "verdict")
_some_yes, _some_no, _some_untold = (Compared("$gt", name, 0) for name in ("yes", "no", "untold"))
_no_yes, _no_no, _no_untold = (is_(name, 0) for name in ("yes", "no", "untold"))
_chosen = is_("chosen", YES)
_RULES: dict[str, dict[str, Expression]] = {
    "all_of": {
        f"{NO}": _some_no,
        f"{UNTOLD}": all_of((_no_no, _some_untold)),
        f"{YES}": all_of((_no_no, _no_untold)),
    },
    "any_of": {
        f"{YES}": _some_yes,
        f"{UNTOLD}": all_of((_no_yes, _some_untold)),
        f"{NO}": all_of((_no_yes, _no_untold)),
    },
    "none_of": {
        f"{NO}": _some_yes,
        f"{UNTOLD}": all_of((_no_yes, _some_untold)),
        f"{YES}": all_of((_no_yes, _no_untold)),
    },
    # a case holds where its `when` does and its `unless` does not
    "case": {
        f"{NO}": any_of((is_("when", NO), all_of((is_not("when", NO), is_("unless", YES))))),
        f"{UNTOLD}": any_of((
            all_of((is_("when", UNTOLD), is_not("unless", YES))),
            all_of((is_("when", YES), is_("unless", UNTOLD))),
        )),
        f"{YES}": all_of((is_("when", YES), is_("unless", NO))),
    },
    "choice": {
        **{
            f"first {number}": all_of((
                *(is_not(f"case{earlier}", YES) for earlier in range(number)), is_(f"case{number}", YES)
            ))
            for number in range(CHOICES)
        },
        "untold": all_of((
            *(is_not(f"case{number}", YES) for number in range(CHOICES)),
            any_of(is_(f"case{number}", UNTOLD) for number in range(CHOICES)),
        )),
    },
    "verdict": {
        "fire": all_of((is_("when", YES), _chosen, is_("unless", NO))),
        "excuse": all_of((is_("when", YES), _chosen, is_("unless", YES))),
        "untold unless": all_of((is_("when", YES), _chosen, is_("unless", UNTOLD))),
        "untold when": all_of((is_("when", UNTOLD), _chosen)),
        "untold cases": all_of((is_not("when", NO), is_("chosen", UNTOLD))),
    },
}  # fmt: skip


def logic_rules() -> dict[str, Expression]:
    """All rules of the set by name: what they are about, and what they say of it."""
    return {
        f"{kind} {says}": all_of((is_("kind", number), expression))
        for number, kind in enumerate(_KINDS)
        for says, expression in _RULES[kind].items()
    }


@attrs.frozen
class Group:
    """What the members of a group say: durable is told how many say what."""

    kind: str
    members: Sequence[int]

    @property
    def fact(self) -> str:
        counts = (("yes", YES), ("no", NO), ("untold", UNTOLD))
        told = ",".join(f'"{name}":{self.members.count(answer)}' for name, answer in counts)
        return f'"kind":{_KINDS.index(self.kind)},{told}'


@attrs.frozen
class CaseParts:
    """What the parts of a case say."""

    when: int
    unless: int

    @property
    def fact(self) -> str:
        return f'"kind":{_KINDS.index("case")},"when":{self.when},"unless":{self.unless}'


@attrs.frozen
class RuleParts:
    """What the parts of a rule say; `chosen` is whether one of its cases holds."""

    when: int
    chosen: int
    unless: int

    @property
    def fact(self) -> str:
        kind = _KINDS.index("verdict")
        return f'"kind":{kind},"when":{self.when},"chosen":{self.chosen},"unless":{self.unless}'


@attrs.frozen
class Logic:
    """The set, registered."""

    rules: Ruleset

    @classmethod
    def registered(cls) -> Logic:
        return cls(Ruleset("logic", logic_rules()))

    def answers(self, parts: Sequence[Group | CaseParts]) -> list[int]:
        """What groups and cases say, by what their parts say."""
        return [int(says) for says in self._says([part.fact for part in parts])]

    def verdicts(self, rules: Sequence[RuleParts]) -> list[str]:
        """The outcome of rules about an item: fire, excuse, untold (by what), or nothing for clear."""
        return self._says([rule.fact for rule in rules])

    def first(self, cases: Sequence[Sequence[int]]) -> list[tuple[int, int | None]]:
        """Whether one of the cases of each rule holds, and the first that does."""
        blocks = [
            (number, start) for number, answers in enumerate(cases) for start in range(0, max(len(answers), 1), CHOICES)
        ]
        says = self._says([_choice_fact(cases[number][start : start + CHOICES]) for number, start in blocks])
        found: list[list[tuple[int, int | None]]] = [[] for _ in cases]
        for (number, start), said in zip(blocks, says, strict=True):
            first = start + int(said.removeprefix("first ")) if said.startswith("first") else None
            found[number].append((YES if first is not None else UNTOLD if said == "untold" else NO, first))
        several = [number for number, of_rule in enumerate(found) if len(of_rule) > 1]
        for number, (answer, block) in zip(several, self.first_of_blocks([found[n] for n in several]), strict=True):
            found[number] = [(answer, None if block is None else found[number][block][1])]
        return [of_rule[0] for of_rule in found]

    def first_of_blocks(self, blocks: Sequence[Sequence[tuple[int, int | None]]]) -> list[tuple[int, int | None]]:
        """The first block of cases of each rule that holds one that does."""
        return self.first([[answer for answer, _ in of_rule] for of_rule in blocks]) if blocks else []

    def _says(self, facts: Sequence[str]) -> list[str]:
        different = list(dict.fromkeys(facts))
        says = dict.fromkeys(different, "")
        for match in self.rules.matches(different):
            says[different[match.fact]] = match.rule.partition(" ")[2]
        return [says[fact] for fact in facts]


def _choice_fact(answers: Sequence[int]) -> str:
    """The fact of cases to choose among. Those that the rule does not have do not hold."""
    padded = [*answers, *[NO] * (CHOICES - len(answers))]
    told = ",".join(f'"case{number}":{answer}' for number, answer in enumerate(padded))
    return f'"kind":{_KINDS.index("choice")},{told}'
