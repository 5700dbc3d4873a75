"""What a start tag says: its name, its words, whether it hides what it holds. Read once for each spelling."""

from __future__ import annotations

import re
from typing import NamedTuple

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
