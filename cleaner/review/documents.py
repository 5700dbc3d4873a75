"""Finds the document that belongs to a ledger row, without reading all documents before it.

Documents stand in their file in the order of the ledger. So a row at a tenth of the ledger has its document near a tenth of
the documents; the search begins there and widens to both sides, between the documents that were found before. Every document
is proved by its digests, the clean text and the original.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from cleaner.errors import CleanerError, InputError, RecordError
from cleaner.ledger import restore_row
from cleaner.review.items import Row
from cleaner.review.ledgers import opened as opened_file

if TYPE_CHECKING:
    from cleaner.formats import Format

CHUNK = 1 << 20
_PLAIN = re.compile(rb"[A-Za-z0-9_.:-]+")


def summary_of(folder: Path) -> dict[str, Any]:
    """Return ``run.json`` of the run in ``folder``.

    Raises:
        ConfigurationError: the folder holds no run.
    """
    from cleaner.formats.folders import Finished

    return dict(Finished.open(folder).summary)


@dataclass(slots=True)
class _Lines:
    """A file of one document a line: ``anchors`` are pairs (share of the ledger, byte offset) that are known to match."""

    path: Path
    size: int
    shape: Format
    named: bool
    """Whether the lines hold the ids of their documents."""
    anchors: list[tuple[float, int]] = field(default_factory=list)

    def find(self, share: float, row: Row) -> str | None:
        needle = needle_of(row) if self.named else b""
        text = self._search(share, row, needle)
        # The id may be spelled in some other way in the file, or not stand in it at all.
        return self._search(share, row, b"") if text is None and needle else text

    def _search(self, share: float, row: Row, needle: bytes) -> str | None:
        index = bisect_left(self.anchors, (share, -1))
        left, low = self.anchors[index - 1] if index else (0.0, 0)
        right, high = self.anchors[index] if index < len(self.anchors) else (1.0, self.size)
        guess = low + int((high - low) * ((share - left) / (right - left) if right > left else 0.0))
        with opened_file(self.path) as stream:
            for start in _outward(low, high + 1, guess):
                stream.seek(max(start - 1, 0))
                if start > 0 and stream.read(1) != b"\n":
                    stream.readline()
                offset, end = stream.tell(), min(start + CHUNK, self.size)
                if offset >= end:
                    continue
                block = stream.read(end - offset) + stream.readline()
                for place, line in _candidates(block, needle):
                    text = original_of(self.shape, line, row)
                    if text is not None:
                        if (share, offset + place) not in self.anchors:
                            insort(self.anchors, (share, offset + place))
                        return text
        return None


def _outward(low: int, high: int, guess: int) -> Iterator[int]:
    """Yield the starts of chunks between ``low`` and ``high``, the nearest to ``guess`` first."""
    up = down = max(guess - CHUNK // 2, low)
    while up < high or down > low:
        if up < high:
            yield up
            up += CHUNK
        if down > low:
            down = max(down - CHUNK, low)
            yield down


def _candidates(block: bytes, needle: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of ``block`` that hold ``needle``, and where they start in it."""
    position = 0
    while position < len(block):
        found = block.find(needle, position)
        if found < 0:
            return
        start = block.rfind(b"\n", position, found) + 1 or position
        end = block.find(b"\n", found)
        end = len(block) if end < 0 else end + 1
        yield start, block[start:end]
        position = end


def needle_of(row: Row) -> bytes:
    """Return the longest part of a row's id that every JSON writer spells alike; nothing where the id was made up."""
    identifier, source = str(row["id"]), str(row["source"])
    if identifier.startswith(f"{source}#"):
        return b""
    return max(_PLAIN.findall(identifier.encode()), key=len, default=b"")


def original_of(shape: Format, clean: bytes, row: Row) -> str | None:
    """Return the original text of a written record, or nothing if the record is not the one of ``row``."""
    try:
        return original_from(shape.text_of(clean), row)
    except (ValueError, KeyError, TypeError, AttributeError, CleanerError):
        # What is carried through a file beside its documents has no text.
        return None


def original_from(text: str, row: Row) -> str | None:
    """Return the original of a clean text, or nothing if the text is not the one of ``row``."""
    try:
        return restore_row(text, row)
    except RecordError:
        return None


class Documents:
    """The documents of a run, each restored to its original text when it is asked for."""

    def __init__(self, folder: Path, summary: Mapping[str, Any]) -> None:
        self._folder = folder / "documents"
        self._fields = dict(summary["fields"])
        self._inputs = {str(item["name"]): item for item in summary["inputs"]}
        self._lines: dict[str, _Lines] = {}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def text(self, name: str, share: float, row: Row) -> str:
        """Return the original text of ``row``, which stands at ``share`` (0 to 1) of the ledger of the input ``name``.

        Raises:
            InputError: there is no such document, or it was changed since.
        """
        item = self._inputs.get(name)
        if item is None:
            raise InputError(f"run.json names no input {name!r}")
        # The formats take their time to import; the page is there sooner without them.
        from cleaner.formats import build
        from cleaner.formats.files import opened
        from cleaner.formats.rows import Fields

        fields = Fields(**self._fields)
        shape = build(str(item["format"]), fields)
        path = self._folder / str(item["output"])
        if shape.name == "jsonl":
            text = self._lines_of(name, path, shape).find(share, row)
        elif shape.name == "parquet":
            from cleaner.review.parquet import ParquetTexts

            texts = ParquetTexts(path, fields.text).near(share)
            text = next((found for clean in texts if (found := original_from(clean, row)) is not None), None)
        elif shape.name in ("text", "html"):
            with opened(str(path)) as stream:
                text = next((original_of(shape, clean, row) for clean in shape.split(stream)), None)
        else:
            text = self._lines_of(name, path, shape).find(share, row)
        if text is None:
            raise InputError(
                f"{path.name}: the document {row['id']!r} was not found as the ledger knows it",
                "was it changed after the run?",
            )
        return text

    def _lines_of(self, name: str, path: Path, shape: Format) -> _Lines:
        if name not in self._lines:
            if path.suffix in (".gz", ".zst") or shape.name != "jsonl":
                path = self._laid_aside(path, shape)
            try:
                size = path.stat().st_size
            except OSError as error:
                raise InputError(f"{path}: {error.strerror or error}") from None
            from cleaner.formats import build

            named = shape.name == "jsonl"
            self._lines[name] = _Lines(path, size, shape if named else build("jsonl"), named)
        return self._lines[name]

    def _laid_aside(self, path: Path, shape: Format) -> Path:
        """Return the documents of a file that cannot be read at any place, as JSONL; they go when the review ends."""
        from cleaner.formats.files import opened

        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="cleaner-review-")
        target = Path(self._temporary.name) / f"{len(self._lines)}.jsonl"
        with opened(str(path)) as stream, target.open("wb") as copy:
            if shape.name == "jsonl":
                shutil.copyfileobj(stream, copy, CHUNK)
            else:
                for clean in shape.split(stream):
                    with suppress(ValueError, CleanerError):
                        copy.write(orjson.dumps({"text": shape.text_of(clean)}) + b"\n")
        return target

    def close(self) -> None:
        """Remove what was laid aside."""
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None
