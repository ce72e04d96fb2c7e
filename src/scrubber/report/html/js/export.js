// The rows that are shown, as a file for a spreadsheet, and on paper.

const PRINTED = 300;

const CSV_COLUMNS = [
  ["claim_id", ({ claim }) => claim.id], ["source", ({ claim }) => sourceOf(claim)], ["claim_number", ({ claim }) => claim.number],
  ["payer_name", ({ claim }) => (claim.readable === false ? "" : payerLabel(claim))], ["decision", ({ claim }) => (claim.readable === false ? "not read" : claim.decision)],
  ["severity", ({ kind }) => kind?.severity], ["rule", ({ kind }) => kind?.rule], ["title", ({ kind }) => kind && (ruleOf(kind)?.title ?? kind.name)],
  ["line", ({ finding }) => finding?.line], ["diagnosis", ({ finding }) => finding?.diagnosis], ["field", ({ finding }) => finding?.field], ["codes", ({ finding }) => finding?.codes?.join("; ")],
  ["charge_in_doubt", ({ finding }) => finding && (finding.amount ?? 0) / 100], ["risk", ({ kind }) => kind?.risk], ["disposition", ({ kind }) => kind?.disposition],
  ["group", ({ kind }) => kind?.group], ["carc", ({ kind }) => kind?.carc?.join("; ")], ["rarc", ({ kind }) => kind?.rarc?.join("; ")], ["status_277ca", ({ kind }) => kind?.acknowledgment?.[0]],
  ["owner", ({ kind }) => kind?.owner], ["message", ({ finding, claim }) => finding?.message ?? claim.errors?.map((error) => error.message).join(" ")], ["to_do", ({ finding }) => finding && textOf(finding.todo)],
  ["question", ({ finding }) => finding?.question], ["fingerprint", ({ finding }) => finding?.id], ["suppression", ({ finding }) => finding?.suppression?.kind],
];

const FORMULA = /^[\s"'\ufffd]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\t\r]/;
const OTHER_NUMBER = /^(?!(?:0|[1-9][0-9]{0,14})$)[0-9][0-9.,:/eE+\-% ]*$/;
const MONTH = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s./-]?[0-9]{1,4}$/i;

/** A cell as the report in CSV writes it: what a spreadsheet would run or change has an apostrophe before it. */
function csvCell(value) {
  let text = String(value ?? "");
  const changes = FORMULA.test(text) || OTHER_NUMBER.test(text) || MONTH.test(text) || text.startsWith("'");
  if (typeof value !== "number" && changes) text = `'${text}`;
  return `"${text.replaceAll('"', '""')}"`;
}

function csvText() {
  const lines = [CSV_COLUMNS.map(([name]) => name).join(",")];
  for (const row of current.rows) for (const entry of row.entries) lines.push(CSV_COLUMNS.map(([, value]) => csvCell(value(entry))).join(","));
  // A spreadsheet takes the byte order mark as a sign of UTF-8.
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function exportCsv() {
  const address = URL.createObjectURL(new Blob([csvText()], { type: "text/csv;charset=utf-8" }));
  const anchor = h("a", { href: address, download: "claim-report.csv" });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** On paper, the queue is the claims of the filters in force with their findings, not a page of rows. */
function preparePrint() {
  const paper = byId("print");
  document.body.classList.toggle("print-queue", state.view === "queue");
  if (state.view !== "queue") return;
  const indexes = [...new Set(state.claim !== undefined ? [state.claim] : current.rows.map((row) => row.index))];
  const filters = FACETS.flatMap((facet) => [...state.choice[facet.name]].map((value) => `${facet.title}: ${facet.label(value) ?? value}`));
  if (state.q) filters.push(`Search: ${state.q}`);
  const left = indexes.length - PRINTED;
  paper.replaceChildren(
    h("h2", {}, `Work queue, ${countOf(indexes.length, "claim")}`),
    h("p", {}, filters.length ? `Filters: ${filters.join("; ")}. ` : "No filters. ", `Sorted by: ${SORTS[state.sort].toLowerCase()}.`),
    left > 0 ? h("p", {}, h("b", {}, `The first ${PRINTED} claims are printed, ${NUMBER.format(left)} are not. Narrow the filters to print the rest.`)) : "",
    ...indexes.slice(0, PRINTED).map((index) => h("article", { class: "claim" }, claimParts(CLAIMS[index], { onprint: true }))));
}

function clearPrint() {
  byId("print").replaceChildren();
  document.body.classList.remove("print-queue");
}
