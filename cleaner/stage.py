"""What a stage is: a named, pure judge. It sees a draft and returns verdicts; it cannot reach the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.cues import is_joined
from cleaner.document import Block, Document
from cleaner.folding import View, fold
from cleaner.language import detect, stated
from cleaner.ledger import Verdict
from cleaner.match import CueHit, Matcher, Pack
from cleaner.measures import Place, count_words, sentence_spans
from cleaner.rulebook import CORE_GROUPS
from cleaner.segments import is_wrapped, split, unwrap


class Draft:
    """A document on its way through the stages, with everything that stages derive from it, each computed once.

    ``starts`` and ``ends`` are the offsets of its segments. ``verdicts`` are those of the stages before. ``dropped`` are
    the spans that an earlier stage took out of the page: no segment lies in them, so that what is left are neighbours.
    """

    def __init__(self, document: Document, matcher: Matcher, dropped: Sequence[tuple[int, int]] = ()) -> None:
        self.document = document
        self.matcher = matcher
        self.text = document.text
        self.verdicts: tuple[Verdict, ...] = ()
        self.dropped = tuple(dropped)
        self.blocks: Sequence[Block] = ()
        if document.blocks:
            self._flat, self.blocks = _remaining(document, dropped)
            self.starts = [block.start for block in self.blocks]
            self.ends = [block.end for block in self.blocks]
        else:
            self._flat = unwrap(self.text) if is_wrapped(self.text) else self.text
            self.starts, self.ends = split(self._flat)
        self._words: dict[int, int] = {}
        self._cues: dict[tuple[str, int], list[CueHit]] = {}
        self._sentences: dict[int, list[tuple[int, int]]] = {}

    def __len__(self) -> int:
        return len(self.starts)

    def block(self, index: int) -> Block | None:
        """Return the block of a page that a segment is, or None in plain text."""
        return self.blocks[index] if self.blocks else None

    def without(self, spans: Iterable[tuple[int, int]]) -> Draft:
        """Return a draft of the same document whose segments are those outside ``spans``, with the same verdicts."""
        narrowed = Draft(self.document, self.matcher, sorted({*self.dropped, *spans}))
        narrowed.verdicts = self.verdicts
        return narrowed

    @cached_property
    def view(self) -> View:
        """The folded text."""
        return fold(self._flat)

    @cached_property
    def packs(self) -> list[Pack]:
        """The packs of the languages whose rules apply."""
        applying = self.rule_languages if self.starts else frozenset[str]()
        return [self.matcher.pack(language) for language in self.matcher.languages if language in applying]

    @cached_property
    def _view_bytes(self) -> bytes:
        return self.view.text.encode("utf-8")

    def anchors(self, pack: Pack) -> list[CueHit]:
        """Return the cues of the whole view that can set off a rule of ``pack``; spans are of the view."""
        return pack.first.find(self.view.text, self._view_bytes)

    @property
    def known_language(self) -> str | None:
        """The document's own language, or the detected one if somebody asked for it."""
        return self.document.language or self.__dict__.get("language")

    @cached_property
    def language(self) -> str | None:
        """The document's own language, else the detected one. Detection costs milliseconds: ask only where it matters."""
        return self.document.language or detect(self.text)

    @cached_property
    def text_languages(self) -> frozenset[str]:
        """The stated language of the text and those close to it, or the languages that it can be in."""
        own = self.document.language
        signs = self.matcher.signs
        return stated(own) if own in signs.known else signs.plausible(self.view.text)

    @property
    def rule_languages(self) -> frozenset[str]:
        """The languages whose rules apply: those of the text, English, and ``any``."""
        return self.text_languages | {"en", "any"}

    @cached_property
    def total_words(self) -> int:
        """The words of all segments."""
        return sum(self.words(index) for index in range(len(self)))

    @cached_property
    def _view_starts(self) -> list[int]:
        return self.view.folded_all(self.starts)

    @cached_property
    def _view_ends(self) -> list[int]:
        return self.view.folded_all(self.ends)

    def view_text(self, index: int) -> str:
        """Return the folded text of a segment."""
        return self.view.text[self._view_starts[index] : self._view_ends[index]]

    def cues(self, pack: Pack, index: int) -> list[CueHit]:
        """Return the condition and lexicon cues of ``pack`` in a segment; spans are code points of the text."""
        found = self._cues.get((pack.language, index))
        if found is None:
            base, original = self._view_starts[index], self.view.original
            view = self.view_text(index)
            found = self._cues[pack.language, index] = [
                CueHit(cue, *original(base + start, base + end))
                for cue, start, end in pack.conditions.find(view, view.encode("utf-8"))
            ]
        return found

    def groups(self, index: int) -> frozenset[str]:
        """Return the names of the core lexicon groups, of whatever applying language, that have a cue in a segment."""
        return frozenset(
            CORE_GROUPS[place]
            for pack in self.packs
            for hit in self.cues(pack, index)
            for place in pack.group_of.get(hit.cue, ())
        )

    @cached_property
    def group_counts(self) -> NDArray[np.float32]:
        """How many cues of each core group of the lexicon stand in each segment: a row a segment, a column a group."""
        counts = np.zeros((len(self), len(CORE_GROUPS)), dtype=np.float32)
        starts = np.asarray(self._view_starts)
        for pack in self.packs:
            hits = pack.words.find(self.view.text, self._view_bytes)
            if hits and len(self):
                rows = np.searchsorted(starts, [hit.start for hit in hits], side="right") - 1
                for row, hit in zip(rows.tolist(), hits, strict=True):
                    for place in pack.group_of[hit.cue]:
                        counts[row, place] += 1
        return counts

    def quotes(self, index: int) -> list[tuple[int, int]]:
        """Return the spans of a segment that stand in double quotation marks, as code points of the text."""
        view = self.view_text(index)
        if '"' not in view:
            return []
        # Between two letters it is part of a word: a Hebrew acronym, an inch.
        signs = [
            place
            for place, sign in enumerate(view)
            if sign == '"'
            and not (0 < place < len(view) - 1 and is_joined(view[place - 1]) and is_joined(view[place + 1]))
        ]
        base, original = self._view_starts[index], self.view.original
        return [original(base + first, base + last + 1) for first, last in zip(signs[::2], signs[1::2], strict=False)]

    def segment_text(self, index: int) -> str:
        """Return the text of a segment."""
        return self.text[self.starts[index] : self.ends[index]]

    def segment_at(self, position: int) -> int:
        """Return the segment that holds the code point ``position``, or the last one before it (-1: none)."""
        return bisect_right(self.starts, position) - 1

    def words(self, index: int) -> int:
        """Return the number of words of a segment."""
        count = self._words.get(index)
        if count is None:
            count = self._words[index] = count_words(self.segment_text(index))
        return count

    def sentences(self, index: int) -> list[tuple[int, int]]:
        """Return the sentences of a segment as spans of the text."""
        spans = self._sentences.get(index)
        if spans is None:
            start = self.starts[index]
            flat = self._flat[start : self.ends[index]]
            spans = self._sentences[index] = [(start + first, start + last) for first, last in sentence_spans(flat)]
        return spans

    def place(self, index: int) -> Place:
        """Return a segment with its place, for measures."""
        return Place(self.segment_text(index), index, len(self), self.starts[index], len(self.text))


def _remaining(document: Document, dropped: Sequence[tuple[int, int]]) -> tuple[str, Sequence[Block]]:
    """Return the text with spaces in place of ``dropped`` spans, which are in order, and the blocks outside them."""
    if not dropped:
        return document.text, document.blocks
    text, pieces, position = document.text, [], 0
    for start, end in dropped:
        pieces += [text[position:start], " " * (end - max(start, position))]
        position = max(position, end)
    pieces.append(text[position:])
    starts = [start for start, _ in dropped]
    blocks = []
    for block in document.blocks:
        place = bisect_right(starts, block.start) - 1
        if place < 0 or dropped[place][1] <= block.start:
            blocks.append(block)
    return "".join(pieces), blocks


class Stage(Protocol):
    """A judge. ``name`` stands in every verdict; ``options`` are what a pipeline file can set."""

    @property
    def name(self) -> str: ...

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return verdicts on ``draft``. Must be pure: the same draft, the same verdicts."""
        ...
