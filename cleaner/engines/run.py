"""What a run is: its inputs and settings, what makes it the same run as an earlier one, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner._version import __version__
from cleaner.engines.tally import Tally
from cleaner.engines.work import Work
from cleaner.formats import ledgers
from cleaner.formats.files import Input
from cleaner.formats.rows import Fields
from cleaner.pipeline import Pipeline

CHECKPOINT = 32 << 20
LOCAL = "local"
ENGINES = (LOCAL, "ray", "spark")


@dataclass(frozen=True)
class Run:
    """What to do: inputs through ``pipeline`` into the folder ``output``, or nowhere in a dry run (None).

    ``deadline`` (seconds for a document) and ``memory_limit`` (bytes for a worker) need worker processes, and so get them
    even with one worker. ``checkpoint`` is how many bytes of an input are cleaned between two places to resume from.
    ``engine`` is one of :data:`ENGINES` and decides who cleans, not what comes out; ``cluster`` is its address, where it is
    not to be started here.
    """

    inputs: tuple[Input, ...]
    pipeline: Pipeline
    output: Path | None
    fields: Fields = field(default_factory=Fields)
    detect_language: bool = False
    metadata: bool = False
    markdown: bool = False
    ledger_format: str = ledgers.JSONL
    workers: int = 1
    deadline: float | None = None
    memory_limit: int | None = None
    resume: bool = False
    checkpoint: int = CHECKPOINT
    engine: str = LOCAL
    cluster: str | None = None

    @property
    def work(self) -> Work:
        """How each record is cleaned."""
        return Work(self.pipeline, self.fields, self.detect_language, self.metadata, self.markdown)


@dataclass(slots=True)
class Outcome:
    """How far a run is, or what became of it. ``position`` counts bytes of the inputs as they are stored."""

    tally: Tally = field(default_factory=Tally)
    unreadable: dict[str, str] = field(default_factory=dict)
    position: int = 0
    resumed: int = 0
    """Documents that an earlier, broken off run had done."""


def identity(run: Run, work: Work) -> dict[str, Any]:
    """Return what must be the same for a run to be resumed: version, pipeline, settings and inputs."""
    return {
        "version": __version__,
        "pipeline": {"name": run.pipeline.name, "digest": work.digest},
        "fields": {"text": run.fields.text, "id": run.fields.id, "language": run.fields.language},
        "settings": {
            "detect_language": run.detect_language,
            "metadata": run.metadata,
            "markdown": run.markdown,
            "ledger_format": run.ledger_format,
        },
        "inputs": [
            {
                "path": item.path,
                "name": item.name,
                "output": item.output_name,
                "format": item.format,
                "bytes": item.size,
                "identity": item.identity,
            }
            for item in run.inputs
        ],
    }
