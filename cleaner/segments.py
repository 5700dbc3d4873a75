"""Text to segments: lines, or paragraphs where a text is wrapped at a fixed width.

Segments and the gaps between them partition the text. The fast path works with two lists of offsets; segment objects
are made where somebody asks for them.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleaner.characters import SPACE, classes_of
from cleaner.cues import is_spaceless
from cleaner.document import Segment, check_partition
from cleaner.folding import points_of
from cleaner.measures import ends_with_stop

_LIST_ITEM = re.compile(r"(?:[-*+•‣▪●◦–—·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_WRAP_POINT = re.compile(r"(?<=\S)[ \t]*\r?\n(?=[ \t]*\S)")
_WRAPPED_MINIMUM, _WRAPPED_MAXIMUM = 45, 100


def is_wrapped(text: str) -> bool:
    """Tell whether ``text`` is wrapped at a fixed width: paragraphs of several lines, parted by blank lines.

    In such a text nearly every line that another line of its paragraph follows is about as long as the longest, and ends
    in the middle of a sentence.
    """
    if "\n\n" not in text and "\r\n\r\n" not in text:
        return False
    lines = [line.rstrip() for line in text.splitlines()]
    inner = [line for line, following in pairwise(lines) if line and following]
    if len(inner) < 4 or max(map(len, lines)) > _WRAPPED_MAXIMUM:
        return False
    widest = max(map(len, inner))
    full = sum(1 for line in inner if len(line) >= max(_WRAPPED_MINIMUM, 0.7 * widest))
    stops = sum(1 for line in inner if ends_with_stop(line))
    return full >= 0.85 * len(inner) and stops <= 0.35 * len(inner)


def unwrap(text: str) -> str:
    """Return ``text`` with the line ends inside wrapped paragraphs as spaces, every code point at its old place."""
    return _WRAP_POINT.sub(lambda match: " " * len(match.group()), text)


def split_points(points: NDArray[np.uint32], spaces: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the segments of a text start and end: its lines without surrounding white space, blank ones left out.

    ``points`` are its code points; ``spaces`` says which of them are white space.
    """
    breaks = np.flatnonzero(points == 10)
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(points)]))
    filled = starts < ends
    starts, ends = starts[filled], ends[filled]
    if spaces[starts].any() or spaces[ends - 1].any():
        solid = np.flatnonzero(~spaces)
        first, last = np.searchsorted(solid, starts), np.searchsorted(solid, ends)
        filled = first < last
        starts, ends = solid[first[filled]], solid[last[filled] - 1] + 1
    return starts, ends


def split(text: str) -> tuple[list[int], list[int]]:
    """Return where the segments of ``text`` start and end, as :func:`split_points`."""
    points = points_of(text)
    starts, ends = split_points(points, classes_of(points) == SPACE)
    return starts.tolist(), ends.tolist()


def kind_of(text: str) -> str:
    """Return the kind of a segment by its own text."""
    if text.startswith("#") and text.lstrip("#").startswith(" "):
        return "heading"
    if text.startswith(">"):
        return "quote"
    if _LIST_ITEM.match(text):
        return "list item"
    if text.count("|") >= 2 or text.count("\t") >= 2:
        return "table"
    longest = 40 if is_spaceless(text[0]) else 90
    return "heading" if len(text) <= longest and not ends_with_stop(text) else "paragraph"


def segments(text: str) -> tuple[Segment, ...]:
    """Return the partition of ``text`` into segments and gaps. Linear in its length."""
    starts, ends = split(unwrap(text) if is_wrapped(text) else text)
    parts: list[Segment] = []
    position = 0
    for start, end in zip(starts, ends, strict=True):
        if start > position:
            parts.append(Segment(position, start, "gap"))
        parts.append(Segment(start, end, kind_of(text[start:end])))
        position = end
    if position < len(text):
        parts.append(Segment(position, len(text), "gap"))
    return check_partition(tuple(parts), len(text))
