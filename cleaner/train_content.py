"""Fits the judge of page content: ``python -m cleaner.train_content PAGES.jsonl.zst --output content.json``.

PAGES has labelled pages (:mod:`cleaner.labelled_pages`). Three things are learned: what the class, id and role words of
elements say of the blocks in them, what the blocks' own words say of them, and trees over all measures of a block, with
both among them. For the trees every block has the scores by words that its own site did not teach, so that they do not
trust these more than they should; and the words of blocks are learned again for each fold, so that no figure is of words
that were learned from the same site.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner import block_words
from cleaner.alignment import words_of
from cleaner.blocks import matrix, measure, word_counts
from cleaner.labelled_pages import Page, read_pages, weights_of
from cleaner.pages import Pages
from cleaner.stages.content_judges import WordWeights, kept_blocks
from cleaner.train import FOLDS, Fit, Rows, Settings, fit, fold_of, write
from cleaner.train_elements import Evidence, Weights, fit_words
from cleaner.train_words import Teacher, bag

THRESHOLDS = {"sure": 0.3, "least": 0.5}
"""How strictly a page with certain content is judged (see ``expected_best``)."""
SETTINGS = Settings(trees=150, leaves=31, rate=0.08, smallest_leaf=80, feature_fraction=0.35, l2=5.0)
_FEWEST_PAGES = 10


class Lesson:
    """Labelled pages with what they teach. Pages without blocks teach nothing."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = [page for page in pages if page.document.blocks]
        sizes = [len(page.document.blocks) for page in self._pages]
        self._borders = Pages(np.repeat(np.arange(len(sizes)), sizes), len(sizes))
        self._folds = np.array([fold_of(page.site) for page in self._pages])[self._borders.owners]
        self._labels = np.concatenate([np.asarray(page.shares, dtype=np.float64) for page in self._pages])
        self._weights = np.concatenate([weights_of(page) for page in self._pages])

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self._pages)

    def element_words(self) -> Weights:
        """Return what the words of elements say, by all pages."""
        return fit_words(self._evidence, np.ones(len(self._evidence.sites), dtype=bool))

    @cached_property
    def _fold_words(self) -> list[Weights]:
        """For each fold what the words of elements say, by the other folds."""
        folds = np.array([fold_of(site) for site in self._evidence.sites])
        return [fit_words(self._evidence, folds != number) for number in range(FOLDS)]

    @cached_property
    def _measured(self) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """The measures that need no words of blocks, with those of elements' words that other folds taught."""
        parts: list[NDArray[np.float32]] = []
        names: tuple[str, ...] = ()
        for page in self._pages:
            columns = measure(page.document, WordWeights(self._fold_words[fold_of(page.site)]).score)
            names = names or tuple(columns)
            parts.append(matrix(columns, names))
        return names, np.concatenate(parts)

    @cached_property
    def _teacher(self) -> Teacher:
        found = [block_words.features(page.document) for page in self._pages]
        sites = [page.site for page in self._pages for _ in page.shares]
        return Teacher(bag(found, self._borders, _FEWEST_PAGES), {"content": self._labels}, self._weights, sites)

    def _matrix(self, scores: NDArray[np.float64]) -> NDArray[np.float32]:
        names, measured = self._measured
        words = word_counts(measured[:, names.index("words")])
        columns = block_words.columns(scores[:, 0], words, self._borders)
        return np.hstack((measured, matrix(columns, block_words.NAMES)))

    def _without(self, number: int) -> tuple[NDArray[np.float32], dict[str, Any]]:
        scores, vocabulary = self._teacher.without(self._folds == number)
        return self._matrix(scores), {"vocabulary": vocabulary}

    def fit(self) -> Fit:
        """Fit the trees. The table that comes of it lacks the words of elements."""
        names = (*self._measured[0], *block_words.NAMES)
        rows = Rows(names, self._matrix(self._teacher.scores()), self._labels, self._weights, self._folds)
        fitted = fit(rows, "content", SETTINGS, THRESHOLDS, {}, without=self._without)
        return replace(fitted, table={**fitted.table, "vocabulary": self._teacher.table()})

    def fold_models(self, fitted: Fit) -> dict[int, dict[str, Any]]:
        """Return for each fold the whole model that saw no page of its sites; only the calibration is that of all."""
        shared = {"calibration": fitted.table["calibration"], "thresholds": THRESHOLDS}
        return {
            number: {**table, **shared, "words": self._fold_words[number]}
            for number, table in fitted.crossed.tables.items()
        }


def means_by_kind(kinds: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    """Return the mean of ``values``, one for each page, over ``all`` pages and over those of each of the ``kinds``."""
    found = {"all": list(values)}
    for kind, value in zip(kinds, values, strict=True):
        found.setdefault(kind or "page", []).append(value)
    return {kind: float(np.mean(own)) for kind, own in sorted(found.items())}


def kept_texts(pages: Sequence[Page], probabilities: NDArray[np.float64]) -> list[str]:
    """Return what is kept of each page's text, for ``probabilities`` of all blocks, page by page."""
    texts: list[str] = []
    position = 0
    for page in pages:
        blocks = page.document.blocks
        own = probabilities[position : position + len(blocks)]
        position += len(blocks)
        parts = page.document.block_texts
        words = np.array([len(part.split()) for part in parts], dtype=np.float64)
        kept = kept_blocks(blocks, own, words, THRESHOLDS).tolist() if blocks else []
        texts.append("\n".join(compress(parts, kept)))
    return texts


def word_f1(found: str, gold: str) -> float:
    """Return the F1 by words of a text against the gold, words counted without regard to order."""
    first, second = Counter(words_of(found)), Counter(words_of(gold))
    if not first and not second:
        return 1.0
    return 2 * (first & second).total() / (first.total() + second.total())


def train(source: Path, output: Path, date: str) -> dict[str, float]:
    """Fit the judge to the pages in ``source``, write it, and return the mean F1 by kind of page, by fold."""
    pages = list(read_pages(source))
    print(f"{len(pages)} pages, {sum(len(page.shares) for page in pages)} blocks", file=sys.stderr)
    lesson = Lesson(pages)
    fitted = lesson.fit()
    texts = kept_texts(pages, fitted.probabilities)
    means = means_by_kind(
        [page.kind for page in pages], [word_f1(text, page.gold) for text, page in zip(texts, pages, strict=True)]
    )
    f1 = {kind: round(value, 4) for kind, value in means.items()}
    card = {"data": source.name, "pages": len(pages), "date": date, "folds": FOLDS, "f1": f1}
    write({**fitted.table, "words": lesson.element_words(), "card": card}, output)
    return means


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m cleaner.train_content", description="Fit the judge of page content."
    )
    parser.add_argument("pages", type=Path, help="JSONL with url, html, main_content; may be compressed with zstd")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--date", default="", help="the date that the model's card states")
    options = parser.parse_args(arguments)
    for kind, value in train(options.pages, options.output, options.date).items():
        print(f"{kind:16}{value:.4f}")


if __name__ == "__main__":
    main()
