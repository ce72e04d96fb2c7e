"""Dermatology, ophthalmology, optometry, ear nose and throat, urology, neurology."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import FY2026, Claim, Practice, Specialty, code_on, service

DERMATOLOGY = Specialty("dermatology", ("207N00000X", "363AM0700X"))
OPHTHALMOLOGY = Specialty("ophthalmology", ("207W00000X",))
OPTOMETRY = Specialty("optometry", ("152W00000X",))
OTOLARYNGOLOGY = Specialty("otolaryngology", ("207Y00000X",))
UROLOGY = Specialty("urology", ("208800000X",))
NEUROLOGY = Specialty("neurology", ("2084N0400X",))


def skin_biopsies(chance: Chance, practice: Practice, day: date) -> Claim:
    """Several spots biopsied in the same way: one first code, the others as its add-on. AOC file (11103)."""
    case = practice.case(chance, day, ages=(25, 90))
    more = chance.between(1, 3)
    lines = [service("11102", 110), service("11103", 55, units=more)]
    if chance.happens(0.5):
        return case.claim(["D48.5", "L82.1"], service("99213-25", 110, to=(2,)), *lines)
    return case.claim(["D48.5"], *lines)


def sun_damage(chance: Chance, practice: Practice, day: date) -> Claim:
    """Sun spots destroyed: the first, and two to fourteen more as an add-on. NCCI III; NCD 250.4."""
    case = practice.case(chance, day, ages=(50, 92))
    lines = [service("17000", 75)]
    if chance.happens(0.7):
        lines.append(service("17003", 8, units=chance.between(1, 9)))
    return case.claim(["L57.0"], *lines)


def warts(chance: Chance, practice: Practice, day: date) -> Claim:
    """Warts destroyed at one visit. NCCI III."""
    case = practice.case(chance, day, ages=(7, 50))
    return case.claim([chance.pick("B07.8", "B08.1", "B07.0")], service("17110", 130))


def staged_surgery(chance: Chance, practice: Practice, day: date) -> Claim:
    """A skin cancer taken in two stages with the slides read by the surgeon, and the wound closed. NCCI III.G."""
    case = practice.case(chance, day, ages=(50, 90))
    closing = "13151" if case.medicare else "13151-51"
    return case.claim(["C44.311"], service("17311", 900), service("17312", 550), service(closing, 600))


def skin_cancer_cut(chance: Chance, practice: Practice, day: date) -> Claim:
    """A skin cancer of the trunk cut out and closed in layers. NCCI III.A."""
    case = practice.case(chance, day, ages=(45, 90))
    closing = "12032" if case.medicare else "12032-51"
    return case.claim(["C44.519"], service("11602", 350), service(closing, 400))


def light_treatment(chance: Chance, practice: Practice, day: date) -> Claim:
    """Light for psoriasis, without a visit."""
    case = practice.case(chance, day, ages=(18, 75))
    return case.claim(["L40.0"], service("96910", 110))


def skin_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for the skin, several conditions."""
    case = practice.case(chance, day, ages=(13, 85))
    diagnoses = chance.some(["L70.0", "L71.9", "L21.9", "L20.89", "L81.4", "B36.0"], 1, 3)
    pointed = tuple(range(1, len(diagnoses) + 1))
    return case.claim(diagnoses, service(chance.pick("99202", "99213"), 120, to=pointed))


def drug_rash(chance: Chance, practice: Practice, day: date) -> Claim:
    """A rash from a drug taken as it should be: the rash first, the drug after it. OCG I.C.19.e.5.a."""
    case = practice.case(chance, day, ages=(18, 85))
    return case.claim(["L27.0", "T36.0X5A"], service("99213", 120, to=(1, 2)))


def old_burn(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scar of an old burn: the scar first, the burn with S after it. OCG I.B.10."""
    case = practice.case(chance, day, ages=(18, 80))
    return case.claim(["L90.5", "T22.211S"], service("99202", 130, to=(1, 2)))


def several_ways(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit, a spot destroyed, and another spot biopsied, which 59 tells. NCCI III."""
    case = practice.case(chance, day, ages=(50, 90))
    lines = [service("99213-25", 110, to=(3,)), service("11102", 110, to=(1,)), service("17000-59", 75, to=(2,))]
    return case.claim(["D48.5", "L57.0", "L71.9"], *lines)


def cataract(chance: Chance, practice: Practice, day: date) -> Claim:
    """A cataract taken out in a surgery center: whole, or the operation alone with 54. CPM 12 §40.2; OCG I.B.13."""
    case = practice.case(chance, day, ages=(60, 90))
    side, diagnosis = chance.pick(("RT", "H25.11"), ("LT", "H25.12"), ("LT", "H25.13"))
    if chance.happens(0.4):
        given_up = day.fromordinal(day.toordinal() + 1).isoformat()
        return case.claim(
            [diagnosis], service(f"66984-54-{side}", 900), place="24", care_dates={"relinquished": given_up}
        )
    return case.claim([diagnosis], service(f"66984-{side}", 1200), place="24")


def cataract_aftercare(chance: Chance, practice: Practice, day: date) -> Claim:
    """The days after a cataract operation, taken over with 55: the operation's date, the days of care. CPM 12 §40.2."""
    case = practice.case(chance, day, ages=(60, 90))
    side, diagnosis = chance.pick(("RT", "H25.11"), ("LT", "H25.12"))
    assumed = day.fromordinal(day.toordinal() + 1)
    end = day.fromordinal(day.toordinal() + 90)
    dates = {"assumed": assumed.isoformat(), "relinquished": end.isoformat()}
    received = day.fromordinal(day.toordinal() + 95).isoformat()
    return case.claim([diagnosis], service(f"66984-55-{side}", 250), care_dates=dates, receipt_date=received)


def second_eye(chance: Chance, practice: Practice, day: date) -> Claim:
    """The other eye within the global period of the first: 79, unrelated. CPM 12 §40.2.A.7."""
    case = practice.case(chance, day, ages=(60, 90))
    side, diagnosis = chance.pick(("RT", "H25.11"), ("LT", "H25.12"))
    return case.claim([diagnosis], service(f"66984-79-{side}", 1200), place="24")


def eye_injection(chance: Chance, practice: Practice, day: date) -> Claim:
    """A drug into one eye, a whole syringe, with a scan of the retina. NCCI VIII; CPM 17 §40."""
    case = practice.case(chance, day, ages=(60, 92))
    side, diagnosis = chance.pick(("RT", "H35.3211"), ("LT", "H35.3221"))
    drug = service(f"J0178-JZ-{side}", 980, units=2, ndc="61755000502", ndc_unit="ML", ndc_quantity="0.05")
    return case.claim([diagnosis], service(f"67028-{side}", 190), service("92134", 60), drug)


def capsule_laser(chance: Chance, practice: Practice, day: date) -> Claim:
    """Laser after a cataract operation of the past. OCG I.B.13."""
    case = practice.case(chance, day, ages=(60, 90))
    side, diagnosis = chance.pick(("RT", "H26.491"), ("LT", "H26.492"))
    return case.claim([diagnosis], service(f"66821-{side}", 420))


def glaucoma(chance: Chance, practice: Practice, day: date) -> Claim:
    """Glaucoma of both eyes, with fields and a scan of the nerve. NCCI VIII; OCG I.C.7.a."""
    case = practice.case(chance, day, ages=(50, 88))
    return case.claim(["H40.1131"], service("92012", 130), service("92083", 85), service("92133", 55))


def lens_measured(chance: Chance, practice: Practice, day: date) -> Claim:
    """An eye measured for a lens: the technical part is for both, the reading for one. MPFS BILAT 2 and 3."""
    case = practice.case(chance, day, ages=(60, 88))
    side, diagnosis = chance.pick(("RT", "H25.11"), ("LT", "H25.12"))
    return case.claim([diagnosis], service(f"76519-26-{side}", 60), place="22")


def eyelid(chance: Chance, practice: Practice, day: date) -> Claim:
    """A chalazion of one eyelid taken off. HCPCS modifiers E1 to E4; OCG I.B.13."""
    case = practice.case(chance, day, ages=(18, 75))
    lid, diagnosis = chance.pick(("E1", "H00.14"), ("E2", "H00.15"), ("E3", "H00.11"), ("E4", "H00.12"))
    return case.claim([diagnosis], service(f"67800-{lid}", 190))


def diabetic_eye_examination(chance: Chance, practice: Practice, day: date) -> Claim:
    """The yearly look at the eyes in diabetes, with a picture of the retina. OCG I.C.4.a."""
    case = practice.case(chance, day, ages=(30, 85))
    diagnosis = chance.pick("E11.3293", "E11.9", "E11.3391")
    return case.claim([diagnosis], service("92014", 150), service("92250", 70))


def glasses(chance: Chance, practice: Practice, day: date) -> Claim:
    """An eye examination; the measuring for glasses is not Medicare's, so it carries GY there. BPM 16 §90."""
    case = practice.case(chance, day, ages=(10, 85))
    measuring = "92015-GY" if case.medicare else "92015"
    return case.claim(
        ["H52.13", "H40.013"] if case.medicare else ["H52.13"],
        service("92014", 140, to=(2,) if case.medicare else (1,)),
        service(measuring, 35, to=(1,)),
    )


def dry_eye(chance: Chance, practice: Practice, day: date) -> Claim:
    """Plugs for dry eyes, one for each lower lid. HCPCS modifiers E2 and E4; NCCI VIII."""
    case = practice.case(chance, day, ages=(35, 80))
    return case.claim(["H04.123"], service("68761-E2", 170), service("68761-E4", 170))


def red_eye(chance: Chance, practice: Practice, day: date) -> Claim:
    """An urgent visit for one eye."""
    case = practice.case(chance, day, ages=(6, 70))
    return case.claim([chance.pick("H10.31", "H10.32", "H11.31", "H16.141")], service("92012", 110))


def sinus_scope(chance: Chance, practice: Practice, day: date) -> Claim:
    """A scope of the nose in the office with its own visit. NCCI V (25)."""
    case = practice.case(chance, day, ages=(15, 80))
    return case.claim([chance.pick("J32.0", "J34.2", "J33.0")], service("99203-25", 170), service("31231", 240))


def ear_wax(chance: Chance, practice: Practice, day: date) -> Claim:
    """Wax taken from both ears: one unit, for the code covers one or both for Medicare. MPFS BILAT 2."""
    case = practice.case(chance, day, ages=(20, 88))
    return case.claim(["H61.23"], service("69210", 65))


def hearing(chance: Chance, practice: Practice, day: date) -> Claim:
    """A full hearing test with the mobility of the drums. BPM 15 §80.3."""
    case = practice.case(chance, day, ages=(25, 88))
    return case.claim(["H90.3"], service("92557", 60), service("92567", 25))


def tonsils(chance: Chance, practice: Practice, day: date) -> Claim:
    """Tonsils and adenoids of a child; the code for children under twelve. NCCI V."""
    case = practice.case(chance, day, ages=(3, 10), payers=("commercial", "medicaid", "tricare"))
    return case.claim(["J35.3"], service("42820", 800), place="24")


def ear_tubes(chance: Chance, practice: Practice, day: date) -> Claim:
    """Tubes in both ears in one session: 50 and one unit. CPM 12 §40.7."""
    case = practice.case(chance, day, ages=(1, 6), payers=("commercial", "medicaid", "tricare"))
    return case.claim([chance.pick("H65.33", "H65.23")], service("69436-50", 600), place="24")


def voice(chance: Chance, practice: Practice, day: date) -> Claim:
    """A look at the voice box through a thin scope. NCCI V (25)."""
    case = practice.case(chance, day, ages=(25, 80))
    return case.claim([chance.pick("R49.0", "J38.3", "R13.10")], service("99213-25", 110), service("31575", 170))


def bladder_scope(chance: Chance, practice: Practice, day: date) -> Claim:
    """Blood in the urine: a scope of the bladder in the office. NCCI VII."""
    case = practice.case(chance, day, ages=(35, 88))
    return case.claim([chance.pick("R31.0", "R31.29")], service("52000", 330))


def prostate_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """An enlarged prostate with the urine left behind measured. OCG I.A.17."""
    case = practice.case(chance, day, ages=(50, 88), sexes="M")
    return case.claim(["N40.1", "R35.1"], service("99213-25", 110, to=(1, 2)), service("51798", 20, to=(1, 2)))


def vasectomy(chance: Chance, practice: Practice, day: date) -> Claim:
    """Sterilization of a man; the code is for one or both sides."""
    case = practice.case(chance, day, ages=(26, 50), sexes="M", payers=("commercial", "medicaid", "tricare"))
    return case.claim(["Z30.2"], service("55250", 700))


def kidney_stone(chance: Chance, practice: Practice, day: date) -> Claim:
    """A stone broken by shock waves, or through a scope with a stent left in. NCCI VII."""
    case = practice.case(chance, day, ages=(25, 78))
    side = chance.pick("RT", "LT")
    if chance.happens(0.5):
        return case.claim(["N20.0"], service(f"50590-{side}", 1700), place="24")
    return case.claim(["N20.1"], service(f"52356-{side}", 1300), place="22")


def prostate_resection(chance: Chance, practice: Practice, day: date) -> Claim:
    """An operation of the prostate through the urethra. NCCI VII."""
    case = practice.case(chance, day, ages=(55, 88), sexes="M")
    return case.claim(["N40.1", "R33.8"], service("52601", 1500, to=(1, 2)), place="22")


def hormone_shot(chance: Chance, practice: Practice, day: date) -> Claim:
    """A hormone drug for prostate cancer, three months at once. NCCI XI.B; CPM 17 §40."""
    case = practice.case(chance, day, ages=(58, 88), sexes="M")
    drug = service("J9217-JZ", 260, units=3, ndc="62935022305", ndc_unit="UN", ndc_quantity="1")
    return case.claim(["C61"], service("96402", 40), drug)


def brain_waves(chance: Chance, practice: Practice, day: date) -> Claim:
    """Brain waves recorded in the office, billed whole, or read in hospital with 26. MPFS PCTC 1."""
    case = practice.case(chance, day, ages=(10, 80))
    diagnosis = chance.pick("G40.909", "R56.9", "G40.209")
    if chance.happens(0.5):
        return case.claim([diagnosis], service("95816", 420))
    return case.claim([diagnosis], service("95819-26", 90), place="22")


def nerves_measured(chance: Chance, practice: Practice, day: date) -> Claim:
    """Nerves and the muscles of one limb measured: the needle part is an add-on. AOC file (95886); NCCI XI.L."""
    case = practice.case(chance, day, ages=(30, 80))
    return case.claim([chance.pick("G56.03", "G62.9")], service("95910", 320), service("95886", 160))


def migraine_toxin(chance: Chance, practice: Practice, day: date) -> Claim:
    """A toxin for migraine: 155 units given and 45 discarded of one vial of 200. CPM 17 §40 (JW)."""
    case = practice.case(chance, day, ages=(20, 70))
    drug: Claim = {"ndc": "00023392102", "ndc_unit": "UN", "ndc_quantity": "1"}
    given, left = service("J0585", 7, units=155, **drug), service("J0585-JW", 7, units=45, **drug)
    return case.claim(["G43.709"], service("64615", 280), given, left)


def memory_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """Alzheimer's disease first, the dementia it causes after it. OCG I.A.13."""
    case = practice.case(chance, day, ages=(68, 92))
    return case.claim(["G30.1", "F02.A0"], service(chance.pick("99214", "99483"), 210, to=(1, 2)))


def nerve_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for the nervous system."""
    case = practice.case(chance, day, ages=(18, 85))
    diagnosis = chance.pick("G20.A1", "G43.109", "G25.0", "G62.9", "G47.419")
    return case.claim([diagnosis], service(chance.pick("99204", "99214"), 190))


def sclerosis_infusion(chance: Chance, practice: Practice, day: date) -> Claim:
    """An infusion for multiple sclerosis over hours: the first hour, and further ones as an add-on. NCCI XI.B."""
    case = practice.case(chance, day, ages=(20, 60))
    sclerosis = code_on(day, "G35", FY2026, "G35.A")
    drug = service("J2350-JZ", 70, units=600, ndc="50242015001", ndc_unit="ML", ndc_quantity="20")
    return case.claim([sclerosis], service("96413", 220), service("96415", 50, units=3), drug)


SCENARIOS = {
    DERMATOLOGY: (
        skin_biopsies, sun_damage, warts, staged_surgery, skin_cancer_cut, light_treatment, skin_visit, drug_rash,
        old_burn, several_ways,
    ),
    OPHTHALMOLOGY: (cataract, second_eye, eye_injection, capsule_laser, glaucoma, lens_measured, eyelid),
    OPTOMETRY: (cataract_aftercare, diabetic_eye_examination, glasses, dry_eye, red_eye),
    OTOLARYNGOLOGY: (sinus_scope, ear_wax, hearing, tonsils, ear_tubes, voice),
    UROLOGY: (bladder_scope, prostate_visit, vasectomy, kidney_stone, prostate_resection, hormone_shot),
    NEUROLOGY: (brain_waves, nerves_measured, migraine_toxin, memory_visit, nerve_visit, sclerosis_infusion),
}  # fmt: skip
