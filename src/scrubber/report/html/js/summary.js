// The strip of numbers at the top, the views, and what the reader must not miss.

function showHeader() {
  document.documentElement.lang = "en";
  const packs = RUN.packs?.map((pack) => `${pack.name} ${pack.version}`).join(", ");
  byId("made").append(`Claim Scrubber ${RUN.scrubber}`, packs ? ` · rules: ${packs}` : "");
  const alarms = [];
  if (END.interrupted) alarms.push("The run was interrupted: what came after these claims was not looked at.");
  if (END.partly_read) alarms.push(`${countOf(END.partly_read, "claim")} could be read only in part and ${END.partly_read === 1 ? "is" : "are"} held.`);
  if (END.below_min_risk) alarms.push(`${countOf(END.below_min_risk, "finding")} of small risk ${END.below_min_risk === 1 ? "is" : "are"} left out (--min-risk).`);
  byId("alarm").textContent = alarms.join(" ");
  byId("alarm").hidden = !alarms.length;
}

function showViews() {
  byId("views").replaceChildren(...Object.entries(VIEWS).map(([view, title]) =>
    h("li", {}, h("a", {
      href: fragmentOf({ ...state, view, claim: undefined, finding: undefined }),
      "aria-current": view === state.view ? "page" : null,
      onclick: (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        change({ view, claim: undefined, finding: undefined }, { push: true });
        // The link that was pressed is drawn anew; the focus stays on it.
        byId("views").querySelector("[aria-current]").focus();
      },
    }, title))));
}

function showSummary() {
  const tile = (title, value, extra = {}) =>
    h("div", { class: `tile ${extra.kind ?? ""}` }, h("span", { class: "number" }, value), h("span", { class: "word" }, extra.kind ? glyph(extra.kind) : null, title));
  const decision = (kind, number) => {
    const on = state.choice.decision.has(kind);
    return h("button", {
      type: "button", class: `tile ${kind}`, "aria-pressed": String(on), title: `Show only: ${DECISIONS[kind]}`,
      onclick: () => {
        change({ view: state.view === "charts" ? "charts" : "queue", choice: { ...state.choice, decision: new Set(on ? [] : [kind]) } });
        byId("summary").querySelector(`button.${kind}`)?.focus();
      },
    }, h("span", { class: "number" }, NUMBER.format(number)), h("span", { class: "word" }, glyph(kind), DECISIONS[kind]));
  };
  const waited = Object.keys(END.not_checked ?? {}).length;
  byId("summary").replaceChildren(...[
    tile("Claims checked", NUMBER.format(END.claims ?? 0)),
    decision("hold", END.hold ?? 0),
    decision("review", END.review ?? 0),
    decision("pass", END.passed ?? 0),
    END.unreadable ? decision("unread", END.unreadable) : null,
    tile("At risk", dollars(END.amount)),
    tile(END.findings === 1 ? "Finding" : "Findings", NUMBER.format(END.findings ?? 0)),
    waited
      ? h("button", { type: "button", class: "tile waited", onclick: () => { change({ view: "unchecked", claim: undefined, finding: undefined }, { push: true }); byId("main").focus(); } },
        h("span", { class: "number" }, NUMBER.format(waited)), h("span", { class: "word" }, waited === 1 ? "Rule waited for a table" : "Rules waited for tables"))
      : null,
  ].filter(Boolean));
}
