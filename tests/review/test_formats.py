"""Every removal of a real run is found in its document, whatever the formats of documents and ledger."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cleaner.review.items import Filter, entry_of
from cleaner.review.queue import read_through
from cleaner.review.run import ReviewedRun

TEXTS = [
    f"The river rose by {number} metres.\nSign up for our free newsletter!\nIt fell again on day {number}."
    for number in range(9)
]


def write_all(folder: Path) -> None:
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.txt").write_text(TEXTS[0], encoding="utf-8")
    page = "".join(f"<p>{line}</p>" for line in TEXTS[1].split("\n"))
    (folder / "b.html").write_text(f"<html><body><article>{page}</article></body></html>", encoding="utf-8")
    lines = "\n".join(json.dumps({"text": text, "language": "en"}) for text in TEXTS)
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    bodies = [text.encode() for text in TEXTS]
    records = [
        b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://site.example/%d\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:%d>\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        % (number, number, len(body), body)
        for number, body in enumerate(bodies)
    ]
    (folder / "d.warc.wet").write_bytes(b"".join(records))


@pytest.mark.parametrize("ledger", ["jsonl", "parquet"])
def test_a_run_of_all_formats(tmp_path: Path, ledger: str, command: Callable[..., Result]) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    pytest.importorskip("fastwarc", reason="fastwarc is not installed")
    write_all(tmp_path / "in")
    rows = pyarrow.Table.from_pylist([{"id": str(number), "text": text} for number, text in enumerate(TEXTS)])
    parquet.write_table(rows, tmp_path / "in" / "e.parquet", row_group_size=4)
    result = command("run", tmp_path / "in", "--output", tmp_path / "out", "--ledger-format", ledger)
    assert result.exit_code == 0, result.stderr
    run = ReviewedRun(tmp_path / "out")
    places, _ = read_through(run.ledgers, Filter(category="newsletter"), 1000, "0", lambda share: None)
    assert len(places) == 2 + 3 * len(TEXTS)
    for place in places:
        found = run.found(place)
        entry = entry_of(found.row, place)
        assert found.text[entry["start"] : entry["end"]] == entry["removed"] == "Sign up for our free newsletter!"
    run.close()
