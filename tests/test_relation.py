"""Relations between numbers, looked up for many at once."""

from __future__ import annotations

import numpy as np

from cleaner.relation import Relation, ordered


def test_pairs_come_with_the_place_of_their_number() -> None:
    relation = Relation.of(4, [(2, 7), (0, 1), (2, 5)])
    places, others = relation.pairs(np.array([2, 1, 0, 2]))
    assert list(zip(places.tolist(), others.tolist(), strict=True)) == [(0, 5), (0, 7), (2, 1), (3, 5), (3, 7)]


def test_nothing_belongs_to_nothing() -> None:
    relation = Relation.of(2, [])
    assert [column.tolist() for column in relation.pairs(np.array([0, 1, 1]))] == [[], []]
    assert [column.tolist() for column in relation.pairs(np.zeros(0, dtype=np.int64))] == [[], []]


def test_each_number_once_in_order() -> None:
    assert ordered(np.array([3, -1, 3, 2, -1])).tolist() == [-1, 2, 3]
    assert ordered(np.zeros(0, dtype=np.int64)).tolist() == []
