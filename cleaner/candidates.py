"""Which rules may hold in which segments of a batch, told by arrays, so that only these are looked at one by one.

What is left out cannot hold: the segment is too long for the rule, or it has no cue of something that the rule asks for.
Sentences, quoted speech and refusals are for whoever looks at what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.batch import Batch
from cleaner.match import Pack
from cleaner.relation import Relation, ordered
from cleaner.searcher import Hit, Hits

Numbers = NDArray[np.int64]
_FOREIGN_WORDS = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment by its ``row``, the ``rules`` that may hold there, and their cues: those that set rules off, and others.

    Spans of hits are code points of the segment's draft.
    """

    row: int
    rules: list[int]
    anchors: list[Hit]
    others: list[Hit]


def candidates(batch: Batch, pack: Pack, holds: Callable[[int, Mapping[str, Any]], bool]) -> Iterator[Candidate]:
    """Yield the segments of ``batch`` in which rules of ``pack`` may hold, in order.

    ``holds`` tells whether conditions on the place hold in a row.
    """
    # English buttons stand on pages of every language; English sentences do not.
    foreign = pack.language == "en" and "en" not in batch.drafts[0].text_languages
    limits = np.minimum(pack.limits, _FOREIGN_WORDS) if foreign else pack.limits
    anchor_rows, anchors = batch.anchors(
        pack, np.minimum(pack.cue_limits, _FOREIGN_WORDS) if foreign else pack.cue_limits
    )
    rows, rules = _pairs(anchor_rows, anchors.cues, pack.anchored, len(pack.rules))
    chosen = batch.word_counts[rows] <= limits[rules]
    rows, rules = rows[chosen], rules[chosen]
    placed = pack.placed
    chosen = np.array(
        [not placed[rule] or holds(row, placed[rule]) for row, rule in zip(rows.tolist(), rules.tolist(), strict=True)],
        dtype=bool,
    )
    rows, rules = rows[chosen], rules[chosen]
    other_rows, others = batch.other_cues(pack, ordered(rows[~pack.alone[rules]]))
    present = _Presence(pack, np.concatenate((anchor_rows, other_rows)), np.concatenate((anchors.cues, others.cues)))
    chosen = present.meets(rows, rules)
    rows, rules = rows[chosen], rules[chosen]
    if not len(rows):
        return
    relevant = present.relevant(rows, rules)
    firsts = np.flatnonzero(np.diff(rows, prepend=-1))
    segments = rows[firsts]
    anchored = _by_segment(batch, segments, anchor_rows, anchors, relevant[: len(anchor_rows)])
    further = _by_segment(batch, segments, other_rows, others, relevant[len(anchor_rows) :])
    listed = rules.tolist()
    for row, first, last, own, more in zip(
        segments.tolist(), firsts.tolist(), [*firsts[1:].tolist(), len(rows)], anchored, further, strict=True
    ):
        yield Candidate(row, listed[first:last], own, more)


def _pairs(rows: Numbers, numbers: Numbers, relation: Relation, count: int) -> tuple[Numbers, Numbers]:
    """Return rows with what ``relation`` says of their ``numbers`` (below ``count``): each pair once, in order."""
    places, others = relation.pairs(numbers)
    keys = ordered(rows[places] * count + others)
    pairs = np.divmod(keys, max(1, count))
    return pairs[0], pairs[1]


class _Presence:
    """In which rows cues of which entries stand."""

    def __init__(self, pack: Pack, rows: Numbers, cues: Numbers) -> None:
        self._pack = pack
        self._width = len(pack.entries) + len(pack.rules)
        self._size = len(rows)
        self._hits, entries = pack.entries_of.pairs(cues)
        self._keys = rows[self._hits] * self._width + entries
        self._all = ordered(self._keys)

    def meets(self, rows: Numbers, rules: Numbers) -> NDArray[np.bool_]:
        """Tell for each row and rule whether all is there that the rule asks for."""
        pairs, entries = self._pack.needs.pairs(rules)
        missing = pairs[~_among(rows[pairs] * self._width + entries, self._all)]
        met = np.ones(len(rows), dtype=bool)
        met[missing] = False
        return met

    def relevant(self, rows: Numbers, rules: Numbers) -> NDArray[np.bool_]:
        """Tell for each hit whether one of the ``rules`` of its row looks at its cue."""
        pairs, entries = self._pack.uses.pairs(rules)
        wanted = ordered(rows[pairs] * self._width + entries)
        flags = np.zeros(self._size, dtype=bool)
        flags[self._hits[_among(self._keys, wanted)]] = True
        return flags


def _among(keys: Numbers, known: Numbers) -> NDArray[np.bool_]:
    """Tell which of ``keys`` are among ``known``, which are in order."""
    if not len(known):
        return np.zeros(len(keys), dtype=bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    return found


def _by_segment(
    batch: Batch, segments: Numbers, rows: Numbers, hits: Hits, chosen: NDArray[np.bool_]
) -> Iterator[list[Hit]]:
    """Yield the ``chosen`` ones of ``hits`` in each of ``segments``, with spans in its draft."""
    places = np.flatnonzero(chosen)
    places = places[np.argsort(rows[places], kind="stable")]
    rows = rows[places]
    bases = np.array(batch.bases)[batch.owners[rows]]
    listed = Hits(hits.cues[places], hits.starts[places] - bases, hits.ends[places] - bases).listed()
    borders = np.searchsorted(rows, segments).tolist()
    for first, last in zip(borders, [*borders[1:], len(listed)], strict=True):
        yield listed[first:last]
