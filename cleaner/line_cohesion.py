"""Lexical cohesion: how far a line speaks of what the rest of its page speaks of.

A headline of another article, a teaser or a pitch brings words of its own; a paragraph of the article shares its words with
other paragraphs (the observation behind Hearst, "TextTiling", 1997). No word list is needed, and so no language: words count
from five letters on by their beginnings, and pairs of signs where words have no spaces.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.pages import Pages, exact, totals
from cleaner.word_scores import Topics

_LONG_WORDS = 15
_LEAD = 0.3
_NEAR = 3
_GRID = 1024.0
_MOST = 30.0
_WINDOWS = (("long", 3), ("lead", 3), ("long", 8))
_SHARES = ("shared", "long", "lead", "near", "often")
COHESION: tuple[str, ...] = (
    *(f"cohesion_{name}" for name in _SHARES),
    "cohesion_words",
    *(f"cohesion_{name}_{reach}" for name, reach in _WINDOWS),
)


def cohesion(topics: Topics, words: NDArray[np.float32], pages: Pages) -> NDArray[np.float32]:
    """Return the matrix of :data:`COHESION` for the lines of ``pages``, a row each; ``words`` are their lengths in words.

    The shares are of the line's topic words: those that stand in another line of the page, in another long line, also in
    the page's first third, within three lines; and the mean logarithm of how many lines have them. Shares of a line without
    topic words are -1.
    """
    lines, group, first = _grouped(topics, pages)
    owners = first[:-1][group]
    sizes = np.diff(first)[group]
    long = words >= _LONG_WORDS
    in_long = np.bincount(group, long[lines])[group]
    lead = _lead(words, pages)[lines[owners]]
    gaps = np.diff(lines) <= _NEAR
    same = group[1:] == group[:-1]
    near = np.zeros(len(lines), dtype=bool)
    near[1:] |= gaps & same
    near[:-1] |= gaps & same
    found = {
        "shared": sizes > 1,
        "long": in_long - long[lines] > 0,
        "lead": lead & (sizes > 1),
        "near": near,
        "often": exact(np.log(sizes), _GRID),
    }
    counts = np.bincount(lines, minlength=pages.total)
    most = np.maximum(counts, 1)
    columns = {
        name: np.where(counts > 0, np.bincount(lines, values, pages.total) / most, -1.0)
        for name, values in found.items()
    }
    around = [pages.window(exact(columns[name], _GRID), reach) for name, reach in _WINDOWS]
    return np.column_stack(
        [*(columns[name].astype(np.float32) for name in _SHARES), np.minimum(counts, _MOST).astype(np.float32), *around]
    )


def _grouped(topics: Topics, pages: Pages) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the lines of all topic words, each once a line, ordered by page and word; the number of each one's word; and
    where each word begins, with one border after the last.
    """
    keys = (pages.owners[topics.lines] << np.int64(32)) | topics.numbers
    order = np.argsort(keys, kind="stable")
    keys, lines = keys[order], topics.lines[order]
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (lines[1:] != lines[:-1])
    keys, lines = keys[fresh], lines[fresh]
    opens = np.ones(len(keys), dtype=bool)
    opens[1:] = keys[1:] != keys[:-1]
    return lines, np.cumsum(opens) - 1, np.append(np.flatnonzero(opens), len(keys))


def _lead(words: NDArray[np.float32], pages: Pages) -> NDArray[np.bool_]:
    """Return which lines begin in the first part of their page, by words."""
    running = totals(words)
    before = running[:-1] - running[pages.first]
    whole = running[pages.last] - running[pages.first]
    flags: NDArray[np.bool_] = before < _LEAD * whole
    return flags
