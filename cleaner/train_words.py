"""Learns the weights of words (:mod:`cleaner.word_scores`) from labelled lines: one logistic regression for each head.

Needs the extra ``train`` (scikit-learn).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def bag(found: Sequence[Features], pages: Pages) -> Bag:
    """Return the features of all lines, document by document; those of fewer than three documents are left out.

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
    kept = np.flatnonzero(np.bincount(seen, minlength=1 << BITS) >= _FEWEST_DOCUMENTS)
    column = np.full(1 << BITS, -1)
    column[kept] = np.arange(len(kept))
    chosen = column[numbers] >= 0
    values = 1 / np.sqrt(counts[lines[chosen]])
    matrix = sparse.csr_matrix((values, (lines[chosen], column[numbers[chosen]])), shape=(pages.total, len(kept)))
    return Bag(matrix, kept)


@dataclass(frozen=True)
class Words:
    """Learned words: the ``table`` of a model file; the ``scores`` of every line by words learned from other groups, a column
    a head; and the same for each fold of :func:`cleaner.train.fit`, by words learned outside that fold altogether.
    """

    table: dict[str, Any]
    scores: NDArray[np.float64]
    fold_scores: Callable[[int], NDArray[np.float64]]


def learn(
    words: Bag,
    targets: Mapping[str, NDArray[np.float64]],
    weights: NDArray[np.float64],
    groups: Sequence[str],
) -> Words:
    """Learn the weights of the words for the heads that ``targets`` names. Lines of weight 0 teach nothing."""
    outer = np.array([fold_of(group) for group in groups])
    inner = np.array([fold_of(f"inner {group}", INNER_FOLDS) for group in groups])

    def crossed(lines: NDArray[np.bool_], folds: NDArray[np.int64], count: int) -> NDArray[np.float64]:
        """Score every line by words of ``lines`` outside its fold; lines that are not of ``lines`` by the mean of all."""
        scores = np.zeros((len(weights), len(targets)))
        outside = ~lines
        for fold in range(count):
            held = lines & (folds == fold)
            coefficients, biases = _fit(words, targets, weights * (lines & (folds != fold)))
            part = words.matrix @ coefficients + biases
            scores[held] = part[held]
            scores[outside] += part[outside] / count
        return scores

    everything = np.ones(len(weights), dtype=bool)
    coefficients, biases = _fit(words, targets, weights)
    return Words(
        to_table(tuple(targets), words.numbers, coefficients, biases.tolist()),
        crossed(everything, outer, FOLDS),
        lambda number: crossed(outer != number, inner, INNER_FOLDS),
    )


def _fit(
    words: Bag, targets: Mapping[str, NDArray[np.float64]], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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
        regression.fit(matrix, wanted, sample_weight=scale)
        columns.append(regression.coef_[0])
        biases.append(float(regression.intercept_[0]))
    return np.column_stack(columns), np.array(biases)
