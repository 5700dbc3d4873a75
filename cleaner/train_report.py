"""What a judge of lines is worth: figures of lines that it had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.labelled import BODY
from cleaner.rulebook import APPEALS, CATEGORIES

_THRESHOLDS = tuple(number / 200 for number in range(60, 200))
BUDGETS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01)


@dataclass(frozen=True)
class LabelledLines:
    """Labelled lines, an entry each: label, number of words, id of the document, its language, and what rules made of it."""

    labels: NDArray[np.str_]
    words: NDArray[np.float64]
    documents: NDArray[np.str_]
    languages: NDArray[np.str_]
    rule_weights: NDArray[np.float64]
    """The weight of the rule that takes the line, 0 where none does."""

    def where(self, chosen: NDArray[np.bool_]) -> LabelledLines:
        """Return the lines that ``chosen`` flags."""
        return LabelledLines(
            self.labels[chosen],
            self.words[chosen],
            self.documents[chosen],
            self.languages[chosen],
            self.rule_weights[chosen],
        )


def report(lines: LabelledLines, probabilities: NDArray[np.float64], budget: float, overrule: float) -> dict[str, Any]:
    """Return all figures. The threshold is the lowest at which rules and judge together lose at most ``budget`` of the body.

    Rules of a weight below 2 act only where the judge's probability is at least ``overrule``, as in the stage.
    """
    kept = _kept(lines, probabilities, overrule)
    threshold = _threshold(lines, probabilities, kept, budget)
    chosen = probabilities >= threshold
    return {
        "curve": _curve(lines, probabilities, kept),
        "threshold": threshold,
        "reliability": _reliability(lines, probabilities),
        "at_threshold": _figures(lines, chosen | kept),
        "judge_alone": _figures(lines, chosen),
        "rules_alone": _figures(lines, lines.rule_weights > 0),
        "languages": by_language(lines, probabilities, threshold, overrule),
    }


def by_language(
    lines: LabelledLines, probabilities: NDArray[np.float64], threshold: float, overrule: float
) -> dict[str, dict[str, Any]]:
    """Return the figures of rules and judge together for each language, at ``threshold``."""
    taken = (probabilities >= threshold) | _kept(lines, probabilities, overrule)
    return {
        code: _figures(lines.where(lines.languages == code), taken[lines.languages == code])
        for code in sorted(set(lines.languages.tolist()))
    }


def _kept(lines: LabelledLines, probabilities: NDArray[np.float64], overrule: float) -> NDArray[np.bool_]:
    """Return which lines rules take, however little the judge thinks of them."""
    return (lines.rule_weights >= 2) | ((lines.rule_weights > 0) & (probabilities >= overrule))


def _figures(lines: LabelledLines, taken: NDArray[np.bool_]) -> dict[str, Any]:
    body = lines.labels == BODY
    appeals = np.isin(lines.labels, APPEALS)
    losing = set(lines.documents[body & taken].tolist())
    documents = len(set(lines.documents.tolist()))
    return {
        "documents": documents,
        "body_words": int(lines.words[body].sum()),
        "body_lost": _share(lines.words, body & taken, body),
        "documents_losing": len(losing) / max(1, documents),
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


def _threshold(
    lines: LabelledLines, probabilities: NDArray[np.float64], kept: NDArray[np.bool_], budget: float
) -> float:
    for threshold in _THRESHOLDS:
        if _figures(lines, (probabilities >= threshold) | kept)["body_lost"] <= budget:
            return threshold
    return _THRESHOLDS[-1]


def _curve(lines: LabelledLines, probabilities: NDArray[np.float64], kept: NDArray[np.bool_]) -> list[dict[str, Any]]:
    curve: list[dict[str, Any]] = []
    for budget in BUDGETS:
        threshold = _threshold(lines, probabilities, kept, budget)
        figures = _figures(lines, (probabilities >= threshold) | kept)
        del figures["categories"]
        curve.append({"budget": budget, "threshold": threshold, **figures})
    return curve


def _reliability(lines: LabelledLines, probabilities: NDArray[np.float64]) -> list[dict[str, float]]:
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
