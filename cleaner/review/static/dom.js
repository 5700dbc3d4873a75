// Builds elements. Text goes in as text only: nothing here, or in any file of this page, parses markup.

export const $ = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "onclick") made.addEventListener("click", value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

let fading = 0;

// Says what happened: `text` is seen for a while and read aloud, `more` is read aloud only.
export function say(text, { more = "", alarm = false } = {}) {
  const status = $("status");
  status.classList.toggle("alarm", alarm);
  status.classList.toggle("faded", !text);
  $("status-text").textContent = text;
  $("status-more").textContent = more;
  clearTimeout(fading);
  if (!alarm) fading = setTimeout(() => status.classList.add("faded"), 5000);
}

export function shortened(text, length = 160) {
  const points = [...text.slice(0, 2 * length + 2)];
  const cut = points.slice(0, length).join("");
  return cut.length < text.length ? `${cut}…` : text;
}
