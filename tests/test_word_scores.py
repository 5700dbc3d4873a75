"""Scores of lines by their words: hashed features, and weights that a model file keeps."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.characters import DIGIT, LOWER, SPACELESS, UPPER, classes_of
from cleaner.errors import ConfigurationError
from cleaner.folding import points_of
from cleaner.segments import split
from cleaner.word_scores import BITS, Features, features, from_table, to_table


def features_of(text: str) -> Features:
    points = points_of(text)
    classes = classes_of(points)
    spaceless = classes == SPACELESS
    letters = np.isin(classes, [UPPER, LOWER, DIGIT]) | spaceless
    starts, ends = (np.array(places, dtype=np.int64) for places in split(text))
    return features(points, letters, spaceless, starts, ends)


def of_line(found: Features, line: int) -> list[int]:
    return sorted(found.numbers[found.lines == line].tolist())


def test_a_line_has_its_words_pairs_and_stems() -> None:
    found = features_of("read more\nsubscription")
    assert len(of_line(found, 0)) == 3
    assert len(of_line(found, 1)) == 2
    assert all(0 <= number < 1 << BITS for number in found.numbers.tolist())


def test_features_do_not_depend_on_what_stands_around() -> None:
    alone = features_of("support our work")
    among = features_of("1 of 2\n  support our work!\n¡y más!")
    assert of_line(among, 1) == of_line(alone, 0)
    assert among.openings[1] == alone.openings[0] != 0


def test_words_of_one_stem_share_it() -> None:
    found = features_of("subscribe\nsubscribing\nsubmarine")
    stems = [set(of_line(found, line)) for line in range(3)]
    assert stems[0] & stems[1]
    assert not stems[0] & stems[2]


def test_order_matters_in_words_and_pairs() -> None:
    found = features_of("ab ba\nba ab\nabba")
    assert of_line(found, 0) != of_line(found, 1)
    assert not set(of_line(found, 0)) & set(of_line(found, 2))


def test_all_digits_are_one() -> None:
    found = features_of("12 may\n98 may")
    assert of_line(found, 0) == of_line(found, 1)


def test_each_sign_of_a_script_without_spaces_is_a_word() -> None:
    assert len(of_line(features_of("支持我们"), 0)) == 4 + 3


def test_lines_without_words_have_no_features() -> None:
    found = features_of("--- ***\nword")
    assert of_line(found, 0) == []
    assert found.openings.tolist()[0] == 0
    assert features_of("").numbers.tolist() == []


def test_weights_come_back_and_score() -> None:
    found = features_of("give today\nthe river rose")
    numbers = np.array(of_line(found, 0), dtype=np.int64)
    weights = np.column_stack([np.full(3, 2.0), np.array([-1.0, 0.0, 1.0])])
    table = from_table(to_table(("strip", "appeal"), numbers, weights, [-0.5, 0.25]))
    scores = table.scores(found)
    assert scores[0] == pytest.approx([3 * 2.0 / np.sqrt(3) - 0.5, 0.25], abs=1e-3)
    assert scores[1].tolist() == [-0.5, 0.25]


@pytest.mark.parametrize("change", [{"bits": 8}, {"weights": "no base64"}, {"count": 7}, {"unit": "x"}, {"heads": 3}])
def test_broken_tables(change: dict[str, object]) -> None:
    table = to_table(("strip",), np.array([1, 5]), np.array([[1.0], [2.0]]), [0.0])
    with pytest.raises(ConfigurationError, match="the model's words"):
        from_table({**table, **change})
