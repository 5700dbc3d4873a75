"""HTML files: one page a file, read as its visible text; it leaves as text, or as Markdown where that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cleaner.document import Document, Source
from cleaner.errors import RecordError
from cleaner.formats.html import read_page
from cleaner.formats.records import Record, rejected
from cleaner.formats.whole import WholeFile
from cleaner.language import normalise


@dataclass(frozen=True, slots=True)
class Page(WholeFile):
    """One page a file. ``metadata`` asks for title, author, date and the like."""

    metadata: bool = False
    name: str = "html"

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read a page."""
        try:
            if not raw:
                raise RecordError("the file is empty")
            document = replace(read_page(raw, metadata=self.metadata), id=source, source=Source(source, number))
            return Record(number, raw, with_language(document))
        except RecordError as error:
            return rejected(source, number, raw, "read", error)


def with_language(document: Document) -> Document:
    """Return a page's document with the language that the page states, if its metadata was asked for."""
    code = normalise(document.metadata.get("language"))
    return replace(document, language=code) if document.language is None and code else document
