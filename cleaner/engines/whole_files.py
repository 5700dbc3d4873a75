"""Files of any format as clean rows, for engines that move rows: what a reader of theirs would pass over is a reject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.engines.rows import Job, ledger_text, reject_text
from cleaner.engines.work import clean_record, read_record
from cleaner.errors import ConfigurationError, InputError
from cleaner.formats import build
from cleaner.formats.files import STANDARD, Input, discover, opened
from cleaner.formats.parquet_files import RawRows
from cleaner.formats.records import Reject
from cleaner.formats.remote import is_url
from cleaner.ledger import Cleaned

NAMES = ("id", "source", "record", "text", "ledger", "reject")
"""The fields of a row. ``source`` and ``record`` say where it stood; all but ``record``, a number, are strings or null."""


def found(inputs: Iterable[str | Path] | str | Path, wanted: str | None = None) -> list[Input]:
    """Return the files that ``inputs`` (files, folders, globs, URLs) name, by paths that hold in any folder.

    Raises:
        ConfigurationError: an input matches nothing, has no known format, or is standard input.
    """
    chosen = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    items = discover([str(item) for item in chosen], wanted)
    if any(item.path == STANDARD for item in items):
        raise ConfigurationError("workers cannot read standard input", "name files, folders or URLs")
    return [item if is_url(item.path) else replace(item, path=str(Path(item.path).absolute())) for item in items]


class Result(NamedTuple):
    """What became of the record ``number``; ``extra`` is what its ledger row holds besides."""

    number: int
    value: Cleaned | Reject
    extra: Mapping[str, Any]


def results(item: Input, job: Job) -> Iterator[Result]:
    """Yield what becomes of every record of a file, in its order.

    A file that cannot be read, or no further, ends with a reject of the stage ``input``.

    Raises:
        InvariantError: a guarantee of the program did not hold.
        ConfigurationError: a library is missing, or this process has other rules than the job.
    """
    number = -1
    try:
        with ExitStack() as stack:
            for result in _results(item, job, stack):
                number = result.number
                yield result
            return
    except InputError as error:
        broken = Reject(item.name, number + 1, None, "input", str(error), b"")
    yield Result(broken.record, broken, {})


def _results(item: Input, job: Job, stack: ExitStack) -> Iterator[Result]:
    work = job.compiled()
    shape = build(item.format, work.fields, work.metadata)
    rest: RawRows | None = None
    for number, raw in enumerate(shape.cut(stack.enter_context(opened(item.path)))):
        record = read_record(shape, raw, item.name, number)
        if record.document is None and record.reject is None:
            continue
        value = record.reject or clean_record(record, item.name, work)
        if not isinstance(value, Reject):
            yield Result(number, value, shape.extra(record, value))
            continue
        if item.format == "parquet":
            # Cleaning reads only some columns; a reject keeps them all.
            rest = rest or RawRows(stack.enter_context(opened(item.path)))
            value = replace(value, raw=rest.raw(number))
        yield Result(number, value, {})


def clean_file(item: Input, job: Job) -> Iterator[dict[str, Any]]:
    """Yield :func:`results` as rows with the fields :data:`NAMES`: each has ``text`` and ``ledger``, or a ``reject``."""
    for number, value, extra in results(item, job):
        row: dict[str, Any] = dict.fromkeys(NAMES) | {"source": item.name, "record": number}
        if isinstance(value, Reject):
            yield row | {"id": value.id, "reject": reject_text(value)}
        else:
            yield row | {"id": value.ledger.id, "text": value.text, "ledger": ledger_text(value, extra)}
