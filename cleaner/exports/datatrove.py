"""datatrove: rows of its document format, the clean text with what was taken from it in the metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from cleaner.exports.entries import Entry
from cleaner.exports.originals import DOCUMENTS

KEY = "cleaner"
"""The key of the metadata that holds what was done to the text."""
_EDIT = ("start", "end", "removed", "inserted", "category", "rule", "because", "weight")
_OWN = ("text", "id", "metadata")


def lines(entry: Entry) -> dict[str, bytes]:
    """Return the row of a document as datatrove's ``JsonlReader`` reads it."""
    media = _media(entry.values)
    row = {"text": entry.clean, "id": entry.row["id"], "metadata": _metadata(entry, bool(media)), "media": media}
    return {DOCUMENTS: orjson.dumps(row) + b"\n"}


def _metadata(entry: Entry, has_media: bool) -> dict[str, Any]:
    """Return the metadata that the row had, its other fields, and what the ledger knows."""
    values, row = entry.values, entry.row
    given = values.get("metadata")
    found = dict(given) if isinstance(given, dict) else {} if given is None else {"metadata": given}
    found |= {name: value for name, value in values.items() if name not in _OWN and not (name == "media" and has_media)}
    for name in ("source", "language", "url"):
        if row.get(name):
            found.setdefault(name, row[name])
    done = {"removed": _edits(row["edits"]), "flagged": _edits(row["flags"])}
    facts = {name: row[name] for name in ("guard", "original_sha256", "pipeline", "version") if name in row}
    return found | {KEY: done | facts}


def _edits(edits: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: edit[name] for name in _EDIT} for edit in edits]


def _media(values: Mapping[str, Any]) -> list[Any]:
    """Return the media of a row that was datatrove's already; its reader takes no others."""
    media = values.get("media")
    known = isinstance(media, list) and all(isinstance(item, dict) and "media_bytes" in item for item in media)
    return list(media or ()) if known else []
