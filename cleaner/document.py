"""Documents, spans and segments: what a stage sees. All offsets are code points of the original text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.errors import InvariantError, RecordError
from cleaner.tags import Tag

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
    """Where a document came from: the input's name, the record's number in it, counted from 0, and its address if known."""

    name: str = ""
    record: int = 0
    url: str = ""


class Block(NamedTuple):
    """One block of a linearised page: its span in the text and what the markup says of it.

    ``kind`` is one of :data:`SEGMENT_KINDS` or ``control`` (a button, a list to choose from). ``path`` is the DOM path by
    tag names. ``words`` are the class, id and role words of the block's element and its ancestors, nearest first.
    ``link_share`` is the share of its characters that stand in links, 0 to 1. ``hidden`` tells whether the markup hides
    it, ``added`` whether it comes from the page's data and not from its visible markup.
    """

    start: int
    end: int
    kind: str = "paragraph"
    path: str = ""
    words: tuple[str, ...] = ()
    link_share: float = 0.0
    hidden: bool = False
    added: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The elements that a page's blocks stand in, for judges that look at structure.

    Elements are numbered in the order of their start tags, 0 is the page: ``tags`` holds what their start tags say,
    ``parents`` the numbers of their parents (-1 for the page). The other lists have one entry for each block: ``elements``
    the number of the innermost element that is no inline element, ``inline`` the start tag of an inline element that the
    block begins with (or ``""``), ``linked`` and ``bold`` its characters in links and in bold type, ``breaks`` its line
    breaks, ``images`` the images in it or straight before it. ``markup`` is the page as it was read, for extractors that
    read it themselves.
    """

    tags: Sequence[Tag]
    parents: Sequence[int]
    elements: Sequence[int]
    inline: Sequence[str]
    linked: Sequence[int]
    bold: Sequence[int]
    breaks: Sequence[int]
    images: Sequence[int]
    markup: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to clean. The text is never changed.

    ``language`` is a lower-case ISO 639-1 code where the record states one. ``title`` is the page's title where known.
    ``blocks`` is empty and ``layout`` None for plain text. ``raw_sha256`` is the digest of the raw page that the text was
    read from.
    """

    text: str
    id: str = ""
    source: Source = field(default_factory=Source)
    language: str | None = None
    title: str = ""
    blocks: tuple[Block, ...] = ()
    layout: Layout | None = field(default=None, compare=False, repr=False)
    raw_sha256: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def block_texts(self) -> list[str]:
        """The text of each block."""
        text = self.text
        return [text[block[0] : block[1]] for block in self.blocks]


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
