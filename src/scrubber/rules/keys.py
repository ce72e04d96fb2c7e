"""The keys of a rule file and what each holds: the reader knows them from here, and so does the schema for editors."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Keys = Mapping[str, str]


def _keys(**meanings: str) -> Keys:
    return MappingProxyType({key.rstrip("_"): meaning for key, meaning in meanings.items()})


CASE: Keys = _keys(
    when="Conditions that must all hold. Each begins with a dash.",
    unless="Conditions of which any one excuses.",
    severity="error (will be refused as it stands), warning (likely) or info (worth a look).",
    risk="0 to 1: how likely an unchanged claim is refused for this.",
    disposition="What the payer does.",
    owner="Who can mend it.",
    message="The sentence of the finding. {line.procedure} shows a field; no patient data.",
    fix="How to mend it: text, safety, and what to rewrite.",
    question="A question to the clinician, ready to be sent, where only the record can tell.",
    adjustment="What the payer would answer: group, CARC, RARC.",
    acknowledgment="What a front end would answer that refuses the claim (277CA): category, status, entity.",
    field="The field a finding points to; else the first field that a condition names.",
    codes="The fields whose values a finding lists.",
    hides="Findings that this one makes superfluous, by what must be the same.",
)
RULE: Keys = _keys(
    id="Two to five capital letters (the family) and three digits. Never used again for another edit.",
    name="Lower-case words joined by dashes; it may change.",
    title="What is wrong, in one line.",
    status="draft (does not run), preview (runs, reports as info, never scores), stable or retired.",
    for_each="What is looked at one by one: line, claim, diagnosis … `line as visit` gives it a name of your own.",
    pair_with="A second item, compared with each first one; it needs a name of its own: `line as other`.",
    group_by="The fields that the lines of one group have in common, such as service_date.",
    members="Conditions on `line`: only lines for which all hold are grouped.",
    applies_to="The settings and kinds of payers it is for; without it, all.",
    effective="The dates of service that this logic is about.",
    look_up="Rows of tables, answers of finders, days between dates, each under a name of its own.",
    params="Constants with a name, perhaps with dates: a value holds from its day until the next.",
    **dict(CASE),
    cases="Ways of firing, tried in order; the first that holds speaks.",
    every_case="true: every case that holds speaks, not only the first.",
    report="How often: once_per.",
    why="Why a payer refuses it, in two or three sentences.",
    references="Authorities, each with a title and perhaps a url.",
    tests="Examples: at least one that fires and one that does not.",
)
RULE_REQUIRED = ("id", "name", "title", "status", "for_each", "why", "references", "tests")
SAID_BY_CASES = ("severity", "risk", "disposition", "owner", "message", "fix")
"""Needed too, in the rule or in every case."""

FIX: Keys = _keys(
    safety="safe (formatting only), unsafe, or display (the default).",
    text="What to do, for the person who must mend it.",
    rewrite="With safe: fields that --fix writes as letters and digits only, in capitals, each with its check.",
)
REWRITE = "rewrite"
ADJUSTMENT: Keys = _keys(
    group="Claim adjustment group: CO, PR, OA, PI, CR.",
    carc='Claim adjustment reason codes, such as "16".',
    rarc="Remittance advice remark codes, such as N519.",
)
ACKNOWLEDGMENT: Keys = _keys(
    category="Claim status category code of a refusal: A3, A6, A7 or A8.",
    status='Claim status codes, such as "562".',
    entity='Entity identifier code of whom the status is about, such as "85".',
)
EFFECTIVE: Keys = _keys(from_="First date of service.", to="Last date of service.")
APPLIES_TO: Keys = _keys(
    settings="professional, dental, inpatient, outpatient, or institutional (both).",
    payers="Kinds of payers.",
    others="off: payers of other kinds do without the rule until a layer switches it on.",
)
REFERENCE: Keys = _keys(title="The authority: document, chapter, date.", url="Where it can be read.")
REPORT: Keys = _keys(once_per="`claim`, or fields: findings that share their values are reported once.")
HIDES: Keys = _keys(
    diagnosis="Findings about the same diagnosis.",
    line="Findings about the same line.",
    pair="Findings about the same two lines.",
    field="Findings at the same field of the claim.",
    claim="Findings anywhere on the claim.",
)
LOOK_UP: Keys = _keys(
    table="The table to find a row in.",
    match="A value for each key column of the table: a code, or $line.procedure.",
    as_of="The date that selects the row: $line.service_date. Without it, the item's own date.",
    find="The name of a finder.",
    of="The item that the finder is asked about: the name behind for_each, or claim.",
    days_from="The date from which days are counted: $claim.admission_date.",
    to="The date to which days are counted.",
)
TEST: Keys = _keys(
    name="What the example shows.",
    claim="The claim in shorthand: only what the example is about.",
    fires_at="Where the rule fires: line 2, diagnosis 1 or claim. An empty list: it must not fire.",
    severity="The severity that the findings must have.",
    outcome="The outcome that the example must have.",
    says="What the message must hold.",
    tables="Small tables of made-up codes, in the place of the real ones.",
)
SHORTHAND: Keys = _keys(
    dos="Date of service of all lines.",
    lines='Each "CODE-MOD-MOD xUNITS @FROM..TO key=value"; before the code, perhaps a revenue code.',
    dx="Diagnoses: codes, CODE/kind or CODE/kind/poa.",
    sex="The patient's sex: F, M or U.",
    age="The patient's age on the date of service.",
    born="The patient's birth date.",
    payer="A kind of payer, or a mapping.",
    form="professional, institutional or dental.",
    tob="Type of bill; it makes the claim institutional.",
    from_="First day of an institutional claim.",
    to="Last day of an institutional claim.",
    admission="Admission date.",
    status="Discharge status.",
    pos="Place of service.",
    npi="NPI of the billing provider.",
    ordering="NPI of the ordering provider.",
    referring="NPI of the referring provider.",
    member_id="Member id of the insured.",
    clia="CLIA number.",
    as_of="What stands for today.",
    faults="Structural faults that a reader would have found.",
)
"""Keys of a claim in shorthand that are no keys of the claim as JSON."""

PACK: Keys = _keys(
    name="The name of the pack; findings carry it.",
    version="The version of the pack, in quotes.",
    title="What the rules of the pack are about.",
    layer="That the pack lies over others, and at which level.",
    applies_to="The claims that a layer is for; without it, all.",
    changelog="What each version changed, for which dates of service.",
)
LAYER: Keys = _keys(
    level="programme, mac, payer or organisation.",
    over="The packs that it lies over, by name; they are loaded with it.",
)
CLAIMS_OF_LAYER: Keys = _keys(
    payers="Kinds of payers.", payer_ids="Ids of payers, as claims carry them.", jurisdictions="Jurisdictions of MACs."
)
CHANGE: Keys = _keys(
    version="The version that changed it.",
    date="The day of the change.",
    rules="The ids of the rules that it changed.",
    from_="First date of service that it affects.",
    to="Last date of service that it affects.",
    what="What was changed.",
)
CHANGE_REQUIRED = ("version", "date", "rules", "what")
OVERRIDE: Keys = _keys(
    rule="The id of a rule of this pack or of one that it lies over.",
    case="The case that it is about, counted from 1; without it, all.",
    from_="First date of service that it is about.",
    to="Last date of service that it is about.",
    set="What it sets of the rule.",
    reason="Why, for whoever reads a finding.",
    reference="On whose authority.",
    tests="Examples, run with the layer in place.",
)
OVERRIDE_REQUIRED = ("rule", "from", "set", "reason", "reference")
SETTABLE: Keys = _keys(
    severity="error, warning or info.",
    risk="0 to 1.",
    enabled="false switches the rule off for the claims of the layer; true switches it on again.",
    params="New constants, by name.",
    adjustment="Takes the place of group and reason codes.",
    acknowledgment="Takes the place of the codes of the 277CA; null: there are none.",
    message_note="A sentence that is added to the message, without placeholders.",
    references="Take the place of the authorities of the rule.",
)

SUPPRESSION: Keys = _keys(
    rule="The id or name of a rule, or a family; or a list of them.",
    fingerprint="The fingerprint of the finding, as reports show it.",
    claim="The id of the claim.",
    payer="The id of the payer, or a kind of payer.",
    procedure="The code that the finding is about, or that stands in its line.",
    reason="Why the finding is not to be told.",
    by="Who decided it.",
    until="The last day on which it holds.",
)
SUPPRESSION_REQUIRED = ("reason", "by", "until")

TRANSLATED_CASE: Keys = _keys(
    message="The sentence of the finding, with the placeholders of the English one.",
    fix="How to mend it, with the placeholders of the English one.",
    question="The question to the clinician, with the placeholders of the English one.",
)
TRANSLATION: Keys = _keys(
    title="What is wrong, in one line.",
    why="Why a payer refuses it.",
    **dict(TRANSLATED_CASE),
    cases="What each case says by itself, in the order of the rule; {} keeps one English.",
)
