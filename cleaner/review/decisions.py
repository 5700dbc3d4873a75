"""The decisions of a review, in SQLite. A decision that was answered is on the disk, whatever happens next.

Nothing is ever overwritten: a decision that was taken back keeps its row with the time at which it was. The file holds the
texts that were judged, so that exports need no run.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cleaner.errors import ConfigurationError, InputError

APPLICATION, VERSION = 0x636C_7276, 1
RIGHT, WRONG, UNSURE, OTHER, MISSED, READ = "right", "wrong", "unsure", "category", "missed", "read"
VERDICTS = (RIGHT, WRONG, UNSURE, OTHER)
"""What can be said of a removal or a flag. ``category``: it had to go, but as another category."""
MISSED_KIND, DOCUMENT_KIND = "missed", "document"

_SCHEMA = """
CREATE TABLE documents (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, original_sha256 TEXT NOT NULL,
  language TEXT, site TEXT NOT NULL, text BLOB NOT NULL,
  UNIQUE (id, source, original_sha256)
);
CREATE TABLE spans (
  number INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents,
  kind TEXT NOT NULL CHECK (kind IN ('edit', 'flag', 'missed', 'document')),
  "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, category TEXT NOT NULL, rule TEXT NOT NULL, stage TEXT NOT NULL,
  because TEXT NOT NULL,
  UNIQUE (document, kind, "start", "end", category, rule)
);
CREATE TABLE decisions (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, reviewer TEXT NOT NULL,
  span INTEGER NOT NULL REFERENCES spans, place TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong', 'unsure', 'category', 'missed', 'read')),
  category TEXT NOT NULL, undone TEXT
);
CREATE INDEX decisions_by_span ON decisions (span, reviewer);
CREATE VIEW current AS
  SELECT decisions.*, spans.document, spans.kind, spans."start", spans."end", spans.category AS category_of_span,
         spans.rule, spans.stage, spans.because
  FROM decisions JOIN spans ON spans.number = decisions.span
  WHERE decisions.number IN (SELECT max(number) FROM decisions WHERE undone IS NULL GROUP BY span, reviewer);
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """The document that a span belongs to. ``text`` is the original."""

    id: str
    source: str
    original_sha256: str
    language: str | None
    site: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """What a decision is about: a removal, a flag, a missed appeal or the whole document, in code points."""

    kind: str
    start: int
    end: int
    category: str = ""
    rule: str = ""
    stage: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it stands. ``category`` is the right one where the verdict is ``category`` or ``missed``."""

    number: int
    reviewer: str
    document: int
    span: Span
    verdict: str
    category: str
    place: str
    at: str

    @property
    def label(self) -> str:
        """What two reviewers must agree on: the verdict, with the category where one was chosen."""
        return f"{self.verdict} {self.category}".rstrip()


class Decisions:
    """A file of decisions. Several processes may have it open, and several threads may use one object."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises:
            ConfigurationError: it is something else, or of a later version.
            InputError: it cannot be opened or written.
        """
        self.path = path
        self._lock = threading.Lock()
        with _reported(path):
            self._connection = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            self._prepare()

    def _prepare(self) -> None:
        run = self._connection.execute
        application, version = run("PRAGMA application_id").fetchone()[0], run("PRAGMA user_version").fetchone()[0]
        empty = not run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not empty and application != APPLICATION:
            raise ConfigurationError(f"{self.path} is no file of decisions", "name another with --decisions")
        if version > VERSION:
            raise ConfigurationError(f"{self.path} was written by a later version", "update article-cleaner")
        run("PRAGMA journal_mode = WAL")
        # FULL: a commit returns when it is on the disk. On macOS that takes a word more.
        run("PRAGMA synchronous = FULL")
        run("PRAGMA fullfsync = ON")
        run("PRAGMA foreign_keys = ON")
        if empty:
            with self._transaction():
                # Another process may have been quicker.
                if not run("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    for statement in _SCHEMA.strip().split(";\n"):
                        if statement.strip():
                            run(statement)
                    run(f"PRAGMA application_id = {APPLICATION}")
                    run(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _reported(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def decide(
        self, reviewer: str, document: Judged, span: Span, verdict: str, category: str = "", place: str = ""
    ) -> int:
        """Record a decision and return its number; when this returns, it is on the disk.

        Raises:
            InputError: the file cannot be written.
        """
        with self._transaction() as connection:
            number = _document_number(connection, document)
            connection.execute(
                'INSERT OR IGNORE INTO spans (document, kind, "start", "end", category, rule, stage, because)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (number, span.kind, span.start, span.end, span.category, span.rule, span.stage, span.because),
            )
            (span_number,) = connection.execute(
                'SELECT number FROM spans WHERE (document, kind, "start", "end", category, rule) = (?, ?, ?, ?, ?, ?)',
                (number, span.kind, span.start, span.end, span.category, span.rule),
            ).fetchone()
            cursor = connection.execute(
                "INSERT INTO decisions (at, reviewer, span, place, verdict, category) VALUES (?, ?, ?, ?, ?, ?)",
                (_now(), reviewer, span_number, place, verdict, category),
            )
            return int(cursor.lastrowid or 0)

    def undo(self, reviewer: str, number: int | None = None) -> Decision | None:
        """Take back the last decision of ``reviewer``, or the one with ``number``; return it, if there was one.

        An earlier decision about the same span stands again.
        """
        with self._transaction() as connection:
            row = connection.execute(
                "SELECT decisions.number FROM decisions WHERE reviewer = ? AND undone IS NULL"
                " AND (? IS NULL OR number = ?) ORDER BY number DESC LIMIT 1",
                (reviewer, number, number),
            ).fetchone()
            if row is None:
                return None
            taken = connection.execute("SELECT * FROM current WHERE number = ?", row).fetchone()
            connection.execute("UPDATE decisions SET undone = ? WHERE number = ?", (_now(), row[0]))
            return _decision(taken) if taken is not None else None

    def current(self, reviewer: str | None = None, document: Judged | None = None) -> list[Decision]:
        """Return all decisions that stand, in the order in which they were made, of one reviewer or document if given."""
        return [
            _decision(row)
            for row in self._rows(
                "SELECT current.* FROM current JOIN documents ON documents.number = current.document"
                " WHERE (?1 IS NULL OR reviewer = ?1) AND (?2 IS NULL OR (id, source, original_sha256) = (?2, ?3, ?4))"
                " ORDER BY current.number",
                (reviewer, *((document.id, document.source, document.original_sha256) if document else (None,) * 3)),
            )
        ]

    def documents(self) -> dict[int, Judged]:
        """Return every document that something was decided about, by its number."""
        return {
            row["number"]: Judged(
                row["id"],
                row["source"],
                row["original_sha256"],
                row["language"],
                row["site"],
                zlib.decompress(row["text"]).decode("utf-8"),
            )
            for row in self._rows("SELECT * FROM documents ORDER BY number", ())
        }

    def decided(self, reviewer: str) -> dict[str, str]:
        """Return the verdicts that stand of ``reviewer`` by the place of their item."""
        rows = self._rows(
            "SELECT place, verdict FROM current WHERE reviewer = ? AND kind IN ('edit', 'flag')", (reviewer,)
        )
        return {row["place"]: row["verdict"] for row in rows}

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[sqlite3.Row]:
        with self._lock, _reported(self.path):
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _document_number(connection: sqlite3.Connection, document: Judged) -> int:
    key = (document.id, document.source, document.original_sha256)
    find = "SELECT number FROM documents WHERE (id, source, original_sha256) = (?, ?, ?)"
    row = connection.execute(find, key).fetchone()
    if row is None:
        packed = zlib.compress(document.text.encode("utf-8"), 6)
        connection.execute(
            "INSERT INTO documents (id, source, original_sha256, language, site, text) VALUES (?, ?, ?, ?, ?, ?)",
            (*key, document.language, document.site, packed),
        )
        row = connection.execute(find, key).fetchone()
    return int(row[0])


def _decision(row: sqlite3.Row) -> Decision:
    span = Span(
        row["kind"], row["start"], row["end"], row["category_of_span"], row["rule"], row["stage"], row["because"]
    )
    return Decision(
        row["number"], row["reviewer"], row["document"], span, row["verdict"], row["category"], row["place"], row["at"]
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise ConfigurationError(f"{path} is no file of decisions", "name another with --decisions") from None
        raise InputError(f"{path}: {error}", "name another file with --decisions") from None
