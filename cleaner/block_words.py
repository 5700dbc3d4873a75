"""What the words of a page's blocks say: their features, and the measures that the scores of learned words make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner import word_scores
from cleaner.block_containers import Row
from cleaner.block_counts import spans_of
from cleaner.characters import classes_of, word_signs
from cleaner.document import Document
from cleaner.folding import points_of
from cleaner.pages import Pages, exact

NAMES = ("text words", "text words before 1", "text words after 1", "page text words")
"""The measures of :func:`columns`, in their order."""
_GRID = 1 << 12


def features(document: Document) -> word_scores.Features:
    """Return the word features of a document's blocks; letters count as small ones. Linear in the text's length."""
    points = points_of(_small(document.text))
    return word_scores.features(points, *word_signs(classes_of(points)), *spans_of(document))


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
