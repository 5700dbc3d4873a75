// Tables that sort, with a bar in each row, and the histogram.

// A column: { label, of(row), show(row), number, bar, narrow }; "narrow" columns stay on a phone.
function table(caption, columns, rows, options) {
  const settings = options || {};
  const body = make("tbody");
  const heads = columns.map((column, index) => {
    const button = make("button", { type: "button", class: "sort", onclick: () => sort(index) }, column.label);
    return make("th", { scope: "col", class: classes(column) }, button);
  });
  let sorted = -1;
  let down = true;
  let limit = settings.first || 12;
  let wanted = "";
  let shown = rows;
  const more = make("button", { type: "button", class: "more", onclick: () => ((limit = Infinity), draw()) });
  const status = make("p", { class: "unheard", role: "status" });

  function classes(column) {
    return [column.number ? "number" : "", column.bar ? "with-bar" : "", column.wide ? "wide" : "", column.tone || ""].join(" ").trim() || null;
  }

  function sort(index) {
    down = sorted === index ? !down : Boolean(columns[index].number);
    sorted = index;
    heads.forEach((head, place) => {
      if (place === index) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const of = columns[index].of;
    shown = [...rows].sort((first, second) => {
      const [a, b] = [of(first), of(second)];
      // Rows that stand for all others stay last.
      if (Boolean(first.others) !== Boolean(second.others)) return first.others ? 1 : -1;
      const order = typeof a === "number" ? a - b : String(a ?? "").localeCompare(String(b ?? ""));
      return down ? -order : order;
    });
    draw();
  }

  function draw() {
    const fitting = shown.filter((row) => !wanted || (!row.others && String(columns[0].of(row) ?? "").toLowerCase().includes(wanted)));
    const largest = Object.fromEntries(columns.map((column, index) => [index, column.bar ? Math.max(1e-9, ...rows.map((row) => (row.others ? 0 : column.bar(row)))) : 0]));
    // Columns that are to be compared have one scale.
    if (settings.shared) for (const index of Object.keys(largest)) largest[index] = Math.max(...Object.values(largest));
    body.replaceChildren(
      ...fitting.slice(0, limit).map((row) =>
        make(
          "tr",
          { class: row.group || null },
          columns.map((column, index) => {
            const content = column.show ? column.show(row) : column.number ? count(column.of(row)) : name(column.of(row));
            if (!index) return make("th", { scope: "row" }, content);
            const bar = column.bar ? make("span", { class: "bar", "aria-hidden": "true", "--part": Math.min(1, column.bar(row) / largest[index]) }) : null;
            return make("td", { class: classes(column) }, bar, make("span", { class: "value" }, content));
          }),
        ),
      ),
    );
    if (!fitting.length) body.append(make("tr", {}, make("td", { colspan: columns.length, class: "quiet" }, "Nothing here.")));
    more.hidden = fitting.length <= limit;
    more.textContent = `Show all ${count(fitting.length)}`;
    status.textContent = wanted ? `${plural(fitting.length, "row")} match` : "";
  }

  const search = settings.search
    ? make("input", { type: "search", class: "find", placeholder: settings.search, "aria-label": settings.search, oninput: (event) => ((wanted = event.target.value.trim().toLowerCase()), draw()) })
    : null;
  draw();
  return make(
    "div",
    { class: `board ${settings.class || ""}` },
    make("div", { class: "board-head" }, make("h3", { id: settings.id }, caption), search),
    settings.about ? make("p", { class: "about" }, settings.about) : null,
    make(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      make("table", { "aria-labelledby": settings.id }, make("thead", {}, make("tr", {}, heads)), body),
    ),
    status,
    more,
  );
}

function histogram(classes) {
  const most = Math.max(1, ...classes.map((each) => each.documents));
  return make(
    "ol",
    { class: "histogram" },
    classes.map((each) => {
      const upper = Math.round(each.up_to * 100);
      const lower = each.above === null ? 0 : Math.round(each.above * 100);
      const range = each.above === null ? "nothing removed" : `more than ${lower} up to ${upper} % removed`;
      return make(
        "li",
        { class: each.above === null ? "none" : null, title: `${range}: ${plural(each.documents, "document")}` },
        make("span", { class: "unheard" }, `${range}: ${plural(each.documents, "document")}`),
        make("span", { class: "figure", "aria-hidden": "true" }, each.documents ? compact(each.documents) : ""),
        make("span", { class: "column", "aria-hidden": "true", "--part": each.documents ? Math.max(each.documents / most, 0.012) : 0 }),
        make("span", { class: "class", "aria-hidden": "true" }, each.above === null ? "0" : `≤${upper}`),
      );
    }),
  );
}
