"""Counts of a page's blocks that most measures need: characters by class, words, links, running text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Document, Layout

LONG = 12
"""Words outside links from which on a block with a full stop is running text."""

_CLASSES = ("other", "small", "capital", "digit", "space", "stop", "comma", "sign", "wide")


def _class_table() -> NDArray[np.uint8]:
    table = np.zeros(0x3100, dtype=np.uint8)
    for point in range(0x3000):
        character = chr(point)
        if character.isspace():
            table[point] = 4
        elif character.isdigit():
            table[point] = 3
        elif character.isupper():
            table[point] = 2
        elif character.isalpha():
            table[point] = 1
        elif character in ".!?…।॥۔؟":
            table[point] = 5
        elif character in ",;:،؛、–—":
            table[point] = 6
        elif character in "|»›→©®•·/$€£¥+@#>~":
            table[point] = 7
    table[0x3000:] = 8
    table[[0x3001, 0x3002]] = (6, 5)
    return table


_TABLE: list[NDArray[np.uint8]] = []


def character_counts(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each span of ``text`` the number of its characters of each class."""
    if not _TABLE:
        _TABLE.append(_class_table())
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    classes = _TABLE[0][np.minimum(points, 0x30FF)].astype(np.int64)
    # Between two blocks stands one line end, which counts with the block before it.
    lengths = np.diff(np.append(starts, len(text)))
    number = np.repeat(np.arange(len(starts)), lengths)
    size = len(_CLASSES)
    counts = np.bincount(number * size + classes, minlength=len(starts) * size).reshape(-1, size)
    counts[:, 4] -= lengths - (ends - starts)
    return counts


def spans_of(document: Document) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each of a document's blocks starts and ends, in code points."""
    blocks, size = document.blocks, len(document.blocks)
    starts = np.fromiter((block[0] for block in blocks), dtype=np.int64, count=size)
    return starts, np.fromiter((block[1] for block in blocks), dtype=np.int64, count=size)


class Counts:
    """What most measures need: counts and running totals."""

    def __init__(self, document: Document, layout: Layout) -> None:
        blocks = document.blocks
        self.size = len(blocks)
        self.starts, self.ends = spans_of(document)
        self.texts = document.block_texts
        self.counts = character_counts(document.text, self.starts, self.ends)
        self.characters = self.ends - self.starts
        self.words = (self.counts[:, 4] + 1 + self.counts[:, 8] // 2).astype(np.float64)
        self.link = np.minimum(1.0, np.asarray(layout.linked, dtype=np.float64) / self.characters)
        unlinked = self.words * (1 - self.link)
        self.long = (unlinked >= LONG) & (self.counts[:, 5] > 0)
        self.long_words = np.where(self.long, unlinked, 0.0)
        self.headings = np.array([block.kind == "heading" for block in blocks])

        self.total_words = self.running(self.words)
        self.total_linked = self.running(self.words * self.link)
        self.total_long = self.running(self.long_words)
        self.all_words, self.all_long = float(self.total_words[-1]), float(self.total_long[-1])

    @staticmethod
    def running(values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return running totals with a 0 before the first."""
        totals = np.zeros(len(values) + 1)
        np.cumsum(values, out=totals[1:])
        return totals
