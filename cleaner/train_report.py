"""What a judge of lines is worth: figures of lines that it had not seen, as a table and as a model card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.labelled import BODY
from cleaner.rulebook import APPEALS, CATEGORIES

_THRESHOLDS = tuple(number / 200 for number in range(60, 200))
_COLUMNS = (
    ("body lost", "{0[body_lost]:.2%}"),
    ("documents losing", "{0[documents_losing]:.0%}"),
    ("all found", "{0[found]:.0%}"),
    ("appeals found", "{0[appeals_found]:.0%}"),
)
_FEW = 20
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
        "- what it is: gradient-boosted trees over measures of lines, one of them a logistic regression over hashed words",
        f"- limits: {card.get('limits') or _limits(report['languages'])}",
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
        "| at the threshold for the budget | body lost | documents losing | all found | appeals found |",
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
    lines += ["", *_language_table(report["languages"], report.get("left_out_languages", {}))]
    return "\n".join(lines) + "\n"


def _limits(languages: Mapping[str, Mapping[str, Any]]) -> str:
    few = [code for code, figures in languages.items() if figures["documents"] < _FEW]
    return "pages unlike those it was trained on" + (
        f"; languages with fewer than {_FEW} labelled documents, whose figures below are rough: {', '.join(few)}"
        if few
        else ""
    )


def _language_table(
    languages: Mapping[str, Mapping[str, Any]], left_out: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Yield the lines of the table by language; with ``left_out`` it has further columns."""
    yield "By language at that threshold, rules and judge together" + (
        "; without: by a judge that was taught without any document of the language:" if left_out else ":"
    )
    yield ""
    heads = ["language", "documents", "body words", *(head for head, _ in _COLUMNS)]
    heads += [f"without: {head}" for head, _ in _COLUMNS] if left_out else []
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for code, figures in languages.items():
        cells = [code, str(figures["documents"]), f"{figures['body_words']:,}"]
        for source in (figures, left_out[code]) if left_out else (figures,):
            cells += [form.format(source) for _, form in _COLUMNS]
        yield f"| {' | '.join(cells)} |"


def write_card(path: Path, text: str) -> None:
    """Write a model card beside its model."""
    path.with_suffix(".md").write_text(text, encoding="utf-8")
