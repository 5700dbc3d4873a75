"""Shifts: the way between a text and a copy from which signs went, or in which some became several."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.shifts import Shifts

COUNTS = st.lists(st.sampled_from([1, 1, 1, 0, 2, 3]), min_size=1, max_size=30)


def origins_of(counts: list[int]) -> list[int]:
    return [place for place, count in enumerate(counts) for _ in range(count)]


def shifts_of(counts: list[int]) -> Shifts:
    changed = np.array([place for place, count in enumerate(counts) if count != 1], dtype=np.int64)
    return Shifts.of(changed, np.array([counts[place] for place in changed.tolist()], dtype=np.int64))


def agrees(shifts: Shifts, origins: list[int], length: int) -> None:
    assert shifts.original(np.arange(len(origins))).tolist() == origins
    expected = np.searchsorted(np.array(origins, dtype=np.int64), np.arange(length)).tolist()
    assert shifts.copied(np.arange(length)).tolist() == expected


@given(COUNTS)
def test_places_lead_both_ways(counts: list[int]) -> None:
    agrees(shifts_of(counts), origins_of(counts), len(counts))


@given(COUNTS, st.data())
def test_what_is_taken_from_the_copy_too(counts: list[int], data: st.DataObject) -> None:
    origins = origins_of(counts)
    taken = data.draw(st.sets(st.sampled_from(range(len(origins))))) if origins else set()
    shifts = shifts_of(counts).without(np.array(sorted(taken), dtype=np.int64))
    agrees(shifts, [origin for place, origin in enumerate(origins) if place not in taken], len(counts))
