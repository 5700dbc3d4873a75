"""Ledgers and documents in Parquet, read a row group at a time."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from cleaner.errors import ConfigurationError, InputError
from cleaner.review.items import EDIT, FLAG, Filter, Place, Row
from cleaner.review.ledgers import Ranked

_COLUMNS = {EDIT: "edits", FLAG: "flags"}
_REST = "rest"
"""The column with what only some rows have, as JSON."""
_GROUPS = 4
_ENTRY = 500
"""Bytes that an entry has in JSON, more or less."""


@contextmanager
def _reading(path: Path) -> Iterator[Any]:
    """Yield ``path`` opened.

    Raises:
        ConfigurationError: pyarrow is not installed.
        InputError: the file cannot be read.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigurationError("Parquet files need pyarrow", "pip install 'article-cleaner[parquet]'") from None
    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        raise InputError(f"{path}: cannot be read as a Parquet file: {error}") from None


class ParquetLedger:
    """A ledger of one row a document. Positions are the numbers of rows."""

    def __init__(self, path: Path, name: str, number: int) -> None:
        """Open the ledger; only its footer is read.

        Raises:
            ConfigurationError: pyarrow is not installed.
            InputError: the file cannot be read.
        """
        self.path, self.name, self.number = path, name, number
        with _reading(path) as file:
            footer = file.metadata
            groups = [footer.row_group(group) for group in range(footer.num_row_groups)]
            self._row_ends = list(accumulate(group.num_rows for group in groups))
            counts = [_entries(group) for group in groups]
        # What draws hit: the entries of all groups, those of edits before those of flags in each.
        self._marks = [(group, kind, count[kind]) for group, count in enumerate(counts) for kind in _COLUMNS]
        self._mark_ends = list(accumulate(count for _, _, count in self._marks))
        self._group = lru_cache(maxsize=_GROUPS)(self._read_group)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return self._row_ends[-1] if self._row_ends else 0

    @property
    def bulk(self) -> int:
        """About how many bytes it would have as JSONL, whatever compression and dictionaries make of them."""
        return self.weight * _ENTRY

    @property
    def weight(self) -> int:
        """How many entries there are, an empty list counting as one."""
        return self._mark_ends[-1] if self._mark_ends else 0

    def row(self, position: int) -> Row:
        """Return the row number ``position``.

        Raises:
            InputError: the file cannot be read.
        """
        group = bisect_right(self._row_ends, position)
        (row,) = self._group(group).slice(position - self._first(group), 1).to_pylist()
        result: Row = row | orjson.loads(row.get(_REST) or "{}")
        return result

    def _first(self, group: int) -> int:
        return self._row_ends[group - 1] if group else 0

    def _read_group(self, group: int) -> Any:
        with _reading(self.path) as file:
            return file.read_row_group(group)

    def draw(self, marks: Sequence[int], wanted: Filter, generator: random.Random) -> list[Place | None]:
        """Return for each mark the wanted item that it hits, if any."""
        places: list[Place | None] = [None] * len(marks)
        by_group: dict[int, list[tuple[int, str, int]]] = {}
        for place, mark in enumerate(marks):
            part = bisect_right(self._mark_ends, mark)
            group, kind, count = self._marks[part]
            by_group.setdefault(group, []).append((place, kind, mark - self._mark_ends[part] + count))
        with _reading(self.path) as file:
            for group, hits in by_group.items():
                slim = _Slim(file, group, wanted)
                for place, kind, entry in hits:
                    found = slim.wanted_entry(kind, entry)
                    if found is not None:
                        row, number = found
                        places[place] = Place(self.number, self._first(group) + row, kind, number)
        return places

    def scan(self, wanted: Filter, seed: str, progress: Callable[[float], None]) -> Iterator[Ranked]:
        """Yield every wanted item of the file with a rank drawn by ``seed``; tell the share read so far."""
        generator = random.Random(f"{seed} {self.name}")
        with _reading(self.path) as file:
            for group in range(len(self._row_ends)):
                slim = _Slim(file, group, wanted)
                for kind, row, number in slim.every_wanted():
                    yield Ranked(generator.random(), Place(self.number, self._first(group) + row, kind, number))
                progress(self._row_ends[group] / self.size)


class _Slim:
    """Of a row group, the columns that tell what is wanted."""

    def __init__(self, file: Any, group: int, wanted: Filter) -> None:
        present = set(file.schema_arrow.names)
        asked = wanted.language or wanted.site
        of_rows = [name for name in ("id", "language", "url", _REST) if name in present] if asked else []
        inner = [f"{name}.list.element.{part}" for name in _COLUMNS.values() for part in ("category", "rule")]
        table = file.read_row_group(group, columns=[*of_rows, *inner]).combine_chunks()
        self._wanted = wanted
        self._rows = table.select(of_rows).to_pylist() if asked else None
        self._lists = {kind: _List(table.column(name), kind, wanted) for kind, name in _COLUMNS.items()}

    def _wants_row(self, row: int) -> bool:
        if self._rows is None:
            return True
        values = self._rows[row]
        return self._wanted.wants_row(values | orjson.loads(values.get(_REST) or "{}"))

    def wanted_entry(self, kind: str, entry: int) -> tuple[int, int] | None:
        """Return row and number of an entry of the group if it is wanted."""
        entries = self._lists[kind]
        # An empty list counts as one entry in the footer and as none here: the last marks hit nothing.
        if entry >= len(entries.wanted) or not entries.wanted[entry]:
            return None
        row, number = entries.place(entry)
        return (row, number) if self._wants_row(row) else None

    def every_wanted(self) -> Iterator[tuple[str, int, int]]:
        """Yield kind, row and number of all wanted entries of the group."""
        for kind, entries in self._lists.items():
            for entry in np.flatnonzero(entries.wanted).tolist():
                row, number = entries.place(entry)
                if self._wants_row(row):
                    yield kind, row, number


class _List:
    """A list column, flat: which entries are wanted, and where those of each row begin."""

    def __init__(self, column: Any, kind: str, wanted: Filter) -> None:
        chunk = column.chunk(0) if column.num_chunks else column.combine_chunks()
        offsets = _numbers(chunk.offsets) if len(chunk) else np.zeros(1, np.int32)
        self._offsets = offsets - offsets[0]
        flat = chunk.flatten()
        self.wanted = _told(flat.field("category"), wanted.wants_category) & _told(
            flat.field("rule"), wanted.wants_rule
        )
        if wanted.kind not in ("", kind):
            self.wanted[:] = False

    def place(self, entry: int) -> tuple[int, int]:
        """Return the row of an entry, and its number in the row."""
        row = int(np.searchsorted(self._offsets, entry, "right")) - 1
        return row, entry - int(self._offsets[row])


def _told(values: Any, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Ask once for each different value."""
    encoded = values.dictionary_encode()
    told = np.array([wanted(value) for value in encoded.dictionary.to_pylist()], np.bool_)
    indices = _numbers(encoded.indices)
    return told[indices] if len(indices) else np.zeros(0, np.bool_)


def _numbers(values: Any) -> NDArray[np.int32]:
    """Return an array of 32-bit numbers without gaps; the library's own way would import pandas first."""
    if not len(values):
        return np.zeros(0, np.int32)
    return np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values)]


def _entries(group: Any) -> dict[str, int]:
    """Return how many entries of each kind the footer counts in a row group; an empty list counts as one."""
    counts = {f"{name}.list.element.category": kind for kind, name in _COLUMNS.items()}
    columns = (group.column(number) for number in range(group.num_columns))
    return {EDIT: 0, FLAG: 0} | {
        counts[column.path_in_schema]: column.num_values for column in columns if column.path_in_schema in counts
    }


class ParquetTexts:
    """The texts of clean documents in a Parquet file."""

    def __init__(self, path: Path, column: str) -> None:
        self._path, self._column = path, column

    def near(self, share: float) -> Iterator[str]:
        """Yield all texts, those of the row group at ``share`` (0 to 1) of the rows first, then to both sides of it.

        Raises:
            InputError: the file cannot be read.
        """
        with _reading(self._path) as file:
            ends = list(accumulate(file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)))
            if not ends:
                return
            first = bisect_right(ends, min(int(share * ends[-1]), ends[-1] - 1))
            for group in sorted(range(len(ends)), key=lambda group: abs(group - first)):
                for text in file.read_row_group(group, columns=[self._column]).column(0).to_pylist():
                    if isinstance(text, str):
                        yield text
