"""A well-formed body to text: every text node in reading order, one block a line, with the elements around it."""

from __future__ import annotations

import re

from cleaner import tags
from cleaner.document import Block, Layout
from cleaner.errors import RecordError

_PIECES = re.compile(
    r'(<!--.*?-->|<\?[^>]*+>|<(/?[a-zA-Z][^ \t\n\f\r/>]*+)(?: =?[^ \t\n\f\r=/>]*+(?:="[^"]*+")?+)*+>)', re.DOTALL
)
_BREAK = "\0"
_BREAKS = re.compile("\0[\\s\0]*\0")
_MOST_ELEMENTS = 500_000
_DEEPEST = 250
"""Elements nested deeper than this count as part of the last one."""
_MOST_WORDS = 48
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list item"),
    **dict.fromkeys(("td", "th", "caption"), "table"),
    **dict.fromkeys(("pre", "listing"), "code"),
    **dict.fromkeys(("button", "select", "textarea"), "control"),
    "blockquote": "quote",
    "p": "paragraph",
}
_LASTING = frozenset({"list item", "quote"})
_PRESERVING = frozenset({"pre", "listing", "textarea"})
_CELLS = frozenset({"td", "th"})


_Element = tuple[int, str, str, str, tuple[str, ...], bool, bool]
"""An element on the way: number, name, kind, path, words, whether hidden, whether white space counts."""


class Linear:
    """A body under reading. ``text``, ``blocks`` and ``layout`` are what comes of it."""

    def __init__(self, body: str, separate_from: int = 0) -> None:
        self._parts: list[str] = []
        self._length = separate_from
        self.blocks: list[Block] = []
        self._tags: list[tags.Tag] = [tags.read("<html>")]
        self._parents: list[int] = [-1]
        self._columns: tuple[list[int], list[str], list[int], list[int], list[int], list[int]] = (
            [],
            [],
            [],
            [],
            [],
            [],
        )
        self._read(body.replace(_BREAK, "\ufffd") if _BREAK in body else body)
        self.text = "".join(self._parts)

    @property
    def layout(self) -> Layout:
        """The elements, and what each block has of links, bold type, line breaks and images."""
        return Layout(self._tags, self._parents, *self._columns)

    def _read(self, body: str) -> None:
        pieces = _PIECES.split(body)
        element: _Element = (0, "html", "paragraph", "", (), False, False)
        stack = [element]
        beyond = links = bold = 0
        buffer: list[str] = []
        linked = bolded = images = 0
        inline = ""
        blank = True
        after_link = False
        actions = tags.ACTIONS
        text = pieces[0]
        if text:
            buffer.append(text)
            blank = not text.strip()
        for place in range(1, len(pieces), 3):
            name = pieces[place + 1]
            if name is None:
                action = tags.NOTHING
            else:
                # An element that nobody knows parts the text, as most that are made by scripts do.
                action = actions.get(name, tags.CLOSE if name[0] == "/" else tags.OPEN)
            if action <= tags.RULE:
                if not blank:
                    self._add(buffer, element, inline, linked, bolded, images)
                    images = 0
                if buffer:
                    buffer = []
                linked = bolded = 0
                inline, blank, after_link = "", True, False
                if action == tags.OPEN:
                    if len(stack) > _DEEPEST:
                        beyond += 1
                    else:
                        stack.append(element)
                        element = self._open(element, pieces[place], name)
                elif action == tags.CLOSE:
                    if beyond:
                        beyond -= 1
                    elif len(stack) > 1:
                        element = stack.pop()
            elif action == tags.LINK_OPEN:
                if after_link:
                    buffer.append(" ")
                links += 1
                if blank and not inline:
                    inline = pieces[place]
            elif action == tags.LINK_CLOSE:
                links = max(0, links - 1)
                after_link = True
            elif action == tags.BOLD_OPEN:
                bold += 1
                if blank and not inline:
                    inline = pieces[place]
            elif action == tags.BOLD_CLOSE:
                bold = max(0, bold - 1)
            elif action == tags.INLINE_OPEN:
                if blank and not inline:
                    inline = pieces[place]
            elif action == tags.BREAK:
                buffer.append(_BREAK)
            elif action == tags.IMAGE:
                images += 1
            elif action == tags.PART:
                buffer.append(" ")
            text = pieces[place + 2]
            if text:
                buffer.append(text)
                after_link = False
                size = len(text.strip())
                if size:
                    blank = False
                    if links:
                        linked += size
                    if bold:
                        bolded += size
        if not blank:
            self._add(buffer, element, inline, linked, bolded, images)

    def _open(self, parent: _Element, markup: str, name: str) -> _Element:
        number = len(self._tags)
        if number >= _MOST_ELEMENTS:
            raise RecordError(
                f"the page has more than {_MOST_ELEMENTS:,} elements", "it was hardly written for readers"
            )
        tag = tags.read(markup)
        self._tags.append(tag)
        self._parents.append(parent[0])
        kind = _KINDS.get(name)
        if kind is None:
            kind = parent[2]
            if kind == "heading" and name not in ("div", "header", "hgroup"):
                kind = "paragraph"
        elif kind == "paragraph" and parent[2] in _LASTING:
            kind = parent[2]
        words = parent[4]
        if tag.words:
            words = (*tag.words, *words)[:_MOST_WORDS]
        return (
            number,
            name,
            kind,
            f"{parent[3]}/{name}" if parent[3] else name,
            words,
            parent[5] or tag.hidden,
            parent[6] or name in _PRESERVING,
        )

    def _add(self, buffer: list[str], element: _Element, inline: str, linked: int, bold: int, images: int) -> None:
        raw = "".join(buffer)
        breaks = raw.count(_BREAK)
        if "&" in raw:
            raw = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&amp;", "&")
        parts = _BREAKS.split(raw) if breaks > 1 else (raw,)
        total = max(1, len(raw))
        for part in parts:
            if element[6]:
                text = _preserved(part)
            elif breaks and _BREAK in part:
                lines = (" ".join(line.split()) for line in part.split(_BREAK))
                text = "\n".join(line for line in lines if line)
            else:
                text = " ".join(part.split())
            if text:
                share = len(part) / total
                self._block(
                    text, element, inline, round(linked * share), round(bold * share), images, part.count(_BREAK)
                )
                images = 0

    def _block(
        self, text: str, element: _Element, inline: str, linked: int, bold: int, images: int, breaks: int
    ) -> None:
        if self._length:
            self._parts.append("\n")
            self._length += 1
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        self.blocks.append(
            Block(start, self._length, element[2], element[3], element[4], min(1.0, linked / len(text)), element[5])
        )
        elements, inlines, links, bolds, line_breaks, pictures = self._columns
        elements.append(element[0])
        inlines.append(inline)
        links.append(linked)
        bolds.append(bold)
        line_breaks.append(breaks)
        pictures.append(images)


def _preserved(part: str) -> str:
    lines = [line.rstrip() for line in part.replace(_BREAK, "\n").splitlines()]
    return "\n".join(line for line in lines if line)
