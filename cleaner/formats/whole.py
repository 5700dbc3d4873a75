"""Formats of one document a file: text and pages. A clean file is the clean text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, BinaryIO

from cleaner.formats.records import Record
from cleaner.ledger import Cleaned


class WholeFile(ABC):
    """What these formats share: all but how a file becomes a document."""

    __slots__ = ()

    @abstractmethod
    def record(self, raw: bytes, source: str, number: int) -> Record:
        """Read a file."""

    def cut(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the file as a whole."""
        yield stream.read()

    def read(self, stream: BinaryIO, source: str) -> Iterator[Record]:
        """Yield the one record of a file."""
        return (self.record(raw, source, number) for number, raw in enumerate(self.cut(stream)))

    def write(self, record: Record, cleaned: Cleaned) -> bytes:
        """Return the bytes of the clean file."""
        return cleaned.text.encode("utf-8")

    def extra(self, record: Record, cleaned: Cleaned) -> dict[str, Any]:
        """Return what a ledger row must keep besides, so that the text can be restored: nothing."""
        return {}

    def split(self, content: BinaryIO) -> Iterator[bytes]:
        """Yield the clean document of an output file as it was written."""
        yield content.read()

    def text_of(self, clean: bytes) -> str:
        """Return the clean text of what :meth:`write` wrote."""
        return clean.decode("utf-8")

    def restored(self, clean: bytes, original: str, row: dict[str, Any]) -> bytes:
        """Return the bytes of the original text. A page itself is named by ``raw_sha256``."""
        return original.encode("utf-8")
