"""Seeded samples of a run, and the documents that they stand in, restored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.audit.store import FORMATTING, Store
from cleaner.errors import CleanerError, RecordError
from cleaner.ledger import Edit, edits_from_rows, restore_row

_GROUPS = 2000


@dataclass(frozen=True, slots=True)
class Drawn:
    """One edit or flag that was drawn: its document's place in the run, and its number in ``edits`` or ``flags``."""

    kind: str
    rule: str
    position: int
    number: int


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a run. ``original`` is None where its clean text is not at hand."""

    position: int
    id: str
    source: str
    language: str | None
    site: str | None
    characters: int
    guard: str | None
    edits: tuple[Edit, ...]
    flags: tuple[Edit, ...]
    original: str | None

    @property
    def removals(self) -> tuple[Edit, ...]:
        """The edits that took text away: not those that only close gaps or set signs of Markdown."""
        return tuple(edit for edit in self.edits if edit.category not in FORMATTING_CATEGORIES)


FORMATTING_CATEGORIES = frozenset(FORMATTING.strip("()").replace("'", "").split(", "))


def draw(store: Store, seed: int, each: int, most: int) -> list[Drawn]:
    """Draw edits and flags, ``each`` of every rule (fewer if that were more than ``most`` in all), in rounds.

    The first round has one of every rule, the second a second one, and so on, so that a list that is cut short still
    shows every rule. The same run and seed give the same draw.
    """
    ((groups,),) = store.ask("SELECT count(*) FROM (SELECT DISTINCT kind, rule FROM cuts WHERE NOT formatting)")
    number = max(1, min(each, most // max(groups, 1)))
    rows = store.ask(
        f"""SELECT kind, rule, min_by({{'position': position, 'number': number}},
        md5(concat_ws(':', ?::VARCHAR, kind, position, number)), {number}) FROM cuts WHERE NOT formatting
        GROUP BY kind, rule ORDER BY kind DESC, sum(length) DESC, rule LIMIT {_GROUPS}""",
        [str(seed)],
    )
    rounds = range(max((len(found) for _, _, found in rows), default=0))
    return [
        Drawn(kind, rule, found[turn]["position"], found[turn]["number"])
        for turn in rounds
        for kind, rule, found in rows
        if turn < len(found)
    ]


def papers(store: Store, positions: Collection[int]) -> dict[int, Paper]:
    """Return the documents at ``positions``, restored and verified by their digests.

    The table ``papers`` must be there.

    Raises:
        InputError: a ledger cannot be read.
    """
    if not positions:
        return {}
    known = store.table(
        f"SELECT * FROM {store.prefix}papers WHERE position IN (SELECT unnest(?::BIGINT[]))", [sorted(positions)]
    )
    first_of = dict(store.ask(f"SELECT file, min(position) FROM {store.prefix}papers GROUP BY file"))
    by_file: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in known:
        by_file[row["file"]][row["position"] - first_of[row["file"]]] = row
    found: dict[int, Paper] = {}
    for file, numbers in by_file.items():
        rows = dict(store.rows(Path(file), numbers.keys()))
        originals = dict(_originals(store, Path(file), rows))
        for number, row in numbers.items():
            found[row["position"]] = Paper(
                row["position"],
                row["id"] or "",
                row["source"] or "",
                row["language"],
                row["site"],
                row["characters"] or 0,
                row["guard"],
                edits_from_rows(rows[number]["edits"] or ()),
                edits_from_rows(rows[number]["flags"] or ()),
                originals.get(number),
            )
    return found


def _originals(store: Store, ledger: Path, rows: Mapping[int, dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Restore the originals of ledger rows, those that can be: a run may have been moved without its documents."""
    # Without its documents a ledger still tells what went.
    with suppress(CleanerError):
        for number, clean in store.run.clean_texts(ledger, rows.keys()):
            try:
                original = restore_row(clean, rows[number])
            except RecordError:
                continue
            yield number, original
