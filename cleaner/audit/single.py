"""One document as the data of a page: its text, and what every stage said of it, the overruled too."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from cleaner.audit.excerpts import clip
from cleaner.audit.sampling import FORMATTING_CATEGORIES
from cleaner.ledger import DROP, FLAG, KEEP, Cleaned, Edit, Verdict

_REMOVED, _FLAGGED, _PLACES = 1, 2, 4


def single(cleaned: Cleaned, pipeline: str) -> dict[str, Any]:
    """Return the data of the page of one document; ``pipeline`` is the name of what cleaned it.

    ``pieces`` hold the whole text: each the numbers of the verdicts on it, whether it was removed (1) or flagged (2), or
    closes a gap (4), and its text.
    """
    ledger, text = cleaned.ledger, cleaned.document.text
    removals = [edit for edit in ledger.edits if edit.category not in FORMATTING_CATEGORIES]
    verdicts = [_row(verdict, removals, ledger.flags, text) for verdict in ledger.verdicts]
    removed = sum(edit.end - edit.start for edit in removals)
    return {
        "view": "explain",
        "document": {
            "id": clip(ledger.id or "document", 300),
            "source": clip(ledger.source, 300),
            "language": ledger.language,
            "characters": len(text),
            "removed": removed,
            "removals": len(removals),
            "flags": len(ledger.flags),
            "guard": ledger.guard,
        },
        "pipeline": {"name": pipeline, "digest": ledger.pipeline, "version": ledger.version},
        "verdicts": verdicts,
        "pieces": _pieces(cleaned),
    }


def _row(verdict: Verdict, removals: list[Edit], flags: tuple[Edit, ...], text: str) -> dict[str, Any]:
    state, by = _fate(verdict, removals, flags)
    row: dict[str, Any] = {
        "at": [verdict.start, verdict.end],
        "action": verdict.action,
        "category": verdict.category,
        "stage": verdict.stage,
        "rule": verdict.rule,
        "because": verdict.because,
        "weight": round(verdict.weight, 3),
        "state": state,
        "cues": [clip(text[cue.start : cue.end], 120) for cue in verdict.evidence[:12]],
    }
    return row | ({"by": by} if by else {})


def _fate(verdict: Verdict, removals: list[Edit], flags: tuple[Edit, ...]) -> tuple[str, str]:
    """Return what became of ``verdict``, and the rule that overruled it, where one did."""
    if verdict.action == KEEP:
        return "kept the text", ""
    inside = [edit for edit in removals if edit.start < verdict.end and verdict.start < edit.end]
    own = [edit for edit in inside if (edit.rule, edit.stage) == (verdict.rule, verdict.stage)]
    acting = verdict.weight >= 1 and verdict.action != FLAG
    if own and acting:
        won = sum(min(edit.end, verdict.end) - max(edit.start, verdict.start) for edit in own)
        if won >= verdict.end - verdict.start:
            return "removed", ""
        others = [edit.rule for edit in inside if edit not in own]
        return "removed in part", others[0] if others else ""
    if any((flag.start, flag.end, flag.rule) == (verdict.start, verdict.end, verdict.rule) for flag in flags):
        return "flagged", ""
    if inside:
        return ("overruled" if acting else "a sign only"), inside[0].rule
    if not acting and verdict.action == DROP:
        return "a sign only", ""
    return "kept by the policy", ""


def _pieces(cleaned: Cleaned) -> list[list[Any]]:
    text, ledger = cleaned.document.text, cleaned.ledger
    marks = [
        *(
            (edit.start, edit.end, _PLACES if edit.category in FORMATTING_CATEGORIES else _REMOVED)
            for edit in ledger.edits
        ),
        *((flag.start, flag.end, _FLAGGED) for flag in ledger.flags),
    ]
    # What is said of the whole document would only colour every line.
    spans = [
        (verdict.start, verdict.end, number)
        for number, verdict in enumerate(ledger.verdicts)
        if verdict.action != KEEP or verdict.end - verdict.start < len(text)
    ]
    edges = {0, len(text)}
    for start, end, _ in (*marks, *spans):
        edges |= {start, end}
    opening = sorted(spans)
    open_now: list[tuple[int, int, int]] = []
    pieces: list[list[Any]] = []
    marks.sort()
    place = following = 0
    current: list[tuple[int, int, int]] = []
    for start, end in pairwise(sorted(edges)):
        while following < len(opening) and opening[following][0] <= start:
            open_now.append(opening[following])
            following += 1
        open_now = [span for span in open_now if span[1] > start]
        while place < len(marks) and marks[place][0] <= start:
            current.append(marks[place])
            place += 1
        current = [mark for mark in current if mark[1] > start]
        mask = 0
        for _, _, bit in current:
            mask |= bit
        pieces.append([sorted(number for _, _, number in open_now), mask, text[start:end]])
    return pieces
