// What the file holds. Each line is [kind, value]; a number in a value is the place of a line among those of its kind.

const read = { run: [], rule: [], kind: [], text: [], evidence: [], payer: [], unjudged: [], claim: [], end: [] };
for (const [kind, value] of JSON.parse(byId("data").textContent)) read[kind].push(value);

const RUN = read.run[0];
const END = read.end[0];
const CLAIMS = read.claim;

const RULES = new Map(read.rule.map((rule) => [rule.id, rule]));
const ruleOf = (kind) => RULES.get(kind.rule);
const ruleTitle = (id) => RULES.get(id)?.title ?? "";

const DECISIONS = { hold: "Hold", review: "Review", pass: "Pass", unread: "Not read" };
const SEVERITIES = { error: "Error", warning: "Warning", info: "Info" };
const OWNERS = { coder: "Coder", clinician: "Clinician", front_desk: "Front desk", biller: "Biller" };
const DISPOSITIONS = {
  claim_rejection: "Claim rejected", return_to_provider: "Claim returned", claim_denial: "Claim denied",
  line_rejection: "Line rejected", line_denial: "Line denied", suspend: "Held by the payer", advice: "Advice only",
};
const FORMS = { professional: "Professional", institutional: "Institutional", dental: "Dental" };

const stateOf = (claim) => (claim.readable === false ? "unread" : claim.decision);
const textOf = (place) => (place === undefined ? "" : read.text[place]);
const sourceOf = (claim) => textOf(claim.source);
const payerOf = (claim) => (claim.payer === undefined ? undefined : read.payer[claim.payer]);
const familyTitle = (family) => RUN.families[family] ?? family.toUpperCase();

function payerLabel(claim) {
  const payer = payerOf(claim);
  if (!payer) return "No payer named";
  return payer.name || payer.id || sentence(words(payer.kind));
}

/** The folder that all files have in common: rows leave it out. */
const COMMON = (() => {
  const sources = [...new Set(CLAIMS.map((claim) => claim.source))].filter((place) => place !== undefined).map(textOf);
  if (!sources.length) return 0;
  let common = sources[0].slice(0, sources[0].lastIndexOf("/") + 1);
  while (common && !sources.every((source) => source.startsWith(common))) common = common.slice(0, common.lastIndexOf("/", common.length - 2) + 1);
  return common.length;
})();

function claimName(claim) {
  if (claim.id !== undefined) return claim.id;
  if (claim.number === undefined) return sourceOf(claim).slice(COMMON) || "A claim";
  return claim.readable === false ? `Claim ${NUMBER.format(claim.number)}` : "Claim without an id";
}

function placeInSource(claim, from = 0) {
  const number = claim.number === undefined ? "" : `claim ${NUMBER.format(claim.number)}`;
  return [sourceOf(claim).slice(from), number].filter(Boolean).join(", ");
}

/** The answer that a payer is likely to give: "CO 16 M81". */
const answerOf = (kind) => {
  const codes = [...(kind.carc ?? []), ...(kind.rarc ?? [])];
  return codes.length ? [kind.group, ...codes].filter(Boolean).join(" ") : "";
};

/** The place of a finding as a biller names it: "line 2, procedure". */
function placeOf(finding) {
  const places = [];
  if (finding.line !== undefined) places.push(`line ${finding.line}`);
  if (finding.diagnosis !== undefined) places.push(`diagnosis ${finding.diagnosis}`);
  if (finding.field) {
    const shown = places.length && finding.field.includes("].") ? finding.field.split("].").pop() : finding.field;
    places.push(words(shown).replaceAll(".", " "));
  }
  return places.join(", ") || "the claim as a whole";
}

// One entry for each finding, in the order of the claims; one without a finding for a claim that has none.
const ENTRIES = [];
CLAIMS.forEach((claim, index) => {
  const findings = claim.findings ?? [];
  for (const finding of findings) ENTRIES.push({ claim, index, finding, kind: read.kind[finding.kind] });
  if (!findings.length) {
    const clean = claim.readable !== false && !claim.errors?.length;
    ENTRIES.push({ claim, index, clean });
  }
  for (const finding of claim.suppressed ?? []) {
    ENTRIES.push({ claim, index, finding, kind: read.kind[finding.kind], suppressed: true });
  }
});
const ANY_SUPPRESSED = ENTRIES.some((entry) => entry.suppressed);
