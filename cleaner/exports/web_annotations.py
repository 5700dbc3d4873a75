"""W3C Web Annotations: for every document a collection with one annotation for each removal and each flag.

An annotation's target is the original text, named by its digest: positions in it are code points, as the model asks for.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import orjson

from cleaner.exports.entries import Entry
from cleaner.exports.originals import DOCUMENTS, document

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
FOLDER = "annotations"
AROUND = 32
"""The code points before and after a passage that its quote holds."""
REMOVAL, FLAG = "editing", "highlighting"
"""The motivations of annotations: what was taken out, and what was only flagged."""
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+")
_NAMES = UUID("5f0a4a52-0f5c-4d5e-9f6a-2c1f6d2b7e11")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made the annotations, and when, in the form of ``xsd:dateTime``."""

    pipeline: str
    generated: str


def lines(entry: Entry, origin: Origin) -> dict[str, bytes]:
    """Return the document and the collection of its annotations."""
    collected = orjson.dumps(collection(entry, origin)) + b"\n"
    return {DOCUMENTS: document(entry), FOLDER: collected}


def collection(entry: Entry, origin: Origin) -> dict[str, Any]:
    """Return the annotations of a document as an ``AnnotationCollection`` of one page.

    Its ``label`` is the document's id. The same run gives the same ids.
    """
    row = entry.row
    name = f"{entry.source}#{entry.number} {row['original_sha256']} {row['pipeline']}"
    items = list(_annotations(entry, name))
    pipeline = f"{origin.pipeline} {row['pipeline']}".strip()
    result: dict[str, Any] = {
        "@context": CONTEXT,
        "id": _identifier(name),
        "type": "AnnotationCollection",
        "label": row["id"],
        "generator": {"type": "Software", "name": f"cleaner {row['version']}, pipeline {pipeline}"},
        "total": len(items),
    }
    if origin.generated:
        result["generated"] = origin.generated
    if items:
        page = {"id": _identifier(f"{name} page"), "type": "AnnotationPage", "startIndex": 0, "items": items}
        result["first"] = page
    return result


def _annotations(entry: Entry, name: str) -> Iterator[dict[str, Any]]:
    row, original = entry.row, entry.original
    source = _address(row["original_sha256"])
    page = {"scope": row["url"]} if _URL.fullmatch(row.get("url") or "") else {}
    for motivation, edits in ((REMOVAL, row["edits"]), (FLAG, row["flags"])):
        for number, edit in enumerate(edits):
            start, end = edit["start"], edit["end"]
            target = {
                "source": source,
                "selector": [
                    {"type": "TextPositionSelector", "start": start, "end": end},
                    {
                        "type": "TextQuoteSelector",
                        "exact": edit["removed"],
                        "prefix": original[max(0, start - AROUND) : start],
                        "suffix": original[end : end + AROUND],
                    },
                ],
            }
            yield {
                "id": _identifier(f"{name} {motivation} {number}"),
                "type": "Annotation",
                "motivation": motivation,
                "body": _bodies(edit),
                "target": target | page,
            }


def _bodies(edit: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return category, rule and reason, and what was put in place of the passage, if anything was."""
    values = [("tagging", edit["category"]), ("identifying", edit["rule"]), ("describing", edit["because"])]
    if edit["inserted"]:
        values.append((REMOVAL, edit["inserted"]))
    return [{"type": "TextualBody", "purpose": purpose, "value": value} for purpose, value in values]


def _identifier(name: str) -> str:
    return f"urn:uuid:{uuid5(_NAMES, name)}"


def _address(digest: str) -> str:
    """Return the address of a text by its sha256 in hexadecimal, as RFC 6920 spells it."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(digest)).rstrip(b'=').decode()}"
