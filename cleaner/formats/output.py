"""Files that appear under their names only when they are complete."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from cleaner.errors import OutputError


class Output:
    """A file that appears under its name only when it is complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_name(f".{path.name}.new")
        self._stream: BinaryIO | None = None
        self._raw: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Append ``data``.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            if self._stream is None:
                self._stream = self._open()
            self._stream.write(data)
        except OSError as error:
            self.discard()
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def _open(self) -> BinaryIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._raw = open(self._temporary, "wb")  # noqa: SIM115
        if self.path.suffix == ".gz":
            return cast(BinaryIO, gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=6, mtime=0))
        if self.path.suffix == ".zst":
            return cast(BinaryIO, zstandard.ZstdCompressor(level=3).stream_writer(self._raw, closefd=False))
        return self._raw

    def finish(self) -> None:
        """Close the file and give it its name. A file that nothing was written to never appears.

        Raises:
            OutputError: the rest cannot be written.
        """
        if self._stream is None or self._raw is None:
            return
        try:
            if self._stream is not self._raw:
                self._stream.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            os.replace(self._temporary, self.path)
        except OSError as error:
            self.discard()
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def stream(self) -> BinaryIO:
        """Return this output as a stream, for libraries that write to one."""
        return cast(BinaryIO, _Stream(self))

    def discard(self) -> None:
        """Close and remove what was written so far."""
        for stream in (self._stream, self._raw):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()
        self._stream = self._raw = None
        with contextlib.suppress(OSError):
            self._temporary.unlink()


class _Stream(io.RawIOBase):
    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._output.write(content)
        self._length += len(content)
        return len(content)

    def tell(self) -> int:
        return self._length
