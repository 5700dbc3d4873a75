"""Training: same rows, same file; a judge that learns what can be learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaner.errors import ConfigurationError
from cleaner.labelled import from_marked
from cleaner.pipeline import Pipeline
from cleaner.train import FOLDS, Rows, Settings, even_folds, fit, fold_of, write
from cleaner.train_lines import collect

SETTINGS = Settings(trees=10, leaves=4, smallest_leaf=5)


def rows() -> Rows:
    random = np.random.default_rng(1)
    matrix = random.normal(size=(600, 3)).astype(np.float32)
    labels = (matrix[:, 1] > 0.3).astype(np.float64)
    folds = np.array([fold_of(f"site {number % 20}") for number in range(600)])
    return Rows(("a", "b", "c"), matrix, labels, np.ones(600), folds)


@pytest.fixture(scope="module")
def libraries() -> None:
    pytest.importorskip("lightgbm", reason="the extra train is not installed")
    pytest.importorskip("sklearn", reason="the extra train is not installed")


@pytest.mark.usefixtures("libraries")
def test_a_model_learns_and_is_the_same_each_time(tmp_path: Path) -> None:
    fitted = fit(rows(), "test", SETTINGS, {"drop": 0.9}, {"data": "made up"})
    again = fit(rows(), "test", SETTINGS, {"drop": 0.9}, {"data": "made up"})
    assert fitted.table == again.table
    model = write(fitted.table, tmp_path / "models" / "test.json")
    probabilities = model.probabilities(rows().matrix)
    assert ((probabilities > 0.5) == (rows().labels > 0.5)).mean() > 0.95
    assert ((fitted.probabilities > 0.5) == (rows().labels > 0.5)).mean() > 0.95
    assert model.reasons(rows().matrix[[int(np.argmax(probabilities))]])[0][0][0] == "b"
    assert model.thresholds == {"drop": 0.9}


@pytest.mark.usefixtures("libraries")
def test_the_walk_agrees_with_the_library() -> None:
    import lightgbm

    from cleaner.model import UNIT, build

    data = rows()
    table = fit(data, "test", SETTINGS, {}, {}, folds=False).table
    booster = lightgbm.train(
        {"objective": "cross_entropy", "num_leaves": 4, "learning_rate": 0.1, "min_data_in_leaf": 5, "feature_fraction": 0.4,
         "lambda_l2": 5.0, "seed": 7, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1},
        lightgbm.Dataset(data.matrix.astype(np.float64), data.labels),
        num_boost_round=10,
    )  # fmt: skip
    theirs = booster.predict(data.matrix, raw_score=True)
    assert np.allclose(build(table).logits(data.matrix) / UNIT, theirs, atol=1e-4)


def test_groups_stay_together_and_are_stable() -> None:
    assert [fold_of(f"site {number}") for number in range(5)] == [fold_of(f"site {number}") for number in range(5)]
    assert {fold_of(f"site {number}") for number in range(100)} == set(range(FOLDS))


def test_folds_of_like_size_keep_groups_together() -> None:
    groups = ["en"] * 50 + ["de"] * 30 + ["fr"] * 6 + ["es"] * 5 + ["pl"] * 4
    folds = even_folds(groups, 3)
    by_group = {
        group: {int(fold) for name, fold in zip(groups, folds, strict=True) if name == group} for group in groups
    }
    assert all(len(own) == 1 for own in by_group.values())
    assert by_group["fr"] == by_group["es"] == by_group["pl"], "small groups share a fold"
    assert len({*by_group["en"], *by_group["de"], *by_group["fr"]}) == 3
    assert even_folds(groups[::-1], 3).tolist() == folds[::-1].tolist(), "whatever the order"


def test_collecting_lines() -> None:
    documents = [
        from_marked("The river rose.\n⟦related|Read also⟧\nIt fell. ⟦ad|Buy.⟧\n", f"{number}.txt", "en")
        for number in (1, 2)
    ]
    lines = collect(documents, Pipeline("none"))
    assert lines.labels.tolist() == ["body", "related", "mixed"] * 2
    assert lines.words.tolist() == [3, 2, 3] * 2
    assert not lines.rule_weights.any()
    assert lines.sites.tolist() == ["en/1.txt"] * 3 + ["en/2.txt"] * 3


def test_nothing_to_learn_from() -> None:
    with pytest.raises(ConfigurationError, match="nothing to learn from"):
        collect([], Pipeline("none"))
