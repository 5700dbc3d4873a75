"""Trains the judge of text lines from labelled documents, and reports what it is worth.

Every figure is of documents that the model which judged them had not seen: five folds, by site (or by document where no
site is stated). Rules act beside the judge as they do in a pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner._version import __version__
from cleaner.errors import ConfigurationError
from cleaner.evaluate import count_units
from cleaner.labelled import BODY, UNSCORED, Labelled
from cleaner.ledger import DROP
from cleaner.line_words import examine, names, with_scores
from cleaner.model import UNIT, build
from cleaner.pages import Pages
from cleaner.pipeline import Pipeline
from cleaner.rulebook import APPEALS, CATEGORIES
from cleaner.stage import Draft
from cleaner.stages.weigh import Weigh
from cleaner.train import Fit, Rows, Settings, cross, even_folds, fit, fold_of
from cleaner.train_report import LabelledLines, by_language, report
from cleaner.train_words import Teacher, bag
from cleaner.word_scores import Features

_SETTINGS = Settings(trees=150, leaves=31, rate=0.1, smallest_leaf=60, l2=20.0)
_HEAD_SETTINGS = Settings(trees=16, leaves=6, rate=0.3, smallest_leaf=10)


@dataclass(frozen=True)
class Lines(LabelledLines):
    """The segments of labelled documents with what a judge learns from: measures, sites, word features."""

    matrix: NDArray[np.float32]
    sites: NDArray[np.str_]
    counted: NDArray[np.bool_]
    """Whether the line counts in reports: lines of thinned documents only teach."""
    features: tuple[Features, ...]
    """The word features, document by document."""

    @property
    def pages(self) -> Pages:
        """The lines with the borders of their documents."""
        sizes = [len(found.openings) for found in self.features]
        return Pages(np.repeat(np.arange(len(sizes)), sizes), len(sizes))


def collect(documents: Iterable[Labelled], pipeline: Pipeline, thin: float = 0.0) -> Lines:
    """Measure the segments of ``documents``; ``pipeline`` is what runs before the judge.

    On documents that rules were written on, rules do better than they ever will elsewhere, and a judge would learn to
    lean on them. ``thin`` is the share of rules to leave out on each document, chosen by a digest of document and rule.

    Raises:
        ConfigurationError: there is not one labelled line.
    """
    matrices: list[NDArray[np.float32]] = []
    features: list[Features] = []
    columns: list[tuple[str, float, str, str, str, float, bool]] = []
    for labelled in documents:
        draft = pipeline.compiled.judge(labelled.document, partial(kept_rule, labelled.document.id, thin))
        if not len(draft):
            continue
        lines = examine(draft.batch)
        matrices.append(lines.matrix)
        features.append(lines.features)
        taken = _taken(draft)
        document = labelled.document
        for index, (start, end) in enumerate(zip(draft.starts, draft.ends, strict=True)):
            columns.append(
                (
                    _label(labelled, start, end),
                    float(count_units(document.text, start, end)),
                    labelled.site or document.id,
                    document.id,
                    document.language or "?",
                    taken.get(index, 0.0),
                    not thin,
                )
            )
    if not columns:
        raise ConfigurationError("there is nothing to learn from: no labelled line")
    labels, words, sites, ids, languages, weights, counted = (np.array(column) for column in zip(*columns, strict=True))
    return Lines(labels, words, ids, languages, weights, np.concatenate(matrices), sites, counted, tuple(features))


def _taken(draft: Draft) -> dict[int, float]:
    """Return the segments of which acting rules take the larger part, with the weight of the heaviest rule."""
    taken: dict[int, float] = {}
    for verdict in draft.verdicts:
        index = draft.segment_at(verdict.start)
        larger = 2 * (verdict.end - verdict.start) >= draft.ends[index] - draft.starts[index]
        if verdict.weight >= 1 and verdict.action == DROP and larger:
            taken[index] = max(taken.get(index, 0.0), verdict.weight)
    return taken


def kept_rule(document: str, thin: float, rule: str) -> bool:
    """Say whether a rule stays on a document when the share ``thin`` of all rules is left out: always the same for both."""
    drawn = int.from_bytes(sha256(f"{document}\0{rule}".encode()).digest()[:4], "big")
    return drawn >= thin * 2**32


def join(parts: Sequence[Lines]) -> Lines:
    """Return the lines of all ``parts``."""
    return Lines(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.words for part in parts]),
        np.concatenate([part.documents for part in parts]),
        np.concatenate([part.languages for part in parts]),
        np.concatenate([part.rule_weights for part in parts]),
        np.concatenate([part.matrix for part in parts]),
        np.concatenate([part.sites for part in parts]),
        np.concatenate([part.counted for part in parts]),
        tuple(found for part in parts for found in part.features),
    )


def _label(labelled: Labelled, start: int, end: int) -> str:
    """Return the label of the segment: that of the labelled span it lies in, ``mixed`` where it lies in several."""
    found = {line.label for line in labelled.lines if line.start < end and start < line.end and line.end > line.start}
    return found.pop() if len(found) == 1 else "mixed"


def train(
    lines: Lines, name: str, budget: float, card: Mapping[str, Any], left_out_languages: bool = False
) -> tuple[Fit, dict[str, Any]]:
    """Fit the judge and return it with its report.

    ``budget`` is the share of body words that rules and judge together may lose; the threshold is the lowest that keeps it.
    The words are learned within each fold, too, so that no figure is of words that were learned from the same line. The
    models of the folds are whole models, too; only their calibration, threshold and heads of categories are those of all.

    With ``left_out_languages`` the report also says, by language, what the judge is worth if it was taught without that
    language: a second cross-validation, in which each language, or several together, is a fold.

    Raises:
        ConfigurationError: the documents are of too few sites or languages for that, or the extra for training is missing.
    """
    taught = ~np.isin(lines.labels, sorted(UNSCORED))
    lesson = _Lesson(lines, taught, _teacher(lines, taught))
    folds = np.array([fold_of(site) for site in lines.sites.tolist()])
    if len(set(folds[taught].tolist())) < 2:
        raise ConfigurationError(
            "the labelled documents are of too few sites to judge one by what the others taught",
            "name documents of more sites, or leave out 'site': then each document is held out by itself",
        )
    languages = even_folds(lines.languages.tolist())
    if left_out_languages and len(set(languages[taught].tolist())) < 2:
        raise ConfigurationError("the labelled documents are of one language", "leave out --left-out-languages")
    rows = lesson.rows(lesson.matrix(), taught, folds)
    fitted = fit(rows, name, _SETTINGS, {}, {}, without=partial(lesson.without, folds))
    scored = lines.where(taught)
    counted = lines.counted[taught] if lines.counted.any() else np.ones(len(rows.labels), dtype=bool)
    figures = report(scored.where(counted), fitted.probabilities[counted], budget, Weigh().overrule)
    _complete(fitted, lesson, _heads(rows, lines.labels[taught], rows.labels > 0), figures["threshold"])
    if left_out_languages:
        crossed = cross(replace(rows, folds=languages[taught]), name, _SETTINGS, partial(lesson.without, languages))
        probabilities = fitted.calibrated(crossed.logits)[counted]
        figures["left_out_languages"] = by_language(
            scored.where(counted), probabilities, figures["threshold"], Weigh().overrule
        )
    fitted.table["card"] = {
        "version": __version__,
        "documents": len(set(lines.documents.tolist())),
        "lines": int(taught.sum()),
        **card,
        "report": figures,
    }
    return fitted, figures


def logits_without(lines: Lines, held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the logit of every line by a judge that no line of ``held`` taught: for these it is a fair figure.

    Lines whose label does not count have a logit of minus infinity.
    """
    taught = ~np.isin(lines.labels, sorted(UNSCORED))
    lesson = _Lesson(lines, taught, _teacher(lines, taught))
    folds = held.astype(np.int64)
    matrix, _ = lesson.without(folds, 1)
    rows = lesson.rows(matrix[~held[taught]], taught & ~held, folds)
    logits = np.full(len(lines.labels), -np.inf)
    logits[taught] = build(fit(rows, "weigh", _SETTINGS, {}, {}, folds=False).table).logits(matrix) / UNIT
    return logits


@dataclass(frozen=True)
class _Lesson:
    """Lines with what they teach: their words, and rows of measures for the trees."""

    lines: Lines
    taught: NDArray[np.bool_]
    teacher: Teacher

    def rows(self, matrix: NDArray[np.float32], chosen: NDArray[np.bool_], folds: NDArray[np.int64]) -> Rows:
        """Return those of the taught lines that ``chosen`` flags; ``matrix`` has their measures."""
        labels = self.teacher.targets["strip"]
        heads = names(tuple(self.teacher.targets))
        return Rows(heads, matrix, labels[chosen], self.teacher.weights[chosen], folds[chosen])

    def matrix(self) -> NDArray[np.float32]:
        """Return the measures of the taught lines, with scores by words that their own group did not teach."""
        return self._matrix(self.teacher.scores())

    def without(self, folds: NDArray[np.int64], number: int) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Return the measures of the taught lines, with scores by words that the fold ``number`` did not teach, and these
        words as the table of a model holds them.
        """
        scores, vocabulary = self.teacher.without(folds == number)
        return self._matrix(scores), {"vocabulary": vocabulary}

    def _matrix(self, scores: NDArray[np.float64]) -> NDArray[np.float32]:
        return with_scores(self.lines.matrix, scores, self.lines.pages)[self.taught]


def _teacher(lines: Lines, taught: NDArray[np.bool_]) -> Teacher:
    labels = (taught & (lines.labels != BODY)).astype(np.float64)
    appeals = np.isin(lines.labels, APPEALS).astype(np.float64)
    # Long lines weigh more, but not by their length: a short heading lost spoils a document, too.
    weights = (np.minimum(lines.words, 60) ** 0.7 + np.where(labels > 0, 0.5, 2.5)) * taught
    words = bag(lines.features, lines.pages)
    return Teacher(words, {"strip": labels, "appeal": appeals}, weights, lines.sites.tolist())


def _complete(fitted: Fit, lesson: _Lesson, heads: Mapping[str, Any], threshold: float) -> None:
    """Make whole models of the fitted trees and of those of the folds."""
    fitted.table["vocabulary"] = lesson.teacher.table()
    for table in (fitted.table, *fitted.crossed.tables.values()):
        table["calibration"] = fitted.table["calibration"]
        table["heads"], table["thresholds"] = heads, {"drop": threshold}


def _heads(rows: Rows, labels: NDArray[np.str_], stripped: NDArray[np.bool_]) -> dict[str, Any]:
    heads: dict[str, Any] = {}
    matrix, folds = rows.matrix[stripped], rows.folds[stripped]
    for category in CATEGORIES:
        wanted = (labels[stripped] == category).astype(np.float64)
        if wanted.sum() >= 20:
            few = Rows(rows.features, matrix, wanted, np.ones(len(wanted)), folds)
            heads[category] = fit(few, category, _HEAD_SETTINGS, {}, {}, folds=False).table["trees"]
    return heads
