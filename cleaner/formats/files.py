"""Inputs and outputs by name: folders, globs, compression, the format by the suffix, and files that appear only when whole."""

from __future__ import annotations

import contextlib
import glob
import gzip
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from cleaner.errors import ConfigurationError, InputError, known_names

COMPRESSIONS = (".gz", ".zst")
FORMATS = {".txt": "text", ".md": "text", ".jsonl": "jsonl", ".ndjson": "jsonl", ".html": "html", ".htm": "html"}
STANDARD = "-"
_SUFFIXES = {"jsonl": "jsonl", "html": "html"}


@dataclass(frozen=True, slots=True)
class Input:
    """One input file: its path (``-`` for standard input), the name under which its outputs go, and its format."""

    path: str
    name: str
    format: str

    @property
    def output_name(self) -> str:
        """The name of the clean file: a page leaves as text, so its name gets a suffix that says so."""
        plain = self.name.removesuffix(".gz").removesuffix(".zst")
        return f"{plain}.txt" if self.format == "html" else self.name

    @property
    def size(self) -> int:
        """Bytes of the file, 0 where that cannot be known."""
        with contextlib.suppress(OSError):
            return os.path.getsize(self.path)
        return 0


def discover(inputs: Iterable[str], wanted: str | None = None) -> list[Input]:
    """Return the files that ``inputs`` (files, folders, globs, ``-``) name, sorted within each, without repetition.

    ``wanted`` is the format of files whose suffix says nothing.

    Raises:
        ConfigurationError: an input matches nothing, or has a suffix of no known format.
    """
    found: dict[str, str] = {}
    for item in inputs:
        if item == STANDARD:
            found[STANDARD] = f"stdin.{_SUFFIXES.get(wanted or '', 'txt')}"
            continue
        path = Path(item)
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file() and format_of(file.name))
            if not files:
                raise ConfigurationError(
                    f"the folder {item!r} holds no file of a known format", known_names("", FORMATS)
                )
            found.update((str(file), file.relative_to(path).as_posix()) for file in files)
        elif path.exists():
            found[item] = path.name
        else:
            matches = sorted(match for match in glob.glob(item, recursive=True) if os.path.isfile(match))
            if not matches:
                raise ConfigurationError(f"there is no input {item!r}")
            found.update((match, Path(match).name) for match in matches)
    names = _distinct(found)
    result: list[Input] = []
    for item in found:
        known = format_of(names[item]) or wanted
        if known is None:
            raise ConfigurationError(f"the format of {item!r} is not known by its suffix", known_names("", FORMATS))
        result.append(Input(item, names[item], known))
    return result


def _distinct(found: dict[str, str]) -> dict[str, str]:
    """Give files that share a name their paths from the folder that they have in common."""
    if len(set(found.values())) == len(found):
        return found
    paths = {item: os.path.abspath(item) for item in found if item != STANDARD}
    common = os.path.commonpath([os.path.dirname(path) for path in paths.values()])
    return {
        item: Path(os.path.relpath(paths[item], common)).as_posix() if item in paths else name
        for item, name in found.items()
    }


def format_of(file_name: str) -> str | None:
    """Return the format that a file's name tells, compression aside."""
    path = Path(file_name)
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    return FORMATS.get(path.suffix.lower())


@contextlib.contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open ``path`` (or standard input) for reading bytes, decompressed.

    Raises:
        InputError: it cannot be opened, or what it holds is not what its suffix says.
    """
    import sys

    try:
        with contextlib.ExitStack() as stack:
            if path == STANDARD:
                yield sys.stdin.buffer
                return
            raw = stack.enter_context(open(path, "rb"))
            if path.endswith(".gz"):
                yield cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=raw)))
            elif path.endswith(".zst"):
                reader = stack.enter_context(zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True))
                yield cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, reader), 1 << 20))
            else:
                yield raw
    except (EOFError, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise InputError(f"{path}: is broken as a compressed file: {error}") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


class Output:
    """A file that appears under its name only when it is complete."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_name(f".{path.name}.part")
        self._stream: BinaryIO | None = None
        self._raw: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Append ``data``.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            if self._stream is None:
                self._stream = self._open()
            self._stream.write(data)
        except OSError as error:
            self.discard()
            raise InputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

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
            InputError: the rest cannot be written.
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
            raise InputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def discard(self) -> None:
        """Close and remove what was written so far."""
        for stream in (self._stream, self._raw):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()
        self._stream = self._raw = None
        with contextlib.suppress(OSError):
            self._temporary.unlink()
