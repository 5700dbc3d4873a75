// Elements, numbers and words. Text reaches the page through textContent only; there is no markup in strings anywhere.

function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

// Signs that change the direction of what follows, or that nothing shows: they are spelled out, so that they act on nothing.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]/g;

function spelled(sign) {
  return `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

// A name or id that comes from a document: isolated, so that its direction does not spread.
function name(value, fallback) {
  if (value === null || value === undefined || value === "") return make("span", { class: "quiet" }, fallback || "not known");
  return make("bdi", { class: "name" }, String(value).replace(UNSEEN, (sign) => `[${spelled(sign)}]`));
}

const WHOLE = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

function count(value) {
  return WHOLE.format(value || 0);
}

function compact(value) {
  return value < 100000 ? count(value) : COMPACT.format(value);
}

function percent(part, whole) {
  if (!whole) return "–";
  const share = (100 * part) / whole;
  if (share > 0 && share < 0.1) return "< 0.1 %";
  return `${share.toFixed(share >= 99.95 || share === 0 ? 0 : 1)} %`;
}

function plural(number, one, many) {
  return `${count(number)} ${number === 1 ? one : many || `${one}s`}`;
}

function section(id, title, about, ...children) {
  return make(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    make("h2", { id: `${id}-title`, tabindex: "-1" }, title),
    about ? make("p", { class: "about" }, about) : null,
    ...children,
  );
}

function jump(id) {
  const title = document.getElementById(`${id}-title`);
  title.scrollIntoView({ block: "start" });
  title.focus({ preventScroll: true });
}

function tile(value, label, about, tone) {
  return make(
    "div",
    { class: `tile ${tone || ""}` },
    make("dt", {}, label),
    make("dd", {}, make("strong", {}, value), about ? make("span", { class: "quiet" }, about) : null),
  );
}
