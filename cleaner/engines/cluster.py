"""What the engines for clusters share: batches of raw records that go out, come back in order, and survive bad documents.

The machine that starts a run reads the inputs and writes the outputs, so workers need no storage in common.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeVar

from cleaner._version import __version__
from cleaner.engines.inputs import MOST_BYTES
from cleaner.engines.pool import Pool
from cleaner.engines.run import Run
from cleaner.engines.work import Batch, Done, Work
from cleaner.errors import ConfigurationError

Tag = TypeVar("Tag")
Sent = TypeVar("Sent")
Got = TypeVar("Got")
AHEAD = 8
"""Batches for each core that may be under way or wait for one before them."""
ROOM = AHEAD * MOST_BYTES
"""Bytes of records for each core that may be under way."""


@dataclass(frozen=True)
class Task:
    """How a worker cleans batches; ``deadline`` is in seconds for a document, ``memory_limit`` in bytes for a process."""

    work: Work
    deadline: float | None = None
    memory_limit: int | None = None
    version: str = __version__

    def clean(self, batch: Batch) -> Done:
        """Clean a batch in a process of this worker's own, so that a document that kills it is a reject, not a lost worker.

        Raises:
            InvariantError: a guarantee of the program did not hold.
            ConfigurationError: this worker has another release or other rules.
        """
        if self.version != __version__:
            raise ConfigurationError(
                f"a worker has cleaner {__version__}, the run was started with {self.version}",
                "install the same release on all machines",
            )
        ((_, done),) = _pool(self).map(iter([(None, batch)]))
        assert done is not None
        return done


_pools: dict[bytes, Pool] = {}
"""The one process that this worker cleans in; another task ends it."""


def _pool(task: Task) -> Pool:
    key = pickle.dumps(task)
    if key not in _pools:
        while _pools:
            _pools.popitem()[1].__exit__()
        _pools[key] = Pool(task.work, 1, task.deadline, task.memory_limit)
    return _pools[key]


def started(run: Run, work: Work) -> Any:
    """Return the cluster that ``run`` asks for; it is a context and cleans with its method ``map``.

    Raises:
        ConfigurationError: the engine is not installed or cannot be started.
    """
    task = Task(replace(work, pipeline=work.pipeline.absolute()), run.deadline, run.memory_limit)
    try:
        library = import_module(f"cleaner.engines.{run.engine}")
    except ImportError as error:
        raise ConfigurationError(
            f"the engine {run.engine} is not installed: {error}", f"pip install 'article-cleaner[{run.engine}]'"
        ) from None
    return library.Cluster(task, run.workers, run.cluster)


def in_order(
    items: Iterable[tuple[Tag, Sent | None]],
    send: Callable[[Sent], Got],
    most: int,
    size: Callable[[Sent], int] = lambda item: 0,
    room: int = 0,
) -> Iterator[tuple[Tag, Got | None]]:
    """Yield the tags in their order, each with what ``send`` gave for its item.

    At most ``most`` items are ahead of the reader, and none is sent while those ahead take more than ``room`` by ``size``.
    """
    under_way: deque[tuple[Tag, Got | None, int]] = deque()
    held = 0
    for tag, item in items:
        weight = 0 if item is None else size(item)
        under_way.append((tag, None if item is None else send(item), weight))
        held += weight
        while under_way and (len(under_way) >= most or held > room):
            first, got, weight = under_way.popleft()
            held -= weight
            yield first, got
    for first, got, _ in under_way:
        yield first, got


def windows(
    steps: Iterable[tuple[Tag, Batch | None]], most: int, room: int
) -> Iterator[list[tuple[Tag, Batch | None]]]:
    """Yield the steps in groups, which end with the step that makes them ``most`` or fills ``room`` bytes."""
    group: list[tuple[Tag, Batch | None]] = []
    held = 0
    for tag, batch in steps:
        group.append((tag, batch))
        held += size_of(batch)
        if len(group) >= most or held >= room:
            yield group
            group, held = [], 0
    if group:
        yield group


def size_of(batch: Batch | None) -> int:
    """Return the bytes of the records of a batch."""
    return sum(map(len, batch.raws)) if batch else 0
