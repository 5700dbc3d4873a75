"""A run on disk, opened for review: its ledgers, its documents, and what ``run.json`` says of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.errors import ConfigurationError, RecordError
from cleaner.review.documents import Documents, summary_of
from cleaner.review.items import Place, Row, entry_of
from cleaner.review.ledgers import JsonlLedger, LedgerFile

_KEPT = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A ledger row with the original text of its document."""

    row: Row
    text: str


class ReviewedRun:
    """Reads single rows and documents of a run of any size. Opening it reads nothing but ``run.json``."""

    def __init__(self, folder: Path) -> None:
        """Open the run in ``folder``.

        Raises:
            ConfigurationError: the folder holds no run, or one without a ledger.
        """
        self.folder = folder
        self.summary: dict[str, Any] = summary_of(folder)
        self.identity = sha256((folder / "run.json").read_bytes()).hexdigest()[:12]
        """Tells this run from all others, also from an earlier one in the same folder."""
        self.ledgers: list[LedgerFile] = []
        for item in self.summary["inputs"]:
            self._add(str(item["name"]))
        if not self.ledgers:
            raise ConfigurationError(f"the run in {str(folder)!r} has no ledger", "was anything cleaned?")
        self._documents = Documents(folder, self.summary)
        self._lock = threading.Lock()
        self._recent: OrderedDict[tuple[int, int], Found] = OrderedDict()

    def _add(self, name: str) -> None:
        path = self.folder / "ledger" / f"{name}.jsonl"
        if path.is_file() and path.stat().st_size:
            self.ledgers.append(JsonlLedger(path, name, len(self.ledgers), path.stat().st_size))
            return
        path = path.with_name(f"{Path(name).name}.parquet")
        if path.is_file():
            from cleaner.review.parquet import ParquetLedger

            ledger = ParquetLedger(path, name, len(self.ledgers))
            if ledger.size:
                self.ledgers.append(ledger)

    def found(self, place: Place) -> Found:
        """Return the row at ``place`` with its document.

        Raises:
            RecordError: there is no such item.
            InputError: a file cannot be read, or was changed after the run.
        """
        key = (place.ledger, place.position)
        with self._lock:
            if key not in self._recent:
                if place.ledger >= len(self.ledgers):
                    raise RecordError(f"there is no item {place}")
                ledger = self.ledgers[place.ledger]
                if place.position >= ledger.size:
                    raise RecordError(f"there is no item {place}")
                row = ledger.row(place.position)
                text = self._documents.text(ledger.name, place.position / ledger.size, row)
                self._recent[key] = Found(row, text)
                while len(self._recent) > _KEPT:
                    self._recent.popitem(last=False)
            self._recent.move_to_end(key)
            found = self._recent[key]
        entry_of(found.row, place)
        return found

    def close(self) -> None:
        """Remove what was laid aside."""
        self._documents.close()
