"""Verdicts, edits and the ledger. The only module that turns one text into another.

Stages give verdicts; :func:`cleaner.settle.resolve` settles which of them act; :func:`apply` builds the clean text once;
:func:`restore` takes it back. Offsets are code points of the original text, half-open; ``byte_…`` are UTF-8 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from cleaner.document import Document, Span
from cleaner.errors import InvariantError, RecordError

DROP, FLAG, KEEP, REPLACE = "drop", "flag", "keep", "replace"
ACTIONS = (DROP, FLAG, KEEP, REPLACE)
SPACE = "space"
GUARD = "guard"
"""The name of the stage that keeps a whole document."""


class Verdict(NamedTuple):
    """What a stage thinks of a span.

    ``weight`` 1 or more acts; below 1 the verdict only speaks to later stages. ``evidence`` holds the spans of the cues.
    ``inserted`` is the text that a ``replace`` puts in place of the span.
    """

    start: int
    end: int
    category: str
    stage: str
    rule: str
    because: str
    weight: float = 1.0
    evidence: tuple[Span, ...] = ()
    action: str = DROP
    inserted: str = ""


class Edit(NamedTuple):
    """What the ledger did to a span: the text it removed, and the verdict behind it."""

    start: int
    end: int
    removed: str
    inserted: str
    category: str
    stage: str
    rule: str
    because: str
    weight: float
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The provenance record of one document.

    ``edits`` were applied, ``flags`` were not; ``verdicts`` are all that the stages said, in their order, including
    those that lost. ``pipeline`` is the digest of the pipeline, ``version`` that of this package. ``url`` is the page's
    address where known; ``guard`` the reason why the document kept what it would have lost, if it did.
    """

    id: str
    source: str
    language: str | None
    original_sha256: str
    clean_sha256: str
    pipeline: str
    version: str
    edits: tuple[Edit, ...] = ()
    flags: tuple[Edit, ...] = ()
    verdicts: tuple[Verdict, ...] = field(default=(), compare=False)
    raw_sha256: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    url: str = ""
    guard: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean text with its ledger and the document it was made from."""

    text: str
    ledger: Ledger
    document: Document


def digest(text: str) -> str:
    """Return the sha256 of ``text`` in UTF-8, in hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return ``text`` with ``edits`` applied.

    Raises:
        InvariantError: edits are out of order, overlap, or do not hold the text they remove.
    """
    pieces: list[str] = []
    position = 0
    for edit in edits:
        if edit.start < position or text[edit.start : edit.end] != edit.removed:
            raise InvariantError(f"the edit [{edit.start}, {edit.end}) of {edit.rule} does not fit the text")
        pieces.append(text[position : edit.start])
        if edit.inserted:
            pieces.append(edit.inserted)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def restore(clean: str, edits: Iterable[Edit]) -> str:
    """Return the original of ``clean``, given the edits that made it.

    Raises:
        RecordError: the edits do not belong to this text.
    """
    pieces: list[str] = []
    original = position = 0
    for edit in edits:
        kept = edit.start - original
        end = position + kept
        if kept < 0 or end > len(clean) or not clean.startswith(edit.inserted, end):
            raise RecordError("the clean text and its ledger do not belong together")
        pieces.append(clean[position:end])
        pieces.append(edit.removed)
        position = end + len(edit.inserted)
        original = edit.end
    pieces.append(clean[position:])
    return "".join(pieces)


def row(ledger: Ledger, original: str) -> dict[str, Any]:
    """Return ``ledger`` as a row of plain values, with the byte offsets of every edit and flag.

    ``characters`` are the code points of ``original``. ``url``, ``guard``, ``raw_sha256`` and ``metadata`` stand in the
    row only where there is something to say.
    """
    result: dict[str, Any] = {
        "id": ledger.id,
        "source": ledger.source,
        "language": ledger.language,
        "original_sha256": ledger.original_sha256,
        "clean_sha256": ledger.clean_sha256,
        "pipeline": ledger.pipeline,
        "version": ledger.version,
        "characters": len(original),
        "edits": _rows(ledger.edits, original),
        "flags": _rows(ledger.flags, original),
    }
    if ledger.url:
        result["url"] = ledger.url
    if ledger.guard:
        result["guard"] = ledger.guard
    if ledger.raw_sha256 is not None:
        result["raw_sha256"] = ledger.raw_sha256
    if ledger.metadata:
        result["metadata"] = dict(ledger.metadata)
    return result


def _rows(edits: tuple[Edit, ...], original: str) -> list[dict[str, Any]]:
    ascii_only = original.isascii()
    rows: list[dict[str, Any]] = []
    position = byte = 0
    for edit in edits:
        if ascii_only:
            byte_start, byte_end = edit.start, edit.end
        else:
            # Flags may overlap, so the way to the next start can lead back.
            if edit.start >= position:
                byte += len(original[position : edit.start].encode("utf-8"))
            else:
                byte -= len(original[edit.start : position].encode("utf-8"))
            position = edit.start
            byte_start, byte_end = byte, byte + len(edit.removed.encode("utf-8"))
        rows.append(
            {
                "start": edit.start,
                "end": edit.end,
                "byte_start": byte_start,
                "byte_end": byte_end,
                "removed": edit.removed,
                "inserted": edit.inserted,
                "category": edit.category,
                "stage": edit.stage,
                "rule": edit.rule,
                "because": edit.because,
                "weight": edit.weight,
                "evidence": [[span.start, span.end] for span in edit.evidence],
            }
        )
    return rows


def restore_row(clean: str, row: Mapping[str, Any]) -> str:
    """Return the original of ``clean`` by its ledger row, proved by the digests of both.

    Raises:
        RecordError: text and row do not belong together, or the row is broken.
    """
    if digest(clean) != row["clean_sha256"]:
        raise RecordError(f"the document {row['id']!r} was changed after it was cleaned")
    original = restore(clean, edits_from_rows(row["edits"]))
    if digest(original) != row["original_sha256"]:
        raise RecordError(f"the document {row['id']!r} does not restore to its digest")
    return original


def edits_from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Edit, ...]:
    """Read the ``edits`` or ``flags`` of a ledger row back.

    Raises:
        RecordError: a row lacks a field or has a value of the wrong type.
    """
    try:
        return tuple(
            Edit(
                int(item["start"]),
                int(item["end"]),
                str(item["removed"]),
                str(item["inserted"]),
                str(item["category"]),
                str(item["stage"]),
                str(item["rule"]),
                str(item["because"]),
                float(item["weight"]),
                tuple(Span(int(start), int(end)) for start, end in item["evidence"]),
            )
            for item in rows
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"a ledger row is broken: {error!r}") from None
