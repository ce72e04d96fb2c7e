"""General surgery, orthopedics, podiatry: operations, their visits, and who took which part in them."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import FY2027, Claim, Practice, Specialty, code_on, service

GENERAL_SURGERY = Specialty("general_surgery", ("208600000X", "363AS0400X"))
ORTHOPEDICS = Specialty("orthopedics", ("207X00000X", "363AS0400X"))
PODIATRY = Specialty("podiatry", ("213E00000X",))


def gallbladder(chance: Chance, practice: Practice, day: date) -> Claim:
    """A laparoscopic operation as a hospital outpatient; visits after it are in the package. CPM 12 §40.1."""
    case = practice.case(chance, day, ages=(25, 80))
    diagnosis = chance.pick("K80.10", "K80.20", "K81.1")
    return case.claim([diagnosis], service(chance.pick("47562", "47563"), 1900), place="22")


def hernia(chance: Chance, practice: Practice, day: date) -> Claim:
    """Repair of a groin hernia, on one side with its modifier, or on both with 50 on one line. CPM 12 §40.7."""
    case = practice.case(chance, day, ages=(25, 85), sexes="MMMF")
    if chance.happens(0.3):
        return case.claim(["K40.20"], service("49505-50", 2300), place="22")
    return case.claim(
        ["K40.90"], service(f"{chance.pick('49505', '49650')}-{chance.pick('RT', 'LT')}", 1500), place="24"
    )


def appendix(chance: Chance, practice: Practice, day: date) -> Claim:
    """An emergency operation, and the visit that decided on it, with 57. NCCI I.D; CPM 12 §40.2."""
    case = practice.case(chance, day, ages=(12, 70))
    diagnosis = chance.pick("K35.30", "K35.80", "K35.32")
    return case.claim([diagnosis], service("99222-57", 230), service("44970", 1500), place="21")


def decision_the_day_before(chance: Chance, practice: Practice, day: date) -> Claim:
    """A hospital visit with the decision, and a major operation on the next day. CPM 12 §40.2."""
    case = practice.case(chance, day, ages=(50, 88))
    before = case.day
    day_after = before.fromordinal(before.toordinal() + 1)
    visit = service("99221-57", 190)
    return case.claim(
        [chance.pick("K56.609", "K56.50")], visit, service("44120", 2600, service_date=day_after), place="21"
    )


def assistant(chance: Chance, practice: Practice, day: date) -> Claim:
    """The assistant's own claim where the schedule pays one: a physician with 80, an assistant with AS.

    CPM 12 §20.4.3 and §110; MPFS, assistant at surgery 2.
    """
    case = practice.case(chance, day, ages=(45, 85))
    surgeon, other = practice.clinicians[0], practice.clinicians[1]
    if chance.happens(0.5):
        return case.claim(["C18.7"], service("44204-AS", 700), place="21", rendering_provider=other)
    return case.claim(["C18.2"], service("44204-80", 800), place="21", rendering_provider=surgeon)


def breast_surgery(chance: Chance, practice: Practice, day: date) -> Claim:
    """Breast-conserving surgery with a sentinel node and its mapping as an add-on. NCCI III; AOC file (38900)."""
    case = practice.case(chance, day, ages=(38, 84), sexes="F")
    side, diagnosis = chance.pick(("LT", "C50.412"), ("RT", "C50.411"), ("LT", "C50.212"), ("RT", "C50.811"))
    second = service(f"38525-{side}" if case.medicare else f"38525-51-{side}", 900)
    return case.claim(
        [diagnosis, "Z17.0"], service(f"19301-{side}", 1400), second, service(f"38900-{side}", 300), place="22"
    )


def skin_lump(chance: Chance, practice: Practice, day: date) -> Claim:
    """A benign lesion cut out in the office and closed in layers. NCCI III.A."""
    case = practice.case(chance, day, ages=(18, 80))
    second = "12032" if case.medicare else "12032-51"
    return case.claim([chance.pick("L72.0", "D17.1")], service("11402", 320), service(second, 420))


def return_to_theatre(chance: Chance, practice: Practice, day: date) -> Claim:
    """A wound opened again in the global period of an operation, with 78. CPM 12 §40.2.A.5."""
    case = practice.case(chance, day, ages=(30, 80))
    return case.claim(["T81.41XA"], service("10180-78", 480), place="22")


def wound_again(chance: Chance, practice: Practice, day: date) -> Claim:
    """A wound cleaned in stages that were planned: 58. CPM 12 §40.2.A.6."""
    case = practice.case(chance, day, ages=(30, 85))
    return case.claim(["T81.31XA"], service("11043-58", 420), place="22")


def visit_in_global_period(chance: Chance, practice: Practice, day: date) -> Claim:
    """After an operation: another condition seen with 24, or the follow-up itself reported at no charge."""
    case = practice.case(chance, day, ages=(25, 80))
    if chance.happens(0.5):
        return case.claim([chance.pick("L02.212", "K64.8")], service("99213-24", 130))
    return case.claim(["Z48.815", "Z90.49"], service("99024", 0))


def knee_replacement(chance: Chance, practice: Practice, day: date) -> Claim:
    """A new knee: the surgeon's claim, or the assistant's. CPM 12 §20.4.3; OCG I.B.13."""
    case = practice.case(chance, day, ages=(55, 86))
    side, diagnosis = chance.pick(("RT", "M17.11"), ("LT", "M17.12"), ("RT", "M17.0"))
    place = chance.pick("21", "22")
    if chance.happens(0.3):
        rendering = practice.clinicians[1]
        return case.claim([diagnosis], service(f"27447-AS-{side}", 900), place=place, rendering_provider=rendering)
    return case.claim([diagnosis], service(f"27447-{side}", 3600), place=place)


def knee_scope(chance: Chance, practice: Practice, day: date) -> Claim:
    """An arthroscopy of one knee in a surgery center. NCCI IV.E; OCG I.B.13."""
    case = practice.case(chance, day, ages=(20, 70))
    side, diagnosis = chance.pick(("LT", "M23.222"), ("RT", "M23.221"), ("LT", "S83.242A"), ("RT", "S83.241A"))
    return case.claim([diagnosis], service(f"29881-{side}", 1700), place="24")


def wrist_fracture(chance: Chance, practice: Practice, day: date) -> Claim:
    """A broken wrist set in the office: visit with 57, films before, external cause last. NCCI IV; OCG I.C.20."""
    case = practice.case(chance, day, ages=(40, 85))
    side, diagnosis = chance.pick(("RT", "S52.531A"), ("LT", "S52.532A"))
    films = service(f"73110-{side}", 60)
    return case.claim([diagnosis, "W01.0XXA"], service("99203-57", 180), service(f"25605-{side}", 900), films)


def shoulder_repair(chance: Chance, practice: Practice, day: date) -> Claim:
    """A shoulder arthroscopy with its add-on. NCCI IV.E; AOC file (29826)."""
    case = practice.case(chance, day, ages=(40, 75))
    side, diagnosis = chance.pick(("RT", "M75.121"), ("LT", "M75.122"))
    return case.claim([diagnosis], service(f"29827-{side}", 2600), service(f"29826-{side}", 600), place="24")


def work_injury(chance: Chance, practice: Practice, day: date) -> Claim:
    """A shoulder hurt at work, billed to the compensation carrier with its number and the day. MSP Manual 1; REF Y4."""
    case = practice.case(chance, day, ages=(20, 60), payers=("workers_comp",))
    side, diagnosis = chance.pick(("RT", "S46.011A"), ("LT", "S46.012A"))
    hurt = day.fromordinal(day.toordinal() - chance.between(1, 20)).isoformat()
    return case.claim(
        [diagnosis, "X50.0XXA", "Y99.0"], service("99203", 190), service(f"73030-{side}", 55),
        accident={"date": hurt, "employment": True}, property_casualty_number=f"WC{chance.digits(8)}",
    )  # fmt: skip


def car_accident(chance: Chance, practice: Practice, day: date) -> Claim:
    """A neck strain after a car accident, billed to the auto insurer. CLM11; OCG I.C.20."""
    case = practice.case(chance, day, ages=(18, 70), payers=("auto",))
    hurt = day.fromordinal(day.toordinal() - chance.between(1, 10)).isoformat()
    return case.claim(
        ["S13.4XXA", "V43.52XA"], service("99203", 190), service("72040", 60),
        accident={"date": hurt, "auto": True, "state": practice.state},
        property_casualty_number=f"PC{chance.digits(8)}",
    )  # fmt: skip


def both_knees_injected(chance: Chance, practice: Practice, day: date) -> Claim:
    """Both knees in one session: 50 and one unit, the drug in units of ten milligrams. CPM 12 §40.7; CPM 17 §40."""
    case = practice.case(chance, day, ages=(50, 88))
    drug = service("J3301-JZ", 2.4, units=8, ndc="00003029320", ndc_unit="ML", ndc_quantity="2")
    return case.claim(["M17.0"], service("20610-50", 190), drug)


def trigger_finger(chance: Chance, practice: Practice, day: date) -> Claim:
    """A tendon sheath opened on one finger. HCPCS modifiers FA to F9."""
    case = practice.case(chance, day, ages=(40, 80))
    finger, diagnosis = chance.pick(("F7", "M65.331"), ("F6", "M65.321"), ("F8", "M65.341"), ("F3", "M65.342"))
    return case.claim([diagnosis], service(f"26055-{finger}", 800), place="24")


def two_fingers(chance: Chance, practice: Practice, day: date) -> Claim:
    """The same operation on two fingers of one hand, each finger on a line. NCCI I.E; HCPCS modifiers FA to F9."""
    case = practice.case(chance, day, ages=(40, 80))
    lines = [service("26055-F7", 800, to=(1,)), service("26055-59-F8", 800, to=(2,))]
    return case.claim(["M65.331", "M65.341"], *lines, place="24")


def spine_with_two_surgeons(chance: Chance, practice: Practice, day: date) -> Claim:
    """An anterior fusion, each of two surgeons of different specialties with 62. CPM 12 §40.8; MPFS co-surgeons 2."""
    case = practice.case(chance, day, ages=(40, 75))
    return case.claim(["M43.16"], service("22558-62", 3000), place="21")


def carpal_tunnel(chance: Chance, practice: Practice, day: date) -> Claim:
    """Carpal tunnel: injection in the office, or release. OCG I.B.13."""
    case = practice.case(chance, day, ages=(30, 80))
    side, diagnosis = chance.pick(("RT", "G56.01"), ("LT", "G56.02"))
    if chance.happens(0.5):
        return case.claim([diagnosis], service(f"64721-{side}", 1000), place="24")
    drug = service("J1010-JZ", 0.45, units=40, ndc="00009003928", ndc_unit="ML", ndc_quantity="1")
    return case.claim([diagnosis], service(f"20526-{side}", 130), drug)


def routine_foot_care(chance: Chance, practice: Practice, day: date) -> Claim:
    """Nails of a patient with diabetes and neuropathy, class findings told by Q8. CPM 32; BPM 15 §290."""
    case = practice.case(chance, day, ages=(60, 90), payers=("medicare", "medicare", "medicare_advantage"))
    if chance.happens(0.5):
        return case.claim(["B35.1", "E11.42"], service("11721-Q8", 70, to=(1, 2)))
    return case.claim(
        ["L84", "B35.1", "E11.42"],
        service("11056-Q8", 90, to=(1, 3)), service("11720-59-Q8", 50, to=(2, 3)),
    )  # fmt: skip


def ingrown_nail(chance: Chance, practice: Practice, day: date) -> Claim:
    """Part of a toenail taken off; the toe has its modifier. HCPCS modifiers TA to T9."""
    case = practice.case(chance, day, ages=(12, 75))
    return case.claim(["L60.0"], service(f"{chance.pick('11730', '11750')}-{chance.pick('TA', 'T5')}", 190))


def two_nails(chance: Chance, practice: Practice, day: date) -> Claim:
    """Two nails taken off: the first, and a further one as an add-on. AOC file (11732)."""
    case = practice.case(chance, day, ages=(12, 75))
    return case.claim(["L60.0"], service("11730-TA", 130), service("11732-T1", 50))


def heel_pain(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first visit for heel pain with films of one foot. OCG I.B.13."""
    case = practice.case(chance, day, ages=(25, 75))
    side, diagnosis = chance.pick(("RT", "M77.31"), ("LT", "M77.32"))
    fascia = code_on(day, "M72.2", FY2027, "M72.21" if side == "RT" else "M72.22")
    return case.claim([fascia, diagnosis], service("99203", 170, to=(1,)), service(f"73630-{side}", 50, to=(2,)))


def hammer_toe(chance: Chance, practice: Practice, day: date) -> Claim:
    """A hammer toe corrected in a surgery center. HCPCS modifiers TA to T9."""
    case = practice.case(chance, day, ages=(35, 75))
    toe, diagnosis = chance.pick(("T6", "M20.41"), ("T1", "M20.42"), ("T7", "M20.41"))
    return case.claim([diagnosis], service(f"28285-{toe}", 900), place="24")


def foot_ulcer(chance: Chance, practice: Practice, day: date) -> Claim:
    """A diabetic foot ulcer cleaned, the ulcer coded by side and depth after the diabetes. OCG I.A.17; NCCI III."""
    case = practice.case(chance, day, ages=(50, 88))
    ulcer = chance.pick("L97.512", "L97.522", "L97.412")
    return case.claim(["E11.621", ulcer], service("11042", 220, to=(1, 2)))


def bunion_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """An established patient with a bunion, both feet filmed on two lines. OCG I.B.13."""
    case = practice.case(chance, day, ages=(30, 75), payers=("commercial", "medicare", "medicaid"))
    return case.claim(
        ["M20.11", "M20.12"],
        service("99213", 110, to=(1, 2)), service("73630-RT", 50, to=(1,)), service("73630-LT", 50, to=(2,)),
    )  # fmt: skip


SCENARIOS = {
    GENERAL_SURGERY: (
        gallbladder, hernia, appendix, decision_the_day_before, assistant, breast_surgery, skin_lump,
        return_to_theatre, wound_again, visit_in_global_period,
    ),
    ORTHOPEDICS: (
        knee_replacement, knee_scope, wrist_fracture, shoulder_repair, work_injury, car_accident, both_knees_injected,
        trigger_finger, two_fingers, spine_with_two_surgeons, carpal_tunnel,
    ),
    PODIATRY: (routine_foot_care, ingrown_nail, two_nails, heel_pain, hammer_toe, foot_ulcer, bunion_visit),
}  # fmt: skip
