"""The original texts as rows of ``id``, ``text`` and ``source``, the form in which dolma and others keep documents."""

from __future__ import annotations

import orjson

from cleaner.exports.entries import Entry

DOCUMENTS = "documents"
"""The folder of such rows."""


def source_of(entry: Entry) -> str:
    """Return the source that a row states, or the name of its input."""
    stated = entry.values.get("source")
    return stated if isinstance(stated, str) else str(entry.row["source"])


def document(entry: Entry) -> bytes:
    """Return the line of a document. A line that has this form already keeps its bytes, another its further fields."""
    values, row = entry.values, entry.row
    source = source_of(entry)
    if (values.get("id"), values.get("text"), values.get("source")) == (row["id"], entry.original, source):
        return entry.line.rstrip(b"\r\n") + b"\n"
    found = {name: row[name] for name in ("language", "url") if row.get(name) and name not in values}
    metadata = {"metadata": found} if found and "metadata" not in values else {}
    fields = {**metadata, **values, "id": row["id"], "text": entry.original, "source": source}
    return orjson.dumps(fields) + b"\n"
