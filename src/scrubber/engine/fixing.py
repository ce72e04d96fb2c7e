"""The fix of a finding: its sentence, and for a safe one what it changes."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.claim import Claim
from scrubber.engine.outcomes import Hit
from scrubber.engine.wording import may_be_shown, render
from scrubber.findings import Change, Fix
from scrubber.mending import is_form_only, plain, value_at


def fix_of(hit: Hit, claim: Claim) -> Fix:
    """The fix of the case that fired; a safe one that would mend nothing here is only shown."""
    case = hit.rule.cases[hit.case]
    text = render(case.fix, hit)
    if not case.rewrites:
        return Fix(safety=case.fix_safety, text=text)
    changes = tuple(_changes(hit, claim))
    return Fix(safety=case.fix_safety if changes else "display", text=text, changes=changes)


def _changes(hit: Hit, claim: Claim) -> Iterator[Change]:
    for rewrite in hit.rule.cases[hit.case].rewrites:
        field = rewrite.field.field
        if field is None:
            continue
        path = field.path_below(hit.named[rewrite.field.alias].path)
        old = value_at(claim, path)
        # A value that no message may show, for it may be a name, is not shown here either.
        if not isinstance(old, str) or not may_be_shown(old):
            continue
        change = Change(field=path, old=old, new=plain(old))
        if is_form_only(change) and rewrite.test(change.new):
            yield change
