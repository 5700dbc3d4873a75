"""One multi-pattern automaton: many literals or byte patterns, found in one linear pass.

The engine is hyperscan (vectorscan where the processor is not x86-64): 2 GB a second and more, and its wheels
carry Linux, macOS and Windows on x86-64, and Linux and macOS on arm64.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import hyperscan

from cleaner.errors import RuleError

Hit = tuple[int, int]
"""The index of the expression, and the byte where its match ends."""


class Automaton:
    """Compiled expressions. Instances may be shared between threads."""

    __slots__ = ("_database", "_local")

    def __init__(self, database: Any) -> None:
        self._database = database
        self._local = threading.local()

    def scan(self, data: bytes) -> list[Hit]:
        """Return all hits in ``data``, ordered by their ends."""
        hits: list[Hit] = []
        append = hits.append

        def collect(identifier: int, start: int, end: int, flags: int, context: object) -> None:
            append((identifier, end))

        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        self._database.scan(data, match_event_handler=collect, scratch=scratch)
        return hits

    def dump(self) -> bytes:
        """Return the compiled form, which only the same engine on the same kind of machine can read."""
        dumped: bytes = hyperscan.dumpb(self._database)
        return dumped

    @classmethod
    def load(cls, dumped: bytes) -> Automaton:
        """Read what :meth:`dump` returned."""
        return cls(hyperscan.loadb(dumped, hyperscan.HS_MODE_BLOCK))

    @classmethod
    def of_literals(cls, literals: Sequence[bytes]) -> Automaton:
        """Compile plain byte strings."""
        database = hyperscan.Database()
        count = len(literals)
        database.compile(
            expressions=list(literals), ids=list(range(count)), elements=count, flags=[0] * count, literal=True
        )
        return cls(database)

    @classmethod
    def of_patterns(cls, patterns: Sequence[str]) -> Automaton:
        """Compile byte patterns; ``^`` and ``$`` stand at the borders of lines.

        A pattern that is too large for the engine becomes a wider one, so matches have to be verified.

        Raises:
            RuleError: a pattern is wrong; the message names it.
        """
        database = hyperscan.Database()
        count = len(patterns)
        try:
            database.compile(
                expressions=[pattern.encode() for pattern in patterns],
                ids=list(range(count)),
                elements=count,
                flags=[hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_PREFILTER] * count,
            )
        except hyperscan.error as error:
            raise RuleError(f"a pattern does not compile: {error}", "shorten its repetitions") from None
        return cls(database)
