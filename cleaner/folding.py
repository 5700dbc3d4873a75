"""Search views: a folded copy of a text in which phrases can be found, and the way back to the original.

Folding ignores case, compatibility forms (fullwidth letters, ligatures, mathematical letters), accents on Latin, Greek
and Cyrillic letters, Arabic vowel marks and tatweel, Hebrew points, the form of quotes, dashes and digits, zero-width
characters, soft hyphens and runs of spaces. Line ends stay. Every fold is of single code points, so that a place in the
view always belongs to one place in the original.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cleaner.shifts import Shifts

FOLDING_VERSION = 1

_DELETE = np.uint32(0xFFFFFFFF)
_EXPAND = np.uint32(0xFFFFFFFE)
_POINTS = 0x110000

_SPELLED = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n",
    "ک": "ك", "ی": "ي", "ى": "ي", "ہ": "ه", "ۀ": "ه", "ە": "ه",
    "。": ".", "।": ".", "॥": ".", "۔": ".", "؟": "?", "،": ",", "؛": ";", "、": ",", "`": "'", "´": "'",
}  # fmt: skip
_DOUBLE_QUOTES = "“”„‟«»〝〞〟「」『』《》〈〉＂❝❞"
_SINGLE_QUOTES = "‘’‚‛′ʼ＇ʹ"
_DASHES = "‐‑‒–—―−﹘﹣－⸺"
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u0640"
# Blocks whose letters carry marks that readers leave out: Latin, Greek, Cyrillic, Hebrew, Arabic and their extensions.
_MARKED = ((0x0041, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0x1D00, 0x1FFF), (0x2C60, 0x2DFF), (0xA640, 0xA7FF))
# The planes in which anything folds; everything else stays as it is.
_FOLDED_RANGES = (
    (0x80, 0xAC00),
    (0xD7A4, 0xD800),
    (0xF900, 0x10000),
    (0x10400, 0x10450),
    (0x1D400, 0x1D800),
    (0x1F100, 0x1F200),
)


def _marked(character: str) -> bool:
    point = ord(character)
    return any(low <= point <= high for low, high in _MARKED)


def _fold_character(character: str) -> str:
    if character in _INVISIBLE or 0xFE00 <= ord(character) <= 0xFE0F or 0x202A <= ord(character) <= 0x202E:
        return ""
    if 0x2066 <= ord(character) <= 0x2069:
        return ""
    if character in _DOUBLE_QUOTES:
        return '"'
    if character in _SINGLE_QUOTES:
        return "'"
    if character in _DASHES:
        return "-"
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Mn" and _marked(character):
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    if folded and _marked(folded[0]):
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in decomposed if unicodedata.category(part) != "Mn")
    return "".join(
        _SPELLED.get(part, " " if part != "\n" and part.isspace() else part)
        for part in folded
        if not (_marked(part) and unicodedata.category(part) == "Mn")
    )


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.uint32], dict[int, bytes]]:
    table = np.arange(_POINTS, dtype=np.uint32)
    table[ord("A") : ord("Z") + 1] += 32
    for control in "\t\r\x0b\x0c\x1c\x1d\x1e\x1f":
        table[ord(control)] = ord(" ")
    expansions: dict[int, bytes] = {}
    for low, high in _FOLDED_RANGES:
        for point in range(low, high):
            character = chr(point)
            folded = _fold_character(character)
            if folded == character:
                continue
            if len(folded) == 1:
                table[point] = ord(folded)
            elif not folded:
                table[point] = _DELETE
            else:
                table[point] = _EXPAND
                expansions[point] = folded.encode("utf-32-le")
    table[ord("`")] = ord("'")
    return table, expansions


class View:
    """The folded ``text`` of an original, with offsets that lead back to it."""

    __slots__ = ("_shifts", "length", "text")

    def __init__(self, text: str, length: int, shifts: Shifts | None) -> None:
        self.text = text
        self.length = length
        """Code points of the original."""
        self._shifts = shifts

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original, in code points, that the span ``[start, end)`` of the view came from."""
        if self._shifts is None:
            return start, end
        first, last = self._shifts.original(np.array([start, max(end - 1, 0)])).tolist()
        return first, last + 1 if end > start else first

    def folded(self, position: int) -> int:
        """Return the place in the view of the original's code point ``position``, or of the next that has one."""
        return int(self.folded_all(np.array([position]))[0])

    def folded_all(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """As :meth:`folded`, for many positions at once."""
        return positions if self._shifts is None else self._shifts.copied(positions)

    def original_all(
        self, starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """As :meth:`original`, for many spans at once, none of which is empty."""
        if self._shifts is None:
            return starts, ends
        return self._shifts.original(starts), self._shifts.original(ends - 1) + 1


def points_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of ``text``, which must hold no lone surrogates."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8).astype(np.uint32)
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def fold(text: str, points: NDArray[np.uint32] | None = None) -> View:
    """Return the search view of ``text``, which must hold no lone surrogates. Linear in its length.

    ``points`` are its code points, where somebody has them already.
    """
    if text.isascii():
        lowered = text.lower()
        if not any(sign in text for sign in ("  ", "\t", "\r", "`", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")):
            return View(lowered, len(text), None)
    table, expansions = _tables()
    folded = table.take(points_of(text) if points is None else points)
    shifts: Shifts | None = None
    places = np.flatnonzero(folded >= _EXPAND)
    if len(places):
        folded, shifts = _resize(text, folded, places, expansions)
    spaces = folded == 32
    doubled = np.flatnonzero(spaces[1:] & spaces[:-1]) + 1
    if len(doubled):
        folded = _delete(folded, doubled)
        shifts = _ONTO_ITSELF.without(doubled) if shifts is None else shifts.without(doubled)
    return View(folded.tobytes().decode("utf-32-le"), len(text), shifts)


_NOWHERE = np.zeros(0, dtype=np.int64)
_ONTO_ITSELF = Shifts.of(_NOWHERE, _NOWHERE)


def _resize(
    text: str, folded: NDArray[np.uint32], places: NDArray[np.int64], expansions: dict[int, bytes]
) -> tuple[NDArray[np.uint32], Shifts]:
    """Return ``folded`` with what stands for its signs at ``places``: several signs, or none."""
    spelled = [expansions.get(ord(text[place]), b"") for place in places.tolist()]
    counts = np.array([len(signs) // 4 for signs in spelled], dtype=np.int64)
    grown = counts > 0
    if grown.any():
        signs = np.frombuffer(b"".join(spelled), dtype=np.uint32)
        sizes = counts[grown]
        firsts = np.cumsum(sizes) - sizes
        folded[places[grown]] = signs[firsts]
        folded = np.insert(folded, np.repeat(places[grown] + 1, sizes - 1), np.delete(signs, firsts))
    if not grown.all():
        folded = _delete(folded, np.flatnonzero(folded == _DELETE))
    return folded, Shifts.of(places, counts)


def _delete(folded: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.uint32]:
    keep = np.ones(len(folded), dtype=bool)
    keep[places] = False
    return folded[keep]


def fold_start(text: str, length: int) -> str:
    """Return the first ``length`` code points of the view of ``text``, and do not fold much more than that."""
    for limit in (2 * length, len(text)):
        view = fold(text[:limit]).text
        if len(view) >= length:
            break
    return view[:length]


@lru_cache(maxsize=50_000)
def fold_phrase(phrase: str) -> str:
    """Return ``phrase`` folded as texts are."""
    return fold(phrase).text
