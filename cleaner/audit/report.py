"""A run as the data of a page, of bounded size whatever the size of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleaner.audit import summary
from cleaner.audit.excerpts import Piece, around, clip, whole
from cleaner.audit.page import encoded
from cleaner.audit.runs import Run
from cleaner.audit.sampling import Drawn, Paper, draw, papers
from cleaner.audit.store import Store
from cleaner.document import Span
from cleaner.ledger import Edit

SAMPLES_ROOM = 2_500_000
DOCUMENTS_ROOM = 600_000
"""Bytes of JSON for samples and for the texts of documents. The tables are bounded by their numbers of rows."""
EACH = 8
"""Samples drawn of every rule, removals and flags apart."""
_MOST_DRAWN = 4000
_LISTED, _SHOWN, _GUARDED, _REJECTED, _INPUTS = 100, 24, 40, 25, 30
_NAME = 160
_DOCUMENT = 4000


def report(store: Store, seed: int, each: int = EACH) -> dict[str, Any]:
    """Return the data of the page of the run behind ``store``; samples are drawn with ``seed``, ``each`` of every rule.

    Raises:
        InputError: a ledger cannot be read.
    """
    summary.prepare(store)
    drawn = draw(store, seed, each, _MOST_DRAWN)
    listed = store.table(
        f"""SELECT position, id, source, language, site, characters, removed, removals, flags, share FROM papers
        WHERE removals > 0 ORDER BY share DESC, removed DESC, position LIMIT {_LISTED}"""
    )
    guarded = [
        position
        for (position,) in store.ask(
            f"""SELECT position FROM papers WHERE guard IS NOT NULL
            ORDER BY md5(concat_ws(':', ?::VARCHAR, position)) LIMIT {_GUARDED}""",
            [str(seed)],
        )
    ]
    shown = [row["position"] for row in listed[:_SHOWN]]
    found = papers(store, {*(item.position for item in drawn), *shown, *guarded})
    texts = _documents(found, [*guarded, *shown])
    for row in listed:
        row["parts"] = texts.get(row.pop("position"), [])
        row["share"] = round(row["share"], 4)
        for key in ("id", "source", "site", "language"):
            row[key] = clip(row[key], _NAME)
    return {
        "view": "audit",
        "run": identity(store.run, summary.identities(store)),
        "sampling": {"seed": seed, "each": each, "drawn": len(drawn)},
        "totals": summary.totals(store),
        "tables": {
            **{column: clipped(summary.by_cut(store, column)) for column in ("category", "rule")},
            **{column: clipped(summary.by_document(store, column)) for column in ("language", "site", "source")},
        },
        "shares": summary.shares(store),
        "samples": fitting((sample(item.kind, found[item.position], edit) for item, edit in _edits(drawn, found))),
        "documents": listed,
        "guarded": [
            {**describe(found[place]), "guard": clip(found[place].guard, 300), "parts": texts.get(place, [])}
            for place in guarded
        ],
        "rejects": {"reasons": summary.rejections(store), "records": _rejects(store, seed)},
    }


def identity(run: Run, pipelines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a run says of itself; ``pipelines`` are those that its ledgers name."""
    saying, inputs = run.summary, list(run.summary.get("inputs", ()))
    pipeline = saying.get("pipeline", {})
    return {
        "folder": clip(run.folder.resolve().name, _NAME),
        "finished": bool(saying),
        "version": clip(saying.get("version") or (pipelines[0]["version"] if pipelines else ""), _NAME),
        "pipeline": clip(pipeline.get("name"), _NAME),
        "digest": clip(pipeline.get("digest") or (pipelines[0]["pipeline"] if pipelines else ""), _NAME),
        "started": clip(saying.get("started"), _NAME),
        "seconds": saying.get("seconds"),
        "read": saying.get("counts", {}).get("read"),
        "inputs": [
            {"path": clip(item.get("path"), _NAME), "format": clip(item.get("format"), 20), "bytes": item.get("bytes")}
            for item in inputs[:_INPUTS]
        ],
        "inputs_in_all": len(inputs),
        "pipelines": clipped(pipelines),
    }


def describe(paper: Paper) -> dict[str, Any]:
    """Return where a document comes from."""
    return {
        "id": clip(paper.id, _NAME),
        "source": clip(paper.source, _NAME),
        "language": clip(paper.language, _NAME),
        "site": clip(paper.site, _NAME),
    }


def sample(kind: str, paper: Paper, edit: Edit) -> dict[str, Any]:
    """Return one edit or flag in its context, with its reason and its cues."""
    text, base = (paper.original, 0) if paper.original is not None else (edit.removed, edit.start)
    others = [Span(other.start - base, other.end - base) for other in paper.removals if other.start != edit.start]
    cues = [Span(cue.start - base, cue.end - base) for cue in edit.evidence]
    row: dict[str, Any] = {
        "kind": kind,
        "category": clip(edit.category, _NAME),
        "rule": clip(edit.rule, _NAME),
        "stage": clip(edit.stage, _NAME),
        "because": clip(edit.because, 500),
        "weight": round(edit.weight, 2),
        "at": [edit.start, edit.end],
        **describe(paper),
        "parts": around(text, Span(edit.start - base, edit.end - base), others, cues),
    }
    if edit.inserted:
        row["inserted"] = clip(edit.inserted, 300)
    return row


def fitting(samples: Iterable[dict[str, Any]], room: int = SAMPLES_ROOM) -> list[dict[str, Any]]:
    """Return the first samples, as many as have room; each weighs what it takes in the page."""
    chosen: list[dict[str, Any]] = []
    for item in samples:
        room -= len(encoded(item).encode("utf-8")) + 1
        if room < 0:
            break
        chosen.append(item)
    return chosen


def _edits(drawn: list[Drawn], found: Mapping[int, Paper]) -> Iterable[tuple[Drawn, Edit]]:
    for item in drawn:
        if item.position in found:
            paper = found[item.position]
            yield item, (paper.edits if item.kind == "removed" else paper.flags)[item.number]


def _documents(found: Mapping[int, Paper], positions: list[int]) -> dict[int, list[Piece]]:
    texts: dict[int, list[Piece]] = {}
    room = DOCUMENTS_ROOM
    for position in positions:
        paper = found.get(position)
        if paper is None or paper.original is None or position in texts:
            continue
        marked = paper.flags if paper.guard is not None else paper.removals
        pieces = whole(paper.original, [Span(edit.start, edit.end) for edit in marked], _DOCUMENT)
        room -= len(encoded(pieces).encode("utf-8"))
        if room < 0:
            break
        texts[position] = pieces
    return texts


def clipped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a table with texts of bounded length."""
    return [
        {key: clip(value, _NAME) if isinstance(value, str) else value for key, value in row.items()} for row in rows
    ]


def _rejects(store: Store, seed: int) -> list[dict[str, Any]]:
    rows = store.table(
        f"""SELECT id, source, record, stage, left(reason, 400) AS reason, left(raw, 400) AS raw, left(traceback, 800) AS traceback
        FROM rejects ORDER BY md5(concat_ws(':', ?::VARCHAR, position)) LIMIT {_REJECTED}""",
        [str(seed)],
    )
    bounds = {"reason": 400, "raw": 400, "traceback": 800}
    return [
        {key: value if isinstance(value, int) else clip(value, bounds.get(key, _NAME)) for key, value in row.items()}
        for row in rows
    ]
