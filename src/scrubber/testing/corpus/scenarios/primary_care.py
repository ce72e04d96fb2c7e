"""Family practice, internal medicine, pediatrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import FY2025, FY2026, Claim, Practice, Service, Specialty, code_on, service

FAMILY_PRACTICE = Specialty("family_practice", ("207Q00000X", "363LF0000X"))
INTERNAL_MEDICINE = Specialty("internal_medicine", ("207R00000X", "363A00000X"))
PEDIATRICS = Specialty("pediatrics", ("208000000X", "363LP0200X"))


def chronic_conditions(chance: Chance, practice: Practice, day: date) -> Claim:
    """Follow-up of hypertension or diabetes, blood drawn and tested in the office.

    CPM 12 §30.6; CPM 16 §60.1 (drawing) and §70.8 (QW); OCG I.C.4.a and I.C.9.a.
    """
    case = practice.case(chance, day, ages=(35, 88))
    visit = service(chance.pick("99213", "99214"), 160, to=(1, 2))
    if chance.happens(0.5):
        diagnoses = ["E11.65", "I10", "E78.5", "Z79.84"]
        tests = [service("83036-QW", 28, to=(1,))]
    else:
        obesity = code_on(day, "E66.9", FY2025, "E66.811")
        diagnoses = ["I10", "E78.2", *chance.some([obesity, "F17.210", "Z82.49"], 0, 2)]
        tests = [service("80061-QW", 42, to=(2,)), service("36415", 12, to=(1, 2))]
    return case.claim(diagnoses, visit, *tests)


def sore_throat(chance: Chance, practice: Practice, day: date) -> Claim:
    """Acute visit with one waived test. CPM 16 §70.8; CMS list of waived tests."""
    case = practice.case(chance, day, ages=(5, 60))
    diagnosis, test = chance.pick(
        ("J02.0", "87880-QW"),
        ("J02.9", "87880-QW"),
        ("J10.1", "87804-QW"),
        ("N30.00", "81003-QW"),
        ("B27.90", "86308-QW"),
    )
    return case.claim([diagnosis], service(chance.pick("99212", "99213"), 110), service(test, 25))


def visit_with_complexity(chance: Chance, practice: Practice, day: date) -> Claim:
    """A continuing relationship, told by G2211 beside a visit without 25 (CMS, CY2024 PFS final rule)."""
    case = practice.case(chance, day, ages=(65, 90), payers=("medicare",))
    diagnoses = chance.pick(["E11.22", "N18.31"], ["I11.0", "I50.22"], ["J44.9", "F17.211"], ["E11.42", "E78.5"])
    return case.claim(diagnoses, service("99214", 175, to=(1, 2)), service("G2211", 22, to=(1,)))


def annual_wellness(chance: Chance, practice: Practice, day: date) -> Claim:
    """Medicare's yearly wellness visit, with depression screening. CPM 18 §140; 42 CFR 410.15."""
    case = practice.case(chance, day, ages=(66, 92), payers=("medicare",))
    lines = [service("G0439", 190, to=(1,)), service("G0444", 25, to=(1,))]
    return case.claim(["Z00.00", "I10", "E78.5"], *lines)


def wellness_with_problem(chance: Chance, practice: Practice, day: date) -> Claim:
    """The yearly wellness visit and a problem with 25. CPM 18 §140; G2211 beside 25 only from 2025, and beside
    preventive care only (CY2025 PFS final rule).
    """
    case = practice.case(chance, day, ages=(66, 92), payers=("medicare",))
    lines = [service("G0439", 190, to=(1,)), service("99213-25", 130, to=(2,))]
    if day >= date(2025, 1, 1):
        lines.append(service("G2211", 22, to=(2,)))
    return case.claim(["Z00.01", "I10"], *lines)


def many_conditions(chance: Chance, practice: Practice, day: date) -> Claim:
    """A long visit of somebody with many conditions: up to twelve diagnoses, four pointed to. CPM 26 item 21."""
    case = practice.case(chance, day, ages=(70, 92))
    glucose = code_on(day, "E11.9", FY2026, "E11.A") if case.age > 80 else "E11.9"
    others = ["E78.5", "K21.9", "M15.0", "N40.0" if case.sex == "M" else "N95.2", "H91.93", "G47.33", "E03.9", "F32.A"]
    statuses = ["Z79.82", "Z86.73", "Z87.891"]
    diagnoses = ["I10", glucose, *chance.some(others, 3, 7), *chance.some(statuses, 1, 3)]
    return case.claim(diagnoses, service("99215", 220, to=(1, 2, 3, 4)))


def doctor_and_therapist(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit to the physician and a talk with the clinic's social worker on one day: two providers, two specialties.

    CPM 12 §30.6.5.
    """
    case = practice.case(chance, day, ages=(18, 75))
    worker = {"npi": practice.clinicians[1]["npi"], "taxonomy": "1041C0700X", "entity": "person"}
    talk = service("90834", 120, to=(2,), rendering_provider=worker)
    return case.claim(["I10", "F41.1"], service("99213", 120, to=(1,)), talk)


def shots_at_the_physical(chance: Chance, practice: Practice, day: date) -> Claim:
    """An adult's preventive visit with a vaccine of the day. NCCI XI (25)."""
    case = practice.case(chance, day, ages=(19, 39), payers=("commercial", "tricare"))
    lines = [service("99395-25", 200, to=(1,)), service("90715", 50, to=(2,)), service("90471", 30, to=(2,))]
    return case.claim(["Z00.00", "Z23"], *lines)


def pelvic_examination(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for a problem with 25, and Medicare's examination of pelvis and smear. CPM 18 §30 and §40."""
    case = practice.case(chance, day, ages=(66, 80), sexes="F", payers=("medicare",))
    lines = [service("99213-25", 120, to=(2,)), service("G0101", 45, to=(1,)), service("Q0091", 45, to=(1,))]
    return case.claim(["Z01.419", "I10"], *lines)


def drug_without_a_code(chance: Chance, practice: Practice, day: date) -> Claim:
    """A drug without a code of its own: named in words, with its national drug code. CPM 26 item 19."""
    case = practice.case(chance, day, ages=(20, 80))
    words = "FAMOTIDINE 20 MG IV, SINGLE DOSE VIAL"
    other = service("J3490", 12, ndc="67457043322", ndc_unit="ML", ndc_quantity="2", description=words)
    return case.claim(["T78.40XA"], service("99214-25", 160), service("96374", 60), other, claim_note=words)


def physical_with_problem(chance: Chance, practice: Practice, day: date) -> Claim:
    """A preventive visit by age, and on the same day a problem looked into, with 25. NCCI XI; OCG I.C.21.c.13."""
    case = practice.case(chance, day, ages=(19, 63), payers=("commercial", "commercial", "medicaid", "tricare"))
    code = "99395" if case.age < 40 else "99396"
    problem = chance.pick("M54.50", "L30.9", "K21.9", "G43.909", "F41.1")
    return case.claim(
        ["Z00.01", problem], service(code, 210, to=(1,)), service(chance.pick("99212-25", "99213-25"), 95, to=(2,))
    )


def flu_shot(chance: Chance, practice: Practice, day: date) -> Claim:
    """Vaccination without a visit, against influenza from August to March. CPM 18 §10; Z23 is first-listed."""
    case = practice.case(chance, day, ages=(19, 90))
    in_season = day.month not in (4, 5, 6, 7)
    if case.payer == "medicare":
        if in_season and chance.happens(0.7):
            return case.claim(["Z23"], service("90662" if case.age >= 65 else "90656", 70), service("G0008", 32))
        return case.claim(["Z23"], service("90677", 290), service("G0009", 32))
    product = chance.pick("90656" if in_season else "90715", "90715", "90746")
    return case.claim(["Z23"], service(product, 60), service("90471", 30))


def office_injection(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit and a separate injection of a drug, with its NDC. NCCI I.D and XI (25 on the visit)."""
    case = practice.case(chance, day, ages=(19, 85))
    diagnosis, line = chance.pick(
        ("D51.0", service("J3420-JZ", 9, ndc="00517003125", ndc_unit="ML", ndc_quantity="1")),
        ("G43.009", service("J1885-JZ", 4, units=2, ndc="00409379501", ndc_unit="ML", ndc_quantity="1")),
        ("N10", service("J0696-JZ", 6, units=2, ndc="00409733201", ndc_unit="UN", ndc_quantity="1")),
    )
    return case.claim([diagnosis], service("99213-25", 130), service("96372", 32), line)


def electrocardiogram(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for chest discomfort with a complete tracing in the office (MPFS PCTC 4). CPM 12 §30.6; CPM 13 §100."""
    case = practice.case(chance, day, ages=(40, 88))
    return case.claim([chance.pick("R07.89", "R00.2", "R07.9")], service("99214-25", 170), service("93000", 38))


def joint_injection(chance: Chance, practice: Practice, day: date) -> Claim:
    """Injection of a large joint, and a visit for another decision. NCCI I.D; NCCI IV (20610)."""
    case = practice.case(chance, day, ages=(45, 85))
    side, code = chance.pick(("RT", "M17.11"), ("LT", "M17.12"))
    lines = [service("99213-25", 130, to=(2,)), service(f"20610-{side}", 115, to=(1,))]
    drug = service("J1010-JZ", 0.45, to=(1,), units=40, ndc="00009003928", ndc_unit="ML", ndc_quantity="1")
    return case.claim([code, "I10"], *lines, drug)


def new_patient(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first visit. CPM 12 §30.6.7."""
    case = practice.case(chance, day, ages=(18, 84))
    diagnoses = chance.some(["E03.9", "K21.9", "M54.50", "F41.1", "J45.30", "E55.9", "G47.33"], 1, 5)
    pointed = tuple(range(1, min(len(diagnoses), 4) + 1))
    return case.claim(diagnoses, service(chance.pick("99203", "99204"), 220, to=pointed))


def hospital_follow_up(chance: Chance, practice: Practice, day: date) -> Claim:
    """Transitional care after a stay. CPM 12 §30.6; MLN908628."""
    case = practice.case(chance, day, ages=(50, 90), payers=("medicare", "medicare_advantage", "commercial"))
    code = chance.pick("99495", "99496")
    return (
        case.claim(["J18.9", "J44.0"], service(code, 310, to=(1, 2)))
        if chance.happens(0.3)
        else case.claim(["I50.33", "I48.91"], service(code, 310, to=(1, 2)))
    )


def tobacco_and_alcohol(chance: Chance, practice: Practice, day: date) -> Claim:
    """Counseling to stop smoking beside a visit. CPM 32 §12; NCD 210.4.1."""
    case = practice.case(chance, day, ages=(25, 75))
    return case.claim(["J44.9", "F17.210"], service("99213-25", 130, to=(1,)), service("99406", 20, to=(2,)))


def wound_repair(chance: Chance, practice: Practice, day: date) -> Claim:
    """A cut finger sewn in the office; the visit is part of it. NCCI I.D; OCG I.C.19.b and I.C.20."""
    case = practice.case(chance, day, ages=(12, 70))
    digit, code = chance.pick(("F6", "S61.210A"), ("F1", "S61.211A"), ("F2", "S61.213A"), ("F7", "S61.212A"))
    return case.claim([code, "W26.0XXA", "Y92.010"], service(f"12001-{digit}", 210))


def telephone_or_portal(chance: Chance, practice: Practice, day: date) -> Claim:
    """A patient's questions through the portal over seven days (online digital visit)."""
    case = practice.case(chance, day, ages=(20, 80))
    return case.claim([chance.pick("I10", "J30.2", "L20.9", "E03.9")], service("99421", 28))


def _vaccines(case_payer: str, products: Sequence[tuple[str, float, int]], rate: float = 28) -> list[Service]:
    """Vaccines of a child with counseling: first component and further ones; Medicaid's come from the state (SL).

    They stand with the second diagnosis, Z23.
    """
    lines = []
    firsts = others = 0
    for code, price, components in products:
        product = service(f"{code}-SL", 0, to=(2,)) if case_payer == "medicaid" else service(code, price, to=(2,))
        lines.append(product)
        firsts += 1
        others += components - 1
    lines.append(service("90460", rate, to=(2,), units=firsts))
    if others:
        lines.append(service("90461", 14, to=(2,), units=others))
    return lines


def well_child(chance: Chance, practice: Practice, day: date) -> Claim:
    """A well-child visit with vaccines; 25 tells the visit from the vaccination. NCCI XI; VFC program (SL)."""
    age = chance.pick(1, 4, 11, 12)
    case = practice.case(chance, day, ages=(age, age), payers=("commercial", "medicaid", "medicaid", "tricare"))
    visit = {1: "99392", 4: "99392", 11: "99393", 12: "99394"}[age]
    products: Sequence[tuple[str, float, int]] = {
        1: [("90707", 95, 3), ("90716", 170, 1)],
        4: [("90696", 75, 4), ("90710", 260, 4)],
        11: [("90651", 290, 1), ("90715", 48, 3)],
        12: [("90734", 150, 1), ("90651", 290, 1)],
    }[age]
    shots = _vaccines(case.payer, products)
    return case.claim(["Z00.129", "Z23"], service(f"{visit}-25", 180, to=(1,)), *shots)


def infant_checkup(chance: Chance, practice: Practice, day: date) -> Claim:
    """A checkup in the first months, with the vaccines of that age. OCG I.C.21.c.13 (Z00.129 after 28 days)."""
    case = practice.newborn(chance, day, chance.between(62, 130), payers=("commercial", "medicaid"))
    products = [("90697", 140, 6), ("90677", 290, 1), ("90681", 140, 1)]
    return case.claim(["Z00.129", "Z23"], service("99391-25", 170), *_vaccines(case.payer, products))


def newborn_checkup(chance: Chance, practice: Practice, day: date) -> Claim:
    """A newborn's first office visit, up to 7 or to 28 days of age. OCG I.C.21.c.13 (Z00.110, Z00.111)."""
    days = chance.between(3, 26)
    case = practice.newborn(chance, day, days, payers=("commercial", "medicaid"))
    return case.claim(["Z00.110" if days < 8 else "Z00.111", "P59.9"], service("99391", 160))


def ear_infection(chance: Chance, practice: Practice, day: date) -> Claim:
    """A sick child. OCG I.B.13 (sides)."""
    case = practice.case(chance, day, ages=(1, 9), payers=("commercial", "medicaid", "tricare"))
    diagnosis = chance.pick("H66.91", "H66.92", "H66.93", "H66.001", "H66.002", "J05.0", "J21.9", "A08.4")
    return case.claim([diagnosis, "R50.9"] if diagnosis[0] == "A" else [diagnosis], service("99213", 115))


def asthma(chance: Chance, practice: Practice, day: date) -> Claim:
    """Asthma made worse, with a treatment and the oxygen read. NCCI I.D and XI (25)."""
    case = practice.case(chance, day, ages=(5, 17), payers=("commercial", "medicaid", "tricare"))
    return case.claim([chance.pick("J45.21", "J45.31", "J45.41")], service("99214-25", 160), service("94640", 30))


def development_and_vision(chance: Chance, practice: Practice, day: date) -> Claim:
    """A toddler's visit with screening of development. Bright Futures schedule; NCCI XI."""
    case = practice.case(chance, day, ages=(2, 3), payers=("commercial", "medicaid"))
    return case.claim(["Z00.129"], service("99392-25", 175), service("96110", 22))


def newborn_in_hospital(chance: Chance, practice: Practice, day: date) -> Claim:
    """A healthy newborn in hospital: admission, and discharge on another day. OCG I.C.16.a.2 (Z38 at birth only)."""
    case = practice.newborn(chance, day, 0, payers=("commercial", "medicaid"))
    return case.claim(["Z38.00"], service("99460", 190), place="21")


def attention_deficit(chance: Chance, practice: Practice, day: date) -> Claim:
    """Follow-up of attention deficit with a scale filled in. NCCI XI."""
    case = practice.case(chance, day, ages=(6, 16), payers=("commercial", "medicaid", "tricare"))
    return case.claim([chance.pick("F90.0", "F90.2")], service("99214-25", 150), service("96127", 12))


SCENARIOS = {
    FAMILY_PRACTICE: (
        chronic_conditions, sore_throat, visit_with_complexity, physical_with_problem, flu_shot, office_injection,
        wound_repair, telephone_or_portal, wellness_with_problem, doctor_and_therapist, shots_at_the_physical,
    ),
    INTERNAL_MEDICINE: (
        chronic_conditions, annual_wellness, electrocardiogram, joint_injection, new_patient, hospital_follow_up,
        tobacco_and_alcohol, visit_with_complexity, many_conditions, drug_without_a_code, pelvic_examination,
    ),
    PEDIATRICS: (
        well_child, infant_checkup, newborn_checkup, ear_infection, asthma, development_and_vision,
        newborn_in_hospital, attention_deficit,
    ),
}  # fmt: skip
