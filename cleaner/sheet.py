"""A folded text made ready for search: between line ends, as bytes, and with the way from bytes back to code points."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cleaner.cues import is_joined
from cleaner.pattern_search import OPENING

_ASCII = 0x80
_PLAIN = np.array([is_joined(chr(point)) for point in range(_ASCII)])


class Sheet:
    """The text of a view, or of many views with a line end after each, with one more line end on both sides.

    The line ends spare every search a look at the borders, and none crosses one. Places are code points of the sheet,
    which is one more than those of the view.
    """

    def __init__(self, view: str) -> None:
        self.text = f"\n{view}\n"
        self.data = self.text.encode("utf-8")
        self.is_ascii = len(self.data) == len(self.text)

    @cached_property
    def points(self) -> NDArray[np.uint32]:
        """The code points."""
        if self.is_ascii:
            return np.frombuffer(self.data, dtype=np.uint8).astype(np.uint32)
        return np.frombuffer(self.text.encode("utf-32-le"), dtype=np.uint32)

    @cached_property
    def _octets(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.data, dtype=np.uint8)

    @cached_property
    def line_ends(self) -> NDArray[np.int64]:
        """The bytes at which line ends stand; the first is 0."""
        return np.flatnonzero(self._octets == 10)

    @cached_property
    def openings(self) -> tuple[bytes, NDArray[np.int64]]:
        """The first :data:`OPENING` code points of each line with something in it, or a few more, as bytes of their own
        between line ends; and the numbers of these lines in the sheet.
        """
        starts, ends = self.line_ends[:-1] + 1, self.line_ends[1:]
        numbers = np.flatnonzero(starts < ends)
        starts, ends = starts[numbers], ends[numbers]
        reach = np.full(len(starts), OPENING)
        if not self.is_ascii:
            # A code point has at most four bytes.
            wide = np.append(np.flatnonzero(self._octets >= _ASCII), len(self.data))
            reach[wide[np.searchsorted(wide, starts)] < starts + OPENING] = 4 * OPENING
        stops = np.minimum(ends, starts + reach)
        lasts = np.cumsum(stops - starts + 1)
        first = lasts - (stops - starts + 1)
        size = int(lasts[-1]) if len(lasts) else 0
        pieces = self._octets.take(np.arange(size) + np.repeat(starts - first, stops - starts + 1))
        pieces[lasts - 1] = 10
        return b"\n" + pieces.tobytes(), numbers

    @cached_property
    def _before(self) -> NDArray[np.int32]:
        """How many code points begin before each byte."""
        before = np.zeros(len(self.data) + 1, dtype=np.int32)
        np.cumsum((self._octets & 0xC0) != 0x80, out=before[1:], dtype=np.int32)
        return before

    def places(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the code points at byte ``offsets``, each of which is the first byte of one, or the end."""
        return offsets if self.is_ascii else self._before[offsets].astype(np.int64)

    def joined(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each of ``places`` whether its code point would continue a word next to it."""
        points = self.points[places]
        flags = _PLAIN[np.minimum(points, _ASCII - 1)]
        wide = np.flatnonzero(points >= _ASCII)
        if len(wide):
            kinds, kind = np.unique(points[wide], return_inverse=True)
            flags[wide] = np.array([is_joined(chr(point)) for point in kinds.tolist()])[kind]
        return flags
