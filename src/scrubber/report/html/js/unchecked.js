// What nobody looked at: rules that waited for a table, and rules that lacked a field.

function showUnchecked() {
  const missing = END.missing ?? [];
  const waited = Object.keys(END.not_checked ?? {}).length;
  byId("unchecked").replaceChildren(...[
    h("h2", { id: "unchecked-title" }, "What was not checked"),
    h("h3", {}, "For want of a table"),
    missing.length
      ? h("p", { class: "lead" }, `${countOf(waited, "rule")} gave no verdict on some claims, because a table was missing or has no edition for their dates. These claims may still be refused for what those rules look for.`)
      : h("p", {}, "Every rule had its tables."),
    missing.length ? missingTable(missing) : null,
    missing.some((one) => one.source) ? h("p", {}, "Bring a table with ", h("code", {}, "scrubber tables import FILE..."), " and check the claims again.") : null,
    h("h3", {}, "For want of a field"),
    fieldsTable(),
  ].filter(Boolean));
}

function missingTable(missing) {
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Missing tables" }, h("table", { class: "plain-table" },
    h("caption", { class: "unseen" }, "Missing tables"),
    h("thead", {}, h("tr", {}, ["Table", "What is missing", "Rules that waited", "Where it comes from"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, missing.map((one) => h("tr", {},
      h("th", { scope: "row", class: "code" }, one.table ?? "other reasons"),
      h("td", {}, told(whatIsMissing(one))),
      h("td", { "data-title": "Rules that waited" }, one.rules.map((rule) => h("div", {}, h("b", { class: "code" }, rule), " ", h("span", { class: "soft", lang: RUN.language }, ruleTitle(rule))))),
      h("td", { "data-title": "From" }, one.source ?? "comes with Claim Scrubber"))))));
}

function whatIsMissing(one) {
  const days = one.dates ? (one.dates[0] === one.dates[1] ? one.dates[0] : `${one.dates[0]} to ${one.dates[1]}`) : "";
  if (one.parts?.length) return `the part ${one.parts.join(", ")}${days ? `, for ${days}` : ""}`;
  if (one.loaded) return `it is loaded, but not for ${days || "those dates"}`;
  return `it is not loaded${days ? `; claims of ${days} need it` : ""}`;
}

function fieldsTable() {
  const reasons = new Map();
  for (const claim of CLAIMS) {
    const here = new Set();
    for (const place of claim.unjudged ?? []) {
      const one = read.unjudged[place];
      if (one.want !== "field") continue;
      if (!reasons.has(one.reason)) reasons.set(one.reason, { rules: new Set(), claims: 0 });
      reasons.get(one.reason).rules.add(one.rule);
      here.add(one.reason);
    }
    for (const reason of here) reasons.get(reason).claims += 1;
  }
  if (!reasons.size) return h("p", {}, "No rule lacked a field.");
  const rows = [...reasons].sort(([, one], [, other]) => other.claims - one.claims).slice(0, 200);
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Blank fields" }, h("table", { class: "plain-table" },
    h("caption", { class: "unseen" }, "Blank fields"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Reason"), h("th", { scope: "col", class: "number" }, "Claims"), h("th", { scope: "col" }, "Rules without a verdict"))),
    h("tbody", {}, rows.map(([reason, one]) => h("tr", {}, h("th", { scope: "row" }, told(reason)), h("td", { class: "number", "data-title": "Claims" }, NUMBER.format(one.claims)),
      h("td", { class: "code soft", "data-title": "Rules" }, [...one.rules].sort().join(", ")))))));
}
