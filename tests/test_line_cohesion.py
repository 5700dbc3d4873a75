"""How far lines speak of what the rest of their page speaks of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.characters import DIGIT, LOWER, SPACELESS, UPPER, classes_of
from cleaner.folding import points_of
from cleaner.line_cohesion import COHESION, cohesion
from cleaner.pages import Pages
from cleaner.segments import split
from cleaner.word_scores import Features, features


def examined(text: str) -> tuple[Features, list[int]]:
    points = points_of(f"\n{text}\n")
    classes = classes_of(points)
    starts, ends = (np.array(places, dtype=np.int64) + 1 for places in split(text))
    letters = (classes == UPPER) | (classes == LOWER) | (classes == SPACELESS) | (classes == DIGIT)
    words = [len(text[start:end].split()) for start, end in zip(starts - 1, ends - 1, strict=True)]
    return features(points, letters, classes == SPACELESS, starts, ends), words


def measured(*texts: str) -> dict[str, list[float]]:
    """Measure pages, one after another; no sign of one may reach another."""
    joined, words = examined("\n".join(texts))
    sizes = [len(examined(text)[1]) for text in texts]
    pages = Pages(np.repeat(np.arange(len(texts)), sizes), len(texts))
    matrix = cohesion(joined.topics, np.array(words, dtype=np.float32), pages)
    assert matrix.shape == (sum(sizes), len(COHESION))
    return {name: matrix[:, place].tolist() for place, name in enumerate(COHESION)}


PAGE = (
    "the river flooded the village again and nobody in the valley had seen the water rise so fast before\n"
    "farmers of the village blamed the river authority\n"
    "seven recipes with courgettes"
)


def test_a_line_about_the_same_shares_its_words() -> None:
    found = measured(PAGE)
    assert found["cohesion_words"] == [8, 5, 3]
    assert found["cohesion_shared"] == pytest.approx([2 / 8, 2 / 5, 0])
    assert found["cohesion_long"] == pytest.approx([0, 2 / 5, 0])
    assert found["cohesion_lead"] == pytest.approx([2 / 8, 2 / 5, 0])
    assert found["cohesion_near"] == pytest.approx([2 / 8, 2 / 5, 0])
    assert found["cohesion_often"] == pytest.approx([2 / 8 * np.log(2), 2 / 5 * np.log(2), 0], abs=1e-3)


def test_a_word_far_away_is_not_near() -> None:
    found = measured("villages\na\nb\nc\nd\nvillages\nb\nvillages")
    assert found["cohesion_shared"][::5] == [1, 1]
    assert [found["cohesion_near"][place] for place in (0, 5, 7)] == [0, 1, 1]
    assert found["cohesion_shared"][1] == -1


def test_a_word_twice_in_one_line_is_not_shared() -> None:
    assert measured("village village\nother")["cohesion_shared"] == [0, 0]


@pytest.mark.parametrize(
    ("line", "other", "share"),
    [
        ("наводнения", "наводнением", 1),
        ("洪水泛滥", "洪水退去", 1 / 3),
        ("홍수가 났다", "홍수는 났어", 1 / 2),
        ("12345 67890", "12345 67890", -1),
        ("short word list", "short word list", 1),
        ("a few", "a few", -1),
    ],
)
def test_words_in_any_script(line: str, other: str, share: float) -> None:
    assert measured(f"{line}\n{other}")["cohesion_shared"] == pytest.approx([share, share])


def test_nothing_to_say() -> None:
    assert measured("a b\nc")["cohesion_shared"] == [-1, -1]


@given(st.lists(st.text("ab \nwxyz洪水", min_size=1).filter(lambda text: text.strip()), min_size=1, max_size=4))
def test_pages_do_not_see_each_other(texts: list[str]) -> None:
    texts = [text.strip("\n ").replace("\n", " \n") + " village" for text in texts]
    together = measured(*texts)
    alone = [measured(text) for text in texts]
    for name in COHESION:
        assert together[name] == [value for page in alone for value in page[name]]
