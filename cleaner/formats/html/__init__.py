"""Pages: bytes to a document whose text is every visible text node in reading order, as blocks."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from cleaner.document import Block, Document, check_text
from cleaner.errors import RecordError

MOST_BYTES = 20_000_000
"""A larger page is rejected: a parser needs some twenty times its size in memory."""
FEW_CHARACTERS = 400
"""A page that shows fewer may keep its text where only other programs look for it."""


def read_page(data: bytes | str, *, url: str = "", content_type: str = "", metadata: bool = False) -> Document:
    """Return a page as a document.

    ``data`` is the page as bytes or already decoded; ``content_type`` the server's header, which may name the encoding;
    ``metadata`` asks for title, author, date, site, canonical address and language as the page states them.

    Raises:
        RecordError: the page is too large, has too many elements, or is text with lone surrogates.
    """
    from cleaner.formats.html import dom, shells
    from cleaner.formats.html.encoding import decode
    from cleaner.formats.html.linear import linearise
    from cleaner.formats.html.taming import tame

    if len(data) > MOST_BYTES:
        raise RecordError(
            f"the page has {len(data):,} {'bytes' if isinstance(data, bytes) else 'characters'}",
            f"at most {MOST_BYTES:,} are read",
        )
    encoding = ""
    if isinstance(data, bytes):
        raw = sha256(data).hexdigest()
        markup, encoding = decode(data, content_type)
    else:
        markup = check_text(data)
        raw = sha256(markup.encode("utf-8")).hexdigest()
    markup = tame(markup)
    page = dom.parse(markup)
    linear = linearise(page.body)
    if len(linear.text) < FEW_CHARACTERS:
        linear = shells.fill(markup, linear, FEW_CHARACTERS)
    facts: dict[str, object] = {}
    if metadata:
        from cleaner.formats.html.metadata import read_metadata

        facts = read_metadata(markup, url)
        if encoding:
            facts["encoding"] = encoding
    return Document(
        linear.text,
        title=page.title,
        blocks=tuple(linear.blocks),
        layout=replace(linear.layout, markup=markup),
        raw_sha256=raw,
        metadata=facts,
    )


__all__ = ["FEW_CHARACTERS", "MOST_BYTES", "Block", "read_page"]
