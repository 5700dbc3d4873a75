// The dialogs: choosing a category, and the results.

import { $, element, shortened } from "./dom.js";

const KEYS = {
  donation: "D", cause: "C", newsletter: "N", subscription: "S", social: "O", app: "P", ad: "A", comments: "M",
  cookie: "K", related: "R", navigation: "V", widget: "W", author: "U", copyright: "Y", disclosure: "L",
};

// Asks for one of the categories; resolves to it, or to "" where nothing was chosen.
export function chooseCategory(overview, title, quote, without = "") {
  const dialog = $("choose");
  $("choose-title").textContent = title;
  $("choose-quote").textContent = shortened(quote.replace(/\s+/g, " "), 240);
  const group = (name, categories) => element("fieldset", {}, element("legend", {}, name), ...categories
    .filter((category) => category !== without)
    .map((category) => element("button", { value: category, class: "choice" }, element("kbd", {}, KEYS[category] ?? ""), category)));
  $("choose-groups").replaceChildren(group("The site asks for something", overview.appeals), group("Furniture", overview.furniture));
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const button = [...dialog.querySelectorAll(".choice")].find((one) => KEYS[one.value] === event.key.toUpperCase());
    if (button) {
      event.preventDefault();
      dialog.close(button.value);
    }
  };
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("keydown", pressed);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("keydown", pressed);
      resolve(dialog.returnValue);
    }, { once: true });
    dialog.showModal();
    dialog.querySelector(".choice").focus();
  });
}

const percent = (share) => `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;

function bar(row) {
  const drawn = element("span", { class: "bar", "aria-hidden": "true" });
  const range = element("span", { class: "range" });
  range.style.left = `${100 * row.low}%`;
  range.style.width = `${100 * (row.high - row.low)}%`;
  const dot = element("span", { class: "dot" });
  dot.style.left = `${100 * row.share}%`;
  drawn.append(range, dot);
  return drawn;
}

function table(caption, rows) {
  const head = ["", "had to go", "95 % interval", "right", "other category", "wrong", "unsure"];
  const body = rows.slice(0, 100).map((row) => element("tr", {},
    element("th", { scope: "row" }, row.name),
    element("td", {}, row.share === null ? "–" : percent(row.share)),
    element("td", {}, row.share === null ? "–" : element("span", {}, `${percent(row.low)} to ${percent(row.high)}`), row.share === null ? null : bar(row)),
    ...["right", "category", "wrong", "unsure"].map((verdict) => element("td", {}, String(row[verdict])))));
  return element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, element("table", { class: "figures" },
    element("caption", {}, rows.length > 100 ? `${caption} (the 100 most judged of ${rows.length})` : caption),
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, name || element("span", { class: "hidden-text" }, "name"))))),
    element("tbody", {}, ...body)));
}

function agreementText(one) {
  const same = `${one.first} and ${one.second} both judged ${one.both}: the same ${one.equal} times (${percent(one.equal / one.both)}).`;
  const kappa = one.kappa === null ? " Cohen’s kappa is not defined: there was only one kind of verdict." : ` Cohen’s kappa ${one.kappa.toFixed(2)}`;
  return one.kappa === null ? same + kappa : `${same}${kappa} (1: always, 0: as often as chance would have it).`;
}

export function showResults(results) {
  const kinds = { edit: "removals", flag: "flags" };
  const body = $("results-body");
  body.replaceChildren();
  body.append(element("h3", {}, "Agreement"));
  if (results.agreements.length) body.append(...results.agreements.map((one) => element("p", { class: "agreement" }, agreementText(one))));
  else body.append(element("p", {}, "No item has been judged by two reviewers yet. Start cleaner review again with --reviewer and another name."));
  body.append(element("h3", {}, `Verdicts of ${results.reviewer}`));
  if (results.kinds.length) {
    body.append(
      table("What was judged", results.kinds.map((row) => ({ ...row, name: kinds[row.name] ?? row.name }))),
      table("By category", results.categories),
      table("By rule", results.rules));
  } else body.append(element("p", {}, "Nothing was judged yet."));
  body.append(element("p", {}, `Missed appeals marked: ${results.missed}. Documents read to the end: ${results.read}.`));
  if (!$("results").open) $("results").showModal();
}
