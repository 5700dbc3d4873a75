"""The model card: what it says of the figures, by language, and where few documents taught a language."""

from __future__ import annotations

from judged_lines import PROBABILITIES, judged_lines

from cleaner.train_card import card_text
from cleaner.train_report import by_language, report


def test_the_card_shows_the_figures() -> None:
    figures = report(judged_lines(), PROBABILITIES, 0.05, 0.5)
    text = card_text("weigh", "abc", {"version": "1", "documents": 2, "lines": 5, "report": figures})
    assert "| at threshold | 0.000% | 0.0% | 83.3% | 100.0% |" in text
    assert "`abc`" in text
    assert "limits: pages unlike those it was trained on; languages with fewer than 20 labelled documents" in text
    assert "| de | 1 | 10 | 0.00% | 0% | 50% | 0% |" in text
    assert "without:" not in text
    figures["left_out_languages"] = by_language(judged_lines(), PROBABILITIES[::-1], figures["threshold"], 0.5)
    text = card_text("weigh", "abc", {"version": "1", "documents": 2, "lines": 5, "report": figures})
    assert "| en | 1 | 90 | 0.00% | 0% | 100% | 100% | 0.00% | 0% | 100% | 100% |" in text
    assert "| de | 1 | 10 | 0.00% | 0% | 50% | 0% | 100.00% | 100% | 0% | 0% |" in text
