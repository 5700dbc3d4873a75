"""Measures of a page's blocks, all blocks at once: their text, links, place, containers, neighbours and repetition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import tags
from cleaner.block_containers import LEVELS, Row, measure_containers, measure_places
from cleaner.block_counts import Counts
from cleaner.document import Document, Layout
from cleaner.elements import FAR, GROUPS, Elements, elements_of
from cleaner.pages import exact

REACH = 3
"""Neighbours on either side that are measured."""
_TITLE_WORDS = 40
_GRID = 1 << 12
_WORD = re.compile(r"[^\W_]+")

WordScore = Callable[[tags.Tag], tuple[float, float, float, float]]
"""What an element's words say of its blocks, its children's, its grandchildren's and of all inside it, in logits."""

_KINDS = ("heading", "list item", "table", "quote", "code", "control")
_INLINE = ("a", "b", "strong", "em", "i", "span", "time", "small", "label", "input")


def measure(document: Document, score: WordScore) -> dict[str, Row]:
    """Return the measures of a document's blocks by name, one number for each block.

    ``score`` gives the weights of class words; a judge brings its own. The document must have blocks and a layout.
    """
    layout = document.layout
    assert layout is not None
    elements = elements_of(layout, LEVELS)
    columns: dict[str, Row] = {}
    base = Counts(document, layout)
    _own(base, document, layout, elements, columns)
    _title(base, document, elements, columns)
    _long(base, columns)
    measure_containers(base, elements, columns)
    measure_places(base, elements, columns)
    for place, group in enumerate(GROUPS):
        columns[f"inside {group}"] = elements.distances[:, place]
    _words(elements, layout, score, columns)
    _neighbours(base, elements, columns)
    _page(base, elements, columns)
    return columns


def matrix(columns: dict[str, Row], features: Iterable[str]) -> NDArray[np.float32]:
    """Return chosen measures as the matrix that a model takes."""
    return np.stack([columns[name] for name in features], axis=1).astype(np.float32)


def word_counts(words: NDArray[Any]) -> NDArray[np.float64]:
    """Return the numbers of words that the measure ``words`` was made of."""
    counts: NDArray[np.float64] = np.rint(np.expm1(words.astype(np.float64)))
    return counts


def _own(base: Counts, document: Document, layout: Layout, elements: Elements, columns: dict[str, Row]) -> None:
    counts, characters = base.counts, base.characters
    letters = np.maximum(1, counts[:, 1] + counts[:, 2] + counts[:, 8])
    columns["words"] = np.log1p(base.words)
    columns["characters"] = np.log1p(characters)
    columns["link share"] = base.link
    columns["bold share"] = np.minimum(1.0, np.asarray(layout.bold) / characters)
    columns["line breaks"] = np.minimum(20, np.asarray(layout.breaks))
    columns["images before"] = np.minimum(10, np.asarray(layout.images))
    columns["digit share"] = counts[:, 3] / characters
    columns["capital share"] = counts[:, 2] / letters
    columns["stops"] = np.log1p(counts[:, 5])
    columns["stops per word"] = counts[:, 5] / base.words
    columns["commas per word"] = counts[:, 6] / base.words
    columns["signs"] = np.log1p(counts[:, 7])
    columns["word length"] = (characters - counts[:, 4]) / base.words
    columns["wide share"] = counts[:, 8] / characters
    blocks = document.blocks
    kinds = [block.kind for block in blocks]
    for kind in _KINDS:
        columns[f"is {kind}"] = np.array([other == kind for other in kinds], dtype=np.float32)
    own = elements.ancestors[:, 0].tolist()
    names = [elements.tags[element].name for element in own]
    columns["heading level"] = np.array([_heading_level(name) for name in names], dtype=np.float32)
    columns["paragraph element"] = np.array([name == "p" for name in names], dtype=np.float32)
    columns["hidden"] = np.array([block.hidden for block in blocks], dtype=np.float32)
    inline = [tags.read(tag).name if tag else "" for tag in layout.inline]
    columns["begins inline"] = np.array([_INLINE.index(name) + 1 if name in _INLINE else 0 for name in inline])
    last = [text[-1] for text in base.texts]
    columns["ends with stop"] = np.array([_ending(character) for character in last])
    first = [text[0] for text in base.texts]
    columns["begins with"] = np.array([_beginning(character) for character in first])
    repeats = Counter(base.texts)
    columns["repeats"] = np.array([min(9, repeats[text]) for text in base.texts])
    columns["own elements"] = np.array([len(elements.tags[element].words) for element in own])


def _heading_level(name: str) -> int:
    return int(name[1]) if len(name) == 2 and name[0] == "h" and name[1].isdigit() else 0


def _ending(character: str) -> int:
    return 2 if character in '.!?…。！？।۔؟"”»)' else 1 if character in ":,;" else 0


def _beginning(character: str) -> int:
    return 3 if character.isdigit() else 2 if character.isupper() else 1 if character.isalpha() else 0


def _title(base: Counts, document: Document, elements: Elements, columns: dict[str, Row]) -> None:
    wanted = set(_WORD.findall(document.title.lower()))
    size = base.size
    share, cover = np.zeros(size), np.zeros(size)
    short = np.flatnonzero(base.words <= _TITLE_WORDS).tolist()
    if wanted:
        for block in short:
            words = set(_WORD.findall(base.texts[block].lower()))
            common = len(words & wanted)
            if common:
                share[block] = common / len(words)
                cover[block] = common / len(wanted)
    columns["title share"], columns["title cover"] = share, cover
    level = columns["heading level"]
    main = share * cover + 0.3 * (level == 1) + 0.15 * (level == 2) - 0.2 * (base.link > 0.5)
    place = int(np.argmax(main)) if size and main.max() > 0.3 else -1
    index = np.arange(size)
    columns["title known"] = np.full(size, float(place >= 0))
    columns["blocks from title"] = np.clip(index - place, -300, 300) if place >= 0 else np.zeros(size)
    before = base.total_words[:-1]
    columns["words from title"] = _signed_log(before - before[place]) if place >= 0 else np.zeros(size)
    firsts = np.flatnonzero(level == 1)
    columns["blocks from h1"] = np.clip(index - firsts[0], -300, 300) if len(firsts) else np.full(size, -301)
    columns["title depth"] = _shared_depth(elements, place) if place >= 0 else np.zeros(size)
    headings = np.where(level > 0, index, -1)
    nearest = np.maximum.accumulate(headings)
    columns["blocks from heading"] = np.where(nearest >= 0, np.minimum(60, index - nearest), 61)
    columns["last heading level"] = np.where(nearest >= 0, level[np.maximum(nearest, 0)], 0)


def _shared_depth(elements: Elements, place: int) -> NDArray[np.float64]:
    """Return how many steps lie between each block's element and the innermost one that it shares with a block."""
    row = elements.ancestors[place]
    steps: NDArray[np.float64] = np.isin(elements.ancestors, row).argmax(axis=1).astype(np.float64)
    return steps


def _signed_log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sign(values) * np.log1p(np.abs(values))


def _long(base: Counts, columns: dict[str, Row]) -> None:
    size, index = base.size, np.arange(base.size)
    columns["running text"] = base.long
    places = np.flatnonzero(base.long)
    before = base.total_words[:-1]
    if not len(places):
        for name in ("blocks to text before", "blocks to text after", "words to first text", "words to last text"):
            columns[name] = np.full(size, 301.0)
        columns["text before"] = np.zeros(size)
        return
    last = np.maximum.accumulate(np.where(base.long, index, -1000))
    following = np.minimum.accumulate(np.where(base.long, index, size + 1000)[::-1])[::-1]
    columns["blocks to text before"] = np.minimum(300, index - last)
    columns["blocks to text after"] = np.minimum(300, following - index)
    columns["words to first text"] = _signed_log(before - before[places[0]])
    columns["words to last text"] = _signed_log(before - before[places[-1]])
    columns["text before"] = base.total_long[:-1] / base.all_long


def _words(elements: Elements, layout: Layout, score: WordScore, columns: dict[str, Row]) -> None:
    known: dict[tags.Tag, tuple[float, float, float, float]] = {}
    scores = np.zeros((len(elements.tags), 4))
    for element, tag in enumerate(elements.tags):
        found = known.get(tag)
        if found is None:
            found = known[tag] = score(tag)
        scores[element] = found
    ancestors = elements.ancestors
    deep = ancestors.shape[1]
    columns["own words"] = scores[ancestors[:, 0], 0]
    columns["parent words"] = scores[ancestors[:, min(1, deep - 1)], 1]
    columns["grandparent words"] = scores[ancestors[:, min(2, deep - 1)], 2]
    inside = scores[:, 3][ancestors]
    # The root fills the rows up, and says nothing.
    inside[ancestors == 0] = 0.0
    columns["words around"] = inside.sum(axis=1)
    columns["worst word around"] = inside.min(axis=1)
    columns["best word around"] = inside.max(axis=1)
    inline = [score(tags.read(tag))[0] if tag else 0.0 for tag in layout.inline]
    columns["inline words"] = np.array(inline)
    columns["all words"] = (
        columns["own words"]
        + columns["parent words"]
        + columns["grandparent words"]
        + columns["words around"]
        + columns["inline words"]
    )


def _neighbours(base: Counts, elements: Elements, columns: dict[str, Row]) -> None:
    size = base.size
    watched = {
        "words": (columns["words"], 0.0),
        "link share": (base.link, 1.0),
        "running text": (base.long.astype(np.float64), 0.0),
        "all words": (columns["all words"], 0.0),
        "heading": (columns["heading level"], 0.0),
        "place": (elements.signatures.astype(np.float64), -1.0),
    }
    for name, (values, beyond) in watched.items():
        padded = np.full(size + 2 * REACH, beyond)
        padded[REACH : REACH + size] = values
        for step in range(-REACH, REACH + 1):
            if step == 0 or (name in ("heading", "place") and abs(step) > 1):
                continue
            other = padded[REACH + step : REACH + step + size]
            label = f"{name} {'after' if step > 0 else 'before'} {abs(step)}"
            columns[label] = (other == values) if name == "place" else other
    window = np.minimum(size, np.arange(size) + 11), np.maximum(0, np.arange(size) - 10)
    words = base.total_words[window[0]] - base.total_words[window[1]]
    columns["text nearby"] = (base.total_long[window[0]] - base.total_long[window[1]]) / words
    columns["links nearby"] = (base.total_linked[window[0]] - base.total_linked[window[1]]) / words


def _page(base: Counts, elements: Elements, columns: dict[str, Row]) -> None:
    size = base.size
    facts = {
        "page words": np.log1p(base.all_words),
        "page blocks": np.log1p(size),
        "page links": base.total_linked[-1] / base.all_words,
        "page text": base.all_long / base.all_words,
        "page running blocks": np.log1p(base.long.sum()),
        "page longest": np.log1p(base.words.max()),
        "page headings": np.log1p((columns["heading level"] > 0).sum()),
        "page first headings": min(9, int((columns["heading level"] == 1).sum())),
        "page lists": columns["is list item"].mean(),
        "page tables": columns["is table"].mean(),
        "page controls": columns["is control"].mean(),
        "page hidden": columns["hidden"].mean(),
        "page digits": base.counts[:, 3].sum() / base.characters.sum(),
        "page all words": float(exact(columns["all words"], _GRID) @ base.words) / base.all_words,
        "page kinds of place": len(np.unique(elements.signatures)) / size,
    }
    shares = base.words @ (elements.distances < FAR) / base.all_words
    facts |= {f"page in {group}": share for group, share in zip(GROUPS, shares.tolist(), strict=True)}
    for name, value in facts.items():
        columns[name] = np.full(size, float(value))
