"""What rules ask about a claim: positions, ages, dates, effective values. Derived from the claim, never stored in it.

Scopes of rules iterate over these objects: `ClaimFacts`, `LineFacts`, `DiagnosisFacts`, `ProviderFacts`,
`ProcedureFacts`, `GroupFacts` and the structural faults of the reader. Everything costly is computed when first asked
for.
"""

from scrubber.facts.claim_facts import PROVIDER_ROLES, ClaimFacts
from scrubber.facts.groups import GroupFacts
from scrubber.facts.items import DiagnosisFacts, FaultFacts, Found, LineFacts, ProcedureFacts, ProviderFacts
from scrubber.facts.memory import Memory
from scrubber.facts.terms import ICD10_STARTS, INPATIENT_BILLS, REASONS_TO_COME, age_in_years, dotted_code, plain_code

__all__ = [
    "ICD10_STARTS",
    "INPATIENT_BILLS",
    "PROVIDER_ROLES",
    "REASONS_TO_COME",
    "ClaimFacts",
    "DiagnosisFacts",
    "FaultFacts",
    "Found",
    "GroupFacts",
    "LineFacts",
    "Memory",
    "ProcedureFacts",
    "ProviderFacts",
    "age_in_years",
    "dotted_code",
    "plain_code",
]
