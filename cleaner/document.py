"""Documents, spans and segments: what a stage sees. All offsets are code points of the original text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.errors import InvariantError, RecordError

SEGMENT_KINDS = ("paragraph", "heading", "list item", "table", "quote", "code", "gap")


class Span(NamedTuple):
    """A half-open range of code points ``[start, end)`` of an original text."""

    start: int
    end: int


class Segment(NamedTuple):
    """A span with a kind, one of :data:`SEGMENT_KINDS`. A ``gap`` is the white space between segments."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from: the input's name, and the record's number in it, counted from 0."""

    name: str = ""
    record: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a linearised page: its span in the text and what the markup says of it.

    ``kind`` is a tag name in words (``paragraph``, ``heading``, ``list item`` …), ``path`` the DOM path, ``words`` the
    class, id and role words of the block and its ancestors, nearest first, ``link_share`` the share of its characters
    that stand in links, 0 to 1, ``hidden`` whether the markup hides it.
    """

    start: int
    end: int
    kind: str = "paragraph"
    path: str = ""
    words: tuple[str, ...] = ()
    link_share: float = 0.0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A text to clean. The text is never changed.

    ``language`` is a lower-case ISO 639-1 code where the record states one. ``title`` is the page's title where known.
    ``blocks`` is empty for plain text. ``raw_sha256`` is the digest of the raw page that the text was read from.
    """

    text: str
    id: str = ""
    source: Source = field(default_factory=Source)
    language: str | None = None
    title: str = ""
    blocks: tuple[Block, ...] = ()
    raw_sha256: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


def check_text(text: object) -> str:
    """Return ``text`` if it is a string that UTF-8 can express.

    Raises:
        RecordError: it is no string, or it holds a lone surrogate (which no UTF-8 file can carry).
    """
    if not isinstance(text, str):
        raise RecordError(f"the text is of type {type(text).__name__}, not a string")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RecordError(
            f"the text holds a lone surrogate (U+{ord(text[error.start]):04X}) at code point {error.start}",
            "it was cut or decoded wrongly before it came here",
        ) from None
    return text


def check_partition(segments: tuple[Segment, ...], length: int) -> tuple[Segment, ...]:
    """Return ``segments`` if they partition ``[0, length)``: in order, without gap or overlap.

    Raises:
        InvariantError: they do not.
    """
    position = 0
    for segment in segments:
        if segment.start != position or segment.end <= segment.start or segment.kind not in SEGMENT_KINDS:
            raise InvariantError(f"{segment} does not continue a partition at code point {position}")
        position = segment.end
    if position != length:
        raise InvariantError(f"the segments end at code point {position} of {length}")
    return segments
