"""Rows through a pipeline in whatever process they are: what the adapters of all engines rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from cleaner._version import __version__
from cleaner.document import Source
from cleaner.engines.work import Work, clean_record, with_digest
from cleaner.errors import ConfigurationError, InvariantError, RecordError
from cleaner.formats.records import Record, Reject, rejected
from cleaner.formats.rows import HTML, Fields, document_of
from cleaner.ledger import Cleaned, row
from cleaner.pipeline import Pipeline

_ready: dict[str, Pipeline] = {}
"""The pipelines that this process has compiled, by digest."""


@dataclass(frozen=True)
class Job:
    """What to do with rows, in a form that travels to workers.

    A worker whose rules or whose release differ from those that the job was made with would give other bytes, so it
    refuses. ``source_field`` and ``record_field`` name the fields that say where a row came from (a file's name, and the
    record's number in it, from 0), which go into ledger and rejects.
    """

    work: Work
    source_field: str = ""
    record_field: str = ""
    version: str = __version__

    @classmethod
    def of(
        cls,
        pipeline: str | Path | Pipeline = "standard",
        *,
        fields: Fields | None = None,
        detect_language: bool = False,
        metadata: bool = False,
        markdown: bool = False,
        source_field: str = "",
        record_field: str = "",
    ) -> Job:
        """Return the job of cleaning with ``pipeline``: a name, the path of a TOML file, or a pipeline.

        ``fields`` names the fields of text, id and language; ``metadata`` and ``markdown`` are for pages.

        Raises:
            ConfigurationError: the pipeline or one of its rules is wrong.
        """
        chosen = pipeline if isinstance(pipeline, Pipeline) else Pipeline.load(pipeline)
        work = with_digest(Work(chosen.absolute(), fields or Fields(), detect_language, metadata, markdown))
        return cls(work, source_field, record_field)

    @property
    def fields(self) -> Fields:
        """The names of the fields of text, id and language."""
        return self.work.fields

    def compiled(self) -> Work:
        """Return the work with the pipeline as this process compiled it, once; packs of languages follow as texts come.

        Raises:
            ConfigurationError: the rules or the release differ from those that the job was made with.
        """
        digest, pipeline = self.work.digest, self.work.pipeline
        if digest not in _ready or self.version != __version__:
            if (pipeline.digest, __version__) != (digest, self.version):
                raise ConfigurationError(
                    f"this worker has cleaner {__version__} with rules of digest {pipeline.digest[:12]}, "
                    f"the job was made with {self.version} and {digest[:12]}",
                    "install the same release and the same rules on all machines",
                )
            _ready[digest] = pipeline
        return replace(self.work, pipeline=_ready[digest])

    def clean(self, values: Mapping[str, Any]) -> Cleaned | Reject:
        """Clean one row, in which fields without a value are absent. Whatever fails becomes a reject.

        The reject's ``raw`` is the row's text or page.

        Raises:
            InvariantError: a guarantee of the program did not hold.
            ConfigurationError: as :meth:`compiled`.
        """
        name = str(values.get(self.source_field) or "")
        number, wrong = _number_of(values.get(self.record_field))
        value = values.get(self.fields.id)
        identifier = str(value) if value is not None else f"{name}#{number}" if name else ""
        raw = _bytes_of(values.get(self.fields.text, values.get(HTML)))
        own = {key: value for key, value in values.items() if key not in (self.source_field, self.record_field)}
        try:
            if wrong:
                raise RecordError(wrong)
            document = document_of(own, identifier, Source(name, number), self.fields, self.work.metadata)
        except (InvariantError, ConfigurationError):
            raise
        except Exception as error:  # noqa: BLE001
            reject = rejected(name, number, raw, "read", error, identifier).reject
            assert reject is not None
            return reject
        return clean_record(Record(number, raw, document), name, self.compiled())


def ledger_text(cleaned: Cleaned, extra: Mapping[str, Any] | None = None) -> str:
    """Return the ledger row of a document, with ``extra``, as the JSON that the local engine writes."""
    return orjson.dumps({**row(cleaned.ledger, cleaned.document.text), **(extra or {})}).decode("utf-8")


def reject_text(reject: Reject) -> str:
    """Return the row of a reject as the JSON that the local engine writes."""
    return orjson.dumps(reject.row()).decode("utf-8")


def _number_of(value: Any) -> tuple[int, str]:
    """Return ``value`` as the number of a record, and what is wrong with it."""
    try:
        return int(value or 0), ""
    except (TypeError, ValueError):
        return 0, f"the number of the record is {value!r}, not a whole number"


def _bytes_of(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode("utf-8")
