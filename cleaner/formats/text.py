"""Plain text files: one document a file, UTF-8, byte for byte."""

from __future__ import annotations

from cleaner.document import Document, Source
from cleaner.errors import RecordError
from cleaner.formats.records import Record, rejected
from cleaner.formats.whole import WholeFile


class Text(WholeFile):
    """One document a file."""

    name = "text"

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read a text file."""
        try:
            return Record(number, raw, Document(decode(raw), source, Source(source, number)))
        except RecordError as error:
            return rejected(source, number, raw, "read", error)


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
