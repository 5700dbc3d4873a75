// Shows a document, and tells places in it: offsets are code points of the original text.

import { $, element } from "./dom.js";

// Signs that turn the order of the text round, or are not seen: shown by name instead, so that they act on nothing.
const CONTROL = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;
const NAMES = { "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI" };

const nameOf = (sign) => NAMES[sign] ?? `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

const points = (text) => {
  let count = 0;
  for (let place = 0; place < text.length; count += 1) place += text.codePointAt(place) > 0xffff ? 2 : 1;
  return count;
};

const unitsOf = (text, count) => {
  let place = 0;
  for (let left = count; left > 0 && place < text.length; left -= 1) place += text.codePointAt(place) > 0xffff ? 2 : 1;
  return place;
};

let leaves = []; // { node, start, count, control }: every text node in the order of the text

function leaf(parent, text, start, control = false) {
  const node = document.createTextNode(text);
  parent.append(node);
  leaves.push({ node, start, count: control ? 1 : points(text), control });
  return leaves.at(-1).count;
}

function fill(parent, text, start) {
  let place = 0;
  let offset = start;
  for (const match of text.matchAll(CONTROL)) {
    if (match.index > place) offset += leaf(parent, text.slice(place, match.index), offset);
    const sign = element("span", { class: "control", title: "A control character; it has no effect here." });
    leaf(sign, nameOf(match[0]), offset, true);
    parent.append(sign);
    offset += 1;
    place = match.index + 1;
  }
  if (place < text.length || !text) leaf(parent, text.slice(place), offset);
}

function classesOf(keys, item) {
  const names = new Set();
  const missed = keys.find((key) => item.spans[key]?.kind === "missed");
  const own = keys.includes(item.item);
  const other = keys.find((key) => item.spans[key] && item.spans[key].kind !== "missed" && key !== item.item);
  if (own) names.add("own").add(item.kind);
  if (keys.includes("cue") && own) names.add("cue");
  if (missed) names.add("missed");
  if (other && !own) {
    names.add("other").add(item.spans[other].kind);
    if (item.spans[other].mine[0]) names.add(`was-${item.spans[other].mine[0]}`);
  }
  return { names, other, missed, own };
}

// Draws the document of `item`; `choose` is called with the key of another removal, `remove` with that of a missed mark.
export function draw(item, { choose, remove, whole }) {
  leaves = [];
  const fragment = document.createDocumentFragment();
  if (item.shown[0] > 0) fragment.append(cutNotice(item, whole));
  let first = null;
  for (const line of item.lines) {
    const paragraph = element("p", { dir: "auto", class: line.length === 1 && !line[0][1].trim() ? "empty" : null });
    for (const [start, text, keys] of line) {
      const { names, other, missed, own } = classesOf(keys, item);
      if (!names.size) {
        fill(paragraph, text, start);
        continue;
      }
      const mark = element("mark", { class: [...names].join(" ") });
      fill(mark, text, start);
      if (own && !first) first = mark;
      if (missed) mark.title = `Marked as missed: ${item.spans[missed].category}. Click to take it back.`;
      else if (other && !own) mark.title = `${item.spans[other].category}, ${item.spans[other].rule}`;
      if (missed || (other && !own)) {
        mark.addEventListener("click", () => getSelection().isCollapsed && (missed ? remove(missed) : choose(other)));
      }
      paragraph.append(mark);
    }
    fragment.append(paragraph);
  }
  if (item.shown[1] < item.length) fragment.append(cutNotice(item, whole));
  $("text").replaceChildren(fragment);
  if (first) first.id = "current";
  show();
}

function cutNotice(item, whole) {
  const shown = (item.shown[1] - item.shown[0]).toLocaleString("en");
  return element("p", { class: "cut" }, `${shown} of ${item.length.toLocaleString("en")} characters are shown. `,
    element("button", { type: "button", onclick: whole }, "Show the whole document"));
}

// Scrolls to the marked place: into the middle where it fits, else to its beginning.
export function show() {
  const pane = $("document");
  const marks = [...document.querySelectorAll("mark.own")];
  if (!marks.length) return;
  const frame = pane.getBoundingClientRect();
  const top = marks[0].getBoundingClientRect().top;
  const height = marks.at(-1).getBoundingClientRect().bottom - top;
  const space = Math.max(frame.height * 0.12, (frame.height - height) / 2.4);
  pane.scrollTop += top - frame.top - space;
}

function offsetAt(node, offset) {
  if (node.nodeType !== Node.TEXT_NODE) {
    // Between elements: the start of what follows, or the end of all.
    const range = document.createRange();
    range.setStart(node, offset);
    const next = leaves.find((one) => range.comparePoint(one.node, 0) >= 0);
    return next ? next.start : leaves.at(-1).start + leaves.at(-1).count;
  }
  const found = leaves.find((one) => one.node === node);
  if (!found) return null;
  if (found.control) return found.start + (offset > 0 ? 1 : 0);
  return found.start + points(node.data.slice(0, offset));
}

// Returns what is selected in the document as { start, end, text }, or null.
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !leaves.length) return null;
  const range = selection.getRangeAt(0);
  if (!$("text").contains(range.commonAncestorContainer)) return null;
  const start = offsetAt(range.startContainer, range.startOffset);
  const end = offsetAt(range.endContainer, range.endOffset);
  const text = selection.toString().trim();
  return start === null || end === null || start >= end || !text ? null : { start, end, text, range };
}

function pointAt(offset, ending) {
  let low = 0;
  let high = leaves.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (leaves[middle].start < offset || (!ending && leaves[middle].start === offset)) low = middle;
    else high = middle - 1;
  }
  const one = leaves[low];
  if (one.control) return [one.node, offset > one.start ? one.node.length : 0];
  return [one.node, unitsOf(one.node.data, Math.max(0, offset - one.start))];
}

// Selects [start, end) as the mouse would.
export function select(start, end) {
  const selection = getSelection();
  selection.setBaseAndExtent(...pointAt(start, false), ...pointAt(end, true));
  const range = selection.getRangeAt(0).getBoundingClientRect();
  const frame = $("document").getBoundingClientRect();
  if (range.top < frame.top + 40 || range.bottom > frame.bottom - 40) {
    $("document").scrollTop += range.top - frame.top - frame.height / 3;
  }
  return selection.toString();
}

// Returns the sentences of the document as [start, end, line], for marking by keyboard.
export function sentences(item) {
  const splitter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const result = [];
  item.lines.forEach((line, number) => {
    const text = line.map((piece) => piece[1]).join("");
    let offset = line[0][0];
    for (const { segment } of text.length > 20000 ? [{ segment: text }] : splitter.segment(text)) {
      const count = points(segment);
      if (segment.trim()) result.push([offset, offset + count, number]);
      offset += count;
    }
  });
  return result;
}
