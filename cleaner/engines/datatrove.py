"""datatrove: a step of its pipelines that cleans every document, with statistics and a place for what goes."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from cleaner.engines.rows import Job, ledger_text, reject_text
from cleaner.formats.records import Reject
from cleaner.formats.rows import HTML
from cleaner.ledger import SPACE, Cleaned
from cleaner.pipeline import Pipeline

LEDGER, REJECT = "ledger", "reject"
"""The keys of a document's metadata that hold its row of the ledger, or its reject, as JSON."""


class Cleaner(PipelineStep):  # type: ignore[misc]
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

    type = "CLEAN"
    name = "cleaner"

    def __init__(
        self,
        pipeline: str | Path | Pipeline = "standard",
        *,
        exclusion_writer: DiskWriter | None = None,
        html: bool = False,
        **options: Any,
    ) -> None:
        super().__init__()
        self.job = Job.of(pipeline, **options)
        self.exclusion_writer = exclusion_writer
        self.html = html

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Yield the documents of ``data``, cleaned."""
        with self.exclusion_writer or nullcontext() as writer:
            for document in data:
                self.stat_update(StatHints.total)
                with self.track_time():
                    result = self.job.clean(self._values(document))
                if isinstance(result, Cleaned):
                    self._take(document, result, rank, writer)
                elif not self._reject(document, result, rank, writer):
                    continue
                self.stat_update(StatHints.forwarded)
                self.update_doc_stats(document)
                yield document

    def _values(self, document: Document) -> dict[str, Any]:
        fields = self.job.fields
        kept = (fields.language, "title", "url", self.job.source_field, self.job.record_field)
        values = {name: document.metadata[name] for name in kept if document.metadata.get(name) is not None}
        return {**values, fields.id: document.id, HTML if self.html else fields.text: document.text}

    def _take(self, document: Document, result: Cleaned, rank: int, writer: DiskWriter | None) -> None:
        edits = [edit for edit in result.ledger.edits if edit.category != SPACE]
        for edit in edits:
            self.stat_update(f"removed_{edit.category}", value=len(edit.removed), unit="passage")
            if writer is not None:
                facts = {"filter_reason": edit.rule, "because": edit.because, "category": edit.category}
                metadata = {**document.metadata, **facts, "start": edit.start, "end": edit.end}
                writer.write(Document(edit.removed, document.id, metadata=metadata), rank)
        if edits:
            self.stat_update("edited")
        document.text = result.text
        document.metadata[LEDGER] = ledger_text(result)

    def _reject(self, document: Document, reject: Reject, rank: int, writer: DiskWriter | None) -> bool:
        """Note a document that cannot be cleaned, and tell whether it stays in the stream."""
        self.stat_update("rejected")
        document.metadata |= {"filter_reason": reject.reason, REJECT: reject_text(reject)}
        document.text = ""
        if writer is None:
            return True
        document.metadata["category"] = REJECT
        self.stat_update(StatHints.dropped)
        writer.write(document, rank)
        return False
