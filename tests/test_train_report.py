"""What a judge is worth: shares of words, the threshold for a budget, and rules beside the judge."""

from __future__ import annotations

import pytest
from judged_lines import PROBABILITIES, judged_lines

from cleaner.train_report import report


def test_the_threshold_keeps_the_budget() -> None:
    strict = report(judged_lines(), PROBABILITIES, 0.05, 0.5)
    assert 0.7 < strict["threshold"] <= 0.8
    at = strict["at_threshold"]
    assert (at["body_lost"], at["documents_losing"]) == (0, 0)
    assert (at["found"], at["appeals_found"]) == (pytest.approx(25 / 30, abs=1e-5), 1)
    assert at["categories"] == {"donation": 1, "related": 0.5}
    loose = report(judged_lines(), PROBABILITIES, 0.1, 0.5)
    assert (loose["at_threshold"]["body_lost"], loose["at_threshold"]["documents_losing"]) == (0.1, 0.5)


def test_rules_act_beside_the_judge_unless_overruled() -> None:
    found = report(judged_lines((1, 0, 0, 0, 2)), PROBABILITIES, 0.05, 0.5)
    assert found["rules_alone"]["body_lost"] == 0.9
    assert found["at_threshold"]["body_lost"] == 0, "an ordinary rule is overruled"
    assert found["at_threshold"]["found"] == 1, "a strong one is not"
    assert found["judge_alone"]["found"] < 1
    assert found["languages"]["en"]["appeals_found"] == 1


def test_reliability_counts_every_line_once() -> None:
    found = report(judged_lines(), PROBABILITIES, 0.05, 0.5)
    assert sum(row["lines"] for row in found["reliability"]) == 5
