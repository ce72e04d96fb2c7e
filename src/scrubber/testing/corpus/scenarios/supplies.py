"""Infusions, wounds, immunization, equipment, ambulances."""

from __future__ import annotations

from datetime import date

from scrubber.testing.corpus.chance import Chance
from scrubber.testing.corpus.practice import Claim, Practice, Service, Specialty, service

ONCOLOGY = Specialty("oncology", ("207RH0003X", "363LA2200X"))
RHEUMATOLOGY = Specialty("rheumatology", ("207RR0500X",))
WOUND_CARE = Specialty("wound_care", ("208200000X", "363L00000X"))
IMMUNIZATION = Specialty("immunization", ("3336C0003X",), itself=True)
EQUIPMENT = Specialty("equipment_supplier", ("332B00000X",), itself=True)
AMBULANCE = Specialty("ambulance", ("3416L0300X",), itself=True)


def drug(code: str, price: float, units: float, ndc: str, unit: str, quantity: str, to: tuple[int, ...]) -> Service:
    """A drug by its billing units, with its national drug code and the quantity of it. TR3 loop 2410."""
    return service(code, price, units=units, to=to, ndc=ndc, ndc_unit=unit, ndc_quantity=quantity)


def immunotherapy(chance: Chance, practice: Practice, day: date) -> Claim:
    """Immunotherapy of a lung cancer: the encounter first, the cancer after it. OCG I.C.2.e; CPM 17 §40 (JZ)."""
    case = practice.case(chance, day, ages=(50, 85))
    cancer = chance.pick("C34.11", "C34.12", "C34.31")
    lines = [service("96413", 210, to=(1, 2)), drug("J9271-JZ", 58, 200, "00006302602", "ML", "8", (1, 2))]
    return case.claim(["Z51.12", cancer], *lines)


def chemotherapy(chance: Chance, practice: Practice, day: date) -> Claim:
    """A day of chemotherapy: first drug by the hour, the next one after it, what goes before it pushed. NCCI XI.B."""
    case = practice.case(chance, day, ages=(40, 82))
    both = (1, 2)
    lines = [
        service("96413", 210, to=both), service("96415", 48, to=both, units=2), service("96417", 100, to=both),
        service("96375", 45, to=both, units=2),
        drug("J9267", 1.2, 300, "00703321801", "ML", "50", both), drug("J9045", 9, 10, "00703424601", "ML", "50", both),
        drug("J2469-JZ", 6, 10, "62856079701", "ML", "5", both),
        drug("J1100", 0.4, 10, "63323016501", "ML", "2.5", both),
    ]  # fmt: skip
    return case.claim(["Z51.11", chance.pick("C34.11", "C34.12") if case.sex == "M" else "C56.1"], *lines)


def antibody_with_rest(chance: Chance, practice: Practice, day: date) -> Claim:
    """An antibody by weight: what was given, and what was left of the vial on a line with JW. CPM 17 §40."""
    case = practice.case(chance, day, ages=(45, 80))
    both = (1, 2)
    given = drug("J9035", 80, 35, "50242006001", "ML", "14", both)
    left = drug("J9035-JW", 80, 5, "50242006001", "ML", "2", both)
    return case.claim(["Z51.12", "C18.7"], service("96413", 210, to=both), given, left)


def cancer_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit between treatments with blood counted in the office. CPM 16 §70."""
    case = practice.case(chance, day, ages=(40, 85))
    cancer = "C50.911" if case.sex == "F" else "C61"
    return case.claim([cancer, "D64.81"], service("99214", 170, to=(1, 2)), service("85025", 16, to=(2,)))


def trial(chance: Chance, practice: Practice, day: date) -> Claim:
    """Routine care within a clinical trial: Q1, Z00.6 beside the cancer, the trial's number. CPM 32 §69."""
    case = practice.case(chance, day, ages=(45, 80), payers=("medicare", "medicare", "commercial"))
    lines = [service("96413-Q1", 210, to=(1, 2, 3)), drug("J9271-JZ-Q1", 58, 200, "00006302602", "ML", "8", (1, 2, 3))]
    return case.claim(["Z51.12", "C34.11", "Z00.6"], *lines, clinical_trial_number=f"0{chance.digits(7)}")


def fluids(chance: Chance, practice: Practice, day: date) -> Claim:
    """A drug for nausea over a vein, then fluids over more than an hour. NCCI XI.B."""
    case = practice.case(chance, day, ages=(40, 85))
    lines = [
        service("96374", 60, to=(1, 2)), service("96361", 20, to=(2,), units=1),
        drug("J2405", 0.5, 8, "00143989010", "ML", "4", (1,)), drug("J7030", 6, 1, "00338004904", "ML", "1000", (2,)),
    ]  # fmt: skip
    return case.claim(["R11.2", "E86.0", "C18.9"], *lines)


def port_kept_open(chance: Chance, practice: Practice, day: date) -> Claim:
    """A port rinsed when nothing else is done: the code stands alone. NCCI XI.B."""
    case = practice.case(chance, day, ages=(40, 85))
    return case.claim(["Z45.2", "C18.9"], service("96523", 40, to=(1,)))


def growth_factor(chance: Chance, practice: Practice, day: date) -> Claim:
    """A growth factor for few white cells after chemotherapy. NCCI XI.B; OCG I.C.2.c."""
    case = practice.case(chance, day, ages=(40, 80))
    diagnoses = ["D70.1", "T45.1X5A", "C50.912" if case.sex == "F" else "C34.11"]
    lines = [service("96372", 32, to=(1, 3)), drug("J1442-JZ", 1.1, 480, "55513020901", "ML", "0.8", (1, 3))]
    return case.claim(diagnoses, *lines)


def joint_infusion(chance: Chance, practice: Practice, day: date) -> Claim:
    """An infusion for rheumatoid arthritis over two hours, whole vials. NCCI XI.B; CPM 17 §40 (JZ)."""
    case = practice.case(chance, day, ages=(25, 80))
    lines = [service("96413", 210), service("96415", 48), drug("J1745-JZ", 70, 30, "57894003001", "UN", "3", (1,))]
    return case.claim(["M05.79"], *lines)


def joint_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A visit for inflamed joints with the drug's dangers watched. OCG I.C.21.c.3."""
    case = practice.case(chance, day, ages=(25, 85))
    diagnosis = chance.pick("M06.9", "M32.9", "M45.9", "L40.50", "M10.9")
    return case.claim([diagnosis, "Z79.631"], service("99214", 160, to=(1, 2)), service("36415", 10, to=(1, 2)))


def gout_tapped(chance: Chance, practice: Practice, day: date) -> Claim:
    """Fluid drawn from a knee, led by sound; the guidance is in the code. NCCI IV."""
    case = practice.case(chance, day, ages=(40, 85))
    side, diagnosis = chance.pick(("RT", "M10.061"), ("LT", "M10.062"))
    return case.claim([diagnosis], service(f"20611-{side}", 190))


def first_joint_visit(chance: Chance, practice: Practice, day: date) -> Claim:
    """A first visit with films of both hands. OCG I.B.13."""
    case = practice.case(chance, day, ages=(25, 80))
    return case.claim(
        ["M79.641", "M79.642"],
        service("99204", 220, to=(1, 2)), service("73130-RT", 50, to=(1,)), service("73130-LT", 50, to=(2,)),
    )  # fmt: skip


def wound_cleaned(chance: Chance, practice: Practice, day: date) -> Claim:
    """A wound cleaned to a depth, more area as an add-on. NCCI III; AOC file (11045, 97598)."""
    case = practice.case(chance, day, ages=(50, 92))
    if chance.happens(0.5):
        return case.claim(["I83.012", "L97.212"], service("11042", 220, to=(1, 2)), service("11045", 90, to=(1, 2)))
    return case.claim(["I87.2", "L97.221"], service("97597", 110, to=(1, 2)), service("97598", 50, to=(1, 2)))


def pressure_sore(chance: Chance, practice: Practice, day: date) -> Claim:
    """A pressure sore with a pump. NCCI XI; 97605 up to fifty square centimeters."""
    case = practice.case(chance, day, ages=(60, 95))
    return case.claim([chance.pick("L89.153", "L89.154")], service("97605", 90))


def leg_wrapped(chance: Chance, practice: Practice, day: date) -> Claim:
    """A leg wrapped in layers. OCG I.B.13."""
    case = practice.case(chance, day, ages=(55, 92))
    side, diagnosis, ulcer = chance.pick(("RT", "I83.012", "L97.211"), ("LT", "I83.022", "L97.221"))
    return case.claim([diagnosis, ulcer], service(f"29581-{side}", 110, to=(1, 2)))


def skin_substitute(chance: Chance, practice: Practice, day: date) -> Claim:
    """A skin substitute on a diabetic foot ulcer, by the square centimeter, nothing left over. CPM 17 §40 (JZ)."""
    case = practice.case(chance, day, ages=(50, 88))
    return case.claim(
        ["E11.621", "L97.522"],
        service("15275", 260, to=(1, 2)), service("Q4186-JZ", 160, to=(1, 2), units=6),
    )  # fmt: skip


def oxygen_under_pressure(chance: Chance, practice: Practice, day: date) -> Claim:
    """The supervision of a session in the chamber. NCD 20.29."""
    case = practice.case(chance, day, ages=(45, 85))
    return case.claim(["E11.621", "L97.514"], service("99183", 160, to=(1, 2)), place="22")


def shot_at_the_pharmacy(chance: Chance, practice: Practice, day: date) -> Claim:
    """A vaccination at a pharmacy that bills Medicare as a mass immunizer. CPM 18 §10; place of service 60."""
    case = practice.case(chance, day, ages=(65, 92), payers=("medicare",))
    if day.month not in (4, 5, 6, 7) and chance.happens(0.7):
        return case.claim(["Z23"], service("90662", 80), service("G0008", 32), place="60")
    return case.claim(["Z23"], service("90677", 290), service("G0009", 32), place="60")


def newest_vaccine(chance: Chance, practice: Practice, day: date) -> Claim:
    """The vaccine of the pandemic by product and its one administration code. CPM 18 §10 (from 2023-09-11)."""
    case = practice.case(chance, day, ages=(19, 90))
    return case.claim(["Z23"], service(chance.pick("91320", "91322"), 140), service("90480", 45), place="60")


def two_shots_for_medicare(chance: Chance, practice: Practice, day: date) -> Claim:
    """The vaccines of influenza and of the pandemic at one visit: each with its own administration. CPM 18 §10."""
    case = practice.case(chance, day, ages=(65, 92), payers=("medicare",))
    lines = [service("91320", 140), service("90480", 45)]
    if day.month not in (4, 5, 6, 7):
        lines += [service("90662", 80), service("G0008", 32)]
    return case.claim(["Z23"], *lines, place="60")


def two_vaccines(chance: Chance, practice: Practice, day: date) -> Claim:
    """Two vaccines for an adult with a commercial plan: the first, and the next as an add-on. AOC file (90472)."""
    case = practice.case(chance, day, ages=(50, 64), payers=("commercial",))
    return case.claim(
        ["Z23"], service("90750", 190), service("90715", 48), service("90471", 30), service("90472", 18), place="60"
    )


def travel(chance: Chance, practice: Practice, day: date) -> Claim:
    """A vaccine before a journey."""
    case = practice.case(chance, day, ages=(19, 64), payers=("commercial",))
    return case.claim(["Z23"], service(chance.pick("90691", "90632"), 130), service("90471", 30), place="11")


def breathing_machine(chance: Chance, practice: Practice, day: date) -> Claim:
    """A machine for sleep apnea, rented: month by KH, KI or KJ, the policy met by KX. CPM 20 §30.5."""
    case = practice.case(chance, day, ages=(66, 85), payers=("medicare", "medicare", "medicare_advantage"))
    month = chance.pick("KH", "KI", "KJ")
    return case.claim(["G47.33"], service(f"E0601-RR-{month}-KX", 110), place="12")


def mask_and_tubing(chance: Chance, practice: Practice, day: date) -> Claim:
    """Supplies for that machine, bought new. CPM 20 §130; price indicator 32."""
    case = practice.case(chance, day, ages=(40, 85))
    return case.claim(
        ["G47.33"],
        service("A7034-NU-KX", 110),
        service("A7037-NU-KX", 35),
        service("A7038-NU-KX", 5, units=2),
        place="12",
    )


def walker(chance: Chance, practice: Practice, day: date) -> Claim:
    """A walker, bought new. CPM 20 §30."""
    case = practice.case(chance, day, ages=(60, 92))
    return case.claim([chance.pick("R26.89", "M17.0")], service("E0143-NU-KX", 110), place="12")


def oxygen_at_home(chance: Chance, practice: Practice, day: date) -> Claim:
    """Oxygen at home by the month, the test met by KX until the certificate ended, N1 since 2023. CPM 20 §30.6."""
    case = practice.case(chance, day, ages=(60, 90))
    return case.claim([chance.pick("J44.9", "J96.11")], service("E1390-RR-N1", 190), place="12")


def wheelchair(chance: Chance, practice: Practice, day: date) -> Claim:
    """A wheelchair, rented by the month. CPM 20 §30.5."""
    case = practice.case(chance, day, ages=(62, 92))
    month = chance.pick("KH", "KI", "KJ")
    return case.claim(["I69.351"], service(f"K0001-RR-{month}-KX", 60), place="12")


def knee_brace(chance: Chance, practice: Practice, day: date) -> Claim:
    """A knee brace of one side, or two on two lines. DME MAC joint publication of 2018-12-06."""
    case = practice.case(chance, day, ages=(40, 88))
    if chance.happens(0.3):
        return case.claim(["M17.0"], service("L1833-KX-RT", 520), service("L1833-KX-LT", 520), place="12")
    side, diagnosis = chance.pick(("RT", "M17.11"), ("LT", "M17.12"))
    return case.claim([diagnosis], service(f"L1833-KX-{side}", 520), place="12")


def test_strips(chance: Chance, practice: Practice, day: date) -> Claim:
    """Strips for ninety days, by fifty: for a patient on insulin (KX) or not (KS). CPM 20; price indicator 32."""
    case = practice.case(chance, day, ages=(40, 88))
    last = day.fromordinal(day.toordinal() + 89)
    if chance.happens(0.5):
        strips = service("A4253-NU-KX", 18, to=(1, 2), units=6, service_date_end=last)
        return case.claim(["E11.65", "Z79.4"], strips, place="12")
    return case.claim(["E11.9"], service("A4253-NU-KS", 18, units=2, service_date_end=last), place="12")


def nebulizer(chance: Chance, practice: Practice, day: date) -> Claim:
    """A nebulizer, rented, for lung disease. CPM 20 §30.5."""
    case = practice.case(chance, day, ages=(60, 90))
    return case.claim(
        [chance.pick("J44.9", "J45.50")], service(f"E0570-RR-{chance.pick('KH', 'KI', 'KJ')}-KX", 25), place="12"
    )


def emergency_ride(chance: Chance, practice: Practice, day: date) -> Claim:
    """A ride with lights from home or the street to hospital: the ride, and miles in tenths. CPM 15 §20 and §30."""
    case = practice.case(chance, day, ages=(5, 96))
    way = chance.pick("RH", "SH", "NH")
    miles = chance.between(11, 380) / 10
    code, diagnosis = chance.pick(("A0429", "R41.82"), ("A0427", "R07.9"), ("A0427", "R06.03"), ("A0429", "R55"))
    return case.claim([diagnosis], service(f"{code}-{way}", 700), service(f"A0425-{way}", 16, units=miles), place="41")


def ride_between_hospitals(chance: Chance, practice: Practice, day: date) -> Claim:
    """From one hospital to another with a nurse on board. CPM 15 §30."""
    case = practice.case(chance, day, ages=(20, 90))
    miles = chance.between(60, 900) / 10
    return case.claim(["I21.4"], service("A0434-HH", 1500), service("A0425-HH", 16, units=miles), place="41")


def ride_to_dialysis(chance: Chance, practice: Practice, day: date) -> Claim:
    """Ordered rides to dialysis for somebody who cannot sit: there and back, told by their ends. CPM 15 §10.3."""
    case = practice.case(chance, day, ages=(60, 92), payers=("medicare", "medicaid"))
    miles = chance.between(11, 90) / 10
    return case.claim(
        ["Z74.01", "N18.6", "Z99.2"],
        service("A0428-RJ", 320, to=(1, 2, 3)), service("A0425-RJ", 16, to=(1, 2, 3), units=miles),
        service("A0428-JR", 320, to=(1, 2, 3)), service("A0425-JR", 16, to=(1, 2, 3), units=miles), place="41",
    )  # fmt: skip


def called_too_late(chance: Chance, practice: Practice, day: date) -> Claim:
    """A ride on which the patient was pronounced dead: QL, and no way. CPM 15 §10.2.6."""
    case = practice.case(chance, day, ages=(55, 95), payers=("medicare", "medicare_advantage"))
    claim = case.claim(["I46.9"], service("A0429-QL", 700), place="41")
    return claim | {"patient": claim["patient"] | {"death_date": day.isoformat()}}


def ride_home(chance: Chance, practice: Practice, day: date) -> Claim:
    """From hospital to a nursing home for somebody who must lie. CPM 15 §10.3."""
    case = practice.case(chance, day, ages=(60, 96))
    return case.claim(
        ["Z74.01", "I69.351"],
        service("A0428-HN", 320, to=(1, 2)),
        service("A0425-HN", 16, to=(1, 2), units=6.4),
        place="41",
    )


SCENARIOS = {
    ONCOLOGY: (
        immunotherapy, chemotherapy, antibody_with_rest, cancer_visit, trial, fluids, port_kept_open, growth_factor,
    ),
    RHEUMATOLOGY: (joint_infusion, joint_visit, gout_tapped, first_joint_visit),
    WOUND_CARE: (wound_cleaned, pressure_sore, leg_wrapped, skin_substitute, oxygen_under_pressure),
    IMMUNIZATION: (shot_at_the_pharmacy, newest_vaccine, two_shots_for_medicare, two_vaccines, travel),
    EQUIPMENT: (
        breathing_machine, mask_and_tubing, walker, oxygen_at_home, wheelchair, knee_brace, test_strips, nebulizer,
    ),
    AMBULANCE: (emergency_ride, ride_between_hospitals, ride_to_dialysis, called_too_late, ride_home),
}  # fmt: skip
