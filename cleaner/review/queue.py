"""The queue of a review: a random sample of the items that a filter wants, drawn by a seed.

The first items come by drawing bytes of the ledgers at random, which costs the same whatever the size of the run. Where that
finds too few, because the run is small or what is wanted is rare, all ledgers are read through once, aside.
"""

from __future__ import annotations

import heapq
import random
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from cleaner.review.items import Filter, Place
from cleaner.review.ledgers import LedgerFile, Ranked

SMALL = 32 << 20
"""Bytes of ledgers that are read through at once."""
DRAWS = 4000
"""Draws that may be needed for a whole queue."""
FIRST = 100
"""Draws before the first screen, and in all."""


def quick_draw(ledgers: Sequence[LedgerFile], wanted: Filter, count: int, seed: str) -> Iterator[list[Place]]:
    """Yield different items, ``count`` at most, in batches; each item as likely as any other, by a bounded number of reads.

    Every ledger has as many marks as its ``weight``, each of them as likely to be hit; a ledger says which item a mark
    hits, if it hits any.
    """
    ends = list(accumulate(ledger.weight for ledger in ledgers))
    generator = random.Random(seed)
    found: dict[Place, None] = {}
    drawn = 0
    # Where it would take too many draws to find all, as the first ones show, reading all is quicker. How many are found
    # says nothing of which, so stopping there is fair.
    while len(found) < count and count * drawn <= DRAWS * len(found):
        # Several at a time, so that a ledger can read at once what lies together; few at first, since somebody waits.
        size = FIRST if not drawn else 2 * count
        drawn += size
        marks: list[list[int]] = [[] for _ in ledgers]
        order: list[int] = []
        for _ in range(size):
            mark = generator.randrange(ends[-1])
            number = bisect_right(ends, mark)
            marks[number].append(mark - ends[number] + ledgers[number].weight)
            order.append(number)
        hits = [
            iter(ledger.draw(own, wanted, generator)) if own else iter(())
            for ledger, own in zip(ledgers, marks, strict=True)
        ]
        batch = [place for place in (next(hits[number]) for number in order) if place is not None]
        fresh = [place for place in dict.fromkeys(batch) if place not in found][: count - len(found)]
        found.update(dict.fromkeys(fresh))
        yield fresh


def read_through(
    ledgers: Sequence[LedgerFile],
    wanted: Filter,
    count: int,
    seed: str,
    progress: Callable[[float], None],
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[list[Place], int]:
    """Read all ledgers and return up to ``count`` items drawn at random, and how many there are to draw from."""
    lowest: list[tuple[float, Place]] = []
    total = 0
    whole = sum(ledger.weight for ledger in ledgers) or 1
    before = 0
    for ledger in ledgers:

        def tell(share: float, before: int = before, size: int = ledger.weight) -> None:
            progress((before + share * size) / whole)

        for rank, place in ledger.scan(wanted, seed, tell):
            total += 1
            # A heap of the lowest ranks: the highest of them stands in front and goes first.
            if len(lowest) < count:
                heapq.heappush(lowest, (-rank, place))
            elif -rank > lowest[0][0]:
                heapq.heapreplace(lowest, (-rank, place))
            if not total & 1023 and stopped():
                break
        before += ledger.weight
        tell(1.0)
    return [place for _, place in sorted((Ranked(-rank, place) for rank, place in lowest))], total


class Queue:
    """The items of one filter, in the order in which they are to be judged; it may still grow while ``share`` is below 1."""

    def __init__(self, ledgers: Sequence[LedgerFile], wanted: Filter, count: int, seed: str) -> None:
        self.wanted = wanted
        self.share = 0.0
        self.total: int | None = None
        """How many items the filter wants in all, once that is known."""
        self.failure = ""
        self._ledgers, self._count, self._seed = ledgers, count, seed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._fill, daemon=True)
        self.places: list[Place] = []
        if sum(ledger.bulk for ledger in ledgers) <= SMALL:
            self._read_through()
        else:
            self._drawing = quick_draw(ledgers, wanted, count, seed)
            self.places += next(self._drawing, [])
            self._thread.start()

    def _fill(self) -> None:
        try:
            for places in self._drawing:
                self.places = self.places + places
                if self._stop.is_set():
                    return
        except Exception as error:  # noqa: BLE001
            self._failed(error)
        if len(self.places) == self._count:
            self.share = 1.0
        else:
            self._read_through()

    def _read_through(self) -> None:
        def tell(share: float) -> None:
            self.share = min(share, 0.999)

        try:
            found, total = read_through(self._ledgers, self.wanted, self._count, self._seed, tell, self._stop.is_set)
            self.places, self.total = list(dict.fromkeys(self.places + found))[: self._count], total
        except Exception as error:  # noqa: BLE001
            self._failed(error)
        self.share = 1.0

    def _failed(self, error: Exception) -> None:
        # It runs aside, so nobody would hear of it: the page shows it.
        self.failure = str(error)

    def join(self) -> None:
        """Wait until the queue is whole."""
        if self._thread.ident is not None:
            self._thread.join()

    def stop(self) -> None:
        """End the reading, for a queue that nobody waits for any more."""
        self._stop.set()
