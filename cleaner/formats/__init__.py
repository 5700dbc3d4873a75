"""File formats: bytes or rows to documents, and clean documents back to bytes.

Every format has the methods of :class:`Format`; engines know nothing else of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.formats import files
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.page import Page
from cleaner.formats.parquet import Parquet
from cleaner.formats.records import Record
from cleaner.formats.rows import Fields
from cleaner.formats.text import Text
from cleaner.formats.warc import Warc
from cleaner.ledger import Cleaned


class Format(Protocol):
    """How one file format is read, written and restored."""

    @property
    def name(self) -> str: ...

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the raw records of a file. It does as little as it can: whatever can go wrong is for :meth:`record`.

        Raises:
            InputError: the file as a whole is broken.
        """
        ...

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read one raw record, number ``number`` of the input ``source``; one that cannot be read is a reject."""
        ...

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the records of a file, as :meth:`cut` and :meth:`record` do together."""
        ...

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return the record with its clean text."""
        ...

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, Any]:
        """Return what a ledger row must keep besides, so that the record comes back byte for byte."""
        ...

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the records of a written file."""
        ...

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of a written record."""
        ...

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the original bytes of a written record, given its original text and its ledger row."""
        ...


def build(name: str, fields: Fields | None = None, metadata: bool = False) -> Format:
    """Return the format ``name``; ``fields`` names the fields of formats that have any, ``metadata`` is for pages."""
    chosen = fields or Fields()
    formats: dict[str, Format] = {
        "text": Text(),
        "html": Page(metadata),
        "jsonl": Jsonl(chosen, metadata),
        "parquet": Parquet(chosen, metadata),
        "warc": Warc(metadata),
        "wet": Warc(metadata, "wet"),
    }
    return formats[name]


def is_carried(shape: Format, clean: bytes) -> bool:
    """Tell whether a record of a written file is no document but was carried through as it was."""
    if isinstance(shape, Warc):
        return not shape.is_document(clean)
    return isinstance(shape, Jsonl) and not clean.strip()


def first_document(path: Path, identifier: str | None = None) -> Document:
    """Return the first document of a file (``-``: standard input), or the one with the id ``identifier``.

    Raises:
        InputError: the file cannot be read or holds no such document.
    """
    chosen = files.discover([str(path)], "text")[0]
    with files.opened(chosen.path) as stream:
        for record in build(chosen.format).read(stream, chosen.name):
            if record.reject is not None and identifier in (None, record.reject.id):
                raise InputError(f"{path}: {record.reject.reason}")
            if record.document is not None and identifier in (None, record.document.id):
                return record.document
    raise InputError(f"{path}: holds no document" + (f" with the id {identifier!r}" if identifier else ""))
