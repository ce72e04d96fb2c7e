// One finding: what, where, what to do, who, what the payer would answer, what it rests on, and its rule.

function findingCard(entry, number, { open = false, onprint = false } = {}) {
  const { finding, kind, claim } = entry;
  const head = [
    h("span", { class: "f-mark" }, mark(entry, number)),
    h("span", { class: "f-head" },
      badge(kind.severity, SEVERITIES[kind.severity]),
      h("b", { class: "code" }, kind.rule),
      h("span", { class: "f-title", lang: RUN.language }, ruleOf(kind)?.title ?? kind.name),
      entry.suppressed ? h("span", { class: "badge aside" }, "Set aside") : null),
    h("span", { class: "f-message", lang: RUN.language }, told(finding.message)),
    h("span", { class: "f-stake" }, `${sentence(placeOf(finding))} · ${dollars(finding.amount)} at risk, risk ${percent(kind.risk)}`),
  ];
  const attributes = { class: `finding ${kind.severity}${entry.suppressed ? " suppressed" : ""}`, "data-finding": number };
  if (onprint) return h("div", attributes, h("div", { class: "f-summary" }, head), findingBody(entry, onprint));
  return h("details", { ...attributes, open }, h("summary", { class: "f-summary" }, head), findingBody(entry, onprint));
}

/** The number of a finding, in the form of its severity: the same here, at its line and at its field. */
function mark(entry, number) {
  return h("span", { class: `mark ${entry.kind.severity}${entry.suppressed ? " suppressed" : ""}` }, h("span", { class: "unseen" }, "finding "), String(number));
}

function findingBody(entry, onprint) {
  const { finding, kind } = entry;
  const rows = [];
  const row = (title, ...value) => rows.push(h("dt", {}, title), h("dd", {}, ...value));
  if (finding.todo !== undefined) row("To do", h("span", { lang: RUN.language }, told(textOf(finding.todo))));
  for (const [field, old, replacement] of finding.changes ?? []) {
    row("Change", h("span", { class: "soft" }, told(field), ": "), h("del", {}, told(old)), " → ", h("ins", {}, told(replacement)),
      kind.safety === "safe" ? " (form only, safe to make)" : "");
  }
  if (finding.question) row("Ask the clinician", question(finding.question, onprint));
  row("Who", OWNERS[kind.owner] ?? words(kind.owner));
  row("The payer would", wouldDo(kind));
  row("Where", told(sentence(placeOf(finding))), finding.position ? [" · ", told(finding.position, { class: "code" })] : "");
  if (finding.evidence !== undefined) row("Rests on", evidence(read.evidence[finding.evidence]));
  for (const layer of kind.layers ?? []) {
    row("Layer", `${layer.pack} ${layer.version} set ${layer.set.map(words).join(", ")}: ${layer.reason} `, layer.reference ? ["(", link(...layer.reference), ")"] : "");
  }
  if (kind.references?.length) row("Authority", h("ul", { class: "plain-list" }, kind.references.map((one) => h("li", {}, link(...one)))));
  if (finding.suppression) row("Set aside", setAside(finding.suppression));
  if (finding.id && !onprint) row("Fingerprint", h("span", { class: "code soft" }, finding.id));
  const rule = ruleOf(kind);
  const page = rule && !onprint
    ? h("details", { class: "about" }, h("summary", {}, `About rule ${rule.id}`), rulePage(rule, { inFinding: true }))
    : rule ? h("p", { class: "f-why", lang: RUN.language }, h("b", {}, "Why: "), rule.why) : null;
  return h("div", { class: "f-body" }, h("dl", {}, rows), page);
}

/** What the payer would do with it, and the codes of its answer. */
function wouldDo(kind) {
  const { acknowledgment } = kind;
  return [
    dispositionWords(kind),
    answerOf(kind) ? [" · likely answer ", h("b", { class: "code" }, answerOf(kind))] : "",
    acknowledgment ? [" · 277CA ", h("b", { class: "code" }, acknowledgment[0]), acknowledgment[1] ? ` (${acknowledgment[1]})` : ""] : "",
  ];
}

function dispositionWords(kind) {
  return {
    claim_rejection: "reject the claim", return_to_provider: "return the claim", claim_denial: "deny the claim",
    line_rejection: "reject the line", line_denial: "deny the line", suspend: "hold the claim for review", advice: "not refuse it for this",
  }[kind.disposition] ?? words(kind.disposition);
}

function question(text, onprint) {
  const quoted = h("q", { lang: RUN.language }, told(text));
  if (onprint) return quoted;
  const copy = h("button", {
    type: "button", class: "plain", onclick: async () => {
      try {
        await navigator.clipboard.writeText(text);
        copy.textContent = "Copied";
      } catch {
        // Without leave to write to the clipboard, the text is marked to be copied by hand.
        getSelection().selectAllChildren(quoted);
        copy.textContent = "Marked: copy it with the keyboard";
      }
    },
  }, "Copy");
  return [quoted, " ", copy];
}

function evidence(one) {
  const columns = Object.entries(one.row ?? {});
  return [
    h("span", {}, "table ", h("b", { class: "code" }, one.table), one.edition ? ` · edition ${one.edition}` : ""),
    columns.length
      ? h("dl", { class: "row-of-table" }, columns.map(([column, value]) => h("div", {}, h("dt", {}, words(column)), h("dd", {}, told(plain(value))))))
      : null,
  ];
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value !== null && typeof value === "object") return Object.entries(value).map(([key, one]) => `${key}: ${plain(one)}`).join("; ");
  return value === true ? "yes" : value === false ? "no" : String(value ?? "");
}

function setAside(one) {
  const known = one.kind === "baseline" ? "known from the baseline" : "suppressed";
  return told([known, one.by ? `by ${one.by}` : "", one.expires ? `until ${one.expires}` : "", one.reason ? `because: ${one.reason}` : "", one.place ? `(${one.place})` : ""].filter(Boolean).join(" "));
}

function rulePage(rule, { inFinding = false } = {}) {
  const rows = [];
  const row = (title, ...value) => rows.push(h("dt", {}, title), h("dd", {}, ...value));
  row("Why", h("span", { lang: RUN.language }, rule.why));
  if (rule.fix && !inFinding) row("To do", h("span", { lang: RUN.language }, rule.fix));
  if (!inFinding) {
    row("Gravest case", `${SEVERITIES[rule.severity] ?? rule.severity}, risk ${percent(rule.risk)}`);
    row("The payer would", wouldDo(rule));
    row("Who", OWNERS[rule.owner] ?? words(rule.owner));
  }
  row("Kind of fault", familyTitle(rule.family));
  row("Pack", `${rule.pack}${rule.status === "preview" ? ", in preview: it informs and never holds a claim" : ""}`);
  if (rule.references?.length) row("Authority", h("ul", { class: "plain-list" }, rule.references.map((one) => h("li", {}, link(...one)))));
  return h("div", { class: "rule-page" }, inFinding ? h("p", { class: "rule-title", lang: RUN.language }, h("b", {}, rule.title), ` (${rule.name})`) : null, h("dl", {}, rows));
}
