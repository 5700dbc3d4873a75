"""Inputs as batches of raw records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cleaner.engines.work import Batch, Work
from cleaner.errors import InputError
from cleaner.formats import build
from cleaner.formats.files import Input, decompressed, opened_raw

MOST_RECORDS = 128
MOST_BYTES = 256 << 10
"""A batch ends with the record that makes it this large. The bounds are part of what makes the same bytes come out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A batch with its place: ``position`` is how many bytes of the file as it is stored have been read so far."""

    batch: Batch
    position: int
    raw_bytes: int


def batches(item: Input, work: Work, after: int = 0) -> Iterator[Piece]:
    """Yield the records of ``item`` in batches, without the first ``after`` records.

    Raises:
        InputError: the input cannot be read.
    """
    shape = build(item.format, work.fields, work.metadata)
    compression = item.output_name[item.output_name.rfind(".") :]
    raws: list[bytes] = []
    size = total = 0
    first = after
    with opened_raw(item.path) as raw, decompressed(raw, item.path) as stream:
        for number, record in enumerate(_named(shape.cut(stream), item.path)):
            if number < after:
                continue
            raws.append(record)
            size += len(record)
            if size >= MOST_BYTES or len(raws) >= MOST_RECORDS:
                total += size
                batch = Batch(item.name, item.format, first, tuple(raws), compression)
                yield Piece(batch, _position(raw, total), size)
                first += len(raws)
                raws, size = [], 0
        if raws:
            batch = Batch(item.name, item.format, first, tuple(raws), compression)
            yield Piece(batch, _position(raw, total + size), size)


def _named(records: Iterator[bytes], path: str) -> Iterator[bytes]:
    try:
        yield from records
    except InputError as error:
        named = error.message.startswith(path)
        raise InputError(error.message if named else f"{path}: {error.message}", error.hint) from None


def _position(raw: object, otherwise: int) -> int:
    try:
        return int(raw.tell())  # type: ignore[attr-defined]
    except (OSError, AttributeError, ValueError):
        return otherwise
