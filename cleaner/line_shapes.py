"""Further measures of lines: signs that open or close them, dates and prices, likeness to their neighbours, word scores.

All functions work on the lines of several documents at once, ``pages``. What they return for a line does not depend on the
other documents.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cleaner.pages import Pages, exact, totals

_NONE, _STOP, _SEPARATOR, _COLON, _PRICE, _QUESTION, _EXCLAMATION, _EMOJI, _AT = range(9)
_SIGNS = {
    _STOP: ".", _SEPARATOR: "/-", _COLON: ":：", _PRICE: "$€£¥₹₩₽₺₴₪%", _QUESTION: "?？؟", _EXCLAMATION: "!！", _AT: "@",
}  # fmt: skip
_BULLETS = np.array([ord(sign) for sign in "-•*·–—>▪●◦‣"], dtype=np.uint32)
_ELLIPSIS, _POINT, _SPACE, _SLASH, _W = 0x2026, 0x2E, 0x20, 0x2F, 0x77
_UNLIKE = 3.0
_GRID = 2.0**16
_WINDOWED = ("ellipsis", "bullet", "years", "prices", "questions")
_STEPS = (-3, -2, -1, 1, 2, 3)
SHAPES: tuple[str, ...] = (
    "ellipsis", "bullet", "years", "dates", "prices", "emoji", "links", "questions", "exclamations", "colons",
    "like_next", "like_second", "same_opening", "page_ellipses", "page_emoji",
    *(f"ellipsis_{step:+d}" for step in (-2, -1, 1, 2)),
    *(f"around_{name}" for name in _WINDOWED),
)  # fmt: skip
_SUMMARIES = ("own", "near", "around", "page", "rest", "start")


def score_names(heads: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the measures that :func:`score_columns` makes of the scores of ``heads``."""
    return tuple(
        name
        for head in heads
        for name in (
            *(f"{head}_{summary}" for summary in _SUMMARIES),
            *(f"{head}_{step:+d}" for step in _STEPS),
        )
    )


def shapes(
    points: NDArray[np.uint32],
    digits: NDArray[np.bool_],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    pages: Pages,
    openings: NDArray[np.uint64],
) -> NDArray[np.float32]:
    """Return the matrix of :data:`SHAPES` for the lines from ``starts`` to ``ends`` of ``points``, a row each.

    ``points`` begin and end with a line end. ``digits`` flags the digits among them; ``openings`` are numbers of the lines'
    first words. A line of signs that folding takes away may be empty.
    """
    columns = _counted(points, digits, starts, ends)
    second = points[np.minimum(starts + 1, len(points) - 1)]
    columns["ellipsis"] = _ellipsis(points, starts, ends)
    columns["bullet"] = (np.isin(points[starts], _BULLETS) & (second == _SPACE) & (ends - starts > 1)).astype(
        np.float32
    )
    lengths = np.log1p((ends - starts).astype(np.float32))
    for name, step in (("like_next", 1), ("like_second", 2)):
        unlike = [np.abs(lengths - pages.shifted(lengths, side * step, 99.0)) for side in (-1, 1)]
        columns[name] = np.minimum(np.minimum(*unlike), _UNLIKE)
    columns["same_opening"] = _same(openings, pages)
    for name, source in (("page_ellipses", "ellipsis"), ("page_emoji", "emoji")):
        columns[name] = np.minimum(pages.sums(columns[source]), 20).astype(np.float32)[pages.owners]
    for step in (-2, -1, 1, 2):
        columns[f"ellipsis_{step:+d}"] = pages.shifted(columns["ellipsis"], step, 0)
    for name in _WINDOWED:
        columns[f"around_{name}"] = pages.window(columns[name], 3)
    return np.column_stack([columns[name] for name in SHAPES])


def score_columns(scores: NDArray[np.float64], words: NDArray[np.float32], pages: Pages) -> NDArray[np.float32]:
    """Return the measures that the word ``scores`` of lines (a column a head) make: of the line, of what surrounds it, of the page.

    ``words`` are the lines' lengths in words, by whose root a line counts in the means. Named by :func:`score_names`.
    """
    columns: list[NDArray[np.float32]] = []
    weights = exact(np.sqrt(words + 1), _GRID)
    weight_totals = totals(weights)
    for place in range(scores.shape[1]):
        own = exact(scores[:, place], _GRID)
        weighted = totals(exact(own * weights, _GRID))
        spans = ((pages.first, pages.last), (pages.row, pages.last), (pages.first, pages.row + 1))
        means = [(weighted[high] - weighted[low]) / (weight_totals[high] - weight_totals[low]) for low, high in spans]
        plain = own.astype(np.float32)
        columns += [plain, pages.window(own, 3), pages.window(own, 6), *(mean.astype(np.float32) for mean in means)]
        columns += [pages.shifted(plain, step, 0) for step in _STEPS]
    return np.column_stack(columns) if columns else np.zeros((pages.total, 0), np.float32)


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    table = np.zeros(0x110000, dtype=np.uint8)
    for kind, signs in _SIGNS.items():
        table[[ord(sign) for sign in signs]] = kind
    table[0x2600:0x27C0] = table[0x1F000:0x20000] = _EMOJI
    return table


def _counted(
    points: NDArray[np.uint32], digits: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> dict[str, NDArray[np.float32]]:
    """Return how many signs of each kind stand in each line. Signs are few: only their places are looked at."""
    count, last = len(starts), len(points) - 1
    kinds = _kinds().take(points)
    places = np.flatnonzero(kinds)
    found = kinds[places]
    before, after = places - 1, places + 1
    dated = (found <= _COLON) & digits[before] & digits[after]
    linked = (found == _AT) | (
        (found == _COLON) & (points[after] == _SLASH) & (points[np.minimum(places + 2, last)] == _SLASH)
    )
    www = (points[before] | 0x20 == _W) & (points[np.maximum(places - 2, 0)] | 0x20 == _W)
    linked |= (found == _STOP) & www
    years = _years(points, digits)

    def number(where: NDArray[np.int64], most: int) -> NDArray[np.float32]:
        line = np.searchsorted(starts, where, side="right") - 1
        line = line[(line >= 0) & (where < ends[np.maximum(line, 0)])]
        return np.minimum(np.bincount(line, minlength=count), most).astype(np.float32)

    return {
        "years": number(years, 3),
        "dates": number(places[dated], 4),
        "prices": number(places[found == _PRICE], 3),
        "emoji": number(places[found == _EMOJI], 3),
        "links": number(places[linked], 3),
        "questions": number(places[found == _QUESTION], 3),
        "exclamations": number(places[found == _EXCLAMATION], 3),
        "colons": number(places[found == _COLON], 3),
    }


def _ellipsis(points: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float32]:
    last, before = points[ends - 1], points[np.maximum(ends - 2, 0)]
    dots = (last == _POINT) & (ends - starts > 3) & (before == _POINT)
    flags: NDArray[np.float32] = (((last == _ELLIPSIS) | dots) & (ends > starts)).astype(np.float32)
    return flags


def _years(points: NDArray[np.uint32], digits: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where a run of just four digits begins that reads 19.. or 20.."""
    places = np.flatnonzero(digits)
    if not len(places):
        return places
    firsts = np.flatnonzero(np.diff(places, prepend=-2) > 1)
    lengths = np.diff(np.append(firsts, len(places)))
    runs = places[firsts[lengths == 4]]
    one, two = points[runs], points[runs + 1]
    chosen: NDArray[np.int64] = runs[((one == 0x31) & (two == 0x39)) | ((one == 0x32) & (two == 0x30))]
    return chosen


def _same(openings: NDArray[np.uint64], pages: Pages) -> NDArray[np.float32]:
    """Return how many of the three lines on either side open with the same word."""
    result = np.zeros(len(openings), np.float32)
    owners = pages.owners
    for step in (1, 2, 3):
        same = (openings[step:] == openings[:-step]) & (owners[step:] == owners[:-step]) & (openings[step:] != 0)
        result[step:] += same
        result[:-step] += same
    return result
