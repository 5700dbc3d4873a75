"""One multi-pattern automaton: many literals or byte patterns, found in one linear pass.

The engine is hyperscan (vectorscan where the processor is not x86-64): 2 GB a second and more, and its wheels
carry Linux, macOS and Windows on x86-64, and Linux and macOS on arm64.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import hyperscan
import numpy as np
from numpy.typing import NDArray

from cleaner.errors import RuleError

Hits = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The numbers of the expressions that matched, and the bytes where the matches end."""
_NONE = np.zeros(0, dtype=np.int64)


class Automaton:
    """Compiled expressions. Instances may be shared between threads."""

    __slots__ = ("_database", "_local")

    def __init__(self, database: Any) -> None:
        self._database = database
        self._local = threading.local()

    def scan(self, data: bytes) -> Hits:
        """Return all hits in ``data``, ordered by their ends."""
        found: list[int] = []
        append = found.append

        def collect(identifier: int, start: int, end: int, flags: int, context: object) -> None:
            append(identifier)
            append(end)

        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        self._database.scan(data, match_event_handler=collect, scratch=scratch)
        if not found:
            return _NONE, _NONE
        pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def dump(self) -> bytes:
        """Return the compiled form, which only the same engine on the same kind of machine can read."""
        dumped: bytes = hyperscan.dumpb(self._database)
        return dumped

    @classmethod
    def load(cls, dumped: bytes) -> Automaton:
        """Read what :meth:`dump` returned."""
        return cls(hyperscan.loadb(dumped, hyperscan.HS_MODE_BLOCK))

    @classmethod
    def of_literals(cls, literals: Sequence[str]) -> Automaton:
        """Compile byte patterns that are texts, with nothing but the edges of words at their sides."""
        return cls(_database(literals, 0))

    @classmethod
    def of_patterns(cls, patterns: Sequence[str]) -> Automaton:
        """Compile byte patterns; ``^`` and ``$`` stand at the borders of lines.

        A pattern that is too large for the engine becomes a wider one, so matches have to be verified.

        Raises:
            RuleError: a pattern is wrong; the message names it.
        """
        try:
            return cls(_database(patterns, hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_PREFILTER))
        except hyperscan.error as error:
            raise RuleError(f"a pattern does not compile: {error}", "shorten its repetitions") from None


def _database(expressions: Sequence[str], flags: int) -> Any:
    database = hyperscan.Database()
    count = len(expressions)
    database.compile(
        expressions=[expression.encode() for expression in expressions],
        ids=list(range(count)),
        elements=count,
        flags=[flags] * count,
    )
    return database
