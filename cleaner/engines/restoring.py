"""Takes a run back: the originals from clean files, ledgers and rejects, verified by digest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleaner.engines.outputs import DOCUMENTS, LEDGER, REJECTS
from cleaner.errors import ConfigurationError, RecordError
from cleaner.formats import Format
from cleaner.formats.folders import Finished
from cleaner.formats.output import Output
from cleaner.formats.parquet_files import restore as restore_rows
from cleaner.formats.records import raw_of
from cleaner.ledger import restore_row


def restore_run(folder: Path, output: Path) -> int:
    """Write the originals of the run in ``folder`` to ``output`` and return how many documents were restored.

    Rejected records come back as they were read. A compressed file comes back with the same content, compressed anew; of a
    page the text as it was read. An input that could not be read has nothing to restore.

    Raises:
        ConfigurationError: ``folder`` holds no run, or ``output`` would overwrite it.
        InputError: a file is missing or cannot be written.
        RecordError: text and ledger do not belong together.
    """
    run = Finished.open(folder)
    _check_output(run, output)
    unreadable = {item["name"] for item in run.summary.get("unreadable", ())}
    return sum(_restore_file(run, output, item) for item in run.inputs if item["name"] not in unreadable)


def _check_output(run: Finished, output: Path) -> None:
    own, target = run.folder.resolve(), output.resolve()
    if target == own or any(target.is_relative_to(own / part) for part in (DOCUMENTS, LEDGER, REJECTS)):
        raise ConfigurationError("the originals would overwrite the run", "choose another folder")


def _restore_file(run: Finished, output: Path, item: Mapping[str, Any]) -> int:
    shape, name = run.shape(item), str(item["name"])
    target = Output(output / str(item["output"]))
    count = 0

    def restored(clean: bytes, row: dict[str, Any] | None) -> bytes:
        nonlocal count
        if row is None:
            return clean
        count += 1
        return _restore_record(shape, clean, row, name)

    try:
        if shape.name == "parquet":
            documents, records = run.documents(item), run.records(item)
            rejects = {int(row["record"]): row for row in run.rejects(item)}
            if documents.exists() or rejects:
                texts = (restored(clean, row).decode("utf-8") for clean, row in records)
                restore_rows(documents, texts, rejects, target.stream(), run.fields)
            # To its end, where it finds whether the ledger has more rows.
            next(records, None)
        else:
            # Also the original of an input without records is a file.
            target.write(b"")
            for clean, row in run.walk(item):
                target.write(raw_of(row or {}) if clean is None else restored(clean, row))
        target.finish()
    except BaseException:
        target.discard()
        raise
    return count


def _restore_record(shape: Format, clean: bytes, row: dict[str, Any], name: str) -> bytes:
    text = shape.text_of(clean)
    try:
        original = restore_row(text, row)
    except RecordError as error:
        raise RecordError(f"{name}: {error}") from None
    return shape.restored(clean, original, row)
