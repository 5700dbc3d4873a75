"""Ledger files: one row for each document, as JSONL or as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from cleaner.errors import InputError
from cleaner.formats.parquet import arrow_and_parquet, open_file, reading

JSONL, PARQUET = "jsonl", "parquet"
FORMATS = (JSONL, PARQUET)
_ROWS = 1024
_TEXTS = ("id", "source", "language", "original_sha256", "clean_sha256", "pipeline", "version")
_OPTIONAL = ("url", "guard", "raw_sha256")
"""Stand in a row only where there is something to say."""
_EDITS = ("edits", "flags")
_REST = "rest"
"""The column that holds what only some rows have, such as metadata, as JSON."""


def read_ledger(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the ledger of the input ``name`` in the folder of a run; nothing where there is none.

    Raises:
        InputError: the file is broken.
    """
    path = folder / "ledger" / f"{name}.{PARQUET}"
    if path.exists():
        with path.open("rb") as stream, reading():
            for batch in open_file(stream).iter_batches(_ROWS):
                for row in batch.to_pylist():
                    yield _plain(row)
    else:
        yield from read_lines(folder / "ledger" / f"{name}.{JSONL}")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSONL file; nothing where there is none.

    Raises:
        InputError: the file is broken.
    """
    if path.exists():
        with path.open("rb") as stream:
            for line in stream:
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    raise InputError(f"{path.name}: is no JSON: {error}") from None


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    rest = row.pop(_REST)
    for name in _OPTIONAL:
        if row[name] is None:
            del row[name]
    return row | (orjson.loads(rest) if rest else {})


def schema() -> Any:
    """Return the Arrow schema of a ledger."""
    arrow, _ = arrow_and_parquet()
    text, whole = arrow.string(), arrow.int64()
    edit = arrow.struct(
        [
            *((name, whole) for name in ("start", "end", "byte_start", "byte_end")),
            *((name, text) for name in ("removed", "inserted", "category", "stage", "rule", "because")),
            ("weight", arrow.float64()),
            ("evidence", arrow.list_(arrow.list_(whole))),
        ]
    )
    columns = [
        ("characters", whole),
        *((name, text) for name in (*_TEXTS, *_OPTIONAL)),
        *((name, arrow.list_(edit)) for name in _EDITS),
        (_REST, text),
    ]
    return arrow.schema(columns)


def write_parquet(lines: Iterable[bytes], target: BinaryIO) -> None:
    """Write the JSON ``lines`` of a ledger as Parquet, streamed."""
    arrow, parquet = arrow_and_parquet()
    wanted = schema()
    known = set(wanted.names)
    with parquet.ParquetWriter(target, wanted, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for line in lines:
            row = orjson.loads(line)
            rest = {key: value for key, value in row.items() if key not in known}
            rows.append({**row, _REST: orjson.dumps(rest).decode() if rest else None})
            if len(rows) == _ROWS:
                writer.write_batch(arrow.RecordBatch.from_pylist(rows, schema=wanted))
                rows = []
        writer.write_batch(arrow.RecordBatch.from_pylist(rows, schema=wanted))
