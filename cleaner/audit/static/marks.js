// Pieces of a text, each with a mask: what it is shown as.

const THIS = 1;
const OTHER = 2;
const CUE = 4;
const LEFT_OUT = 8;

const TONES = {
  removed: { tag: "del", open: "⟦", close: "⟧", says: "removed" },
  flagged: { tag: "mark", open: "⟨", close: "⟩", says: "flagged" },
  added: { tag: "del", open: "⟦", close: "⟧", says: "newly removed" },
  dropped: { tag: "ins", open: "⟦", close: "⟧", says: "no longer removed" },
  changed: { tag: "mark", open: "⟦", close: "⟧", says: "removed for another reason" },
};

// Unseen signs are spelled out; of several line breaks a short pause is left to see.
const SPECIAL = new RegExp(`${UNSEEN.source}|\\n(?:[ \\t]*\\r?\\n)+`, "g");

function visible(text) {
  const nodes = [];
  let position = 0;
  for (const match of text.matchAll(SPECIAL)) {
    const pause = match[0].includes("\n");
    nodes.push(text.slice(position, match.index), make("span", { class: pause ? "pause" : "unseen" }, pause ? "\n" : spelled(match[0])));
    position = match.index + match[0].length;
  }
  nodes.push(text.slice(position));
  return nodes;
}

// Neighbouring pieces of one mark stand in one element, their cues inside it.
function excerpt(parts, kind) {
  const tone = TONES[kind] || TONES.removed;
  const block = make("div", { class: "text", dir: "auto" });
  let mark = null;
  let open = 0;
  for (const [mask, text] of parts) {
    if (mask === LEFT_OUT) {
      block.append(make("span", { class: "gap" }, `… ${count(Number(text))} characters left out …`));
      mark = null;
      continue;
    }
    const marked = mask & THIS || mask & OTHER;
    const content = mask & CUE && mask & THIS ? make("b", { class: "cue" }, visible(text)) : make("span", {}, visible(text));
    if (!marked) {
      block.append(content);
      mark = null;
      continue;
    }
    if (!mark || open !== marked) {
      const own = marked === THIS;
      mark = make(own ? tone.tag : "del", { class: own ? `this ${kind}` : "other" });
      mark.append(make("span", { class: "unheard" }, own ? ` [${tone.says}: ` : " [also removed: "));
      mark.append(make("span", { class: "bracket", "aria-hidden": "true" }, own ? tone.open : ""));
      mark.append(make("span", { class: "bracket", "aria-hidden": "true" }, own ? tone.close : ""));
      mark.append(make("span", { class: "unheard" }, "] "));
      block.append(mark);
      open = marked;
    }
    mark.insertBefore(content, mark.children[mark.children.length - 2]);
  }
  return block;
}
