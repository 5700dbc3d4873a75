"""The queue of a review: a random sample of the items that a filter wants, drawn by a seed.

The first items come by drawing bytes of the ledgers at random, which costs the same whatever the size of the run. Where that
finds too few, because the run is small or what is wanted is rare, all ledgers are read through once, aside.
"""

from __future__ import annotations

import heapq
import random
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import accumulate

from cleaner.review.items import Filter, Place
from cleaner.review.ledgers import JsonlLedger, LedgerFile, Ranked, opened

SMALL = 32 << 20
"""Bytes of ledgers that are read through at once."""
DRAWS = 4000


def quick_draw(ledgers: Sequence[LedgerFile], wanted: Filter, count: int, seed: str) -> list[Place]:
    """Return up to ``count`` different items, each as likely as any other, from a bounded number of reads."""
    files = [ledger for ledger in ledgers if isinstance(ledger, JsonlLedger)]
    if len(files) < len(ledgers) or sum(ledger.size for ledger in files) <= SMALL:
        return []
    ends = list(accumulate(ledger.size for ledger in files))
    generator = random.Random(seed)
    found: dict[Place, None] = {}
    with ExitStack() as stack:
        streams: dict[int, object] = {}
        for _ in range(DRAWS):
            position = generator.randrange(ends[-1])
            number = bisect_right(ends, position)
            ledger = files[number]
            if number not in streams:
                if len(streams) >= 64:
                    stack.close()
                    streams.clear()
                streams[number] = stack.enter_context(opened(ledger.path))
            place = ledger.draw(streams[number], position - ends[number] + ledger.size, wanted, generator)  # type: ignore[arg-type]
            if place is not None:
                found[place] = None
                if len(found) == count:
                    break
    return list(found)


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
    whole = sum(ledger.size for ledger in ledgers) or 1
    before = 0
    for ledger in ledgers:

        def tell(share: float, before: int = before, size: int = ledger.size) -> None:
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
        before += ledger.size
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
        self.places = quick_draw(ledgers, wanted, count, seed)
        if len(self.places) == count:
            self.share = 1.0
        elif sum(ledger.size for ledger in ledgers if isinstance(ledger, JsonlLedger)) <= SMALL and all(
            isinstance(ledger, JsonlLedger) for ledger in ledgers
        ):
            self._fill()
        else:
            self._thread.start()

    def _fill(self) -> None:
        def tell(share: float) -> None:
            self.share = min(share, 0.999)

        try:
            found, total = read_through(self._ledgers, self.wanted, self._count, self._seed, tell, self._stop.is_set)
            merged = dict.fromkeys(self.places + found)
            self.places, self.total = list(merged)[: self._count], total
        except Exception as error:  # noqa: BLE001
            # It runs aside, so nobody would hear of it: the page shows it.
            self.failure = str(error)
        self.share = 1.0

    def join(self) -> None:
        """Wait until the queue is whole."""
        if self._thread.ident is not None:
            self._thread.join()

    def stop(self) -> None:
        """End the reading, for a queue that nobody waits for any more."""
        self._stop.set()
