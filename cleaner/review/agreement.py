"""How far reviewers agree, and how often the cleaner was right.

Agreement is Cohen's kappa (J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological
Measurement 20, 1960, pages 37-46): the share of equal verdicts, less what chance would give two reviewers with these habits.
The interval of a share is Wilson's (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
Journal of the American Statistical Association 22, 1927, pages 209-212), which holds for small numbers too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any

from cleaner.review.decisions import OTHER, RIGHT, VERDICTS, WRONG, Decision

_NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two reviewers: on how many items both decided, on how many of these they said the same, and kappa.

    ``kappa`` is None where it is not defined: nothing in common, or both said one and the same thing throughout.
    """

    first: str
    second: str
    both: int
    equal: int
    kappa: float | None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of pairs of verdicts, None where chance alone would make them all equal."""
    if not pairs:
        return None
    total = len(pairs)
    observed = sum(first == second for first, second in pairs) / total
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    expected = sum(count * seconds[verdict] for verdict, count in firsts.items()) / total**2
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def agreements(decisions: Iterable[Decision]) -> list[Agreement]:
    """Return the agreement of every two reviewers who both decided on something."""
    said: dict[str, dict[Any, str]] = defaultdict(dict)
    for decision in decisions:
        if decision.verdict in VERDICTS:
            said[decision.reviewer][decision.document, decision.span] = decision.label
    result: list[Agreement] = []
    for first, second in combinations(sorted(said), 2):
        common = said[first].keys() & said[second].keys()
        pairs = [(said[first][key], said[second][key]) for key in common]
        if pairs:
            result.append(Agreement(first, second, len(pairs), sum(a == b for a, b in pairs), kappa(pairs)))
    return result


def interval(hits: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of the share ``hits`` of ``total``."""
    if not total:
        return 0.0, 1.0
    share, square = hits / total, _NORMAL_95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = _NORMAL_95 * sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    # Where all or none hit, the interval ends at 1 or 0, but for what floating point adds.
    return max(0.0, round(middle - half, 9)), min(1.0, round(middle + half, 9))


def tallies(decisions: Iterable[Decision], by: str) -> list[dict[str, Any]]:
    """Count verdicts by ``category``, ``rule`` or ``kind`` of what was judged.

    ``share`` is that of what had to go among what was decided; ``unsure`` counts for neither side. The most judged stand first.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for decision in decisions:
        if decision.verdict in VERDICTS:
            counts[getattr(decision.span, by)][decision.verdict] += 1
    rows: list[dict[str, Any]] = []
    for name, counter in sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0])):
        hits = counter[RIGHT] + counter[OTHER]
        total = hits + counter[WRONG]
        low, high = interval(hits, total)
        shares = {"share": hits / total if total else None, "low": low, "high": high}
        rows.append({"name": name, **{verdict: counter[verdict] for verdict in VERDICTS}, **shares})
    return rows
