"""What a start tag says: its name, its words, whether it hides what it holds. Read once for each spelling."""

from __future__ import annotations

import re
from typing import NamedTuple

INLINE = frozenset(
    "a abbr acronym area b base bdi bdo big cite code col data del dfn em embed font i img input ins kbd label "
    "link map mark math meta menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot "
    "mrow ms mspace msqrt mstyle msub msubsup msup mtext munder munderover nobr option optgroup param picture q "
    "rb rp rt rtc ruby s samp semantics slot small source span strike strong sub sup time track tt u var wbr".split()
)
"""Elements that do not part the text around them. All others, unknown ones included, begin and end a block."""
VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())
_PARTING = frozenset({"option", "label", "rt", "rp", "optgroup"})

OPEN, CLOSE, RULE, INLINE_OPEN, LINK_OPEN, LINK_CLOSE, BOLD_OPEN, BOLD_CLOSE, BREAK, IMAGE, PART, NOTHING = range(12)
"""What a tag does to the text that is being read."""

_NAME = re.compile(r"<([^ \t\n\f\r/>]+)")
_WORDS = re.compile(r' (?:class|id|role|itemprop|itemtype|data-testid)="([^"]*)"', re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(
    r' hidden(?:=""|="hidden"|[ >])| aria-hidden="true"| style="[^"]*(?:display:\s*none|visibility:\s*hidden)',
    re.IGNORECASE,
)
_MOST_CACHED = 40_000
_LONGEST_WORDS, _LONGEST_TAG = 12, 2_000


class Tag(NamedTuple):
    """A start tag as read. ``words`` are the words of its class, id and role, lower case, each once."""

    name: str
    words: tuple[str, ...]
    hidden: bool


_cache: dict[str, Tag] = {}


def read(tag: str) -> Tag:
    """Return what a start tag says that was written by the parser: lower-case name, double quotes."""
    known = _cache.get(tag)
    if known is None:
        if len(_cache) >= _MOST_CACHED:
            _cache.clear()
        known = _cache[tag] = _read(tag)
    return known


def _read(tag: str) -> Tag:
    found = _NAME.match(tag)
    name = found.group(1) if found else ""
    tag = tag[:_LONGEST_TAG]
    words: dict[str, None] = {}
    for value in _WORDS.findall(tag):
        for word in _WORD.findall(value):
            if 2 <= len(word) <= 24:
                words[word.lower()] = None
    return Tag(name, tuple(words)[:_LONGEST_WORDS], _HIDDEN.search(tag) is not None)


def _actions() -> dict[str, int]:
    special = {"a": LINK_OPEN, "b": BOLD_OPEN, "strong": BOLD_OPEN, "br": BREAK, "img": IMAGE, "hr": RULE}
    ends = {"a": LINK_CLOSE, "b": BOLD_CLOSE, "strong": BOLD_CLOSE}
    actions: dict[str, int] = {}
    for name in INLINE | VOID:
        actions[name] = special.get(name, NOTHING if name in VOID else PART if name in _PARTING else INLINE_OPEN)
        actions[f"/{name}"] = ends.get(name, NOTHING)
    return actions


ACTIONS = _actions()
"""By the name of a tag, with ``/`` before that of an end tag: what it does. All others open and close a block."""
