"""What is judged: the removals and flags of ledger rows, and the filter that chooses among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cleaner.errors import RecordError
from cleaner.ledger import SPACE

EDIT, FLAG = "edit", "flag"
KINDS = (EDIT, FLAG)
FORMATTING = frozenset({SPACE, "markup"})
"""Categories of edits that only set blank lines and signs of Markdown: they are no removals."""
_FIELDS = {EDIT: "edits", FLAG: "flags"}
UNKNOWN = "unknown"

Row = Mapping[str, Any]


class Place(NamedTuple):
    """Where an item stands: the ledger file's number, the row's position in it, and which removal or flag of the row.

    The position is a byte offset in a JSONL ledger and a row's number in a Parquet ledger.
    """

    ledger: int
    position: int
    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.ledger}.{self.position}.{self.kind}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read a place from what ``str`` made of it.

        Raises:
            RecordError: the text is no place.
        """
        try:
            ledger, position, kind, number = text.split(".")
            place = cls(int(ledger), int(position), kind, int(number))
        except ValueError:
            raise RecordError(f"{text[:80]!r} names no item") from None
        if place.kind not in KINDS or min(place.ledger, place.position, place.number) < 0:
            raise RecordError(f"{text[:80]!r} names no item")
        return place


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are wanted; an empty field wants all. ``kind`` is ``edit`` (a removal) or ``flag``."""

    rule: str = ""
    category: str = ""
    language: str = ""
    site: str = ""
    kind: str = ""

    def wants_row(self, row: Row) -> bool:
        """Tell whether items of a row can be wanted at all."""
        return (not self.language or language_of(row) == self.language) and (not self.site or site_of(row) == self.site)

    def wants(self, kind: str, entry: Mapping[str, Any]) -> bool:
        """Tell whether one removal or flag of a wanted row is wanted."""
        return self.kind in ("", kind) and self.wants_category(entry["category"]) and self.wants_rule(entry["rule"])

    def wants_category(self, category: str) -> bool:
        """Tell whether entries of a category can be wanted. What only sets the layout never is."""
        return category not in FORMATTING and self.category in ("", category)

    def wants_rule(self, rule: str) -> bool:
        """Tell whether entries of a rule can be wanted, be it alone or together with others (``one + another``)."""
        return not self.rule or self.rule == rule or self.rule in rule.split(" + ")

    def chosen(self, row: Row) -> list[tuple[str, int]]:
        """Return kind and number of every wanted item of a row."""
        if not self.wants_row(row):
            return []
        return [
            (kind, number)
            for kind, name in _FIELDS.items()
            for number, entry in enumerate(row[name])
            if self.wants(kind, entry)
        ]

    def needles(self) -> tuple[bytes, ...]:
        """Return bytes that every JSONL row with a wanted item holds, however it is spaced."""
        values = (self.rule, self.category, "" if self.language == UNKNOWN else self.language)
        return tuple(value.encode() for value in values if value and value.isascii() and value.isprintable())


def entry_of(row: Row, place: Place) -> Mapping[str, Any]:
    """Return the removal or flag of ``row`` at ``place``.

    Raises:
        RecordError: the row has no such entry.
    """
    entries = row[_FIELDS[place.kind]]
    if place.number >= len(entries) or entries[place.number]["category"] in FORMATTING:
        raise RecordError(f"the ledger row has no {place.kind} number {place.number} to judge")
    entry: Mapping[str, Any] = entries[place.number]
    return entry


def entries(row: Row) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Yield kind, number and entry of everything in a row that can be judged."""
    for kind, name in _FIELDS.items():
        for number, entry in enumerate(row[name]):
            if entry["category"] not in FORMATTING:
                yield kind, number, entry


def language_of(row: Row) -> str:
    """Return the language of a row, ``unknown`` where it states none."""
    return str(row.get("language") or UNKNOWN)


def site_of(row: Row) -> str:
    """Return the site of a row: the host of its address, or of its id where that is one; ``""`` where neither is."""
    metadata = row.get("metadata") or {}
    for address in (row.get("url"), metadata.get("url"), row["id"]):
        if isinstance(address, str) and address.startswith(("http://", "https://")):
            try:
                host = urlsplit(address).hostname
            except ValueError:
                continue
            if host:
                return host.removeprefix("www.")
    return ""
