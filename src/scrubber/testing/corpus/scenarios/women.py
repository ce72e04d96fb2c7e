"""Obstetrics and gynecology: pregnancies from the first visit to the last, and women's health."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Claim, Practice, Specialty, service

OBSTETRICS = Specialty("obstetrics", ("207V00000X", "367A00000X"))


def _insured(chance: Chance) -> tuple[str, ...]:
    return ("commercial", "commercial", "medicaid", "tricare")


def global_delivery(chance: Chance, practice: Practice, day: date) -> Claim:
    """Care of a whole pregnancy with a normal delivery: one code on the day of birth. OCG I.C.15.n and I.C.15.b.5."""
    case = practice.case(chance, day, ages=(19, 39), sexes="F", payers=_insured(chance))
    week = chance.between(37, 41)
    return case.claim(["O80", "Z37.0", f"Z3A.{week}"], service("59400", 3800, to=(1, 2, 3)), place="21")


def global_cesarean(chance: Chance, practice: Practice, day: date) -> Claim:
    """Care of a whole pregnancy that ended in a repeat cesarean. OCG I.C.15.b.4."""
    case = practice.case(chance, day, ages=(22, 41), sexes="F", payers=_insured(chance))
    week = chance.between(38, 40)
    return case.claim(["O34.211", "Z37.0", f"Z3A.{week}"], service("59510", 4300, to=(1, 2, 3)), place="21")


def delivery_only(chance: Chance, practice: Practice, day: date) -> Claim:
    """A delivery by somebody who did not give the care before it. OCG I.C.15.b."""
    case = practice.case(chance, day, ages=(19, 40), sexes="F", payers=_insured(chance))
    week = chance.between(38, 41)
    return case.claim(["O70.1", "Z37.0", f"Z3A.{week}"], service("59409", 1700, to=(1, 2, 3)), place="21")


def antepartum_only(chance: Chance, practice: Practice, day: date) -> Claim:
    """Seven visits or more before a birth elsewhere, billed once. OCG I.C.21.c.11."""
    case = practice.case(chance, day, ages=(20, 38), sexes="F", payers=_insured(chance))
    return case.claim(["Z34.83", "Z3A.36"], service("59426", 1100, to=(1, 2)))


def pregnancy_scan(chance: Chance, practice: Practice, day: date) -> Claim:
    """The scan of the second trimester, billed whole in the office. MPFS PCTC 1; OCG I.C.21.c.5 (Z36)."""
    case = practice.case(chance, day, ages=(19, 40), sexes="F", payers=_insured(chance))
    return case.claim(["Z36.3", f"Z3A.{chance.between(18, 22)}"], service("76805", 260, to=(1, 2)))


def early_scan(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scan in the first weeks, through the vagina, for bleeding. OCG I.C.15.a.3."""
    case = practice.case(chance, day, ages=(19, 40), sexes="F", payers=_insured(chance))
    week = chance.pick("08", "09", "10", "11", "12")
    return case.claim(["O20.0", f"Z3A.{week}"], service("99213", 110, to=(1, 2)), service("76817", 190, to=(1, 2)))


def heart_of_the_child(chance: Chance, practice: Practice, day: date) -> Claim:
    """The child's heart followed in the third trimester of an older mother. OCG I.C.15.b.2 and I.C.15.a.3."""
    case = practice.case(chance, day, ages=(36, 43), sexes="F", payers=_insured(chance))
    return case.claim(["O09.523", f"Z3A.{chance.between(32, 38)}"], service("59025", 90, to=(1, 2)))


def gestational_diabetes(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for diabetes of pregnancy, outside the package. OCG I.C.15.i."""
    case = practice.case(chance, day, ages=(22, 42), sexes="F", payers=_insured(chance))
    week = chance.between(28, 36)
    return case.claim(["O24.410", f"Z3A.{week}"], service("99214", 150, to=(1, 2)))


def postpartum_only(chance: Chance, practice: Practice, day: date) -> Claim:
    """The visit after a birth by others. OCG I.C.15.o."""
    case = practice.case(chance, day, ages=(19, 41), sexes="F", payers=_insured(chance))
    return case.claim(["Z39.2"], service("59430", 230))


def well_woman(chance: Chance, practice: Practice, day: date) -> Claim:
    """A yearly examination: by age, or for Medicare its own codes for pelvis and smear. CPM 18 §30 and §40."""
    case = practice.case(chance, day, ages=(21, 64), sexes="F", payers=("commercial", "medicaid", "tricare"))
    if chance.happens(0.3):
        elder = practice.case(chance, day, ages=(66, 80), sexes="F", payers=("medicare",))
        return elder.claim(["Z01.419"], service("G0101", 45), service("Q0091", 50))
    return case.claim(["Z01.419"], service("99395" if case.age < 40 else "99396", 200))


def coil(chance: Chance, practice: Practice, day: date) -> Claim:
    """A hormone coil put in, the test for pregnancy before it. OCG I.C.21.c.8."""
    case = practice.case(chance, day, ages=(18, 42), sexes="F", payers=_insured(chance))
    device = service("J7298", 1100, ndc="50419042301", ndc_unit="UN", ndc_quantity="1")
    return case.claim(["Z30.430", "Z32.02"], service("58300", 130), device, service("81025", 12, to=(2,)))


def colposcopy(chance: Chance, practice: Practice, day: date) -> Claim:
    """The cervix looked at closely after a smear. NCCI VII."""
    case = practice.case(chance, day, ages=(25, 65), sexes="F")
    return case.claim([chance.pick("R87.610", "R87.612", "N87.1")], service("57454", 260))


def hysterectomy(chance: Chance, practice: Practice, day: date) -> Claim:
    """The uterus taken out through small cuts. NCCI VII."""
    case = practice.case(chance, day, ages=(35, 70), sexes="F")
    return case.claim([chance.pick("D25.1", "N93.8", "N80.03")], service("58571", 2300), place="22")


def contraceptive_shot(chance: Chance, practice: Practice, day: date) -> Claim:
    """A three-month contraceptive, 150 units of one milligram. HCPCS J1050."""
    case = practice.case(chance, day, ages=(16, 45), sexes="F", payers=_insured(chance))
    drug = service("J1050", 0.6, units=150, ndc="00009737611", ndc_unit="ML", ndc_quantity="1")
    return case.claim(["Z30.42"], service("96372", 30), drug)


SCENARIOS = {
    OBSTETRICS: (
        global_delivery, global_cesarean, delivery_only, antepartum_only, pregnancy_scan, early_scan,
        heart_of_the_child, gestational_diabetes, postpartum_only, well_woman, coil, colposcopy, hysterectomy,
        contraceptive_shot,
    ),
}  # fmt: skip
