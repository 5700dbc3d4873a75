"""The model card of a judge of lines: what taught it and what it is worth, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_COLUMNS = (
    ("body lost", "{0[body_lost]:.2%}"),
    ("documents losing", "{0[documents_losing]:.0%}"),
    ("all found", "{0[found]:.0%}"),
    ("appeals found", "{0[appeals_found]:.0%}"),
)
_FEW = 20
"""Labelled documents of a language below which its figures are called rough."""


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
