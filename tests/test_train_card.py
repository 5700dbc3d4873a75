"""The model card: what it says of the figures, by language, and where few documents taught a language."""

from __future__ import annotations

import numpy as np

from cleaner.train_card import card_text
from cleaner.train_report import LabelledLines, by_language, report

LINES = LabelledLines(
    np.array(["body", "body", "donation", "related", "related"]),
    np.array([90.0, 10.0, 20.0, 5.0, 5.0]),
    np.array(["1", "2", "1", "2", "2"]),
    np.array(["en", "de", "en", "de", "de"]),
    np.zeros(5),
)
PROBABILITIES = np.array([0.1, 0.7, 0.9, 0.8, 0.2])


def test_the_card_shows_the_figures() -> None:
    figures = report(LINES, PROBABILITIES, 0.05, 0.5)
    text = card_text("weigh", "abc", {"version": "1", "documents": 2, "lines": 5, "report": figures})
    assert "| at threshold | 0.000% | 0.0% | 83.3% | 100.0% |" in text
    assert "`abc`" in text
    assert "limits: pages unlike those it was trained on; languages with fewer than 20 labelled documents" in text
    assert "| de | 1 | 10 | 0.00% | 0% | 50% | 0% |" in text
    assert "without:" not in text
    figures["left_out_languages"] = by_language(LINES, PROBABILITIES[::-1], figures["threshold"], 0.5)
    text = card_text("weigh", "abc", {"version": "1", "documents": 2, "lines": 5, "report": figures})
    assert "| en | 1 | 90 | 0.00% | 0% | 100% | 100% | 0.00% | 0% | 100% | 100% |" in text
    assert "| de | 1 | 10 | 0.00% | 0% | 50% | 0% | 100.00% | 100% | 0% | 0% |" in text
