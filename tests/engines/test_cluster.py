"""Runs on clusters: order and bounds, refusals, errors of workers, and a document that no worker survives."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result

from cleaner import Pipeline
from cleaner.engines import cluster
from cleaner.engines.cluster import Task, in_order, started, windows
from cleaner.engines.run import Run
from cleaner.engines.work import Batch, Done, Work, with_digest
from cleaner.errors import ConfigurationError

TEXT = "The river rose.\nSign up for our newsletter!"
LIBRARIES = {"ray": "ray", "spark": "pyspark"}
on_engines = pytest.mark.parametrize("engine", [pytest.param(name, marks=pytest.mark.engine) for name in LIBRARIES])


@pytest.fixture(scope="module")
def work() -> Work:
    return with_digest(Work(Pipeline.load("rules-only")))


@pytest.fixture
def no_pools() -> Iterator[None]:
    """Leave no process behind."""
    yield
    while cluster._pools:
        cluster._pools.popitem()[1].__exit__()


def test_tags_come_in_order_and_the_sender_is_bounded() -> None:
    sent: list[int] = []

    def send(item: int) -> int:
        sent.append(item)
        return item * 10

    items = ((number, None if number % 3 == 0 else number) for number in range(12))
    results: list[tuple[int, int | None]] = []
    for tag, got in in_order(items, send, 4, lambda item: 1, 100):
        results.append((tag, got))
        assert max(sent, default=0) < tag + 4
    assert results == [(number, None if number % 3 == 0 else number * 10) for number in range(12)]


def test_the_sender_is_bounded_by_size_too() -> None:
    sent: list[int] = []
    for tag, _ in in_order(((number, number) for number in range(20)), sent.append, 100, lambda item: 10, 35):
        assert len(sent) <= tag + 4
    assert sent == list(range(20))


def test_groups_end_by_number_and_by_size() -> None:
    def batch(size: int) -> Batch:
        return Batch("a", "text", 0, (b"x" * size,))

    steps = [(name, None if name == "c" else batch(9 if name == "e" else 1)) for name in "abcdefg"]
    groups = [[tag for tag, _ in group] for group in windows(steps, 3, 10)]
    assert groups == [["a", "b", "c"], ["d", "e"], ["f", "g"]]


def test_a_worker_of_another_release_refuses(work: Work) -> None:
    with pytest.raises(ConfigurationError, match="install the same release"):
        Task(work, version="0.0.0").clean(Batch("a", "jsonl", 0, (b"{}",)))


def test_a_worker_cleans_in_a_process_of_its_own_and_changes_it_with_the_task(work: Work, no_pools: None) -> None:
    batch = Batch("a.jsonl", "jsonl", 0, (orjson.dumps({"text": TEXT}),))
    first = Task(work).clean(batch)
    assert orjson.loads(first.documents)["text"] == "The river rose."
    (pool,) = cluster._pools.values()
    assert Task(work).clean(batch) == first
    assert list(cluster._pools.values()) == [pool]
    assert Task(work, deadline=600).clean(batch) == first
    assert len(cluster._pools) == 1
    assert pool not in cluster._pools.values()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "out", "--cluster", "head:6379"], "--cluster is the address of an engine"),
        (["--output", "-", "--engine", "ray"], "--engine does not go with standard output"),
    ],
)
def test_wrong_use(command: Callable[..., Result], tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    result = command("run", tmp_path / "a.txt", *arguments)
    assert (result.exit_code, message in result.stderr) == (2, True)


@pytest.mark.parametrize("engine", list(LIBRARIES))
def test_an_engine_that_is_not_installed(engine: str, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, LIBRARIES[engine], None)
    monkeypatch.delitem(sys.modules, f"cleaner.engines.{engine}", raising=False)
    with pytest.raises(ConfigurationError, match=rf"article-cleaner\[{engine}\]"):
        started(Run((), work.pipeline, None, engine=engine), work)


@on_engines
def test_an_address_that_is_none(engine: str, work: Work) -> None:
    pytest.importorskip(LIBRARIES[engine])
    with pytest.raises(ConfigurationError, match="nonsense"):
        started(Run((), work.pipeline, None, engine=engine, cluster="nonsense://head"), work)


class Killer:
    """What ends the process that reads it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def _poisoned() -> Batch:
    """Return a batch of three records, of which the second is the end of every process that reads it."""
    rows = ({"id": "a", "text": TEXT}, Killer(), {"id": "b", "text": TEXT})
    return Batch("a.parquet", "parquet", 0, tuple(pickle.dumps(row) for row in rows))


def _check(done: Done | None) -> None:
    assert done is not None
    assert (done.tally.read, done.tally.cleaned, done.tally.rejected) == (3, 2, 1)
    assert orjson.loads(done.rejects)["record"] == 1
    assert [orjson.loads(line)["id"] for line in done.ledger.splitlines()] == ["a", "b"]


def test_a_record_that_kills_its_process_is_a_reject(work: Work, no_pools: None) -> None:
    _check(Task(work).clean(_poisoned()))


@on_engines
def test_what_workers_meet(engine: str, work: Work) -> None:
    """A record that no process survives costs no other one; an error of a worker comes back as itself."""
    pytest.importorskip(LIBRARIES[engine])
    library: Any = __import__(f"cleaner.engines.{engine}", fromlist=["Cluster"])
    steps: list[tuple[str, Batch | None]] = [("open", None), ("piece", _poisoned()), ("end", None)]
    with library.Cluster(Task(work), 2, None) as engine_here:
        results = list(engine_here.map(iter(steps)))
        assert [tag for tag, _ in results] == ["open", "piece", "end"]
        assert [results[0][1], results[2][1]] == [None, None]
        _check(results[1][1])
        # A second one finds the engine running and leaves it so.
        with (
            library.Cluster(replace(Task(work), version="0.0.0"), 2, None) as other,
            pytest.raises(ConfigurationError, match="install the same release"),
        ):
            list(other.map(iter(steps)))
        assert len(list(engine_here.map(iter(steps)))) == 3
