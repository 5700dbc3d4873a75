"""Models as plain data: the walk, reasons, broken files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

from cleaner.errors import ConfigurationError
from cleaner.model import UNIT, build, load, trees_table

TREE = {
    "feature": 0,
    "threshold": 1.5,
    "value": 0.0,
    "left": {"value": -1.0},
    "right": {"feature": 1, "threshold": 10.0, "value": 0.5, "left": {"value": 0.25}, "right": {"value": 2.0}},
}
TABLE = {
    "format": 1,
    "name": "test",
    "features": ["a", "b"],
    "trees": trees_table([TREE, {"value": 0.125}]),
    "calibration": [[-2.0, 2.0], [0.0, 1.0]],
    "thresholds": {"drop": 0.9},
    "card": {"data": "none"},
    "heads": {"ad": trees_table([{"value": 3.0}])},
}
ROWS = np.array([[1.5, 0], [1.6, 10], [2.0, 11]], dtype=np.float32)


def test_the_walk() -> None:
    model = build(TABLE)
    assert (model.logits(ROWS) / UNIT).tolist() == [-0.875, 0.375, 2.125]
    assert model.probabilities(ROWS).tolist() == pytest.approx([0.28125, 0.59375, 1.0])
    assert model.logits(ROWS[:0]).shape == (0,)


def test_many_rows_are_walked_in_parts() -> None:
    model = build(TABLE)
    many = np.tile(ROWS, (4000, 1))
    assert model.logits(many).tolist() == model.logits(ROWS).tolist() * 4000


def test_reasons_are_the_changes_along_the_path() -> None:
    model = build(TABLE)
    assert model.reasons(ROWS[2:]) == [[("b", 1.5), ("a", 0.5)]]
    assert model.reasons(ROWS[:1]) == [[]]
    assert model.reasons(ROWS[:1], against=True) == [[("a", 1.0)]]
    assert model.contributions(ROWS[:1]).tolist() == [[-1.0, 0.0]]


@pytest.mark.parametrize(("key", "place", "number"), [("feature", 0, 2), ("children", 0, 6), ("roots", 0, -1)])
def test_trees_that_lead_nowhere(key: str, place: int, number: int) -> None:
    trees = trees_table([TREE, {"value": 0.125}])
    trees[key][place] = number
    for broken in ({**TABLE, "trees": trees}, {**TABLE, "heads": {"ad": trees}}):
        with pytest.raises(ConfigurationError, match="out of range"):
            build(broken)


def test_heads() -> None:
    names, scores = build(TABLE).categories(ROWS)
    assert (names, scores.tolist()) == (["ad"], [[3_000_000]] * 3)
    names, scores = build({**TABLE, "heads": {}}).categories(ROWS)
    assert (names, scores.shape) == ([], (3, 0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "has format 2, not 1"),
        ({"trees": {}}, "is broken"),
        ({"calibration": [1]}, "is broken"),
        ({"card": 3}, "is broken"),
    ],
)
def test_broken_tables(change: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build({**TABLE, **change})


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(orjson.dumps(TABLE))
    model = load(path)
    assert (model.name, len(model.digest), model.thresholds) == ("test", 64, {"drop": 0.9})
    for content, message in ((None, "cannot be read"), (b"{", "is no JSON")):
        broken = tmp_path / f"{message}.json"
        if content is not None:
            broken.write_bytes(content)
        with pytest.raises(ConfigurationError, match=message):
            load(broken)
