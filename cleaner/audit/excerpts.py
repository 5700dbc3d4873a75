"""Short marked pieces of a text: ``[mask, text]`` pairs that a page shows one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from cleaner.document import Span

Piece = list[int | str]
THIS, OTHER, CUE, LEFT_OUT = 1, 2, 4, 8
"""Bits of a mask: the span in question, what else went, a cue; and a gap, whose text is the number of its code points."""
RADIUS = 180
"""Code points of context on either side of a span."""
LONGEST = 900
"""Code points of a span that are shown; of a longer one its beginning and its end."""
_SLACK = 24


def around(
    text: str, span: Span, others: Iterable[Span] = (), cues: Iterable[Span] = (), longest: int = LONGEST
) -> list[Piece]:
    """Return ``span`` of ``text`` in its context; of a span longer than ``longest``, its beginning and end."""
    first, last = _first(text, span.start), _last(text, span.end)
    marked = [(span, THIS), *((other, OTHER) for other in others), *((cue, CUE) for cue in cues)]
    if span.end - span.start <= longest:
        return _pieces(text, first, last, marked)
    head, tail = span.start + longest * 2 // 3, span.end - longest // 3
    return [*_pieces(text, first, head, marked), [LEFT_OUT, str(tail - head)], *_pieces(text, tail, last, marked)]


def whole(text: str, spans: Sequence[Span], longest: int) -> list[Piece]:
    """Return ``text`` with ``spans`` marked; of a text longer than ``longest`` code points its beginning and its end."""
    marked = [(span, THIS) for span in spans]
    if len(text) <= longest:
        return _pieces(text, 0, len(text), marked)
    head, tail = longest * 2 // 3, len(text) - longest // 3
    gap: Piece = [LEFT_OUT, str(tail - head)]
    return [*_pieces(text, 0, head, marked), gap, *_pieces(text, tail, len(text), marked)]


def _first(text: str, start: int) -> int:
    """Return where the context before ``start`` begins: at a word, if one begins near."""
    edge = max(start - RADIUS, 0)
    if not edge:
        return 0
    space = next((place for place in range(edge, min(edge + _SLACK, start)) if text[place].isspace()), edge - 1)
    return space + 1


def _last(text: str, end: int) -> int:
    edge = min(end + RADIUS, len(text))
    if edge == len(text):
        return edge
    return next((place for place in range(edge, max(edge - _SLACK, end), -1) if text[place].isspace()), edge)


def _pieces(text: str, first: int, last: int, marked: Sequence[tuple[Span, int]]) -> list[Piece]:
    inside = [
        (max(span.start, first), min(span.end, last), bit)
        for span, bit in marked
        if span.start < last and first < span.end
    ]
    changes = sorted({first, last, *(start for start, _, _ in inside), *(end for _, end, _ in inside)})
    pieces: list[Piece] = []
    for start, end in pairwise(changes):
        mask = 0
        for begin, stop, bit in inside:
            if begin <= start and end <= stop:
                mask |= bit
        if pieces and pieces[-1][0] == mask:
            pieces[-1][1] = f"{pieces[-1][1]}{text[start:end]}"
        else:
            pieces.append([mask, text[start:end]])
    return pieces


def clip(text: object, most: int) -> str:
    """Return ``text`` (``""`` for None), cut to ``most`` code points with a sign that something is missing."""
    value = "" if text is None else str(text)
    return value if len(value) <= most else f"{value[: most - 1]}…"
