"""WARC and WET files: every page of a crawl, or every text that was made of one; both leave as WET.

A raw record is a WARC file of one record, so that a reject can be read by any tool.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha1
from typing import Any, BinaryIO

from cleaner.document import Document, Source
from cleaner.errors import ConfigurationError, InputError, RecordError
from cleaner.formats.html import read_page
from cleaner.formats.page import with_language
from cleaner.formats.records import Record, rejected
from cleaner.formats.text import decode
from cleaner.language import normalise
from cleaner.ledger import Cleaned

HEAD = "warc_head"
"""The key of a ledger row that keeps the header of a changed WET record."""
_END = b"\r\n\r\n"
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Warc:
    """The records of a crawl. Pages (``response``, ``resource``) and texts (``conversion``) are documents.

    The rest is carried through as it is, except the requests, images and the like that stand beside pages: those are
    passed over, because the texts of a crawl do not hold them.
    """

    metadata: bool = False
    name: str = "warc"

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the records of a file, each as a WARC file of one record, those that are passed over as nothing.

        Raises:
            InputError: the file is no WARC file, or a record ends too soon.
        """
        library = _library()
        kinds = library.WarcRecordType
        documents = (kinds.response, kinds.resource, kinds.conversion, kinds.warcinfo)
        try:
            for record in library.ArchiveIterator(stream, parse_http=False):
                if record.record_type not in documents:
                    yield b""
                    continue
                head = io.BytesIO()
                record.headers.write(head)
                body = record.reader.read()
                if len(body) < record.content_length:
                    raise InputError(f"ends within the record {record.record_id}")
                yield head.getvalue() + body + _END
        except (OSError, ValueError) as error:
            raise InputError(f"is broken as a WARC file: {error}") from None

    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read one record."""
        if not raw:
            return Record(number, raw)
        identifier: str | None = None
        try:
            library = _library()
            kinds = library.WarcRecordType
            record = next(iter(library.ArchiveIterator(io.BytesIO(raw), parse_http=True, auto_decode="all")))
            if record.record_type == kinds.warcinfo:
                return Record(number, raw)
            identifier = str(record.record_id).strip("<>") or f"{source}#{number}"
            address = str(record.headers.get("WARC-Target-URI") or "").strip("<>")
            place = Source(source, number, address)
            if record.record_type == kinds.conversion:
                named = str(record.headers.get("WARC-Identified-Content-Language") or "")
                text = decode(record.reader.read())
                return Record(number, raw, Document(text, identifier, place, normalise(named)))
            stated = (record.http_headers or record.headers).get("Content-Type") or ""
            if stated.partition(";")[0].strip().lower() not in _PAGES:
                return Record(number, b"")
            page = read_page(record.reader.read(), url=address, content_type=stated, metadata=self.metadata)
            return Record(number, raw, with_language(replace(page, id=identifier, source=place)))
        except RecordError as error:
            return rejected(source, number, raw, "read", error, identifier)
        except (OSError, ValueError, StopIteration) as error:
            return rejected(source, number, raw, "read", RecordError(f"is broken as a record: {error}"), identifier)

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the records of a file."""
        return (self.record(raw, source, number) for number, raw in enumerate(self.cut(stream)))

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return a ``conversion`` record with the clean text; that of a WET file keeps its other headers."""
        body = cleaned.text.encode("utf-8")
        if cleaned.document.raw_sha256 is None:
            head = _head(record.raw)
            return record.raw if not cleaned.ledger.edits else _with_body(head, body) + body + _END
        return _conversion(record.raw, body)

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, Any]:
        """Return the header of a WET record that changed."""
        if not cleaned.ledger.edits or cleaned.document.raw_sha256 is not None:
            return {}
        return {HEAD: _head(record.raw).decode("latin-1")}

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the records of a written file."""
        return self.cut(content)

    def is_document(self, clean: bytes) -> bool:
        """Tell whether a written record is a clean text, not one that was carried through."""
        return b"warc-type: conversion" in _head(clean).lower()

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of a written record."""
        return clean[len(_head(clean)) : -len(_END)].decode("utf-8")

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the original WET record; of a page, the text as it was read."""
        body = original.encode("utf-8")
        head = row[HEAD].encode("latin-1") if HEAD in row else _with_body(_head(clean), body)
        return head + body + _END


def _library() -> Any:
    try:
        from fastwarc import warc
    except ImportError:
        raise ConfigurationError("WARC files need fastwarc", "pip install 'article-cleaner[warc]'") from None
    return warc


def _head(raw: bytes) -> bytes:
    return raw[: raw.index(_END) + len(_END)]


def _with_body(head: bytes, body: bytes) -> bytes:
    """Return ``head`` with the length of ``body``, and its digests where it had any."""
    digest = b"sha1:" + base64.b32encode(sha1(body, usedforsecurity=False).digest())
    values = {
        b"content-length": str(len(body)).encode(),
        b"warc-block-digest": digest,
        b"warc-payload-digest": digest,
    }
    lines = head[: -len(_END)].split(b"\r\n")
    for index, line in enumerate(lines):
        name, colon, _ = line.partition(b":")
        value = values.get(name.strip().lower())
        if colon and value is not None:
            lines[index] = name + b": " + value
    return b"\r\n".join(lines) + _END


def _conversion(raw: bytes, body: bytes) -> bytes:
    """Return the record of a page's text: it has the page's id, address and date."""
    named: dict[bytes, bytes] = {}
    for line in _head(raw).split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        named[name.strip().lower()] = value.strip()
    lines = [b"WARC/1.0", b"WARC-Type: conversion"]
    for name in (b"WARC-Target-URI", b"WARC-Date", b"WARC-Record-ID"):
        if name.lower() in named:
            lines.append(name + b": " + named[name.lower()])
    lines.append(b"Content-Type: text/plain")
    lines.append(b"Content-Length: " + str(len(body)).encode())
    return b"\r\n".join(lines) + _END + body + _END
