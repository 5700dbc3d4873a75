"""The local engine: files in, clean files, ledgers and rejects out, in one process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from cleaner._version import __version__
from cleaner.errors import ConfigurationError, InvariantError
from cleaner.formats import Format, build
from cleaner.formats.files import STANDARD, Input, Output, opened
from cleaner.formats.records import Record, Reject, rejected
from cleaner.formats.rows import Fields
from cleaner.ledger import SPACE, Cleaned, row
from cleaner.pipeline import Pipeline


@dataclass(slots=True)
class Tally:
    """Counts of a run. Every record read is either cleaned or rejected."""

    read: int = 0
    cleaned: int = 0
    rejected: int = 0
    edited: int = 0
    characters: int = 0
    removed: int = 0
    flags: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, cleaned: Cleaned) -> None:
        """Count one cleaned document; characters are code points."""
        ledger = cleaned.ledger
        self.cleaned += 1
        self.characters += len(cleaned.document.text)
        self.flags += len(ledger.flags)
        self.languages[ledger.language or "unknown"] += 1
        self.edited += bool(ledger.edits)
        for edit in ledger.edits:
            self.removed += len(edit.removed)
            self.categories[edit.category] += len(edit.removed)
            if edit.category != SPACE:
                self.rules[edit.rule] += len(edit.removed)

    def table(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {
            "read": self.read,
            "cleaned": self.cleaned,
            "rejected": self.rejected,
            "edited": self.edited,
            "characters": self.characters,
            "characters_removed": self.removed,
            "flags": self.flags,
            "removed_by_category": dict(sorted(self.categories.items())),
            "removed_by_rule": dict(sorted(self.rules.items())),
            "documents_by_language": dict(sorted(self.languages.items())),
        }


@dataclass(frozen=True)
class Run:
    """What to do: inputs through ``pipeline`` into the folder ``output``, or nowhere in a dry run (None)."""

    inputs: tuple[Input, ...]
    pipeline: Pipeline
    output: Path | None
    fields: Fields = field(default_factory=Fields)
    detect_language: bool = False
    metadata: bool = False
    markdown: bool = False


def clean_record(record: Record, source: str, run: Run) -> Cleaned | Reject:
    """Clean one record; whatever fails becomes a reject, except a broken guarantee.

    Raises:
        InvariantError: a guarantee of the program did not hold.
    """
    assert record.document is not None
    try:
        cleaned = run.pipeline.clean(record.document, run.detect_language)
        if run.markdown and record.document.blocks:
            from cleaner.formats.html.markdown import as_markdown

            cleaned = as_markdown(cleaned)
        return cleaned
    except (InvariantError, ConfigurationError):
        raise
    except Exception as error:  # noqa: BLE001
        reject = rejected(source, record.number, record.raw, "clean", error, record.document.id).reject
        assert reject is not None
        return reject


def execute(run: Run, progress: Callable[[int], None] = lambda size: None) -> Tally:
    """Do a run and return its counts; ``progress`` is called with bytes read.

    Raises:
        InputError: an input cannot be read or an output cannot be written.
    """
    began, clock = datetime.now(UTC), time.perf_counter()
    tally = Tally()
    digest = run.pipeline.digest
    for item in run.inputs:
        _file(run, item, tally, progress)
    if run.output is not None:
        summary = {
            "version": __version__,
            "pipeline": {"name": run.pipeline.name, "digest": digest},
            "inputs": [
                {
                    "path": item.path,
                    "name": item.name,
                    "output": item.output_name,
                    "format": item.format,
                    "bytes": item.size,
                }
                for item in run.inputs
            ],
            "fields": {"text": run.fields.text, "id": run.fields.id, "language": run.fields.language},
            "counts": tally.table(),
            "started": began.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - clock, 3),
        }
        _write_whole(run.output / "run.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2) + b"\n")
    return tally


def _write_whole(path: Path, content: bytes) -> None:
    output = Output(path)
    output.write(content)
    output.finish()


def _file(run: Run, item: Input, tally: Tally, progress: Callable[[int], None]) -> None:
    shape = build(item.format, run.fields, run.metadata)
    outputs = _Outputs(run.output, item)
    try:
        with opened(item.path) as stream:
            for record in shape.read(stream, item.name):
                _record(run, shape, record, item.name, tally, outputs)
                progress(len(record.raw))
        outputs.finish()
    except BaseException:
        outputs.discard()
        raise


def _record(run: Run, shape: Format, record: Record, name: str, tally: Tally, outputs: _Outputs) -> None:
    if record.document is None and record.reject is None:
        outputs.documents(record.raw)
        return
    tally.read += 1
    result = record.reject or clean_record(record, name, run)
    if isinstance(result, Reject):
        tally.rejected += 1
        outputs.rejects(orjson.dumps(result.row()) + b"\n")
        return
    tally.add(result)
    outputs.documents(shape.write(record, result))
    ledger_row = {**row(result.ledger, result.document.text), **shape.extra(record, result)}
    outputs.ledger(orjson.dumps(ledger_row) + b"\n")


class _Outputs:
    """The three output files of one input."""

    def __init__(self, folder: Path | None, item: Input) -> None:
        self._files: dict[str, Output] = {}
        if folder is not None:
            self._files = {
                "documents": Output(folder / "documents" / item.output_name),
                "ledger": Output(folder / "ledger" / f"{item.name}.jsonl"),
                "rejects": Output(folder / "rejects" / f"{item.name}.jsonl"),
            }
            _forget(self._files.values())

    def documents(self, data: bytes) -> None:
        self._write("documents", data)

    def ledger(self, data: bytes) -> None:
        self._write("ledger", data)

    def rejects(self, data: bytes) -> None:
        self._write("rejects", data)

    def _write(self, which: str, data: bytes) -> None:
        if which in self._files:
            self._files[which].write(data)

    def finish(self) -> None:
        for output in self._files.values():
            output.finish()

    def discard(self) -> None:
        for output in self._files.values():
            output.discard()


def _forget(outputs: Iterable[Output]) -> None:
    """Remove what an earlier run left under the same names: a reject of then may be clean now."""
    for output in outputs:
        with suppress(OSError):
            output.path.unlink()


def clean_stream(run: Run, write: Callable[[bytes], object], reject: Callable[[Reject], None]) -> Tally:
    """Clean the inputs of ``run`` and hand the clean records to ``write``, the rejects to ``reject``; no files are made."""
    tally = Tally()
    for item in run.inputs:
        shape = build(item.format, run.fields, run.metadata)
        with opened(item.path) as stream:
            for record in shape.read(stream, item.name):
                if record.document is None and record.reject is None:
                    write(record.raw)
                    continue
                tally.read += 1
                result = record.reject or clean_record(record, item.name, run)
                if isinstance(result, Reject):
                    tally.rejected += 1
                    reject(result)
                else:
                    tally.add(result)
                    write(shape.write(record, result))
    return tally


def check_output(output: Path, inputs: Iterable[Input]) -> None:
    """Refuse an output folder that would overwrite an input.

    Raises:
        ConfigurationError: it would.
    """
    folder = (output / "documents").resolve()
    for item in inputs:
        if item.path != STANDARD and (folder / item.output_name) == Path(item.path).resolve():
            raise ConfigurationError(f"the output would overwrite the input {item.path!r}", "choose another folder")
