"""What a run did, document by document: the original and the clean text beside the ledger row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.errors import RecordError
from cleaner.formats import Format
from cleaner.formats.folders import Finished
from cleaner.formats.jsonl import row_of
from cleaner.formats.records import raw_of
from cleaner.ledger import restore_row

SINGLE = ("text", "html")
"""Formats of one document a file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cleaned document.

    ``number`` counts the documents of the input from 0. ``line`` is the record as it was read where the input is JSONL, of
    a page with its text in place of the markup, and empty otherwise; ``values`` are its fields. ``row`` is the ledger row.
    """

    source: str
    number: int
    original: str
    clean: str
    row: Mapping[str, Any]
    line: bytes
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that is no clean document: a reject with its row, or one that was carried through, without a row."""

    row: Mapping[str, Any] | None

    @property
    def values(self) -> Mapping[str, Any]:
        """The fields of the record, as far as it is an object of JSON."""
        try:
            return row_of(raw_of(dict(self.row))) if self.row is not None else {}
        except RecordError:
            return {}


def entries(run: Finished, item: Mapping[str, Any]) -> Iterator[Entry | Lost]:
    """Yield the records of an input, cleaned or not; those of JSONL in the order of its lines.

    Raises:
        InputError: a file is broken, or ledger and documents do not belong together.
        RecordError: a document and its ledger row do not belong together.
    """
    shape, name = run.shape(item), str(item["name"])
    number = 0
    for clean, row in run.walk(item):
        if clean is None or row is None:
            yield Lost(row)
        else:
            yield _entry(shape, clean, row, name, number)
            number += 1


def _entry(shape: Format, clean: bytes, row: dict[str, Any], name: str, number: int) -> Entry:
    text = shape.text_of(clean)
    try:
        original = restore_row(text, row)
    except RecordError as error:
        raise RecordError(f"{name}: {error}") from None
    line = shape.restored(clean, original, row) if shape.name == "jsonl" else b""
    return Entry(name, number, original, text, row, line, row_of(line) if line else {})
