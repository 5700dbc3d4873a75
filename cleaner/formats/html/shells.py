"""Pages that scripts fill: what they say to browsers without scripts, and in their data for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from cleaner.document import Layout
from cleaner.formats.html import dom
from cleaner.formats.html.linear import Linear, linearise

_BODIES = ("articleBody", "reviewBody", "text")
_MOST_VALUES = 10_000


def fill(markup: str, shown: Linear, enough: int) -> Linear:
    """Return a page that shows hardly any text, as text with what it has elsewhere.

    What ``noscript`` and frames hold takes the place of what is shown, where it is more; the text of an article in its
    JSON-LD data comes after it, as blocks marked ``added``, unless there are ``enough`` characters by then.
    """
    fallback = linearise(dom.parse_fallback(markup))
    filled = fallback if len(fallback.text) > len(shown.text) else shown
    if len(filled.text) >= enough:
        return filled
    for body in _bodies(markup):
        # The data may hold the text as markup, too.
        added = linearise(dom.parse(body.replace("\r\n", "\n").replace("\n", "<br>")).body, len(filled.text))
        if not added.text or added.text.strip() in filled.text:
            continue
        blocks = (block._replace(path="script", added=True) for block in added.blocks)
        filled = Linear(filled.text + added.text, [*filled.blocks, *blocks], _joined(filled.layout, added.layout))
    return filled


def _joined(first: Layout, second: Layout) -> Layout:
    return Layout(
        first.tags,
        first.parents,
        [*first.elements, *(0 for _ in second.elements)],
        [*first.inline, *second.inline],
        [*first.linked, *second.linked],
        [*first.bold, *second.bold],
        [*first.breaks, *second.breaks],
        [*first.images, *second.images],
    )


def _bodies(markup: str) -> Iterator[str]:
    seen: set[str] = set()
    for script in dom.scripts(markup, "application/ld+json"):
        try:
            data = orjson.loads(script)
        except orjson.JSONDecodeError:
            continue
        for body in _values(data):
            if body not in seen:
                seen.add(body)
                yield body


def _values(data: Any) -> Iterator[str]:
    waiting = [data]
    count = 0
    while waiting and count < _MOST_VALUES:
        count += 1
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key in _BODIES and isinstance(inner, str) and inner.strip():
                    yield inner
                elif isinstance(inner, dict | list):
                    waiting.append(inner)
