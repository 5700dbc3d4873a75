"""Trains the judge of text lines from labelled documents, and reports what it is worth.

Every figure is of documents that the model which judged them had not seen: five folds, by site (or by document where no
site is stated). Rules act beside the judge as they do in a pipeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner._version import __version__
from cleaner.errors import ConfigurationError
from cleaner.evaluate import count_units
from cleaner.labelled import BODY, UNSCORED, Labelled
from cleaner.ledger import DROP
from cleaner.line_measures import FEATURES, measure
from cleaner.pipeline import Pipeline
from cleaner.rulebook import APPEALS, CATEGORIES
from cleaner.train import Fit, Rows, Settings, fit

BUDGETS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01)
_SETTINGS = Settings(trees=80, leaves=15, rate=0.15, smallest_leaf=150, l2=20.0)
_HEAD_SETTINGS = Settings(trees=16, leaves=6, rate=0.3, smallest_leaf=10)


@dataclass(frozen=True)
class Lines:
    """The segments of labelled documents: measures, labels, words, and what rules took."""

    matrix: NDArray[np.float32]
    labels: NDArray[np.str_]
    words: NDArray[np.float64]
    sites: NDArray[np.str_]
    documents: NDArray[np.str_]
    languages: NDArray[np.str_]
    ruled: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    """Whether the line counts in reports: lines of thinned documents only teach."""

    def where(self, chosen: NDArray[np.bool_]) -> Lines:
        """Return the lines that ``chosen`` flags."""
        columns = (
            self.matrix,
            self.labels,
            self.words,
            self.sites,
            self.documents,
            self.languages,
            self.ruled,
            self.counted,
        )
        return Lines(*(column[chosen] for column in columns))  # type: ignore[arg-type]


def collect(documents: Iterable[Labelled], pipeline: Pipeline, thin: float = 0.0) -> Lines:
    """Measure the segments of ``documents``; ``pipeline`` is what runs before the judge.

    On documents that rules were written on, rules do better than they ever will elsewhere, and a judge would learn to
    lean on them. ``thin`` is the share of rules to leave out on each document, chosen by a digest of document and rule.

    Raises:
        ConfigurationError: there is not one labelled line.
    """
    matrices: list[NDArray[np.float32]] = []
    columns: list[tuple[str, float, str, str, str, bool, bool]] = []
    for labelled in documents:
        draft = pipeline.compiled.judge(labelled.document, partial(_kept, labelled.document.id, thin))
        if not len(draft):
            continue
        matrices.append(measure(draft))
        taken = {
            draft.segment_at(verdict.start)
            for verdict in draft.verdicts
            if verdict.weight >= 1
            and verdict.action == DROP
            and 2 * (verdict.end - verdict.start) >= draft.ends[draft.segment_at(verdict.start)] - verdict.start
        }
        document = labelled.document
        for index in range(len(draft)):
            start, end = draft.starts[index], draft.ends[index]
            columns.append(
                (
                    _label(labelled, start, end),
                    float(count_units(document.text, start, end)),
                    labelled.site or document.id,
                    document.id,
                    document.language or "?",
                    index in taken,
                    not thin,
                )
            )
    if not columns:
        raise ConfigurationError("there is nothing to learn from: no labelled line")
    labels, words, sites, ids, languages, ruled, counted = (np.array(column) for column in zip(*columns, strict=True))
    return Lines(np.concatenate(matrices), labels, words, sites, ids, languages, ruled, counted)


def _kept(document: str, thin: float, rule: str) -> bool:
    drawn = int.from_bytes(sha256(f"{document}\0{rule}".encode()).digest()[:4], "big")
    return drawn >= thin * 2**32


def join(parts: Sequence[Lines]) -> Lines:
    """Return the lines of all ``parts``."""
    return Lines(
        np.concatenate([part.matrix for part in parts]),
        *(np.concatenate([getattr(part, name) for part in parts]) for name in list(Lines.__dataclass_fields__)[1:]),
    )


def _label(labelled: Labelled, start: int, end: int) -> str:
    """Return the label of the segment: that of the labelled span it lies in, ``mixed`` where it lies in several."""
    found = {line.label for line in labelled.lines if line.start < end and start < line.end and line.end > line.start}
    return found.pop() if len(found) == 1 else "mixed"


def train(lines: Lines, name: str, budget: float, card: Mapping[str, Any]) -> tuple[Fit, dict[str, Any]]:
    """Fit the judge and return it with its report.

    ``budget`` is the share of body words that rules and judge together may lose; the threshold is the lowest that keeps it.
    """
    scored = lines.where(~np.isin(lines.labels, sorted(UNSCORED)))
    labels = (scored.labels != BODY).astype(np.float64)
    # Long lines weigh more, but not by their length: a short heading lost spoils a document, too.
    weights = np.minimum(scored.words, 60) ** 0.7 + np.where(labels > 0, 0.5, 2.5)
    rows = Rows(FEATURES, scored.matrix, labels, weights, scored.sites.tolist())
    fitted = fit(rows, name, _SETTINGS, {}, {})
    fitted.table["heads"] = _heads(scored.where(labels > 0))
    probabilities, seen = fitted.probabilities[scored.counted], scored
    scored = scored.where(scored.counted)
    threshold = _threshold(scored, probabilities, budget)
    report = {
        "curve": _curve(scored, probabilities),
        "threshold": threshold,
        "reliability": _reliability(scored, probabilities),
        "at_threshold": _figures(scored, probabilities >= threshold),
        "judge_alone": _figures(scored, probabilities >= threshold, alone=True),
        "rules_alone": _figures(scored, np.zeros(len(scored.labels), dtype=bool)),
        "languages": {
            code: _figures(scored.where(scored.languages == code), probabilities[scored.languages == code] >= threshold)
            for code in sorted(set(scored.languages.tolist()))
        },
    }
    fitted.table["thresholds"] = {"drop": threshold}
    fitted.table["card"] = {
        "version": __version__,
        "documents": len(set(seen.documents.tolist())),
        "lines": len(seen.labels),
        **card,
        "report": report,
    }
    return fitted, report


def _heads(stripped: Lines) -> dict[str, Any]:
    heads: dict[str, Any] = {}
    for category in CATEGORIES:
        wanted = (stripped.labels == category).astype(np.float64)
        if wanted.sum() >= 20:
            rows = Rows(FEATURES, stripped.matrix, wanted, np.ones(len(wanted)), stripped.sites.tolist())
            heads[category] = fit(rows, category, _HEAD_SETTINGS, {}, {}, folds=False).table["trees"]
    return heads


def _figures(lines: Lines, chosen: NDArray[np.bool_], alone: bool = False) -> dict[str, Any]:
    taken = chosen if alone else chosen | lines.ruled
    body = lines.labels == BODY
    appeals = np.isin(lines.labels, APPEALS)
    losing = set(lines.documents[body & taken].tolist())
    return {
        "body_lost": _share(lines.words, body & taken, body),
        "documents_losing": len(losing) / max(1, len(set(lines.documents.tolist()))),
        "found": _share(lines.words, ~body & taken, ~body),
        "appeals_found": _share(lines.words, appeals & taken, appeals),
        "categories": {
            category: _share(lines.words, (lines.labels == category) & taken, lines.labels == category)
            for category in CATEGORIES
            if (lines.labels == category).any()
        },
    }


def _share(words: NDArray[np.float64], part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    total = float(words[whole].sum())
    return round(float(words[part].sum()) / total, 6) if total else 0.0


def _threshold(lines: Lines, probabilities: NDArray[np.float64], budget: float) -> float:
    for threshold in np.arange(0.30, 0.9951, 0.005).tolist():
        if _figures(lines, probabilities >= threshold)["body_lost"] <= budget:
            return round(float(threshold), 3)
    return 0.995


def _curve(lines: Lines, probabilities: NDArray[np.float64]) -> list[dict[str, Any]]:
    curve: list[dict[str, Any]] = []
    for budget in BUDGETS:
        threshold = _threshold(lines, probabilities, budget)
        figures = _figures(lines, probabilities >= threshold)
        del figures["categories"]
        curve.append({"budget": budget, "threshold": threshold, **figures})
    return curve


def _reliability(lines: Lines, probabilities: NDArray[np.float64]) -> list[dict[str, float]]:
    table: list[dict[str, float]] = []
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = (probabilities >= low) & (probabilities < high)
        if inside.any():
            table.append(
                {
                    "from": low,
                    "to": min(high, 1.0),
                    "lines": int(inside.sum()),
                    "said": round(float(probabilities[inside].mean()), 4),
                    "true": round(float((lines.labels[inside] != BODY).mean()), 4),
                }
            )
    return table


def card_text(name: str, digest: str, card: Mapping[str, Any]) -> str:
    """Return the model card as Markdown."""
    report = card["report"]
    lines = [
        f"# Model card: {name}",
        "",
        f"- digest: `{digest}`",
        f"- made with article-cleaner {card['version']} on {card.get('date', 'an unknown day')}",
        f"- trained on {card['documents']} documents, {card['lines']} lines: {card.get('data', 'not stated')}",
        f"- licence of the data: {card.get('licence', 'not stated')}",
        "- what it is: gradient-boosted trees over measures of lines (cleaner/line_measures.py); no words of any language",
        f"- limits: {card.get('limits', 'pages unlike those it was trained on')}",
        "",
        "Figures of documents that the model had not seen (five folds by site), rules acting beside it:",
        "",
        "| budget | threshold | body lost | documents losing | all found | appeals found |",
        "|---|---|---|---|---|---|",
    ]
    for point in report["curve"]:
        lines.append(
            f"| {point['budget']:.2%} | {point['threshold']:.3f} | {point['body_lost']:.3%} | "
            f"{point['documents_losing']:.1%} | {point['found']:.1%} | {point['appeals_found']:.1%} |"
        )
    lines += [
        "",
        "| at the default | body lost | documents losing | all found | appeals found |",
        "|---|---|---|---|---|",
    ]
    for title in ("at_threshold", "judge_alone", "rules_alone"):
        point = report[title]
        lines.append(
            f"| {title.replace('_', ' ')} | {point['body_lost']:.3%} | {point['documents_losing']:.1%} | "
            f"{point['found']:.1%} | {point['appeals_found']:.1%} |"
        )
    lines += ["", "Calibration (lines, said against true):", "", "| said | true | lines |", "|---|---|---|"]
    lines += [f"| {row['said']:.1%} | {row['true']:.1%} | {row['lines']} |" for row in report["reliability"]]
    return "\n".join(lines) + "\n"


def write_card(path: Path, text: str) -> None:
    """Write a model card beside its model."""
    path.with_suffix(".md").write_text(text, encoding="utf-8")
