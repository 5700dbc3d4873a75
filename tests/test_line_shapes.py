"""Measures of the signs of lines, of their likeness to neighbours, and of what word scores make."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cleaner.characters import DIGIT, classes_of
from cleaner.folding import points_of
from cleaner.line_shapes import SHAPES, score_columns, score_names, shapes
from cleaner.pages import Pages
from cleaner.segments import split


def measured(text: str, openings: list[int] | None = None) -> dict[str, list[float]]:
    points = points_of(f"\n{text}\n")
    starts, ends = (np.array(places, dtype=np.int64) + 1 for places in split(text))
    pages = Pages(np.zeros(len(starts), dtype=np.int64), 1)
    first = np.array(openings or range(1, len(starts) + 1), dtype=np.uint64)
    matrix = shapes(points, classes_of(points) == DIGIT, starts, ends, pages, first)
    assert matrix.shape == (len(starts), len(SHAPES))
    return {name: matrix[:, place].tolist() for place, name in enumerate(SHAPES)}


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("The river rose and then...", "ellipsis", 1),
        ("The river rose.", "ellipsis", 0),
        ("- Read this", "bullet", 1),
        ("-", "bullet", 0),
        ("In 1999 and 2024", "years", 2),
        ("12024 and 1899", "years", 0),
        ("12.05.2024, 10:30", "dates", 3),
        ("Only $5 or 7 €", "prices", 2),
        ("Look 🎉", "emoji", 1),
        ("a@b.example", "links", 1),
        ("www.b.example or http://c", "links", 2),
        ("Why? Who? ¿Y?", "questions", 3),
        ("Now! Now!", "exclamations", 2),
        ("Tags: rivers", "colons", 1),
    ],
)
def test_signs(line: str, name: str, value: int) -> None:
    assert measured(line)[name] == [value]


def test_likeness() -> None:
    found = measured("abcd\nefgh\nA much longer line of text\nijkl", [7, 8, 7, 0])
    assert found["like_next"][0] == 0
    assert found["like_next"][3] > 1
    assert found["like_second"][3] == 0
    assert found["same_opening"] == [1, 0, 1, 0]


def test_neighbours_and_page() -> None:
    found = measured("One...\nTwo\nThree...")
    assert found["ellipsis_-1"] == [0, 1, 0]
    assert found["ellipsis_+2"] == [1, 0, 0]
    assert found["page_ellipses"] == [2, 2, 2]
    assert found["around_ellipsis"] == pytest.approx([2 / 3] * 3)


def columns(scores: list[list[float]], pages: Pages) -> NDArray[np.float32]:
    return score_columns(np.array(scores), np.arange(len(scores), dtype=np.float32), pages)


def test_scores_of_a_document_do_not_depend_on_its_company() -> None:
    random = np.random.default_rng(3)
    scores = random.normal(size=(3_000, 2)).tolist()
    together = columns(scores, Pages(np.repeat(np.arange(300), 10), 300))
    for number in (0, 7, 299):
        rows = slice(10 * number, 10 * number + 10)
        words = np.arange(3_000, dtype=np.float32)[rows]
        alone = score_columns(np.array(scores[rows]), words, Pages(np.zeros(10, dtype=np.int64), 1))
        assert together[rows].tolist() == alone.tolist()


def test_what_scores_make() -> None:
    names = score_names(("strip",))
    found = columns([[1.0], [3.0], [-1.0]], Pages(np.array([0, 0, 1]), 2))
    by_name = {name: found[:, place].tolist() for place, name in enumerate(names)}
    assert by_name["strip_own"] == [1, 3, -1]
    assert by_name["strip_near"] == [2, 2, -1]
    assert by_name["strip_+1"] == [3, 0, 0]
    assert by_name["strip_rest"][1] == 3
    assert 2 < by_name["strip_page"][0] < 3, "longer lines count more"
    assert by_name["strip_start"][0] == pytest.approx(1)
