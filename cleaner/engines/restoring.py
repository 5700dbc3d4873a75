"""Takes a run back: the originals from clean files, ledgers and rejects, verified by digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from cleaner.errors import ConfigurationError, InputError, RecordError
from cleaner.formats import Format, build, is_carried, ledgers
from cleaner.formats.files import opened
from cleaner.formats.output import Output
from cleaner.formats.parquet_files import restore as restore_rows
from cleaner.formats.records import raw_of
from cleaner.formats.rows import Fields
from cleaner.ledger import restore_row


def restore_run(folder: Path, output: Path) -> int:
    """Write the originals of the run in ``folder`` to ``output`` and return how many documents were restored.

    Rejected records come back as they were read. A compressed file comes back with the same content, compressed anew.

    Raises:
        ConfigurationError: ``folder`` holds no run.
        InputError: a file is missing or cannot be written.
        RecordError: text and ledger do not belong together.
    """
    try:
        summary = orjson.loads((folder / "run.json").read_bytes())
        inputs, fields = summary["inputs"], Fields(**summary["fields"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigurationError(f"{str(folder)!r} holds no run", "a folder that cleaner run --output wrote") from None
    count = 0
    for item in inputs:
        count += _restore_file(folder, output, item, build(str(item["format"]), fields), fields)
    return count


def _restore_file(folder: Path, output: Path, item: Mapping[str, Any], shape: Format, fields: Fields) -> int:
    name, written = str(item["name"]), str(item["output"])
    rejects = {int(row["record"]): row for row in ledgers.read_lines(folder / "rejects" / f"{name}.jsonl")}
    ledger = ledgers.read_ledger(folder, name)
    documents = folder / "documents" / written
    target = Output(output / written)
    count = 0

    def restored() -> Iterator[bytes]:
        nonlocal count
        if documents.exists():
            with opened(str(documents)) as stream:
                for clean in shape.split(stream):
                    if is_carried(shape, clean):
                        yield clean
                    else:
                        original = _restore_record(shape, clean, next(ledger, None), name)
                        count += 1
                        yield original

    try:
        if shape.name == "parquet":
            if documents.exists() or rejects:
                texts = (text.decode("utf-8") for text in restored())
                restore_rows(documents, texts, rejects, target.stream(), fields)
        else:
            number = 0
            for record in restored():
                while number in rejects:
                    target.write(raw_of(rejects.pop(number)))
                    number += 1
                target.write(record)
                number += 1
            for rest in sorted(rejects):
                target.write(raw_of(rejects[rest]))
        if next(ledger, None) is not None:
            raise InputError(f"{name}: the ledger has more rows than there are documents")
        target.finish()
    except BaseException:
        target.discard()
        raise
    return count


def _restore_record(shape: Format, clean: bytes, row: dict[str, Any] | None, name: str) -> bytes:
    if row is None:
        raise InputError(f"{name}: the ledger has fewer rows than there are documents")
    text = shape.text_of(clean)
    try:
        original = restore_row(text, row)
    except RecordError as error:
        raise RecordError(f"{name}: {error}") from None
    return shape.restored(clean, original, row)
