"""What authors write who know other languages, spreadsheets or SQL, and what the rule language calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from scrubber.errors import nearest

_SAME: dict[str, str] = {
    # groups
    "all_of": "and, all, all_these",
    "any_of": "or, any, one_of_these",
    "none_of": "not, nor, none",
    # words; the first that fits the type of the field is named
    "is": "equals, equal, equal_to, eq, =, ==, ===, matches_exactly",
    "is_not": "not_equal, not_equals, not_equal_to, ne, !=, <>, differs",
    "is_one_of": "in, is_in, in_list, one_of, is_any_of, among, equals, =, ==, contains",
    "is_none_of": "not_in, is_not_in, nin, none_of, is_not_one_of, !=, <>",
    "is_blank": "empty, is_empty, blank, null, is_null, missing, is_missing, exists, present, filled, is_filled",
    "starts_with": "begins_with, prefix, like, matches",
    "contains": "has_text, includes_text, like",
    "more_than": "gt, greater, greater_than, above, over, exceeds, bigger_than, >",
    "at_least": "gte, ge, min, minimum, greater_or_equal, no_less_than, >=, =>",
    "less_than": "lt, less, below, under, fewer_than, smaller_than, <",
    "at_most": "lte, le, max, maximum, up_to, less_or_equal, no_more_than, <=, =<",
    "after": "gt, greater_than, later_than, since, more_than, >",
    "on_or_after": "gte, from, starting, at_least, not_before, >=, =>",
    "before": "lt, less_than, earlier_than, prior_to, <",
    "on_or_before": "lte, until, to, through, at_most, not_after, <=, =<",
    "includes_any": "in, is, is_one_of, includes, include, contains, contains_any, has, has_any, any_of, equals, =, ==",
    "includes_none": "not_in, is_not, is_none_of, excludes, does_not_contain, does_not_include, !=, <>",
    "includes_all": "contains_all, has_all, all_of",
    "includes_any_starting_with": "starts_with, begins_with",
    "has_more_than": "more_than, gt, count_more_than, >",
    "has_fewer_than": "less_than, lt, count_less_than, <",
    "passes": "valid, is_valid, check",
    "fails": "invalid, is_invalid, not_valid",
    # keys of a rule
    "title": "description, heading, label, summary",
    "for_each": "foreach, scope, level_of, each",
    "when": "if, condition, conditions, where, criteria, logic, fires_when",
    "unless": "except, exception, exceptions, exclude, excludes, exclusion, not_when",
    "message": "msg, error_message, output",
    "why": "reason, rationale, explanation, because",
    "fix": "mend, remedy, resolution, how_to_fix, action, correction",
    "question": "query, ask, clinician_query, provider_query, physician_query, ask_the_clinician",
    "acknowledgment": "acknowledgement, claim_status, 277ca, ack, stc",
    "references": "source, sources, authority, citation, link, links",
    "tests": "examples, test_cases",
    "params": "constants, parameters, variables, lists",
    "effective": "effective_date, dates, valid, window",
    "applies_to": "payer, payers, setting, settings, applies, for_payers",
    "severity": "level, priority",
    "risk": "probability, likelihood, score",
    "url": "link, href, website",
    # values
    "error": "critical, fatal, high, severe, deny, denial, hard",
    "warning": "medium, warn, moderate, soft",
    "info": "low, notice, information, informational, hint",
    "to": "until, till, through, end, ends, ending",
    "from": "since, begin, begins, start, starts, starting, beginning",
    "stable": "active, live, production, on, enabled, published",
    "preview": "test, testing, pilot, trial, beta",
    "retired": "inactive, disabled, off, deleted, obsolete",
    "true": "yes, y, on, 1, t, wahr",
    "false": "no, n, off, 0, f",
    "coder": "coding",
    "biller": "billing",
    "front_desk": "registration, front_office, reception, scheduling",
    "clinician": "physician, doctor, provider, nurse",
    "professional": "physician, office, cms_1500, 1500, 837p",
    "institutional": "hospital, facility, ub_04, ub04, 837i",
    "line": "service_line, services, service, lines, each_line, claim_line",
    # fields
    "procedure": "cpt, hcpcs, code, procedure_code, proc, cpt_code, hcpcs_code",
    "modifiers": "mod, mods, modifier",
    "service_date": "dos, date, from_date, date_of_service",
    "first_date": "dos, from_date, date_of_service, service_date",
    "last_date": "to_date, through_date",
    "place_of_service": "pos",
    "revenue_code": "rev, rev_code, revenue",
    "units": "qty, quantity, count, number_of_units",
    "charge": "amount, charges, price, billed_amount",
    "total_charge": "amount, charges, total, charge, billed_amount",
    "code": "dx, icd, icd10, icd_10, diagnosis, diagnosis_code",
    "diagnosis_codes": "dx, icd, icd10, icd_10, diagnosis, diagnosis_code",
    "poa": "present_on_admission",
    "type_of_bill": "tob",
    "age_years": "age, patient_age",
    "patient.sex": "sex, gender",
    "patient.birth_date": "dob, birth_date, date_of_birth",
    "payer.kind": "payer, payer_type, insurance",
    "billing_provider.npi": "npi, billing_npi",
    "rendering_npi": "npi",
}  # fmt: skip


def _inverted() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for right, written in _SAME.items():
        for name in written.split(", "):
            found[name] = (*found.get(name, ()), right)
    return MappingProxyType(found)


_MEANT = _inverted()


def by_meaning(written: str, known: Iterable[str]) -> str | None:
    """The known name for which authors also write `written`."""
    known = tuple(known)
    folded = re.sub(r"[\s-]+", "_", written.strip().casefold())
    if folded in known:
        return folded
    return next((name for name in _MEANT.get(folded, ()) if name in known), None)


def meant(written: str, known: Iterable[str]) -> str | None:
    """The known name that is meant: what authors also call it, else the one spelt most alike."""
    known = tuple(known)
    return by_meaning(written, known) or nearest(written, known)
