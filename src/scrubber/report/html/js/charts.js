// What would be denied and why: dollars by kind of fault, by rule, by what the payer would do, by owner and payer.

const BARS_SHOWN = 10;
const allBars = new Set();

const CHARTS = [
  { facet: "family", title: "By kind of fault" },
  { facet: "disposition", title: "By what the payer would do" },
  { facet: "rule", title: "By rule", wide: true },
  { facet: "owner", title: "By who can mend it" },
  { facet: "payer", title: "By payer" },
  { facet: "carc", title: "By denial code (CARC)" },
];

function showCharts() {
  const open = document.activeElement?.closest?.("#charts") ? document.activeElement.dataset.key : undefined;
  const found = current.shown.filter((entry) => entry.finding && entry.kind.severity !== "info");
  const chips = chipItems();
  byId("charts").replaceChildren(
    h("h2", { id: "charts-title" }, "What would be refused, and why"),
    h("p", { class: "lead" }, "Errors and warnings under the filters in force. A line or a claim counts once in each bar, however many findings put it in doubt; bars may share it, so they do not add up. Choose a bar to filter by it."),
    h("div", { class: "tools" }, filtersButton(), chips.length ? h("ul", { class: "chips", "aria-label": "Filters in force" }, chips) : null),
    decisionChart(),
    found.length
      ? h("div", { class: "charts" }, CHARTS.map((chart) => barChart(FACETS.find((one) => one.name === chart.facet), chart, found)))
      : h("p", { class: "nothing" }, CLAIMS.length ? "No errors or warnings here." : "There are no claims in this report."),
  );
  if (open) byId("charts").querySelector(`[data-key="${CSS.escape(open)}"]`)?.focus();
}

/** Dollars and claims of each value of a facet; a line counts once, and the whole claim counts for its lines. */
function sums(facet, entries) {
  const groups = new Map();
  for (const entry of entries) {
    for (const value of facet.valuesOf(entry)) {
      let group = groups.get(value);
      if (group === undefined) groups.set(value, (group = { cents: 0, findings: 0, claims: 0, claim: undefined, lines: new Map() }));
      group.findings += 1;
      if (group.claim !== entry.index) {
        group.cents += ofClaim(group);
        group.claims += 1;
        group.claim = entry.index;
        group.whole = 0;
        group.most = entry.claim.total ?? Infinity;
        group.lines.clear();
      }
      const amount = entry.finding.amount ?? 0;
      if (entry.finding.line === undefined) group.whole = Math.max(group.whole, amount);
      else group.lines.set(entry.finding.line, amount);
    }
  }
  for (const group of groups.values()) group.cents += ofClaim(group);
  return [...groups].map(([value, group]) => ({ value, ...group })).sort((one, other) => other.cents - one.cents || other.findings - one.findings || (one.value < other.value ? -1 : 1));
}

function ofClaim(group) {
  if (group.claim === undefined) return 0;
  let lines = 0;
  for (const amount of group.lines.values()) lines += amount;
  return Math.max(group.whole, Math.min(lines, group.most > 0 ? group.most : Infinity));
}

function barChart(facet, { title, wide }, entries) {
  const all = sums(facet, entries);
  if (!all.length) return null;
  const shown = allBars.has(facet.name) ? all : all.slice(0, BARS_SHOWN);
  const most = Math.max(...all.map((one) => one.cents), 1);
  const rows = shown.map((one) => {
    const width = (100 * one.cents) / most;
    return h("tr", {},
      h("th", { scope: "row" }, h("button", {
        type: "button", class: "plain bar-label", "data-key": `${facet.name}=${one.value}`, "aria-pressed": String(state.choice[facet.name].has(one.value)),
        onclick: () => choose(facet.name, one.value, !state.choice[facet.name].has(one.value)),
      }, told(facet.label(one.value) ?? one.value))),
      h("td", { class: "bar-cell" }, svg("svg", { class: "bar-svg", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "track", x: 0, y: 0, width: 100, height: 10 }),
        svg("rect", { class: "fill", x: 0, y: 0, width: Math.max(one.cents ? 0.6 : 0, width), height: 10 }))),
      h("td", { class: "number" }, WHOLE_DOLLARS.format(one.cents / 100)),
      h("td", { class: "number soft" }, NUMBER.format(one.claims)));
  });
  const more = all.length > BARS_SHOWN
    ? h("button", { type: "button", class: "plain", "data-key": `bars-${facet.name}`, "aria-expanded": String(allBars.has(facet.name)), onclick: () => { if (!allBars.delete(facet.name)) allBars.add(facet.name); showCharts(); } },
      allBars.has(facet.name) ? "Show fewer" : `Show all ${NUMBER.format(all.length)}`)
    : null;
  return h("figure", { class: wide ? "wide" : null }, h("figcaption", {}, h("h3", {}, title)),
    h("table", { class: "bars" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, facet.title), h("td", {}), h("th", { scope: "col", class: "number" }, "At risk"),
      h("th", { scope: "col", class: "number" }, "Claims"))), h("tbody", {}, rows)), more);
}

/** How the claims under the filters divide: one bar, whose parts the words below name again. */
function decisionChart() {
  const groups = Object.keys(DECISIONS).map((kind) => ({ kind, claims: 0, cents: 0 }));
  let last;
  for (const entry of current.shown) {
    if (entry.index === last) continue;
    last = entry.index;
    const group = groups.find((one) => one.kind === stateOf(entry.claim));
    group.claims += 1;
    group.cents += entry.claim.amount ?? 0;
  }
  // What passed without a finding is not listed unless somebody asks, and belongs to the whole all the same.
  if (!state.clean && !state.choice.decision.size) groups.find((one) => one.kind === "pass").claims += current.clean;
  const total = groups.reduce((sum, one) => sum + one.claims, 0);
  if (!total) return null;
  const shown = groups.filter((one) => one.claims);
  let x = 0;
  const parts = shown.map((one) => {
    const width = (1000 * one.claims) / total;
    const part = svg("rect", { class: `part ${one.kind}`, x, y: 0, width: Math.max(3, width - 2), height: 22 });
    x += width;
    return part;
  });
  const said = shown.map((one) => `${DECISIONS[one.kind]} ${countOf(one.claims, "claim")}`).join(", ");
  return h("figure", { class: "decisions" }, h("figcaption", {}, h("h3", {}, "By decision")),
    svg("svg", { viewBox: "0 0 1000 22", preserveAspectRatio: "none", role: "img", "aria-label": said, class: "stack" }, parts),
    h("ul", {}, shown.map((one) => h("li", {}, badge(one.kind, DECISIONS[one.kind]), ` ${countOf(one.claims, "claim")}`, one.cents ? `, ${dollars(one.cents)} at risk` : ""))));
}
