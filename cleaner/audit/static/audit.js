// A run, and what all pages have in common.

const APPEALS = "Appeals: the site asks the reader for something";
const FURNITURE = "Furniture: what the site puts round every article";

function masthead(kind, title, facts) {
  const toggle = make("button", { type: "button", class: "theme", onclick: turn }, "Light or dark");
  return make(
    "header",
    { class: "masthead" },
    make("div", { class: "brand" }, make("span", { class: "sign", "aria-hidden": "true" }, "⟦ ⟧"), make("span", {}, "cleaner ", kind), toggle),
    make("h1", {}, title),
    make("p", { class: "facts" }, facts),
  );
}

function contents(sections) {
  return make("nav", { class: "contents", "aria-label": "Parts of this page" }, make("ul", {}, sections.map(([id, label]) => make("li", {}, make("a", { href: `#${id}`, onclick: (event) => (event.preventDefault(), jump(id)) }, label)))));
}

function turn() {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
}

// One bar for the whole text: what stayed and what went, by group.
function ribbon(parts, whole, show) {
  const shown = parts.filter((part) => part.value > 0);
  return make(
    "figure",
    { class: "ribbon" },
    make("div", { class: "strip", "aria-hidden": "true" }, shown.map((part) => make("span", { class: part.group, "--part": part.value / whole }))),
    make("figcaption", {}, make("ul", {}, shown.map((part) => make("li", { class: part.group }, make("span", { class: "dot", "aria-hidden": "true" }), make("strong", {}, show ? show(part) : percent(part.value, whole)), ` ${part.label}`)))),
  );
}

// The name of a table's row: where there are samples of it, a button that shows them.
function pick(facet, samples) {
  return (row) => {
    if (row.others) return make("span", { class: "quiet" }, `${count(row.others)} others`);
    if (!facet || row.name === null || row.name === "") return name(row.name);
    return make("button", { type: "button", class: "pick", title: "Show its samples", onclick: () => samples.only({ [facet]: row.name }) }, name(row.name));
  };
}

function auditPage(data) {
  const { totals, tables, run, sampling } = data;
  const kept = totals.characters - totals.removed;
  const group = (wanted) => tables.category.filter((row) => row.group === wanted).reduce((sum, row) => sum + row.removed, 0);
  const some = data.samples.some((item) => item.kind === "flagged");
  const samples = explorer(
    data.samples,
    `${plural(data.samples.length, "sample")} from ${plural(totals.removals, "removal")} and ${plural(totals.flags, "flag")}, drawn at random with the seed ${sampling.seed}: up to ${sampling.each} of every rule. ${some ? "Flagged texts are near misses: the run left them in." : ""}`,
  );
  const named = (label, facet) => ({ label, of: (row) => row.name, show: pick(facet, samples) });
  const removed = { label: "Characters", of: (row) => row.removed, show: (row) => compact(row.removed), number: true, bar: (row) => row.removed };
  const removals = { label: "Removals", of: (row) => row.removals, number: true, wide: true };
  const flags = { label: "Flags", of: (row) => row.flags, number: true, wide: true };
  const documents = { label: "Documents", of: (row) => row.documents, number: true, wide: true };
  const share = { label: "Share lost", of: (row) => (row.characters ? row.removed / row.characters : 0), show: (row) => percent(row.removed, row.characters), number: true, bar: (row) => (row.characters ? row.removed / row.characters : 0) };
  const drawn = new Map();
  for (const item of data.samples) drawn.set(item.rule, (drawn.get(item.rule) || 0) + 1);
  const sampled = { label: "Samples", of: (row) => drawn.get(row.name) || 0, show: (row) => (row.others ? "" : `${drawn.get(row.name) || 0} of ${compact(row.removals + row.flags)}`), number: true, wide: true };
  // Where every document is an input of its own, a table of inputs would only list documents.
  const places = ["language", "site", ...(2 * totals.sources <= totals.cleaned ? ["source"] : [])].filter((column) => tables[column].length > 1 || (column === "language" && tables[column][0]?.name));
  const title = { language: "By language", site: "By site", source: "By input" };
  const parts = [["overview", "Overview"], ["taken", "What was taken"], ["samples", "Samples"], ["documents", "Documents"], ...(data.guarded.length ? [["guarded", "Guarded"]] : []), ...(totals.rejected ? [["rejects", "Rejects"]] : []), ["run", "The run"]];
  return [
    masthead("audit", make("span", {}, "What the run “", name(run.folder), "” removed"), [run.started ? `${run.started.slice(0, 10)} · ` : "", "pipeline ", name(run.pipeline, "without a name"), " ", make("code", {}, run.digest.slice(0, 12)), ` · cleaner ${run.version}`]),
    contents(parts),
    make(
      "main",
      {},
      run.finished ? null : make("p", { class: "warning" }, "This run was not finished: its folder has no run.json. What follows is what its ledgers hold."),
      run.pipelines.length > 1 ? make("p", { class: "warning" }, `The ledgers come from ${run.pipelines.length} different pipelines or versions; see the end of the page.`) : null,
      run.read !== null && run.read !== totals.read ? make("p", { class: "warning" }, `run.json counts ${count(run.read)} records read, the ledgers and rejects ${count(totals.read)}.`) : null,
      section(
        "overview",
        "Overview",
        null,
        make("div", { class: "hero" }, make("p", { class: "headline" }, make("strong", {}, percent(totals.removed, totals.characters)), make("span", {}, ` of ${compact(totals.characters)} characters were removed`)),
          ribbon([{ group: "appeals", value: group("appeals"), label: "appeals" }, { group: "furniture", value: group("furniture"), label: "furniture" }, { group: "kept", value: kept, label: "kept" }], totals.characters)),
        make(
          "dl",
          { class: "tiles" },
          tile(compact(totals.read), "Documents read", `${compact(totals.edited)} lost something`),
          tile(compact(totals.removals), "Removals", `by ${plural(totals.rules, "rule")}`),
          tile(compact(totals.flags), "Flags", "near misses, left in"),
          tile(compact(totals.guarded), "Guarded", "would have lost too much"),
          tile(compact(totals.rejected), "Rejects", "could not be cleaned", totals.rejected ? "bad" : ""),
        ),
        make("div", { class: "board" }, make("div", { class: "board-head" }, make("h3", {}, "Documents by the share that they lost")), histogram(data.shares), make("p", { class: "axis", "aria-hidden": "true" }, "% of the document's characters removed")),
      ),
      section(
        "taken",
        "What was taken",
        `Choose a name to see its samples. Closed blank lines and Markdown signs (${compact(totals.formatting)} characters) are not counted.`,
        make("div", { class: "legend" }, make("span", { class: "appeals" }, make("span", { class: "dot" }), APPEALS), make("span", { class: "furniture" }, make("span", { class: "dot" }), FURNITURE)),
        table("By category", [named("Category", "category"), removed, removals, flags, documents], tables.category, { id: "by-categories", first: 20 }),
        table("By rule", [named("Rule", "rule"), removed, removals, flags, sampled], tables.rule, { id: "by-rules", search: "Find a rule", first: 15 }),
        make("div", { class: "pair" }, places.map((column) => table(title[column], [named(title[column].slice(3).replace(/^./, (letter) => letter.toUpperCase()), column === "source" ? null : column), share, { ...removed, bar: null, wide: true }, documents], tables[column], { id: `by-${column}s`, first: 10 }))),
      ),
      samples.view,
      section("documents", "Documents", data.documents.length ? "Those that lost the largest shares. The first can be opened, with all that went marked." : "No document lost anything.", make("ul", { class: "papers" }, data.documents.map((item) => paper(item, "removed", percent(item.removed, item.characters))))),
      data.guarded.length ? section("guarded", "Guarded documents", `${data.guarded.length} of ${plural(totals.guarded, "document")} that would have lost so much that the guard kept all of it; what would have gone is marked.`, make("ul", { class: "papers" }, data.guarded.map((item) => paper(item, "flagged", null)))) : null,
      totals.rejected ? rejects(data.rejects, totals.rejected) : null,
      identity("run", "The run", [run]),
    ),
  ];
}

function paper(item, kind, share) {
  const facts = [item.language, item.site].filter(Boolean);
  const head = [
    make("span", { class: "share" }, share || "kept"),
    make("span", { class: "title" }, name(item.id, "no id")),
    make("span", { class: "facts quiet" }, facts.map((fact, index) => [index ? " · " : "", name(fact)]), item.removals === undefined ? null : `${facts.length ? " · " : ""}${plural(item.removals, "removal")}`),
    item.guard ? make("span", { class: "because" }, item.guard) : null,
  ];
  if (!item.parts.length) return make("li", {}, make("div", { class: "paper flat" }, head));
  const details = make("details", { class: "paper" }, make("summary", {}, head));
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(reading(excerpt(item.parts, kind), "The document")));
  return make("li", {}, details);
}

// A text that scrolls can be reached and scrolled by keyboard.
function reading(block, label) {
  for (const [key, value] of Object.entries({ tabindex: "0", role: "region", "aria-label": label })) block.setAttribute(key, value);
  return block;
}

function rejects(found, all) {
  return section(
    "rejects",
    "Rejects",
    `${plural(all, "record")} could not be cleaned and lie whole in the folder rejects; ${found.records.length} of them, drawn at random:`,
    table("By reason", [{ label: "Reason", of: (row) => row.reason }, { label: "Records", of: (row) => row.records, number: true, bar: (row) => row.records }], found.reasons, { id: "by-reasons" }),
    make("ul", { class: "papers" }, found.records.map((item) => make("li", {}, make("details", { class: "paper" }, make("summary", {}, make("span", { class: "share" }, name(item.stage)), make("span", { class: "title" }, name(item.id || item.source)), make("span", { class: "facts quiet" }, `record ${item.record}`), make("span", { class: "because" }, name(item.reason))), reading(make("div", { class: "text raw", dir: "auto" }, visible(item.raw)), "The record"), item.traceback ? make("pre", { tabindex: "0" }, visible(item.traceback)) : null)))),
  );
}

function identity(id, title, runs) {
  const line = (term, value) => make("div", {}, make("dt", {}, term), make("dd", {}, value));
  return section(
    id,
    title,
    null,
    runs.map((run) =>
      make(
        "dl",
        { class: "identity board" },
        line("Folder", name(run.folder)),
        line("Version", name(run.version)),
        line("Pipeline", [name(run.pipeline, "no name"), " ", make("code", {}, run.digest)]),
        run.started ? line("Started", [run.started, run.seconds === null ? "" : `, took ${count(Math.round(run.seconds))} seconds`]) : null,
        run.pipelines.length > 1 ? line("In the ledgers", make("ul", {}, run.pipelines.map((each) => make("li", {}, make("code", {}, (each.pipeline || "").slice(0, 12)), ` version ${each.version}: ${plural(each.documents, "document")}`)))) : null,
        run.inputs.length ? line("Inputs", [make("ul", {}, run.inputs.slice(0, 12).map((input) => make("li", {}, name(input.path), make("span", { class: "quiet" }, ` ${input.format}, ${compact(input.bytes)} bytes`)))), run.inputs_in_all > 12 ? make("p", { class: "quiet" }, `and ${count(run.inputs_in_all - Math.min(12, run.inputs.length))} more`) : null]) : null,
      ),
    ),
  );
}
