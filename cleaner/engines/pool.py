"""Worker processes with a deadline and a memory limit for each document; results come back in the order of the batches.

A worker that dies or runs over is replaced. It writes down which record it is at, on a board of shared memory that the
parent looks at: so only the record that it was at is rejected, and its batch is done again without it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import wait as wait_for
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from cleaner import cache
from cleaner.engines.starting import uninterrupted, workers_context
from cleaner.engines.work import TOGETHER, Batch, Done, Work, process
from cleaner.errors import CleanerError, ConfigurationError

Tag = TypeVar("Tag")
_TICK = 0.05
"""Seconds between two looks at the board."""
_WAITING = 16
"""Batches for each worker that may be under way or wait for one before them."""
_WAITING_BYTES = 64 << 20
_DEATHS = 10
"""Times in a row that workers may die without having begun a record."""
_BETWEEN = 0
"""What stands on the board while no record is at work. The record at place n is n + 1, all records together are -1."""


@dataclass(slots=True)
class _Entry(Generic[Tag]):
    """A batch under way. ``since`` is when the board last changed, ``suspects`` counts deaths at a record."""

    tag: Tag
    batch: Batch | None
    future: Any = None
    slot: int = 0
    seen: int = _BETWEEN
    since: float = 0.0
    suspects: dict[int, int] = field(default_factory=dict)
    done: Done | None = None

    @property
    def ready(self) -> bool:
        return self.batch is None or self.done is not None


class Pool:
    """Cleans batches in ``workers`` processes. ``deadline`` is in seconds, ``memory`` the bytes that a worker may hold."""

    def __init__(self, work: Work, workers: int, deadline: float | None = None, memory: int | None = None) -> None:
        if memory is not None:
            _check_memory_limit()
        self._context = workers_context(__name__)
        self._deadline = deadline
        self._most = workers * _WAITING
        # Slots are taken in turns from more than are in use, so that a worker about to die writes to none of another batch.
        self._slots = 4 * self._most
        self._next = 0
        self._board: Any = self._context.RawArray("q", 2 * self._slots)
        self._deaths = 0
        arguments = (work, self._board, memory)
        self._new = partial(ProcessPool, workers, initializer=_begin, initargs=arguments, context=self._context)
        self._pool: Any = self._new()

    def _start(self) -> None:
        with uninterrupted(), suppress(BrokenProcessPool):
            # Asking for its state starts its workers. An interrupt would leave some that it does not know of; if they
            # cannot start, the first batch says so.
            _ = self._pool.active

    def __enter__(self) -> Pool:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.stop()
        self._pool.join()

    def map(self, batches: Iterator[tuple[Tag, Batch | None]]) -> Iterator[tuple[Tag, Done | None]]:
        """Yield the tags in their order, each with what became of its batch. A tag without a batch is passed through.

        Raises:
            InvariantError: a guarantee of the program did not hold.
            ConfigurationError: the pipeline cannot be used, or workers cannot even start.
        """
        entries: deque[_Entry[Tag]] = deque()
        waiting = 0
        more = True
        while more or entries:
            while more and len(entries) < self._most and waiting < _WAITING_BYTES:
                following = next(batches, None)
                if following is None:
                    more = False
                    break
                entry = _Entry(*following)
                if entry.batch is not None:
                    waiting += _size(entry.batch)
                    self._submit(entry)
                entries.append(entry)
            while entries and entries[0].ready:
                entry = entries.popleft()
                waiting -= _size(entry.batch)
                yield entry.tag, entry.done
            if entries and not entries[0].ready:
                wait([entry.future for entry in entries if not entry.ready], _TICK, FIRST_COMPLETED)
                self._settle(entries)

    def _submit(self, entry: _Entry[Tag]) -> None:
        self._next = (self._next + 1) % self._slots
        entry.slot, entry.seen, entry.since = self._next, _BETWEEN, time.monotonic()
        self._board[2 * entry.slot] = self._board[2 * entry.slot + 1] = _BETWEEN
        try:
            entry.future = self._pool.schedule(_task, args=(entry.batch, entry.slot))
        except (BrokenProcessPool, RuntimeError) as error:
            # It broke since the last look at it, and the next look replaces it.
            entry.future = Future()
            entry.future.set_exception(BrokenProcessPool(str(error)))

    def _settle(self, entries: deque[_Entry[Tag]]) -> None:
        """Take in what is finished, send again what has to be, and stop what is over its deadline."""
        for entry in entries:
            if entry.ready:
                continue
            if entry.future.done():
                try:
                    entry.done = entry.future.result()
                    self._deaths = 0
                except CancelledError:
                    self._submit(entry)
                except BrokenProcessPool:
                    self._restart(entries)
                    return
                except ProcessExpired as error:
                    self._died(entry, f"its worker died with exit code {error.exitcode}")
                except CleanerError:
                    raise
                except Exception as error:  # noqa: BLE001 - whatever else a worker could not tell its parent in order
                    self._died(entry, f"its worker failed with {type(error).__name__}")
            elif self._deadline is not None:
                self._look(entry)
        if not self._pool.active:
            # It broke before it took in what it was given last, and will not tell of that.
            self._restart(entries)

    def _look(self, entry: _Entry[Tag]) -> None:
        record, compiling = self._board[2 * entry.slot], self._board[2 * entry.slot + 1]
        now = time.monotonic()
        if record != entry.seen or compiling or record == _BETWEEN:
            entry.seen, entry.since = record, now
        elif now - entry.since > (self._deadline or 0.0):
            self._blame(entry, record - 1, f"it took longer than the deadline of {self._deadline:g} seconds")
            entry.future.cancel()

    def _died(self, entry: _Entry[Tag], reason: str) -> None:
        place = self._board[2 * entry.slot] - 1
        if place == _BETWEEN - 1:
            self._died_before(reason)
        else:
            # Something else may have killed it the first time.
            entry.suspects[place] = entry.suspects.get(place, 0) + 1
            if entry.suspects[place] > 1 or place == TOGETHER:
                self._blame(entry, place, f"{reason}, twice")
        self._submit(entry)

    def _died_before(self, reason: str) -> None:
        self._deaths += 1
        if self._deaths >= _DEATHS:
            raise ConfigurationError(f"workers die before they begin: {reason}", "they may need more memory")

    def _blame(self, entry: _Entry[Tag], place: int, reason: str) -> None:
        """Have the record at ``place`` rejected; where it could be any of the batch, find out which by doing them singly."""
        assert entry.batch is not None
        if place == TOGETHER:
            entry.batch = replace(entry.batch, singly=True)
        else:
            entry.batch = replace(entry.batch, poison={**entry.batch.poison, place: reason})

    def _restart(self, entries: deque[_Entry[Tag]]) -> None:
        """Replace the whole pool, after a worker died in a way that the others could not be kept."""
        with suppress(Exception):
            self._pool.stop()
            self._pool.join()
        self._pool = self._new()
        self._start()
        unfinished = [(entry, self._board[2 * entry.slot] != _BETWEEN) for entry in entries if not entry.ready]
        if not any(begun for _, begun in unfinished):
            self._died_before("none of them came so far")
        for entry, begun in unfinished:
            if begun:
                self._died(entry, "its worker died")
            else:
                self._submit(entry)


def _size(batch: Batch | None) -> int:
    return sum(map(len, batch.raws)) if batch else 0


def _check_memory_limit() -> None:
    try:
        import resource  # noqa: F401
    except ImportError:
        raise ConfigurationError(
            "this system knows no memory limit for a process", "leave --memory-limit out"
        ) from None


_own: dict[str, Any] = {}
"""What a worker process was given when it began."""


def _begin(work: Work, board: Any, memory: int | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _own.update(work=work, board=board, memory=memory, slot=None)
    cache.watch(_compiling)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _compiling(busy: bool) -> None:
    if _own["slot"] is not None:
        _own["board"][2 * _own["slot"] + 1] = int(busy)


def _task(batch: Batch, slot: int) -> Done:
    board = _own["board"]
    _own["slot"] = slot

    def before(index: int) -> None:
        board[2 * slot] = index + 1

    try:
        _limit(_own["memory"])
        done = process(_own["work"], batch, before)
    finally:
        _limit(None)
        _own["slot"] = None
    board[2 * slot] = _BETWEEN
    return done


def _limit(memory: int | None) -> None:
    """Set how much memory this process may hold, while it cleans; sending and receiving are not limited."""
    if _own["memory"] is None:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard if memory is None else memory, hard))
