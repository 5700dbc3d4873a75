"""The pool: what a document does to its worker costs that document only, and the order stays."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import pytest
from deadly import Deadly, Unborn

from cleaner import Pipeline
from cleaner.engines.pool import Pool
from cleaner.engines.work import Batch, Done, Work, process, with_digest
from cleaner.errors import ConfigurationError

DEADLY = Work(Deadly(), digest="deadly")  # type: ignore[arg-type]


def batch(name: str, *texts: str) -> Batch:
    return Batch(name, "text", 0, tuple(text.encode() for text in texts))


def numbered(batches: Iterable[Batch | None]) -> Iterator[tuple[int, Batch | None]]:
    yield from enumerate(batches)


def run(pool: Pool, *batches: Batch | None) -> list[Done | None]:
    found = list(pool.map(numbered(batches)))
    assert [tag for tag, _ in found] == list(range(len(batches)))
    return [done for _, done in found]


def rejects(done: Done | None) -> dict[int, str]:
    assert done is not None
    rows = [orjson.loads(line) for line in done.rejects.splitlines()]
    assert all(row["stage"] == "worker" or row["stage"] == "clean" for row in rows)
    return {row["record"]: row["reason"] for row in rows}


def test_the_order_is_kept_and_what_has_no_batch_passes_through() -> None:
    work = with_digest(Work(Pipeline.load("rules-only")))
    batches = [batch(f"b{n}", *[f"Text {n}. Sign up for our newsletter!"] * (1 + n % 5)) for n in range(200)]
    with Pool(work, 2) as pool:
        found = run(pool, *batches, None)
    assert found[-1] is None
    assert found[:-1] == [process(work, item) for item in batches]


@pytest.mark.parametrize(("size", "most"), [(10, 2 * 16 + 1), (8 << 20, 8 + 2)])
def test_what_is_under_way_is_bounded_in_number_and_in_bytes(size: int, most: int) -> None:
    taken = 0

    def batches() -> Iterator[tuple[int, Batch]]:
        nonlocal taken
        for taken in range(1, 61):
            # A blank line is no document, so it costs nothing but its way.
            yield taken, Batch("a", "jsonl", 0, (b" " * size,))

    ahead = []
    with Pool(DEADLY, 2) as pool:
        for number, done in pool.map(batches()):
            ahead.append(taken - number + 1)
            assert done is not None
            assert done.tally.skipped == 1
    assert taken == 60
    assert 1 < max(ahead) <= most


def test_a_document_over_its_deadline_costs_only_itself() -> None:
    with Pool(DEADLY, 2, deadline=2.5) as pool:
        found = run(pool, batch("a", "one", "sleep", "two", "stuck", "three"), batch("b", "four"), batch("c", "sleep"))
    assert found[0] is not None
    assert found[0].documents == b"onetwothree"
    reason = "it took longer than the deadline of 2.5 seconds"
    assert [rejects(done) for done in found] == [{1: reason, 3: reason}, {}, {0: reason}]


def test_a_document_that_kills_its_worker_is_named(tmp_path: Path) -> None:
    with Pool(DEADLY, 2) as pool:
        found = run(
            pool,
            batch("a", "one", "kill", "two"),
            batch("b", f"kill once {tmp_path / 'mark'}", "three"),
            batch("c", "leave"),
        )
    # Where the pool broke as a whole with the death, no exit code is known.
    assert re.search("its worker died( with exit code -9)?, twice", rejects(found[0])[1])
    assert found[0] is not None
    assert found[0].documents == b"onetwo"
    # What may not have been the document's fault is tried again.
    assert rejects(found[1]) == {}
    assert re.search("its worker died( with exit code 7)?, twice", rejects(found[2])[0])


def test_many_deaths_at_once() -> None:
    batches = [batch(f"b{n}", "one", "kill" if n % 6 == 0 else "two", "three") for n in range(40)]
    with Pool(DEADLY, 2) as pool:
        found = run(pool, *batches)
    for number, done in enumerate(found):
        assert done is not None
        assert done.tally.read == 3
        assert list(rejects(done)) == ([1] if number % 6 == 0 else [])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps the limit")
def test_a_document_over_the_memory_limit_costs_only_itself() -> None:
    with Pool(DEADLY, 1, memory=1 << 30) as pool:
        found = run(pool, batch("a", "one", "memory", "two"))
    assert rejects(found[0]) == {1: "the document takes more memory than there is for it"}


def test_a_pipeline_that_changed_ends_the_run() -> None:
    with (
        Pool(Work(Pipeline.load("rules-only"), digest="other"), 1) as pool,
        pytest.raises(ConfigurationError, match="changed during the run"),
    ):
        run(pool, batch("a", "one"))


def test_workers_that_cannot_begin_end_the_run() -> None:
    with (
        Pool(Work(Unborn(), digest="unborn"), 2) as pool,  # type: ignore[arg-type]
        pytest.raises(ConfigurationError, match="workers die before they begin"),
    ):
        run(pool, *[batch(f"b{n}", "one") for n in range(40)])
