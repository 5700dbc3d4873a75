"""The rows of several documents in one array, each with the borders of its document: what is near a row, and how far."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FAR = 40.0
"""The distance to what is not there, or farther away."""


class Pages:
    """Rows of ``count`` documents; ``owners`` is the number of each row's document, rising."""

    def __init__(self, owners: NDArray[np.int64], count: int) -> None:
        self.owners = owners
        self.count = count
        self.total = len(owners)
        self.row = np.arange(self.total)
        borders = np.searchsorted(owners, np.arange(count + 1))
        self.first, self.last = borders[owners], borders[owners + 1]
        """The first row of each row's document, and the one after its last."""

    def shifted(self, columns: NDArray[np.float32], step: int, fill: float) -> NDArray[np.float32]:
        """Return for every row the values of its neighbour ``step`` rows on; ``fill`` beyond the ends of the document."""
        place = self.row + step
        inside = (place >= self.first) & (place < self.last)
        values = columns[np.where(inside, place, 0)]
        values[~inside] = fill
        return values

    def sums(self, column: NDArray[Any]) -> NDArray[np.float64]:
        """Return the sum over each document, a value for each document."""
        sums: NDArray[np.float64] = np.bincount(self.owners, column, minlength=self.count).astype(np.float64)
        return sums

    def around(self, reach: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each row the first row of its surroundings, ``reach`` rows to both sides, and the one after the last."""
        return np.maximum(self.row - reach, self.first), np.minimum(self.row + reach + 1, self.last)

    def window(self, column: NDArray[Any], reach: int) -> NDArray[np.float32]:
        """Return the mean of each row's surroundings, ``reach`` rows to both sides.

        The values must be multiples of a small power of two: then sums are exact, whatever documents stand before.
        """
        running = totals(column)
        low, high = self.around(reach)
        means: NDArray[np.float32] = ((running[high] - running[low]) / (high - low)).astype(np.float32)
        return means

    def since(self, flags: NDArray[np.bool_], here: bool) -> NDArray[np.float32]:
        """Return how many rows back the last flagged one stands, the row itself included if ``here``; far if there is none."""
        places = np.flatnonzero(flags)
        if not len(places):
            return np.full(self.total, FAR, dtype=np.float32)
        found = np.searchsorted(places, self.row, side="right" if here else "left") - 1
        place = places[np.maximum(found, 0)]
        distance = np.where((found >= 0) & (place >= self.first), self.row - place, FAR)
        return np.minimum(distance, FAR).astype(np.float32)

    def until(self, flags: NDArray[np.bool_], here: bool) -> NDArray[np.float32]:
        """As :meth:`since`, for the next one."""
        places = np.flatnonzero(flags)
        if not len(places):
            return np.full(self.total, FAR, dtype=np.float32)
        found = np.searchsorted(places, self.row, side="left" if here else "right")
        place = places[np.minimum(found, len(places) - 1)]
        distance = np.where((found < len(places)) & (place < self.last), place - self.row, FAR)
        return np.minimum(distance, FAR).astype(np.float32)


def exact(values: NDArray[Any], grid: float) -> NDArray[np.float64]:
    """Round to multiples of ``1 / grid``, a power of two: sums of many have no error then, and no trace of their order."""
    rounded: NDArray[np.float64] = np.rint(values.astype(np.float64) * grid) / grid
    return rounded


def totals(column: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sums of all values before each place of ``column``, and of all."""
    return np.concatenate(([0.0], np.cumsum(column, dtype=np.float64)))
