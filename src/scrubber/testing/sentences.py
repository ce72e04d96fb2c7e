"""What a rule says, shown on the examples that stand in its file: a real sentence reads better than one with gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from scrubber.engine.judge import judge
from scrubber.findings import Finding
from scrubber.rules.model import Case, Rule, RuleTest
from scrubber.tables import TableSet
from scrubber.testing.examples import Compilations, ready_examples


@attrs.frozen
class Said:
    """A finding of one case of a rule, and the example that brought it about."""

    test: RuleTest
    finding: Finding


def said_by_cases(rule: Rule, tables: TableSet) -> Mapping[int, Said]:
    """By number, what each case says on the first example on which it speaks; a case without one is left out."""
    said: dict[int, Said] = {}
    compilations = Compilations(rule)
    with ready_examples(rule, tables) as examples:
        for example in examples:
            if len(said) == len(rule.cases):
                break
            if example.unusable is not None or not example.test.fires_at:
                continue
            outcomes, selection = example.run(compilations.for_example(example))
            findings = judge(outcomes, selection).findings
            for hit in outcomes.hits:
                case = hit.rule.cases[hit.case]
                finding = next((one for one in findings if one.line == hit.item.line and _is_of(one, case)), None)
                if finding is not None:
                    said.setdefault(case.number, Said(example.test, finding))
    return said


def _is_of(finding: Finding, case: Case) -> bool:
    """Whether a finding has the wording of a case."""
    return all(
        re.fullmatch("".join(re.escape(part) if isinstance(part, str) else ".*" for part in template.parts), text, re.S)
        for template, text in ((case.message, finding.message), (case.fix, finding.fix.text))
    )
