"""Whether a claim has the loops and segments that its guide requires, in order and not too often.

What a loop looks like (its segments and their qualifiers) repeats from claim to claim, so the answer for one look is
worked out once and kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from scrubber.claim import Form, StructuralFault
from scrubber.readers.x12.blanks import blank_of_loop, blank_of_segment
from scrubber.readers.x12.draft import Draft
from scrubber.readers.x12.faults import BLANK, fault, place, shown
from scrubber.readers.x12.guides import LOOP_LIMITS, QUALIFIED, slots
from scrubber.readers.x12.loops import PARENT, SERVICES, Loop, Segment, first_loop, line_groups, other_payer_groups
from scrubber.readers.x12.values import at
from scrubber.readers.x12.wording import element_in_words, loop_in_words, segment_in_words

Flaw = tuple[int, str, str, str]
"""Offset of a segment in its loop, variant, segment (with its qualifier), text; `#` in the text is its number."""

_MOST_LOOKS = 10_000
_BEGINS = frozenset(("ST", "HL", "NM1", "SBR", "CLM", "LX", "LIN", "SVD", "LQ"))


Look = tuple[str, ...]


def structural_faults(draft: Draft, clean: set[Look]) -> list[StructuralFault]:
    """The faults of a claim's loops and of those above it. `clean` keeps the looks of claims without any."""
    found: list[StructuralFault] = []
    if not draft.guide.claims:
        return found
    above = _look(draft, draft.fresh)
    if above not in clean:
        for loops in draft.fresh:
            _segments(loops, draft, found)
        found += _required_loops(draft)
        if not found and len(clean) < _MOST_LOOKS:
            clean.add(above)
    look = _look(draft, (draft.loops,))
    if look not in clean:
        before = len(found)
        _segments(draft.loops, draft, found)
        identifiers = tuple([loop.id for loop in draft.loops])
        if _too_many(draft.form, identifiers):
            found += _repeated_loops(draft)
        _missing_in_groups(draft, identifiers, found)
        if len(found) == before and len(clean) < _MOST_LOOKS:
            clean.add(look)
        if not draft.whole:  # what comes after the cut is not missing
            found[before:] = [f for f in found[before:] if not f.variant.endswith("-missing")]
    _claim(draft, found)
    return found


def _look(draft: Draft, parts: tuple[list[Loop], ...]) -> Look:
    """The loops and segments of a claim or of what stands above it, with the qualifiers that tell them apart."""
    look: list[str] = [draft.form, "004010" if draft.guide.old else ""]
    for loops in parts:
        look.append("")
        for loop in loops:
            look.append(loop.id)
            look += _keys(loop.segments)
    return tuple(look)


def _keys(segments: list[Segment]) -> list[str]:
    """What the order of a loop is about: identifiers, with the qualifier where that tells segments apart."""
    return [
        segment[0] if segment[0] not in QUALIFIED or len(segment) < 2 else f"{segment[0]}*{segment[1]}"
        for segment in segments
    ]


def _segments(loops: list[Loop], draft: Draft, found: list[StructuralFault]) -> None:
    """The faults within each of these loops; loops that were taken up again are looked at as one."""
    old = draft.guide.old
    for position, loop in enumerate(loops):
        segments = loop.segments
        if segments[0][0] not in _BEGINS:
            continued = _continued(loops, position)
            if continued or loop.id in ("2300", "2320"):
                number, name = loop.start, segments[0][0]
                text = f"Segment {number}, {name}, belongs to loop {loop.id} and stands after it."
                found.append(fault("EDI105", "segment-out-of-order", text, place(number, loop.id, name), name))
                continue
        whole = loop
        if position + 1 < len(loops):
            whole = _with_continuations(loops, position)
        flaws = _flaws(draft.form, loop.id, tuple(_keys(whole.segments)), old)
        for offset, variant, name, text in flaws:
            number = loop.start + offset
            identifier = name.partition("*")[0]
            element = identifier + "01" if variant == "qualifier-unexpected" else identifier
            codes = tuple(shown(part) for part in name.split("*"))
            at_place = place(number, loop.id, element)
            field = blank_of_segment(draft, loop, name) if variant == "segment-missing" else None
            found.append(fault("EDI105", variant, text.replace("#", str(number)), at_place, *codes, field=field))


def _continued(loops: list[Loop], position: int) -> bool:
    """Whether this loop takes up one that stands before it, in the same line or payer."""
    own = loops[position]
    for earlier in reversed(loops[:position]):
        if earlier.id == own.id:
            services = {segment[0] for segment in own.segments} & set(SERVICES)
            return not any(earlier.first(name) for name in services)
    return False


def _with_continuations(loops: list[Loop], position: int) -> Loop:
    """A loop with the segments that belong to it and stand further on, up to the next of its kind."""
    own = loops[position]
    more: list[Segment] = []
    for index in range(position + 1, len(loops)):
        later = loops[index]
        if later.id == own.id:
            if later.segments[0][0] in _BEGINS or not _continued(loops, index):
                break
            more += later.segments
        elif later.id in ("2400", "2320") and own.id != "2300":
            break
    return Loop(own.id, own.start, own.segments + more) if more else own


def _more_than(most: int) -> str:
    return "more than once" if most == 1 else f"more than {most} times"


@lru_cache(maxsize=1 << 14)
def _flaws(form: Form, loop: str, keys: tuple[str, ...], old: bool) -> tuple[Flaw, ...]:
    """What is wrong with a loop that looks like this."""
    order = slots(form, loop, old)
    if order is None:
        return ()
    where = loop_in_words(loop)
    flaws: list[Flaw] = []
    counts: dict[str, int] = {}
    qualified: dict[str, int] = {}
    reached = 0
    for offset, key in enumerate(keys):
        identifier, _, qualifier = key.partition("*")
        slot = order.get(identifier)
        if slot is None:
            if not identifier.startswith("?") and not old and loop != "?":
                text = f"Segment #, {identifier}, does not belong in {where}."
                flaws.append((offset, "segment-unexpected", key, text))
            continue
        if slot.qualifiers and not old:
            if qualifier not in slot.qualifiers:
                text = f"{identifier}01 (segment #) is {shown(qualifier)}, which does not belong in {where}."
                flaws.append((offset, "qualifier-unexpected", key, text))
                continue
            qualified[key] = qualified.get(key, 0) + 1
            if qualified[key] == slot.qualifiers[qualifier] + 1:
                named = segment_in_words(identifier, [qualifier])
                text = f"{named} stands more often in {where} than it may, again at segment #."
                flaws.append((offset, "segment-repeated", key, text))
        elif not slot.qualifiers:
            counts[identifier] = counts.get(identifier, 0) + 1
            if counts[identifier] == slot.most + 1:
                text = f"{identifier} stands {_more_than(slot.most)} in {where}, again at segment #."
                flaws.append((offset, "segment-repeated", key, text))
        if slot.index < reached and not old:
            text = f"Segment #, {identifier}, stands after segments of {where} that must follow it."
            flaws.append((offset, "segment-out-of-order", key, text))
        reached = max(reached, slot.index)
    present = {key.partition("*")[0] for key in keys}
    for identifier, slot in order.items():
        if identifier in ("HL", "LX") and identifier not in present:
            continue  # the walker has said so, or `_missing_in_groups` does
        wanted = [f"{identifier}*{code}" for code in slot.required_qualifiers]
        if slot.required and (not set(wanted) & set(keys) if wanted else identifier not in present):
            offset = 1 + max(
                (
                    place
                    for place, key in enumerate(keys)
                    if (s := order.get(key.partition("*")[0])) and s.index < slot.index
                ),
                default=-1,
            )
            text = f"{segment_in_words(identifier, list(slot.required_qualifiers))} is missing in {where}."
            flaws.append((offset, "segment-missing", wanted[0] if wanted else identifier, text))
    return tuple(flaws)


def _required_loops(draft: Draft) -> Iterable[StructuralFault]:
    """The loops above the claim that every claim needs."""
    levels = (
        (draft.header, ("1000A", "1000B")),
        (draft.billing, ("2000A", "2010AA")),
        (draft.subscriber, ("2000B", "2010BA", "2010BB")),
        (draft.patient, ("2010CA",) if draft.patient else ()),
    )
    end = draft.loops[0].start
    for loops, wanted in levels:
        if loops and draft.seen(loops):
            continue
        present = {loop.id for loop in loops}
        for identifier in wanted:
            if identifier in present:
                continue
            before = [loop for loop in loops if loop.id < identifier]
            number = before[-1].start + len(before[-1].segments) if before else loops[0].start if loops else end
            name = "HL" if identifier.startswith("2000") else "NM1"
            if name == "HL" and any(f.variant == "loop-missing" and identifier in f.codes for f in draft.faults):
                continue
            text = f"Loop {identifier} is missing" + (f" in loop {PARENT[identifier]}." if name == "NM1" else ".")
            field = blank_of_loop(draft, identifier)
            yield fault("EDI105", "loop-missing", text, place(number, identifier, name), identifier, field=field)


@lru_cache(maxsize=1 << 12)
def _too_many(form: Form, look: tuple[str, ...]) -> bool:
    """Whether any loop may stand too often in a claim with these loops; the exact count follows only then."""
    limits = LOOP_LIMITS[form]
    counts: dict[str, int] = {}
    for identifier in look:
        if identifier == "2400":
            counts = {"2400": counts.get("2400", 0)}
        elif identifier == "2320":
            counts = {key: value for key, value in counts.items() if key[:3] != "233"}
        counts[identifier] = counts.get(identifier, 0) + 1
        if counts[identifier] > limits.get(identifier, 1) and identifier not in ("?", "2300"):
            return True
    return False


def _repeated_loops(draft: Draft) -> Iterable[StructuralFault]:
    limits = LOOP_LIMITS[draft.form]
    counts: dict[str, int] = {}
    payers = 0
    for loop in draft.loops:
        identifier = loop.id
        begins = loop.segments[0][0] in _BEGINS
        if identifier == "2400" and begins:
            counts = {"2400": counts.get("2400", 0)}
        elif identifier == "2320" and begins:
            payers += 1
            counts = {key: value for key, value in counts.items() if key[:3] != "233"}
        if not begins or identifier == "?":
            continue
        counts[identifier] = counts.get(identifier, 0) + 1
        limit = limits.get(identifier, 1)
        if counts[identifier] == limit + 1 or (identifier == "2400" and counts[identifier] > limit):
            name = loop.segments[0][0]
            text = f"Loop {identifier} stands {_more_than(limit)}, again at segment {loop.start}."
            yield fault("EDI105", "loop-repeated", text, place(loop.start, identifier, name), identifier)


def _missing_in_groups(draft: Draft, look: tuple[str, ...], found: list[StructuralFault]) -> None:
    """The loops that each other payer and each line needs, and that there is a line at all."""
    if "2320" in look:
        for index, group in enumerate(other_payer_groups(draft.loops)):
            present = {loop.id for loop in group}
            for identifier in ("2330A", "2330B"):
                if identifier not in present:
                    number = group[0].start + len(group[0].segments)
                    text = f"Loop {identifier} is missing in loop 2320 of segment {group[0].start}."
                    where = place(number, identifier, "NM1")
                    field = f"other_payers[{index}]." + ("member_id" if identifier == "2330A" else "id")
                    found.append(fault("EDI105", "loop-missing", text, where, identifier, field=field))
    if "2400" not in look and draft.whole:
        last = draft.loops[-1]
        number = last.start + len(last.segments)
        text = "The claim has no service line (loop 2400)."
        found.append(fault("EDI105", "loop-missing", text, place(number, "2400", "LX"), "2400", field="lines"))
    for index, group in enumerate(line_groups(draft.loops)):
        if group[0].segments[0][0] != "LX":
            text = f"A service line begins at segment {group[0].start} without LX, the line number."
            where = place(group[0].start, "2400", "LX")
            found.append(fault("EDI105", "segment-missing", text, where, "LX", field=f"lines[{index}].number"))


def _claim(draft: Draft, found: list[StructuralFault]) -> None:
    """What depends on more than one loop: the patient, the indicators of CLM, the principal diagnosis."""
    claim = draft.loops[0]
    segment = claim.segments[0]
    dependent = bool(draft.patient)
    old = draft.guide.old
    level, person = first_loop(draft.subscriber, "2000B"), first_loop(draft.subscriber, "2010BA")
    insurance = level.first("SBR") if level else None
    is_self = insurance is not None and at(insurance, 2) == "18"
    if level and insurance and is_self == dependent:
        _patient_level(draft, level, insurance, found)
    if draft.fresh and person and is_self and not dependent and not old and not draft.seen(draft.subscriber):
        for name in ("N3", "N4", "DMG"):
            if person.first(name) is None:
                number = person.start + len(person.segments)
                named = segment_in_words(name, [])
                text = f"{named} is missing in loop 2010BA, whose subscriber is the patient."
                field = blank_of_segment(draft, person, name)
                where = place(number, "2010BA", name)
                found.append(fault("EDI105", "segment-missing", text, where, name, field=field))
    for element, variant, text, code in _indicators(draft.form, draft.component, tuple(segment[5:10]), old):
        found.append(fault("EDI105", variant, text, place(claim.start, "2300", element), code))
    if draft.form == "institutional" and not old:
        health = [(loop, s) for loop in draft.loops if loop.id == "2300" for s in loop.segments if s[0] == "HI"]
        principal = ("ABK" + draft.component, "BK" + draft.component)
        if health and not any(code.startswith(principal) for _, s in health for code in s[1:]):
            text = "No HI segment gives the principal diagnosis (qualifier ABK)."
            where = place(health[0][0].number_of(health[0][1]), "2300", "HI01-1")
            found.append(fault("EDI105", "principal-diagnosis-missing", text, where, "ABK", field="diagnoses"))


@lru_cache(maxsize=1 << 10)
def _indicators(form: Form, component: str, elements: tuple[str, ...], old: bool) -> list[tuple[str, str, str, str]]:
    """What is wrong with CLM05 to CLM09: element, variant, text and code."""
    wrong = []
    given = (*elements, "", "", "", "", "")
    institutional = form == "institutional"
    wanted = "A" if institutional else "B"
    qualifier = at(given[0].split(component), 1) or ""
    if qualifier != wanted and not (old and not institutional):  # 004010 has CLM05-2 on institutional claims only
        text = f"CLM05-2, the kind of facility code, is {shown(qualifier)}; {form} claims have {wanted}."
        wrong.append(("CLM05-2", "facility-qualifier-wrong", text, shown(qualifier)))
    spared = (6, 7) if old and institutional else (6,) if institutional else (7,) if old and form == "dental" else ()
    for index in (6, 7, 8, 9):
        if not given[index - 5] and index not in spared:
            element = f"CLM0{index}"
            text = f"{element_in_words(['CLM'], element, component)} is blank but required."
            wrong.append((element, "claim-indicator-missing", text, element))
    return wrong


def _patient_level(draft: Draft, level: Loop, insurance: Segment, found: list[StructuralFault]) -> None:
    """SBR02 says whether the subscriber is the patient; the patient level says the same or it is a fault."""
    code = at(insurance, 2)
    where = place(level.number_of(insurance), "2000B", "SBR02")
    if draft.patient and code == "18" and not draft.own_claims:
        text = "SBR02, the relationship to the insured, is 18 (self), but a patient loop 2000C follows."
        found.append(fault("EDI106", "self-with-patient-loop", text, where, "18"))
    elif not draft.patient and code != "18":
        said = f"{shown(code)}, not 18 (self)" if code else BLANK
        text = f"SBR02, the relationship to the insured, is {said}, but no patient loop 2000C follows."
        field = None if code else "subscriber.relationship"
        found.append(fault("EDI106", "patient-loop-missing", text, where, shown(code or ""), field=field))
