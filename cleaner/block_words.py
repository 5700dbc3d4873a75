"""What the words of a page's blocks say: their features, and the measures that the scores of learned words make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner import word_scores
from cleaner.block_containers import Row
from cleaner.characters import DIGIT, LOWER, SPACELESS, UPPER, classes_of
from cleaner.document import Document
from cleaner.pages import Pages, exact

NAMES = ("text words", "text words before 1", "text words after 1", "page text words")
"""The measures of :func:`columns`, in their order."""
_GRID = 1 << 12


def features(document: Document) -> word_scores.Features:
    """Return the word features of a document's blocks; letters count as small ones. Linear in the text's length."""
    points = np.frombuffer(_small(document.text).encode("utf-32-le"), dtype=np.uint32)
    classes = classes_of(points)
    spaceless = classes == SPACELESS
    letters = (classes == UPPER) | (classes == LOWER) | (classes == DIGIT) | spaceless
    starts = np.array([block[0] for block in document.blocks], dtype=np.int64)
    ends = np.array([block[1] for block in document.blocks], dtype=np.int64)
    return word_scores.features(points, letters, spaceless, starts, ends)


def _small(text: str) -> str:
    """Return ``text`` in small letters, of the same length: a few letters would become two."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


def columns(scores: NDArray[np.float64], words: NDArray[np.float64], pages: Pages) -> dict[str, Row]:
    """Return the measures that ``scores``, one for each block, make: its own, its neighbours', the mean over the page's words.

    ``words`` has the number of each block's words.
    """
    own = exact(scores, _GRID)
    mean = pages.sums(own * words) / np.maximum(1.0, pages.sums(words))
    beside = [pages.shifted(own.astype(np.float32), step, 0.0) for step in (-1, 1)]
    return dict(zip(NAMES, (own, *beside, mean[pages.owners]), strict=True))
