"""Drafts side by side: folded, parted, searched and measured together, as arrays.

What costs a moment for each document (a scan, a fold, a handful of small arrays) is paid once for many. All drafts of a
batch can be in the same languages, so that every pack searches the whole sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cleaner.characters import SPACE, classes_of, words_of
from cleaner.document import Document
from cleaner.folding import View, fold, points_of
from cleaner.match import Pack
from cleaner.pages import Pages
from cleaner.rulebook import CORE_GROUPS
from cleaner.searcher import Hits, Searcher
from cleaner.segments import split_points
from cleaner.sheet import Sheet

if TYPE_CHECKING:
    from cleaner.stage import Draft

SIZE = 1 << 20
"""Code points up to which drafts come into one batch: enough to share costs, little enough to stay in the cache."""
_FEW_WORDS = 20
"""Where no rule holds in a segment of so many words, the shorter ones are searched alone: mostly a fifth of a text."""


class Batch:
    """Some drafts whose texts can be in the same languages.

    Rows are the segments of all drafts in order. Offsets are code points of :attr:`text`, the drafts' texts with a line end
    after each; ``bases`` are the offsets where the drafts begin, ``rows`` the numbers of their first segments.
    """

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        flats = [draft.flat for draft in drafts]
        self.text = "\n".join(flats)
        self.bases: list[int] = list(accumulate((len(flat) + 1 for flat in flats), initial=0))
        self.points = points_of(self.text)
        self.classes = classes_of(self.points)
        """The class of each code point."""
        self.starts, self.ends = self._split()
        self.rows: list[int] = np.searchsorted(self.starts, self.bases).tolist()
        self.rows[-1] = len(self.starts)
        for number, draft in enumerate(drafts):
            draft.enter(self, number)

    def _split(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        spaces = self.classes == SPACE
        if not any(draft.document.blocks for draft in self.drafts):
            return split_points(self.points, spaces)
        starts: list[NDArray[np.int64]] = []
        ends: list[NDArray[np.int64]] = []
        for draft, base, following in zip(self.drafts, self.bases, self.bases[1:], strict=False):
            if draft.document.blocks:
                first = np.array([block.start for block in draft.blocks], dtype=np.int64)
                last = np.array([block.end for block in draft.blocks], dtype=np.int64)
            else:
                first, last = split_points(self.points[base : following - 1], spaces[base : following - 1])
            starts.append(first + base)
            ends.append(last + base)
        return np.concatenate(starts), np.concatenate(ends)

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """The number of each segment's draft."""
        return np.repeat(np.arange(len(self.drafts)), np.diff(self.rows))

    @cached_property
    def pages(self) -> Pages:
        """The segments with the borders of their drafts."""
        return Pages(self.owners, len(self.drafts))

    @cached_property
    def view(self) -> View:
        """The folded text."""
        return fold(self.text, self.points)

    @cached_property
    def sheet(self) -> Sheet:
        """The folded text, ready for search."""
        return Sheet(self.view.text)

    @cached_property
    def view_starts(self) -> NDArray[np.int64]:
        """Where the segments start in the view."""
        return self.view.folded_all(self.starts)

    @cached_property
    def view_ends(self) -> NDArray[np.int64]:
        """Where the segments end in the view."""
        return self.view.folded_all(self.ends)

    @cached_property
    def texts(self) -> list[str]:
        """The text of each segment."""
        text = self.text
        return [text[start:end] for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    @cached_property
    def word_counts(self) -> NDArray[np.int64]:
        """The words of each segment."""
        return words_of(self.points, self.classes, self.starts, self.ends)

    @cached_property
    def words(self) -> list[int]:
        """The words of each segment, as a list."""
        words: list[int] = self.word_counts.tolist()
        return words

    @property
    def packs(self) -> list[Pack]:
        """The packs of the languages whose rules apply."""
        return self.drafts[0].packs if len(self) else []

    def anchors(self, pack: Pack, limits: NDArray[np.float64]) -> tuple[NDArray[np.int64], Hits]:
        """Return the cues that can set off a rule of ``pack``, each inside one segment: rows, and hits in the text.

        A cue is left out in segments of more words than its number in ``limits``.
        """

        def fits(cues: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.bool_]:
            rows = np.searchsorted(self.view_starts, places, side="right") - 1
            return self.word_counts[rows] <= limits[cues]

        # On a page several segments can stand in one line, and a line's end would only tell of the last.
        in_lines = len(self) > 0 and not any(draft.document.blocks for draft in self.drafts)
        longest = limits.max(initial=0)
        if in_lines and longest < _FEW_WORDS:
            short = np.flatnonzero(self.word_counts <= longest)
            rows, hits = self._inside(pack.first, short)
            chosen = self.word_counts[rows] <= limits[hits.cues]
            return rows[chosen], Hits(*(column[chosen] for column in hits))
        hits = self._original(pack.first.search(self.sheet, fits=fits if in_lines else None))
        rows = np.searchsorted(self.starts, hits.starts, side="right") - 1
        inside = np.flatnonzero((rows >= 0) & (hits.ends <= self.ends[np.maximum(rows, 0)]))
        return rows[inside], Hits(*(column[inside] for column in hits))

    def _original(self, hits: Hits) -> Hits:
        starts, ends = self.view.original_all(hits.starts, hits.ends)
        return Hits(hits.cues, starts, ends)

    def other_cues(self, pack: Pack, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Hits]:
        """Return what rules of ``pack`` ask for besides, where it stands in the segments ``rows``: rows, and hits."""
        return self._inside(pack.conditions, rows)

    def _inside(self, searcher: Searcher, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Hits]:
        """Return the cues of ``searcher`` in the segments ``rows`` alone: rows, and hits in the text."""
        first, last = self.view_starts[rows], self.view_ends[rows]
        text = self.view.text
        views = [text[start:end] for start, end in zip(first.tolist(), last.tolist(), strict=True)]
        begins = np.cumsum(last - first + 1) - (last - first + 1)
        hits = searcher.search(Sheet("\n".join(views)))
        places = np.searchsorted(begins, hits.starts, side="right") - 1
        moved = (first - begins)[places]
        return rows[places], self._original(Hits(hits.cues, hits.starts + moved, hits.ends + moved))

    @cached_property
    def group_counts(self) -> NDArray[np.float32]:
        """How many cues of each core group of the lexicon stand in each segment: a row a segment, a column a group."""
        counts = np.zeros((len(self), len(CORE_GROUPS)), dtype=np.float32)
        for pack in self.packs:
            hits = pack.words.search(self.sheet, whole=False)
            if len(hits.cues) and len(self):
                rows = np.searchsorted(self.view_starts, hits.starts, side="right") - 1
                for place in range(len(CORE_GROUPS)):
                    chosen = rows[pack.in_group[place][hits.cues]]
                    counts[:, place] += np.bincount(chosen, minlength=len(self))
        return counts


def portions(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Part documents into lists of about :data:`SIZE` code points."""
    portion: list[Document] = []
    size = 0
    for document in documents:
        portion.append(document)
        # What is no text is told apart later.
        size += len(document.text) if isinstance(document.text, str) else 0
        if size >= SIZE or len(portion) >= SIZE // 256:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def gather(drafts: Iterable[Draft]) -> list[Batch]:
    """Return ``drafts`` in batches, those that can be in the same languages together."""
    waiting: dict[frozenset[str], list[Draft]] = {}
    sizes: dict[frozenset[str], int] = {}
    batches: list[Batch] = []
    for draft in drafts:
        key = draft.text_languages
        waiting.setdefault(key, []).append(draft)
        sizes[key] = sizes.get(key, 0) + len(draft.text)
        if sizes[key] >= SIZE:
            batches.append(Batch(waiting.pop(key)))
            sizes[key] = 0
    return batches + [Batch(chosen) for chosen in waiting.values()]
