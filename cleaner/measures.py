"""Named numbers of a segment: what conditions in rules ask for, and what judges weigh."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass

from cleaner.cues import is_spaceless
from cleaner.document import Block

_SENTENCE_END = re.compile(r"[.!?…。！？।॥۔؟]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[」』”’）]*")
# A full stop after these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“„])(?:\w|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|etc|No|Nr|bzw|ca|z\.\s?B|d\.\s?h|u\.\s?a|Inc|Ltd|Co|Corp|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|approx|est|Abs|Art|Bd|Hr|Fr|Sra|Ud|Uds|pp|p|vgl|usw|i\.e|e\.g|U\.S|"
    r"a\.m|p\.m|тыс|руб|ул|г|т|д|им|ст|č|str|tzv|např|tj|ok|np|tzn|ul|pl)\.$"
)
_STOP_SIGNS = frozenset(".!?…。！？।॥۔؟")
_CLOSING = "\"'”’»)]」』）“"


def count_words(text: str) -> int:
    """Return the words of ``text``: runs between white space; in scripts without spaces two characters are one."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    spaceless = sum(1 for character in text if character > "\u0e00" and is_spaceless(character))
    return spaced if not spaceless else max(spaced, spaceless // 2 + spaced - 1)


def ends_with_stop(text: str) -> bool:
    """Tell whether ``text`` ends as a sentence does, closing quotes and brackets aside."""
    stripped = text.rstrip().rstrip(_CLOSING).rstrip()
    return bool(stripped) and stripped[-1] in _STOP_SIGNS


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences of one segment as spans in it, without the white space between them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if match.group()[0] == "." and _ABBREVIATION.search(text, max(0, match.start() - 12), match.start() + 1):
            continue
        following = text[end : end + 2].strip()
        if following and following[0].islower():
            continue
        spans.append((start, end))
        start = end + (len(text[end:]) - len(text[end:].lstrip()))
    if start < len(text) and text[start:].strip():
        spans.append((start, start + len(text[start:].rstrip())))
    return spans


@dataclass(frozen=True, slots=True)
class Place:
    """A segment's text and its place: ``index`` among ``total`` segments, code points ``start`` of ``length``."""

    text: str
    index: int
    total: int
    start: int
    length: int


def _share(text: str, wanted: Callable[[str], bool], of: Callable[[str], bool]) -> float:
    relevant = sum(1 for character in text if of(character))
    return sum(1 for character in text if wanted(character)) / relevant if relevant else 0.0


MEASURES: dict[str, Callable[[Place], float]] = {
    "words": lambda place: count_words(place.text),
    "characters": lambda place: len(place.text),
    "sentences": lambda place: len(sentence_spans(place.text)),
    "position": lambda place: place.start / place.length if place.length else 0.0,
    "from_start": lambda place: place.index,
    "from_end": lambda place: place.total - 1 - place.index,
    "digits": lambda place: _share(place.text, str.isdigit, str.isalnum),
    "capitals": lambda place: _share(place.text, str.isupper, str.isalpha),
}
"""Numbers that ``where`` can bound with ``min_`` and ``max_``."""

FLAGS: dict[str, Callable[[Place], bool]] = {"stop": lambda place: ends_with_stop(place.text)}
"""Properties that ``where`` can ask for with ``true`` and ``false``."""

_NEAREST_WORDS = 16
"""Of a block's class words, as many as are looked at: the outer ones say something of the whole page."""

BLOCK_WORDS: dict[str, Callable[[Block], Container[str]]] = {
    "inside": lambda block: block.path.split("/"),
    "class": lambda block: block.words[:_NEAREST_WORDS],
}
"""Words of a page's block that ``where`` can ask for: the names of the elements around it, and their class, id and role
words, nearest first. One of those asked for is enough. A segment of plain text has none."""

BLOCK_MEASURES: dict[str, Callable[[Block], float]] = {"link_share": lambda block: block.link_share}
"""Numbers of a page's block, as :data:`MEASURES`. In plain text no bound on them holds."""
