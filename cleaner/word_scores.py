"""Scores of lines by their words: hashed words, word pairs and beginnings of long words, each with a learned weight.

The sign of a word's weight says towards which side it pulls; the sum over a line, divided by the root of the number of its
features, is the line's score (a logistic regression over hashed features: Weinberger and others, "Feature Hashing for Large
Scale Multitask Learning", 2009). Everything up to that last division is whole numbers, so the scores are the same anywhere.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import ConfigurationError

BITS = 20
"""Bits of a feature's number."""
_STEM = 5
_LONG = 7
_SYLLABLES = (0xAC00, 0xD7A3)
_SYLLABLE_STEM = 2
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_PLACES = np.uint64(0xC2B2AE3D27D4EB4F)
_PAIR = np.uint64(0x165667B19E3779F9)
_SHIFT = np.uint64(29)
_KEEP = np.uint64(64 - BITS)
_TOPIC = np.uint64(32)
_ZERO, _NINE = 0x30, 0x39
_ASCII, _TABLED = 0x80, 32


@dataclass(frozen=True)
class Topics:
    """The words of some lines that can say what they are about: a number for each, with the line it stands in.

    These are words of five letters and more, by their first five (of two and more, by two, where a letter is a syllable), and
    pairs of signs of scripts without spaces. The lines of one number rise.
    """

    numbers: NDArray[np.int64]
    lines: NDArray[np.int64]


@dataclass(frozen=True)
class Features:
    """The word features of some lines: their ``numbers``, each with the line it stands in, in no order.

    ``openings`` is a number for the first word of each line, 0 where it has none.
    """

    numbers: NDArray[np.int64]
    lines: NDArray[np.int64]
    openings: NDArray[np.uint64]
    topics: Topics


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = values * _SPREAD
    return (values ^ (values >> _SHIFT)) * _PLACES


def features(
    points: NDArray[np.uint32],
    letters: NDArray[np.bool_],
    spaceless: NDArray[np.bool_],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> Features:
    """Return the word features of the lines from ``starts`` to ``ends`` (code points of the folded text ``points``).

    ``letters`` flags what words consist of, ``spaceless`` the signs of scripts without spaces, of which each is a word.
    All digits count as one. Linear in the text's length.
    """
    opens = letters.copy()
    opens[1:] &= ~letters[:-1] | spaceless[1:] | spaceless[:-1]
    places = np.flatnonzero(letters)
    lines = len(starts)
    if not len(places) or not lines:
        none = np.zeros(0, np.int64)
        return Features(none, none, np.zeros(lines, np.uint64), Topics(none, none))
    firsts = np.flatnonzero(opens.take(places))
    word_places = places[firsts]
    lengths = np.diff(np.append(firsts, len(places)))
    signs = points.take(places)
    parts = _parts(signs, np.arange(len(places)) - np.repeat(firsts, lengths))
    words = _mixed(np.add.reduceat(parts, firsts))
    # The words of each line are neighbours; some words may stand in no line.
    low, high = np.searchsorted(word_places, starts), np.searchsorted(word_places, ends)
    counts = np.maximum(high - low, 0)
    line = np.repeat(np.arange(lines), counts)
    inner = np.arange(len(line)) + np.repeat(low - np.cumsum(counts) + counts, counts)
    known = words[inner]
    pairs = np.flatnonzero(line[:-1] == line[1:])
    sizes = lengths[inner]
    stemmed = np.flatnonzero(sizes >= _STEM)
    stems = _mixed(_beginnings(parts, firsts[inner[stemmed]], _STEM) + _PAIR)
    long = sizes[stemmed] >= _LONG
    couples = _mixed(known[pairs] * _PAIR + known[pairs + 1])
    hashes = np.concatenate((known, couples, stems[long]))
    owners = np.concatenate((line, line[pairs], line[stemmed[long]]))
    openings = np.zeros(lines, np.uint64)
    filled = np.flatnonzero(counts)
    openings[filled] = words[low[filled]]

    opening = signs[firsts[inner]]
    syllabic = (opening >= _SYLLABLES[0]) & (opening <= _SYLLABLES[1])
    spelled = ~syllabic[stemmed] & ((opening[stemmed] < _ZERO) | (opening[stemmed] > _NINE))
    short = np.flatnonzero(syllabic & (sizes >= _SYLLABLE_STEM))
    apart = spaceless.take(word_places[inner])
    joined = apart[pairs] & apart[pairs + 1]
    shorts = _mixed(_beginnings(parts, firsts[inner[short]], _SYLLABLE_STEM) + _PAIR)
    topics = Topics(
        (np.concatenate((stems[spelled], shorts, couples[joined])) >> _TOPIC).astype(np.int64),
        np.concatenate((line[stemmed[spelled]], line[short], line[pairs[joined]])),
    )
    return Features((hashes >> _KEEP).astype(np.int64), owners, openings, topics)


def _beginnings(parts: NDArray[np.uint64], firsts: NDArray[np.int64], count: int) -> NDArray[np.uint64]:
    """Return for each word the sum of the ``parts`` of its first ``count`` signs, the first of which stands at ``firsts``."""
    sums: NDArray[np.uint64] = parts[firsts[:, None] + np.arange(count)].sum(axis=1, dtype=np.uint64)
    return sums


@lru_cache(maxsize=1)
def _common_parts() -> NDArray[np.uint64]:
    """Return what signs of ASCII add to a word at each of the first places in it: a row for each place."""
    signs = np.arange(_ASCII)
    signs = np.where((signs >= _ZERO) & (signs <= _NINE), _ZERO, signs).astype(np.uint64)
    return _mixed(signs + _PLACES * np.arange(_TABLED, dtype=np.uint64)[:, None])


def _parts(signs: NDArray[np.uint32], within: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return what each of some ``signs`` adds to its word, in which it has the place ``within``."""
    parts = _common_parts().take(np.minimum(within, _TABLED - 1) * _ASCII + np.minimum(signs, _ASCII - 1))
    others = np.flatnonzero((signs >= _ASCII) | (within >= _TABLED))
    if len(others):
        further = signs[others]
        further = np.where((further >= _ZERO) & (further <= _NINE), _ZERO, further).astype(np.uint64)
        parts[others] = _mixed(further + _PLACES * within[others].astype(np.uint64))
    return parts


@dataclass(frozen=True)
class WordTable:
    """Learned weights: a whole number for each feature and head, in ``1 / unit`` of a logit; ``bias`` by head."""

    heads: tuple[str, ...]
    unit: float
    bias: tuple[float, ...]
    weights: NDArray[np.int16]
    """A row for each head."""

    def scores(self, found: Features) -> NDArray[np.float64]:
        """Return the scores of lines in logits, a row each, a column for each head."""
        count = len(found.openings)
        roots = np.sqrt(np.maximum(np.bincount(found.lines, minlength=count), 1))
        # Sums of whole numbers, far below the bound where doubles would lose some.
        sums = np.column_stack(
            [np.bincount(found.lines, weights.take(found.numbers), count) for weights in self.weights]
        )
        result: NDArray[np.float64] = sums / (roots[:, None] * self.unit) + np.array(self.bias)
        return result


def to_table(
    heads: Sequence[str], numbers: NDArray[np.int64], weights: NDArray[np.float64], bias: Sequence[float]
) -> dict[str, Any]:
    """Return the content of a model file for ``weights`` (a row for each of the ascending ``numbers``, a column a head)."""
    unit = 30_000 / max(float(np.abs(weights).max(initial=0)), 1e-9)
    whole = np.rint(weights * unit).astype("<i2")
    packed = np.diff(numbers, prepend=0).astype("<u4").tobytes() + whole.tobytes()
    return {
        "heads": list(heads),
        "bits": BITS,
        "unit": unit,
        "bias": [float(value) for value in bias],
        "count": len(numbers),
        "weights": base64.b64encode(zlib.compress(packed, 9)).decode("ascii"),
    }


def from_table(table: Mapping[str, Any]) -> WordTable:
    """Read the content of a model file.

    Raises:
        ConfigurationError: it is broken, or made for another number of bits.
    """
    try:
        if table["bits"] != BITS:
            raise ConfigurationError(f"the model's words have {table['bits']!r} bits, not {BITS}")
        heads, count = tuple(table["heads"]), int(table["count"])
        packed = zlib.decompress(base64.b64decode(table["weights"]))
        numbers = np.cumsum(np.frombuffer(packed[: 4 * count], dtype="<u4").astype(np.int64))
        weights = np.zeros((len(heads), 1 << BITS), dtype=np.int16)
        weights[:, numbers] = np.frombuffer(packed[4 * count :], dtype="<i2").reshape(count, len(heads)).T
        return WordTable(heads, float(table["unit"]), tuple(float(value) for value in table["bias"]), weights)
    except (KeyError, TypeError, ValueError, IndexError, zlib.error) as error:
        raise ConfigurationError(f"the model's words are broken: {error!r}") from None
