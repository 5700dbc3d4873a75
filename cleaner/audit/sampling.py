"""Seeded samples of a run, and the documents that they stand in, restored."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.audit.store import FORMATTING, SITE, Store
from cleaner.errors import CleanerError
from cleaner.ledger import Edit, digest, edits_from_rows, restore

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

    The table ``papers`` must be there, with the columns ``position`` and ``file``.
    """
    if not positions:
        return {}
    store.ask("CREATE OR REPLACE TABLE wanted AS SELECT unnest(?::BIGINT[]) AS position", [sorted(positions)])
    rows = store.table(
        f"""SELECT position, file, id, source, language, {SITE} AS site, characters, guard, original_sha256, edits, flags
        FROM {store.prefix}ledger WHERE position IN (SELECT position FROM wanted)"""
    )
    originals = _originals(store, rows)
    return {
        row["position"]: Paper(
            row["position"],
            row["id"] or "",
            row["source"] or "",
            row["language"],
            row["site"],
            row["characters"] or 0,
            row["guard"],
            edits_from_rows(row["edits"] or ()),
            edits_from_rows(row["flags"] or ()),
            originals.get(row["position"]),
        )
        for row in rows
    }


def _originals(store: Store, rows: list[dict[str, Any]]) -> dict[int, str]:
    """Restore the originals of ledger rows, those that can be: a run may have been moved without its documents."""
    files = store.ask(f"SELECT min(position) AS first, file FROM {store.prefix}papers GROUP BY file ORDER BY first")
    firsts = [first for first, _ in files]
    by_file: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        index = bisect_right(firsts, row["position"]) - 1
        by_file[index][row["position"] - firsts[index]] = row
    originals: dict[int, str] = {}
    for index, numbers in by_file.items():
        try:
            for number, clean in store.run.clean_texts(Path(files[index][1]), numbers.keys()):
                row = numbers[number]
                original = restore(clean, edits_from_rows(row["edits"] or ()))
                if digest(original) == row["original_sha256"]:
                    originals[row["position"]] = original
        except CleanerError:
            # Without its documents a ledger still tells what went.
            continue
    return originals
