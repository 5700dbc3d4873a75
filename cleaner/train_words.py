"""Learns the weights of words (:mod:`cleaner.word_scores`) from labelled lines: one logistic regression for each head.

Needs the extra ``train`` (scikit-learn).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import ConfigurationError
from cleaner.pages import Pages
from cleaner.train import FOLDS, fold_of
from cleaner.word_scores import BITS, Features, to_table

INNER_FOLDS = 4
_STRENGTH = 3.0
_FEWEST_DOCUMENTS = 3


@dataclass(frozen=True)
class Bag:
    """The word features of lines as a sparse matrix, scaled as a score is: a row a line, a column for each of ``numbers``."""

    matrix: Any
    numbers: NDArray[np.int64]


def bag(found: Sequence[Features], pages: Pages, fewest: int = _FEWEST_DOCUMENTS) -> Bag:
    """Return the features of all lines, document by document; those of fewer than ``fewest`` documents are left out.

    Raises:
        ConfigurationError: the extra for training is not installed.
    """
    try:
        from scipy import sparse
    except ImportError:
        raise ConfigurationError("training needs scikit-learn", "pip install 'article-cleaner[train]'") from None
    firsts = np.searchsorted(pages.owners, np.arange(pages.count))
    lines = np.concatenate([features.lines + first for features, first in zip(found, firsts, strict=True)])
    numbers = np.concatenate([features.numbers for features in found])
    counts = np.bincount(lines, minlength=pages.total)
    seen = np.unique((pages.owners[lines] << BITS) | numbers) & ((1 << BITS) - 1)
    kept = np.flatnonzero(np.bincount(seen, minlength=1 << BITS) >= fewest)
    column = np.full(1 << BITS, -1)
    column[kept] = np.arange(len(kept))
    chosen = column[numbers] >= 0
    values = 1 / np.sqrt(counts[lines[chosen]])
    matrix = sparse.csr_matrix((values, (lines[chosen], column[numbers[chosen]])), shape=(pages.total, len(kept)))
    return Bag(matrix, kept)


@dataclass(frozen=True)
class Teacher:
    """Labelled lines that teach words: the words, what each head is to tell apart, weights (0 teaches nothing), and groups.

    However words are learned, no line is scored by what lines of its own group taught.
    """

    words: Bag
    targets: Mapping[str, NDArray[np.float64]]
    weights: NDArray[np.float64]
    groups: Sequence[str]

    def table(self) -> dict[str, Any]:
        """Return the words that all lines teach, as the table of a model file."""
        coefficients, biases = _fit(self.words, self.targets, self.weights)
        return to_table(tuple(self.targets), self.words.numbers, coefficients, biases.tolist())

    def scores(self) -> NDArray[np.float64]:
        """Return the score of every line by the words of other groups, a column for each head."""
        everything = np.ones(len(self.weights), dtype=bool)
        return self._crossed(everything, np.array([fold_of(group) for group in self.groups]), FOLDS)[0]

    def without(self, held: NDArray[np.bool_]) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Return scores of every line by words that no line of ``held`` taught, and the table of those that score ``held``."""
        folds = np.array([fold_of(f"inner {group}", INNER_FOLDS) for group in self.groups])
        return self._crossed(~held, folds, INNER_FOLDS)

    def _crossed(
        self, lines: NDArray[np.bool_], folds: NDArray[np.int64], count: int
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Score every line by words of ``lines`` outside its fold; lines that are not of ``lines`` by the mean of all."""
        scores = np.zeros((len(self.weights), len(self.targets)))
        mean, bias = np.zeros((self.words.matrix.shape[1], len(self.targets))), np.zeros(len(self.targets))
        for fold in range(count):
            held = lines & (folds == fold)
            coefficients, biases = _fit(self.words, self.targets, self.weights * (lines & (folds != fold)))
            part = self.words.matrix @ coefficients + biases
            scores[held] = part[held]
            scores[~lines] += part[~lines] / count
            mean, bias = mean + coefficients / count, bias + biases / count
        return scores, to_table(tuple(self.targets), self.words.numbers, mean, bias.tolist())


def _fit(
    words: Bag, targets: Mapping[str, NDArray[np.float64]], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    taught = np.flatnonzero(weights > 0)
    matrix, scale = words.matrix[taught], weights[taught] / max(float(weights[taught].mean()), 1e-9)
    columns, biases = [], []
    for target in targets.values():
        wanted = target[taught] > 0.5
        if wanted.all() or not wanted.any():
            columns.append(np.zeros(words.matrix.shape[1]))
            biases.append(0.0)
            continue
        regression = LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-3, max_iter=30, random_state=0)
        with warnings.catch_warnings():
            # That many iterations are enough: further ones only fit rare words more closely.
            warnings.simplefilter("ignore", ConvergenceWarning)
            regression.fit(matrix, wanted, sample_weight=scale)
        columns.append(regression.coef_[0])
        biases.append(float(regression.intercept_[0]))
    return np.column_stack(columns), np.array(biases)
