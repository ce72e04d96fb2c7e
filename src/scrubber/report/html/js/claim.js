// One claim, opened: its lines and diagnoses with the faults marked where they stand, and its findings.

const LINES_SHOWN = 15;
const LINES_AT_ONCE = 200;
const FINDINGS_AT_ONCE = 40;
const OPEN_AT_ONCE = 3;

const COLUMNS = [
  { title: "Line", fields: [] },
  { title: "Date", fields: ["service_date", "service_date_end"], show: (line) => [line[0], line[1]].filter(Boolean).join(" to "), once: "date" },
  { title: "Revenue", fields: ["revenue_code"], show: (line) => line[2] },
  { title: "Code", fields: ["procedure"], show: (line) => line[3] },
  { title: "Mods", fields: ["modifiers"], show: (line) => line[4]?.join(" ") },
  { title: "Units", fields: ["units", "unit", "minutes"], show: (line) => line[5], number: true },
  { title: "Charge", fields: ["charge", "noncovered_charge"], show: (line) => (line[6] === null ? "" : dollars(line[6])), number: true },
  { title: "Place", fields: ["place_of_service"], show: (line) => line[7], once: "place of service" },
  { title: "Dx", fields: ["diagnosis_pointers"], show: (line) => line[8]?.join(", ") },
];

/** The findings of a claim in their order, with the numbers that mark them. */
function entriesOf(claim) {
  const entry = (finding, suppressed) => ({ claim, finding, kind: read.kind[finding.kind], suppressed });
  return [...(claim.findings ?? []).map((one) => entry(one, false)), ...(claim.suppressed ?? []).map((one) => entry(one, true))];
}

let drawn;

function showClaim() {
  const panel = byId("claim");
  document.body.classList.toggle("with-claim", state.claim !== undefined && state.view === "queue");
  panel.hidden = state.claim === undefined;
  if (state.claim === undefined) {
    panel.replaceChildren();
    drawn = undefined;
    return;
  }
  const key = `${state.claim} ${state.finding} ${state.suppressed}`;
  if (drawn !== key) {
    const claim = CLAIMS[state.claim];
    panel.setAttribute("aria-label", `Claim ${claimName(claim)}`);
    panel.replaceChildren(...claimParts(claim, {}));
    panel.scrollTop = 0;
    drawn = key;
    if (state.finding !== undefined) toFinding(panel, state.finding + 1, { focus: false });
  }
  const place = openedRow();
  if (place >= 0) rowElement(place)?.scrollIntoView({ block: "nearest" });
  panel.querySelector("[data-step='-1']").disabled = place <= 0;
  panel.querySelector("[data-step='1']").disabled = place < 0 || place >= current.rows.length - 1;
}

function claimParts(claim, { onprint = false }) {
  const entries = entriesOf(claim);
  const seen = entries.filter((entry) => !entry.suppressed || state.suppressed || onprint);
  return [
    claimHead(claim, onprint),
    claimErrors(claim),
    entries.length && (claim.lines || claim.diagnoses) ? claimOutline(claim, seen, onprint) : null,
    claimFindings(claim, seen, onprint),
    entries.length > seen.length ? h("p", { class: "soft" }, `${countOf(entries.length - seen.length, "finding")} set aside and not shown.`) : null,
    onprint ? null : claimUnjudged(claim),
  ].filter(Boolean);
}

function claimHead(claim, onprint) {
  const kind = stateOf(claim);
  const payer = payerOf(claim);
  const facts = [];
  const fact = (title, value) => value && facts.push(h("div", {}, h("dt", {}, title), h("dd", {}, value)));
  if (claim.readable !== false) {
    fact("At risk", h("b", {}, dollars(claim.amount)));
    fact("Risk", h("b", {}, percent(claim.risk)));
    fact("Charged", claim.total === undefined ? "" : dollars(claim.total));
    fact("Payer", payer ? told([payer.name, payer.id ? `(${payer.id})` : "", payer.kind ? words(payer.kind) : ""].filter(Boolean).join(" ")) : "not named");
    fact("Form", claim.form ? [FORMS[claim.form] ?? claim.form, claim.bill ? `, type of bill ${claim.bill}` : ""].join("") : "");
  }
  fact("File", told(placeInSource(claim)));
  const step = (text, by) => h("button", { type: "button", class: "button", "data-step": by, onclick: () => { goTo(openedRow() + by); byId("claim").querySelector("h2").focus(); } }, text);
  return h("header", {},
    onprint ? null : h("div", { class: "claim-tools" }, step("Previous", -1), step("Next", 1), h("button", { type: "button", class: "button", id: "close", onclick: closeClaim }, "Close")),
    h(onprint ? "h3" : "h2", { tabindex: onprint ? null : "-1" }, badge(kind, DECISIONS[kind]), " ", told(claimName(claim))),
    h("dl", { class: "facts" }, facts));
}

function claimErrors(claim) {
  if (!claim.errors?.length) return null;
  return h("section", { class: "errors" },
    h("h3", {}, claim.readable === false ? "This could not be read" : "A part of this claim could not be read"),
    h("ul", {}, claim.errors.map((error) => h("li", {}, told(error.message), error.hint ? [" ", told(error.hint)] : "",
      error.field || error.position ? h("span", { class: "soft code" }, " ", told([error.field, error.position].filter(Boolean).join(", "))) : null))));
}

/** Which numbers mark a line, a diagnosis, a fact of the claim, or something that the outline does not show. */
function placesOf(entries) {
  const places = { lines: new Map(), diagnoses: new Map(), others: [] };
  const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
  entries.forEach((entry, place) => {
    const { finding } = entry;
    const at = { entry, number: place + 1 };
    const field = finding.field ?? "";
    let placed = false;
    if (finding.line !== undefined) {
      const name = /^lines\[\d+\]\.([a-z_]+)/.exec(field)?.[1];
      const column = COLUMNS.findIndex((one) => one.fields.includes(name));
      add(places.lines, finding.line - 1, { ...at, column: Math.max(0, column) });
      placed = true;
    }
    if (finding.diagnosis !== undefined) {
      add(places.diagnoses, finding.diagnosis - 1, at);
      placed = true;
    }
    if (!placed) places.others.push(at);
  });
  return places;
}

/** `procedures[0].date` as "procedure 1 date". */
function fieldInWords(field) {
  const counted = field.replace(/([a-z_]+?)s?\[(\d+)\]/g, (_, name, place) => `${name === "diagnose" ? "diagnosis" : name} ${Number(place) + 1}`);
  return words(counted).replaceAll(".", " ");
}

function claimOutline(claim, entries, onprint) {
  const places = placesOf(entries);
  const marks = (list) => (list ?? []).map(({ entry, number }) => markButton(entry, number, onprint));
  const parts = [];
  if (places.others.length) {
    parts.push(h("p", { class: "others" }, h("b", {}, "On the claim: "), places.others.map((at) => h("span", { class: "other faulty" },
      marks([at]), " ", told(fieldInWords(at.entry.finding.field ?? "as a whole"))))));
  }
  if (claim.diagnoses?.length) {
    parts.push(h("ol", { class: "diagnoses", "aria-label": "Diagnoses" }, claim.diagnoses.map(([code, kind], place) => {
      const own = places.diagnoses.get(place);
      return h("li", { class: own ? "faulty" : null }, h("span", { class: "soft" }, `${place + 1} `), told(code ?? "blank", { class: "code" }),
        kind && kind !== "other" ? h("span", { class: "soft" }, ` ${words(kind)}`) : null, marks(own));
    })));
  }
  if (claim.lines?.length) parts.push(linesTable(claim, places, marks, onprint));
  return h("section", { class: "outline" }, h(onprint ? "h4" : "h3", {}, "The claim"), parts);
}

function markButton(entry, number, onprint) {
  if (onprint) return h("span", { class: "to-finding" }, mark(entry, number));
  return h("button", {
    type: "button", class: "to-finding", title: `Finding ${number}: ${entry.kind.rule}`,
    onclick: (event) => toFinding(event.target.closest(".claim"), number, { focus: true }),
  }, mark(entry, number));
}

function toFinding(panel, number, { focus }) {
  while (!panel.querySelector(`[data-finding="${number}"]`) && panel.querySelector(".more-findings")) panel.querySelector(".more-findings").click();
  const card = panel.querySelector(`[data-finding="${number}"]`);
  if (!card) return;
  card.open = true;
  card.scrollIntoView({ block: "nearest" });
  if (focus) card.querySelector("summary").focus();
}

function linesTable(claim, places, marks, onprint) {
  const { lines } = claim;
  const marked = new Set([...places.lines.values()].flat().map((at) => at.column));
  const used = COLUMNS.map((column, place) => ({ ...column, place })).filter(
    (column) => !column.show || marked.has(column.place) || lines.some((line) => column.show(line)));
  // What all lines have in common is said once, above them.
  const common = used.filter((column) => column.once && !marked.has(column.place) && lines.every((line) => column.show(line) === column.show(lines[0])));
  const columns = used.filter((column) => !common.includes(column));
  const wanted = new Set();
  if (lines.length <= LINES_SHOWN) lines.forEach((_, place) => wanted.add(place));
  else for (const place of [...places.lines.keys()].sort((one, other) => one - other).slice(0, LINES_AT_ONCE)) {
    for (const near of [place - 1, place, place + 1]) if (near >= 0 && near < lines.length) wanted.add(near);
  }
  const body = h("tbody");
  const draw = () => {
    const rows = [];
    let gap;
    lines.forEach((line, place) => {
      if (wanted.has(place)) {
        rows.push(lineRow(line, place));
        gap = undefined;
      } else if (gap === undefined) {
        gap = { first: place, last: place };
        rows.push(gap);
      } else gap.last = place;
    });
    body.replaceChildren(...rows.map((row) => (row instanceof Element ? row : gapRow(row))));
  };
  const lineRow = (line, place) => {
    const own = places.lines.get(place) ?? [];
    return h("tr", { class: own.length ? "faulty" : null }, columns.map((column) => {
      const here = own.filter((at) => at.column === column.place);
      const text = column.show ? told(column.show(line) ?? "") : String(place + 1);
      const attributes = { class: [here.length ? "fault" : "", column.number ? "number" : "", column.show ? "" : "first"].filter(Boolean).join(" ") || null };
      return column.show ? h("td", attributes, text, marks(here)) : h("th", { ...attributes, scope: "row" }, text, marks(here));
    }));
  };
  const gapRow = ({ first, last }) => {
    const number = last - first + 1;
    const text = `${number === 1 ? `line ${first + 1}` : `lines ${NUMBER.format(first + 1)} to ${NUMBER.format(last + 1)}`}`;
    const more = () => {
      for (let place = first; place <= Math.min(last, first + LINES_AT_ONCE - 1); place += 1) wanted.add(place);
      draw();
    };
    return h("tr", { class: "gap" }, h("td", { colspan: columns.length },
      onprint ? `… ${text} not shown` : h("button", { type: "button", class: "plain", onclick: more }, `Show ${text}`)));
  };
  draw();
  const said = common.map((column) => `${column.once} ${column.show(lines[0])}`).join(", ");
  return [said ? h("p", { class: "soft common" }, `${lines.length === 1 ? "The line" : "All lines"}: ${said}`) : null, h("div", { class: "scroll", tabindex: onprint ? null : "0", role: "group", "aria-label": "Lines of the claim" }, h("table", { class: "lines" },
    h("caption", { class: "unseen" }, "Lines of the claim"),
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.number ? "number" : null }, column.title)))), body))];
}

function claimFindings(claim, entries, onprint) {
  if (!entries.length) return claim.readable === false ? null : h("p", {}, "Nothing was found on this claim.");
  const numbered = entries.map((entry, place) => ({ entry, number: place + 1 }));
  const list = h("div", { class: "findings" });
  const chosenNow = new Set(current.rows.find((row) => row.index === state.claim)?.entries.map((entry) => entry.finding));
  const isOpen = ({ entry, number }) => (state.finding !== undefined ? number === state.finding + 1
    : entries.length <= OPEN_AT_ONCE || (chosenNow.size <= OPEN_AT_ONCE && chosenNow.has(entry.finding)));
  let next = 0;
  const more = h("button", { type: "button", class: "button more-findings" });
  const add = (number) => {
    const batch = numbered.slice(next, next + number);
    list.append(...batch.map((one) => findingCard(one.entry, one.number, { open: isOpen(one), onprint })));
    next += batch.length;
    more.textContent = `Show ${NUMBER.format(Math.min(FINDINGS_AT_ONCE, numbered.length - next))} more of ${NUMBER.format(numbered.length)} findings`;
    if (next >= numbered.length) more.remove();
  };
  more.addEventListener("click", () => add(FINDINGS_AT_ONCE));
  const section = h("section", {},
    h("div", { class: "findings-head" }, h(onprint ? "h4" : "h3", {}, countOf(entries.length, "finding")),
      entries.length > 1 && !onprint ? h("button", { type: "button", class: "plain", onclick: (event) => toggleAll(event.target, list) }, "Open all") : null),
    list, more);
  add(FINDINGS_AT_ONCE);
  if (onprint && next < numbered.length) more.replaceWith(h("p", {}, `${NUMBER.format(numbered.length - next)} more findings are not printed.`));
  return section;
}

function toggleAll(button, list) {
  const open = button.textContent === "Open all";
  for (const card of list.querySelectorAll("details.finding")) card.open = open;
  button.textContent = open ? "Close all" : "Open all";
}

function claimUnjudged(claim) {
  const parts = [];
  const group = (want) => {
    const byReason = new Map();
    for (const place of claim.unjudged ?? []) {
      const one = read.unjudged[place];
      if (one.want === want) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one.rule]);
    }
    return [...byReason].map(([reason, rules]) => h("li", {}, told(reason), ": ", h("span", { class: "code soft" }, rules.join(", "))));
  };
  const add = (title, items) => {
    if (items.length) parts.push(h("details", {}, h("summary", {}, `${title} (${items.length})`), h("ul", {}, items)));
  };
  add("Not checked, for want of a table", group("table"));
  add("Not evaluated, for want of a field", group("field"));
  add("Hidden, because another finding tells the same fault", (claim.masked ?? []).map(([rule, by]) => h("li", {}, `${rule}, told by ${by}`)));
  add("Layers over the rules", (claim.layers ?? []).map((one) => h("li", {}, `${one.pack} ${one.version} (${one.level})${one.undecided ? `: could not be decided, ${one.undecided}` : ""}`)));
  if (claim.why) parts.push(h("details", {}, h("summary", {}, "Why rules said what they said"), h("pre", { tabindex: "0" }, claim.why)));
  return parts.length ? h("section", { class: "unjudged" }, h("h3", {}, "Also on this claim"), parts) : null;
}
