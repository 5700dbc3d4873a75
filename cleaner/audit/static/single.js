// One document, with all that the stages said of it.

const FATES = {
  removed: "removed",
  "removed in part": "removed",
  flagged: "flagged",
  "kept the text": "kept",
  "kept by the policy": "kept",
  overruled: "other",
  "a sign only": "other",
};

function explainPage(data) {
  const { document: paper, pipeline, verdicts } = data;
  const spans = verdicts.map(() => []);
  const text = make("div", { class: "text document", dir: "auto" });
  for (const [numbers, mask, content] of data.pieces) {
    const tone = mask & 1 ? "removed" : mask & 2 ? "flagged" : mask & 4 ? "gapped" : numbers.length ? "said" : "";
    const piece = make(mask & 1 ? "del" : mask & 2 ? "mark" : "span", { class: tone ? `piece ${tone}` : null }, visible(content));
    for (const number of numbers) spans[number].push(piece);
    if (numbers.length) piece.addEventListener("click", () => choose(numbers[numbers.length - 1], false));
    text.append(piece);
  }

  const items = verdicts.map((verdict, number) => {
    const show = make("button", { type: "button", class: "pick", onclick: () => choose(number, true) }, `Show in the text`);
    show.append(make("span", { class: "unheard" }, `: code points ${verdict.at[0]} to ${verdict.at[1]}`));
    return make(
      "li",
      { class: `verdict ${FATES[verdict.state]}` },
      make("p", {}, make("span", { class: `badge ${FATES[verdict.state]}` }, verdict.state), " ", make("strong", {}, name(verdict.category || "all")), verdict.action === "drop" ? null : make("span", { class: "quiet" }, ` ${verdict.action}`)),
      make("p", { class: "rule" }, name(verdict.rule)),
      make("p", { class: "because" }, verdict.because),
      verdict.cues.length ? make("p", { class: "because" }, make("span", { class: "quiet" }, "Cues: "), verdict.cues.map((cue, index) => [index ? ", " : "", make("q", {}, name(cue))])) : null,
      verdict.by ? make("p", { class: "because" }, make("span", { class: "quiet" }, verdict.state === "overruled" ? "Overruled by " : "Shares its text with "), name(verdict.by)) : null,
      make("p", { class: "where quiet" }, `stage ${verdict.stage} · weight ${verdict.weight} · ${count(verdict.at[0])}–${count(verdict.at[1])} · `, show),
    );
  });

  function choose(number, scroll) {
    for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
    items[number].hidden = false;
    items[number].classList.add("chosen");
    for (const piece of spans[number]) piece.classList.add("chosen");
    const target = scroll ? spans[number][0] : items[number];
    if (target) target.scrollIntoView({ block: "center" });
    status.textContent = `Verdict of ${verdicts[number].stage}: ${verdicts[number].state}.`;
  }

  const states = [...new Set(verdicts.map((verdict) => verdict.state))];
  const status = make("p", { class: "unheard", role: "status" });
  const chooser = make("select", { id: "by-state", onchange: () => items.forEach((item, index) => (item.hidden = Boolean(chooser.value) && verdicts[index].state !== chooser.value)) }, make("option", { value: "" }, `All ${count(verdicts.length)}`), states.map((state) => make("option", { value: state }, `${state} (${verdicts.filter((verdict) => verdict.state === state).length})`)));

  return [
    masthead("explain", name(paper.id), [`language ${paper.language || "not known"} · pipeline `, name(pipeline.name, "without a name"), " ", make("code", {}, pipeline.digest.slice(0, 12)), ` · cleaner ${pipeline.version}`]),
    make(
      "main",
      {},
      section(
        "overview",
        "Overview",
        null,
        paper.guard ? make("p", { class: "warning" }, `The guard kept this document: ${paper.guard}`) : null,
        make(
          "dl",
          { class: "tiles" },
          tile(percent(paper.removed, paper.characters), "Removed", `of ${count(paper.characters)} characters`),
          tile(count(paper.removals), "Removals"),
          tile(count(paper.flags), "Flags", "left in the text"),
          tile(count(verdicts.length), "Verdicts", "the overruled too"),
        ),
      ),
      make(
        "div",
        { class: "beside" },
        section("text", "The text", null, make("div", { class: "legend" }, make("span", {}, make("del", { class: "piece removed" }, "removed")), make("span", {}, make("mark", { class: "piece flagged" }, "flagged")), make("span", {}, make("span", { class: "piece said" }, "judged, but kept"))), make("div", { class: "board" }, text)),
        section("verdicts", "Verdicts", null, make("form", { class: "filters", onsubmit: (event) => event.preventDefault() }, make("label", {}, make("span", {}, "Show"), chooser)), status, verdicts.length ? make("ol", { class: "verdicts", tabindex: "0", "aria-label": "Verdicts" }, items) : make("p", { class: "quiet" }, "No stage said anything of this document.")),
      ),
    ),
  ];
}
