"""Small learned judges as plain data: reads a model file, scores many segments at once, names the strongest reasons.

A model is a sum of decision trees over named measures. Leaves hold whole numbers (millionths of a logit), so that sums
are the same to the bit on every machine. The walk is numpy alone; no learning library is needed to judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from cleaner.errors import ConfigurationError
from cleaner.forest import Forest
from cleaner.word_scores import WordTable, from_table

FORMAT = 1
UNIT = 1_000_000
"""Parts of a logit that a leaf's whole numbers count."""


@dataclass(frozen=True, slots=True)
class Model:
    """A read model. ``features`` are names of measures, in the order of a matrix's columns."""

    name: str
    digest: str
    features: tuple[str, ...]
    thresholds: Mapping[str, float]
    card: Mapping[str, Any]
    heads: Mapping[str, Model]
    """Further trees over the same measures, for instance one for each category."""
    words: WordTable | None
    """The weights of words from which some of the measures come, where the model has them."""
    _feature: NDArray[np.intp]
    _threshold: NDArray[np.float32]
    _children: NDArray[np.intp]
    _value: NDArray[np.int64]
    _roots: NDArray[np.intp]
    _depth: int
    _calibration: tuple[NDArray[np.float64], NDArray[np.float64]]
    _forest: Forest
    _heads_forest: Forest

    def logits(self, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the raw scores of the rows of ``matrix``, in millionths of a logit."""
        scores: NDArray[np.int64] = self._forest.sums(matrix)[0]
        return scores

    def probabilities(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return calibrated probabilities for the rows of ``matrix``."""
        knots, values = self._calibration
        return np.interp(self.logits(matrix) / UNIT, knots, values)

    def categories(self, matrix: NDArray[np.float32]) -> tuple[list[str], NDArray[np.int64]]:
        """Return the names of the heads and their raw scores for the rows of ``matrix``, a column each."""
        return list(self.heads), self._heads_forest.sums(matrix).T

    def reasons(
        self, matrix: NDArray[np.float32], most: int = 3, against: bool = False
    ) -> list[list[tuple[str, float]]]:
        """Return for each row of ``matrix`` the features that moved its score up the most, each with its share in logits.

        With ``against`` they are those that moved it down.
        """
        shares = -self.contributions(matrix) if against else self.contributions(matrix)
        strongest = np.argsort(-shares, axis=1, kind="stable")[:, :most].tolist()
        return [
            [(self.features[place], float(share[place])) for place in order if share[place] > 0]
            for share, order in zip(shares, strongest, strict=True)
        ]

    def contributions(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return what each feature adds to the score of each row of ``matrix``, in logits.

        The contribution of a feature is the sum, over all trees, of the change of the node's mean at each split on it
        along the row's path (the method of Saabas, 2014, as in the treeinterpreter package).
        """
        rows, width, trees = len(matrix), len(self.features), len(self._roots)
        flat = np.ascontiguousarray(matrix, dtype=np.float32).ravel()
        nodes = np.tile(self._roots, rows)
        offsets = np.repeat(np.arange(rows) * width, trees)
        totals = np.zeros(rows * width)
        for _ in range(self._depth):
            # Most paths are short.
            going = np.flatnonzero(self._threshold.take(nodes) < np.inf)
            nodes, offsets = nodes.take(going), offsets.take(going)
            places = self._feature.take(nodes) + offsets
            # Children lie in pairs: the right one directly after the left one.
            following = self._children.take(nodes) + (flat.take(places) > self._threshold.take(nodes))
            # Whole numbers, far below the bound where doubles would lose some.
            moved = self._value.take(following) - self._value.take(nodes)
            totals += np.bincount(places, moved, minlength=rows * width)
            nodes = following
        return totals.reshape(rows, width) / UNIT


def build(table: Mapping[str, Any], digest: str = "") -> Model:
    """Build a model from the content of its file.

    Raises:
        ConfigurationError: the content is no model of this format.
    """
    try:
        if table["format"] != FORMAT:
            raise ConfigurationError(f"the model has format {table['format']!r}, not {FORMAT}")
        heads = {
            str(name): build({**table, "name": name, "trees": head, "heads": {}, "vocabulary": None})
            for name, head in table.get("heads", {}).items()
        }
        words = table.get("vocabulary")
        knots, values = table["calibration"]
        nodes, roots, depth = _nodes(table["trees"])
        _check(nodes, roots, len(table["features"]))
        return Model(
            str(table["name"]),
            digest,
            tuple(table["features"]),
            dict(table["thresholds"]),
            dict(table["card"]),
            heads,
            from_table(words) if words else None,
            *nodes,
            roots,
            depth,
            (np.array(knots, dtype=np.float64), np.array(values, dtype=np.float64)),
            Forest(*nodes, [roots], depth),
            _joined([_nodes(head) for head in table.get("heads", {}).values()]),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ConfigurationError(f"the model file is broken: {error!r}") from None


Nodes = tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.intp], NDArray[np.int64]]


def _nodes(trees: Mapping[str, Any]) -> tuple[Nodes, NDArray[np.intp], int]:
    """Return the arrays of a model file's trees, see :class:`cleaner.forest.Forest`, their roots, and their depth."""
    nodes = (
        np.array(trees["feature"], dtype=np.intp),
        np.array([np.inf if value is None else value for value in trees["threshold"]], dtype=np.float32),
        np.array(trees["children"], dtype=np.intp),
        np.array(trees["value"], dtype=np.int64),
    )
    return nodes, np.array(trees["roots"], dtype=np.intp), int(trees["depth"])


def _check(nodes: Nodes, roots: NDArray[np.intp], width: int) -> None:
    """Raise a ValueError where a tree leads nowhere or tests a measure that is not there: numpy would take another."""
    feature, threshold, children, _ = nodes
    inner = np.flatnonzero(threshold < np.inf)
    for places, bound in ((feature[inner], width), (children[inner], len(children) - 1), (roots, len(children))):
        if len(places) and not 0 <= int(places.min()) <= int(places.max()) < bound:
            raise ValueError("a number is out of range")


def _joined(groups: Sequence[tuple[Nodes, NDArray[np.intp], int]]) -> Forest:
    """Return the trees of several groups as one forest."""
    bases = np.cumsum([0, *(len(nodes[0]) for nodes, _, _ in groups)]).tolist()
    moved = [
        ((*nodes[:2], nodes[2] + base, nodes[3]), roots + base)
        for (nodes, roots, _), base in zip(groups, bases, strict=False)
    ]
    empty: Nodes = (np.zeros(0, np.intp), np.zeros(0, np.float32), np.zeros(0, np.intp), np.zeros(0, np.int64))
    feature, threshold, children, value = (
        np.concatenate([none, *(nodes[column] for nodes, _ in moved)]) for column, none in enumerate(empty)
    )
    depth = max((depth for _, _, depth in groups), default=0)
    return Forest(feature, threshold, children, value, [roots for _, roots in moved], depth)


@lru_cache(maxsize=8)
def load(path: Path) -> Model:
    """Read a model file; its digest is the sha256 of its bytes.

    Raises:
        ConfigurationError: it is missing or broken.
    """
    try:
        content = path.read_bytes()
        return build(orjson.loads(content), sha256(content).hexdigest())
    except OSError as error:
        raise ConfigurationError(f"the model {str(path)!r} cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(f"the model {str(path)!r} is no JSON: {error}") from None


def trees_table(trees: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return trees as the arrays of a model file.

    A tree is nested: ``{"feature": index, "threshold": number, "left": …, "right": …, "value": logits}``, a leaf only
    ``{"value": logits}``. A row goes left where its measure is not above the threshold.
    """
    arrays: dict[str, list[Any]] = {"feature": [], "threshold": [], "children": [], "value": []}
    roots: list[int] = []
    depth = 0

    def reserve() -> int:
        for column in arrays.values():
            column.append(0)
        return len(arrays["value"]) - 1

    for tree in trees:
        roots.append(reserve())
        waiting = [(roots[-1], tree, 0)]
        while waiting:
            index, node, level = waiting.pop()
            depth = max(depth, level)
            arrays["value"][index] = round(node["value"] * UNIT)
            if "left" in node:
                left, right = reserve(), reserve()
                # The bounds are kept as the walk compares them, in single precision.
                arrays["threshold"][index] = float(np.float32(node["threshold"]))
                arrays["feature"][index], arrays["children"][index] = node["feature"], left
                waiting += [(left, node["left"], level + 1), (right, node["right"], level + 1)]
            else:
                # A leaf leads to itself: nothing is above infinity, which JSON writes as null.
                arrays["threshold"][index], arrays["children"][index] = None, index
    return {**arrays, "roots": roots, "depth": depth}
