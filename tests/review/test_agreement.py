"""Agreement and shares, against figures worked out by hand."""

from __future__ import annotations

import pytest

from cleaner.review.agreement import agreements, interval, kappa, tallies
from cleaner.review.decisions import Decision, Span


def decision(reviewer: str, start: int, verdict: str, category: str = "", kind: str = "edit") -> Decision:
    return Decision(start, reviewer, 1, Span(kind, start, start + 1, "ad", "ad/en/x"), verdict, category, "", "")


def test_kappa() -> None:
    # 20 both yes, 15 both no, 5 and 10 apart: observed 0.7, expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("y", "y"), ("n", "n")]) == 1
    assert kappa([("y", "n"), ("n", "y")]) == -1
    assert kappa([("y", "y")] * 3) is None
    assert kappa([]) is None


def test_agreements() -> None:
    mine = [
        decision("ana", 0, "right"),
        decision("ana", 1, "wrong"),
        decision("ana", 2, "category", "cause"),
        decision("ana", 9, "right"),
    ]
    other = [decision("bo", 0, "right"), decision("bo", 1, "right"), decision("bo", 2, "category", "donation")]
    beside = [decision("bo", 5, "missed", "ad", "missed"), decision("ana", 5, "missed", "ad", "missed")]
    (one,) = agreements(mine + other + beside)
    assert (one.first, one.second, one.both, one.equal) == ("ana", "bo", 3, 1)
    # Observed 1/3; expected by chance 2/9: ana says right, wrong and cause once each, bo right twice.
    assert one.kappa == pytest.approx((1 / 3 - 2 / 9) / (1 - 2 / 9))
    assert agreements(mine) == []


def test_interval() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert interval(10, 10)[1] == pytest.approx(1.0)


def test_tallies() -> None:
    made = [
        decision("ana", 0, "right"),
        decision("ana", 1, "wrong"),
        decision("ana", 2, "unsure"),
        decision("ana", 3, "category", "app"),
    ]
    (row,) = tallies(made, "category")
    assert (row["name"], row["right"], row["wrong"], row["unsure"], row["category"]) == ("ad", 1, 1, 1, 1)
    assert row["share"] == pytest.approx(2 / 3)
