// What is shown, kept in the fragment of the address, so that a view can be bookmarked and Back closes a claim.

const VIEWS = { queue: "Work queue", charts: "Charts", unchecked: "Not checked", rules: "Rules" };

const PER_PAGE = 100;

function defaultState() {
  return {
    view: "queue", rows: "claims", sort: "dollars", q: "", page: 1,
    suppressed: false, clean: false, choice: emptyChoice(), claim: undefined, finding: undefined,
  };
}

let state = defaultState();

function fragmentOf(wanted) {
  const usual = defaultState();
  const parameters = new URLSearchParams();
  for (const name of ["view", "rows", "sort", "q", "page"]) {
    if (wanted[name] !== usual[name]) parameters.set(name, wanted[name]);
  }
  for (const name of ["suppressed", "clean"]) if (wanted[name]) parameters.set(name, "shown");
  for (const facet of FACETS) for (const value of wanted.choice[facet.name]) parameters.append(facet.name, value);
  if (wanted.claim !== undefined) parameters.set("claim", wanted.claim + 1);
  if (wanted.finding !== undefined) parameters.set("finding", wanted.finding + 1);
  return `#${parameters}`;
}

/** The state that a fragment describes; what it says wrongly is as if it were not said. */
function stateFrom(fragment) {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  const wanted = defaultState();
  const oneOf = (name, known) => {
    if (Object.hasOwn(known, parameters.get(name) ?? "")) wanted[name] = parameters.get(name);
  };
  oneOf("view", VIEWS);
  oneOf("rows", { claims: true, findings: true });
  oneOf("sort", SORTS);
  wanted.q = parameters.get("q") ?? "";
  wanted.page = positive(parameters.get("page")) ?? 1;
  wanted.suppressed = parameters.get("suppressed") === "shown";
  wanted.clean = parameters.get("clean") === "shown";
  for (const facet of FACETS) wanted.choice[facet.name] = new Set(parameters.getAll(facet.name));
  const claim = positive(parameters.get("claim"));
  if (claim !== undefined && claim <= CLAIMS.length) wanted.claim = claim - 1;
  const finding = positive(parameters.get("finding"));
  if (finding !== undefined) wanted.finding = finding - 1;
  return wanted;
}

function positive(text) {
  return /^[1-9][0-9]{0,8}$/.test(text ?? "") ? Number(text) : undefined;
}

/** Show something else. `push` makes it a step that Back undoes. */
function change(values, { push = false } = {}) {
  const refiltered = ["rows", "sort", "q", "suppressed", "clean", "choice"].some((name) => name in values);
  state = { ...state, ...(refiltered && !("page" in values) ? { page: 1 } : {}), ...values };
  history[push ? "pushState" : "replaceState"](null, "", fragmentOf(state));
  show();
}

function choose(facet, value, on) {
  const wanted = new Set(state.choice[facet]);
  if (on) wanted.add(value);
  else wanted.delete(value);
  change({ choice: { ...state.choice, [facet]: wanted } });
}

function anyChoice() {
  return state.q !== "" || FACETS.some((facet) => state.choice[facet.name].size);
}
