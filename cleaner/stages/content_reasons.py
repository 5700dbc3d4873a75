"""Why a learned judge thinks that a block is no page content, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleaner.elements import FAR
from cleaner.model import Model

_MOST = 3
_LEAST = 0.05
"""A measure that moved the score down by less, in logits, is no reason."""

_PHRASES: Mapping[str, tuple[str, str]] = {
    "words": ("{0:.0f} words long", "few words"),
    "characters": ("its length", "few characters"),
    "link share": ("much of it is links", "its place among blocks with links"),
    "bold share": ("much of it is bold", "no bold type"),
    "digit share": ("many digits", "no digits"),
    "capital share": ("many capitals", "few capitals"),
    "stops": ("its full stops", "no full stop"),
    "stops per word": ("its full stops", "no full stop"),
    "commas per word": ("its commas", "no commas"),
    "signs": ("bars, arrows and the like", "no special signs"),
    "running text": ("running text in an unusual place", "no running text"),
    "repeats": ("the same text stands on the page more than once", "it stands on the page once"),
    "hidden": ("the markup hides it", "it is shown"),
    "title share": ("it repeats the title", "it shares no words with the title"),
    "title cover": ("it repeats the title", "it shares no words with the title"),
    "blocks from title": ("far below the title", "above the title"),
    "words from title": ("far below the title", "above the title"),
    "blocks from h1": ("far below the main heading", "above the main heading"),
    "title depth": ("in another part of the page than the title", "its place beside the title"),
    "text before": ("after most of the running text", "before the running text begins"),
    "words to first text": ("after the running text", "before the running text begins"),
    "words to last text": ("after the last running text", "before the running text ends"),
    "from main text": ("after the main text", "before the main text"),
    "main text steps": ("outside the element that holds the main text", "its place in the main text"),
    "block place": ("late on the page", "early on the page"),
    "word place": ("late on the page", "early on the page"),
    "from start": ("late on the page", "early on the page"),
    "from end": ("far from the end of the page", "close to the end of the page"),
    "text words": ("its own words", "its own words are those of menus and prompts"),
    "own elements": ("its element's class words", "its element has no class words"),
}
"""How a measure reads where it is above the page's middle, and where it is not."""
_FAMILIES: tuple[tuple[str, str], ...] = (
    ("blocks from heading", "its distance from a heading"),
    ("last heading level", "the heading above it"),
    ("blocks to text", "its distance from running text"),
    ("container", "its container"),
    ("main text share", "how the page's running text is spread"),
    ("place kinds", "how often its kind of place occurs"),
    ("place", "other blocks in the same kind of place"),
    ("alike", "like elements beside it"),
    ("parent alike", "like elements beside its parent"),
    ("text nearby", "little running text nearby"),
    ("links nearby", "many links nearby"),
    ("page", "the kind of page"),
    ("depth", "its depth in the page"),
    ("is ", "its kind of element"),
    ("begins", "how it begins"),
    ("ends", "how it ends"),
)


def sentences(model: Model, rows: NDArray[np.float32], probabilities: NDArray[np.float64]) -> list[str]:
    """Return for each row a sentence with the measures that moved its score down the most."""
    place = {name: number for number, name in enumerate(model.features)}
    return [
        _sentence([(name, float(row[place[name]])) for name, share in against if share > _LEAST], float(probability))
        for row, against, probability in zip(
            rows, model.reasons(rows, 3 * _MOST, against=True), probabilities, strict=True
        )
    ]


def _sentence(against: list[tuple[str, float]], probability: float) -> str:
    phrases = list(dict.fromkeys(_phrase(feature, value) for feature, value in against))[:_MOST]
    return f"Content with a probability of {probability:.0%}: {', '.join(phrases) or 'nothing speaks for it'}."


def _phrase(feature: str, value: float) -> str:
    if feature.startswith("inside "):
        group = feature.removeprefix("inside ")
        named = f"an element with {group}" if group.endswith(" words") else f"an element of kind {group}"
        return f"inside {named}" if value < FAR else f"not inside {named}"
    if feature.startswith("container "):
        return _container(feature.split(" ", 2)[2], value)
    if feature in ("all words", "own words", "parent words", "grandparent words", "words around", "worst word around"):
        return "class words of furniture around it" if value < 0 else "no class words of content around it"
    if feature in ("best word around", "inline words"):
        return "no class words of content around it"
    if " before " in feature or " after " in feature:
        return "what stands beside it"
    if feature in _PHRASES:
        above, below = _PHRASES[feature]
        return (above if value > _MIDDLES.get(feature, 0.0) else below).format(value)
    return next((phrase for prefix, phrase in _FAMILIES if feature.startswith(prefix)), f"its {feature}")


_MIDDLES: Mapping[str, float] = {
    "words": 4.0, "characters": 6.0, "link share": 0.3, "digit share": 0.1, "capital share": 0.15, "repeats": 1.0,
    "title share": 0.3, "title cover": 0.3, "text before": 0.5, "block place": 0.5, "word place": 0.5,
    "from start": 4.0, "from end": 4.0,
}  # fmt: skip


def _container(what: str, value: float) -> str:
    if what in ("text", "text share"):
        return "almost no running text in its container" if value < 0.1 else "its container's share of the running text"
    if what == "links":
        return "mostly links in its container" if value > 0.4 else "how few links its container holds"
    if what in ("words", "page share", "block words"):
        return "few words in its container" if value < 4 else "many words in its container"
    return "its place in its container"
