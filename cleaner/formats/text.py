"""Plain text files: one document a file, UTF-8, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from cleaner.document import Document, Source
from cleaner.errors import RecordError
from cleaner.formats.records import Record, rejected
from cleaner.ledger import Cleaned


class Text:
    """One document a file."""

    name = "text"

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the file as a whole."""
        yield stream.read()

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read a text file."""
        try:
            return Record(number, raw, Document(decode(raw), source, Source(source, number)))
        except RecordError as error:
            return rejected(source, number, raw, "read", error)

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the one record of a text file."""
        return (self.record(raw, source, number) for number, raw in enumerate(self.cut(stream)))

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return the bytes of the clean file."""
        return cleaned.text.encode("utf-8")

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, Any]:
        """Return what a ledger row must keep besides, so that the file can be restored: nothing."""
        return {}

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the clean documents of an output file as they were written."""
        yield content.read()

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of what :meth:`write` wrote."""
        return clean.decode("utf-8")

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the bytes of the original file."""
        return original.encode("utf-8")


def decode(raw: bytes) -> str:
    """Return ``raw`` as text.

    Raises:
        RecordError: it is empty, binary or not UTF-8.
    """
    if not raw:
        raise RecordError("the file is empty")
    if b"\0" in raw:
        raise RecordError(f"the file holds a NUL byte at byte {raw.index(0)}", "it is no text file")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(f"the file is not UTF-8 at byte {error.start}", "convert it to UTF-8 first") from None
