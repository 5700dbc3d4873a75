"""What two runs did differently to one document, and sums and samples over many.

Spans are compared, not edits: where two rules share a text in another way than before, only what differs counts.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import md5
from itertools import pairwise
from typing import Any, NamedTuple

ADDED, DROPPED, CHANGED = "added", "dropped", "changed"
KINDS = (ADDED, DROPPED, CHANGED)
"""Newly removed; no longer removed; removed in both, for another reason (category, stage or rule)."""


class Cut(NamedTuple):
    """An edit without its text; ``number`` is its place in the ledger row's list."""

    start: int
    end: int
    category: str
    stage: str
    rule: str
    number: int


class Change(NamedTuple):
    """A span that two runs treat differently, and the edits that took it in the old run and in the new."""

    kind: str
    start: int
    end: int
    old: Cut | None
    new: Cut | None

    @property
    def cut(self) -> Cut:
        """The edit that the change is about: the new one, where there is one."""
        cut = self.new or self.old
        assert cut is not None
        return cut


class Chosen(NamedTuple):
    """A change that was drawn as a sample, with its document's places in the two runs."""

    draw: str
    old: int
    new: int
    change: Change


@dataclass(slots=True)
class Changes:
    """Sums over all changes, and samples of them."""

    seed: int
    each: int
    documents: int = 0
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)
    spans: Counter[tuple[str, str]] = field(default_factory=Counter)
    categories: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    flags: Counter[tuple[str, str]] = field(default_factory=Counter)
    drawn: defaultdict[tuple[str, str], list[tuple[int, Chosen]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, change: Change, row: dict[str, Any]) -> None:
        """Count ``change`` and draw it by chance: of every rule those stay whose hashes are the lowest."""
        length = change.end - change.start
        group = (change.kind, change.cut.rule)
        self.characters[group] += length
        self.spans[group] += 1
        self.categories[change.kind, change.cut.category] += length
        self.languages[change.kind, row["language"] or ""] += length
        key = f"{self.seed}:{change.kind}:{row['source']}:{row['id']}:{change.start}"
        draw = md5(key.encode("utf-8"), usedforsecurity=False).hexdigest()
        chosen = (-int(draw, 16), Chosen(draw, row["old"], row["new"], change))
        heap = self.drawn[group]
        if len(heap) < self.each:
            heapq.heappush(heap, chosen)
        elif chosen[0] > heap[0][0]:
            heapq.heapreplace(heap, chosen)

    def rounds(self, most: int) -> list[Chosen]:
        """Return at most ``most`` samples, one of every rule first, then a second of each, and so on."""
        order = sorted(self.drawn, key=lambda group: (KINDS.index(group[0]), -self.characters[group], group[1]))
        lists = [[chosen for _, chosen in sorted(self.drawn[group], reverse=True)] for group in order]
        return [each[turn] for turn in range(self.each) for each in lists if turn < len(each)][:most]


def changed_spans(old: Sequence[Cut], new: Sequence[Cut]) -> list[Change]:
    """Return the spans that two lists of edits, each in order and without overlap, treat differently."""
    edges = sorted({edge for cut in (*old, *new) for edge in (cut.start, cut.end)})
    found: list[Change] = []
    first = second = 0
    for start, end in pairwise(edges):
        while first < len(old) and old[first].end <= start:
            first += 1
        while second < len(new) and new[second].end <= start:
            second += 1
        before = old[first] if first < len(old) and old[first].start <= start else None
        after = new[second] if second < len(new) and new[second].start <= start else None
        kind = _kind(before, after)
        if kind is None:
            continue
        last = found[-1] if found else None
        if last and last.end == start and (last.kind, last.old, last.new) == (kind, before, after):
            found[-1] = last._replace(end=end)
        else:
            found.append(Change(kind, start, end, before, after))
    return found


def _kind(old: Cut | None, new: Cut | None) -> str | None:
    if old is None:
        return None if new is None else ADDED
    if new is None:
        return DROPPED
    return None if old[2:5] == new[2:5] else CHANGED


def count_flags(flags: Counter[tuple[str, str]], old: Sequence[Cut], new: Sequence[Cut]) -> None:
    """Count, by rule, flags that only the new run has (``flagged``) and that only the old one has (``unflagged``)."""
    before, after = ({(cut.start, cut.end, cut.category, cut.rule) for cut in cuts} for cuts in (old, new))
    for _, _, _, rule in after - before:
        flags["flagged", rule] += 1
    for _, _, _, rule in before - after:
        flags["unflagged", rule] += 1
