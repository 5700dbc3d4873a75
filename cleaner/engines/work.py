"""What a worker does: a batch of raw records in, the bytes of their documents, ledger rows and rejects out.

Everything here is a pure function of its arguments, so that it does not matter which process does it.
"""

from __future__ import annotations

import gc
import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import orjson

from cleaner.document import Document
from cleaner.engines.tally import Tally
from cleaner.errors import ConfigurationError, InvariantError, RecordError
from cleaner.formats import Format, build
from cleaner.formats.records import Record, Reject, rejected
from cleaner.formats.rows import Fields
from cleaner.ledger import Cleaned, row
from cleaner.pipeline import Pipeline

TOGETHER = -2
"""Stands for all records of a batch, where a place is asked for."""


@dataclass(frozen=True)
class Work:
    """How records are cleaned. ``digest`` is the pipeline's, where it has been computed: a worker must have the same."""

    pipeline: Pipeline
    fields: Fields = field(default_factory=Fields)
    detect_language: bool = False
    metadata: bool = False
    markdown: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive raw records of one input; ``first`` is the number of the first one.

    ``compression`` is the suffix of the clean file. ``poison`` maps the places of records in the batch to the reasons why
    they are not to be tried again. ``singly`` asks for one record at a time, so that it can be seen which one is at work.
    """

    source: str
    format: str
    first: int
    raws: tuple[bytes, ...]
    compression: str = ""
    poison: Mapping[int, str] = field(default_factory=dict)
    singly: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The bytes that a batch adds to the three files of its input, and its counts."""

    documents: bytes
    ledger: bytes
    rejects: bytes
    tally: Tally


def clean_record(record: Record, source: str, work: Work) -> Cleaned | Reject:
    """Clean one record; whatever fails becomes a reject, except a broken guarantee.

    Raises:
        InvariantError: a guarantee of the program did not hold.
        ConfigurationError: the pipeline cannot be used.
    """
    return clean_records([record], source, work)[0]


def clean_records(records: Sequence[Record], source: str, work: Work) -> list[Cleaned | Reject]:
    """Clean records together, which costs less than one by one and gives the same.

    Raises:
        InvariantError: a guarantee of the program did not hold.
        ConfigurationError: the pipeline cannot be used.
    """
    results: list[Cleaned | Reject] = []
    documents = [record.document for record in records if record.document is not None]
    for record, result in zip(records, _clean_many(documents, work), strict=True):
        assert record.document is not None
        if isinstance(result, Cleaned) and work.markdown and record.document.blocks:
            result = _as_markdown(result)
        if isinstance(result, Cleaned):
            results.append(result)
        else:
            error = RecordError(_NO_MEMORY) if isinstance(result, MemoryError) else result
            results.append(_reject(source, record.number, record.raw, "clean", error, record.document.id))
    return results


def _clean_many(documents: list[Document], work: Work) -> list[Cleaned | Exception]:
    """Clean documents together; those for which the memory did not suffice are tried again by themselves."""
    results = list(work.pipeline.clean_many(documents, work.detect_language))
    short = [place for place, result in enumerate(results) if isinstance(result, MemoryError)]
    if short and len(documents) > 1:
        for place in short:
            # The error holds on to all that filled the memory.
            results[place] = MemoryError()
        gc.collect()
        for place in short:
            results[place] = next(iter(work.pipeline.clean_many([documents[place]], work.detect_language)))
    return results


def _as_markdown(cleaned: Cleaned) -> Cleaned | Exception:
    from cleaner.formats.html.markdown import as_markdown

    try:
        return as_markdown(cleaned)
    except (InvariantError, ConfigurationError):
        raise
    except Exception as error:  # noqa: BLE001
        return error


_NO_MEMORY = "the document takes more memory than there is for it"


def _reject(source: str, number: int, raw: bytes, stage: str, error: Exception, identifier: str | None) -> Reject:
    reject = rejected(source, number, raw, stage, error, identifier).reject
    assert reject is not None
    return reject


def read_record(shape: Format, raw: bytes, source: str, number: int) -> Record:
    """Read one raw record; whatever fails makes it a reject.

    Raises:
        ConfigurationError: a library is missing.
    """
    try:
        return shape.record(raw, source, number)
    except ConfigurationError:
        raise
    except MemoryError:
        return rejected(source, number, raw, "read", RecordError(_NO_MEMORY))
    except Exception as error:  # noqa: BLE001
        return rejected(source, number, raw, "read", error)


@lru_cache(maxsize=8)
def _shape(name: str, fields: Fields, metadata: bool) -> Format:
    return build(name, fields, metadata)


def process(work: Work, batch: Batch, before: Callable[[int], None] = lambda index: None) -> Done:
    """Clean the records of a batch.

    ``before`` is called with the place of each record before it is read, and with :data:`TOGETHER` before they are cleaned
    together, or again with the place of each that is cleaned by itself.

    Raises:
        InvariantError: a guarantee of the program did not hold.
        ConfigurationError: the pipeline cannot be used, or is not the one that the run began with.
    """
    if work.digest and work.pipeline.digest != work.digest:
        raise ConfigurationError("the pipeline or its rules changed during the run", "start again")
    shape = _shape(batch.format, work.fields, work.metadata)
    tally = Tally()
    records = [_read(shape, batch, index, raw, before) for index, raw in enumerate(batch.raws)]
    results = _cleaned(records, batch, work, before)
    documents: list[bytes] = []
    ledger: list[bytes] = []
    rejects: list[bytes] = []
    for record, result in zip(records, results, strict=True):
        if result is None:
            tally.skipped += 1
            documents.append(record.raw)
            continue
        tally.read += 1
        if isinstance(result, Reject):
            tally.rejected += 1
            rejects.append(orjson.dumps(result.row()) + b"\n")
            continue
        tally.add(result)
        documents.append(shape.write(record, result))
        ledger.append(orjson.dumps({**row(result.ledger, result.document.text), **shape.extra(record, result)}) + b"\n")
    return Done(compressed(documents, batch), b"".join(ledger), b"".join(rejects), tally)


def _read(shape: Format, batch: Batch, index: int, raw: bytes, before: Callable[[int], None]) -> Record:
    before(index)
    number = batch.first + index
    if index in batch.poison:
        return rejected(batch.source, number, raw, "worker", RecordError(batch.poison[index]))
    return read_record(shape, raw, batch.source, number)


def _cleaned(
    records: Sequence[Record], batch: Batch, work: Work, before: Callable[[int], None]
) -> list[Cleaned | Reject | None]:
    """Return what became of each record; None for what is no document."""
    results: list[Cleaned | Reject | None] = [record.reject for record in records]
    places = [index for index, record in enumerate(records) if record.document is not None]
    groups = [[index] for index in places] if batch.singly else [places]
    for group in groups:
        before(TOGETHER if not batch.singly else group[0])
        found = clean_records([records[index] for index in group], batch.source, work)
        for index, result in zip(group, found, strict=True):
            results[index] = result
    return results


def compressed(documents: list[bytes], batch: Batch) -> bytes:
    """Return the documents of a batch as they go into the clean file.

    With gzip every batch is a member of its own, and every record of a crawl, as the format has it: so the file can be
    cut off and gone on with between batches, and workers share the work.
    """
    if batch.compression != ".gz":
        return b"".join(documents)
    parts = documents if batch.format in ("warc", "wet") else [b"".join(documents)]
    return b"".join(gzip.compress(part, 6, mtime=0) for part in parts if part)


def with_digest(work: Work) -> Work:
    """Return ``work`` with the digest of its pipeline."""
    return replace(work, digest=work.pipeline.digest)
