"""datatrove: steps of its pipelines that clean, with statistics and a place for what goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from cleaner.engines.rows import Job, ledger_text, reject_text
from cleaner.engines.whole_files import found, results
from cleaner.formats.records import Reject
from cleaner.formats.rows import HTML
from cleaner.ledger import SPACE, Cleaned
from cleaner.pipeline import Pipeline

LEDGER, REJECT = "ledger", "reject"
"""The keys of a document's metadata that hold its row of the ledger, or its reject, as JSON."""


class _Step(PipelineStep):  # type: ignore[misc]
    """What the steps share: what becomes of a document once it is clean, or cannot be cleaned."""

    type = "CLEAN"

    def __init__(self, job: Job, exclusion_writer: DiskWriter | None) -> None:
        super().__init__()
        self.job = job
        self.exclusion_writer = exclusion_writer

    def _settle(self, document: Document, result: Cleaned | Reject, extra: Mapping[str, Any], rank: int) -> bool:
        """Give ``document`` what became of it, and tell whether it stays in the stream."""
        self.stat_update(StatHints.total)
        if isinstance(result, Reject):
            self.stat_update("rejected")
            document.text = ""
            document.metadata |= {"filter_reason": result.reason, REJECT: reject_text(result)}
            if self.exclusion_writer is not None:
                self.stat_update(StatHints.dropped)
                document.metadata["category"] = REJECT
                self.exclusion_writer.write(document, rank)
                return False
        else:
            self._count(document, result, rank)
            document.text = result.text
            document.metadata[LEDGER] = ledger_text(result, extra)
        self.stat_update(StatHints.forwarded)
        self.update_doc_stats(document)
        return True

    def _count(self, document: Document, result: Cleaned, rank: int) -> None:
        edits = [edit for edit in result.ledger.edits if edit.category != SPACE]
        if edits:
            self.stat_update("edited")
        for edit in edits:
            self.stat_update(f"removed_{edit.category}", value=len(edit.removed), unit="passage")
            if self.exclusion_writer is not None:
                facts = {"filter_reason": edit.rule, "because": edit.because, "category": edit.category}
                metadata = {**document.metadata, **facts, "start": edit.start, "end": edit.end}
                self.exclusion_writer.write(Document(edit.removed, document.id, metadata=metadata), rank)


class Cleaner(_Step):
    """Clean documents; their metadata get ``ledger``, a string of JSON with the bytes that the local engine writes.

    ``exclusion_writer`` receives every removed passage as a document of its own, with the ``id`` of the page and in its
    metadata ``category``, ``filter_reason`` (the rule), ``because``, ``start`` and ``end`` (code points), so that a file
    name such as ``${category}/${rank}.jsonl.gz`` sorts them. It also receives the documents that cannot be cleaned, with
    the category ``reject`` and the whole reject in their metadata. Without a writer these stay in the stream, with an
    empty text and the ``reject`` in their metadata: none vanishes. With ``html`` the text of a document is a page, as
    ``WarcReader`` yields it. The metadata ``language``, ``title`` and ``url`` are taken in where they are there.
    ``options`` are those of :class:`cleaner.engines.rows.Job`.

    Raises:
        ConfigurationError: the pipeline, one of its rules or an option is wrong.
    """

    name = "cleaner"

    def __init__(
        self,
        pipeline: str | Path | Pipeline = "standard",
        *,
        exclusion_writer: DiskWriter | None = None,
        html: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(Job.of(pipeline, **options), exclusion_writer)
        self.html = html

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Yield the documents of ``data``, cleaned."""
        with self.exclusion_writer or nullcontext():
            for document in data:
                with self.track_time():
                    result = self.job.clean(self._values(document))
                if self._settle(document, result, {}, rank):
                    yield document

    def _values(self, document: Document) -> dict[str, Any]:
        fields = self.job.fields
        kept = (fields.language, "title", "url", self.job.source_field, self.job.record_field)
        values = {name: document.metadata[name] for name in kept if document.metadata.get(name) is not None}
        return {**values, fields.id: document.id, HTML if self.html else fields.text: document.text}


class CleanFiles(_Step):
    """Read files of any format and clean what they hold; a first step, in place of a reader.

    Each task takes every file whose turn it is. What a reader would pass over, such as a line that is no JSON, is a reject.
    The metadata hold ``source`` and ``record``, and what :class:`Cleaner` gives; ``exclusion_writer`` and ``options`` are
    as there.

    Raises:
        ConfigurationError: an input, the pipeline, one of its rules or an option is wrong.
    """

    name = "clean files"

    def __init__(
        self,
        inputs: Iterable[str | Path] | str | Path,
        pipeline: str | Path | Pipeline = "standard",
        *,
        exclusion_writer: DiskWriter | None = None,
        **options: Any,
    ) -> None:
        super().__init__(Job.of(pipeline, **options), exclusion_writer)
        self.items = found(inputs)

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Yield what ``data`` brings, then the documents of the files that this task takes."""
        yield from data or ()
        with self.exclusion_writer or nullcontext():
            for item in self.items[rank::world_size]:
                for number, result, extra in results(item, self.job):
                    identifier = result.id if isinstance(result, Reject) else result.ledger.id
                    document = Document("", identifier or "", metadata={"source": item.name, "record": number})
                    if self._settle(document, result, extra, rank):
                        yield document
