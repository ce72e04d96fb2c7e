"""Therapy by plan, chiropractic, mental health, and care from afar."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Claim, Practice, Specialty, code_on, service

PHYSICAL_THERAPY = Specialty("physical_therapy", ("225100000X",))
OCCUPATIONAL_THERAPY = Specialty("occupational_therapy", ("225X00000X",))
SPEECH_THERAPY = Specialty("speech_therapy", ("235Z00000X",))
CHIROPRACTIC = Specialty("chiropractic", ("111N00000X",))
PSYCHIATRY = Specialty("psychiatry", ("2084P0800X", "363LP0808X"))
PSYCHOLOGY = Specialty("psychology", ("103TC0700X", "1041C0700X"))
TELEHEALTH = Specialty("telehealth", ("207Q00000X", "363LF0000X"))


def exercise(chance: Chance, practice: Practice, day: date) -> Claim:
    """Timed therapy: units follow the minutes of the day; KX above the yearly threshold. CPM 5 §10.3 and §20.2."""
    case = practice.case(chance, day, ages=(18, 88))
    beyond = ("KX",) if case.medicare and chance.happens(0.4) else ()
    lines = [
        service("97110-GP", 45, units=2, modifiers=beyond, minutes="30"),
        service("97112-GP", 45, modifiers=beyond, minutes="15"),
    ]
    return case.claim([chance.pick("M25.561", "M54.50", "M62.81", "R26.2")], *lines)


def manual_and_exercise(chance: Chance, practice: Practice, day: date) -> Claim:
    """Hands-on therapy and exercise, each in minutes of its own. CPM 5 §20.2; NCCI XI.M."""
    case = practice.case(chance, day, ages=(18, 85))
    return case.claim(
        [chance.pick("M54.2", "M75.41", "M75.42")],
        service("97110-GP", 45, minutes="15"), service("97140-GP", 42, minutes="15"),
    )  # fmt: skip


def first_evaluation(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first evaluation, which has no time, and exercise. CPM 5 §20.2."""
    case = practice.case(chance, day, ages=(18, 88))
    code = chance.pick("97161", "97162", "97163")
    return case.claim(
        [chance.pick("M25.511", "M54.16", "S83.511D")],
        service(f"{code}-GP", 110),
        service("97110-GP", 45, minutes="15"),
    )


def by_an_assistant(chance: Chance, practice: Practice, day: date) -> Claim:
    """Therapy given by an assistant: CQ beside GP for Medicare. CPM 5 §20.1; 42 CFR 410.60."""
    case = practice.case(chance, day, ages=(65, 90), payers=("medicare",))
    return case.claim(
        ["R26.89"], service("97116-GP-CQ", 40, minutes="15"), service("97110-GP-CQ", 90, units=1, minutes="18")
    )


def group_therapy(chance: Chance, practice: Practice, day: date) -> Claim:
    """Therapy of a group, without time; and stimulation without an attendant by the payer's own code. CPM 5 §20."""
    case = practice.case(chance, day, ages=(30, 88))
    stimulation = "G0283-GP" if case.payer in ("medicare", "medicare_advantage", "medicaid") else "97014-GP"
    return case.claim(["M54.50"], service("97110-GP", 45, minutes="15"), service(stimulation, 18))


def walking_and_activities(chance: Chance, practice: Practice, day: date) -> Claim:
    """Activities and walking, each in minutes of its own, told apart by 59. NCCI XI.M; CPM 5 §20.2."""
    case = practice.case(chance, day, ages=(30, 90))
    lines = [service("97530-GP", 50, units=2, minutes="25"), service("97116-59-GP", 40, minutes="15")]
    return case.claim([chance.pick("R26.89", "M62.81")], *lines)


def two_kinds_of_therapy(chance: Chance, practice: Practice, day: date) -> Claim:
    """Physical and occupational therapy of one day on one claim: each plan with its therapist. CPM 5 §20.1."""
    case = practice.case(chance, day, ages=(55, 92))
    other = {"npi": practice.clinicians[1]["npi"], "taxonomy": "225X00000X", "entity": "person"}
    return case.claim(
        ["I69.354"],
        service("97112-GP", 45, units=2, minutes="30"),
        service("97535-GO", 45, minutes="15", rendering_provider=other),
    )


def daily_living(chance: Chance, practice: Practice, day: date) -> Claim:
    """Occupational therapy after a stroke. CPM 5 §20; OCG I.C.9.d."""
    case = practice.case(chance, day, ages=(40, 90))
    return case.claim(
        ["I69.351"], service("97535-GO", 45, units=2, minutes="30"), service("97112-GO", 45, minutes="15")
    )


def hand_evaluation(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first evaluation by an occupational therapist."""
    case = practice.case(chance, day, ages=(18, 85))
    return case.claim([chance.pick("G56.01", "M65.4", "S52.531D")], service(f"{chance.pick('97165', '97166')}-GO", 120))


def occupational_assistant(chance: Chance, practice: Practice, day: date) -> Claim:
    """Activities led by an occupational therapy assistant: CO beside GO for Medicare. CPM 5 §20.1."""
    case = practice.case(chance, day, ages=(65, 92), payers=("medicare",))
    return case.claim(["I69.354"], service("97530-GO-CO", 50, units=2, minutes="30"))


def child_activities(chance: Chance, practice: Practice, day: date) -> Claim:
    """Activities with a child under a plan of occupational therapy."""
    case = practice.case(chance, day, ages=(3, 14), payers=("commercial", "medicaid", "tricare"))
    return case.claim([chance.pick("F84.0", "F82")], service("97530-GO", 50, units=3, minutes="45"))


def speech(chance: Chance, practice: Practice, day: date) -> Claim:
    """Treatment of speech under its plan. CPM 5 §20."""
    case = practice.case(chance, day, ages=(3, 88))
    if case.age < 19:
        return case.claim([chance.pick("F80.2", "F80.0")], service("92507-GN", 95))
    return case.claim([chance.pick("I69.320", "R47.1")], service("92507-GN", 95))


def speech_evaluation(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first evaluation of speech and language."""
    case = practice.case(chance, day, ages=(3, 12), payers=("commercial", "medicaid", "tricare"))
    return case.claim(["F80.2"], service("92523-GN", 260))


def swallowing(chance: Chance, practice: Practice, day: date) -> Claim:
    """Treatment of swallowing after a stroke: the sequel of the stroke, then its kind. OCG I.C.9.d; Tabular I69.391."""
    case = practice.case(chance, day, ages=(50, 92))
    return case.claim(["I69.391", "R13.12"], service("92526-GN", 110, to=(1, 2)))


def thinking(chance: Chance, practice: Practice, day: date) -> Claim:
    """Training of thinking: the first fifteen minutes, and further ones as an add-on. AOC file (97130)."""
    case = practice.case(chance, day, ages=(25, 80))
    return case.claim(
        ["I69.311"], service("97129-GN", 40, minutes="15"), service("97130-GN", 38, units=1, minutes="15")
    )


def spine_adjusted(chance: Chance, practice: Practice, day: date) -> Claim:
    """The spine adjusted in active treatment: AT for Medicare, region first, complaint after. BPM 15 §240.1."""
    case = practice.case(chance, day, ages=(20, 85))
    code = chance.pick("98940", "98941")
    diagnoses = ["M99.03", "M54.50"] if code == "98940" else ["M99.03", "M99.01", "M99.02", "M54.2"]
    procedure = f"{code}-AT" if case.medicare else code
    pointed = tuple(range(1, len(diagnoses) + 1))
    return case.claim(diagnoses, service(procedure, 60, to=pointed), initial_treatment_date=day.isoformat())


def spine_maintained(chance: Chance, practice: Practice, day: date) -> Claim:
    """Maintenance, for which Medicare does not pay: GA says that the patient was told. BPM 15 §240.1.3; CPM 30 §50."""
    case = practice.case(chance, day, ages=(65, 88), payers=("medicare",))
    return case.claim(["M99.03", "M54.59"], service("98940-GA", 55, to=(1, 2)))


def spine_and_other_region(chance: Chance, practice: Practice, day: date) -> Claim:
    """The spine adjusted and another region treated by hand, told apart by 59. NCCI XI.M."""
    case = practice.case(chance, day, ages=(20, 60), payers=("commercial", "auto"))
    auto: Claim = {}
    if case.payer == "auto":
        hurt = day.fromordinal(day.toordinal() - chance.between(3, 30)).isoformat()
        auto = {
            "accident": {"date": hurt, "auto": True, "state": practice.state},
            "property_casualty_number": f"PC{chance.digits(8)}",
        }
    return case.claim(["M99.01", "M79.18"], service("98940", 55, to=(1,)), service("97140-59-GP", 40, to=(2,)), **auto)


def chiropractic_first_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first visit with its own work beside the adjustment. NCCI XI.M (25)."""
    case = practice.case(chance, day, ages=(20, 64), payers=("commercial",))
    return case.claim(["M99.03", "M54.41"], service("99203-25", 140, to=(1, 2)), service("98940", 55, to=(1, 2)))


def medicines_and_talk(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for medicines with psychotherapy as an add-on. AOC file (90833, 90836)."""
    case = practice.case(chance, day, ages=(18, 80))
    diagnosis = chance.pick("F33.1", "F31.81", "F41.1", "F43.10", "F20.9")
    return case.claim(
        [diagnosis], service(chance.pick("99213", "99214"), 150), service(chance.pick("90833", "90836"), 90)
    )


def first_psychiatric_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first evaluation with medical work."""
    case = practice.case(chance, day, ages=(10, 85))
    return case.claim([chance.pick("F32.1", "F41.1", "F90.2", "F42.2")], service("90792", 250))


def long_acting_drug(chance: Chance, practice: Practice, day: date) -> Claim:
    """A long-acting drug for schizophrenia, one syringe of 156 units. NCCI XI.B; CPM 17 §40."""
    case = practice.case(chance, day, ages=(19, 70))
    drug = service("J2426-JZ", 14, units=156, ndc="50458056301", ndc_unit="ML", ndc_quantity="1")
    return case.claim(["F20.0"], service("96372", 30), drug)


def talk_in_crisis(chance: Chance, practice: Practice, day: date) -> Claim:
    """Psychotherapy in a crisis, the first hour and a further half hour. AOC file (90840)."""
    case = practice.case(chance, day, ages=(16, 70))
    return case.claim(["F43.0", "R45.851"], service("90839", 200, to=(1, 2)), service("90840", 95, to=(1, 2)))


def magnet(chance: Chance, practice: Practice, day: date) -> Claim:
    """Magnetic stimulation for depression that medicines did not help."""
    case = practice.case(chance, day, ages=(22, 70))
    return case.claim(["F33.2"], service("90868", 260))


def talk(chance: Chance, practice: Practice, day: date) -> Claim:
    """Psychotherapy by its length, now and then harder by what others bring in (90785). AOC file."""
    case = practice.case(chance, day, ages=(6, 80))
    lines = [service(chance.pick("90832", "90834", "90837"), 150)]
    if case.age < 15:
        lines.append(service("90785", 18))
    return case.claim([chance.pick("F43.23", "F41.1", "F33.0") if case.age > 12 else "F93.0"], *lines)


def family_and_group(chance: Chance, practice: Practice, day: date) -> Claim:
    """Therapy with the family, or in a group."""
    case = practice.case(chance, day, ages=(12, 60))
    return case.claim([chance.pick("F43.25", "F10.20", "F50.00")], service(chance.pick("90847", "90853"), 110))


def tests_of_the_mind(chance: Chance, practice: Practice, day: date) -> Claim:
    """Psychological tests: report by the hour, tests by the half hour, further time as add-ons. AOC file."""
    case = practice.case(chance, day, ages=(8, 70))
    return case.claim(
        ["F90.0"], service("96130", 140), service("96131", 110), service("96136", 55), service("96137", 50, units=2)
    )


def first_talk(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first evaluation without medical work."""
    case = practice.case(chance, day, ages=(8, 75))
    return case.claim([chance.pick("F43.21", "F40.10", "F32.0")], service("90791", 190))


def talk_from_home(chance: Chance, practice: Practice, day: date) -> Claim:
    """Psychotherapy with the patient at home, seen or only heard (93). MLN901705; CY2024 PFS final rule."""
    case = practice.case(chance, day, ages=(18, 75))
    heard = chance.happens(0.3)
    modifier = "93" if heard else "95"
    procedure = "90834" if case.medicare and not heard else f"90834-{modifier}"
    return case.claim([chance.pick("F41.1", "F33.1")], service(procedure, 140), place="10")


def visit_from_home(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit with the patient at home: Medicare goes by the place, others want 95. MLN901705."""
    case = practice.case(chance, day, ages=(20, 88))
    code = chance.pick("99213", "99214")
    return case.claim(
        [chance.pick("I10", "J06.9", "N39.0", "E11.9")],
        service(code if case.medicare else f"{code}-95", 120),
        place="10",
    )


def visit_from_a_clinic(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit with the patient in another clinic. CMS place of service 02."""
    case = practice.case(chance, day, ages=(20, 88))
    return case.claim(
        [chance.pick("E11.65", "I10")], service("99214" if case.medicare else "99214-95", 150), place="02"
    )


def by_telephone(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit by telephone. CY2025 PFS final rule: codes of its own until 2024-12-31, then new ones that Medicare does
    not take; the office visit with 93 stands for them.
    """
    case = practice.case(chance, day, ages=(20, 88))
    diagnosis = chance.pick("J01.90", "I10", "M54.50")
    if day <= date(2024, 12, 31):
        code = "99442-93" if case.medicare else "99442"
    elif case.payer == "commercial":
        code = "98013"
    else:
        code = "99213-93"
    return case.claim([diagnosis], service(code, 90), place="10")


def virtual_check_in(chance: Chance, practice: Practice, day: date) -> Claim:
    """A short talk that was no visit: G2012 until 2024-12-31, 98016 after it. CY2025 PFS final rule."""
    case = practice.case(chance, day, ages=(20, 88), payers=("medicare", "commercial", "medicare_advantage"))
    return case.claim(
        [chance.pick("I10", "R05.1", "L30.9")], service(code_on(day, "G2012", date(2025, 1, 1), "98016"), 25)
    )


def watched_from_afar(chance: Chance, practice: Practice, day: date) -> Claim:
    """Blood pressure followed by a device over a month: the device, and twenty minutes of work. CPM 12 §30.6."""
    case = practice.case(chance, day, ages=(45, 88))
    return case.claim(["I10"], service("99454", 60), service("99457", 55))


def care_of_the_month(chance: Chance, practice: Practice, day: date) -> Claim:
    """A month's care of two long-lasting conditions, twenty minutes, and twenty more as an add-on. AOC file (99439)."""
    case = practice.case(chance, day, ages=(60, 90))
    lines = [service("99490", 70, to=(1, 2))]
    if chance.happens(0.5):
        lines.append(service("99439", 55, to=(1, 2)))
    return case.claim(["E11.22", "N18.31"], *lines)


SCENARIOS = {
    PHYSICAL_THERAPY: (
        exercise, manual_and_exercise, first_evaluation, by_an_assistant, group_therapy, walking_and_activities,
        two_kinds_of_therapy,
    ),
    OCCUPATIONAL_THERAPY: (daily_living, hand_evaluation, occupational_assistant, child_activities),
    SPEECH_THERAPY: (speech, speech_evaluation, swallowing, thinking),
    CHIROPRACTIC: (spine_adjusted, spine_maintained, spine_and_other_region, chiropractic_first_visit),
    PSYCHIATRY: (medicines_and_talk, first_psychiatric_visit, long_acting_drug, talk_in_crisis, magnet),
    PSYCHOLOGY: (talk, family_and_group, tests_of_the_mind, first_talk),
    TELEHEALTH: (
        talk_from_home, visit_from_home, visit_from_a_clinic, by_telephone, virtual_check_in, watched_from_afar,
        care_of_the_month,
    ),
}  # fmt: skip
