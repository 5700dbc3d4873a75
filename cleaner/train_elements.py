"""Learns what the class, id and role words of elements say of the blocks in them: a logistic regression over labelled pages.

Needs the extra ``train`` (scikit-learn).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner import tags
from cleaner.labelled_pages import Page, weights_of

_LEAST_SITES = 10
_LEAST_WEIGHT = 0.08
_PLACES = ("own", "parent", "grandparent", "around")

Weights = dict[str, tuple[float, float, float, float]]
"""By word, the logits that it adds to the blocks of its element, of its children, grandchildren, and of all inside it."""


def element_words(tag: tags.Tag) -> list[str]:
    """Return the words that weigh for an element: its name and what it calls itself."""
    return [f"<{tag.name}>", *tag.words]


class Evidence:
    """The words around every kind of block, with the weight of content and of the rest there."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self.rows: list[list[tuple[str, int]]] = []
        self.sites: list[str] = []
        self.good: list[float] = []
        self.bad: list[float] = []
        for page in pages:
            if page.document.blocks:
                self._add(page)

    def _add(self, page: Page) -> None:
        layout = page.document.layout
        assert layout is not None
        weights = weights_of(page)
        # Blocks of one kind of place have the same words around them, so they make one row.
        kinds: dict[tuple[int, tags.Tag], int] = {}
        kind = [0] * len(layout.tags)
        for element in range(1, len(layout.tags)):
            key = (kind[layout.parents[element]], layout.tags[element])
            kind[element] = kinds.setdefault(key, len(kinds) + 1)
        merged: dict[tuple[int, str], list[float]] = {}
        examples: dict[tuple[int, str], tuple[int, str]] = {}
        for block, (element, inline) in enumerate(zip(layout.elements, layout.inline, strict=True)):
            place = (kind[element], " ".join(element_words(tags.read(inline))) if inline else "")
            examples.setdefault(place, (element, inline))
            both = merged.setdefault(place, [0.0, 0.0])
            both[0] += weights[block] * page.shares[block]
            both[1] += weights[block] * (1 - page.shares[block])
        for place, (good, bad) in merged.items():
            self.rows.append(_row_words(layout.tags, layout.parents, *examples[place]))
            self.sites.append(page.site)
            self.good.append(good)
            self.bad.append(bad)


def _row_words(starts: Sequence[tags.Tag], parents: Sequence[int], element: int, inline: str) -> list[tuple[str, int]]:
    row: list[tuple[str, int]] = []
    if inline:
        row += [(word, 0) for word in element_words(tags.read(inline))]
    steps = 0
    while element > 0 and steps < 40:
        words = element_words(starts[element])
        if steps < 3:
            row += [(word, steps) for word in words]
        row += [(word, 3) for word in words]
        element, steps = parents[element], steps + 1
    return row


def fit_words(evidence: Evidence, chosen: NDArray[np.bool_]) -> Weights:
    """Fit the weights of words to the chosen rows."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    sites: dict[tuple[str, int], set[str]] = {}
    indices = np.flatnonzero(chosen).tolist()
    for index in indices:
        for key in evidence.rows[index]:
            sites.setdefault(key, set()).add(evidence.sites[index])
    column = {
        key: number
        for number, key in enumerate(sorted(key for key, names in sites.items() if len(names) >= _LEAST_SITES))
    }
    pointers: list[int] = [0]
    places: list[int] = []
    values: list[int] = []
    for index in indices:
        counts = Counter(column[key] for key in evidence.rows[index] if key in column)
        places += counts.keys()
        values += (min(2, count) for count in counts.values())
        pointers.append(len(places))
    design = csr_matrix(
        (np.array(values, dtype=np.float64), np.array(places), np.array(pointers)), shape=(len(indices), len(column))
    )
    from scipy.sparse import vstack

    good, bad = np.array(evidence.good)[indices], np.array(evidence.bad)[indices]
    both = vstack([design, design]).tocsr()
    labels = np.repeat([1, 0], len(indices))
    weights = np.concatenate([good, bad])
    used = weights > 1e-6
    model = LogisticRegression(C=0.03, max_iter=40, solver="liblinear", tol=1e-2)
    model.fit(both[used], labels[used], sample_weight=weights[used] * 20)
    table: dict[str, list[float]] = {}
    for (word, place), number in column.items():
        weight = float(model.coef_[0, number])
        if abs(weight) >= _LEAST_WEIGHT:
            table.setdefault(word, [0.0] * len(_PLACES))[place] = round(weight, 2)
    return {word: (row[0], row[1], row[2], row[3]) for word, row in sorted(table.items())}
