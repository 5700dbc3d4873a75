"""Inputs and outputs by name: folders, globs, compression, the format by the suffix, and files that appear only when whole."""

from __future__ import annotations

import contextlib
import glob
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from cleaner.errors import ConfigurationError, InputError, known_names
from cleaner.formats import remote
from cleaner.formats.streams import Frames, Told

COMPRESSIONS = (".gz", ".zst")
FORMATS = {
    ".txt": "text",
    ".md": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "wet",
}
"""The format that a suffix means; compression aside."""
STANDARD = "-"
_SUFFIXES = {"jsonl": "jsonl", "html": "html", "warc": "warc", "wet": "wet"}


@dataclass(frozen=True, slots=True)
class Input:
    """One input file: its path (``-`` for standard input) or URL, the name under which its outputs go, and its format."""

    path: str
    name: str
    format: str

    @property
    def output_name(self) -> str:
        """The name of the clean file: pages leave as text, so their file gets a suffix that says so."""
        plain = self.name.removesuffix(".gz").removesuffix(".zst")
        if self.format == "html":
            return f"{plain}.txt"
        return f"{plain}.wet{self.name[len(plain) :]}" if self.format == "warc" else self.name

    @property
    def size(self) -> int:
        """Bytes of the file, 0 where that cannot be known."""
        return int(self.identity.get("size") or 0)

    @property
    def identity(self) -> dict[str, Any]:
        """What tells whether the file has changed: its size and when it was modified, as far as that can be known."""
        if self.path == STANDARD:
            return {}
        if remote.is_url(self.path):
            return remote.identity(self.path)
        with contextlib.suppress(OSError):
            facts = os.stat(self.path)
            return {"size": facts.st_size, "modified": facts.st_mtime_ns}
        return {}


def discover(inputs: Iterable[str], wanted: str | None = None, output: Path | None = None) -> list[Input]:
    """Return the files that ``inputs`` (files, folders, globs, URLs, ``-``) name, sorted within each, without repetition.

    Folders and globs pass over hidden files and folders, and what lies below ``output``: an earlier run wrote it. ``wanted``
    is the format of files whose suffix says nothing.

    Raises:
        ConfigurationError: an input matches nothing, has a suffix of no known format, or a name that is not UTF-8; or the
            folder ``output`` is one of the inputs.
        InputError: a folder cannot be read.
    """
    written = None if output is None else output.resolve()
    found: dict[str, str] = {}
    for item in inputs:
        if not item:
            raise ConfigurationError("an input has an empty name", "perhaps a variable of the shell is not set")
        if item == STANDARD:
            if wanted == "parquet":
                raise ConfigurationError("Parquet cannot be read from standard input", "give the file by its name")
            found[STANDARD] = f"stdin.{_SUFFIXES.get(wanted or '', 'txt')}"
            continue
        if remote.is_url(item):
            found.update(_remote(item, wanted))
            continue
        path = Path(item)
        if path.is_dir():
            if path.resolve() == written:
                raise ConfigurationError(f"the output folder {str(output)!r} is an input, too", "choose another folder")
            files = sorted(file for file in _below(path, written) if _is_chosen(file.name, wanted))
            if not files:
                raise ConfigurationError(
                    f"the folder {item!r} holds no file of a known format", known_names("", FORMATS)
                )
            found.update((str(file), file.relative_to(path).as_posix()) for file in files)
        elif path.exists():
            found[item] = path.name
        else:
            matches = sorted(match for match in glob.glob(item, recursive=True) if os.path.isfile(match))
            if written is not None:
                matches = [match for match in matches if not Path(match).resolve().is_relative_to(written)]
            if not matches:
                raise ConfigurationError(f"there is no input {item!r}")
            found.update((match, Path(match).name) for match in matches)
    names = _distinct(found)
    result: list[Input] = []
    for item in found:
        _check_utf8(item)
        known = format_of(names[item]) or wanted
        if known is None:
            raise ConfigurationError(f"the format of {item!r} is not known by its suffix", known_names("", FORMATS))
        result.append(Input(item, names[item], known))
    return result


def _below(folder: Path, written: Path | None) -> Iterator[Path]:
    """Yield the files below ``folder``, without those in hidden folders and in the folder ``written``."""
    for place, folders, files in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if name[0] != "." and Path(place, name).resolve() != written]
        yield from (path for name in files if (path := Path(place, name)).is_file())


def _is_chosen(name: str, wanted: str | None) -> bool:
    """Tell whether a file of a folder is an input: it has a known format, or the ``wanted`` one, and is not hidden."""
    hidden = any(part.startswith(".") for part in name.split("/"))
    return not hidden and (wanted is not None or format_of(name) is not None)


def _unreadable(error: OSError) -> None:
    raise InputError(f"{error.filename}: {error.strerror or error}")


def _check_utf8(path: str) -> None:
    """Names of inputs stand in ledgers, which are JSON."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise ConfigurationError(f"the name of the input {os.fsencode(path)!r} is not UTF-8", "rename it") from None


def _remote(item: str, wanted: str | None) -> dict[str, str]:
    files = {url: name for url, name in remote.expand(item) if url == item or _is_chosen(name, wanted)}
    if not files:
        raise ConfigurationError(f"there is no input of a known format at {item!r}", known_names("", FORMATS))
    return files


def _distinct(found: dict[str, str]) -> dict[str, str]:
    """Give files that share a name their paths from the folder that they have in common."""
    if len(set(found.values())) == len(found):
        return found
    paths = {
        item: item.partition("://")[2] if remote.is_url(item) else os.path.abspath(item)
        for item in found
        if item != STANDARD
    }
    if len({path.startswith(os.sep) for path in paths.values()}) > 1:
        paths = {item: f"{os.sep}{path.lstrip(os.sep)}" for item, path in paths.items()}
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
    """Open ``path`` (a file, a URL or standard input) for reading bytes, decompressed.

    Raises:
        InputError: it cannot be opened, or what it holds is not what its suffix says.
    """
    with opened_raw(path) as raw, decompressed(raw, path) as stream:
        yield stream


@contextlib.contextmanager
def opened_raw(path: str) -> Iterator[BinaryIO]:
    """Open ``path`` as :func:`opened` does, but as it is stored."""
    try:
        if path == STANDARD:
            if sys.stdin is None:
                raise InputError("standard input is closed")
            yield cast(BinaryIO, io.BufferedReader(Told(sys.stdin.buffer)))
        elif remote.is_url(path):
            with remote.opened(path) as raw:
                yield raw
        else:
            with open(path, "rb") as raw:
                yield raw
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


@contextlib.contextmanager
def decompressed(raw: BinaryIO, path: str) -> Iterator[BinaryIO]:
    """Yield what ``raw`` holds, decompressed as the suffix of ``path`` says."""
    try:
        if path.endswith(".gz"):
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast(BinaryIO, stream)
        elif path.endswith(".zst"):
            yield cast(BinaryIO, io.BufferedReader(Frames(raw), 1 << 20))
        else:
            yield raw
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise InputError(f"{path}: is broken as a compressed file: {error}") from None
