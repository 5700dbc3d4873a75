"""Learning the weights of words: what tells lines apart gets weight, and no line is scored by what it taught."""

from __future__ import annotations

import numpy as np
import pytest
from test_word_scores import features_of

from cleaner.pages import Pages
from cleaner.train_words import Bag, Teacher, bag
from cleaner.word_scores import from_table

pytest.importorskip("sklearn", reason="the extra train is not installed")

APPEAL, REPORT = "please give today", "the river rose again"
DOCUMENTS = 40


def made_up() -> tuple[Bag, np.ndarray, Pages]:
    pages = Pages(np.repeat(np.arange(DOCUMENTS), 2), DOCUMENTS)
    found = [features_of(f"{APPEAL} word{number}\n{REPORT}") for number in range(DOCUMENTS)]
    return bag(found, pages), np.tile([1.0, 0.0], DOCUMENTS), pages


def test_rare_features_are_left_out() -> None:
    words, _, pages = made_up()
    assert words.matrix.shape[0] == pages.total
    rare = features_of("unheardof").numbers[0]
    assert rare not in words.numbers
    assert set(features_of(REPORT).numbers.tolist()) <= set(words.numbers.tolist())


def test_words_that_tell_lines_apart_score() -> None:
    words, labels, pages = made_up()
    groups = [f"site {owner}" for owner in pages.owners]
    teacher = Teacher(words, {"strip": labels, "never": np.zeros(pages.total)}, np.ones(pages.total), groups)
    scores = from_table(teacher.table()).scores(features_of(f"{APPEAL}\n{REPORT}"))
    assert scores[0, 0] > 1 > -1 > scores[1, 0]
    assert scores[:, 1].tolist() == [0, 0], "a head without examples says nothing"
    assert (teacher.scores()[labels > 0, 0] > 0).all()


def test_a_line_does_not_teach_its_own_score() -> None:
    words, labels, pages = made_up()
    groups = [f"site {owner}" for owner in pages.owners]
    changed = labels.copy()
    odd = np.array([group == "site 5" for group in groups])
    changed[odd] = 1 - changed[odd]
    before = Teacher(words, {"strip": labels}, np.ones(pages.total), groups)
    after = Teacher(words, {"strip": changed}, np.ones(pages.total), groups)
    assert np.array_equal(before.scores()[odd], after.scores()[odd])
    assert not np.array_equal(before.scores()[~odd], after.scores()[~odd])


def test_lines_that_are_held_out_teach_nothing_at_all() -> None:
    words, labels, pages = made_up()
    groups = [f"site {owner}" for owner in pages.owners]
    held = pages.owners < DOCUMENTS // 4
    scores, table = Teacher(words, {"strip": labels}, np.ones(pages.total), groups).without(held)
    changed, _ = Teacher(words, {"strip": np.where(held, 1 - labels, labels)}, np.ones(pages.total), groups).without(
        held
    )
    assert np.array_equal(scores, changed)
    by_table = from_table(table).scores(features_of("\n".join([APPEAL, REPORT])))
    assert by_table[0, 0] > 1 > -1 > by_table[1, 0], "the table scores held lines as the scores do"
