"""Questions of one's own about a run, in SQL: what can be asked, recipes, and answers as a table, CSV or JSONL."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from cleaner.audit.store import Store

VIEWS = {
    "documents": "one row for each document: what it lost",
    "edits": "one row for each edit that was applied; closed blank lines have the category space, Markdown signs markup",
    "flags": "one row for each verdict that was recorded and not applied",
    "rejects": "one row for each record that could not be cleaned",
    "ledger": "the rows of the ledger as they are, with lists of edits and flags",
}
RECIPES = (
    (
        "what did each rule take?",
        "SELECT rule, count(*) AS removals, sum(length(removed)) AS characters FROM edits GROUP BY rule ORDER BY characters DESC LIMIT 20",
    ),
    (
        "which texts went most often?",
        "SELECT removed, count(*) AS times, any_value(rule) AS rule FROM edits WHERE category <> 'space' GROUP BY removed ORDER BY times DESC LIMIT 20",
    ),
    (
        "which documents lost more than half?",
        "SELECT id, round(100 * share) AS percent, edits FROM documents WHERE share > 0.5 ORDER BY share DESC LIMIT 20",
    ),
    (
        "from which sites, and how much?",
        "SELECT site, count(*) AS documents, round(100 * sum(removed) / sum(characters), 1) AS percent FROM documents "
        "GROUP BY site ORDER BY percent DESC NULLS LAST LIMIT 20",
    ),
    (
        "near misses of one category, with the reason",
        "SELECT id, removed AS text, because FROM flags WHERE category = 'donation' LIMIT 20",
    ),
    (
        "every removal that holds a word, wherever it went",
        "SELECT id, rule, removed FROM edits WHERE removed ILIKE '%members%' LIMIT 20",
    ),
    (
        "rules that acted in one document only",
        "SELECT rule, min(id) AS id FROM edits GROUP BY rule HAVING count(DISTINCT id) = 1 ORDER BY rule LIMIT 20",
    ),
    (
        "a random sample of a rule, the same every time",
        "SELECT id, removed FROM edits WHERE rule LIKE 'newsletter/%' ORDER BY md5(concat_ws(':', 'seed 1', id, \"start\")) LIMIT 10",
    ),
    (
        "why were records rejected?",
        "SELECT reason, count(*) AS records FROM rejects GROUP BY reason ORDER BY records DESC",
    ),
)
FORMS = ("table", "csv", "jsonl")
_WIDEST = 48
_ROWS = 200


def schema(store: Store) -> Iterator[str]:
    """Yield, line by line, the views with their columns and types, and the recipes."""
    for view, about in VIEWS.items():
        yield f"{view}: {about}"
        columns = store.ask(f"SELECT column_name, column_type FROM (DESCRIBE {view})")
        shown = [
            f"{name} {'list' if kind.endswith(']') else kind.lower()}"
            for name, kind in columns
            if name not in ("file", "position")
        ]
        yield f"  {', '.join(shown)}"
    yield ""
    yield "Offsets and characters are code points of the originals, byte_start and byte_end UTF-8 bytes; evidence lists the spans"
    yield "of the cues. The language is DuckDB's SQL. Recipes:"
    for title, query in RECIPES:
        yield ""
        yield f"  {title}"
        yield f"    {query}"


def answer(store: Store, query: str, form: str = "table") -> Iterator[str]:
    """Yield the answer to ``query``, line by line, as a table (the first rows, cells cut), CSV or JSONL (whole).

    Raises:
        ConfigurationError: the query is wrong.
        InputError: a ledger cannot be read.
    """
    found = store.relation(query)
    names = [column[0] for column in found.description or ()]
    if form == "table":
        rows = found.fetchmany(_ROWS + 1)
        yield from _table(names, rows[:_ROWS])
        if len(rows) > _ROWS:
            yield f"… the first {_ROWS} rows; --as csv or --as jsonl gives all"
        return
    if form == "csv":
        yield _csv(names)
    while rows := found.fetchmany(1000):
        for row in rows:
            yield _csv(row) if form == "csv" else orjson.dumps(dict(zip(names, row, strict=True)), default=str).decode()


def _csv(row: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(row)
    return buffer.getvalue()


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> Iterator[str]:
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[index]) for row in cells)]) for index, name in enumerate(names)]
    numbers = [all(isinstance(row[index], int | float | None) for row in rows) for index in range(len(names))]
    yield "  ".join(
        f"{name:{'>' if right else '<'}{width}}" for name, width, right in zip(names, widths, numbers, strict=True)
    ).rstrip()
    yield "  ".join("-" * width for width in widths)
    for row in cells:
        yield "  ".join(
            f"{cell:{'>' if right else '<'}{width}}" for cell, width, right in zip(row, widths, numbers, strict=True)
        ).rstrip()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = printable(f"{value:g}" if isinstance(value, float) else str(value))
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def printable(text: str) -> str:
    """Return ``text`` in one line that cannot act on a terminal: white space as spaces, unprintable signs spelled out."""
    flat = re.sub(r"\s+", " ", text)
    if flat.isprintable():
        return flat
    # Joiners are part of words in some scripts.
    return "".join(sign if sign.isprintable() or sign in "\u200c\u200d" else f"\\u{ord(sign):04x}" for sign in flat)
