"""A well-formed body to text: every text node in reading order, one block a line, with the elements around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cleaner.document import Block, Layout
from cleaner.formats.html.nesting import Element, Nesting
from cleaner.formats.html.stretches import BREAK, CLOSE, OPEN, Stretch, read_stretches

_BREAKS = re.compile(rf"{BREAK}[\s{BREAK}]*{BREAK}")


@dataclass(frozen=True, slots=True)
class Linear:
    """A body as text. The offsets of its blocks are code points of ``text``, from where the text was to begin."""

    text: str
    blocks: list[Block]
    layout: Layout


def linearise(body: str, begin: int = 0) -> Linear:
    """Return a well-formed body as text, to stand behind ``begin`` code points of other text, parted from it by a line end.

    Raises:
        RecordError: the body has too many elements.
    """
    nesting = Nesting()
    writing = _Writing(begin)
    for stretch, action, markup, name in read_stretches(body):
        if stretch is not None:
            writing.add(stretch, nesting.current)
        if action == OPEN:
            nesting.open(markup, name)
        elif action == CLOSE:
            nesting.close()
    return Linear(
        "".join(writing.parts), writing.blocks, replace(writing.layout, tags=nesting.tags, parents=nesting.parents)
    )


class _Writing:
    """Text, blocks and layout on their way."""

    def __init__(self, begin: int) -> None:
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self._length = begin
        self._elements: list[int] = []
        self._inline: list[str] = []
        self._linked: list[int] = []
        self._bold: list[int] = []
        self._breaks: list[int] = []
        self._images: list[int] = []

    @property
    def layout(self) -> Layout:
        return Layout([], [], self._elements, self._inline, self._linked, self._bold, self._breaks, self._images)

    def add(self, stretch: Stretch, element: Element) -> None:
        """Write a stretch as one block, or as several where two line breaks in a row part it."""
        raw, inline, linked, bold, images = stretch
        breaks = raw.count(BREAK)
        if "&" in raw:
            raw = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&amp;", "&")
        number, kind, path, words, hidden, preserving = element
        for part in _BREAKS.split(raw) if breaks > 1 else (raw,):
            if preserving:
                text = _preserved(part)
            elif breaks and BREAK in part:
                lines = (" ".join(line.split()) for line in part.split(BREAK))
                text = "\n".join(line for line in lines if line)
            else:
                text = " ".join(part.split())
            if text:
                share = len(part) / len(raw)
                in_links = round(linked * share)
                if self._length:
                    self.parts.append("\n")
                    self._length += 1
                start = self._length
                self._length += len(text)
                self.parts.append(text)
                self.blocks.append(
                    Block(start, self._length, kind, path, words, min(1.0, in_links / len(text)), hidden)
                )
                self._elements.append(number)
                self._inline.append(inline)
                self._linked.append(in_links)
                self._bold.append(round(bold * share))
                self._breaks.append(part.count(BREAK) if breaks else 0)
                self._images.append(images)
                images = 0


def _preserved(part: str) -> str:
    lines = [line.rstrip() for line in part.replace(BREAK, "\n").splitlines()]
    return "\n".join(line for line in lines if line)
