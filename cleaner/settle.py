"""From verdicts to edits: who takes which characters, what becomes a flag, and the white space that removals leave over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from cleaner.ledger import DROP, FLAG, KEEP, REPLACE, SPACE, Edit, Verdict

_SPACE_RULE = "space/any/close-gap"
_SPACE_BECAUSE = "Closes the gap that a removal leaves."


def resolve(
    text: str, verdicts: Iterable[Verdict], policy: Mapping[str, str]
) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Settle ``verdicts`` on ``text`` and return the edits to apply and the flags to record.

    ``policy`` maps a category to ``drop``, ``flag`` or ``keep``; a category it does not name is dropped. Where verdicts
    overlap, the heavier one takes the characters, then the longer, then the earlier, then the first by rule name; the
    other keeps what is left of its span. A ``keep`` verdict of at least the same weight turns what it touches into a
    flag, with its reason.
    """
    drops: list[Verdict] = []
    flags: list[Verdict] = []
    keeps: list[Verdict] = []
    for verdict in verdicts:
        if verdict.action == KEEP:
            keeps.append(verdict)
        elif verdict.weight >= 1 and verdict.action != FLAG:
            wanted = policy.get(verdict.category, DROP)
            if wanted == DROP:
                drops.append(verdict)
            elif wanted == FLAG:
                flags.append(verdict)
        elif verdict.action == FLAG and policy.get(verdict.category, DROP) != KEEP:
            flags.append(verdict)
    if keeps and drops:
        drops, kept = _protect(drops, keeps)
        flags += kept
    edits = [_edit(text, verdict, start, end) for verdict, start, end in _paint(drops)]
    edits.sort()
    flagged = sorted({_edit(text, verdict, verdict.start, verdict.end) for verdict in flags})
    return tuple(close_gaps(text, edits)), tuple(flagged)


def _protect(drops: list[Verdict], keeps: list[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    free: list[Verdict] = []
    kept: list[Verdict] = []
    for verdict in drops:
        for keep in keeps:
            if keep.weight >= verdict.weight and keep.start < verdict.end and verdict.start < keep.end:
                kept.append(verdict._replace(because=f"{verdict.because} Kept: {keep.because}", action=FLAG))
                break
        else:
            free.append(verdict)
    return free, kept


def _paint(verdicts: list[Verdict]) -> Iterable[tuple[Verdict, int, int]]:
    """Give every character to one verdict; yield each verdict with the parts of its span that it won."""
    # The verdict itself comes last, so that no two that differ depend on the order they came in.
    verdicts.sort(key=lambda v: (-v.weight, v.start - v.end, v.start, v.rule, v))
    starts: list[int] = []
    ends: list[int] = []
    for verdict in verdicts:
        position = verdict.start
        index = bisect_right(starts, position)
        if index and ends[index - 1] > position:
            position = ends[index - 1]
        won: list[tuple[int, int]] = []
        while position < verdict.end:
            limit = min(starts[index], verdict.end) if index < len(starts) else verdict.end
            if position < limit:
                won.append((position, limit))
            if index >= len(starts) or starts[index] >= verdict.end:
                break
            position = max(position, ends[index])
            index += 1
        for start, end in won:
            place = bisect_right(starts, start)
            starts.insert(place, start)
            ends.insert(place, end)
            yield verdict, start, end


def _edit(text: str, verdict: Verdict, start: int, end: int) -> Edit:
    return Edit(
        start,
        end,
        text[start:end],
        verdict.inserted if verdict.action == REPLACE else "",
        verdict.category,
        verdict.stage,
        verdict.rule,
        verdict.because,
        verdict.weight,
        verdict.evidence,
    )


def close_gaps(text: str, edits: list[Edit]) -> list[Edit]:
    """Return ``edits`` (in order) with edits of category ``space`` for the white space that they leave over.

    Removals with nothing but white space between them form one hole. Between the texts on both sides of a hole only the
    larger of its two borders of white space stays; at the start of the text none, at its end what ended the text.
    """
    if not edits:
        return edits
    result: list[Edit] = []
    index, total = 0, len(edits)
    floor = 0
    while index < total:
        last = index
        # A replacement leaves text behind, so it is no hole.
        while (
            last + 1 < total
            and not edits[last].inserted
            and not edits[last + 1].inserted
            and not text[edits[last].end : edits[last + 1].start].strip()
        ):
            last += 1
        hole = edits[index : last + 1]
        ceiling = edits[last + 1].start if last + 1 < total else len(text)
        result += hole if hole[0].inserted else _close(text, hole, floor, ceiling)
        floor = hole[-1].end
        index = last + 1
    return result


def _close(text: str, hole: list[Edit], floor: int, ceiling: int) -> list[Edit]:
    start, end = hole[0].start, hole[-1].end
    left = floor + len(text[floor:start].rstrip())
    right = ceiling - len(text[end:ceiling].lstrip())
    before, after = text[left:start], text[end:right]
    if left == 0:
        drop_before, drop_after = True, right < len(text) or not after
    elif right == len(text):
        drop_before, drop_after = True, False
    else:
        keep_after = (after.count("\n"), not before) > (before.count("\n"), not after)
        drop_before, drop_after = keep_after, not keep_after
    closed: list[Edit] = []
    if drop_before and before:
        closed.append(_space(text, left, start))
    position = start
    for edit in hole:
        if edit.start > position:
            closed.append(_space(text, position, edit.start))
        closed.append(edit)
        position = edit.end
    if drop_after and after:
        closed.append(_space(text, end, right))
    return closed


def _space(text: str, start: int, end: int) -> Edit:
    return Edit(start, end, text[start:end], "", SPACE, "ledger", _SPACE_RULE, _SPACE_BECAUSE, 1.0, ())
