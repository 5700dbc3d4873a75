"""Fits the judge of page content: ``python -m cleaner.training_content PAGES.jsonl.zst --output content.json``.

PAGES has a row for each page: ``url``, ``html`` and ``main_content``, the text that is the page's content. Two
models come of it: weights of the class, id and role words of elements (a logistic regression, fitted by site out of
fold, so that the second does not trust them more than it should), and trees over all measures of a block, with
those weights among them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import orjson
from numpy.typing import NDArray

from cleaner import tags
from cleaner.alignment import kept_shares, words_of
from cleaner.blocks import matrix, measure
from cleaner.document import Document
from cleaner.formats.html import read_page
from cleaner.stages.content_judges import WordWeights, expected_best
from cleaner.train import FOLDS, Rows, Settings, fit, fold_of, write

THRESHOLDS = {"sure": 0.5, "least": 0.6}
"""How strictly a page with certain content is judged (see ``expected_best``)."""
SETTINGS = Settings(trees=100, leaves=31, rate=0.1, smallest_leaf=80, feature_fraction=0.35, l2=5.0)
FEATURES: tuple[str, ...] = ()

_LEAST_SITES = 10
_LEAST_WEIGHT = 0.08
_PLACES = ("own", "parent", "grandparent", "around")
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "gob", "gouv"})

Weights = dict[str, tuple[float, float, float, float]]


@dataclass(frozen=True)
class Page:
    """A labelled page: its document, the share of each block's words that are content, and the words of the gold."""

    document: Document
    shares: Sequence[float]
    gold: str
    site: str
    kind: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def site_of(url: str) -> str:
    """Return the registered name of a page's host, so that one site's pages stay together."""
    labels = (urlsplit(url).hostname or url).lower().split(".")
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def read_pages(path: Path) -> Iterator[Page]:
    """Read labelled pages from a JSONL file, compressed or not."""
    for row in read_rows(path):
        document = read_page(row["html"], url=row.get("url", ""))
        texts = [document.text[block.start : block.end] for block in document.blocks]
        gold = row["main_content"]
        facts = {key: value for key, value in row.items() if key != "html"}
        yield Page(
            document,
            kept_shares(texts, gold),
            gold,
            site_of(row.get("url") or row["id"]),
            row.get("page_type", ""),
            facts,
        )


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read the rows of a JSONL file, compressed with zstd or not."""
    import io

    import zstandard

    with path.open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else file
        for line in io.BufferedReader(stream):
            yield orjson.loads(line)


def weights_of(page: Page) -> NDArray[np.float64]:
    """Return how much each block of a page counts: by its words, so that every page counts about the same."""
    texts = [page.document.text[block.start : block.end] for block in page.document.blocks]
    words = np.array([len(words_of(text)) for text in texts], dtype=np.float64)
    total = 0.5 * len(words_of(page.gold)) + 0.1 * words.sum() + 50
    weights: NDArray[np.float64] = np.minimum(1.0, words / total) + 0.15 / max(1, len(words))
    return weights


# --- words of elements -----------------------------------------------------------------------------------------------


def element_words(tag: tags.Tag) -> list[str]:
    """Return the words that weigh for an element: its name and what it calls itself."""
    return [f"<{tag.name}>", *tag.words]


class _Evidence:
    """The words around every kind of block, with the weight of content and of the rest there."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[str, int]]] = []
        self.sites: list[str] = []
        self.good: list[float] = []
        self.bad: list[float] = []

    def add(self, page: Page) -> None:
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


def fit_words(evidence: _Evidence, chosen: NDArray[np.bool_]) -> Weights:
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


# --- trees -----------------------------------------------------------------------------------------------------------


def rows_of(pages: Sequence[Page], tables: Sequence[Weights], features: Sequence[str] = ()) -> Rows:
    """Return the measures of all blocks; ``tables`` has word weights for each fold, fitted without it."""
    parts: list[NDArray[np.float32]] = []
    names = tuple(features)
    for page in pages:
        if not page.document.blocks:
            continue
        columns = measure(page.document, WordWeights(tables[fold_of(page.site)]).score)
        names = names or tuple(columns)
        parts.append(matrix(columns, names))
    used = [page for page in pages if page.document.blocks]
    return Rows(
        names,
        np.concatenate(parts),
        np.concatenate([np.asarray(page.shares, dtype=np.float64) for page in used]),
        np.concatenate([weights_of(page) for page in used]),
        np.array([fold_of(page.site) for page in used for _ in page.shares]),
    )


def score_pages(pages: Sequence[Page], probabilities: NDArray[np.float64]) -> dict[str, list[float]]:
    """Return the F1 by words of each page, by kind of page, for probabilities in the order of :func:`rows_of`."""
    scores: dict[str, list[float]] = {"all": []}
    position = 0
    for page in pages:
        size = len(page.document.blocks)
        own = probabilities[position : position + size]
        position += size
        text = ""
        if size:
            texts = [page.document.text[block.start : block.end] for block in page.document.blocks]
            words = np.array([len(part.split()) for part in texts], dtype=np.float64)
            kept = expected_best(own, words, **THRESHOLDS)
            text = "\n".join(part for part, is_kept in zip(texts, kept, strict=True) if is_kept)
        scores["all"].append(word_f1(text, page.gold))
        scores.setdefault(page.kind or "page", []).append(scores["all"][-1])
    return scores


def word_f1(found: str, gold: str) -> float:
    """Return the F1 by words of a text against the gold, words counted without regard to order."""
    first, second = Counter(words_of(found)), Counter(words_of(gold))
    if not first and not second:
        return 1.0
    return 2 * (first & second).total() / (first.total() + second.total())


def _tables(pages: Sequence[Page]) -> tuple[_Evidence, list[Weights]]:
    evidence = _Evidence()
    for page in pages:
        if page.document.blocks:
            evidence.add(page)
    folds = np.array([fold_of(site) for site in evidence.sites])
    return evidence, [fit_words(evidence, folds != number) for number in range(FOLDS)]


def out_of_fold(pages: Sequence[Page]) -> NDArray[np.float64]:
    """Return for all blocks, in order, the probability that a judge gives which saw no page of their site."""
    rows = rows_of(pages, _tables(pages)[1], FEATURES)
    return fit(rows, "content", SETTINGS, {}, {}).probabilities


def train(source: Path, output: Path, date: str) -> dict[str, float]:
    """Fit the judge to the pages in ``source``, write it, and return the mean F1 by kind of page, by fold."""
    pages = list(read_pages(source))
    print(f"{len(pages)} pages, {sum(len(page.shares) for page in pages)} blocks", file=sys.stderr)
    evidence, tables = _tables(pages)
    words = fit_words(evidence, np.ones(len(evidence.sites), dtype=bool))
    rows = rows_of(pages, tables, FEATURES)
    card = {"data": source.name, "pages": len(pages), "date": date, "folds": FOLDS}
    fitted = fit(rows, "content", SETTINGS, THRESHOLDS, card)
    scores = {kind: float(np.mean(values)) for kind, values in score_pages(pages, fitted.probabilities).items()}
    table = {**fitted.table, "words": words}
    table["card"] = {**card, "f1": {kind: round(value, 4) for kind, value in sorted(scores.items())}}
    write(table, output)
    return scores


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m cleaner.training_content", description="Fit the judge of page content."
    )
    parser.add_argument("pages", type=Path, help="JSONL with url, html, main_content; may be compressed with zstd")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--date", default="", help="the date that the model's card states")
    options = parser.parse_args(arguments)
    for kind, value in sorted(train(options.pages, options.output, options.date).items()):
        print(f"{kind:16}{value:.4f}")


if __name__ == "__main__":
    main()
