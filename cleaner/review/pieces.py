"""A text cut for display: lines, and in each line pieces that stand in the same spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

WHOLE = 300_000
"""Code points up to which a document is shown whole at once."""
AROUND = 100_000


class Shown(NamedTuple):
    """A span to mark, in code points; ``key`` says to the page what it is."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a text that is shown."""

    start: int
    end: int


def window(length: int, start: int, end: int, whole: bool) -> Window:
    """Return what to show of a text of ``length`` code points in which ``[start, end)`` matters: never too much at once."""
    if whole or length <= WHOLE:
        return Window(0, length)
    first = max(0, start - AROUND)
    return Window(first, min(length, end + AROUND, first + WHOLE))


def lines(text: str, spans: Sequence[Shown], part: Window) -> list[list[list[Any]]]:
    """Return the lines of ``part``; a line is a list of pieces ``[start, text, keys]``, its line feed left out.

    An empty line is one piece without text, so that every place of the text can be pointed at.
    """
    inside = [span for span in spans if span.start < part.end and part.start < span.end]
    borders = {part.start, part.end}
    for span in inside:
        borders.update((max(span.start, part.start), min(span.end, part.end)))
    opening = sorted(inside)
    cuts = sorted(borders)
    result: list[list[list[Any]]] = [[]]
    active: list[Shown] = []
    following = 0
    for start, end in pairwise(cuts):
        while following < len(opening) and opening[following].start <= start:
            active.append(opening[following])
            following += 1
        active = [span for span in active if span.end > start]
        keys = [span.key for span in active]
        position = start
        for number, content in enumerate(text[start:end].split("\n")):
            if number:
                result.append([])
            if content or not result[-1]:
                result[-1].append([position, content, keys])
            position += len(content) + 1
    # A piece without text is only a place to point at; beside other pieces it is nothing.
    return [[piece for piece in line if piece[1]] or line[:1] or [[part.end, "", []]] for line in result]
