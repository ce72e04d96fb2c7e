// The rules that were asked, those that found something first, and the packs and tables of the run.

let rulesDrawn = false;

function showRules() {
  if (rulesDrawn) return;
  rulesDrawn = true;
  const found = new Map();
  for (const entry of ENTRIES) {
    if (entry.finding && !entry.suppressed) found.set(entry.kind.rule, (found.get(entry.kind.rule) ?? 0) + 1);
  }
  const rules = read.rule.map((rule) => ({ rule, findings: found.get(rule.id) ?? 0 }));
  rules.sort((one, other) => other.findings - one.findings);
  const fired = rules.filter((one) => one.findings);
  const silent = rules.filter((one) => !one.findings);
  byId("rules").replaceChildren(
    h("h2", { id: "rules-title" }, "Rules and tables"),
    h("h3", {}, `Rules that found something (${NUMBER.format(fired.length)})`), ruleList(fired),
    h("h3", {}, `Rules that found nothing (${NUMBER.format(silent.length)})`), ruleList(silent),
    h("h3", {}, "Rule packs"),
    h("ul", {}, (RUN.packs ?? []).map((pack) => h("li", {}, h("b", {}, `${pack.name} ${pack.version}`), ` (${pack.level})`, pack.hash ? h("span", { class: "code soft" }, ` sha256 ${pack.hash.slice(0, 12)}`) : null))),
    h("h3", {}, "Tables"),
    tablesTable(),
  );
}

function ruleList(rules) {
  if (!rules.length) return h("p", { class: "soft" }, "None.");
  return h("div", { class: "rule-list" }, rules.map(({ rule, findings }) => {
    // The page is made when it is opened: there are some two hundred of them.
    const details = h("details", { ontoggle: () => { if (details.open && details.children.length === 1) details.append(ruleBody(rule, findings)); } },
      h("summary", {}, h("b", { class: "code" }, rule.id), " ", h("span", { lang: RUN.language }, rule.title), findings ? h("span", { class: "count" }, NUMBER.format(findings)) : null));
    return details;
  }));
}

function ruleBody(rule, findings) {
  return h("div", {}, rulePage(rule), findings
    ? h("button", { type: "button", class: "button", onclick: () => { change({ view: "queue", q: "", choice: { ...emptyChoice(), rule: new Set([rule.id]) } }, { push: true }); byId("main").focus(); } }, "Show its claims")
    : null);
}

function tablesTable() {
  const byName = new Map();
  for (const [name, edition, first, last] of RUN.tables ?? []) byName.set(name, [...(byName.get(name) ?? []), { edition, first, last }]);
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Tables of the run" }, h("table", { class: "plain-table" }, h("caption", { class: "unseen" }, "Tables of the run"),
    h("thead", {}, h("tr", {}, ["Table", "Editions", "From", "To"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, [...byName].map(([name, editions]) => h("tr", {}, h("th", { scope: "row", class: "code" }, name),
      h("td", {}, editions.length > 3 ? `${editions[0].edition} … ${editions.at(-1).edition} (${editions.length})` : editions.map((one) => one.edition).join(", ")),
      h("td", { "data-title": "From" }, editions[0].first ?? ""), h("td", { "data-title": "To" }, editions.at(-1).last ?? "open"))))));
}
