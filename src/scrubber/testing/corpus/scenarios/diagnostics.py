"""Radiology and laboratories: who orders, who owns the machine, who reads."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Case, Claim, Practice, Specialty, service

RADIOLOGY = Specialty("radiology", ("2085R0202X",))
PATHOLOGY = Specialty("pathology", ("207ZP0102X",))
LABORATORY = Specialty("laboratory", ("291U00000X",), itself=True)
IMAGING_CENTER = Specialty("imaging_center", ("261QR0200X",), itself=True)


def film_in_hospital(chance: Chance, practice: Practice, day: date) -> Claim:
    """A film of a hospital patient read with 26. CPM 12 §20.2; CPM 13 §20."""
    case = practice.case(chance, day, ages=(2, 92))
    code, diagnosis = chance.pick(("71046", "R05.1"), ("74018", "R10.84"), ("70450", "R51.9"), ("72110", "M54.50"))
    return case.claim([diagnosis], service(f"{code}-26", 45), place=chance.pick("21", "22", "23"), **ordered(case))


def ordered(case: Case) -> Claim:
    """Who ordered the test: a provider of another practice."""
    return {"ordering_provider": case.outside(), "referring_provider": case.outside()}


def film_again(chance: Chance, practice: Practice, day: date) -> Claim:
    """A chest filmed twice on one day, the second reading with 76. CPM 13 §100; NCCI I.E."""
    case = practice.case(chance, day, ages=(40, 92))
    lines = [service("71045-26", 30), service("71045-26-76", 30)]
    return case.claim([chance.pick("J93.11", "J96.01")], *lines, place="21", **ordered(case))


def scan_in_hospital(chance: Chance, practice: Practice, day: date) -> Claim:
    """A large scan of an outpatient read with 26. CPM 13 §20."""
    case = practice.case(chance, day, ages=(20, 90))
    code, diagnosis = chance.pick(("74177", "R10.9"), ("71260", "R91.1"), ("70553", "G93.89"), ("74183", "K76.89"))
    return case.claim([diagnosis], service(f"{code}-26", 160), place="22", **ordered(case))


def film_in_office(chance: Chance, practice: Practice, day: date) -> Claim:
    """A film in the group's own office, billed whole; limbs with their side. MPFS PCTC 1; OCG I.B.13."""
    case = practice.case(chance, day, ages=(5, 88))
    code, diagnosis = chance.pick(
        ("73130-LT", "M79.642"), ("73562-RT", "M25.561"), ("73610-LT", "S93.402A"), ("73030-RT", "M25.511"),
    )  # fmt: skip
    diagnoses = [diagnosis, "X50.1XXA"] if diagnosis[0] == "S" else [diagnosis]
    return case.claim(diagnoses, service(code, 70), **ordered(case))


def mammogram(chance: Chance, practice: Practice, day: date) -> Claim:
    """Screening of both breasts with slices as an add-on; no order is needed. CPM 18 §20; NCD 220.4."""
    case = practice.case(chance, day, ages=(40, 82), sexes="F")
    return case.claim(["Z12.31"], service("77067", 240), service("77063", 70))


def breast_follow_up(chance: Chance, practice: Practice, day: date) -> Claim:
    """A breast looked at again after screening: films and sound of one side. CPM 18 §20."""
    case = practice.case(chance, day, ages=(40, 82), sexes="F")
    side, diagnosis = chance.pick(("RT", "N63.11"), ("LT", "N63.21"))
    return case.claim([diagnosis], service(f"77065-{side}", 190), service(f"76642-{side}", 130), **ordered(case))


def contrast_scan(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scan with contrast in the group's office, the contrast billed by the milliliter. CPM 13 §30."""
    case = practice.case(chance, day, ages=(25, 85))
    contrast = service("Q9967", 0.4, units=100, ndc="00407141391", ndc_unit="ML", ndc_quantity="100")
    return case.claim([chance.pick("R10.31", "C18.7", "K57.32")], service("74177", 640), contrast, **ordered(case))


def bone_density(chance: Chance, practice: Practice, day: date) -> Claim:
    """Bone density of hip and spine. CPM 13 §140; BPM 15 §80.5."""
    case = practice.case(chance, day, ages=(60, 88), sexes="F")
    return case.claim(["Z13.820", "Z78.0"], service("77080", 110, to=(1, 2)), **ordered(case))


def belly_sound(chance: Chance, practice: Practice, day: date) -> Claim:
    """Ultrasound of the belly, or of the veins of one leg. MPFS PCTC 1."""
    case = practice.case(chance, day, ages=(20, 88))
    if chance.happens(0.5):
        return case.claim([chance.pick("R10.11", "K80.20")], service("76700", 190), **ordered(case))
    side, diagnosis = chance.pick(("RT", "M79.604"), ("LT", "M79.605"))
    return case.claim([diagnosis], service(f"93971-{side}", 190), **ordered(case))


def technical_part(chance: Chance, practice: Practice, day: date) -> Claim:
    """An imaging center that owns the scanner and leaves the reading to others: TC. CPM 13 §20."""
    case = practice.case(chance, day, ages=(20, 80))
    code, diagnosis = chance.pick(("73721-TC-RT", "M25.561"), ("73721-TC-LT", "M25.562"), ("72148-TC", "M54.16"))
    return case.claim([diagnosis], service(code, 380), ordering_provider=case.outside(), place="11")


def whole_scan_at_the_center(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scan that the center both makes and reads. CPM 35 §10."""
    case = practice.case(chance, day, ages=(20, 85))
    code, diagnosis = chance.pick(("72141", "M54.2"), ("70551", "R42"), ("73221-RT", "M25.511"))
    return case.claim([diagnosis], service(code, 520), place="11")


def slides_read(chance: Chance, practice: Practice, day: date) -> Claim:
    """Tissue of a hospital's patient read with 26, each specimen a unit. CPM 12 §60."""
    case = practice.case(chance, day, ages=(20, 90))
    units = chance.between(1, 3)
    return case.claim([chance.pick("D12.2", "K29.50", "C44.519")], service("88305-26", 60, units=units), place="22")


def slides_whole(chance: Chance, practice: Practice, day: date) -> Claim:
    """Tissue of an office patient made and read in the pathologist's own laboratory, with a stain. NCCI X."""
    case = practice.case(chance, day, ages=(20, 90))
    return case.claim([chance.pick("D22.5", "C44.311", "L57.0")], service("88305", 110), place="81", **ordered(case))


def special_stain(chance: Chance, practice: Practice, day: date) -> Claim:
    """Tissue with a first stain by antibody. NCCI X; CPM 12 §60."""
    case = practice.case(chance, day, ages=(30, 90))
    return case.claim(
        ["C50.912"] if case.sex == "F" else ["C61"], service("88305-26", 60), service("88342-26", 70), place="22"
    )


def frozen_section(chance: Chance, practice: Practice, day: date) -> Claim:
    """Tissue read while the patient lies on the table. NCCI X."""
    case = practice.case(chance, day, ages=(35, 85))
    return case.claim(["C73"], service("88331-26", 95), service("88307-26", 120), place="22")


def blood_tests(chance: Chance, practice: Practice, day: date) -> Claim:
    """Blood tests of an independent laboratory with its number and the one who ordered. CPM 16 §40 and §70."""
    case = practice.case(chance, day, ages=(18, 90))
    wanted = chance.some(
        [service("80053", 22), service("85025", 16), service("84443", 34), service("83036", 20), service("82306", 48)],
        2,
        4,
    )
    return case.claim([chance.pick("I10", "E03.9", "E11.9", "R53.83")], *wanted, place="81")


def urine_culture(chance: Chance, practice: Practice, day: date) -> Claim:
    """Urine grown, and what grew named. NCD 190.12."""
    case = practice.case(chance, day, ages=(18, 88), sexes="FFM")
    return case.claim(["N39.0"], service("87086", 20), service("87088", 22), place="81")


def smear_and_virus(chance: Chance, practice: Practice, day: date) -> Claim:
    """A smear with a test for the virus. NCD 210.2.1."""
    case = practice.case(chance, day, ages=(30, 64), sexes="F", payers=("commercial", "medicaid"))
    return case.claim(["Z12.4", "Z11.51"], service("88175", 45, to=(1,)), service("87624", 60, to=(2,)), place="81")


def glucose_again(chance: Chance, practice: Practice, day: date) -> Claim:
    """A test repeated on the same day on purpose, the second with 91. NCCI X.C; CPM 16 §100.5.1."""
    case = practice.case(chance, day, ages=(25, 80))
    return case.claim(["E87.5"], service("84132", 14), service("84132-91", 14), place="81")


def drug_screen(chance: Chance, practice: Practice, day: date) -> Claim:
    """A drug screen by an analyzer. CPM 16; NCCI X.E."""
    case = practice.case(chance, day, ages=(20, 70))
    return case.claim(["Z79.891", "G89.4"], service("80307", 95, to=(1, 2)), place="81")


def lipids_and_prostate(chance: Chance, practice: Practice, day: date) -> Claim:
    """Screening of a man's blood: fats for the heart, and Medicare's own code for the prostate. CPM 18 §50 and §100."""
    case = practice.case(chance, day, ages=(66, 80), sexes="M", payers=("medicare", "medicare_advantage"))
    return case.claim(["Z13.6", "Z12.5"], service("80061", 30, to=(1,)), service("G0103", 40, to=(2,)), place="81")


SCENARIOS = {
    RADIOLOGY: (
        film_in_hospital, film_again, scan_in_hospital, film_in_office, mammogram, breast_follow_up, contrast_scan,
        bone_density, belly_sound,
    ),
    IMAGING_CENTER: (technical_part, whole_scan_at_the_center),
    PATHOLOGY: (slides_read, slides_whole, special_stain, frozen_section),
    LABORATORY: (blood_tests, urine_culture, smear_and_virus, glucose_again, drug_screen, lipids_and_prostate),
}  # fmt: skip
