// The work queue: filters at the side, rows that open a claim, and the way through them by keyboard.

const VALUES_SHOWN = 8;
const unfolded = new Set(FACETS.filter((facet) => facet.open).map((facet) => facet.name));
const lengthened = new Set();

let current = { shown: [], counts: {}, clean: 0, rows: [], key: undefined };
let cursor = 0;

/** Filter and sort, unless the last time was for the same choice. */
function refresh() {
  const key = fragmentOf({ ...state, view: "queue", page: 1, claim: undefined, finding: undefined });
  if (current.key === key) return;
  const { shown, counts, clean } = chosen(state);
  current = { shown, counts, clean, rows: rowsOf(shown, state), key };
  cursor = 0;
}

let filtersOf;

/** Drawn anew only where the choice is another one: opening a claim changes no filter. */
function showFilters({ anew = false } = {}) {
  if (filtersOf === current && !anew) return;
  filtersOf = current;
  const open = document.activeElement?.closest?.("#filters") ? document.activeElement.dataset.key : undefined;
  const groups = FACETS.map(filterGroup).filter(Boolean);
  const set = ANY_SUPPRESSED
    ? h("label", { class: "check set-aside" }, h("input", {
      type: "checkbox", checked: state.suppressed, "data-key": "suppressed",
      onchange: (event) => change({ suppressed: event.target.checked }),
    }), h("span", {}, "Show findings that were set aside"))
    : null;
  byId("filters").replaceChildren(
    h("h2", {}, "Filters"),
    h("button", { type: "button", class: "plain clear", hidden: !anyChoice(), "data-key": "clear", onclick: clearChoice }, "Clear all"),
    ...groups, ...(set ? [set] : []), keysHelp(),
  );
  if (open) byId("filters").querySelector(`[data-key="${CSS.escape(open)}"]`)?.focus();
}

const KEYS = [
  ["↓ ↑ or j k", "next and previous row"], ["Page Down, Page Up", "ten rows on or back"], ["Home, End", "first and last row"],
  ["Enter", "open the claim"], ["j k in the claim", "next and previous claim"], ["Escape", "close the claim"],
];

function keysHelp() {
  return h("details", { class: "facet" }, h("summary", { "data-key": "keys" }, "Keys"),
    h("dl", { class: "keys" }, KEYS.map(([keys, does]) => h("div", {}, h("dt", {}, keys), h("dd", {}, does)))));
}

function clearChoice() {
  change({ q: "", choice: emptyChoice() });
  byId("search").value = "";
  byId("search").focus();
}

function filterGroup(facet) {
  const counts = current.counts[facet.name];
  const wanted = state.choice[facet.name];
  // A value that is chosen stays in sight, even when the other filters leave nothing of it.
  for (const value of wanted) if (!counts.has(value)) counts.set(value, { rows: 0 });
  let values = [...counts].map(([value, count]) => ({ value, rows: count.rows }));
  if (!values.length || (facet.name === "file" && values.length < 2 && !wanted.size)) return null;
  const place = (value) => (facet.order ? facet.order.indexOf(value) : 0);
  values.sort((one, other) => place(one.value) - place(other.value) || other.rows - one.rows || (one.value < other.value ? -1 : 1));
  const more = values.length - VALUES_SHOWN;
  const all = more <= 1 || lengthened.has(facet.name);
  if (!all) values = values.filter((one, number) => number < VALUES_SHOWN || wanted.has(one.value));
  const boxes = values.map(({ value, rows }) => h("label", { class: "check" },
    h("input", {
      type: "checkbox", checked: wanted.has(value), "data-key": `${facet.name}=${value}`,
      onchange: (event) => choose(facet.name, value, event.target.checked),
    }),
    ["decision", "severity"].includes(facet.name) ? glyph(value) : null,
    h("bdi", { class: "value" }, facet.label(value)),
    h("span", { class: "count" }, NUMBER.format(rows))));
  const rest = more > 1
    ? h("button", {
      type: "button", class: "plain", "data-key": `more-${facet.name}`, "aria-expanded": String(all),
      onclick: () => { if (all) lengthened.delete(facet.name); else lengthened.add(facet.name); showFilters({ anew: true }); },
    }, all ? "Show fewer" : `Show ${NUMBER.format(more)} more`)
    : null;
  return h("details", {
    class: "facet", open: unfolded.has(facet.name) || wanted.size > 0,
    ontoggle: (event) => { if (event.target.open) unfolded.add(facet.name); else unfolded.delete(facet.name); },
  }, h("summary", { "data-key": `facet-${facet.name}` }, facet.title), h("fieldset", {}, h("legend", { class: "unseen" }, facet.title), boxes, rest));
}

function makeTools() {
  let waiting;
  const select = (name, title, values) => h("label", { class: "tool" }, h("span", {}, title), h("select", {
    id: `choose-${name}`, onchange: (event) => change({ [name]: event.target.value }),
  }, Object.entries(values).map(([value, text]) => h("option", { value }, text))));
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("tools").append(
    h("label", { class: "tool search" }, h("span", {}, "Search"), h("input", {
      type: "search", id: "search", placeholder: "Claim, code, words", autocomplete: "off", spellcheck: "false",
      oninput: (event) => {
        clearTimeout(waiting);
        waiting = setTimeout(() => change({ q: event.target.value.trim() }), 150);
      },
    })),
    select("rows", "Show", { claims: "Claims", findings: "Findings" }),
    select("sort", "Sort by", SORTS),
    filtersButton(),
  );
  byId("queue-actions").append(
    h("button", { type: "button", class: "plain", id: "export", onclick: exportCsv }, "Save as CSV"),
    h("button", { type: "button", class: "plain", id: "print-button", onclick: () => window.print() }, "Print"),
  );
  // Selects and the field are not drawn anew, so that nobody loses their place while typing.
  byId("rows").addEventListener("keydown", onRowKey);
}

/** In a narrow window the filters are out of sight until they are asked for. */
function filtersButton() {
  return h("button", {
    type: "button", class: "button only-narrow show-filters", "aria-expanded": String(document.body.classList.contains("with-filters")),
    "aria-controls": "filters", onclick: toggleFilters,
  }, "Filters");
}

function toggleFilters() {
  const open = document.body.classList.toggle("with-filters");
  for (const button of document.querySelectorAll(".show-filters")) button.setAttribute("aria-expanded", String(open));
  if (open) byId("filters").querySelector("summary, input")?.focus();
  else [...document.querySelectorAll(".show-filters")].find((button) => button.offsetParent)?.focus();
}

function showTools() {
  byId("choose-rows").value = state.rows;
  byId("choose-sort").value = state.sort;
  if (document.activeElement !== byId("search")) byId("search").value = state.q;
}

function showFound() {
  const claims = new Set();
  let findings = 0;
  let cents = 0;
  for (const entry of current.shown) {
    if (entry.finding) findings += 1;
    if (!claims.has(entry.index)) {
      claims.add(entry.index);
      cents += entry.claim.amount ?? 0;
    }
  }
  const found = byId("found");
  found.replaceChildren(
    h("strong", {}, countOf(claims.size, "claim")), `, ${countOf(findings, "finding")}, `,
    h("strong", {}, dollars(cents)), " at risk");
  if (current.clean && !state.clean) {
    found.append(` · ${NUMBER.format(current.clean)} with nothing found not listed `,
      h("button", { type: "button", class: "plain", onclick: () => change({ clean: true }) }, "List them"));
  } else if (state.clean) {
    found.append(" · ", h("button", { type: "button", class: "plain", onclick: () => change({ clean: false }) }, "Leave out what has no findings"));
  }
}

function showChips() {
  const chips = chipItems();
  byId("chips").replaceChildren(...chips);
  byId("chips").hidden = !chips.length;
}

function chipItems() {
  const chips = [];
  const after = () => (state.view === "queue" ? byId("search") : byId("main")).focus();
  const chip = (title, text, remove) => chips.push(h("li", {}, h("button", { type: "button", class: "chip", onclick: () => { remove(); after(); }, "aria-label": `Remove filter ${title}: ${text}` },
    `${title}: `, told(text), h("span", { "aria-hidden": "true", class: "cross" }, "×"))));
  if (state.q) chip("Search", state.q, () => { byId("search").value = ""; change({ q: "" }); });
  for (const facet of FACETS) {
    for (const value of state.choice[facet.name]) chip(facet.title, facet.label(value) ?? value, () => choose(facet.name, value, false));
  }
  return chips;
}

let rowsOfPage;

function showRows() {
  const pages = Math.max(1, Math.ceil(current.rows.length / PER_PAGE));
  const page = Math.min(state.page, pages);
  const first = (page - 1) * PER_PAGE;
  const drawnAlready = rowsOfPage?.of === current && rowsOfPage.page === page;
  rowsOfPage = { of: current, page };
  if (drawnAlready) {
    markOpenRow(openedRow());
    return;
  }
  const rows = current.rows.slice(first, first + PER_PAGE);
  const opened = openedRow();
  if (opened >= first && opened < first + PER_PAGE) cursor = opened;
  else if (cursor < first || cursor >= first + PER_PAGE) cursor = first;
  const hadFocus = byId("rows").contains(document.activeElement);
  byId("rows").classList.toggle("of-findings", state.rows === "findings");
  byId("rows").replaceChildren(...rows.map((row, number) => h("li", {}, rowButton(row, first + number))));
  byId("rows").start = first + 1;
  if (hadFocus) focusRow(cursor);
  if (!rows.length) byId("rows").replaceChildren(h("li", { class: "nothing" }, nothingToShow()));
  showPager(page, pages, first, rows.length);
}

/** The same rows as before; only which of them is open is another. */
function markOpenRow(opened) {
  for (const row of byId("rows").querySelectorAll('[aria-expanded="true"]')) row.setAttribute("aria-expanded", "false");
  rowElement(opened)?.setAttribute("aria-expanded", "true");
  if (rowElement(opened)) setCursor(opened);
}

function nothingToShow() {
  if (!CLAIMS.length) return "There are no claims in this report.";
  if (anyChoice()) return "No claim fits these filters.";
  return "Nothing was found on any claim that was read.";
}

function openedRow() {
  if (state.claim === undefined) return -1;
  const exact = current.rows.findIndex((row) => row.index === state.claim && (state.rows === "claims" || findingNumber(row.entries[0]) === state.finding));
  return exact >= 0 ? exact : current.rows.findIndex((row) => row.index === state.claim);
}

/** The place of a finding among all of its claim, those set aside last. */
function findingNumber(entry) {
  const findings = entry.claim.findings ?? [];
  return entry.suppressed ? findings.length + entry.claim.suppressed.indexOf(entry.finding) : findings.indexOf(entry.finding);
}

function rowButton(row, number) {
  const { claim } = row;
  const kind = stateOf(claim);
  const open = state.claim === row.index && openedRow() === number;
  return h("button", {
    type: "button", class: `row ${kind}`, "data-row": number, tabindex: number === cursor ? "0" : "-1",
    "aria-expanded": String(open), "aria-controls": "claim",
    onclick: () => openRow(number, { focus: true }),
    onfocus: () => setCursor(number),
  },
  h("span", { class: "r-state" }, badge(state.rows === "findings" ? row.entries[0].kind.severity : kind, state.rows === "findings" ? SEVERITIES[row.entries[0].kind.severity] : DECISIONS[kind])),
  h("span", { class: "r-claim" }, told(claimName(claim), { class: "id" }), h("span", { class: "soft" }, claim.number === undefined && claim.id === undefined ? "" : told(placeInSource(claim, COMMON)))),
  h("span", { class: "r-payer" }, claim.readable === false ? "" : told(payerLabel(claim))),
  h("span", { class: "r-what" }, whatOf(row)),
  h("span", { class: "r-dollars" }, row.claim.readable === false ? "—" : [dollars(row.amount), h("span", { class: "unit" }, " at risk", h("span", { class: "unseen" }, ","))]),
  h("span", { class: "r-risk" }, row.claim.readable === false ? "—" : [percent(row.risk), h("span", { class: "unit" }, " risk")]));
}

function whatOf(row) {
  const found = row.entries.filter((entry) => entry.finding);
  const problem = row.claim.errors?.[0];
  const parts = [];
  if (problem) parts.push(h("span", { class: "message" }, told(problem.message)));
  if (found.length) {
    const worst = found[0];
    parts.push(h("span", { class: "message" },
      h("b", { class: "code" }, worst.kind.rule), " ", told(worst.finding.message, { lang: RUN.language }),
      worst.suppressed ? h("span", { class: "soft" }, " (set aside)") : null));
  }
  if (found.length > 1) {
    const rules = [...new Set(found.slice(1).map((entry) => entry.kind.rule))];
    parts.push(h("span", { class: "soft more" }, `and ${NUMBER.format(found.length - 1)} more: ${rules.slice(0, 5).join(", ")}${rules.length > 5 ? " …" : ""}`));
  }
  return parts.length ? parts : h("span", { class: "soft" }, "Nothing found");
}

function showPager(page, pages, first, number) {
  const step = (text, to, on) => h("button", { type: "button", class: "button", disabled: !on, "data-page": text, onclick: () => { change({ page: to }); byId("rows-pane").scrollTop = 0; byId("pager").querySelector(`[data-page="${text}"]:not([disabled])`)?.focus(); } }, text);
  byId("pager").hidden = pages < 2;
  byId("pager").replaceChildren(
    step("First", 1, page > 1), step("Previous", page - 1, page > 1),
    h("span", {}, `${NUMBER.format(first + 1)}–${NUMBER.format(first + number)} of ${NUMBER.format(current.rows.length)}`),
    step("Next", page + 1, page < pages), step("Last", pages, page < pages));
}

function setCursor(number) {
  byId("rows").querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  cursor = number;
  rowElement(number)?.setAttribute("tabindex", "0");
}

const rowElement = (number) => byId("rows").querySelector(`[data-row="${number}"]`);

function focusRow(number) {
  rowElement(number)?.focus();
}

/** Go to a row, over the edge of a page, too. */
function goTo(number) {
  const target = Math.max(0, Math.min(current.rows.length - 1, number));
  if (!current.rows.length) return;
  const page = Math.floor(target / PER_PAGE) + 1;
  cursor = target;
  if (state.claim !== undefined) openRow(target, { focus: false, page });
  else if (page !== state.page) change({ page });
  setCursor(target);
  if (getComputedStyle(byId("list-pane")).display !== "none") focusRow(target);
}

function openRow(number, { focus, page = state.page }) {
  const row = current.rows[number];
  cursor = number;
  const values = { claim: row.index, finding: state.rows === "findings" ? findingNumber(row.entries[0]) : undefined, page };
  // The first claim that is opened is a step in the history; going on from claim to claim is not.
  change(values, { push: state.claim === undefined });
  if (focus) byId("claim").querySelector("h2")?.focus();
}

function closeClaim() {
  if (state.claim === undefined) return;
  change({ claim: undefined, finding: undefined });
  focusRow(cursor);
}

function onRowKey(event) {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  if (!Object.hasOwn(steps, event.key)) return;
  event.preventDefault();
  const to = steps[event.key];
  goTo(to === -Infinity ? 0 : to === Infinity ? current.rows.length - 1 : cursor + to);
}
