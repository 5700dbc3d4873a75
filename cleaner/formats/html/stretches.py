"""A well-formed body to stretches: the text between two tags that begin or end a block, and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BREAK = "\0"
"""What stands for a line break in a stretch; what a body has of it already is replaced."""

_PIECES = re.compile(
    r'(<!--.*?-->|<\?[^>]*+>|<(/?[a-zA-Z][^ \t\n\f\r/>]*+)(?: =?[^ \t\n\f\r=/>]*+(?:="[^"]*+")?+)*+>)', re.DOTALL
)
_INLINE = frozenset(
    "a abbr acronym area b base bdi bdo big cite code col data del dfn em embed font i img input ins kbd label "
    "link map mark math meta menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot "
    "mrow ms mspace msqrt mstyle msub msubsup msup mtext munder munderover nobr option optgroup param picture q "
    "rb rp rt rtc ruby s samp semantics slot small source span strike strong sub sup time track tt u var wbr".split()
)
"""Elements that do not part the text around them. All others, unknown ones included, begin and end a block."""
_VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())
_PARTING = frozenset({"option", "label", "rt", "rp", "optgroup"})

OPEN, CLOSE, RULE, LINK_OPEN, BOLD_OPEN, INLINE_OPEN, LINK_CLOSE, BOLD_CLOSE, LINE_BREAK, IMAGE, PART, NOTHING = range(
    12
)
"""What a tag does to the text that is being read. Those up to ``RULE`` part it; then those that begin an inline element."""


class Stretch(NamedTuple):
    """Text that no block tag parts, with :data:`BREAK` for line breaks and white space as it stands in the markup.

    ``inline`` is the start tag of an inline element that it begins with (or ``""``), ``linked`` and ``bold`` count its
    characters in links and in bold type, ``images`` the images in it or straight before it.
    """

    text: str
    inline: str
    linked: int
    bold: int
    images: int


def _actions() -> dict[str, int]:
    special = {"a": LINK_OPEN, "b": BOLD_OPEN, "strong": BOLD_OPEN, "br": LINE_BREAK, "img": IMAGE, "hr": RULE}
    ends = {"a": LINK_CLOSE, "b": BOLD_CLOSE, "strong": BOLD_CLOSE}
    actions: dict[str, int] = {}
    for name in _INLINE | _VOID:
        actions[name] = special.get(name, NOTHING if name in _VOID else PART if name in _PARTING else INLINE_OPEN)
        actions[f"/{name}"] = ends.get(name, NOTHING)
    return actions


_ACTIONS = _actions()
"""By the name of a tag, with ``/`` before that of an end tag: what it does. All others open and close a block."""


def read_stretches(body: str) -> Iterator[tuple[Stretch | None, int, str, str]]:
    """Yield every tag that parts the text: the stretch before it (None where that is blank), what the tag does (``OPEN``,
    ``CLOSE`` or ``RULE``), its markup and its name. The end of the body counts as a rule.
    """
    pieces = _PIECES.split(body.replace(BREAK, "\ufffd") if BREAK in body else body)
    actions = _ACTIONS
    links = bolds = linked = bold = images = 0
    buffer = [pieces[0]]
    blank = not pieces[0].strip()
    inline, after_link = "", False
    # One loop with local names: a page has thousands of tags, and a call for each would take as long as all else here.
    for markup, name, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if name is None:
            action = NOTHING
        elif name in actions:
            action = actions[name]
        else:
            # An element that nobody knows parts the text, as most that are made by scripts do.
            action = CLOSE if name[0] == "/" else OPEN
        if action <= RULE:
            if blank:
                yield None, action, markup, name
            else:
                yield Stretch("".join(buffer), inline, linked, bold, images), action, markup, name
                images = 0
            buffer.clear()
            linked = bold = 0
            inline, blank, after_link = "", True, False
        elif action <= INLINE_OPEN:
            if blank and not inline:
                inline = markup
            if action == LINK_OPEN:
                # Links in a row are as good as parted, whatever the style sheet does.
                if after_link:
                    buffer.append(" ")
                links += 1
            elif action == BOLD_OPEN:
                bolds += 1
        elif action == LINK_CLOSE:
            links = max(0, links - 1)
            after_link = True
        elif action == BOLD_CLOSE:
            bolds = max(0, bolds - 1)
        elif action == LINE_BREAK:
            buffer.append(BREAK)
        elif action == IMAGE:
            images += 1
        elif action == PART:
            buffer.append(" ")
        if text:
            buffer.append(text)
            after_link = False
            if blank or links or bolds:
                size = len(text.strip())
                if size:
                    blank = False
                    if links:
                        linked += size
                    if bolds:
                        bold += size
    yield None if blank else Stretch("".join(buffer), inline, linked, bold, images), RULE, "", ""
