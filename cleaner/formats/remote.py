"""Inputs by URL, through fsspec: object stores, web servers, other file systems."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from cleaner.errors import ConfigurationError, InputError

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(::|://)", re.IGNORECASE)
_MARKS = ("ETag", "etag", "LastModified", "last_modified", "mtime", "md5Hash", "content_md5")
"""What file systems call the facts that change with a file's content."""
_BUFFER = 256 << 10


def is_url(path: str) -> bool:
    """Tell whether ``path`` is a URL."""
    return bool(_SCHEME.match(path))


def expand(url: str) -> list[tuple[str, str]]:
    """Return the URLs of the files that ``url`` (a file, a folder or a glob) names, each with its relative name, sorted.

    Raises:
        ConfigurationError: nothing knows how to read such a URL, or there is nothing.
    """
    system, path = _system(url)
    try:
        if any(sign in path for sign in "*?["):
            files = [str(item) for item in system.glob(path) if not system.isdir(item)]
            return sorted((str(system.unstrip_protocol(file)), file.rsplit("/", 1)[-1]) for file in files)
        if system.isdir(path):
            base = path.rstrip("/") + "/"
            found = [str(item) for item in system.find(path)]
            return sorted((str(system.unstrip_protocol(file)), file.removeprefix(base)) for file in found)
        if system.exists(path):
            return [(url, path.rsplit("/", 1)[-1])]
    except Exception as error:  # noqa: BLE001 - every file system has errors of its own
        raise ConfigurationError(f"{url}: {_words(error)}") from None
    raise ConfigurationError(f"there is no input {url!r}")


def identity(url: str) -> dict[str, Any]:
    """Return the size of a file and what changes with its content, as far as its file system tells."""
    system, path = _system(url)
    try:
        facts = system.info(path)
    except Exception:  # noqa: BLE001 - what is wrong shows when the file is opened
        return {}
    marks = {name: str(facts[name]) for name in _MARKS if facts.get(name) is not None}
    return {"size": facts.get("size"), **marks}


@contextmanager
def opened(url: str) -> Iterator[BinaryIO]:
    """Open a file for reading, streamed.

    Raises:
        InputError: it cannot be opened.
        OSError: it can no longer be read.
    """
    system, path = _system(url)
    try:
        stream = system.open(path, "rb")
    except Exception as error:  # noqa: BLE001 - every file system has errors of its own
        raise InputError(f"{url}: {_words(error)}") from None
    with stream, io.BufferedReader(_Remote(stream), _BUFFER) as buffered:
        yield cast(BinaryIO, buffered)


class _Remote(io.RawIOBase):
    """A remote file whose errors are those of a file, whatever its file system calls them."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._stream.seekable())

    def readinto(self, buffer: Any) -> int:
        with _as_file_errors():
            data: bytes = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _as_file_errors():
            return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())


@contextmanager
def _as_file_errors() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(_words(error)) from error


def _system(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise ConfigurationError(f"{url}: URLs need fsspec", "pip install 'article-cleaner[remote]'") from None
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ConfigurationError(f"{url}: {_words(error)}") from None
    return system, str(path)


def _words(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return said or type(error).__name__
