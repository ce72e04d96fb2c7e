// Putting it together: what is drawn after each change, and the keys that work everywhere.

function show() {
  refresh();
  showViews();
  showSummary();
  const filtered = state.view === "queue" || state.view === "charts";
  for (const view of Object.keys(VIEWS)) byId(view).hidden = state.view !== view;
  byId("filters").hidden = !filtered;
  document.body.dataset.view = state.view;
  if (filtered) showFilters();
  if (state.view === "queue") {
    showTools();
    showFound();
    showChips();
    showRows();
    showClaim();
  } else {
    document.body.classList.remove("with-claim");
  }
  if (state.view === "charts") showCharts();
  if (state.view === "unchecked") showUnchecked();
  if (state.view === "rules") showRules();
}

function fromAddress() {
  const before = state.claim;
  state = stateFrom(location.hash);
  show();
  if (before !== undefined && state.claim === undefined && state.view === "queue") focusRow(cursor);
}

function onKey(event) {
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
  const typing = event.target.closest?.("input[type=search], select");
  if (event.key === "Escape" && !typing) {
    if (document.body.classList.contains("with-filters")) {
      toggleFilters();
    } else closeClaim();
  } else if ((event.key === "j" || event.key === "k") && event.target.closest?.("#claim")) {
    goTo(openedRow() + (event.key === "j" ? 1 : -1));
    byId("claim").querySelector("h2").focus();
  }
}

byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  change({ view: "queue" });
  if (rowElement(cursor)) focusRow(cursor);
  else byId("main").focus();
});
addEventListener("popstate", fromAddress);
addEventListener("beforeprint", preparePrint);
addEventListener("afterprint", clearPrint);
document.addEventListener("keydown", onKey);

byId("loading").remove();
showHeader();
makeTools();
fromAddress();
