"""Code points as arrays, and the class of each: letter, digit, space, stop, and so on."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cleaner.cues import is_spaceless

UPPER, LOWER, DIGIT, SPACE, STOP, COMMA, MARKUP, QUOTE, SPACELESS, OTHER = range(10)
"""Classes. ``SPACE`` is what ``str.isspace`` says; ``SPACELESS`` are letters of scripts without spaces between words."""


WORDS, CAPITALISED = range(10, 12)
"""Columns of :func:`counts_of` behind those of the classes."""
_COLUMNS = 12
_CHUNK = 1 << 20


def classes_of(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the class of each code point."""
    # Much faster than an index in brackets.
    return _table().take(points)


def word_signs(classes: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which code points words consist of, digits among them, and which of these are of scripts without spaces."""
    spaceless = classes == SPACELESS
    return (classes == UPPER) | (classes == LOWER) | (classes == DIGIT) | spaceless, spaceless


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    table = np.full(0x110000, OTHER, dtype=np.uint8)
    table[0x20000:0x40000] = SPACELESS
    for point in range(0xD800):
        table[point] = _class_of(chr(point))
    for point in range(0xF900, 0x10000):
        table[point] = _class_of(chr(point))
    return table


def _class_of(character: str) -> int:
    category = unicodedata.category(character)
    if category in ("Lu", "Lt"):
        return UPPER
    if category[0] in "LM":
        return SPACELESS if is_spaceless(character) else LOWER
    if category == "Nd":
        return DIGIT
    if character.isspace():
        return SPACE
    if character in ".!?…。！？।॥۔؟":
        return STOP
    if character in ",;:،؛、，；：":
        return COMMA
    if character in "|/›»→>•·*@#_+=<{}[]~":
        return MARKUP
    return QUOTE if category in ("Pi", "Pf") or character in "\"'「」『』" else OTHER


def counts_of(classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many code points of each class stand in each span, a row each, and how many words and capitalised words
    begin there. Spans are in order and apart.
    """
    # Words begin behind a space; what begins one counts in further columns.
    begins = classes != SPACE
    begins[1:] &= classes[:-1] == SPACE
    edges = np.column_stack((starts, ends)).ravel()
    counts = np.zeros((len(edges) + 1, _COLUMNS), dtype=np.int64)
    for low in range(0, len(classes), _CHUNK):
        high = min(low + _CHUNK, len(classes))
        first, last = np.searchsorted(edges, low, side="right"), np.searchsorted(edges, high, side="left")
        bounds = np.concatenate(([low], edges[first:last], [high]))
        # Every second number is that of a span, the others are between spans.
        numbers = np.repeat(np.arange(0, _COLUMNS * (last - first + 1), _COLUMNS), np.diff(bounds))
        part = numbers + classes[low:high]
        rows = counts[first : last + 1]
        rows += np.bincount(part, minlength=rows.size).reshape(rows.shape)
        starting = np.flatnonzero(begins[low:high])
        kinds = np.where(classes[low:high][starting] == UPPER, CAPITALISED, WORDS)
        rows += np.bincount(numbers[starting] + kinds, minlength=rows.size).reshape(rows.shape)
    spans = counts[1::2]
    spans[:, WORDS] += spans[:, CAPITALISED]
    return spans


def words_of(
    points: NDArray[np.uint32], classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for each span the number that :func:`cleaner.measures.count_words` gives; spans begin with no space."""
    begins = np.zeros(len(classes) + 1, dtype=np.int32)
    spaces = classes == SPACE
    np.cumsum(spaces[:-1] & ~spaces[1:], out=begins[2:], dtype=np.int32)
    # The first word of a span may follow straight on what stands before it.
    words = begins[ends].astype(np.int64) - begins[starts + 1] + 1
    if int(points.max(initial=0)) <= 0x0E00:
        return words
    sums = np.zeros(len(points) + 1, dtype=np.int32)
    np.cumsum(_spaceless(points), out=sums[1:], dtype=np.int32)
    spaceless = (sums[ends] - sums[starts]).astype(np.int64)
    return np.where(spaceless > 0, np.maximum(words, spaceless // 2 + words - 1), words)


def _spaceless(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """As :func:`cleaner.cues.is_spaceless` for each of ``points`` above U+0E00."""
    flags = np.zeros(len(points), dtype=bool)
    high = np.flatnonzero(points > 0x0E00)
    kinds, kind = np.unique(points[high], return_inverse=True)
    flags[high] = np.array([is_spaceless(chr(point)) for point in kinds.tolist()], dtype=bool)[kind]
    return flags
