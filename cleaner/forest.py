"""Sums of decision trees for many rows at once, without a walk.

Of a small tree every test is made for every row: a test that says "right" rules the leaves on its left out, and the leaf of
a row is the first that no test ruled out (the method of Lucchese and others, "QuickScorer", 2015). All that is a handful of
operations on arrays of bytes. Larger trees are walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_MOST_LEAVES = 32
_CHUNK = 512


class Forest:
    """The trees of some groups, whose leaves are summed by group.

    Nodes are given by arrays: the column that each tests (``feature``), what must be exceeded to go right (``threshold``,
    infinite in a leaf), the left of its two ``children`` (the right one follows; a leaf is its own), and its ``value``.
    ``roots`` are those of each group's trees; no path is longer than ``depth``.
    """

    def __init__(
        self,
        feature: NDArray[np.intp],
        threshold: NDArray[np.float32],
        children: NDArray[np.intp],
        value: NDArray[np.int64],
        roots: Sequence[NDArray[np.intp]],
        depth: int,
    ) -> None:
        self._feature, self._threshold, self._children, self._value = feature, threshold, children, value
        self._roots = np.concatenate(roots) if roots else np.zeros(0, dtype=np.intp)
        self._depth = depth
        self._bounds = np.cumsum([0, *map(len, roots)]).tolist()
        trees = [list(self._leaves_below(root)) for root in self._roots.tolist()]
        self._small = all(0 < len(leaves) <= _MOST_LEAVES for leaves in trees)
        if self._small:
            self._prepare(trees)

    def _leaves_below(self, root: int) -> Iterator[int]:
        """Yield the leaves below a node from left to right; none where they are many."""
        leaves: list[int] = []
        waiting, visited = [root], 0
        while waiting:
            node = waiting.pop()
            visited += 1
            if visited >= 2 * _MOST_LEAVES:
                return
            if np.isinf(self._threshold[node]):
                leaves.append(node)
            else:
                left = int(self._children[node])
                waiting += [left + 1, left]
        yield from leaves

    def _prepare(self, trees: list[list[int]]) -> None:
        """Set up the tests: of each tree the first, the second, and so on, and which leaves each rules out, as bits."""
        inner = [self._inner_nodes(root) for root in self._roots.tolist()]
        tests, count = max(map(len, inner), default=0), len(trees)
        widest = max(map(len, trees), default=1)
        self._tested = np.zeros((tests, count), dtype=np.intp)
        # A tree with fewer tests has some that never say "right".
        self._limits = np.full((tests, count), np.inf, dtype=np.float32)
        self._ruled_out = np.zeros((-(-widest // 8), tests, count), dtype=np.uint8)
        self._leaves = np.zeros((count, widest), dtype=np.int64)
        for tree, (nodes, leaves) in enumerate(zip(inner, trees, strict=True)):
            place = {leaf: number for number, leaf in enumerate(leaves)}
            self._leaves[tree, : len(leaves)] = self._value[leaves]
            for test, node in enumerate(nodes):
                self._tested[test, tree] = self._feature[node]
                self._limits[test, tree] = self._threshold[node]
                for leaf in self._leaves_below(int(self._children[node])):
                    self._ruled_out[place[leaf] // 8, test, tree] |= 1 << place[leaf] % 8

    def _inner_nodes(self, root: int) -> list[int]:
        nodes: list[int] = []
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if not np.isinf(self._threshold[node]):
                nodes.append(node)
                waiting += [int(self._children[node]), int(self._children[node]) + 1]
        return nodes

    def sums(self, matrix: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the sums of the leaves of the rows of ``matrix``: a row for each group, a column for each of its rows."""
        result = np.zeros((len(self._bounds) - 1, len(matrix)), dtype=np.int64)
        for first in range(0, len(matrix), _CHUNK):
            part = np.ascontiguousarray(matrix[first : first + _CHUNK].T, dtype=np.float32)
            values = self._found(part) if self._small else self._walked(part)
            for group, (low, high) in enumerate(zip(self._bounds, self._bounds[1:], strict=False)):
                result[group, first : first + _CHUNK] = values[low:high].sum(axis=0)
        return result

    def _found(self, columns: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the values of the leaves that rows reach, a row for each tree."""
        shape = (len(self._roots), columns.shape[1])
        values, right = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=bool)
        mask, ruled = np.empty(shape, dtype=np.uint8), np.empty(shape, dtype=np.uint8)
        gone = np.zeros((len(self._ruled_out), *shape), dtype=np.uint8)
        for test, (tested, limits) in enumerate(zip(self._tested, self._limits, strict=True)):
            columns.take(tested, axis=0, out=values, mode="clip")
            np.greater(values, limits[:, None], out=right)
            # 255 where it says "right".
            np.negative(right.view(np.uint8), out=mask)
            for octet, leaves in enumerate(self._ruled_out[:, test]):
                np.bitwise_and(mask, leaves[:, None], out=ruled)
                np.bitwise_or(gone[octet], ruled, out=gone[octet])
        bits = gone[0].astype(np.uint32)
        for octet in range(1, len(gone)):
            bits |= gone[octet].astype(np.uint32) << np.uint32(8 * octet)
        # The lowest bit that is not set; its place is the exponent of the number that it is.
        lowest = (~bits & (bits + np.uint32(1))).astype(np.float32)
        leaf = (lowest.view(np.uint32) >> np.uint32(23)).astype(np.intp) - 127
        leaf += (np.arange(len(self._leaves)) * self._leaves.shape[1])[:, None]
        found: NDArray[np.int64] = self._leaves.take(leaf)
        return found

    def _walked(self, columns: NDArray[np.float32]) -> NDArray[np.int64]:
        row = np.arange(columns.shape[1])
        nodes = np.repeat(self._roots[:, None], len(row), axis=1)
        for _ in range(self._depth):
            # Children lie in pairs: the right one directly after the left one.
            nodes = self._children[nodes] + (columns[self._feature[nodes], row] > self._threshold[nodes])
        values: NDArray[np.int64] = self._value[nodes]
        return values
