// One thing after the other: a key that is held down must not judge an item that was not seen.

import { say } from "./dom.js";

let taken = false;

export const busy = () => taken;

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Does `work` unless something else is being done; says what went wrong.
export async function alone(work) {
  if (taken) return;
  taken = true;
  try {
    await work();
  } catch (error) {
    say(error.message, { alarm: true });
  } finally {
    taken = false;
  }
}
