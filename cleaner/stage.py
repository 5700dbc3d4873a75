"""What a stage is: a named, pure judge. It sees a draft and returns verdicts; it cannot reach the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from cleaner.batch import Batch
from cleaner.document import Block, Document
from cleaner.folding import fold_start
from cleaner.language import SIGNS_SAMPLE, detect, stated
from cleaner.ledger import Verdict
from cleaner.match import Matcher, Pack
from cleaner.measures import Place, sentence_spans
from cleaner.quotations import quotations
from cleaner.rulebook import CORE_GROUPS
from cleaner.segments import is_wrapped, unwrap


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
            self.flat, self.blocks = _remaining(document, dropped)
        else:
            self.flat = unwrap(self.text) if is_wrapped(self.text) else self.text
        """The text as it is searched and parted: without the line ends inside wrapped paragraphs."""
        self._sentences: dict[int, list[tuple[int, int]]] = {}

    def enter(self, batch: Batch, number: int) -> None:
        """Make this the draft ``number`` of ``batch``, which searches and measures it together with others."""
        self.__dict__["batch"] = batch
        self.number = number
        self.row, self.base = batch.rows[number], batch.bases[number]
        self.rows = slice(self.row, batch.rows[number + 1])

    @cached_property
    def batch(self) -> Batch:
        """The drafts that this one is searched and measured with: itself alone, where nobody said otherwise."""
        return Batch([self])

    @cached_property
    def starts(self) -> list[int]:
        """Where the segments start."""
        batch = self.batch
        starts: list[int] = (batch.starts[self.rows] - self.base).tolist()
        return starts

    @cached_property
    def ends(self) -> list[int]:
        """Where the segments end."""
        batch = self.batch
        ends: list[int] = (batch.ends[self.rows] - self.base).tolist()
        return ends

    def __len__(self) -> int:
        batch = self.batch
        return min(self.rows.stop, len(batch)) - self.row

    def block(self, index: int) -> Block | None:
        """Return the block of a page that a segment is, or None in plain text."""
        return self.blocks[index] if self.blocks else None

    def without(self, spans: Iterable[tuple[int, int]]) -> Draft:
        """Return a draft of the same document whose segments are those outside ``spans``, with the same verdicts."""
        narrowed = Draft(self.document, self.matcher, sorted({*self.dropped, *spans}))
        narrowed.verdicts = self.verdicts
        return narrowed

    @cached_property
    def packs(self) -> list[Pack]:
        """The packs of the languages whose rules apply."""
        applying = self.rule_languages
        return [self.matcher.pack(language) for language in self.matcher.languages if language in applying]

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
        if own in self.matcher.known:
            return stated(own)
        return self.matcher.signs.plausible(fold_start(self.flat, SIGNS_SAMPLE))

    @property
    def rule_languages(self) -> frozenset[str]:
        """The languages whose rules apply: those of the text, English, and ``any``."""
        return self.text_languages | {"en", "any"}

    @cached_property
    def total_words(self) -> int:
        """The words of all segments."""
        batch = self.batch
        return sum(batch.words[self.rows])

    def view_text(self, index: int) -> str:
        """Return the folded text of a segment."""
        batch = self.batch
        row = self.row + index
        return batch.view.text[int(batch.view_starts[row]) : int(batch.view_ends[row])]

    def _original(self, start: int, end: int) -> tuple[int, int]:
        first, last = self.batch.view.original(start, end)
        return first - self.base, last - self.base

    def groups(self, index: int) -> frozenset[str]:
        """Return the names of the core lexicon groups, of whatever applying language, that have a cue in a segment."""
        counts = self.batch.group_counts[self.row + index]
        return frozenset(CORE_GROUPS[place] for place in np.flatnonzero(counts).tolist())

    def quotes(self, index: int) -> list[tuple[int, int]]:
        """Return the spans of a segment that are quoted speech, as code points of the text."""
        view = self.view_text(index)
        found = quotations(view)
        if not found:
            return []
        base, original = int(self.batch.view_starts[self.row + index]), self._original
        return [original(base + first, base + last) for first, last in found]

    def segment_text(self, index: int) -> str:
        """Return the text of a segment."""
        return self.text[self.starts[index] : self.ends[index]]

    def segment_at(self, position: int) -> int:
        """Return the segment that holds the code point ``position``, or the last one before it (-1: none)."""
        return bisect_right(self.starts, position) - 1

    def words(self, index: int) -> int:
        """Return the number of words of a segment."""
        batch = self.batch
        return batch.words[self.row + index]

    def sentences(self, index: int) -> list[tuple[int, int]]:
        """Return the sentences of a segment as spans of the text."""
        spans = self._sentences.get(index)
        if spans is None:
            start = self.starts[index]
            flat = self.flat[start : self.ends[index]]
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
    """A judge. ``name`` stands in every verdict.

    What a stage may have besides: ``digest``, a string that changes with what it reads for itself, such as a model, and goes
    into the pipeline's; ``judge_many``, from a batch to the verdicts on each of its drafts; ``narrows``, true where what it
    drops is no neighbour of anything in later stages. Its options are the arguments it is built with.
    """

    @property
    def name(self) -> str: ...

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return verdicts on ``draft``. Must be pure: the same draft, the same verdicts."""
        ...
