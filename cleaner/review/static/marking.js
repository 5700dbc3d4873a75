// Marking a missed appeal: with the mouse by selecting text, with the keyboard by moving a selection over sentences.

import { $, say } from "./dom.js";
import { select, selected, sentences } from "./view.js";

let units = [];
let anchor = 0;
let focus = 0;
let active = false;

export const marking = () => active;

export function begin(item) {
  units = sentences(item);
  if (!units.length) return;
  active = true;
  document.body.classList.add("marking");
  const chosen = selected();
  const from = chosen ? chosen.start : item.end;
  anchor = focus = Math.max(0, units.findIndex((unit) => unit[0] >= from));
  if (chosen) focus = Math.max(anchor, units.findLastIndex((unit) => unit[0] < chosen.end));
  $("document").focus();
  tell(`Marking. ${move()}`);
}

export function end() {
  active = false;
  document.body.classList.remove("marking");
  getSelection().removeAllRanges();
  $("selection-tool").hidden = true;
}

const move = () => select(units[Math.min(anchor, focus)][0], units[Math.max(anchor, focus)][1]);

const tell = (text) => say(text.length > 300 ? `${text.slice(0, 300)}…` : text);

function lineFrom(place, step) {
  const line = units[place][2];
  let next = place;
  while (units[next + step] && units[next][2] === line) next += step;
  if (units[next][2] === line) return place;
  // Going up, stand at the first sentence of the line.
  while (step < 0 && units[next - 1]?.[2] === units[next][2]) next -= 1;
  return next;
}

// Handles a key while marking; returns whether it meant something.
export function key(event, choose) {
  const steps = {
    ArrowLeft: () => Math.max(0, focus - 1),
    ArrowRight: () => Math.min(units.length - 1, focus + 1),
    ArrowUp: () => lineFrom(focus, -1),
    ArrowDown: () => lineFrom(focus, 1),
  };
  if (event.key in steps) {
    focus = steps[event.key]();
    if (!event.shiftKey) {
      anchor = focus;
      // By lines, the whole line is taken: its first sentence to its last.
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        const line = units[focus][2];
        anchor = units.findIndex((unit) => unit[2] === line);
        focus = units.findLastIndex((unit) => unit[2] === line);
      }
    }
    tell(move());
  } else if (event.key === "Enter") {
    choose();
  } else if (event.key === "Escape" || event.key.toLowerCase() === "m") {
    end();
    say("No longer marking.");
  } else {
    return false;
  }
  return true;
}

// Shows the tool beside what was selected with the mouse or a finger.
export function offer() {
  const tool = $("selection-tool");
  const chosen = selected();
  tool.hidden = !chosen || document.querySelector("dialog[open]") !== null;
  if (tool.hidden) return;
  const place = chosen.range.getBoundingClientRect();
  const frame = $("document").getBoundingClientRect();
  const top = Math.min(Math.max(place.bottom + 10, frame.top + 8), frame.bottom - 60);
  const left = Math.min(Math.max(place.left + place.width / 2, frame.left + 90), frame.right - 90);
  tool.style.top = `${top}px`;
  tool.style.left = `${left}px`;
}
