"""HTML files: one page a file, read as its visible text; it leaves as text, or as Markdown where that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from cleaner.document import Document, Source
from cleaner.errors import RecordError
from cleaner.formats.html import read_page
from cleaner.formats.records import Record, rejected
from cleaner.language import normalise
from cleaner.ledger import Cleaned


@dataclass(frozen=True, slots=True)
class Page:
    """One page a file. ``metadata`` asks for title, author, date and the like."""

    metadata: bool = False
    name: str = "html"

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the file as a whole."""
        yield stream.read()

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read a page."""
        try:
            if not raw:
                raise RecordError("the file is empty")
            document = replace(read_page(raw, metadata=self.metadata), id=source, source=Source(source, number))
            return Record(number, raw, with_language(document))
        except RecordError as error:
            return rejected(source, number, raw, "read", error)

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the one record of a page."""
        return (self.record(raw, source, number) for number, raw in enumerate(self.cut(stream)))

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return the bytes of the clean file."""
        return cleaned.text.encode("utf-8")

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, Any]:
        """Return what a ledger row must keep besides: nothing."""
        return {}

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the clean documents of an output file as they were written."""
        yield content.read()

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of what :meth:`write` wrote."""
        return clean.decode("utf-8")

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the text of the page as it was read; the page itself is named by ``raw_sha256``."""
        return original.encode("utf-8")


def with_language(document: Document) -> Document:
    """Return a page's document with the language that the page states, if its metadata was asked for."""
    code = normalise(document.metadata.get("language"))
    return replace(document, language=code) if document.language is None and code else document
