// Two runs.

const TITLES = { added: "newly removed", dropped: "no longer removed", changed: "removed for another reason" };

function diffPage(data) {
  const { totals, tables, before, after, sampling } = data;
  const kinds = Object.keys(TITLES);
  const whole = kinds.reduce((sum, kind) => sum + totals[kind].characters, 0);
  const samples = explorer(data.samples, `${plural(data.samples.length, "sample")} from ${plural(kinds.reduce((sum, kind) => sum + totals[kind].spans, 0), "place")} that differ, drawn at random with the seed ${sampling.seed}: up to ${sampling.each} of every rule.`);
  const column = (kind, label) => ({ label, of: (row) => row[kind], show: (row) => (row[kind] ? compact(row[kind]) : make("span", { class: "quiet" }, "–")), number: true, bar: (row) => row[kind], tone: kind });
  const columns = (label, facet) => [
    { label, of: (row) => row.name, show: pick(facet, samples) },
    column("added", "Newly removed"),
    column("dropped", "No longer"),
    column("changed", "Other reason"),
  ];
  const flags = { label: "Flags", of: (row) => row.flagged - row.unflagged, show: (row) => (row.flagged || row.unflagged ? `+${row.flagged} −${row.unflagged}` : "–"), number: true, wide: true };
  const apart = [
    totals.only_before && `${plural(totals.only_before, "document")} only in the first run`,
    totals.only_after && `${plural(totals.only_after, "document")} only in the second run`,
    totals.other_text && `${plural(totals.other_text, "document")} with another original text, which cannot be compared`,
    totals.rejected_before !== totals.rejected_after && `${count(totals.rejected_before)} rejects before, ${count(totals.rejected_after)} after`,
  ].filter(Boolean);
  return [
    masthead("diff", make("span", {}, "From ", name(before.folder), " to ", name(after.folder)), ["pipeline ", name(before.pipeline, "without a name"), " ", make("code", {}, before.digest.slice(0, 12)), " → ", name(after.pipeline, "without a name"), " ", make("code", {}, after.digest.slice(0, 12))]),
    contents([["overview", "Overview"], ...(data.same ? [] : [["where", "By rule and category"], ["samples", "Samples"]]), ["run", "The runs"]]),
    make(
      "main",
      {},
      section(
        "overview",
        "Overview",
        null,
        make(
          "div",
          { class: "hero" },
          data.same
            ? make("p", { class: "headline" }, make("strong", {}, "No difference"), make("span", {}, ` in ${plural(totals.compared, "document")}`))
            : make("p", { class: "headline" }, make("strong", {}, count(totals.differing)), make("span", {}, ` of ${plural(totals.compared, "document")} differ`)),
          whole ? ribbon(kinds.map((kind) => ({ group: kind, value: totals[kind].characters, label: TITLES[kind] })), whole, (part) => compact(part.value)) : null,
        ),
        make(
          "dl",
          { class: "tiles" },
          kinds.map((kind) => tile(compact(totals[kind].characters), TITLES[kind].replace(/^./, (letter) => letter.toUpperCase()), `characters, ${plural(totals[kind].spans, "place")}`)),
          tile(`+${compact(totals.flagged)} −${compact(totals.unflagged)}`, "Flags", "more and less"),
        ),
        apart.length ? make("div", { class: "warning" }, make("ul", {}, apart.map((line) => make("li", {}, line)))) : null,
      ),
      data.same
        ? null
        : section(
            "where",
            "By rule and category",
            "Characters. A text that another rule takes than before counts under the rule that takes it now.",
            table("By category", columns("Category", "category"), tables.category, { id: "by-categories", first: 20, class: "three", shared: true }),
            table("By rule", [...columns("Rule", "rule"), flags], tables.rule, { id: "by-rules", search: "Find a rule", first: 15, class: "three", shared: true }),
            table("By language", columns("Language", "language"), tables.language, { id: "by-languages", first: 10, class: "three", shared: true }),
          ),
      data.same ? null : samples.view,
      identity("run", "The runs", [before, after]),
    ),
  ];
}
