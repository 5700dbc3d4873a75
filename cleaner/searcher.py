"""Finds the cues of one set in folded texts: an automaton tells where, numpy and RE2 verify."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.automaton import Automaton
from cleaner.cues import LETTERS, Cue, Piece, Variant, compile_phrase, count_spellings, is_joined, locate
from cleaner.pattern_search import byte_literal
from cleaner.patterns import Pattern, compile_long_phrase, compile_pattern
from cleaner.relation import ordered
from cleaner.sheet import Sheet

_MANY_SPELLINGS = 12
"""A phrase with more spellings than this is verified as a pattern, not searched for spelling by spelling."""
_COMMON = 4
"""A literal of up to so many letters is searched for with the edges of its word, since it stands inside many others."""
_EDGE = "[^a-z0-9]"
_LINE_END = ord("\n")


class CueHit(NamedTuple):
    """A cue found in a view: the cue's number in its language, and the span of the view's code points."""

    cue: int
    start: int
    end: int


Fits = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]
"""Tells for each of some cues and places of a view whether the cue counts there."""

Hit = tuple[int, int, int]
"""A cue and its span, as of :class:`CueHit`. Plain tuples are made in half the time, and spare the garbage collector."""


class Hits(NamedTuple):
    """Cues found in a view: numbers and spans as of :class:`CueHit`, as arrays."""

    cues: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def listed(self) -> list[Hit]:
        """Return the hits one by one."""
        return list(zip(self.cues.tolist(), self.starts.tolist(), self.ends.tolist(), strict=True))


class Searcher:
    """The cues of one set: automata of the literals that anchor phrases, of patterns, and of those that open lines."""

    __slots__ = (
        "_counts",
        "_cues",
        "_edged",
        "_first",
        "_first_opening",
        "_left",
        "_lengths",
        "_literals",
        "_longer",
        "_openings",
        "_pattern_cues",
        "_patterns",
        "_right",
        "_special",
        "_variants",
        "patterns",
    )  # fmt: skip

    def __init__(self, plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> None:
        self._literals, self._patterns, self._openings = automata
        self._lengths = np.array([len(text) for text, *_ in plain["literals"]], dtype=np.int64)
        self._edged = np.array([int(right) for _, _, right, _ in plain["literals"]], dtype=np.int64)
        counts = [len(variants) for *_, variants in plain["literals"]]
        self._counts = np.array(counts, dtype=np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        rows = [row for *_, variants in plain["literals"] for row in variants]
        self._cues = np.array([cue for cue, *_ in rows], dtype=np.int64)
        self._variants: list[Variant | None] = [
            Variant(tuple(Piece(*piece) for piece in pieces), anchor) if len(pieces) > 1 else None
            for _, pieces, anchor in rows
        ]
        self._left = np.array([pieces[anchor][2] for _, pieces, anchor in rows], dtype=bool)
        self._right = np.array([pieces[anchor][3] for _, pieces, anchor in rows], dtype=bool)
        self._longer = np.array([variant is not None for variant in self._variants], dtype=bool)
        self._special = self._longer | ~self._right
        patterns = [*plain["patterns"], *plain["openings"]]
        self._first_opening = len(plain["patterns"])
        self._pattern_cues = np.array([cue for cue, *_ in patterns], dtype=np.int64)
        self.patterns = {cue: Pattern(*rest) for cue, *rest in patterns}

    def find(self, view: str) -> list[CueHit]:
        """Return the cues in ``view``."""
        return [CueHit(*hit) for hit in self.search(Sheet(view)).listed()]

    def search(self, sheet: Sheet, whole: bool = True, fits: Fits | None = None) -> Hits:
        """Return the cues in the view that ``sheet`` was made of.

        Without ``whole`` the end of a phrase whose last word goes on stays where its letters end, which is enough to count.
        With ``fits`` a cue is left out where it says no of the cue and a place: where a phrase starts, or where the line
        ends in which a pattern stands.
        """
        parts: list[NDArray[np.int64]] = []
        if self._literals is not None:
            parts += self._phrases(sheet, whole, fits)
        if len(self._pattern_cues):
            parts.append(self._found_patterns(sheet, fits))
        found = np.concatenate([part for part in parts if len(part)]) if any(map(len, parts)) else _NONE
        return Hits(found[:, 0], found[:, 1] - 1, found[:, 2] - 1)

    def _phrases(self, sheet: Sheet, whole: bool, fits: Fits | None) -> list[NDArray[np.int64]]:
        assert self._literals is not None
        literals, offsets = self._literals.scan(sheet.data)
        if not len(literals):
            return []
        ends = sheet.places(offsets - self._edged[literals])
        starts = ends - self._lengths[literals]
        # A row for each phrase of each literal.
        counts = self._counts[literals]
        rows = np.repeat(self._first[literals] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        starts, ends = np.repeat(starts, counts), np.repeat(ends, counts)
        apart = ~(self._left[rows] & sheet.joined(starts - 1)) & ~(self._right[rows] & sheet.joined(ends))
        if fits is not None:
            apart &= fits(self._cues[rows], starts - 1)
        rows, starts, ends = rows[apart], starts[apart], ends[apart]
        special = self._special[rows] if whole else self._longer[rows]
        plain = ~special
        parts = [np.column_stack((self._cues[rows[plain]], starts[plain], ends[plain]))]
        verified: list[tuple[int, int, int]] = []
        text = sheet.text
        for row, start, end in zip(
            rows[special].tolist(), starts[special].tolist(), ends[special].tolist(), strict=True
        ):
            variant = self._variants[row]
            if variant is None:
                verified.append((int(self._cues[row]), start, _word_end(text, end)))
                continue
            span = locate(text, start, end, variant)
            if span:
                last = span[1] if variant.pieces[-1].right_edge else _word_end(text, span[1])
                verified.append((int(self._cues[row]), span[0], last))
        return [*parts, _rows(verified)]

    def _found_patterns(self, sheet: Sheet, fits: Fits | None) -> NDArray[np.int64]:
        kinds = max(1, len(self._pattern_cues))
        found = [_NO_LINE]
        if self._patterns is not None:
            patterns, ends = self._patterns.scan(sheet.data)
            found.append(_lines(sheet.line_ends, ends) * kinds + patterns)
        if self._openings is not None:
            data, numbers = sheet.openings
            patterns, ends = self._openings.scan(data)
            if len(patterns):
                borders = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _LINE_END)
                found.append(numbers[_lines(borders, ends)] * kinds + patterns + self._first_opening)
        lines, patterns = np.divmod(ordered(np.concatenate(found)), kinds)
        borders = sheet.line_ends
        if fits is not None:
            ends = sheet.places(borders[np.minimum(lines + 1, len(borders) - 1)])
            chosen = fits(self._pattern_cues[patterns], ends - 2)
            lines, patterns = lines[chosen], patterns[chosen]
        first = borders[lines] + 1
        places = sheet.places(first)
        rows: list[tuple[int, int, int]] = []
        data = sheet.data
        stops = borders[np.minimum(lines + 1, len(borders) - 1)]
        for cue, start, stop, place in zip(
            self._pattern_cues[patterns].tolist(), first.tolist(), stops.tolist(), places.tolist(), strict=True
        ):
            line = data[start:stop].rstrip(b" ")
            stripped = line.lstrip(b" ")
            base = place + len(line) - len(stripped)
            for begin, end in self.patterns[cue].find_in(stripped):
                rows.append((cue, base + begin, base + end))
        return _rows(rows)


def _lines(borders: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the lines in which matches end, given the bytes of the line ends around lines."""
    # A match may end just behind the line's end; its line is the one before.
    return np.searchsorted(borders, np.maximum(ends - 2, 0), side="right") - 1


_NONE = np.zeros((0, 3), dtype=np.int64)
_NO_LINE = np.zeros(0, dtype=np.int64)


def _rows(found: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    return np.array(found, dtype=np.int64) if found else _NONE


def _word_end(text: str, position: int) -> int:
    """Return where the word ends that goes on at ``position``: a phrase that ends in ``*`` covers all of its last word."""
    limit = min(len(text), position + LETTERS)
    if position and not is_joined(text[position - 1]):
        return position
    while position < limit and is_joined(text[position]):
        position += 1
    return position


def as_pattern(cue: Cue) -> Pattern | None:
    """Return the pattern by which ``cue`` is searched for, or None where it is searched for spelling by spelling.

    Raises:
        RuleError: the cue is wrong.
    """
    if cue.kind == "pattern":
        return compile_pattern(cue.text)
    return compile_long_phrase(cue.text) if count_spellings(cue.text) > _MANY_SPELLINGS else None


def plan(cues: set[Cue], numbers: Mapping[Cue, int]) -> dict[str, Any]:
    """Return as plain values what a :class:`Searcher` of ``cues`` needs besides its automata; see :func:`automata`."""
    literals: dict[tuple[str, bool, bool], list[Any]] = {}
    patterns: list[Any] = []
    openings: list[Any] = []
    for cue in sorted(cues):
        number = numbers[cue]
        pattern = as_pattern(cue)
        if pattern is not None:
            listed = openings if pattern.opening else patterns
            listed.append([number, pattern.expression, pattern.bytes, pattern.left_edge, pattern.right_edge])
            continue
        for variant in compile_phrase(cue.text):
            piece = variant.pieces[variant.anchor]
            common = len(piece.literal) <= _COMMON
            key = (piece.literal, common and piece.left_edge, common and piece.right_edge)
            spelled = [list(part) for part in variant.pieces]
            literals.setdefault(key, []).append([number, spelled, variant.anchor])
    return {
        "literals": [[*key, variants] for key, variants in literals.items()],
        "patterns": patterns,
        "openings": openings,
    }


def automata(plain: Mapping[str, Any]) -> list[Automaton | None]:
    """Compile the automata of a plan: of its literals, patterns, and patterns of openings; None where there are none."""
    literals = [
        (_EDGE if left else "") + "".join(map(byte_literal, text)) + (_EDGE if right else "")
        for text, left, right, _ in plain["literals"]
    ]
    compiled = [Automaton.of_literals(literals) if literals else None]
    for key in ("patterns", "openings"):
        patterns = [expression for _, _, expression, *_ in plain[key]]
        compiled.append(Automaton.of_patterns(patterns) if patterns else None)
    return compiled
