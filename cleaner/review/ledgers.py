"""Ledger files, read where an item stands: never as a whole, and never kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import orjson

from cleaner.errors import InputError
from cleaner.review.items import Filter, Place, Row

BLOCK = 1 << 16
SCANNED = 1 << 22
SMALLEST_ENTRY = 150
"""Bytes that every entry of a row takes at least: its keys and the signs around them come to more."""


class Ranked(NamedTuple):
    """An item with its rank: a random number from 0 to 1. The items of lowest rank are a random sample."""

    rank: float
    place: Place


class LedgerFile(Protocol):
    """One ledger of a run."""

    @property
    def name(self) -> str:
        """The name of the input that the ledger belongs to."""
        ...

    @property
    def bulk(self) -> int:
        """About how many bytes it would have as JSONL: what reading it through costs."""
        ...

    @property
    def size(self) -> int:
        """The end of the positions in the file."""
        ...

    @property
    def weight(self) -> int:
        """How many marks it has of those that :meth:`draw` is given."""
        ...

    def row(self, position: int) -> Row:
        """Return the row at ``position``."""
        ...

    def draw(self, marks: Sequence[int], wanted: Filter, generator: random.Random) -> Iterable[Place | None]:
        """Return for each of ``marks`` (0 to ``weight``) the wanted item that it hits, if any; all as likely to be hit."""
        ...

    def scan(self, wanted: Filter, seed: str, progress: Callable[[float], None]) -> Iterator[Ranked]:
        """Yield every wanted item of the file with a rank drawn by ``seed``; tell the share read so far."""
        ...


@dataclass(frozen=True, slots=True)
class JsonlLedger:
    """A ledger of one JSON object a line. Positions are byte offsets."""

    path: Path
    name: str
    number: int
    size: int

    def row(self, position: int) -> Row:
        """Return the row whose line starts at byte ``position``.

        Raises:
            InputError: the file cannot be read, or no row starts there.
        """
        with opened(self.path) as stream:
            stream.seek(position)
            return self._row(stream.readline(), position)

    def _row(self, line: bytes, position: int) -> Row:
        try:
            row = orjson.loads(line)
            if not {"id", "source", "edits", "flags", "original_sha256", "clean_sha256"} <= row.keys():
                raise ValueError
        except (ValueError, AttributeError):
            raise InputError(f"{self.path}: there is no ledger row at byte {position}") from None
        result: Row = row
        return result

    @property
    def bulk(self) -> int:
        """The bytes of the file."""
        return self.size

    @property
    def weight(self) -> int:
        """Every byte is a mark."""
        return self.size

    def draw(self, marks: Sequence[int], wanted: Filter, generator: random.Random) -> Iterator[Place | None]:
        """Yield for each byte the item that it hits, if any.

        A long row is hit more often than a short one, and a row of many items must be drawn more often than one of few.
        So a hit counts with the odds ``items * SMALLEST_ENTRY / length``: in the end every item is as likely as any.
        """
        needles = wanted.needles()
        with opened(self.path) as stream:
            for mark in marks:
                start, line = line_around(stream, mark)
                place = None
                odds = generator.random() * len(line) / SMALLEST_ENTRY
                # No row has more entries than it has of their keys, so that most need not be read as JSON.
                if odds < line.count(b'"because"') and all(needle in line for needle in needles):
                    chosen = wanted.chosen(self._row(line, start))
                    if odds < len(chosen):
                        kind, number = chosen[generator.randrange(len(chosen))]
                        place = Place(self.number, start, kind, number)
                yield place

    def scan(self, wanted: Filter, seed: str, progress: Callable[[float], None]) -> Iterator[Ranked]:
        """Yield every wanted item of the file with a rank drawn by ``seed``; tell the share read so far."""
        generator = random.Random(f"{seed} {self.name}")
        needles = wanted.needles()
        position = 0
        with opened(self.path) as stream:
            # Whole lines in large blocks: a block without what every wanted row holds is passed over at once.
            while block := stream.read(SCANNED) + stream.readline():
                if all(needle in block for needle in needles):
                    start = position
                    for line in block.split(b"\n"):
                        if line and all(needle in line for needle in needles):
                            for kind, number in wanted.chosen(self._row(line, start)):
                                yield Ranked(generator.random(), Place(self.number, start, kind, number))
                        start += len(line) + 1
                position += len(block)
                progress(position / self.size)


def opened(path: Path) -> BinaryIO:
    """Open a file of a run for reading.

    Raises:
        InputError: it cannot be opened.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def line_around(stream: BinaryIO, position: int) -> tuple[int, bytes]:
    """Return the line that byte ``position`` of ``stream`` falls into, and where it starts."""
    start = position
    while start > 0:
        block_start = max(0, start - BLOCK)
        stream.seek(block_start)
        found = stream.read(start - block_start).rfind(b"\n")
        if found >= 0:
            start = block_start + found + 1
            break
        start = block_start
    stream.seek(start)
    return start, stream.readline()
