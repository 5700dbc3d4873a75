"""What a judge is worth: shares of words, the threshold for a budget, and rules beside the judge."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.train_report import LabelledLines, report

LABELS = np.array(["body", "body", "donation", "related", "related"])
WORDS = np.array([90.0, 10.0, 20.0, 5.0, 5.0])
DOCUMENTS = np.array(["1", "2", "1", "2", "2"])
LANGUAGES = np.array(["en", "de", "en", "de", "de"])
PROBABILITIES = np.array([0.1, 0.7, 0.9, 0.8, 0.2])


def scored(rule_weights: list[float]) -> LabelledLines:
    return LabelledLines(LABELS, WORDS, DOCUMENTS, LANGUAGES, np.array(rule_weights))


def test_the_threshold_keeps_the_budget() -> None:
    strict = report(scored([0] * 5), PROBABILITIES, 0.05, 0.5)
    assert 0.7 < strict["threshold"] <= 0.8
    at = strict["at_threshold"]
    assert (at["body_lost"], at["documents_losing"]) == (0, 0)
    assert (at["found"], at["appeals_found"]) == (pytest.approx(25 / 30, abs=1e-5), 1)
    assert at["categories"] == {"donation": 1, "related": 0.5}
    loose = report(scored([0] * 5), PROBABILITIES, 0.1, 0.5)
    assert (loose["at_threshold"]["body_lost"], loose["at_threshold"]["documents_losing"]) == (0.1, 0.5)


def test_rules_act_beside_the_judge_unless_overruled() -> None:
    found = report(scored([1, 0, 0, 0, 2]), PROBABILITIES, 0.05, 0.5)
    assert found["rules_alone"]["body_lost"] == 0.9
    assert found["at_threshold"]["body_lost"] == 0, "an ordinary rule is overruled"
    assert found["at_threshold"]["found"] == 1, "a strong one is not"
    assert found["judge_alone"]["found"] < 1
    assert found["languages"]["en"]["appeals_found"] == 1


def test_reliability_counts_every_line_once() -> None:
    found = report(scored([0] * 5), PROBABILITIES, 0.05, 0.5)
    assert sum(row["lines"] for row in found["reliability"]) == 5
