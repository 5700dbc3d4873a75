"""A pipeline whose documents do to their worker what they say: made for tests of the pool, known to its workers by name."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaner import Cleaned, Document, Pipeline

_EMPTY = Pipeline("empty")
_EMPTY.clean("What has to be loaded is loaded with this module.")


@dataclass(frozen=True)
class Deadly:
    """Does what a document's text says, then cleans nothing."""

    digest: str = "deadly"

    def clean_many(self, documents: Iterable[Document], detect_language: bool) -> Iterator[Cleaned | Exception]:
        for document in documents:
            try:
                yield self._clean(document)
            except MemoryError as error:
                yield error

    def _clean(self, document: Document) -> Cleaned:
        match document.text.split():
            case ["kill"]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["kill", "once", path]:
                if not os.path.exists(path):
                    os.close(os.open(path, os.O_CREAT))
                    os.kill(os.getpid(), signal.SIGKILL)
            case ["sleep"]:
                time.sleep(3600)
            case ["stuck"]:
                # One call into C that nothing in this process can interrupt.
                re.fullmatch(r"(a|a)*b", "a" * 60)
            case ["memory"]:
                bytearray(3 << 30)
            case ["leave"]:
                os._exit(7)
        return _EMPTY.clean(document)


@dataclass(frozen=True)
class Unborn:
    """Ends the process that it comes to, before that has begun to work."""

    digest: str = "unborn"

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (3,)
