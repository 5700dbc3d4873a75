"""File formats: bytes or rows to documents, and back."""

from __future__ import annotations

import sys
from pathlib import Path

from cleaner.document import Document, Source
from cleaner.errors import InputError


def first_document(path: Path, identifier: str | None = None) -> Document:
    content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    return Document(content.decode("utf-8"), path.name, Source(str(path)))
