"""Rows of several documents: nothing is seen across a document's border."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from cleaner.pages import FAR, Pages

SIZES = some.lists(some.integers(0, 5), min_size=1, max_size=6)


def pages_of(sizes: list[int]) -> Pages:
    return Pages(np.repeat(np.arange(len(sizes)), sizes), len(sizes))


@given(SIZES, some.integers(-4, 4), some.data())
def test_together_is_as_alone(sizes: list[int], step: int, data: some.DataObject) -> None:
    pages = pages_of(sizes)
    values = data.draw(some.lists(some.integers(-9, 9), min_size=pages.total, max_size=pages.total))
    column = np.array(values, dtype=np.float32)
    flags = column > 3
    first = 0
    for size in sizes:
        rows, alone = slice(first, first + size), pages_of([size])
        assert pages.shifted(column, step, -1)[rows].tolist() == alone.shifted(column[rows], step, -1).tolist()
        assert pages.window(column, 2)[rows].tolist() == alone.window(column[rows], 2).tolist()
        for here in (True, False):
            assert pages.since(flags, here)[rows].tolist() == alone.since(flags[rows], here).tolist()
            assert pages.until(flags, here)[rows].tolist() == alone.until(flags[rows], here).tolist()
        first += size
    assert len(pages.sums(column)) == len(sizes)


def test_what_is_near() -> None:
    pages = pages_of([3, 0, 2])
    column = np.array([1, 2, 3, 4, 5], dtype=np.float32)
    assert pages.shifted(column, 1, -1).tolist() == [2, 3, -1, 5, -1]
    assert pages.shifted(column, -2, 0).tolist() == [0, 0, 1, 0, 0]
    assert pages.window(column, 1).tolist() == [1.5, 2, 2.5, 4.5, 4.5]
    assert pages.sums(column).tolist() == [6, 0, 9]
    flags = np.array([False, True, False, False, True])
    assert pages.since(flags, here=False).tolist() == [FAR, FAR, 1, FAR, FAR]
    assert pages.until(flags, here=True).tolist() == [1, 0, FAR, 1, 0]
