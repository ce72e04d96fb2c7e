"""Cardiology, gastroenterology, pulmonology, nephrology, endocrinology, allergy."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import FY2026, FY2027, Case, Claim, Practice, Specialty, code_on, service

CARDIOLOGY = Specialty("cardiology", ("207RC0000X", "363LA2200X"))
GASTROENTEROLOGY = Specialty("gastroenterology", ("207RG0100X",))
PULMONOLOGY = Specialty("pulmonology", ("207RP1001X",))
NEPHROLOGY = Specialty("nephrology", ("207RN0300X",))
ENDOCRINOLOGY = Specialty("endocrinology", ("207RE0101X",))
ALLERGY = Specialty("allergy", ("207K00000X",))


def _heart(chance: Chance, case: Case) -> str:
    """A disease of the heart; for Medicare one that the policies of every contractor list."""
    if case.medicare:
        return chance.pick("I08.0", "I07.1", "I05.1", "I06.2", "G45.9")
    return chance.pick("I50.22", "I35.0", "I48.20", code_on(case.day, "I42.0", FY2027, "I42.09"), "I34.0")


def echo_in_the_office(chance: Chance, practice: Practice, day: date) -> Claim:
    """An ultrasound of the heart in the office, billed whole. MPFS PCTC 1; CPM 13 §20."""
    case = practice.case(chance, day, ages=(45, 88))
    return case.claim([_heart(chance, case)], service("93306", 620))


def echo_in_the_hospital(chance: Chance, practice: Practice, day: date) -> Claim:
    """The reading alone: 26 in a hospital. CPM 12 §20.2; CPM 13 §20."""
    case = practice.case(chance, day, ages=(45, 90))
    return case.claim([_heart(chance, case)], service("93306-26", 190), place=chance.pick("21", "22"))


def tracing_read(chance: Chance, practice: Practice, day: date) -> Claim:
    """The reading of a tracing has a code of its own in hospital. CPM 13 §100."""
    case = practice.case(chance, day, ages=(40, 90))
    return case.claim([chance.pick("R07.9", "I48.91", "R00.0")], service("93010", 22), place=chance.pick("21", "23"))


def stress_imaging(chance: Chance, practice: Practice, day: date) -> Claim:
    """Perfusion imaging with its tracer and a drug for stress, all in the office. NCCI IX; CPM 17 §40."""
    case = practice.case(chance, day, ages=(45, 85))
    drug = service("J2785-JZ", 68, units=4, ndc="00469650189", ndc_unit="ML", ndc_quantity="5")
    return case.claim(
        [chance.pick("I25.119", "R07.9")],
        service("78452", 900), service("93015", 160), service("A9500", 120, units=2), drug,
    )  # fmt: skip


def catheterization(chance: Chance, practice: Practice, day: date) -> Claim:
    """Coronary angiography in hospital: 26, for the laboratory is the hospital's. MPFS PCTC 1."""
    case = practice.case(chance, day, ages=(45, 85))
    return case.claim([chance.pick("I25.110", "I25.118", "I20.0")], service("93458-26", 900), place="22")


def stent(chance: Chance, practice: Practice, day: date) -> Claim:
    """A stent in one coronary artery, told by LD or RC. NCCI XI.I; HCPCS modifiers LC, LD, LM, RC, RI."""
    case = practice.case(chance, day, ages=(45, 85))
    return case.claim(
        [chance.pick("I25.110", "I21.4")], service(f"92928-{chance.pick('LD', 'RC', 'LC')}", 1500), place="21"
    )


def catheter_and_stent(chance: Chance, practice: Practice, day: date) -> Claim:
    """Angiography that led to a stent in the same session, told apart by 59. NCCI XI.I."""
    case = practice.case(chance, day, ages=(45, 85))
    lines = [service("92928-LD", 1500), service("93458-26-59", 800)]
    return case.claim([chance.pick("I25.110", "I21.4")], *lines, place="21")


def stiff_heart(chance: Chance, practice: Practice, day: date) -> Claim:
    """A disease of the heart muscle in amyloidosis: the cause first, the manifestation after it. OCG I.A.13."""
    case = practice.case(chance, day, ages=(60, 88))
    return case.claim(["E85.4", "I43"], service("99214", 170, to=(1, 2)))


def device_check(chance: Chance, practice: Practice, day: date) -> Claim:
    """A pacemaker looked at in the office, or from afar over ninety days with its two halves. NCCI XI.I."""
    case = practice.case(chance, day, ages=(60, 92))
    diagnoses = [chance.pick("I49.5", "I44.2"), "Z95.0"]
    if chance.happens(0.6):
        return case.claim(diagnoses, service("93280", 110, to=(1, 2)))
    return case.claim(diagnoses, service("93294", 60, to=(1, 2)), service("93296", 45, to=(1, 2)))


def heart_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit with a tracing of its own. NCCI XI.I (25)."""
    case = practice.case(chance, day, ages=(40, 88))
    diagnoses = [chance.pick("I48.0", "I25.10", "I49.3"), *chance.some(["E78.5", "Z79.01", "Z87.891"], 1, 3)]
    return case.claim(diagnoses, service(chance.pick("99213-25", "99214-25"), 160, to=(1, 2)), service("93000", 36))


def clotting_test(chance: Chance, practice: Practice, day: date) -> Claim:
    """The clotting time of a patient on warfarin, tested with a waived device. CPM 16 §70.8; OCG I.C.21.c.3."""
    case = practice.case(chance, day, ages=(55, 90))
    return case.claim(["Z51.81", "Z79.01", "I48.20"], service("85610-QW", 12, to=(1, 2, 3)))


def screening_colonoscopy(chance: Chance, practice: Practice, day: date) -> Claim:
    """Screening that stays one: G codes for Medicare by risk, 45378 with 33 elsewhere. CPM 18 §60; NCD 210.3."""
    case = practice.case(chance, day, ages=(45, 75))
    if not case.medicare:
        return case.claim(["Z12.11"], service("45378-33", 700), place=chance.pick("22", "24"))
    if chance.happens(0.5):
        return case.claim(["Z12.11"], service("G0121", 700), place="24")
    return case.claim(["Z12.11", "Z80.0"], service("G0105", 700, to=(1, 2)), place="24")


def polyp_removed(chance: Chance, practice: Practice, day: date) -> Claim:
    """Screening that became treatment: PT for Medicare, 33 elsewhere; another site biopsied with 59.

    CPM 18 §60; NCCI VI.
    """
    case = practice.case(chance, day, ages=(45, 78))
    turned = "PT" if case.medicare else "33"
    polyp, other = chance.pick(("D12.2", "D12.5"), ("D12.3", "D12.4"))
    lines = [service(f"45385-{turned}", 900, to=(1, 2))]
    if chance.happens(0.5):
        lines.append(service(f"45380-59-{turned}", 700, to=(1, 3)))
    return case.claim(["Z12.11", polyp, other], *lines, place=chance.pick("22", "24"))


def scope_not_finished(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scope of the colon that had to be stopped: 53, for which the schedule has a row. CPM 12 §30.1.B."""
    case = practice.case(chance, day, ages=(45, 85))
    return case.claim(["K92.1", "Z53.8"], service("45378-53", 400, to=(1, 2)), place="22")


def upper_endoscopy(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scope of the stomach with biopsy. NCCI VI."""
    case = practice.case(chance, day, ages=(20, 85))
    return case.claim([chance.pick("K21.00", "K29.50", "K22.70", "R10.13")], service("43239", 620), place="24")


def both_scopes(chance: Chance, practice: Practice, day: date) -> Claim:
    """Two scopes through different openings; Medicare does not want 51 on the second. NCCI VI; CPM 12 §40.6."""
    case = practice.case(chance, day, ages=(30, 80))
    second = "43239" if case.medicare else "43239-51"
    return case.claim(["D50.9", "K63.5"], service("45380", 700, to=(1, 2)), service(second, 600, to=(1,)), place="24")


def stone_in_the_duct(chance: Chance, practice: Practice, day: date) -> Claim:
    """A stone taken from the bile duct through a scope, its films read by the same physician with 26."""
    case = practice.case(chance, day, ages=(35, 88))
    return case.claim(["K80.50"], service("43264", 1300), place="22")


def liver_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first visit, or a follow-up, for the liver or the bowel."""
    case = practice.case(chance, day, ages=(20, 80))
    diagnosis = chance.pick("K50.90", "K51.90", "K74.60", "K76.0", "K58.0", "B18.2")
    return case.claim([diagnosis], service(chance.pick("99204", "99214"), 210))


def capsule(chance: Chance, practice: Practice, day: date) -> Claim:
    """A capsule through the small bowel, billed whole by the office. MPFS PCTC 1."""
    case = practice.case(chance, day, ages=(30, 80))
    return case.claim([chance.pick("D50.0", "K92.1")], service("91110", 950))


def breathing_tests(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit with lung function before and after a drug. NCCI XI.J (25)."""
    case = practice.case(chance, day, ages=(20, 85))
    diagnosis = chance.pick("J44.9", "J45.40", "R06.02")
    return case.claim([diagnosis], service("99214-25", 160), service("94060", 75))


def full_lung_function(chance: Chance, practice: Practice, day: date) -> Claim:
    """Lung volumes, and diffusion as an add-on, in the office. AOC file (94729)."""
    case = practice.case(chance, day, ages=(30, 85))
    return case.claim(
        [chance.pick("J84.10", "J44.9")], service("94060", 75), service("94726", 90), service("94729", 80)
    )


def sleep_study_read(chance: Chance, practice: Practice, day: date) -> Claim:
    """A sleep study of a hospital's laboratory read with 26. MPFS PCTC 1."""
    case = practice.case(chance, day, ages=(25, 75))
    return case.claim(["G47.33"], service("95810-26", 260), place="22")


def lung_hospital_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """Visits of a stay, one a day over a span. CPM 26 §10.4, item 24A."""
    case = practice.case(chance, day, ages=(50, 90))
    days = chance.between(2, 4)
    last = day.fromordinal(day.toordinal() + days - 1)
    visit = service("99232", 150, units=days, service_date_end=last)
    return case.claim(["J96.01", "J44.1"], visit, place="21")


def bronchoscopy(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scope of the airways with washing. NCCI V."""
    case = practice.case(chance, day, ages=(35, 85))
    return case.claim([chance.pick("R91.8", "J84.9")], service("31624", 420), place="22")


def smoker_scan_talk(chance: Chance, practice: Practice, day: date) -> Claim:
    """A talk about lung cancer screening before the first scan. NCD 210.14; CPM 18 §220."""
    case = practice.case(chance, day, ages=(55, 77), payers=("medicare",))
    return case.claim(["Z87.891"], service("G0296", 40))


def dialysis_month(chance: Chance, practice: Practice, day: date) -> Claim:
    """A month of dialysis care with four visits or more, once a month. CPM 8 §140."""
    case = practice.case(chance, day, ages=(22, 88))
    return case.claim(
        ["N18.6", "Z99.2"],
        service("90960", 420, to=(1, 2)), place="65",
    )  # fmt: skip


def dialysis_in_hospital(chance: Chance, practice: Practice, day: date) -> Claim:
    """One dialysis of a stay with its visit. CPM 12 §40; CPM 8 §180."""
    case = practice.case(chance, day, ages=(30, 88))
    return case.claim(["N18.6", "Z99.2"], service("90935", 180, to=(1, 2)), place="21")


def kidney_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """Chronic kidney disease with hypertension: one combined code and its stage. OCG I.C.9.a.2."""
    case = practice.case(chance, day, ages=(40, 88))
    stage = chance.pick("N18.31", "N18.32", "N18.4")
    return case.claim(["I12.9", stage, "D63.1"], service("99214", 160, to=(1, 2, 3)))


def iron_infusion(chance: Chance, practice: Practice, day: date) -> Claim:
    """Iron into a vein over more than fifteen minutes, whole vials. NCCI XI.B; CPM 17 §40."""
    case = practice.case(chance, day, ages=(25, 85))
    drug = service("J1756-JZ", 0.9, to=(1, 2), units=200, ndc="00517234010", ndc_unit="ML", ndc_quantity="10")
    return case.claim(["N18.4", "D63.1"], service("96365", 140, to=(1, 2)), drug)


def diabetes_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """Diabetes on insulin with glucose read over days. NCCI XI (25); OCG I.C.4.a.3."""
    case = practice.case(chance, day, ages=(20, 80))
    if case.age < 30 or chance.happens(0.3):
        return case.claim(["E10.65"], service("99214-25", 160), service("95251", 60))
    return case.claim(["E11.65", "Z79.4"], service("99214-25", 160, to=(1, 2)), service("95251", 60, to=(1,)))


def thyroid(chance: Chance, practice: Practice, day: date) -> Claim:
    """The thyroid seen by ultrasound and a needle led to one nodule. NCCI III; 10005 includes its guidance."""
    case = practice.case(chance, day, ages=(25, 80))
    if chance.happens(0.5):
        return case.claim(["E04.1"], service("10005", 310))
    return case.claim([chance.pick("E04.2", "E05.00")], service("99213-25", 120), service("76536", 150))


def thyroid_follow_up(chance: Chance, practice: Practice, day: date) -> Claim:
    """An underactive thyroid followed with a blood test of the office's own laboratory. CPM 16 §60.1."""
    case = practice.case(chance, day, ages=(20, 85))
    return case.claim(["E03.9"], service("99213", 110), service("84443", 40), service("36415", 10))


def bone_drug(chance: Chance, practice: Practice, day: date) -> Claim:
    """A drug for the bones under the skin, one syringe of sixty units. BPM 15 §50; CPM 17 §40."""
    case = practice.case(chance, day, ages=(60, 88), sexes="F", payers=("medicare", "medicare_advantage", "commercial"))
    drug = service("J0897-JZ", 24, units=60, ndc="55513071001", ndc_unit="ML", ndc_quantity="1")
    return case.claim(["M81.0"], service("96372", 32), drug)


def skin_tests(chance: Chance, practice: Practice, day: date) -> Claim:
    """Forty pricks, and the visit that decided on them. NCCI XI.K (25)."""
    case = practice.case(chance, day, ages=(8, 65))
    return case.claim(
        ["J30.1", "J30.81"], service("99204-25", 220, to=(1, 2)), service("95004", 6, to=(1, 2), units=40)
    )


def allergy_shots(chance: Chance, practice: Practice, day: date) -> Claim:
    """Two injections of the practice's own serum, no visit beside them. NCCI XI.K."""
    case = practice.case(chance, day, ages=(8, 65))
    return case.claim([chance.pick("J30.1", "J30.89")], service("95117", 18))


def serum_made(chance: Chance, practice: Practice, day: date) -> Claim:
    """Serum prepared in doses. CPM 12 §200."""
    case = practice.case(chance, day, ages=(8, 65))
    return case.claim(["J30.1", "J30.2"], service("95165", 15, to=(1, 2), units=10))


def asthma_biologic(chance: Chance, practice: Practice, day: date) -> Claim:
    """A biologic for severe asthma under the skin, two vials with what was left of the second. CPM 17 §40 (JW)."""
    case = practice.case(chance, day, ages=(18, 70))
    drug: Claim = {"ndc": "50242004062", "ndc_unit": "UN", "ndc_quantity": "2"}
    return case.claim(
        ["J45.50"],
        service("96372", 32),
        service("J2357", 42, units=45, **drug),
        service("J2357-JW", 42, units=15, **drug),
    )


def hives(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for hives or eczema."""
    case = practice.case(chance, day, ages=(6, 70))
    return case.claim(
        [chance.pick("L50.1", "L20.9", code_on(day, "T78.1XXA", FY2026, "T78.19XA"))],
        service(chance.pick("99203", "99213"), 130),
    )


SCENARIOS = {
    CARDIOLOGY: (
        echo_in_the_office, echo_in_the_hospital, tracing_read, stress_imaging, catheterization, stent,
        catheter_and_stent, stiff_heart, device_check, heart_visit, clotting_test,
    ),
    GASTROENTEROLOGY: (
        screening_colonoscopy, polyp_removed, scope_not_finished, upper_endoscopy, both_scopes, stone_in_the_duct,
        liver_visit, capsule,
    ),
    PULMONOLOGY: (
        breathing_tests, full_lung_function, sleep_study_read, lung_hospital_visit, bronchoscopy, smoker_scan_talk,
    ),
    NEPHROLOGY: (dialysis_month, dialysis_in_hospital, kidney_visit, iron_infusion),
    ENDOCRINOLOGY: (diabetes_visit, thyroid, thyroid_follow_up, bone_drug),
    ALLERGY: (skin_tests, allergy_shots, serum_made, asthma_biologic, hives),
}  # fmt: skip
