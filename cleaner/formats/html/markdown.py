"""Markdown: the signs of headings, lists, quotes, tables and code, as edits like all others.

The signs are put into the clean text and recorded in the ledger with the category ``markup``, so that the page's text
comes back from Markdown as from plain text, and every offset is one of the linearised page either way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cleaner.document import Block, Document
from cleaner.errors import InvariantError
from cleaner.ledger import Cleaned, Edit, apply, digest, restore

MARKUP = "markup"
"""The category of edits that only put signs of Markdown into a text. No policy names it."""
_BECAUSE = "Writes what the page's markup says as Markdown."
_LISTS = frozenset({"ul", "ol", "menu"})


def as_markdown(cleaned: Cleaned) -> Cleaned:
    """Return a cleaned page with its text as Markdown. A document without blocks comes back as it is.

    Raises:
        InvariantError: the original cannot be restored from the result.
    """
    document = cleaned.document
    if not document.blocks:
        return cleaned
    signs = [
        Edit(
            start,
            end,
            document.text[start:end],
            inserted,
            MARKUP,
            "markdown",
            f"{MARKUP}/any/{kind}",
            _BECAUSE,
            1.0,
            (),
        )
        for start, end, inserted, kind in _signs(document, cleaned.ledger.edits)
        if inserted
    ]
    # What is put in at a place comes before what is taken away from there on.
    edits = tuple(sorted((*cleaned.ledger.edits, *signs), key=lambda edit: (edit.start, edit.end)))
    text = apply(document.text, edits)
    if restore(text, edits) != document.text:
        raise InvariantError(f"the document {document.id!r} cannot be restored from Markdown")
    return replace(cleaned, text=text, ledger=replace(cleaned.ledger, edits=edits, clean_sha256=digest(text)))


def _signs(document: Document, edits: Sequence[Edit]) -> Iterator[tuple[int, int, str, str]]:
    """Give the signs to put in, in order: the span that they replace, mostly empty, the signs, and the block's kind."""
    left = list(_left(document, edits))
    starts = [edit.start for edit in edits]
    rows = _rows(document)
    cells, heads = 0, False
    for place, (number, start, end) in enumerate(left):
        block = document.blocks[number]
        kind = block.kind.replace(" ", "-")
        before, after, hanging = _around(block)
        previous = left[place - 1] if place else None
        following = left[place + 1] if place + 1 < len(left) else None
        if rows[number] >= 0:
            if previous is not None and _joined(rows, previous, (number, start, end), starts):
                yield previous[2], start, " | ", kind
                before, cells = "", cells + 1
            else:
                cells, heads = 1, previous is None or rows[previous[0]] < 0
            if following is not None and _joined(rows, (number, start, end), following, starts):
                after = ""
            elif heads:
                # A table of Markdown has a line below its first row.
                after += "\n" + "|" + " --- |" * cells
        if previous is not None and (before or rows[number] < 0):
            before = "\n" * _close(document.blocks[previous[0]], block) + before
        yield start, start, before, kind
        if hanging:
            for line_end in range(start, end):
                if document.text[line_end] == "\n":
                    yield line_end + 1, line_end + 1, hanging, kind
        yield end, end, after, kind


def _joined(
    rows: Sequence[int], first: tuple[int, int, int], second: tuple[int, int, int], starts: Sequence[int]
) -> bool:
    """Tell whether two blocks are cells of one row with nothing removed between them."""
    if rows[first[0]] != rows[second[0]] or rows[first[0]] < 0:
        return False
    return bisect_left(starts, first[2]) == bisect_left(starts, second[1])


def _rows(document: Document) -> list[int]:
    """Return for each block the number of the table row whose cell it is, or -1."""
    layout = document.layout
    if layout is None:
        return [-1] * len(document.blocks)
    return [layout.parents[element] if layout.tags[element].name in ("td", "th") else -1 for element in layout.elements]


def _left(document: Document, edits: Sequence[Edit]) -> Iterator[tuple[int, int, int]]:
    """Give the number of each block that is left, with the span from its first to its last remaining code point."""
    place = 0
    for number, block in enumerate(document.blocks):
        start, end = block.start, block.end
        while place < len(edits) and edits[place].end <= start:
            place += 1
        index = place
        while index < len(edits) and edits[index].start <= start < edits[index].end:
            start = edits[index].end
            index += 1
        last = index
        while last < len(edits) and edits[last].start < end:
            last += 1
        while last > index and edits[last - 1].end >= end:
            last -= 1
            end = edits[last].start
        if start < end:
            yield number, start, end


def _around(block: Block) -> tuple[str, str, str]:
    """Return what stands before a block, after it, and at the start of each further line of it."""
    parts = block.path.split("/")
    if block.kind == "heading":
        level = next(
            (part[1] for part in reversed(parts) if len(part) == 2 and part[0] == "h" and part[1].isdigit()), "2"
        )
        return f"{'#' * int(level)} ", "", ""
    if block.kind == "list item":
        depth = sum(part in _LISTS for part in parts)
        ordered = next((part == "ol" for part in reversed(parts) if part in _LISTS), False)
        indent = "  " * max(0, depth - 1)
        return f"{indent}{'1.' if ordered else '-'} ", "", f"{indent}  "
    if block.kind == "quote":
        return "> ", "", "> "
    if block.kind == "table":
        return "| ", " |", ""
    if block.kind == "code":
        return "```\n", "\n```", ""
    return "", "", ""


def _close(previous: Block, block: Block) -> int:
    """Return the line ends between two blocks beyond the one that the text has."""
    return 0 if previous.kind == block.kind and block.kind in ("list item", "table") else 1
