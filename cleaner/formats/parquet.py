"""Parquet: one document a row. Rows are read in streamed batches; all columns but the text stay as they are.

Only the columns that matter for cleaning are read at first. What is written at first is a plain spool, one line for each
clean row, which can be cut off and gone on with at any place; :mod:`cleaner.formats.parquet_files` makes the file of the spool and
the input.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from cleaner.document import Source
from cleaner.errors import ConfigurationError, InputError, RecordError
from cleaner.formats.records import Record, rejected
from cleaner.formats.rows import ADDRESS, HTML, TITLE, Fields, document_of, identifier_of
from cleaner.ledger import Cleaned

ROWS = 512
"""Rows of one batch in memory."""


@dataclass(frozen=True, slots=True)
class Parquet:
    """One document a row; ``fields`` names the columns of text, id and language."""

    fields: Fields = field(default_factory=Fields)
    metadata: bool = False
    name: str = "parquet"

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the rows of a file, without the columns that cleaning does not need.

        Raises:
            InputError: the file is no Parquet file or broken.
        """
        with reading():
            file = open_file(stream)
            wanted = {self.fields.text, self.fields.id, self.fields.language, HTML, TITLE, ADDRESS}
            names = [name for name in file.schema_arrow.names if name in wanted]
            for batch in file.iter_batches(ROWS, columns=names):
                columns = [values_of(column) for column in batch.columns]
                for values in zip(*columns, strict=True) if columns else ((),) * batch.num_rows:
                    yield pickle.dumps(dict(zip(names, values, strict=True)), pickle.HIGHEST_PROTOCOL)

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read one row. The raw content of a reject is filled in when the file is assembled."""
        row = {name: value for name, value in pickle.loads(raw).items() if value is not None}
        identifier = identifier_of(row, self.fields, source, number)
        try:
            document = document_of(row, identifier, Source(source, number), self.fields, self.metadata)
            return Record(number, b"", document)
        except RecordError as error:
            return rejected(source, number, b"", "read", error, identifier)

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the records of a file."""
        return (self.record(raw, source, number) for number, raw in enumerate(self.cut(stream)))

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return the row's line of the spool."""
        return orjson.dumps([record.number, cleaned.text]) + b"\n"

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, Any]:
        """Return what a ledger row must keep besides: nothing."""
        return {}

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the clean texts of a written file."""
        with reading():
            for batch in open_file(content).iter_batches(ROWS, columns=[self.fields.text]):
                for value in values_of(batch.column(0)):
                    yield value.encode("utf-8")

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of a row."""
        return clean.decode("utf-8")

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the original text of a row."""
        return original.encode("utf-8")


@contextmanager
def reading() -> Iterator[None]:
    """Turn what pyarrow raises for a broken file into an error of the input."""
    arrow = arrow_and_parquet()[0]
    try:
        yield
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise InputError(f"is broken as a Parquet file: {error}") from None


def arrow_and_parquet() -> tuple[Any, Any]:
    """Return the modules pyarrow and pyarrow.parquet.

    Raises:
        ConfigurationError: they are not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ConfigurationError("Parquet files need pyarrow", "pip install 'article-cleaner[parquet]'") from None
    return pyarrow, pyarrow.parquet


def open_file(stream: BinaryIO) -> Any:
    """Open a Parquet file for reading batch after batch."""
    _, parquet = arrow_and_parquet()
    # With a buffer the pages of a column are read one after the other, not a row group's whole column at once.
    return parquet.ParquetFile(stream, buffer_size=1 << 20, pre_buffer=False)


def values_of(column: Any) -> list[Any]:
    """Return a column as Python values; strings that are no UTF-8 as bytes, so that only their rows are rejected."""
    arrow, _ = arrow_and_parquet()
    if arrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        values = []
        for value in column.cast(arrow.binary() if column.type == arrow.string() else arrow.large_binary()).to_pylist():
            try:
                values.append(value if value is None else value.decode("utf-8"))
            except UnicodeDecodeError:
                values.append(value)
    return values
