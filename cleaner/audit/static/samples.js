// The explorer: samples that can be searched and filtered, some at a time.

const KINDS = {
  removed: "Removed",
  flagged: "Flagged, not removed",
  added: "Newly removed",
  dropped: "No longer removed",
  changed: "Other reason",
};
const FACETS = [
  ["kind", "Kind", (value) => KINDS[value] || value],
  ["category", "Category"],
  ["rule", "Rule"],
  ["language", "Language"],
  ["site", "Site"],
];
const STEP = 20;

function card(item, filter) {
  const chip = (facet) =>
    make("button", { type: "button", class: `chip ${facet}`, title: `Only this ${facet}`, onclick: () => filter({ [facet]: item[facet] }) }, name(item[facet]));
  const facts = [item.language, item.site].filter(Boolean);
  const cues = item.parts.filter(([mask]) => mask & CUE && mask & THIS).length;
  return make(
    "li",
    {},
    make(
      "article",
      { class: `card ${item.kind}` },
      make(
        "header",
        {},
        make("span", { class: `badge ${item.kind}` }, KINDS[item.kind] || item.kind),
        chip("category"),
        chip("rule"),
        make("span", { class: "facts quiet" }, facts.map((fact, index) => [index ? " · " : "", name(fact)])),
      ),
      excerpt(item.parts, item.kind),
      item.inserted ? make("p", { class: "inserted" }, make("span", { class: "quiet" }, "In its place: "), name(item.inserted)) : null,
      make(
        "footer",
        {},
        make("p", { class: "because", dir: "auto" }, item.because, cues ? make("span", { class: "quiet" }, " Its cues are underlined.") : null),
        item.before ? make("p", { class: "because" }, make("span", { class: "quiet" }, "Before: "), name(item.before.rule), " — ", item.before.because) : null,
        make("p", { class: "where quiet" }, name(item.id, "no id"), ` · code points ${count(item.at[0])} to ${count(item.at[1])} · stage `, name(item.stage), ` · weight ${item.weight}`),
      ),
    ),
  );
}

function explorer(samples, about) {
  const chosen = {};
  let words = [];
  let limit = STEP;
  const list = make("ul", { class: "cards" });
  const status = make("p", { class: "status", role: "status" });
  const more = make("button", { type: "button", class: "more", onclick: showMore });
  const search = make("input", { type: "search", id: "search", placeholder: "Words of the text, reason, id …", oninput: typed });
  const clear = make("button", { type: "button", class: "clear", onclick: () => filter({}, true) }, "Clear");
  const used = FACETS.filter(([key]) => new Set(samples.map((item) => item[key] || "")).size > 1);
  const selects = used.map(([key]) => make("select", { id: `by-${key}`, onchange: (event) => filter({ [key]: event.target.value || undefined }) }));

  function haystack(item) {
    item.found ??= [...item.parts.map(([mask, text]) => (mask === LEFT_OUT ? " " : text)), "\n", item.rule, "\n", item.because, "\n", item.id, "\n", item.source].join("").toLowerCase();
    return item.found;
  }

  function fits(item, except) {
    for (const key of Object.keys(chosen)) {
      if (key !== except && chosen[key] !== undefined && (item[key] || "") !== chosen[key]) return false;
    }
    return words.every((word) => haystack(item).includes(word));
  }

  function options() {
    used.forEach(([key, label, show], index) => {
      const counts = new Map();
      for (const item of samples) if (fits(item, key)) counts.set(item[key] || "", (counts.get(item[key] || "") || 0) + 1);
      if (chosen[key] !== undefined && !counts.has(chosen[key])) counts.set(chosen[key], 0);
      const values = [...counts.keys()].sort((a, b) => a.localeCompare(b));
      selects[index].replaceChildren(
        make("option", { value: "" }, `Any ${label.toLowerCase()}`),
        ...values.filter(Boolean).map((value) => make("option", { value }, `${(show ? show(value) : value).replace(UNSEEN, "\ufffd")} (${counts.get(value)})`)),
      );
      selects[index].value = chosen[key] || "";
    });
  }

  function draw() {
    const found = samples.filter((item) => fits(item));
    list.replaceChildren(...found.slice(0, limit).map((item) => card(item, filter)));
    const active = words.length || Object.values(chosen).some((value) => value !== undefined);
    status.textContent = active ? `${count(found.length)} of ${plural(samples.length, "sample")} match.` : `${plural(samples.length, "sample")}.`;
    clear.disabled = !active;
    more.hidden = found.length <= limit;
    more.textContent = `Show ${Math.min(STEP, found.length - limit)} more`;
    options();
  }

  function filter(change, anew) {
    if (anew) {
      for (const key of Object.keys(chosen)) delete chosen[key];
      search.value = "";
      words = [];
    }
    Object.assign(chosen, change);
    limit = STEP;
    draw();
    remember();
  }

  function typed() {
    words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    limit = STEP;
    draw();
  }

  function showMore() {
    const before = list.children.length;
    limit += STEP;
    draw();
    const next = list.children[before];
    if (next) next.querySelector("button").focus();
  }

  // The address of a page keeps its filter, so that it can be handed on.
  function remember() {
    const kept = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== undefined));
    try {
      history.replaceState(null, "", kept.size ? `#samples?${kept}` : "#samples");
    } catch {
      // Some browsers refuse this for files; nothing else depends on it.
    }
  }

  const asked = location.hash.match(/^#samples\?(.*)$/);
  if (asked) {
    for (const [key, value] of new URLSearchParams(asked[1])) if (FACETS.some(([facet]) => facet === key)) chosen[key] = value;
  }
  draw();
  const view = section(
    "samples",
    "Samples",
    about,
    make(
      "form",
      { class: "filters", role: "search", "aria-label": "Samples", onsubmit: (event) => event.preventDefault() },
      make("label", { class: "search" }, make("span", {}, "Search"), search),
      used.map(([, label], index) => make("label", {}, make("span", {}, label), selects[index])),
      clear,
    ),
    status,
    list,
    more,
  );
  return { view, only: (change) => (filter(change, true), jump("samples")) };
}
