"""Two runs over the same documents: what is newly removed, what is no longer removed, what goes for another reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.audit import summary
from cleaner.audit.changes import KINDS, Changes, Chosen, Cut, changed_spans, count_flags
from cleaner.audit.excerpts import around
from cleaner.audit.report import clipped, fitting, identity, sample
from cleaner.audit.sampling import FORMATTING_CATEGORIES, Paper, papers
from cleaner.audit.store import SITE, Store
from cleaner.document import Span

MOST_ROWS = 300
_MOST_DRAWN = 4000


def compare(old: Store, new: Store, seed: int, each: int) -> dict[str, Any]:
    """Return the data of the page that compares two runs. ``same`` in it tells whether there is any difference.

    Documents are the same if source, id and original text are; what only one run has is counted, not compared.

    Raises:
        InputError: a ledger cannot be read.
    """
    _pair(old, new)
    changes = Changes(seed, each)
    for row in _changed(new):
        changes.documents += 1
        for change in changed_spans(_cuts(row["old_edits"]), _cuts(row["new_edits"])):
            changes.add(change, row)
        count_flags(changes.flags, _cuts(row["old_flags"]), _cuts(row["new_flags"]))
    totals = _totals(old, new, changes)
    chosen = changes.rounds(_MOST_DRAWN)
    old_papers = papers(old, {item.old for item in chosen if item.change.old is not None})
    new_papers = papers(new, {item.new for item in chosen})
    samples = (_sample(item, old_papers.get(item.old), new_papers[item.new]) for item in chosen)
    return {
        "view": "diff",
        "same": _same(totals),
        "before": identity(old.run, summary.identities(old)),
        "after": identity(new.run, summary.identities(new)),
        "sampling": {"seed": seed, "each": each, "drawn": len(chosen)},
        "totals": totals,
        "tables": {
            "category": _table(changes.categories),
            "rule": _table(changes.characters, changes.spans, changes.flags),
            "language": _table(changes.languages),
        },
        "samples": fitting(samples),
    }


def _pair(old: Store, new: Store) -> None:
    """Make the tables ``old_papers`` and ``new_papers``, and ``pairs`` of the documents that both runs have."""
    spans = 'lambda e: {"start": e.start, "end": e."end", "category": e.category, "stage": e.stage, "rule": e.rule}'
    for store in (old, new):
        store.ask(
            f"""CREATE OR REPLACE TABLE {store.prefix}papers AS SELECT position, file, id, source, language, {SITE} AS site,
            characters, guard, original_sha256, clean_sha256, pipeline, version,
            row_number() OVER (PARTITION BY source, id ORDER BY position) AS copy,
            list_transform(edits, {spans}) AS edits, list_transform(flags, {spans}) AS flags FROM {store.prefix}outline"""
        )
    new.ask(
        """CREATE OR REPLACE TABLE pairs AS SELECT o.position AS old, n.position AS new, n.source, n.id, n.language,
        o.original_sha256 IS NOT DISTINCT FROM n.original_sha256 AS comparable,
        o.edits IS DISTINCT FROM n.edits OR o.flags IS DISTINCT FROM n.flags
        OR o.clean_sha256 IS DISTINCT FROM n.clean_sha256 AS changed
        FROM old_papers o FULL JOIN new_papers n USING (source, id, copy)"""
    )


def _changed(store: Store) -> Iterator[dict[str, Any]]:
    found = store.relation(
        """SELECT p.*, o.edits AS old_edits, n.edits AS new_edits, o.flags AS old_flags, n.flags AS new_flags
        FROM pairs p JOIN old_papers o ON o.position = p.old JOIN new_papers n ON n.position = p.new
        WHERE p.comparable AND p.changed"""
    )
    names = [column[0] for column in found.description or ()]
    while rows := found.fetchmany(2000):
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _cuts(items: Sequence[dict[str, Any]] | None) -> list[Cut]:
    return [
        Cut(item["start"], item["end"], item["category"], item["stage"], item["rule"], number)
        for number, item in enumerate(items or ())
        if item["category"] not in FORMATTING_CATEGORIES
    ]


def _totals(old: Store, new: Store, changes: Changes) -> dict[str, Any]:
    (row,) = new.table(
        """SELECT count(*) FILTER (comparable) AS compared, count(*) FILTER (comparable AND changed) AS differing,
        count(*) FILTER (new IS NULL) AS only_before, count(*) FILTER (old IS NULL) AS only_after,
        count(*) FILTER (old IS NOT NULL AND new IS NOT NULL AND NOT comparable) AS other_text FROM pairs"""
    )
    ((characters,),) = new.ask(
        "SELECT coalesce(sum(characters), 0)::BIGINT FROM new_papers JOIN pairs ON position = new WHERE comparable"
    )
    rejected = [store.ask(f"SELECT count(*) FROM {store.prefix}rejects")[0][0] for store in (old, new)]
    kinds = {
        kind: {
            "characters": sum(number for (each, _), number in changes.characters.items() if each == kind),
            "spans": sum(number for (each, _), number in changes.spans.items() if each == kind),
        }
        for kind in KINDS
    }
    flags = {
        kind: sum(number for (each, _), number in changes.flags.items() if each == kind)
        for kind in ("flagged", "unflagged")
    }
    return {
        **row,
        "characters": characters,
        **kinds,
        **flags,
        "rejected_before": rejected[0],
        "rejected_after": rejected[1],
    }


def _same(totals: dict[str, Any]) -> bool:
    differences = ("differing", "only_before", "only_after", "other_text")
    return not any(totals[key] for key in differences) and totals["rejected_before"] == totals["rejected_after"]


def _table(
    characters: Counter[tuple[str, str]],
    spans: Counter[tuple[str, str]] | None = None,
    flags: Counter[tuple[str, str]] | None = None,
) -> list[dict[str, Any]]:
    names = {name for counter in (characters, flags or Counter()) for _, name in counter}
    rows: list[dict[str, Any]] = []
    for name in names:
        row: dict[str, Any] = {"name": name, **{kind: characters[kind, name] for kind in KINDS}}
        row["all"] = sum(row[kind] for kind in KINDS)
        if spans is not None:
            row["spans"] = sum(spans[kind, name] for kind in KINDS)
        if flags is not None:
            row |= {kind: flags[kind, name] for kind in ("flagged", "unflagged")}
        rows.append(row)
    rows.sort(key=lambda row: (-row["all"], -row.get("flagged", 0) - row.get("unflagged", 0), row["name"]))
    return clipped(summary.bounded(rows, MOST_ROWS))


def _sample(item: Chosen, old: Paper | None, new: Paper) -> dict[str, Any]:
    change = item.change
    edit = new.edits[change.new.number] if change.new is not None else None
    before = old.edits[change.old.number] if old is not None and change.old is not None else None
    about = edit or before
    assert about is not None
    row = sample(change.kind, new, about)
    if edit is not None and before is not None:
        row["before"] = {"rule": before.rule, "because": before.because}
    # Only the part that the runs differ in is marked.
    span = Span(change.start, change.end)
    others = [
        Span(*part)
        for other in new.removals
        for part in ((other.start, min(other.end, span.start)), (max(other.start, span.end), other.end))
        if part[0] < part[1]
    ]
    if new.original is not None:
        row["parts"] = around(new.original, span, others, about.evidence)
    else:
        base = about.start
        row["parts"] = around(about.removed, Span(span.start - base, span.end - base))
    return {**row, "at": [*span]}
