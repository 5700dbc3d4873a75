"""JSONL: one object a line. Only the value of the text changes; all other bytes of a line stay as they were."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from cleaner.document import Source
from cleaner.errors import RecordError
from cleaner.formats.records import Record, rejected
from cleaner.formats.rows import HTML, Fields, document_of, identifier_of
from cleaner.ledger import Cleaned

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
TOKEN = "json_token"
"""The key of a ledger row that keeps the original spelling of a text which no common writer would spell so."""
STYLE = "json_style"


@dataclass(frozen=True, slots=True)
class Jsonl:
    """One document a line; ``fields`` says where its text, id and language are."""

    fields: Fields = field(default_factory=Fields)
    metadata: bool = False
    name: str = "jsonl"

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the lines of a file."""
        yield from stream

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read one line; numbers count lines from 0."""
        if not raw.strip():
            return Record(number, raw)
        identifier: str | None = None
        try:
            row = row_of(raw)
            if isinstance(row.get(self.fields.id), float):
                # A whole number of more than 64 bits comes as a fraction, which would name another record.
                row[self.fields.id] = json.loads(raw)[self.fields.id]
            identifier = identifier_of(row, self.fields, source, number)
            return Record(number, raw, document_of(row, identifier, Source(source, number), self.fields, self.metadata))
        except RecordError as error:
            return rejected(source, number, raw, "read", error, identifier)

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the records of a JSONL file."""
        return (self.record(raw, source, number) for number, raw in enumerate(self.cut(stream)))

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return the line with the clean text in place of the original one. A row with ``html`` leaves with a text."""
        if cleaned.document.raw_sha256 is not None:
            return _with_text_for_page(record.raw, orjson.dumps(cleaned.text), self.fields)
        if not cleaned.ledger.edits:
            return record.raw
        return _replaced(record.raw, cleaned.document.text, orjson.dumps(cleaned.text), self.fields)

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, str]:
        """Return what a ledger row must keep so that the original line can be spelled again: nothing, in nearly all cases."""
        if not cleaned.ledger.edits or cleaned.document.raw_sha256 is not None:
            return {}
        text = cleaned.document.text
        span = _token_span(record.raw, text, self.fields)
        token = record.raw[slice(*span)] if span else record.raw
        if token == orjson.dumps(text):
            return {}
        if token == json.dumps(text).encode():
            return {STYLE: "ascii"}
        return {TOKEN: token.decode("utf-8")}

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the lines of an output file."""
        yield from content

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of a line."""
        text: str = row_of(clean)[self.fields.text]
        return text

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the original line of a clean one."""
        if not row["edits"]:
            return clean
        token = orjson.dumps(original)
        if row.get(STYLE) == "ascii":
            token = json.dumps(original).encode()
        elif TOKEN in row:
            token = str(row[TOKEN]).encode()
            if not token.startswith(b'"'):
                return token
        return _replaced(clean, self.text_of(clean), token, self.fields)


def row_of(raw: bytes) -> dict[str, Any]:
    """Return the object of a line.

    Raises:
        RecordError: the line is no JSON, or holds no object.
    """
    try:
        # Some editors open a file with a byte order mark. It is no part of the JSON, and stays where it is.
        row = orjson.loads(raw.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise RecordError(f"the line is no JSON: {error}") from None
    if not isinstance(row, dict):
        raise RecordError(f"the line holds a {type(row).__name__}, not an object")
    return row


def _replaced(raw: bytes, text: str, token: bytes, fields: Fields) -> bytes:
    span = _token_span(raw, text, fields)
    if span is not None:
        return raw[: span[0]] + token + raw[span[1] :]
    # The key is spelled in a way that cannot be found by its bytes: write the whole line anew.
    row = row_of(raw)
    row[fields.text] = orjson.loads(token)
    return orjson.dumps(row) + (b"\n" if raw.endswith(b"\n") else b"")


def _with_text_for_page(raw: bytes, token: bytes, fields: Fields) -> bytes:
    """Return the line with a text in the place of its page."""
    members = _members(raw, HTML)
    if len(members) == 1:
        (key_start, key_end), (start, end) = members[0]
        return raw[:key_start] + orjson.dumps(fields.text) + raw[key_end:start] + token + raw[end:]
    # It names a page twice: write the whole line anew.
    row = {key: value for key, value in row_of(raw).items() if key != HTML} | {fields.text: orjson.loads(token)}
    return orjson.dumps(row) + (b"\n" if raw.endswith(b"\n") else b"")


def _token_span(raw: bytes, text: str, fields: Fields) -> tuple[int, int] | None:
    """Return where the text's value stands in ``raw``: the last value of its key that is the record's own."""
    members = _members(raw, fields.text)
    if members and orjson.loads(raw[slice(*members[-1][1])]) == text:
        return members[-1][1]
    return None


def _members(raw: bytes, key: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where ``key`` and its value stand in ``raw``, wherever the record's own value for it is a string."""
    members: list[tuple[tuple[int, int], tuple[int, int]]] = []
    position = 0
    depth = 0
    # Walk the strings of the line and the brackets between them; only keys of the outermost object count.
    expecting: tuple[int, int] | None = None
    for match in _STRING.finditer(raw):
        between = raw[position : match.start()]
        depth += between.count(b"{") + between.count(b"[") - between.count(b"}") - between.count(b"]")
        if expecting is not None and between.strip() == b":":
            members.append((expecting, match.span()))
        is_own = depth == 1 and _is_key(match.group(), key) and not between.strip().endswith(b":")
        expecting = match.span() if is_own else None
        position = match.end()
    return members


def _is_key(token: bytes, key: str) -> bool:
    """Tell whether a string of the line spells ``key``, escapes and all."""
    # No spelling of a character takes more than twelve bytes (a pair of escaped surrogates).
    if len(token) > 12 * len(key) + 2:
        return False
    return bool(orjson.loads(token) == key)
