"""A comparison as lines for a terminal. Text of documents is made printable: it cannot act on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleaner.audit.changes import KINDS
from cleaner.audit.excerpts import LEFT_OUT, THIS
from cleaner.audit.query import printable

_TITLES = {"added": "newly removed", "dropped": "no longer removed", "changed": "removed for another reason"}
_ROWS = 15
_CONTEXT = 60


def lines(data: Mapping[str, Any], samples: int) -> Iterator[str]:
    """Yield the data of :func:`cleaner.audit.comparison.compare` line by line, with ``samples`` samples of each kind."""
    totals = data["totals"]
    if data["same"]:
        yield f"No difference in {_number(totals['compared'])}: the same texts go for the same reasons."
        return
    yield f"{totals['differing']:,} of {_number(totals['compared'])} differ."
    for kind in KINDS:
        amount = totals[kind]
        yield f"  {amount['characters']:>10,} characters in {amount['spans']:,} places {_TITLES[kind]}"
    if totals["flagged"] or totals["unflagged"]:
        yield f"  {totals['flagged']:,} flags more, {totals['unflagged']:,} flags less"
    for key, what in (
        ("only_before", "only in the first run"),
        ("only_after", "only in the second run"),
        ("other_text", "with another original text: not compared"),
    ):
        if totals[key]:
            yield f"  {_number(totals[key])} {what}"
    if totals["rejected_before"] != totals["rejected_after"]:
        yield f"  {totals['rejected_before']:,} rejects before, {totals['rejected_after']:,} after"
    if data["tables"]["rule"]:
        yield ""
        yield f"{'newly':>10} {'no longer':>10} {'otherwise':>10}  rule"
        for row in data["tables"]["rule"][:_ROWS]:
            name = f"({row['others']} others)" if row.get("others") else printable(row["name"])
            yield f"{row['added']:>10,} {row['dropped']:>10,} {row['changed']:>10,}  {name}"
        if len(data["tables"]["rule"]) > _ROWS:
            yield f"{'':>34}and {len(data['tables']['rule']) - _ROWS} more"
    for kind in KINDS:
        chosen = [item for item in data["samples"] if item["kind"] == kind][:samples]
        if chosen:
            yield ""
            yield f"Samples, {_TITLES[kind]}:"
        for item in chosen:
            yield f"  {printable(item['id'])}  {printable(item['rule'])}"
            yield f"    {_marked(item['parts'])}"
            yield f"    {printable(item['because'])}"
            if "before" in item:
                yield f"    before: {printable(item['before']['rule'])}: {printable(item['before']['because'])}"


def _number(documents: int) -> str:
    return f"{documents:,} document{'' if documents == 1 else 's'}"


def _marked(parts: list[list[Any]]) -> str:
    """Return the marked span in one line with a little of its context."""
    first = next((index for index, (mask, _) in enumerate(parts) if mask & THIS), 0)
    last = max((index for index, (mask, _) in enumerate(parts) if mask & THIS), default=0)
    before = printable("".join(text for mask, text in parts[:first]))
    after = printable("".join(text for mask, text in parts[last + 1 :]))
    inside = printable("".join(" … " if mask == LEFT_OUT else text for mask, text in parts[first : last + 1]))
    return f"{before[-_CONTEXT:]}⟦{inside if len(inside) <= 300 else inside[:299] + '…'}⟧{after[:_CONTEXT]}"
