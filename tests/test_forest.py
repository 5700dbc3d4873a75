"""Forests: tests of small trees all at once, and walks through large ones, give the same sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cleaner.forest import Forest
from cleaner.model import trees_table

FEATURES = 6


def grown(random: np.random.Generator, leaves: int) -> dict[str, Any]:
    """Return a tree of random shape."""
    if leaves == 1:
        return {"value": float(random.normal())}
    left = int(random.integers(1, leaves))
    return {
        "feature": int(random.integers(FEATURES)),
        "threshold": float(random.integers(-2, 3)),
        "value": 0.0,
        "left": grown(random, left),
        "right": grown(random, leaves - left),
    }


def leaf_of(tree: dict[str, Any], row: list[float]) -> float:
    while "left" in tree:
        tree = tree["right" if row[tree["feature"]] > tree["threshold"] else "left"]
    return float(tree["value"])


@pytest.mark.parametrize("leaves", [1, 2, 9, 32, 33, 70])
def test_sums_are_those_of_a_walk(leaves: int) -> None:
    random = np.random.default_rng(leaves)
    trees = [grown(random, leaves), *(grown(random, int(size)) for size in random.integers(1, leaves + 1, 11))]
    table = trees_table(trees)
    roots = np.array(table["roots"], dtype=np.intp)
    forest = Forest(
        np.array(table["feature"], dtype=np.intp),
        np.array([np.inf if value is None else value for value in table["threshold"]], dtype=np.float32),
        np.array(table["children"], dtype=np.intp),
        np.array(table["value"], dtype=np.int64),
        [roots[:5], roots[5:5], roots[5:]],
        table["depth"],
    )
    matrix = random.integers(-3, 4, (1_300, FEATURES)).astype(np.float32)
    matrix[3, 2] = np.nan
    expected = [
        [sum(round(leaf_of(tree, row) * 1_000_000) for tree in group) for row in matrix.tolist()]
        for group in (trees[:5], [], trees[5:])
    ]
    assert forest.sums(matrix).tolist() == expected
    assert forest.sums(matrix[:0]).shape == (3, 0)
