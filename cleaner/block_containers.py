"""Measures of the elements around a page's blocks, and of the kinds of place that its blocks stand in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.block_counts import Counts
from cleaner.elements import Elements

LEVELS = 6
"""Containers around a block that are measured."""

Row = NDArray[Any]


def measure_containers(base: Counts, elements: Elements, columns: dict[str, Row]) -> None:
    """Add the measures of the :data:`LEVELS` elements around each block, and of where it stands to the main text."""
    index = np.arange(base.size)
    for level in range(LEVELS):
        container = elements.containers[:, level]
        first, last = elements.first[container], elements.last[container] + 1
        words = base.total_words[last] - base.total_words[first]
        text = base.total_long[last] - base.total_long[first]
        number = last - first
        linked = base.total_linked[last] - base.total_linked[first]
        columns[f"container {level} words"] = np.log1p(words)
        columns[f"container {level} page share"] = words / base.all_words
        columns[f"container {level} links"] = linked / words
        columns[f"container {level} text"] = text / words
        columns[f"container {level} text share"] = text / base.all_long if base.all_long else text
        columns[f"container {level} blocks"] = np.log1p(number)
        columns[f"container {level} block words"] = np.log1p(words / number)
        columns[f"container {level} place"] = (index - first) / number
        columns[f"container {level} first"] = np.minimum(30, index - first)
        columns[f"container {level} alike"] = np.log1p(elements.siblings[container])
    main = _main_container(base, elements)
    start, end = int(elements.first[main]), int(elements.last[main])
    columns["from main text"] = np.clip(np.where(index < start, index - start, np.maximum(0, index - end)), -200, 200)
    columns["main text steps"] = np.isin(elements.ancestors, _ancestry(elements, main)).argmax(axis=1)
    columns["main text share"] = np.full(
        base.size, (base.total_long[end + 1] - base.total_long[start]) / max(1.0, base.all_long)
    )


def _main_container(base: Counts, elements: Elements) -> int:
    """Return the innermost element that holds three fifths of the running text (of all words, where there is none)."""
    totals = base.total_long if base.all_long else base.total_words
    inside = totals[elements.last + 1] - totals[np.minimum(elements.first, base.size)]
    enough = (elements.last >= 0) & (inside >= 0.6 * totals[-1])
    candidates = np.flatnonzero(enough)
    return int(candidates[np.argmax(elements.depth[candidates])]) if len(candidates) else 0


def _ancestry(elements: Elements, element: int) -> NDArray[np.int64]:
    block = int(elements.first[element])
    row: NDArray[np.int64] = elements.ancestors[block]
    places = np.flatnonzero(row == element)
    return row[places[0] :] if len(places) else row[-1:]


def measure_places(base: Counts, elements: Elements, columns: dict[str, Row]) -> None:
    """Add the measures of each block's place on the page, and of all blocks in the same kind of place."""
    index = np.arange(base.size)
    columns["depth"] = elements.depth[elements.ancestors[:, 0]]
    columns["block place"] = index / base.size
    columns["word place"] = base.total_words[:-1] / base.all_words
    columns["from start"] = np.log1p(index)
    columns["from end"] = np.log1p(base.size - 1 - index)
    kinds = elements.signatures
    number = np.bincount(kinds)
    words = np.bincount(kinds, weights=base.words)
    text = np.bincount(kinds, weights=base.long_words)
    linked = np.bincount(kinds, weights=base.words * base.link)
    columns["place blocks"] = np.log1p(number[kinds])
    columns["place words"] = np.log1p(words[kinds])
    columns["place page share"] = words[kinds] / base.all_words
    columns["place text"] = text[kinds] / words[kinds]
    columns["place text share"] = text[kinds] / base.all_long if base.all_long else text[kinds]
    columns["place links"] = linked[kinds] / words[kinds]
    columns["alike"] = np.log1p(elements.siblings[elements.ancestors[:, 0]])
    columns["parent alike"] = np.log1p(
        elements.siblings[elements.ancestors[:, min(1, elements.ancestors.shape[1] - 1)]]
    )
