// Which rows are shown: the facets, the choice made of them, and how many rows each other choice would show.

const FACETS = [
  { name: "decision", title: "Decision", ofClaim: (claim) => [stateOf(claim)], label: (key) => DECISIONS[key], order: Object.keys(DECISIONS), open: true },
  { name: "owner", title: "Who can mend it", ofKind: (kind) => [kind.owner], label: (key) => OWNERS[key] ?? words(key), order: Object.keys(OWNERS), open: true },
  { name: "severity", title: "Severity", ofKind: (kind) => [kind.severity], label: (key) => SEVERITIES[key] ?? key, order: Object.keys(SEVERITIES), open: true },
  { name: "payer", title: "Payer", ofClaim: (claim) => [payerLabel(claim)], label: (key) => key, open: true },
  { name: "disposition", title: "What the payer would do", ofKind: (kind) => [kind.disposition], label: (key) => DISPOSITIONS[key] ?? words(key), order: Object.keys(DISPOSITIONS) },
  { name: "family", title: "Kind of fault", ofKind: (kind) => [kind.family], label: familyTitle },
  { name: "rule", title: "Rule", ofKind: (kind) => [kind.rule], label: (key) => `${key} ${ruleTitle(key)}`.trim() },
  { name: "carc", title: "Denial code (CARC)", ofKind: (kind) => (kind.carc ?? []).map((code) => [kind.group, code].filter(Boolean).join(" ")), label: (key) => key },
  { name: "file", title: "File", ofClaim: (claim) => [sourceOf(claim) || "no file"], label: (key) => key },
];

const SORTS = {
  dollars: "Dollars at risk", risk: "Risk", expected: "Risk × dollars", order: "Order of the file",
};

const NO_VALUES = [];

// The values of a facet depend on the claim alone or on the kind of the finding alone, so each is looked up once.
for (const facet of FACETS) {
  const known = new Map();
  const base = facet.ofKind ?? facet.ofClaim;
  facet.valuesOf = (entry) => {
    const of = facet.ofKind ? entry.kind : entry.claim;
    if (of === undefined) return NO_VALUES;
    let values = known.get(of);
    if (values === undefined) known.set(of, (values = base(of)));
    return values;
  };
}

function emptyChoice() {
  return Object.fromEntries(FACETS.map((facet) => [facet.name, new Set()]));
}

/** The entries that a choice shows, and by facet how many claims (or findings) each value would show. */
function chosen(state) {
  const active = FACETS.filter((facet) => state.choice[facet.name].size);
  const sought = words(state.q).toLowerCase().split(/\s+/).filter(Boolean);
  const byFinding = state.rows === "findings";
  const counts = Object.fromEntries(FACETS.map((facet) => [facet.name, new Map()]));
  const decision = FACETS[0];
  const shown = [];
  let clean = 0;

  const count = (facet, entry, number) => {
    const ofFacet = counts[facet.name];
    for (const value of facet.valuesOf(entry)) {
      const one = ofFacet.get(value);
      if (one === undefined) ofFacet.set(value, { rows: 1, last: number });
      else if (one.last !== number) {
        one.rows += 1;
        one.last = number;
      }
    }
  };

  for (let number = 0; number < ENTRIES.length; number += 1) {
    const entry = ENTRIES[number];
    if (entry.suppressed && !state.suppressed) continue;
    if (byFinding && !entry.finding) continue;
    if (sought.length && !matches(entry, sought)) continue;
    let failed;
    let failures = 0;
    for (const facet of active) {
      const wanted = state.choice[facet.name];
      if (!facet.valuesOf(entry).some((value) => wanted.has(value))) {
        failures += 1;
        failed = facet;
        if (failures > 1) break;
      }
    }
    // Claims with nothing found are left out unless somebody asks for them or for a decision.
    const leftOut = entry.clean && !state.clean && !state.choice.decision.size;
    if (leftOut) {
      failures += 1;
      failed = decision;
    }
    const unit = byFinding ? number : entry.index;
    if (failures === 0) {
      shown.push(entry);
      for (const facet of FACETS) count(facet, entry, unit);
    } else if (failures === 1) {
      count(failed, entry, unit);
      if (leftOut) clean += 1;
    }
  }
  return { shown, counts, clean };
}

function matches(entry, sought) {
  if (entry.sought === undefined) entry.sought = searchText(entry);
  return sought.every((word) => entry.sought.includes(word));
}

/** Everything of an entry that somebody may look for. */
function searchText(entry) {
  const { claim, finding, kind } = entry;
  const payer = payerOf(claim);
  const parts = [claim.id, placeInSource(claim), payer?.name, payer?.id, payer?.kind, claim.bill];
  for (const error of claim.errors ?? []) parts.push(error.message);
  if (finding) {
    parts.push(kind.rule, kind.name, ruleOf(kind)?.title, answerOf(kind), kind.acknowledgment?.join(" "), finding.message, textOf(finding.todo));
    parts.push(finding.field, finding.position, finding.id, ...(finding.codes ?? []));
    parts.push(claim.lines?.[finding.line - 1]?.[4]);
  }
  return words(parts.filter(Boolean).join("\n")).toLowerCase();
}

/** The rows to show, sorted: claims with those of their findings that were chosen, or single findings. */
function rowsOf(shown, state) {
  let rows;
  if (state.rows === "findings") {
    rows = shown.map((entry) => ({
      claim: entry.claim, index: entry.index, entries: [entry], amount: entry.finding.amount ?? 0, risk: entry.kind.risk,
    }));
  } else {
    rows = [];
    for (const entry of shown) {
      const last = rows[rows.length - 1];
      if (last?.index === entry.index) last.entries.push(entry);
      else rows.push({ claim: entry.claim, index: entry.index, entries: [entry], amount: entry.claim.amount, risk: entry.claim.risk });
    }
  }
  const keys = {
    dollars: (row) => row.amount, risk: (row) => row.risk, expected: (row) => row.amount * row.risk,
  };
  const key = keys[state.sort];
  if (key === undefined) return rows;
  // What could not be read comes first: nobody knows what it is worth. Then by what is asked, equals as in the file.
  const rank = (row) => (row.claim.readable === false ? Infinity : key(row));
  const ranks = new Map(rows.map((row) => [row, rank(row)]));
  return rows.sort((one, other) => {
    const [first, second] = [ranks.get(one), ranks.get(other)];
    return first === second ? 0 : second - first;
  });
}
