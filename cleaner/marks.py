r"""The ``⟦…⟧`` notation: marked text to (text, marks) and back.

``⟦…⟧`` surrounds what must go; ``⟦donation|…⟧`` also says why. A literal bracket is written ``\⟦`` or ``\⟧``; a backslash
is special only in a run of backslashes directly before a bracket, where each pair stands for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cleaner.errors import RecordError

_BRACKET = re.compile(r"(\\*)([⟦⟧])")
_LABEL = re.compile(r"([a-z]+)\|")
_TRAILING_BACKSLASHES = re.compile(r"\\+$")


class Mark(NamedTuple):
    """A marked span of code points, with its category or ``""``."""

    start: int
    end: int
    category: str = ""


def parse(marked: str) -> tuple[str, tuple[Mark, ...]]:
    """Return the text without marks, and the marks in its code points.

    Raises:
        RecordError: brackets are unbalanced or nested.
    """
    pieces: list[str] = []
    marks: list[Mark] = []
    length = position = 0
    opened: tuple[int, str] | None = None

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    for match in _BRACKET.finditer(marked):
        if match.start() < position:
            continue
        backslashes, bracket = match.groups()
        add(marked[position : match.start()] + "\\" * (len(backslashes) // 2))
        position = match.end()
        if len(backslashes) % 2:
            add(bracket)
        elif bracket == "⟦":
            if opened is not None:
                raise RecordError(f"a mark opens inside another at code point {match.start()}")
            label = _LABEL.match(marked, position)
            opened = (length, label.group(1) if label else "")
            position = label.end() if label else position
        else:
            if opened is None:
                raise RecordError(f"a mark closes that never opened at code point {match.start()}")
            marks.append(Mark(opened[0], length, opened[1]))
            opened = None
    if opened is not None:
        raise RecordError("a mark opens and never closes")
    add(marked[position:])
    return "".join(pieces), tuple(marks)


def _escape(text: str, before_mark: bool) -> str:
    text = _BRACKET.sub(lambda match: match.group(1) * 2 + "\\" + match.group(2), text)
    if before_mark:
        text = _TRAILING_BACKSLASHES.sub(lambda match: match.group() * 2, text)
    return text


def render(text: str, marks: Iterable[Mark]) -> str:
    """Return ``text`` with ``marks`` (ordered, not overlapping) written into it; :func:`parse` reverses it.

    A mark without category over text that itself begins like a label (``word|``) cannot be written unambiguously;
    it is the one case that does not come back.
    """
    pieces: list[str] = []
    position = 0
    for mark in marks:
        label = f"{mark.category}|" if mark.category else ""
        pieces.append(_escape(text[position : mark.start], before_mark=True) + "⟦" + label)
        pieces.append(_escape(text[mark.start : mark.end], before_mark=True) + "⟧")
        position = mark.end
    pieces.append(_escape(text[position:], before_mark=False))
    return "".join(pieces)
