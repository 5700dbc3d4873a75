"""Tens of thousands of tiny records: each is counted and found in its place, and the parent's memory does not grow with them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from counting import Watched, check_counts, small_texts, watched, write_small

pytestmark = [pytest.mark.corpora, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")]
FEW = 6_000
TIMES = 8


def run(folder: Path, count: int, *more: object) -> Watched:
    """Run over ``count`` records and check that the law holds for each."""
    source, out = folder / f"{count}.jsonl", folder / f"out-{count}"
    write_small(source, count)
    # No rules: what is looked at here is the way of the records, not what is found in them.
    found = watched(source, "--output", out, "--pipeline", folder / "empty.toml", "--checkpoint", "1MB", *more)
    check_counts(count, source.name, out)
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_the_parent_holds_no_more_of_eight_times_the_records(tmp_path: Path, workers: int) -> None:
    (tmp_path / "empty.toml").write_text("stages = []\n", encoding="utf-8")
    few, many = (run(tmp_path, count, "--workers", workers) for count in (FEW, FEW * TIMES))
    size = (tmp_path / f"{FEW * TIMES}.jsonl").stat().st_size
    assert len(small_texts()) < FEW
    # Whoever kept the records, or the results, of the seven parts more would hold at least their size.
    assert many.peak - few.peak < size / 2
