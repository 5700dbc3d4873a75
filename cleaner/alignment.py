"""Which words of a page another text kept: a longest common subsequence of words, by arithmetic on long integers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
_MOST_CELLS = 2_000_000_000
_RUN = 3
_GRAM = 4
_SHORT_SHARE = 0.6


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in small letters; characters of scripts without spaces come in runs."""
    return _WORD.findall(text.lower())


def common(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Return for each word of ``first`` the place in ``second`` that it is matched with, or -1.

    The matches rise in both and are as many as possible (the bit-parallel method of Hyyrö, 2004). Where both are very
    long, only their beginnings are matched.
    """
    shared = set(first) & set(second)
    rows = [place for place, word in enumerate(first) if word in shared]
    columns = [place for place, word in enumerate(second) if word in shared]
    rows = rows[: max(1_000, _MOST_CELLS // max(1, len(columns)))]
    masks: dict[str, int] = {}
    for bit, place in enumerate(columns):
        masks[second[place]] = masks.get(second[place], 0) | 1 << bit
    width = (1 << len(columns)) - 1
    state = width
    states: list[int] = []
    for place in rows:
        met = state & masks[first[place]]
        state = ((state + met) | (state - met)) & width
        states.append(state)
    matched = [-1] * len(first)
    row, column = len(rows), len(columns)
    while row and column:
        if states[row - 1] >> (column - 1) & 1:
            column -= 1
            continue
        row -= 1
        if row == 0 or states[row - 1] >> (column - 1) & 1:
            column -= 1
            matched[rows[row]] = columns[column]
    return matched


def kept_shares(blocks: Sequence[str], kept: str) -> list[float]:
    """Return for each of a page's ``blocks`` the share of its words that the text ``kept`` holds in the same order.

    Words count only in runs: three in a row, or most of a short block. Blocks that ``kept`` holds in another order are
    found by sequences of four words.
    """
    tokens: list[str] = []
    bounds: list[tuple[int, int]] = []
    for block in blocks:
        words = words_of(block)
        bounds.append((len(tokens), len(tokens) + len(words)))
        tokens += words
    wanted = words_of(kept)
    matched = common(tokens, wanted)
    taken = [False] * len(tokens)
    for start, end in bounds:
        _keep_runs(matched, start, end, taken)
    used = {matched[place] for place, is_taken in enumerate(taken) if is_taken}
    _second_chance(tokens, bounds, wanted, used, taken)
    return [sum(taken[start:end]) / (end - start) if end > start else 0.0 for start, end in bounds]


def _keep_runs(matched: list[int], start: int, end: int, taken: list[bool]) -> None:
    size = end - start
    place = start
    while place < end:
        if matched[place] < 0:
            place += 1
            continue
        last = place
        while last + 1 < end and matched[last + 1] == matched[last] + 1:
            last += 1
        length = last + 1 - place
        if length >= _RUN or length >= _SHORT_SHARE * size:
            taken[place : last + 1] = [True] * length
        place = last + 1


def _second_chance(
    tokens: list[str], bounds: list[tuple[int, int]], wanted: list[str], used: set[int], taken: list[bool]
) -> None:
    grams: Counter[tuple[str, ...]] = Counter()
    for place in range(len(wanted) - _GRAM + 1):
        if not any(place + step in used for step in range(_GRAM)):
            grams[tuple(wanted[place : place + _GRAM])] += 1
    if not grams:
        return
    for start, end in bounds:
        for place in range(start, end - _GRAM + 1):
            gram = tuple(tokens[place : place + _GRAM])
            if grams.get(gram, 0) and not any(taken[place : place + _GRAM - 1]) | taken[place + _GRAM - 1]:
                size = _GRAM
                grams[gram] -= 1
                while place + size < end and grams.get(tuple(tokens[place + size - _GRAM + 1 : place + size + 1]), 0):
                    grams[tuple(tokens[place + size - _GRAM + 1 : place + size + 1])] -= 1
                    size += 1
                taken[place : place + size] = [True] * size
