"""Rows, whatever they come from (JSONL, Parquet, a data frame): named values to a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cleaner.document import Document, Source, check_text
from cleaner.errors import RecordError
from cleaner.formats.html import read_page
from cleaner.formats.page import with_language
from cleaner.language import normalise

HTML, TITLE, ADDRESS = "html", "title", "url"
"""Fields beside those of :class:`Fields`. ``html`` is the markup of a page in a row that has no text: a string, or the bytes
as the server sent them."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of the fields that hold text, id and language."""

    text: str = "text"
    id: str = "id"
    language: str = "language"


def identifier_of(row: Mapping[str, Any], fields: Fields, source: str, number: int) -> str:
    """Return the id of ``row`` as text, or one made of its place where it has none."""
    value = row.get(fields.id)
    return f"{source}#{number}" if value is None else str(value)


def document_of(
    row: Mapping[str, Any], identifier: str, source: Source, fields: Fields, metadata: bool = False
) -> Document:
    """Return the document of ``row``: its text, or its page where it has no field of text.

    The fields ``title`` and ``url`` are taken in where they are strings. ``metadata`` is for pages.

    Raises:
        RecordError: the row has neither, or one that cannot be read.
    """
    title, language = row.get(TITLE), normalise(row.get(fields.language))
    address = row.get(ADDRESS)
    if isinstance(address, str):
        source = replace(source, url=address)
    if fields.text not in row and isinstance(row.get(HTML), str | bytes):
        page = read_page(row[HTML], url=source.url, metadata=metadata)
        return with_language(replace(page, id=identifier, source=source, language=language))
    if fields.text not in row:
        raise RecordError(f"the record has no field {fields.text!r}", f"it has: {', '.join(sorted(row)) or 'nothing'}")
    text = check_text(row[fields.text])
    return Document(text, identifier, source, language, title if isinstance(title, str) else "")
