// The flow of a review: which item shows, what keys and buttons do. A verdict shows only once the server has it on disk.

import { get, post } from "./api.js";
import { chooseCategory, showResults } from "./dialogs.js";
import { $, say } from "./dom.js";
import * as form from "./filter.js";
import * as marking from "./marking.js";
import * as panel from "./panel.js";
import { alone, busy, pause } from "./turns.js";
import { draw, selected, show } from "./view.js";

let overview = null;
let items = []; // [place, verdict]
let position = 0;
let item = null; // what shows
let ahead = { place: "", answer: null };
let wanted = {};
let drawing = 0;
let growing = false; // whether the queue is still being drawn
let waiting = false; // whether nothing is done but to wait for it
const sites = new Set();

function fetched(place, whole) {
  if (!whole && ahead.place === place) return ahead.answer;
  return get("item", whole ? { item: place, whole: 1 } : { item: place });
}

function lookAhead() {
  const next = items[position + 1]?.[0];
  ahead = { place: "", answer: null };
  if (!next) return;
  ahead = { place: next, answer: get("item", { item: next }) };
  ahead.answer.catch(() => { ahead = { place: "", answer: null }; });
}

async function open(place, { whole = false, fresh = false } = {}) {
  if (fresh) ahead = { place: "", answer: null };
  item = await fetched(place, whole);
  if (marking.marking()) marking.end();
  drawItem();
  lookAhead();
}

async function go(to) {
  if (!items.length) return;
  position = Math.max(0, Math.min(items.length - 1, to));
  await open(items[position][0]);
  announce();
}

function drawItem() {
  if (item.site && !sites.has(item.site)) {
    sites.add(item.site);
    form.options($("sites"), [item.site]);
  }
  panel.heading(item);
  panel.verdict(item);
  panel.facts(item);
  panel.siblings(item, { open: openSibling, takeBack });
  draw(item, { choose: openSibling, remove: takeBack, whole: () => alone(() => open(item.item, { whole: true })) });
  panel.progress(items, position, item);
}

function announce(before = "") {
  say(before, { more: `Item ${position + 1} of ${items.length}. ${$("what").textContent}. ${$("quote").textContent}` });
}

const openSibling = (place) => alone(async () => {
  const known = items.findIndex(([one]) => one === place);
  if (known >= 0) position = known;
  await open(place, { fresh: true });
  say("", { more: `${$("what").textContent}. ${$("quote").textContent}` });
});

async function judge(verdict) {
  let category = "";
  if (verdict === "category") {
    category = await chooseCategory(overview, "As what did it have to go?", $("quote").textContent, item.category);
    if (!category) return;
  }
  const { mine, others } = await post("decide", { item: item.item, verdict, category });
  const known = items.findIndex(([place]) => place === item.item);
  if (known >= 0) items[known][1] = verdict;
  item.mine = item.spans[item.item].mine = mine;
  item.others = others;
  const differing = others.filter(([, ...what]) => what[0] !== mine[0] || what[1] !== mine[1]).map(([who, ...what]) => `${who} said ${panel.verdictOf(what)}. `).join("");
  let next = nextOpen(known >= 0 ? known : position);
  waiting = true;
  for (; next < 0 && growing; next = nextOpen(position)) await pause(100);
  waiting = false;
  if (next < 0) {
    drawItem();
    say(`${differing}All ${items.length} items are judged. S shows the results.`);
    return;
  }
  position = next;
  // What the document of the next item says of this one has changed, where both stand in one document.
  await open(items[position][0], { fresh: item.item.split(".").slice(0, 2).join() === items[position][0].split(".").slice(0, 2).join() });
  announce(`Judged: ${category || panel.VERDICTS[verdict]}. ${differing}`);
}

function nextOpen(from) {
  for (let step = 1; step <= items.length; step += 1) {
    const place = (from + step) % items.length;
    if (!items[place][1]) return place;
  }
  return -1;
}

async function undo() {
  const { undone, item: place } = await post("undo");
  if (!undone) {
    say("There is nothing to take back.");
    return;
  }
  await refresh(place);
  say(`Taken back: ${panel.VERDICTS[undone] ?? undone}.`);
}

// Reads anew what was judged, and shows `place`, or what showed before.
async function refresh(place = "") {
  const shown = place || item.item;
  await load(false);
  const known = items.findIndex(([one]) => one === shown);
  if (known >= 0) position = known;
  await open(shown, { fresh: true });
}

const takeBack = (key) => alone(async () => {
  await post("undo", { number: item.spans[key].number });
  await refresh();
  say("Taken back: the missed appeal.");
});

async function markMissed() {
  const chosen = selected();
  if (!chosen) return;
  const category = await chooseCategory(overview, "What was missed?", chosen.text);
  if (!category) return;
  await post("missed", { item: item.item, start: chosen.start, end: chosen.end, category });
  marking.end();
  const top = $("document").scrollTop;
  await open(item.item, { fresh: true, whole: item.shown[1] - item.shown[0] === item.length });
  $("document").scrollTop = top;
  say(`Marked as missed: ${category}.`);
}

async function markRead() {
  if (item.read) {
    say("This document is already marked as read. Z takes the last decision back.");
    return;
  }
  await post("read", { item: item.item });
  item.read = true;
  panel.verdict(item);
  ahead = { place: "", answer: null };
  say("All that is unmarked in this document belongs to the article.");
}

// The queue. Where it is still being drawn, it is asked for again until it is whole.
async function load(restart = true) {
  const { show: shown, ...filter } = wanted;
  drawing += 1;
  const own = drawing;
  let answer = await get("queue", filter);
  for (let tries = 0; !answer.items.length && answer.share < 1 && own === drawing; tries += 1) {
    say(`Looking for what you want: ${Math.floor(100 * answer.share)} % of the ledger read.`);
    await pause(tries < 10 ? 100 : 500);
    answer = await get("queue", filter);
  }
  if (own !== drawing) return;
  take(answer, shown);
  growing = answer.share < 1;
  if (growing) later(filter, shown, own);
  if (!restart) return;
  if (!items.length) {
    nothing();
    return;
  }
  const first = items.findIndex(([, verdict]) => !verdict);
  await go(first < 0 ? 0 : first);
}

function take(answer, shown) {
  const current = items[position]?.[0];
  items = answer.items.filter(([, verdict]) => !shown || (shown === "open" ? !verdict : verdict === shown));
  const known = items.findIndex(([place]) => place === current);
  position = Math.max(0, known);
  const note = answer.failure ? answer.failure : answer.total === null ? "" : `${answer.total.toLocaleString("en")} in all`;
  $("count").title = note;
}

// Takes what the queue grows by, until it is whole.
async function later(filter, shown, own) {
  for (let tries = 0; own === drawing; tries += 1) {
    await pause(tries < 10 ? 200 : 1000);
    let answer = null;
    try {
      answer = await get("queue", filter);
    } catch {
      return;
    }
    if (own !== drawing) return;
    if (busy() && !waiting) continue;
    take(answer, shown);
    panel.progress(items, position, item);
    if (answer.share === 1) {
      growing = false;
      return;
    }
  }
}

function nothing() {
  item = null;
  panel.nothing();
  panel.progress(items, position, item);
  say("Nothing matches.");
}

function refilter() {
  wanted = form.read();
  return alone(() => load());
}

const acts = {
  r: () => judge("right"),
  w: () => judge("wrong"),
  u: () => judge("unsure"),
  c: () => judge("category"),
  z: undo,
  ArrowLeft: () => go(position - 1),
  ArrowRight: () => go(position + 1),
  d: markRead,
  m: async () => marking.begin(item),
  o: async () => show(),
  s: async () => showResults(await get("results")),
};
const always = new Set(["s", "z"]);
const doing = (key) => alone(async () => (item || always.has(key)) && acts[key]());

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (marking.marking()) {
    if (marking.key(event, () => alone(markMissed))) event.preventDefault();
    return;
  }
  if (event.target.closest("input, select, textarea") || !$("keys-on").checked || event.repeat) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.shiftKey && key !== "?") return;
  if (key === "f") form.toggle();
  else if (key === "?") $("help").showModal();
  else if (acts[key]) doing(key);
  else return;
  event.preventDefault();
}

function wire() {
  document.addEventListener("keydown", pressed);
  for (const button of $("verdicts").querySelectorAll("button")) {
    button.addEventListener("click", () => doing({ right: "r", wrong: "w", unsure: "u", category: "c" }[button.dataset.verdict]));
  }
  const buttons = { previous: "ArrowLeft", next: "ArrowRight", undo: "z", read: "d", "results-button": "s" };
  for (const [id, key] of Object.entries(buttons)) $(id).addEventListener("click", () => doing(key));
  $("mark").addEventListener("click", () => (selected() ? alone(markMissed) : doing("m")));
  // Pressing the tool must not take the selection away.
  for (const id of ["selection-mark", "mark"]) $(id).addEventListener("pointerdown", (event) => event.preventDefault());
  $("selection-mark").addEventListener("click", () => alone(markMissed));
  document.addEventListener("selectionchange", () => !marking.marking() && marking.offer());
  $("document").addEventListener("scroll", () => { $("selection-tool").hidden = true; }, { passive: true });
  addEventListener("resize", () => item && !marking.marking() && show());
  $("filter-button").addEventListener("click", form.toggle);
  $("help-button").addEventListener("click", () => $("help").showModal());
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); refilter(); });
  $("filters").addEventListener("reset", () => setTimeout(refilter));
  $("keys-on").checked = localStorage.getItem("keys") !== "off";
  $("keys-on").addEventListener("change", () => localStorage.setItem("keys", $("keys-on").checked ? "on" : "off"));
  if (matchMedia("(max-width: 860px)").matches) $("reasons").open = false;
}

async function begin() {
  // Asked for both at once: the first screen should not wait for one after the other.
  const [answer] = await Promise.all([get("overview"), load()]);
  overview = answer;
  panel.run(overview);
  form.options($("filters").elements.category, [...overview.appeals, ...overview.furniture]);
  form.options($("filters").elements.language, overview.languages);
  form.options($("rules"), overview.rules);
}

wire();
alone(begin);
