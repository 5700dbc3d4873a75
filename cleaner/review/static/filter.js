// The form that chooses which items are drawn.

import { $, element, shortened } from "./dom.js";

// Returns what the form asks for, and shows it on its button.
export function read() {
  const wanted = Object.fromEntries([...new FormData($("filters"))].map(([name, value]) => [name, value.trim()]));
  const named = Object.entries(wanted).filter(([, value]) => value);
  $("filter-label").textContent = named.length ? `Filter: ${named.map(([, value]) => shortened(value, 24)).join(", ")}` : "Filter";
  $("filter-button").classList.toggle("on", named.length > 0);
  return wanted;
}

export function toggle() {
  const hidden = $("filters").toggleAttribute("hidden");
  $("filter-button").setAttribute("aria-expanded", String(!hidden));
  if (!hidden) $("filters").elements.kind.focus();
}

export function options(select, values) {
  select.append(...values.map((value) => element("option", { value }, value)));
}
