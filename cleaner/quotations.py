"""Where a segment quotes somebody: quotation marks of any language, which folding has made alike, and dialogue dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.cues import is_joined

_TURN = re.compile(r"- ?\w")
_TURN_SPACES = 6
_ENDS = ".!?\"'"
_BEFORE = " (-\"'"
_HANGUL = ("\uac00", "\ud7a3")


def quotations(view: str) -> list[tuple[int, int]]:
    """Return the spans of ``view``, the folded text of a segment, that are quoted speech, marks included.

    A quote that opens the segment and is not closed goes to its end: the next paragraph goes on with it. A turn of a
    dialogue is a whole sentence behind a dash; a shorter one is an item of a list.
    """
    found: list[tuple[int, int]] = []
    if '"' in view:
        found += _doubly(view)
    if "'" in view:
        found += _singly(view)
    if view.startswith("-") and view[-1] in _ENDS and view.count(" ") >= _TURN_SPACES and _TURN.match(view):
        found.append((0, len(view)))
    return found


def _doubly(view: str) -> list[tuple[int, int]]:
    signs = [place for place in _places(view, '"') if not _in_word(view, place)]
    # What opens and closes a line is all of it, whatever is quoted within.
    if signs and signs[0] == 0 and (len(signs) == 1 or signs[-1] == len(view) - 1):
        return [(0, len(view))]
    return [(first, last + 1) for first, last in zip(signs[::2], signs[1::2], strict=False)]


def _in_word(view: str, place: int) -> bool:
    """Tell whether a mark is part of a word, as in a Hebrew acronym; Korean puts particles right behind what is quoted."""
    return all(_joins(view, place)) and not _HANGUL[0] <= view[place + 1] <= _HANGUL[1]


def _singly(view: str) -> list[tuple[int, int]]:
    """Pair single marks: one opens only before a letter, and closes only behind something, so that apostrophes and years do neither."""
    found: list[tuple[int, int]] = []
    opened = -1
    for place in _places(view, "'"):
        before, after = _joins(view, place)
        if opened < 0 and after and not view[place + 1].isdigit() and (place == 0 or view[place - 1] in _BEFORE):
            opened = place
        elif opened >= 0 and not after and (before or view[place - 1] != " "):
            found.append((opened, place + 1))
            opened = -1
    return found


def _places(view: str, sign: str) -> Iterator[int]:
    place = view.find(sign)
    while place >= 0:
        yield place
        place = view.find(sign, place + 1)


def _joins(view: str, place: int) -> tuple[bool, bool]:
    """Return whether a letter stands directly before ``place``, and directly after it."""
    before = place > 0 and is_joined(view[place - 1])
    return before, place + 1 < len(view) and is_joined(view[place + 1])
