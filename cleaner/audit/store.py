"""DuckDB over the ledgers of a run. Views for questions of any size; tables for the report. The only user of duckdb.

Nothing here goes to the network: DuckDB's extensions for JSON and Parquet are part of its package, others are not loaded.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from cleaner.audit.runs import Run
from cleaner.errors import ConfigurationError, InputError
from cleaner.formats import files

if TYPE_CHECKING:
    import duckdb

_OFFSETS = {"start": "BIGINT", "end": "BIGINT"}
_NAMES = {"category": "VARCHAR", "stage": "VARCHAR", "rule": "VARCHAR"}
_EDIT = {
    **_OFFSETS,
    "byte_start": "BIGINT",
    "byte_end": "BIGINT",
    "removed": "VARCHAR",
    "inserted": "VARCHAR",
    **_NAMES,
    "because": "VARCHAR",
    "weight": "DOUBLE",
    "evidence": "BIGINT[][]",
}
Columns = Mapping[str, str | Mapping[str, str]]
"""Names with their types; a mapping stands for a list of structs."""
_DOCUMENT: Columns = {
    "id": "VARCHAR",
    "source": "VARCHAR",
    "language": "VARCHAR",
    "url": "VARCHAR",
    "guard": "VARCHAR",
    "characters": "BIGINT",
    "pipeline": "VARCHAR",
    "version": "VARCHAR",
    "original_sha256": "VARCHAR",
    "clean_sha256": "VARCHAR",
}
_LEDGER: Columns = {**_DOCUMENT, "edits": _EDIT, "flags": _EDIT}
_OUTLINE: Columns = {**_DOCUMENT, "edits": {**_OFFSETS, **_NAMES}, "flags": {**_OFFSETS, **_NAMES}}
"""What the tables of a report need of a ledger: without the texts it is read in half the time."""
_REJECTS: Columns = {
    "source": "VARCHAR",
    "record": "BIGINT",
    "id": "VARCHAR",
    "stage": "VARCHAR",
    "reason": "VARCHAR",
    "traceback": "VARCHAR",
    "raw": "VARCHAR",
    "raw_base64": "VARCHAR",
}
FORMATTING = "('space', 'markup')"
"""Categories of edits that only set blank lines and signs of Markdown: they are no removals."""
_HOST = r"lower(regexp_extract({}, '^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)', 1, 'i'))"
SITE = f"coalesce(nullif({_HOST.format('url')}, ''), nullif({_HOST.format('id')}, ''))"
"""The host of a document's address, or of its id where that is one; NULL where neither is."""
LARGEST = 1 << 24
"""Bytes of the largest ledger row that is read at full speed; with larger ones, the ledgers are read anew with room."""
_ROOM = 2_000_000_000


@contextmanager
def opened(run: Run) -> Iterator[Store]:
    """Open the ledgers of ``run``.

    Raises:
        ConfigurationError: DuckDB is not installed.
    """
    with _connected() as connection:
        yield Store(run, connection)


@contextmanager
def opened_both(old: Run, new: Run) -> Iterator[tuple[Store, Store]]:
    """Open the ledgers of two runs side by side, with the prefixes ``old_`` and ``new_``. Raises as :func:`opened`."""
    with _connected() as connection:
        yield Store(old, connection, "old_"), Store(new, connection, "new_")


@contextmanager
def _connected() -> Iterator[duckdb.DuckDBPyConnection]:
    # Tables go to a temporary file, so that no run is too large for the memory.
    try:
        import duckdb
    except ImportError:
        raise ConfigurationError(
            "audits need DuckDB, which is not installed", "pip install 'article-cleaner[audit]'"
        ) from None
    with tempfile.TemporaryDirectory(prefix="cleaner-audit-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(str(Path(folder) / "audit.duckdb"), config=settings)
        try:
            connection.execute(f"SET temp_directory = {_literal(folder)}")
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


class Store:
    """The views ``ledger``, ``documents``, ``edits``, ``flags`` and ``rejects`` over one run, ``prefix`` before their names."""

    def __init__(self, run: Run, connection: duckdb.DuckDBPyConnection, prefix: str = "") -> None:
        self.run = run
        self.connection = connection
        self.prefix = prefix
        self._views(LARGEST)

    def _views(self, largest: int) -> None:
        ledgers, prefix = self.run.ledgers, self.prefix
        removals = f"list_filter(edits, lambda e: e.category NOT IN {FORMATTING})"
        removed = f'coalesce(list_sum(list_transform({removals}, lambda e: e."end" - e.start)), 0)'
        views = {
            "ledger": _union(ledgers, _LEDGER, largest),
            "outline": _union(ledgers, _OUTLINE, largest),
            "rejects": _union(self.run.rejects, _REJECTS, largest),
            "documents": f"""SELECT id, source, language, {SITE} AS site, url, characters, {removed} AS removed,
                removed / nullif(characters, 0) AS share, len(edits) AS edits, len(flags) AS flags, guard,
                original_sha256, clean_sha256, pipeline, version FROM {prefix}ledger""",
            **{
                name: f"""SELECT id, source, language, site, unnest(spans, max_depth := 2)
                FROM (SELECT id, source, language, {SITE} AS site, {name} AS spans FROM {prefix}ledger)"""
                for name in ("edits", "flags")
            },
        }
        for name, query in views.items():
            self.connection.execute(f"CREATE OR REPLACE VIEW {prefix}{name} AS {query}")

    def ask(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of ``query``.

        Raises:
            InputError: a ledger cannot be read.
            ConfigurationError: the query is wrong.
        """
        rows: list[tuple[Any, ...]] = self.relation(query, parameters).fetchall()
        return rows

    def table(self, query: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return all rows of ``query`` by column name. Raises as :meth:`ask`."""
        relation = self.relation(query, parameters)
        names = [column[0] for column in relation.description or ()]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]

    def rows(self, ledger: Path, numbers: Collection[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the whole ledger rows ``numbers`` of one file, counted from 0. Raises as :meth:`ask`.

        Lines are counted and only those that are wanted are parsed, which is much quicker than a query.
        """
        if ledger.suffix == ".parquet":
            query = f"""SELECT file_row_number AS number, id, original_sha256, clean_sha256, edits, flags
                FROM read_parquet({_list([ledger])}, file_row_number = true)
                WHERE file_row_number IN (SELECT unnest(?::BIGINT[]))"""
            for row in self.table(query, [sorted(numbers)]):
                yield row.pop("number"), row
            return
        last = max(numbers)
        with files.opened(str(ledger)) as stream:
            for number, line in enumerate(line for line in stream if not line.isspace()):
                if number in numbers:
                    yield number, orjson.loads(line)
                if number >= last:
                    return

    def relation(self, query: str, parameters: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        """Run ``query`` and return what can be fetched from. Raises as :meth:`ask`."""
        import duckdb

        try:
            return self.connection.execute(query, list(parameters))
        except duckdb.Error as error:
            if "maximum_object_size" not in str(error):
                raise _ours(error) from None
        try:
            self._views(_ROOM)
            return self.connection.execute(query, list(parameters))
        except duckdb.Error as error:
            raise _ours(error) from None


def _ours(error: Exception) -> ConfigurationError | InputError:
    import duckdb

    message = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    if isinstance(error, duckdb.IOException) or "JSON" in message or "maximum_object_size" in message:
        return InputError(f"the ledgers cannot be read: {message}")
    return ConfigurationError(f"the query is wrong: {message}", "cleaner audit RUN --sql shows what can be asked")


def _union(paths: Sequence[Path], columns: Columns, largest: int) -> str:
    """Return the query for all rows of ``paths``, in their order, with the file and the row's number over all files."""
    lines = [file for file in paths if file.suffix != ".parquet"]
    tables = [file for file in paths if file.suffix == ".parquet"]
    names = ", ".join(f'"{name}"' for name in columns)
    empty = ", ".join(f'CAST(NULL AS {_type(kind)}) AS "{name}"' for name, kind in columns.items())
    parts = [f"SELECT {empty}, '' AS file WHERE false"]
    if lines:
        types = ", ".join(f"{name}: {_literal(_type(kind))}" for name, kind in columns.items())
        parts.append(
            f"SELECT {names}, filename AS file FROM read_json({_list(lines)}, format = 'newline_delimited', "
            f"filename = true, columns = {{{types}}}, maximum_object_size = {largest})"
        )
    if tables:
        chosen = ", ".join(_chosen(name, kind) for name, kind in columns.items())
        parts.append(
            f"SELECT {chosen}, filename AS file "
            f"FROM read_parquet({_list(tables)}, filename = true, union_by_name = true)"
        )
    return f"SELECT *, row_number() OVER () - 1 AS position FROM ({' UNION ALL '.join(parts)})"


def _type(kind: str | Mapping[str, str]) -> str:
    if isinstance(kind, str):
        return kind
    parts = ", ".join(f'"{name}" {part}' for name, part in kind.items())
    return f"STRUCT({parts})[]"


def _chosen(name: str, kind: str | Mapping[str, str]) -> str:
    if isinstance(kind, str):
        return f'"{name}"'
    parts = ", ".join(f"'{part}': e.\"{part}\"" for part in kind)
    return f'list_transform("{name}", lambda e: {{{parts}}}) AS "{name}"'


def _list(paths: Sequence[Path]) -> str:
    # Signs of a glob in a file's name stand for themselves.
    plain = (re.sub(r"([*?[])", r"[\1]", str(file)) for file in paths)
    return f"[{', '.join(map(_literal, plain))}]"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
