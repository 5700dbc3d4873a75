"""What a line's words say of it, beside its measures: features of words, and the measures that their scores make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner import line_cohesion, line_shapes, word_scores
from cleaner.batch import Batch
from cleaner.characters import DIGIT, classes_of, word_signs
from cleaner.line_measures import FEATURES, measure_all
from cleaner.pages import Pages

BASE: tuple[str, ...] = (*FEATURES, *line_shapes.SHAPES, *line_cohesion.COHESION)
"""The measures that need no learned words."""
_WORDS = FEATURES.index("words")


@dataclass(frozen=True)
class Lines:
    """The lines of some drafts: the matrix of :data:`BASE`, and the features of their words."""

    matrix: NDArray[np.float32]
    features: word_scores.Features


def examine(batch: Batch) -> Lines:
    """Return measures and word features of the segments of ``batch``. Linear in the text's length."""
    # The sheet has one more line end before the view.
    points, starts, ends = batch.sheet.points, batch.view_starts + 1, batch.view_ends + 1
    classes = classes_of(points)
    letters, spaceless = word_signs(classes)
    found = word_scores.features(points, letters, spaceless, starts, ends)
    shapes = line_shapes.shapes(points, classes == DIGIT, starts, ends, batch.pages, found.openings)
    measured = measure_all(batch)
    cohesion = line_cohesion.cohesion(found.topics, measured[:, _WORDS], batch.pages)
    return Lines(np.hstack((measured, shapes, cohesion)), found)


def names(heads: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all measures of a model whose words have ``heads``."""
    return (*BASE, *line_shapes.score_names(heads))


def with_scores(matrix: NDArray[np.float32], scores: NDArray[np.float64], pages: Pages) -> NDArray[np.float32]:
    """Return ``matrix`` (of :data:`BASE`) with the columns that the word ``scores`` of its lines make."""
    return np.hstack((matrix, line_shapes.score_columns(scores, matrix[:, _WORDS], pages)))
