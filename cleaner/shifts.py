"""The way between a text and a copy of it from which signs were taken, or in which some became several."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Shifts:
    """Runs of signs that stand in the copy as they do in the original: where each begins in the copy, and in the original.

    Both rise. What became several signs is a run for each of them, all but the last from the same place.
    """

    __slots__ = ("_copies", "_originals")

    def __init__(self, copies: NDArray[np.int64], originals: NDArray[np.int64]) -> None:
        self._copies = copies
        self._originals = originals

    @classmethod
    def of(cls, places: NDArray[np.int64], counts: NDArray[np.int64]) -> Shifts:
        """Return the way to a text whose signs at ``places``, in order, became ``counts`` signs each; all others, one."""
        firsts = places + np.cumsum(counts - 1) - (counts - 1)
        runs = np.maximum(counts, 1)
        total = int(runs.sum())
        # The number of each run among those of its place, from 1; a sign that went has one, where the next sign stands.
        step = np.arange(1, total + 1) - np.repeat(np.cumsum(runs) - runs, runs)
        count = np.repeat(counts, runs)
        copies = np.repeat(firsts, runs) + np.minimum(step, count)
        originals = np.repeat(places, runs) + (step >= count)
        return cls(np.concatenate(([0], copies)), np.concatenate(([0], originals)))

    def without(self, places: NDArray[np.int64]) -> Shifts:
        """Return the way to the copy from which the signs at ``places`` of this one were taken, too."""
        second = Shifts.of(places, np.zeros(len(places), dtype=np.int64))
        copies = np.sort(np.concatenate((second.copied(self._copies), second._copies)))
        return Shifts(copies, self.original(second.original(copies)))

    def original(self, copies: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places in the original from which the signs at ``copies`` came."""
        run = np.searchsorted(self._copies, copies, side="right") - 1
        return self._originals[run] + (copies - self._copies[run])

    def copied(self, originals: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places in the copy of the signs at ``originals``, each the first of several, or that of the next sign."""
        following = np.searchsorted(self._originals, originals, side="left")
        run = np.maximum(following - 1, 0)
        reached = self._copies[run] + np.maximum(originals - self._originals[run], 0)
        last = len(self._copies) - 1
        bound = np.where(following > last, reached, self._copies[np.minimum(following, last)])
        copies: NDArray[np.int64] = np.minimum(reached, bound)
        return copies
