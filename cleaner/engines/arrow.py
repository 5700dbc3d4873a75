"""Arrow: one function from a batch of rows to a batch of clean rows, for every engine that moves Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from cleaner.engines.rows import Job, ledger_text, reject_text
from cleaner.engines.whole_files import NAMES, clean_file
from cleaner.errors import ConfigurationError
from cleaner.formats.files import Input
from cleaner.formats.records import Reject
from cleaner.formats.rows import HTML

LEDGER, REJECT = "ledger", "reject"
"""The columns that are added: the row of the ledger, and of the reject, as the JSON that the local engine writes."""


def output_columns(names: Sequence[str], job: Job) -> list[str]:
    """Return the names of the columns that :func:`clean_batch` gives for columns ``names``, in their order.

    Raises:
        ConfigurationError: there is neither text nor page, or a column has the name of one that is added.
    """
    text = job.fields.text
    if text not in names and HTML not in names:
        raise ConfigurationError(
            f"there is no column {text!r} and none {HTML!r}", f"there are: {', '.join(names) or 'none'}"
        )
    if LEDGER in names:
        raise ConfigurationError(f"there is a column {LEDGER!r} already", "rename it first")
    kept = [name for name in names if name not in (HTML, REJECT)]
    return [*kept, *(name for name in (text, LEDGER, REJECT) if name not in kept)]


def clean_batch(batch: pa.Table | pa.RecordBatch, job: Job) -> pa.Table:
    """Return the rows of ``batch``, as many and in the same order, with clean text, ledger and rejects.

    A row has the columns that ``job`` names, or ``html`` (strings or bytes) where its text is null; it leaves with text.
    Every row has either a ``ledger`` or a ``reject``, the other being null. The text of a reject is null, so that nobody
    takes it for a clean one; it stands whole in ``raw`` of the reject. A row that comes with a ``reject`` keeps it. All
    other columns are passed on as they are, without a copy.

    Raises:
        ConfigurationError: columns are missing or collide, or this process has other rules than the job.
        InvariantError: a guarantee of the program did not hold.
    """
    table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
    names = output_columns(table.column_names, job)
    job.compiled()
    texts: list[str | None] = []
    ledgers: list[str | None] = []
    rejects: list[str | None] = []
    for values in _rows(table, job):
        text, ledger, reject = _clean(values, job)
        texts.append(text)
        ledgers.append(ledger)
        rejects.append(reject)
    text_type = _text_type(table.schema, job)
    made = {job.fields.text: texts, LEDGER: ledgers, REJECT: rejects}
    columns = [pa.array(made[name], text_type) if name in made else table.column(name) for name in names]
    fields = [pa.field(name, text_type) if name in made else table.schema.field(name) for name in names]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _rows(table: pa.Table, job: Job) -> Iterator[dict[str, Any]]:
    """Yield the values that matter of every row; a null counts as no value at all."""
    wanted = (
        *(job.fields.text, job.fields.id, job.fields.language, job.source_field, job.record_field),
        *(HTML, "title", "url", REJECT),
    )
    names = [name for name in dict.fromkeys(wanted) if name in table.column_names]
    for batch in table.select(names).to_batches():
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _clean(values: dict[str, Any], job: Job) -> tuple[str | None, str | None, str | None]:
    if REJECT in values:
        return None, None, values[REJECT]
    result = job.clean(values)
    if isinstance(result, Reject):
        return None, None, reject_text(result)
    return result.text, ledger_text(result), None


def _text_type(schema: pa.Schema, job: Job) -> pa.DataType:
    """Return the type of the columns that are made: that of the text, where it is one of strings."""
    index = schema.get_field_index(job.fields.text)
    found = schema.field(index).type if index >= 0 else pa.string()
    return found if pa.types.is_string(found) or pa.types.is_large_string(found) else pa.string()


_FILES = ("path", "name", "format")
_ROWS = 256
ROWS_SCHEMA = pa.schema([(name, pa.int64() if name == "record" else pa.string()) for name in NAMES])
"""The schema of the rows of whole files."""


def listed(items: Sequence[Input]) -> pa.Table:
    """Return a table of files, for :func:`clean_listed`."""
    return pa.Table.from_pylist([{name: getattr(item, name) for name in _FILES} for item in items])


def clean_listed(files: pa.Table | pa.RecordBatch, job: Job) -> Iterator[pa.Table]:
    """Yield the clean rows of the files that ``files`` lists, as :func:`cleaner.engines.whole_files.clean_file` gives them.

    Raises:
        InvariantError: a guarantee of the program did not hold.
        ConfigurationError: a library is missing, or this process has other rules than the job.
    """
    for values in files.to_pylist():
        rows = clean_file(Input(**values), job)
        while some := list(islice(rows, _ROWS)):
            yield pa.Table.from_pylist(some, ROWS_SCHEMA)
