"""What is wrong with a pack beyond its reading. Each lint is one small function over a rule file, or over all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from scrubber.rules.lint.catalogue import LINTS, Lint
from scrubber.rules.lint.codes import codes
from scrubber.rules.lint.contradictions import cases_never_reached, contradictions, unless_never
from scrubber.rules.lint.files import RuleFile, open_rule
from scrubber.rules.lint.ignore import read_ignores, without_ignored
from scrubber.rules.lint.layout import trailing_spaces
from scrubber.rules.lint.overrides import overrides
from scrubber.rules.lint.questions import acknowledgments, questions
from scrubber.rules.lint.shadows import same_messages, shadowed
from scrubber.rules.lint.standing import (
    denial_without_carc,
    fields_without_braces,
    file_name,
    hides_nothing,
    preview_as_error,
    references,
    risk_and_severity,
    same_examples,
    sentences,
)
from scrubber.rules.lint.windows import begins_late, dates_of_params, edges, gaps
from scrubber.rules.model import Pack
from scrubber.rules.override_file import OVERRIDES_FILE
from scrubber.rules.yaml_source import RuleProblem

__all__ = ["LINTS", "Lint", "lint_rules"]

_OF_ONE_RULE: tuple[Callable[[RuleFile], Iterable[RuleProblem]], ...] = (
    codes,
    trailing_spaces,
    begins_late,
    dates_of_params,
    edges,
    contradictions,
    unless_never,
    cases_never_reached,
    risk_and_severity,
    preview_as_error,
    denial_without_carc,
    acknowledgments,
    questions,
    references,
    sentences,
    fields_without_braces,
    file_name,
    same_examples,
)
_OF_ALL_RULES: tuple[Callable[[Sequence[RuleFile]], Iterable[RuleProblem]], ...] = (
    gaps,
    shadowed,
    same_messages,
    hides_nothing,
)


_CODE_NEVER_FITS = "RL020"
_LOGIC = ("RL026", "RL027", "RL028", "RL029")
"""What is told of conditions only where their codes are right: else the wrong code would be told twice."""


def _of_one_rule(file: RuleFile) -> list[RuleProblem]:
    problems = [problem for lint in _OF_ONE_RULE for problem in lint(file)]
    wrong_code = any(problem.id == _CODE_NEVER_FITS for problem in problems)
    return [problem for problem in problems if not (wrong_code and problem.id in _LOGIC)]


def lint_rules(packs: Iterable[Pack], *, complete: bool = True) -> list[RuleProblem]:
    """What lint has to say of rules that could be read, in the order of files and lines.

    Where some could not be read the set is not `complete`, and what depends on the others is not told.
    """
    packs = tuple(packs)
    files = [open_rule(rule) for pack in packs for rule in pack.rules]
    problems = [problem for file in files for problem in _of_one_rule(file)]
    problems += [problem for lint in _OF_ALL_RULES if complete for problem in lint(files)]
    problems += overrides(packs)
    layers = [pack.path / OVERRIDES_FILE for pack in packs if pack.overrides]
    texts = [*((file.path, file.text) for file in files), *((path, path.read_text("utf-8-sig")) for path in layers)]
    ignores = [read_ignores(path, text) for path, text in texts]
    kept = without_ignored(sorted(set(problems)), (one for found, _ in ignores for one in found), unused=complete)
    return sorted([*kept, *(problem for _, found in ignores for problem in found)])
