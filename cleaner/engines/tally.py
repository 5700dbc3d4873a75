"""The counts of a run. Every record read is either cleaned or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.ledger import SPACE, Cleaned

_NUMBERS = {
    "read": "read",
    "cleaned": "cleaned",
    "rejected": "rejected",
    "edited": "edited",
    "skipped": "skipped",
    "characters": "characters",
    "removed": "characters_removed",
    "flags": "flags",
}
_COUNTERS = {
    "categories": "removed_by_category",
    "rules": "removed_by_rule",
    "languages": "documents_by_language",
}


@dataclass(slots=True)
class Tally:
    """Counts of documents; ``removed``, ``categories`` and ``rules`` count characters (code points).

    ``skipped`` are records that are no documents, such as blank lines of JSONL and images of a crawl.
    """

    read: int = 0
    cleaned: int = 0
    rejected: int = 0
    edited: int = 0
    skipped: int = 0
    characters: int = 0
    removed: int = 0
    flags: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, cleaned: Cleaned) -> None:
        """Count one cleaned document."""
        ledger = cleaned.ledger
        self.cleaned += 1
        self.characters += len(cleaned.document.text)
        self.flags += len(ledger.flags)
        self.languages[ledger.language or "unknown"] += 1
        self.edited += bool(ledger.edits)
        for edit in ledger.edits:
            self.removed += len(edit.removed)
            self.categories[edit.category] += len(edit.removed)
            if edit.category != SPACE:
                self.rules[edit.rule] += len(edit.removed)

    def merge(self, other: Tally) -> None:
        """Add the counts of ``other``."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def subtract(self, other: Tally) -> None:
        """Take the counts of ``other`` away again."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) - getattr(other, name))
        for name in _COUNTERS:
            # What is left of a counter without the names that stand at nothing.
            setattr(self, name, getattr(self, name) - getattr(other, name))

    @property
    def share(self) -> float:
        """The share of the characters that was removed, 0 to 1."""
        return self.removed / self.characters if self.characters else 0.0

    def table(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        numbers = {key: getattr(self, name) for name, key in _NUMBERS.items()}
        return numbers | {key: dict(sorted(getattr(self, name).items())) for name, key in _COUNTERS.items()}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Tally:
        """Return the counts that :meth:`table` gave."""
        values: dict[str, Any] = {name: int(table[key]) for name, key in _NUMBERS.items()}
        values |= {name: Counter(table[key]) for name, key in _COUNTERS.items()}
        return cls(**values)
