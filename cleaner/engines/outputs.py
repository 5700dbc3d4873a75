"""The three files of one input: they grow under temporary names and get their own when they are whole."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import orjson

from cleaner.engines.work import Done
from cleaner.errors import OutputError
from cleaner.formats import ledgers, parquet_files
from cleaner.formats.files import Input, opened_raw
from cleaner.formats.output import Output
from cleaner.formats.rows import Fields

DOCUMENTS, LEDGER, REJECTS = "documents", "ledger", "rejects"


class Part:
    """A file under way: bytes are appended, and it can be cut off at a length that was noted."""

    def __init__(self, target: Path, length: int = 0) -> None:
        self.target = target
        self.path = target.with_name(f".{target.name}.part")
        self.length = length
        self._stream: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Append ``data``.

        Raises:
            OutputError: the file cannot be written.
        """
        if not data:
            return
        with _writing(self.target):
            if self._stream is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._stream = open(self.path, "r+b" if self.length else "wb")  # noqa: SIM115
                self._stream.truncate(self.length)
                self._stream.seek(self.length)
            self._stream.write(data)
        self.length += len(data)

    def sync(self) -> int:
        """Bring what was written to the disk and return the length of the file."""
        if self._stream is not None:
            with _writing(self.target):
                self._stream.flush()
                os.fsync(self._stream.fileno())
        return self.length

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None

    def discard(self) -> None:
        """Close the file and remove it."""
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}", _HINT) from None


_HINT = "what was done so far is kept: go on with --resume"


class Outputs:
    """Documents, ledger and rejects of one input. With no ``folder`` nothing is written."""

    def __init__(
        self,
        folder: Path | None,
        item: Input,
        fields: Fields,
        ledger_format: str,
        lengths: Mapping[str, int] | None = None,
    ) -> None:
        self._item, self._fields = item, fields
        self._parts: dict[str, Part] = {}
        if folder is None:
            return
        targets = {
            DOCUMENTS: folder / DOCUMENTS / item.output_name,
            LEDGER: folder / LEDGER / f"{item.name}.{ledger_format}",
            REJECTS: folder / REJECTS / f"{item.name}.jsonl",
        }
        self._parts = {which: Part(target, (lengths or {}).get(which, 0)) for which, target in targets.items()}
        for part in self._parts.values():
            if not part.length:
                part.discard()
        if lengths is None:
            # What an earlier run left under the same names: a reject of then may be clean now.
            for target in (*targets.values(), *(folder / LEDGER / f"{item.name}.{other}" for other in ledgers.FORMATS)):
                with contextlib.suppress(OSError):
                    target.unlink()

    def write(self, done: Done) -> None:
        """Append the results of a batch."""
        for which, data in ((DOCUMENTS, done.documents), (LEDGER, done.ledger), (REJECTS, done.rejects)):
            if which in self._parts:
                self._parts[which].write(data)

    def sync(self) -> dict[str, int]:
        """Bring what was written to the disk and return the lengths of the files."""
        return {which: part.sync() for which, part in self._parts.items()}

    def publish(self, cleaned: int) -> None:
        """Give the files their names. ``cleaned`` are the documents of the input; where there are none, their file never appears.

        It can be called again after it was broken off: files that have their names already are left alone.
        """
        for part in self._parts.values():
            part.sync()
            part.close()
        if not self._parts:
            return
        documents, ledger, rejects = (self._parts[which] for which in (DOCUMENTS, LEDGER, REJECTS))
        if self._item.format == "parquet":
            self._assemble(documents, rejects)
        elif self._item.output_name.endswith(".zst"):
            _convert(documents, _copy)
        if ledger.target.suffix == f".{ledgers.PARQUET}":
            _convert(ledger, lambda lines, output: ledgers.write_parquet(lines, output.stream()))
        for part in self._parts.values():
            if part.length and part.path.exists():
                with _writing(part.target):
                    os.replace(part.path, part.target)
        if cleaned and not documents.length:
            # The one document of this input lost all its text: an empty file says so, none would say that it was rejected.
            empty = Output(documents.target)
            empty.write(b"")
            empty.finish()

    def _assemble(self, documents: Part, rejects: Part) -> None:
        """Make the Parquet file of its spool, and give the rejects their rows. The spool goes first: without it all is done."""
        if (documents if documents.length else rejects).path.exists():
            with contextlib.ExitStack() as stack:
                original = stack.enter_context(opened_raw(self._item.path))
                spool: BinaryIO = stack.enter_context(documents.path.open("rb")) if documents.length else io.BytesIO()
                clean, others = Output(documents.target), Output(rejects.target)
                stack.callback(clean.discard)
                stack.callback(others.discard)
                target = clean.stream() if documents.length else io.BytesIO()
                raws = parquet_files.assemble(original, spool, target, self._fields)
                for row in parquet_files.filled(ledgers.read_lines(rejects.path), raws):
                    others.write(orjson.dumps(row) + b"\n")
                clean.finish()
                others.finish()
        documents.discard()
        rejects.discard()

    def close(self) -> None:
        """Close the files and leave them for a resumed run."""
        for part in self._parts.values():
            part.close()

    def discard(self) -> None:
        """Remove what was written so far."""
        for part in self._parts.values():
            part.discard()


def _convert(part: Part, write: Callable[[BinaryIO, Output], None]) -> None:
    """Make the file of ``part`` in another form; if the part is gone, that was done before."""
    if not part.length or not part.path.exists():
        return
    output = Output(part.target)
    try:
        with part.path.open("rb") as lines:
            write(lines, output)
        output.finish()
    finally:
        output.discard()
    part.discard()


def _copy(lines: BinaryIO, output: Output) -> None:
    while data := lines.read(1 << 20):
        output.write(data)
