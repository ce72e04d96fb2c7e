"""Emergency departments, hospitalists, anesthesia."""

from __future__ import annotations

from datetime import date
from typing import Any

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Case, Claim, Practice, Service, Specialty, service

EMERGENCY = Specialty("emergency_medicine", ("207P00000X",))
HOSPITALIST = Specialty("hospitalist", ("208M00000X", "363LA2100X"))
ANESTHESIOLOGY = Specialty("anesthesiology", ("207L00000X", "367500000X"))


def emergency_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit to the emergency department. CPM 12 §30.6.11."""
    case = practice.case(chance, day, ages=(1, 92))
    diagnosis, code = chance.pick(
        ("R07.9", "99284"),
        ("N39.0", "99283"),
        ("R10.9", "99284"),
        ("J18.9", "99285"),
        ("R11.2", "99283"),
        ("B34.9", "99282"),
    )
    return case.claim([diagnosis], service(code, 300), place="23")


def cut_sewn(chance: Chance, practice: Practice, day: date) -> Claim:
    """A cut of the scalp or the arm sewn, and the visit around it with 25; causes last. NCCI I.D; OCG I.C.20."""
    case = practice.case(chance, day, ages=(4, 88))
    diagnosis, code = chance.pick(("S01.01XA", "12001"), ("S51.812A", "12002"), ("S51.811A", "12002"))
    lines = [service("99283-25", 260), service(code, 240)]
    return case.claim([diagnosis, "W01.0XXA", "Y92.018"], *lines, place="23", accident=fell(case))


def fell(case: Case) -> Claim | None:
    """An accident that is neither of work nor of a car, with its date; Medicare is not told where nobody is liable."""
    return None if case.medicare else {"date": case.day.isoformat(), "other": True}


def heart_attack(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit of the highest need with the tracing read. CPM 12 §30.6.11; CPM 13 §100."""
    case = practice.case(chance, day, ages=(45, 90))
    return case.claim([chance.pick("I21.4", "I21.19")], service("99285-25", 420), service("93010", 22), place="23")


def critical_care(chance: Chance, practice: Practice, day: date) -> Claim:
    """Critical care by time: the first hour and a further half hour; a tube put in is its own. CPM 12 §30.6.12."""
    case = practice.case(chance, day, ages=(20, 92))
    lines = [service("99291-25", 520)]
    if chance.happens(0.6):
        lines.append(service("99292-25", 240, units=chance.between(1, 2)))
    lines.append(service("31500", 260))
    return case.claim(["J96.01", "R57.0"], *lines, place="23")


def ankle_splint(chance: Chance, practice: Practice, day: date) -> Claim:
    """A splint for a sprained ankle. NCCI IV; OCG I.B.13."""
    case = practice.case(chance, day, ages=(8, 70))
    side, diagnosis = chance.pick(("RT", "S93.401A"), ("LT", "S93.402A"))
    return case.claim(
        [diagnosis, "X50.1XXA"],
        service("99283-25", 250),
        service(f"29515-{side}", 120),
        place="23",
        accident=fell(case),
    )


def hurt_at_work(chance: Chance, practice: Practice, day: date) -> Claim:
    """A hand hurt at work, billed to the compensation carrier. MSP Manual 1; OCG I.C.20."""
    case = practice.case(chance, day, ages=(19, 64), payers=("workers_comp",))
    return case.claim(
        ["S61.411A", "W31.1XXA", "Y99.0"], service("99283-25", 250), service("12001", 230), place="23",
        accident={"date": day.isoformat(), "employment": True}, property_casualty_number=f"WC{chance.digits(8)}",
    )  # fmt: skip


def pills_taken(chance: Chance, practice: Practice, day: date) -> Claim:
    """Too many pills by accident: the poisoning first, what it did after it. OCG I.C.19.e.5.b."""
    case = practice.case(chance, day, ages=(16, 75))
    return case.claim(["T39.1X1A", "R11.2"], service("99285", 420, to=(1, 2)), place="23")


def death_in_hospital(chance: Chance, practice: Practice, day: date) -> Claim:
    """The last day of a patient who died on it. CPM 12 §30.6.9.2."""
    case = practice.case(chance, day, ages=(60, 96))
    claim = case.claim(["A41.9", "R65.21", "J96.01"], service("99239", 190, to=(1, 2, 3)), place="21")
    return claim | {"patient": claim["patient"] | {"death_date": day.isoformat()}}


def admission(chance: Chance, practice: Practice, day: date) -> Claim:
    """An admission; for Medicare the admitting physician says so with AI. CPM 12 §30.6.9.1."""
    case = practice.case(chance, day, ages=(30, 94))
    code = chance.pick("99222", "99223")
    return case.claim(
        [chance.pick("A41.9", "J18.9", "I50.33", "N17.9", "K92.2"), "E87.1"],
        service(f"{code}-AI{chance.pick('', '-GC')}" if case.medicare else code, 280, to=(1, 2)), place="21",
    )  # fmt: skip


def stay_by_days(chance: Chance, practice: Practice, day: date) -> Claim:
    """The visits of a stay, one line a day, by two members of the group, and the discharge. CPM 12 §30.6.9."""
    case = practice.case(chance, day, ages=(30, 94))
    first, other = practice.clinicians[0], practice.clinicians[1]
    days = chance.between(2, 4)
    lines = [
        service(
            "99232", 140, service_date=day.fromordinal(day.toordinal() + offset),
            rendering_provider=first if offset % 2 == 0 else other,
        )
        for offset in range(days)
    ]  # fmt: skip
    left = day.fromordinal(day.toordinal() + days)
    lines.append(service(chance.pick("99238", "99239"), 190, service_date=left))
    return case.claim([chance.pick("J44.1", "I50.23", "L03.115")], *lines, place="21")


def visits_over_a_span(chance: Chance, practice: Practice, day: date) -> Claim:
    """The same visit on each of several days, billed as a span with as many units. CPM 26 §10.4, item 24A."""
    case = practice.case(chance, day, ages=(40, 94))
    days = chance.between(2, 5)
    last = day.fromordinal(day.toordinal() + days - 1)
    return case.claim(["I63.9"], service("99231", 90, units=days, service_date_end=last), place="21")


def observation(chance: Chance, practice: Practice, day: date) -> Claim:
    """Observed and sent home on the same day: one code for both. CPM 12 §30.6.8."""
    case = practice.case(chance, day, ages=(25, 90))
    return case.claim([chance.pick("R07.9", "R55", "R42")], service(chance.pick("99234", "99235"), 260), place="22")


def shared_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A hospital visit shared with a nurse practitioner, told by FS. CPM 12 §30.6.18 (from 2022-01-01)."""
    case = practice.case(chance, day, ages=(66, 94), payers=("medicare",))
    return case.claim([chance.pick("I50.23", "J18.9")], service("99233-FS", 190), place="21")


def nursing_home(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit to a resident of a nursing home, in a skilled stay or in long-term care. CPM 12 §30.6.13."""
    case = practice.case(chance, day, ages=(66, 97))
    place = chance.pick("31", "32")
    return case.claim(["I69.351", "I10"], service(chance.pick("99308", "99309"), 120, to=(1, 2)), place=place)


def wishes_for_the_end(chance: Chance, practice: Practice, day: date) -> Claim:
    """A talk about the care wanted later, beside the visit. CPM 12 §30.6; NCCI XI (25)."""
    case = practice.case(chance, day, ages=(60, 95))
    return case.claim(
        ["C34.90", "Z51.5"], service("99232-25", 140, to=(1,)), service("99497", 90, to=(1, 2)), place="21"
    )


def timed(code: str, minutes: int, **more: Any) -> Service:
    """An anesthesia service: its units are minutes (ASC X12N 005010X222A1, SV103 MJ)."""
    return service(code, 9, units=minutes, unit="MJ", minutes=str(minutes), **more)


def anesthesia_alone(chance: Chance, practice: Practice, day: date) -> Claim:
    """An anesthesiologist who gives it all: AA, with minutes. CPM 12 §50."""
    case = practice.case(chance, day, ages=(18, 88))
    code, diagnosis = chance.pick(("00790", "K80.10"), ("01400", "M23.221"), ("00840", "K35.80"), ("01630", "M75.121"))
    status = "" if case.medicare else f"-{chance.pick('P1', 'P2', 'P3')}"
    return case.claim([diagnosis], timed(f"{code}-AA{status}", chance.between(45, 180)), place=chance.pick("21", "22"))


def anesthesia_directed(chance: Chance, practice: Practice, day: date) -> Claim:
    """A physician directs two to four cases (QK), or one (QY), and a nurse gives each of them (QX). CPM 12 §50.C."""
    case = practice.case(chance, day, ages=(20, 85))
    physician, nurse = practice.clinicians[0], practice.clinicians[1]
    minutes = chance.between(60, 200)
    role = chance.pick("QK", "QY")
    return case.claim(
        [chance.pick("M17.11", "M17.12")],
        timed(f"01402-{role}", minutes, rendering_provider=physician),
        timed("01402-QX", minutes, rendering_provider=nurse), place="22",
    )  # fmt: skip


def nurse_alone(chance: Chance, practice: Practice, day: date) -> Claim:
    """A nurse anesthetist without direction: QZ. CPM 12 §140."""
    case = practice.case(chance, day, ages=(18, 85))
    minutes = chance.between(20, 60)
    nurse = practice.clinicians[1]
    return case.claim(
        [chance.pick("K40.90", "K42.9")], timed("00830-QZ", minutes), place="24", rendering_provider=nurse
    )


def watched_eye(chance: Chance, practice: Practice, day: date) -> Claim:
    """Care watched over at the cataract: QS beside the role. CPM 12 §50.I."""
    case = practice.case(chance, day, ages=(62, 92))
    return case.claim([chance.pick("H25.11", "H25.12")], timed("00142-AA-QS", chance.between(15, 40)), place="24")


def colonoscopy_watched(chance: Chance, practice: Practice, day: date) -> Claim:
    """Anesthesia for a screening of the colon; PT for Medicare where it became treatment. CPM 18 §60; CR 10181."""
    case = practice.case(chance, day, ages=(45, 75))
    minutes = chance.between(15, 45)
    if case.medicare and chance.happens(0.5):
        return case.claim(["Z12.11", "D12.2"], timed("00811-AA-PT", minutes, to=(1, 2)), place="24")
    return case.claim(
        ["Z12.11"], timed("00812-AA", minutes) if case.medicare else timed("00812-AA-33", minutes), place="24"
    )


def labor(chance: Chance, practice: Practice, day: date) -> Claim:
    """Pain relief in labor that went on to a cesarean: the second code is an add-on. AOC file (01968); NCCI II.B."""
    case = practice.case(chance, day, ages=(19, 41), sexes="F", payers=("commercial", "medicaid", "tricare"))
    lines = [timed("01967-AA", chance.between(120, 400)), timed("01968-AA", chance.between(40, 90))]
    return case.claim(["O34.211", "Z37.0", "Z3A.39"], *lines, place="21")


def line_and_block(chance: Chance, practice: Practice, day: date) -> Claim:
    """Anesthesia for a large operation, with a line into an artery. NCCI II.B.4."""
    case = practice.case(chance, day, ages=(50, 85))
    return case.claim(["C18.7"], timed("00840-AA", chance.between(150, 300)), service("36620", 180), place="21")


SCENARIOS = {
    EMERGENCY: (emergency_visit, cut_sewn, heart_attack, critical_care, ankle_splint, hurt_at_work, pills_taken),
    HOSPITALIST: (
        admission, stay_by_days, visits_over_a_span, observation, shared_visit, nursing_home, wishes_for_the_end,
        death_in_hospital,
    ),
    ANESTHESIOLOGY: (
        anesthesia_alone, anesthesia_directed, nurse_alone, watched_eye, colonoscopy_watched, labor, line_and_block,
    ),
}  # fmt: skip
