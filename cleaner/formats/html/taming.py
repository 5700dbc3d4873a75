"""Makes markup that was built to exhaust a parser harmless: keeps its text, takes tags away.

An HTML5 parser needs quadratic time for very deep nesting and for tags with thousands of attributes, and quadratic
memory where hundreds of formatting elements stay open, each of which it opens again in every paragraph. Pages for
readers do not come near these bounds, and a page that does loses only tags beyond them.
"""

from __future__ import annotations

import re
from collections import Counter

_DEEPEST = 2_000
_MOST_OPEN = 200
_MOST_ATTRIBUTES = 1_500
_LONG_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9:-]*[\s/][^<>]{10000,}")
_ATTRIBUTE = re.compile(r"""[^\s=/>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_OPENING = re.compile(r"</?[a-zA-Z]+")
_TAG = re.compile(r"<(/?)([a-zA-Z]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>?")

_FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
# Each of these makes a parser look through all open elements for a paragraph to close.
_NESTING = frozenset(
    "address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer form "
    "header hgroup listing main menu nav ol pre search section summary table ul".split()
)


def tame(markup: str) -> str:
    """Return ``markup``, without the tags that are nested or left open beyond all reason. Linear in its length."""
    markup = _LONG_TAG.sub(_shortened, markup)
    if markup.count("<") <= 2 * _MOST_OPEN:
        return markup
    tags = Counter(_OPENING.findall(markup))
    nesting = sum(count for tag, count in tags.items() if tag[1:].lower() in _NESTING)
    formatting = sum(count for tag, count in tags.items() if tag[1:].lower() in _FORMATTING)
    if formatting > 2 * _MOST_OPEN and _deepest(markup, _FORMATTING) > _MOST_OPEN:
        markup = _TAG.sub(lambda tag: "" if tag.group(2).lower() in _FORMATTING else tag.group(), markup)
    if nesting > _DEEPEST and _deepest(markup, _NESTING) > _DEEPEST:
        markup = _flattened(markup)
    return markup


def _deepest(markup: str, names: frozenset[str]) -> int:
    depth = deepest = 0
    for tag in _OPENING.findall(markup):
        if tag[1] == "/":
            if tag[2:].lower() in names:
                depth = max(0, depth - 1)
        elif tag[1:].lower() in names:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _shortened(tag: re.Match[str]) -> str:
    attributes = list(_ATTRIBUTE.finditer(tag.group(), 1))
    # The first is the tag's own name.
    return tag.group() if len(attributes) <= _MOST_ATTRIBUTES else tag.group()[: attributes[0].end()]


def _flattened(markup: str) -> str:
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag.group(2).lower() not in _NESTING:
            return tag.group()
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        beyond = depth >= _DEEPEST if tag.group(1) else depth > _DEEPEST
        # A space, so that the words on both sides of a tag do not grow together.
        return " " if beyond else tag.group()

    return _TAG.sub(kept, markup)
