"""What readers yield and writers take: one record of an input, readable or not."""

from __future__ import annotations

import base64
import traceback
from dataclasses import dataclass
from typing import Any

from cleaner.document import Document


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be cleaned: where it stood, at which stage it failed, why, and its raw content."""

    source: str
    record: int
    id: str | None
    stage: str
    reason: str
    raw: bytes
    traceback: str = ""

    def row(self) -> dict[str, Any]:
        """Return the reject as a row of plain values; raw bytes that are no UTF-8 go as base64."""
        row: dict[str, Any] = {
            "source": self.source,
            "record": self.record,
            "id": self.id,
            "stage": self.stage,
            "reason": self.reason,
            "traceback": self.traceback,
        }
        return {**row, **raw_values(self.raw)}


def raw_values(raw: bytes) -> dict[str, str]:
    """Return the value of a reject's row that holds ``raw``: ``raw``, or ``raw_base64`` for what is no UTF-8."""
    try:
        return {"raw": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"raw_base64": base64.b64encode(raw).decode("ascii")}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an input: a document, or the reject that it became; ``raw`` are its bytes as read.

    What is no document has neither: a blank line of JSONL, a request in a WARC file. Its bytes are carried through.
    """

    number: int
    raw: bytes
    document: Document | None = None
    reject: Reject | None = None


def raw_of(row: dict[str, Any]) -> bytes:
    """Return the raw bytes that a row of :meth:`Reject.row` holds."""
    if "raw_base64" in row:
        return base64.b64decode(row["raw_base64"])
    return str(row["raw"]).encode("utf-8")


def rejected(
    source: str, number: int, raw: bytes, stage: str, error: BaseException, identifier: str | None = None
) -> Record:
    """Return the record of a reject for ``error``; the traceback is kept for errors that nobody foresaw."""
    from cleaner.errors import CleanerError

    foreseen = isinstance(error, CleanerError)
    reason = str(error) if foreseen else f"{type(error).__name__}: {error}"
    trace = "" if foreseen else "".join(traceback.format_exception(error))
    return Record(number, raw, None, Reject(source, number, identifier, stage, reason, raw, trace))
