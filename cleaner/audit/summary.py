"""Totals and tables of a run. All counts are of removals proper: closed blank lines and signs of Markdown count apart."""

from __future__ import annotations

from typing import Any

from cleaner.audit.store import FORMATTING, SITE, Store
from cleaner.rulebook import APPEALS

Table = list[dict[str, Any]]
MOST = {"category": 60, "rule": 300, "language": 60, "site": 80, "source": 60}
"""The most rows of each table; what does not fit is summed up in one more row without a name."""
BOUNDS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""The upper ends, inclusive, of the classes of the share that documents lost."""


def prepare(store: Store) -> None:
    """Make the tables that everything else asks: ``papers``, a row for each document, ``cuts``, one for each edit or flag.

    ``cuts`` has no texts: they are fetched for samples only, so that the tables stay small beside the ledgers.

    Raises:
        InputError: a ledger cannot be read.
    """
    packed = 'lambda e: {"category": e.category, "stage": e.stage, "rule": e.rule, "length": e."end" - e.start}'
    store.ask(
        f"""CREATE OR REPLACE TABLE packed AS SELECT position, file, id, source, language, {SITE} AS site, characters, guard,
        pipeline, version, list_transform(edits, {packed}) AS removed, list_transform(flags, {packed}) AS flagged FROM outline"""
    )
    parts = [
        f"""SELECT position, '{kind}' AS kind, number, cut.category, cut.stage, cut.rule, cut.length,
        '{kind}' = 'removed' AND cut.category IN {FORMATTING} AS formatting
        FROM (SELECT position, unnest({kind}) AS cut, generate_subscripts({kind}, 1) - 1 AS number FROM packed)"""
        for kind in ("removed", "flagged")
    ]
    store.ask(f"CREATE OR REPLACE TABLE cuts AS {' UNION ALL '.join(parts)}")
    store.ask(
        """CREATE OR REPLACE TABLE papers AS SELECT packed.* EXCLUDE (removed, flagged), len(flagged) AS flags,
        coalesce(sums.removed, 0) AS removed, coalesce(sums.removals, 0) AS removals,
        least(coalesce(sums.removed / nullif(characters, 0), 0), 1) AS share
        FROM packed LEFT JOIN (SELECT position, sum(length)::BIGINT AS removed, count(*) AS removals FROM cuts
        WHERE kind = 'removed' AND NOT formatting GROUP BY position) sums USING (position)"""
    )
    store.ask("DROP TABLE packed")


def totals(store: Store) -> dict[str, Any]:
    """Return the sums over the whole run. Characters are code points of the originals."""
    (row,) = store.table(
        """SELECT count(*) AS cleaned, count(*) FILTER (removals > 0) AS edited, count(*) FILTER (guard IS NOT NULL) AS guarded,
        coalesce(sum(characters), 0)::BIGINT AS characters, coalesce(sum(removed), 0)::BIGINT AS removed,
        coalesce(sum(removals), 0)::BIGINT AS removals, coalesce(sum(flags), 0)::BIGINT AS flags,
        count(DISTINCT coalesce(language, '')) AS languages, count(DISTINCT site) AS sites,
        count(DISTINCT source) AS sources FROM papers"""
    )
    ((formatting, rules),) = store.ask(
        """SELECT coalesce(sum(length) FILTER (formatting), 0)::BIGINT, count(DISTINCT rule) FILTER (NOT formatting) FROM cuts"""
    )
    ((rejected,),) = store.ask("SELECT count(*) FROM rejects")
    return {"read": row["cleaned"] + rejected, "rejected": rejected, **row, "formatting": formatting, "rules": rules}


def by_cut(store: Store, column: str) -> Table:
    """Return what each category or rule (``column``) took and flagged, the largest first."""
    further = ", any_value(category) AS category" if column == "rule" else ""
    rows = bounded(
        store.table(
            f"""SELECT {column} AS name, coalesce(sum(length) FILTER (kind = 'removed'), 0)::BIGINT AS removed,
            count(*) FILTER (kind = 'removed') AS removals, count(*) FILTER (kind = 'flagged') AS flags,
            count(DISTINCT position) FILTER (kind = 'removed') AS documents{further}
            FROM cuts WHERE NOT formatting GROUP BY {column} ORDER BY removed DESC, removals DESC, flags DESC, name"""
        ),
        MOST[column],
    )
    return [{**row, "group": _group(row.pop("category", row["name"]))} for row in rows]


def by_document(store: Store, column: str) -> Table:
    """Return what the documents of each language, site or source (``column``) lost, the largest loss first."""
    return bounded(
        store.table(
            f"""SELECT {column} AS name, count(*) AS documents, coalesce(sum(characters), 0)::BIGINT AS characters,
            coalesce(sum(removed), 0)::BIGINT AS removed, coalesce(sum(removals), 0)::BIGINT AS removals,
            coalesce(sum(flags), 0)::BIGINT AS flags FROM papers GROUP BY {column} ORDER BY removed DESC, documents DESC, name"""
        ),
        MOST[column],
    )


def _group(category: str | None) -> str:
    return "appeals" if category in APPEALS else "furniture"


def bounded(rows: Table, most: int) -> Table:
    """Return the first rows; of the others, one row with their sums and their number as ``others``."""
    if len(rows) <= most:
        return rows
    rest = rows[most - 1 :]
    sums = {key: sum(row[key] for row in rest) for key, value in rest[0].items() if isinstance(value, int)}
    return [*rows[: most - 1], {"name": None, "others": len(rest), **sums}]


def shares(store: Store) -> Table:
    """Return how many documents lost which share of their characters: ``above`` is exclusive, ``up_to`` inclusive."""
    listed = ", ".join(str(bound) for bound in BOUNDS)
    found = dict(
        store.ask(
            f"SELECT list_position([{listed}], list_filter([{listed}], lambda b: b >= share)[1]), count(*) FROM papers GROUP BY 1"
        )
    )
    return [
        {"above": BOUNDS[index - 1] if index else None, "up_to": bound, "documents": found.get(index + 1, 0)}
        for index, bound in enumerate(BOUNDS)
    ]


def rejections(store: Store, most: int = 30) -> Table:
    """Return the reasons of rejects with their numbers, the most frequent first."""
    return store.table(
        f"SELECT stage, left(reason, 300) AS reason, count(*) AS records FROM rejects GROUP BY ALL ORDER BY records DESC, reason LIMIT {most}"
    )


def identities(store: Store) -> Table:
    """Return the pipelines and versions that the ledgers name, with their numbers of documents."""
    return store.table(
        f"SELECT pipeline, version, count(*) AS documents FROM {store.prefix}papers GROUP BY ALL ORDER BY documents DESC, pipeline LIMIT 10"
    )
