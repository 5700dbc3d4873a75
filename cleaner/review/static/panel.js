// Draws what stands round the document: what an item is, what was said of it, its facts, its neighbours, how far one is.

import { $, element, shortened } from "./dom.js";

export const VERDICTS = { right: "right", wrong: "wrong", unsure: "unsure", category: "other category" };
const CELLS = 240;

export const verdictOf = ([verdict, category]) => (verdict === "category" ? category : VERDICTS[verdict] ?? verdict);

export function heading(item) {
  const where = new Set([item.site || item.source, shortened(item.id, 60), item.language === "unknown" ? "" : item.language]);
  $("where").replaceChildren(...[...where].filter(Boolean).map((text) => element("bdi", {}, text)));
  $("what").replaceChildren(item.kind === "flag" ? "Flagged as " : "Removed as ", element("em", { class: item.kind }, item.category));
  $("because").textContent = item.because;
  const own = item.lines.map((line) => line.filter(([, , keys]) => keys.includes(item.item)).map(([, text]) => text).join(""));
  $("quote").textContent = shortened(own.filter(Boolean).join(" "), 400);
}

export function verdict(item) {
  for (const button of $("verdicts").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === item.mine[0]));
  }
  const chosen = $("verdicts").querySelector("[data-verdict=category] small");
  chosen.textContent = `it had to go, as ${item.mine[0] === "category" ? item.mine[1] : "…"}`;
  $("others").replaceChildren(...item.others.map(([who, ...what]) => element("span", { class: what[0] === item.mine[0] && what[1] === item.mine[1] ? "same" : "differs" }, `${who}: ${verdictOf(what)}`)));
  $("read").setAttribute("aria-pressed", String(item.read));
}

export function facts(item) {
  const rows = [
    ["Rule", element("code", {}, item.rule)],
    ["Stage", `${item.stage}, weight ${item.weight}`],
    ["Place", `characters ${item.start.toLocaleString("en")} to ${item.end.toLocaleString("en")} of ${item.length.toLocaleString("en")}`],
  ];
  if (item.cues.length) rows.splice(1, 0, ["Cues", element("ul", { class: "cues" }, ...item.cues.map((cue) => element("li", { dir: "auto" }, shortened(cue, 120))))]);
  if (item.inserted) rows.push(["In its place", element("bdi", {}, shortened(item.inserted, 200))]);
  $("facts").replaceChildren(...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

export function siblings(item, { open, takeBack }) {
  const entries = Object.entries(item.spans);
  const missed = entries.filter(([, span]) => span.kind === "missed");
  const edits = entries.filter(([, span]) => span.kind === "edit").length;
  const flags = entries.length - missed.length - edits;
  $("siblings-count").textContent = `In this document: ${edits} removed, ${flags} flagged, ${missed.length} marked as missed`;
  $("siblings-list").replaceChildren(...entries.slice(0, 400).map(([key, span]) => {
    const state = span.kind === "missed" ? "missed; take back" : span.mine[0] ? verdictOf(span.mine) : span.kind === "flag" ? "flag" : "";
    const act = span.kind === "missed" ? () => takeBack(key) : () => open(key);
    return element("li", {}, element("button", { type: "button", onclick: act, "aria-current": key === item.item ? "true" : null },
      element("span", {}, span.category), element("small", {}, state)));
  }));
}

export function progress(items, position, item) {
  const judged = items.filter(([, verdict]) => verdict).length;
  const place = items[position]?.[0] === item?.item ? `${position + 1}` : "–";
  $("count").textContent = items.length ? `Item ${place} of ${items.length} · ${judged} judged` : "Nothing to judge";
  const size = Math.max(1, Math.ceil(items.length / CELLS));
  const cells = [];
  for (let start = 0; start < items.length; start += size) {
    const part = items.slice(start, start + size);
    const verdict = part.every((one) => one[1]) ? part[0][1] : "";
    const here = position >= start && position < start + size;
    cells.push(element("i", { class: `${verdict}${here ? " here" : ""}` }));
  }
  $("strip").replaceChildren(...cells);
}

export function nothing() {
  $("text").replaceChildren(element("p", { class: "nothing" }, "Nothing matches. Clear the filter, or draw more items with --sample."));
  $("what").textContent = "Nothing to judge";
  for (const id of ["where", "because", "quote", "facts", "siblings-list", "siblings-count", "others"]) $(id).replaceChildren();
}

export function run(overview) {
  const name = overview.run.split(/[\\/]/).filter(Boolean).at(-1) ?? overview.run;
  $("run").replaceChildren(element("bdi", {}, name), ` · ${overview.pipeline} · `, element("bdi", {}, overview.reviewer));
  $("run").title = `${overview.run}, pipeline ${overview.pipeline} ${overview.digest.slice(0, 12)}, cleaner ${overview.version}; decisions: ${overview.decisions}`;
  document.title = `Review of ${name}`;
}
