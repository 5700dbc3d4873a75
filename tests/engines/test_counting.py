"""Tens of thousands of tiny records: each is counted and found in its place, and the parent's memory does not grow with them."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from counting import Watched, check_counts, is_bad, small_texts, watched, write_small
from mixed_corpus import write_wet
from processes import LINUX

pytestmark = [pytest.mark.corpora, LINUX]
FEW = 6_000
TIMES = 8


def run(folder: Path, source: Path, *more: object) -> Watched:
    # No rules: what is looked at here is the way of the records, not what is found in them.
    (folder / "empty.toml").write_text("stages = []\n", encoding="utf-8")
    out = folder / f"out-{source.name}"
    return watched(source, "--output", out, "--pipeline", folder / "empty.toml", "--checkpoint", "1MB", *more)


@pytest.mark.parametrize("workers", [1, 2])
def test_eight_times_the_records_are_all_counted_and_none_is_held(tmp_path: Path, workers: int) -> None:
    peaks = []
    assert len(small_texts()) < FEW
    for count in (FEW, FEW * TIMES):
        source = tmp_path / f"{count}.jsonl"
        write_small(source, count)
        peaks.append(run(tmp_path, source, "--workers", workers).peak)
        check_counts(count, source.name, tmp_path / f"out-{source.name}")
    # Whoever kept the records, or the results, of the seven parts more would hold at least their size.
    assert peaks[1] - peaks[0] < source.stat().st_size / 2


def write_wide_parquet(lines: Path, path: Path) -> None:
    """Write the good records of ``lines``, in row groups of a size that does not depend on their number."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")

    def groups() -> Iterator[Any]:
        with lines.open("rb") as stream:
            good = (orjson.loads(line) for number, line in enumerate(stream) if not is_bad(number))
            while rows := list(islice(good, 1000)):
                yield pa.RecordBatch.from_pylist(rows)

    first, *others = groups()
    with pq.ParquetWriter(path, first.schema) as writer:
        for batch in (first, *others):
            writer.write_batch(batch)


def write_crawl(lines: Path, path: Path) -> None:
    """Write as many texts of a crawl as ``lines`` has records."""
    pytest.importorskip("fastwarc")
    count = lines.read_bytes().count(b"\n")
    write_wet(path, [("", language, text) for language, text in islice(cycle(small_texts()), count)], compressed=True)


FORMATS: dict[str, tuple[int, Callable[[Path, Path], object]]] = {
    "jsonl.gz": (1, lambda lines, path: path.write_bytes(gzip.compress(lines.read_bytes()))),
    "jsonl.zst": (1, lambda lines, path: path.write_bytes(zstandard.compress(lines.read_bytes()))),
    # What pyarrow holds back of what it has freed comes to some megabytes, so these rows are longer.
    "parquet": (10, write_wide_parquet),
    "wet.gz": (1, write_crawl),
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_of_eight_times_the_size_takes_no_more_memory(suffix: str, tmp_path: Path) -> None:
    repeated, write = FORMATS[suffix]
    peaks, reads = [], []
    for count in (FEW, FEW * TIMES):
        lines, source = tmp_path / f"{count}.jsonl", tmp_path / f"{count}.{suffix}"
        write_small(lines, count, repeated)
        write(lines, source)
        found = run(tmp_path, source, "--workers", 2, "--ledger-format", "parquet" if suffix == "parquet" else "jsonl")
        peaks.append(found.peak)
        reads.append(found.end["counts"]["read"])
        shutil.rmtree(tmp_path / f"out-{source.name}")
    assert reads[1] > (TIMES - 1) * reads[0] > 0
    assert peaks[1] - peaks[0] < lines.stat().st_size / 2
