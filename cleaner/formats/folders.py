"""The folder that a run wrote: its summary, and its clean records beside their ledger rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from cleaner.errors import ConfigurationError, InputError
from cleaner.formats import Format, build, is_carried, ledgers
from cleaner.formats.files import opened
from cleaner.formats.rows import Fields

_KEYS = {"name", "output", "format"}


@dataclass(frozen=True)
class Finished:
    """A run that came to its end. ``summary`` is its ``run.json``, ``inputs`` are what that says of each input."""

    folder: Path
    summary: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]
    fields: Fields

    @classmethod
    def open(cls, folder: Path) -> Finished:
        """Return the run in ``folder``.

        Raises:
            ConfigurationError: the folder holds no run, or one that did not come to its end.
        """
        try:
            summary = orjson.loads((folder / "run.json").read_bytes())
            if not all(item.keys() >= _KEYS for item in summary["inputs"]):
                raise KeyError
            return cls(folder, summary, summary["inputs"], Fields(**summary["fields"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            hint = "a folder that cleaner run --output wrote"
            raise ConfigurationError(f"{str(folder)!r} holds no run", hint) from None

    def shape(self, item: Mapping[str, Any]) -> Format:
        """Return the format of an input."""
        return build(str(item["format"]), self.fields)

    def documents(self, item: Mapping[str, Any]) -> Path:
        """Return where the clean records of an input are. There is no file where no record was cleaned."""
        return self.folder / "documents" / str(item["output"])

    def records(self, item: Mapping[str, Any]) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
        """Yield the written records of an input with their ledger rows, or with None what was carried through.

        Raises:
            InputError: a file cannot be read, or there are more rows than documents, or fewer.
        """
        name, shape = str(item["name"]), self.shape(item)
        ledger = ledgers.read_ledger(self.folder, name)
        documents = self.documents(item)
        if documents.exists():
            with opened(str(documents)) as stream:
                for clean in shape.split(stream):
                    if is_carried(shape, clean):
                        yield clean, None
                        continue
                    row = next(ledger, None)
                    if row is None:
                        raise InputError(f"{name}: the ledger has fewer rows than there are documents")
                    yield clean, row
        if next(ledger, None) is not None:
            raise InputError(f"{name}: the ledger has more rows than there are documents")

    def rejects(self, item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the rejects of an input as rows, in their order.

        Raises:
            InputError: the file is broken.
        """
        return ledgers.read_lines(self.folder / "rejects" / f"{item['name']}.jsonl")

    def walk(self, item: Mapping[str, Any]) -> Iterator[tuple[bytes | None, dict[str, Any] | None]]:
        """Yield all records of an input in their order: as :meth:`records`, and rejects as None with their rows.

        Raises:
            InputError: as for :meth:`records` and :meth:`rejects`, or the rejects are out of order.
        """
        rejects = _Waiting(self.rejects(item), str(item["name"]))
        place = 0
        for record in self.records(item):
            for reject in rejects.until(place):
                yield None, reject
                place += 1
            yield record
            place += 1
        for reject in rejects.until(None):
            yield None, reject


class _Waiting:
    """Rejects that wait for their place among the documents."""

    def __init__(self, rows: Iterator[dict[str, Any]], name: str) -> None:
        self._rows, self._name = rows, name
        self._next = next(rows, None)

    def until(self, place: int | None) -> Iterator[dict[str, Any]]:
        """Yield the rejects that stand at ``place`` and straight after one another; all that are left for None."""
        while self._next is not None and place in (None, self._next["record"]):
            row, self._next = self._next, next(self._rows, None)
            if self._next is not None and self._next["record"] <= row["record"]:
                raise InputError(f"{self._name}: the rejects are out of order")
            yield row
            place = None if place is None else place + 1
