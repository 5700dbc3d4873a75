"""Whole Parquet files: the clean one made of a spool and the input, and the original rows made of a clean one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from cleaner.errors import InputError
from cleaner.formats.parquet import ROWS, arrow_and_parquet, open_file, reading
from cleaner.formats.records import raw_of, raw_values
from cleaner.formats.rows import HTML, Fields

_GROUP_BYTES = 64 << 20
"""Row groups of the input are kept, but none grows beyond this."""


def clean_schema(schema: Any, fields: Fields) -> Any:
    """Return the Arrow schema of clean rows: that of the input, where a column of pages gives way to one of texts."""
    arrow, _ = arrow_and_parquet()
    if fields.text in schema.names or HTML not in schema.names:
        return schema
    schema = schema.set(schema.names.index(HTML), arrow.field(fields.text, arrow.string()))
    # Notes of pandas and datasets about the columns would be wrong now.
    kept = {key: value for key, value in (schema.metadata or {}).items() if key not in (b"pandas", b"huggingface")}
    return schema.with_metadata(kept or None)


def _with_texts(batch: Any, texts: list[str], schema: Any, fields: Fields) -> Any:
    arrow, _ = arrow_and_parquet()
    name = fields.text if fields.text in batch.schema.names else HTML
    place = batch.schema.names.index(name)
    wanted = schema.field(fields.text).type
    values = arrow.array(texts, wanted.value_type if arrow.types.is_dictionary(wanted) else wanted)
    columns = list(batch.columns)
    columns[place] = values.dictionary_encode().cast(wanted) if arrow.types.is_dictionary(wanted) else values
    return arrow.RecordBatch.from_arrays(columns, schema=schema)


class Writer:
    """Writes batches of rows to a Parquet file in row groups that keep the bounds it is told."""

    def __init__(self, target: BinaryIO, schema: Any, compression: str) -> None:
        _, parquet = arrow_and_parquet()
        self._writer = parquet.ParquetWriter(target, schema, compression=compression)
        self._waiting: list[Any] = []
        self._bytes = 0

    def add(self, batch: Any) -> None:
        """Add rows to the present row group."""
        self._waiting.append(batch)
        self._bytes += batch.nbytes
        if self._bytes >= _GROUP_BYTES:
            self.end_group()

    def end_group(self) -> None:
        """End the present row group, if it has rows."""
        arrow, _ = arrow_and_parquet()
        rows = sum(batch.num_rows for batch in self._waiting)
        if rows:
            self._writer.write_table(arrow.Table.from_batches(self._waiting), row_group_size=rows)
        self._waiting, self._bytes = [], 0

    def close(self) -> None:
        """Write what is left and the footer."""
        self.end_group()
        self._writer.close()


def _compression(file: Any) -> str:
    if file.metadata.num_row_groups and file.metadata.num_columns:
        return str(file.metadata.row_group(0).column(0).compression).replace("UNCOMPRESSED", "NONE").lower()
    return "snappy"


def assemble(original: BinaryIO, spool: BinaryIO, target: BinaryIO, fields: Fields) -> Iterator[tuple[int, bytes]]:
    """Write the clean Parquet file of ``spool`` to ``target`` and yield the number and raw content of the other rows.

    The raw content of a row is an Arrow stream of that one row with all its columns.

    Raises:
        InputError: the input cannot be read any more.
    """
    with reading():
        file = open_file(original)
        schema = clean_schema(file.schema_arrow, fields)
        writer = Writer(target, schema, _compression(file))
        lines = map(orjson.loads, spool)
        following = next(lines, None)
        number = 0
        for group in range(file.metadata.num_row_groups):
            for batch in file.iter_batches(ROWS, row_groups=[group]):
                kept: list[int] = []
                texts: list[str] = []
                for index in range(batch.num_rows):
                    if following is not None and following[0] == number + index:
                        kept.append(index)
                        texts.append(following[1])
                        following = next(lines, None)
                    else:
                        yield number + index, _raw_row(batch, index)
                number += batch.num_rows
                if kept:
                    rows = batch if len(kept) == batch.num_rows else batch.take(arrow_and_parquet()[0].array(kept))
                    writer.add(_with_texts(rows, texts, schema, fields))
            writer.end_group()
        writer.close()


def _raw_row(batch: Any, index: int) -> bytes:
    arrow, _ = arrow_and_parquet()
    row = batch.take(arrow.array([index]))
    sink = io.BytesIO()
    with arrow.ipc.new_stream(sink, row.schema) as stream:
        stream.write_batch(row)
    return sink.getvalue()


def filled(rows: Iterable[dict[str, Any]], raws: Iterator[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of rejects with their raw content; runs through all of ``raws``."""
    waiting = iter(rows)
    for number, raw in raws:
        row = next(waiting)
        if row["record"] != number:
            raise InputError("the input is not what was cleaned")
        yield {key: value for key, value in row.items() if key != "raw"} | raw_values(raw)


def restore(
    documents: Path, texts: Iterator[str], rejects: dict[int, dict[str, Any]], target: BinaryIO, fields: Fields
) -> None:
    """Write the rows of ``documents`` with their original ``texts``, the ``rejects`` in their places.

    Raises:
        InputError: the file is broken.
    """
    arrow, _ = arrow_and_parquet()
    left = {number: arrow.ipc.open_stream(raw_of(row)).read_all() for number, row in rejects.items()}
    with reading(), documents.open("rb") if documents.exists() else io.BytesIO() as stream:
        file: Any = open_file(stream) if documents.exists() else None
        schema = file.schema_arrow if file else next(iter(left.values())).schema
        writer = Writer(target, schema, _compression(file) if file else "snappy")
        number = 0

        def add_rejects() -> None:
            nonlocal number
            while number in left:
                for batch in _fitted(left.pop(number), schema).to_batches():
                    writer.add(batch)
                number += 1

        groups = file.metadata.num_row_groups if file is not None else 0
        for group in range(groups):
            for batch in file.iter_batches(ROWS, row_groups=[group]):
                start = 0
                while start < batch.num_rows:
                    add_rejects()
                    # The run of rows up to the next reject.
                    length = min([batch.num_rows - start, *(place - number for place in left)])
                    run = batch.slice(start, length)
                    writer.add(_with_texts(run, [next(texts) for _ in range(length)], schema, fields))
                    start, number = start + length, number + length
            if group + 1 < groups:
                writer.end_group()
        add_rejects()
        writer.close()


def _fitted(table: Any, schema: Any) -> Any:
    """Return a rejected row under the schema of the clean ones: a row of pages has no text column."""
    arrow, _ = arrow_and_parquet()
    if table.schema.equals(schema):
        return table
    columns = [
        table.column(field.name).cast(field.type) if field.name in table.schema.names else arrow.nulls(1, field.type)
        for field in schema
    ]
    return arrow.Table.from_arrays(columns, schema=schema)


class RawRows:
    """Single rows of a Parquet file as :func:`assemble` yields them, asked for in rising order."""

    def __init__(self, stream: BinaryIO) -> None:
        with reading():
            self._batches = open_file(stream).iter_batches(ROWS)
        self._batch: Any = None
        self._first = 0

    def raw(self, number: int) -> bytes:
        """Return the row ``number``, counted from 0, with all its columns as an Arrow stream.

        Raises:
            InputError: the file cannot be read any more.
        """
        with reading():
            while self._batch is None or number >= self._first + self._batch.num_rows:
                self._first += self._batch.num_rows if self._batch is not None else 0
                self._batch = next(self._batches)
            return _raw_row(self._batch, number - self._first)
