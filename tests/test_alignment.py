"""Alignment: matches rise in both texts and are as many as possible; runs decide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.alignment import common, kept_shares

_WORDS = st.lists(st.sampled_from("abcde"), max_size=25)


def longest(first: list[str], second: list[str]) -> int:
    row = [0] * (len(second) + 1)
    for word in first:
        before = row
        row = [0]
        for place, other in enumerate(second):
            row.append(before[place] + 1 if word == other else max(before[place + 1], row[place]))
    return row[-1]


@given(_WORDS, _WORDS)
def test_it_is_a_longest_common_subsequence(first: list[str], second: list[str]) -> None:
    matched = common(first, second)
    places = [place for place in matched if place >= 0]
    assert places == sorted(set(places))
    assert all(first[index] == second[place] for index, place in enumerate(matched) if place >= 0)
    assert len(places) == longest(first, second)


def test_blocks_of_an_extract_are_found_and_others_not() -> None:
    blocks = [
        "Home",
        "The mill by the river",
        "News",
        "was repaired in spring by the town.",
        "Read more about the river",
    ]
    assert kept_shares(blocks, "The mill by the river\nwas repaired in spring by the town.") == [
        0.0,
        1.0,
        0.0,
        1.0,
        0.0,
    ]


def test_blocks_in_another_order_are_found_by_their_words() -> None:
    blocks = ["one two three four five six", "seven eight nine ten eleven twelve"]
    assert kept_shares(blocks, f"{blocks[1]}\n{blocks[0]}") == [1.0, 1.0]


def test_empty_texts_have_nothing_in_common() -> None:
    assert kept_shares(["a", ""], "") == [0.0, 0.0]
    assert kept_shares([], "a") == []
