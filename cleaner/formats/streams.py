"""Streams to read from that cannot go back: pipes, and what compressed files hold."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import zstandard

_STORED = 4 << 10
"""Bytes that are decompressed at a time: a few of them can stand for a whole block of 128 KB."""


class Told(io.RawIOBase):
    """A stream that cannot go back but tells how far it is, which readers of crawls ask for."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self._raw = raw
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._some(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def tell(self) -> int:
        return self._position

    def _some(self, most: int) -> bytes | memoryview:
        return self._raw.read(most)


class Frames(Told):
    """What the frames of a Zstandard file hold. The library's own reader takes a frame that was cut off for a whole one."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__(raw)
        self._frame: Any = None
        self._stored = b""
        self._content = memoryview(b"")

    def _some(self, most: int) -> memoryview:
        while not self._content:
            self._stored = self._stored or self._raw.read(_STORED)
            if not self._stored:
                if self._frame is not None:
                    raise EOFError("it ends within a frame")
                break
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._content = memoryview(self._frame.decompress(self._stored))
            self._stored = self._frame.unused_data
            if self._frame.eof:
                self._frame = None
        content, self._content = self._content[:most], self._content[most:]
        return content
