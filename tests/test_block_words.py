"""The words of a page's blocks: features that letters' case does not change, and measures that stay on their page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import block_words
from cleaner.formats.html import read_page
from cleaner.pages import Pages


def numbers(page: str) -> list[tuple[int, int]]:
    found = block_words.features(read_page(page))
    return sorted(zip(found.lines.tolist(), found.numbers.tolist(), strict=True))


def test_case_changes_no_word() -> None:
    assert numbers("<p>Sign Up<p>NOW, please") == numbers("<p>sign up<p>now, please")
    assert numbers("<p>Sign up") != numbers("<p>Sign in")


def test_each_block_has_its_own_words() -> None:
    found = block_words.features(read_page("<h1>River</h1><p>The river rose<p>— * —"))
    assert sorted(set(found.lines.tolist())) == [0, 1]
    assert len(found.openings) == 3


@pytest.mark.parametrize("before", ["İstanbul İ", "ß ﬁ ΐ", "\U0001d400 𐐀"])
def test_letters_that_would_become_two_move_nothing(before: str) -> None:
    alone = [number for _, number in numbers("<p>the river rose")]
    behind = [number for line, number in numbers(f"<p>{before}<p>the river rose") if line == 1]
    assert behind == alone


@given(st.lists(st.lists(st.floats(-9, 9), min_size=1, max_size=6), min_size=1, max_size=5))
def test_other_pages_change_no_measure(scores: list[list[float]]) -> None:
    sizes = [len(page) for page in scores]
    words = [np.arange(1.0, size + 1) for size in sizes]
    together = block_words.columns(
        np.concatenate(scores), np.concatenate(words), Pages(np.repeat(np.arange(len(sizes)), sizes), len(sizes))
    )
    for name, column in together.items():
        alone = [
            block_words.columns(np.array(page), count, Pages(np.zeros(len(page), dtype=np.int64), 1))[name]
            for page, count in zip(scores, words, strict=True)
        ]
        assert column.tolist() == np.concatenate(alone).tolist()


def test_the_mean_of_a_page_is_by_words() -> None:
    columns = block_words.columns(np.array([1.0, -1.0]), np.array([3.0, 1.0]), Pages(np.zeros(2, dtype=np.int64), 1))
    assert columns["page text words"].tolist() == [0.5, 0.5]
    assert columns["text words before 1"].tolist() == [0, 1]
    assert columns["text words after 1"].tolist() == [-1, 0]
