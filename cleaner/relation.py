"""Which numbers belong to which others, as two arrays: looked up for many at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Relation:
    """For each of the numbers from 0, some others."""

    __slots__ = ("_counts", "_firsts", "_others")

    def __init__(self, counts: NDArray[np.int64], others: NDArray[np.int64]) -> None:
        self._counts = counts
        self._firsts = np.cumsum(counts) - counts
        self._others = others

    @classmethod
    def of(cls, count: int, pairs: Iterable[tuple[int, int]]) -> Relation:
        """Build the relation of ``count`` numbers from ``pairs`` of a number and another, in any order."""
        listed = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return cls(np.bincount(listed[:, 0], minlength=count), listed[:, 1])

    def pairs(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all pairs that begin with one of ``numbers``: its place among them, and the other number."""
        counts = self._counts[numbers]
        total = int(counts.sum())
        places = np.repeat(np.arange(len(numbers)), counts)
        return places, self._others[
            np.arange(total) + np.repeat(self._firsts[numbers] - np.cumsum(counts) + counts, counts)
        ]


def ordered(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each of ``numbers`` once, in order. By sorting, which is faster than numpy's own way by a hash table."""
    numbers = np.sort(numbers)
    fresh = np.ones(len(numbers), dtype=bool)
    fresh[1:] = numbers[1:] != numbers[:-1]
    return numbers[fresh]
