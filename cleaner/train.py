"""Fits a judge to labelled rows: gradient-boosted trees, cross-validated by group, calibrated, written as a model file.

Needs the extra ``train`` (LightGBM and scikit-learn). The same rows give the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from cleaner.errors import ConfigurationError
from cleaner.model import FORMAT, UNIT, Model, build, trees_table

FOLDS = 5
Without = Callable[[int], tuple[NDArray[np.float32], dict[str, Any]]]
"""Returns, for the number of a fold, the matrix with its learned measures learned outside that fold, and what the table of
the fold's model must hold for them."""


@dataclass(frozen=True)
class Settings:
    """Settings of the trees; the defaults suit some ten thousand rows."""

    trees: int = 150
    leaves: int = 31
    rate: float = 0.1
    smallest_leaf: int = 60
    feature_fraction: float = 0.4
    l2: float = 5.0
    seed: int = 7


@dataclass(frozen=True)
class Rows:
    """Labelled rows: ``matrix`` of measures, ``labels`` 0 to 1, ``weights``, and the fold that each row is held out in."""

    features: tuple[str, ...]
    matrix: NDArray[np.float32]
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]
    folds: NDArray[np.int64]


@dataclass(frozen=True)
class Crossed:
    """Rows judged by models that never saw their fold: the logit of each row, and the table of each fold's model."""

    logits: NDArray[np.float64]
    tables: Mapping[int, dict[str, Any]]


@dataclass(frozen=True)
class Fit:
    """A fitted model as the table of its file, with its cross-validation and the probabilities that came of it."""

    table: dict[str, Any]
    crossed: Crossed
    probabilities: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def calibrated(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities as the model gives them for these logits."""
        knots, values = self.table["calibration"]
        result: NDArray[np.float64] = np.interp(logits, np.array(knots), np.array(values))
        return result


def fold_of(group: str, folds: int = FOLDS) -> int:
    """Return the fold of a group, by a digest of its name: stable whatever else is in the data."""
    return int.from_bytes(sha256(group.encode()).digest()[:4], "big") % folds


def even_folds(groups: Sequence[str], folds: int = FOLDS) -> NDArray[np.int64]:
    """Return the fold of each row such that folds are of like size: groups by size, each to the smallest fold so far.

    For groups of very different sizes, such as languages: the largest are alone in their folds.
    """
    names, places, sizes = np.unique(np.array(groups, dtype=np.str_), return_inverse=True, return_counts=True)
    fold = np.zeros(len(names), dtype=np.int64)
    filled = np.zeros(folds, dtype=np.int64)
    for place in np.argsort(-sizes, kind="stable").tolist():
        fold[place] = int(filled.argmin())
        filled[fold[place]] += sizes[place]
    return fold[places]


def fit(
    rows: Rows,
    name: str,
    settings: Settings,
    thresholds: Mapping[str, float],
    card: Mapping[str, Any],
    folds: bool = True,
    without: Without | None = None,
) -> Fit:
    """Fit a model to ``rows``. ``thresholds`` and ``card`` go into the file as they are.

    Without ``folds`` there is no cross-validation, and so no calibration. ``without`` is for measures that are themselves
    learned.

    Raises:
        ConfigurationError: the extra for training is not installed.
    """
    table = _table(rows, np.ones(len(rows.labels), dtype=bool), name, settings, thresholds, card)
    if not folds:
        return Fit(table, Crossed(np.zeros(len(rows.labels)), {}))
    crossed = cross(rows, name, settings, without)
    table["calibration"] = _calibration(crossed.logits, rows.labels, rows.weights)
    fitted = Fit(table, crossed)
    return replace(fitted, probabilities=fitted.calibrated(crossed.logits))


def cross(rows: Rows, name: str, settings: Settings, without: Without | None = None) -> Crossed:
    """Judge each row by a model that was fitted to the rows of the other folds."""
    logits = np.zeros(len(rows.labels))
    tables: dict[int, dict[str, Any]] = {}
    for number in np.unique(rows.folds).tolist():
        held = rows.folds == number
        if not held.all():
            matrix, learned = (rows.matrix, {}) if without is None else without(number)
            within = replace(rows, matrix=matrix)
            tables[number] = {**_table(within, ~held, name, settings, {}, {}), **learned}
            logits[held] = build(tables[number]).logits(within.matrix[held]) / UNIT
    return Crossed(logits, tables)


def _table(
    rows: Rows,
    chosen: NDArray[np.bool_],
    name: str,
    settings: Settings,
    thresholds: Mapping[str, float],
    card: Mapping[str, Any],
) -> dict[str, Any]:
    try:
        import lightgbm
    except ImportError:
        raise ConfigurationError("training needs LightGBM", "pip install 'article-cleaner[train]'") from None
    data = lightgbm.Dataset(
        rows.matrix[chosen].astype(np.float64), rows.labels[chosen], weight=rows.weights[chosen], free_raw_data=False
    )
    booster = lightgbm.train(
        {
            "objective": "cross_entropy",
            "num_leaves": settings.leaves,
            "learning_rate": settings.rate,
            "min_data_in_leaf": settings.smallest_leaf,
            "feature_fraction": settings.feature_fraction,
            "lambda_l2": settings.l2,
            "seed": settings.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbose": -1,
        },
        data,
        num_boost_round=settings.trees,
    )
    trees = [_tree(info["tree_structure"]) for info in booster.dump_model()["tree_info"]]
    return {
        "format": FORMAT,
        "name": name,
        "features": list(rows.features),
        "trees": trees_table(trees),
        "calibration": [[-20.0, 20.0], [0.0, 1.0]],
        "thresholds": dict(thresholds),
        "card": dict(card),
    }


def _tree(node: Mapping[str, Any]) -> dict[str, Any]:
    if "leaf_value" in node:
        return {"value": float(node["leaf_value"])}
    return {
        "feature": int(node["split_feature"]),
        "threshold": float(node["threshold"]),
        "left": _tree(node["left_child"]),
        "right": _tree(node["right_child"]),
        "value": float(node["internal_value"]),
    }


def _calibration(
    logits: NDArray[np.float64], labels: NDArray[np.float64], weights: NDArray[np.float64], knots: int = 40
) -> list[list[float]]:
    """Return the knots of a rising line from logit to probability (isotonic regression on out-of-fold logits)."""
    from sklearn.isotonic import IsotonicRegression

    regression = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip")
    regression.fit(logits, labels, sample_weight=weights)
    places = np.unique(np.quantile(logits, np.linspace(0, 1, knots)))
    return [[round(float(x), 6) for x in places], [round(float(y), 6) for y in regression.predict(places)]]


def write(table: Mapping[str, Any], path: Path) -> Model:
    """Write a model file and return the model, read back from it."""
    from cleaner.model import load

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(table) + b"\n")
    load.cache_clear()
    return load(path)
