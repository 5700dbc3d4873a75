"""Measures of all segments of a text at once: their own shape, their neighbours, their place, and what rules found there.

No measure knows a word of any language: words come in through rules and lexicon groups, as categories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.characters import (
    COMMA,
    DIGIT,
    LOWER,
    MARKUP,
    OTHER,
    QUOTE,
    SPACE,
    SPACELESS,
    STOP,
    UPPER,
    classes_of,
)
from cleaner.ledger import DROP
from cleaner.rulebook import APPEALS, CATEGORIES, CORE_GROUPS
from cleaner.stage import Draft

_LONG_WORDS = 15
_REACH = 3
_FAR = 40.0
_OWN = (
    "characters", "words", "word_length", "upper", "capitalised", "digits", "stops", "commas", "markup", "quotes", "other",
    "ends_stop", "ends_colon", "ends_question", "starts_upper", "starts_letter", "repeated",
)  # fmt: skip
_NEAR = ("words", "ends_stop", "capitalised", "digits", "markup", "any_rule")
_PLACE = (
    "index", "from_end", "position", "words_before", "words_after", "since_long", "until_long", "longs_before", "longs_after",
    "run_length", "run_place", "window_words", "window_stops", "title_share", "first",
)  # fmt: skip
_PAGE = ("page_segments", "page_words", "page_long_share", "page_median", "page_strong", "page_strong_share")
_RULES = (
    "appeal_strong", "appeal_weak", "furniture_strong", "furniture_weak", "context",
    "near_above", "near_below", "appeal_above", "appeal_below", "label_above", "strong_around",
)  # fmt: skip
_KINDS = tuple(f"rule_{category}" for category in CATEGORIES)
_GROUPS = (*(f"group_{group}" for group in CORE_GROUPS), "groups_around", "reporting_around")


FEATURES: tuple[str, ...] = (
    *_OWN,
    *(f"{name}_{step:+d}" for step in (-3, -2, -1, 1, 2, 3) for name in _NEAR),
    *_PLACE,
    *_PAGE,
    *_RULES,
    *_KINDS,
    *_GROUPS,
)


def _shift(column: NDArray[np.float32], step: int, fill: float = -1.0) -> NDArray[np.float32]:
    """Return for every segment the value of its neighbour ``step`` segments on; ``fill`` beyond the ends."""
    result = np.full_like(column, fill)
    if step > 0:
        result[:-step] = column[step:]
    else:
        result[-step:] = column[:step]
    return result


def measure(draft: Draft) -> NDArray[np.float32]:
    """Return the matrix of :data:`FEATURES` for the segments of ``draft``, a row each. Linear in the text's length."""
    count = len(draft)
    own = _own(draft)
    rules = _rules(draft)
    any_rule = np.minimum(
        rules["appeal_strong"] + rules["furniture_strong"] + rules["appeal_weak"] + rules["furniture_weak"], 2
    )
    columns: dict[str, NDArray[np.float32]] = dict(own)
    shown = {**own, "any_rule": any_rule}
    for step in (-3, -2, -1, 1, 2, 3):
        for name in _NEAR:
            columns[f"{name}_{step:+d}"] = (
                _shift(shown[name], step) if abs(step) < count else np.full(count, -1, np.float32)
            )
    columns.update(_place(draft, own))
    columns.update(rules)
    columns.update(_groups(draft))
    return np.column_stack([columns[name] for name in FEATURES]).astype(np.float32)


def _own(draft: Draft) -> dict[str, NDArray[np.float32]]:
    points = np.frombuffer(draft.text.encode("utf-32-le"), dtype=np.uint32)
    classes = classes_of(points)
    starts, ends = np.asarray(draft.starts), np.asarray(draft.ends)
    length = (ends - starts).astype(np.float32)
    sums = {kind: _sums(classes == kind, starts, ends) for kind in range(OTHER + 1)}
    space = classes == SPACE
    word_starts = ~space
    word_starts[1:] &= space[:-1]
    words = np.maximum(_sums(word_starts, starts, ends), sums[SPACELESS] / 2)
    capitalised = _sums(word_starts & (classes == UPPER), starts, ends)
    letters = np.maximum(sums[UPPER] + sums[LOWER] + sums[SPACELESS], 1)
    last = classes[_last_letters(classes, starts, ends)]
    final = points[ends - 1]
    first = classes[starts]
    counts = Counter(draft.segment_text(index) for index in range(len(starts)))
    repeated = [counts[draft.segment_text(index)] - 1 for index in range(len(starts))]
    return {
        "characters": np.log1p(length),
        "words": words.astype(np.float32),
        "word_length": letters / np.maximum(words, 1),
        "upper": sums[UPPER] / letters,
        "capitalised": capitalised / np.maximum(words, 1),
        "digits": sums[DIGIT] / length,
        "stops": sums[STOP] / np.maximum(words, 1),
        "commas": sums[COMMA] / np.maximum(words, 1),
        "markup": sums[MARKUP] / length,
        "quotes": sums[QUOTE],
        "other": sums[OTHER] / length,
        "ends_stop": (last == STOP).astype(np.float32),
        "ends_colon": np.isin(final, [ord(":"), ord("：")]).astype(np.float32),
        "ends_question": np.isin(final, [ord(sign) for sign in "?!？！؟"]).astype(np.float32),
        "starts_upper": np.isin(first, [UPPER, SPACELESS]).astype(np.float32),
        "starts_letter": np.isin(first, [UPPER, LOWER, SPACELESS]).astype(np.float32),
        "repeated": np.minimum(np.array(repeated, dtype=np.float32), 5),
    }


def _sums(flags: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float32]:
    totals = np.zeros(len(flags) + 1, dtype=np.int32)
    np.cumsum(flags, out=totals[1:])
    return (totals[ends] - totals[starts]).astype(np.float32)


def _last_letters(classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each segment's last sign that is no closing quote or bracket (at most three are skipped)."""
    places = ends - 1
    for _ in range(3):
        closing = np.isin(classes[places], [QUOTE, OTHER]) & (places > starts)
        places = places - closing
    return places


def _place(draft: Draft, own: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    count = len(draft)
    words = own["words"]
    index = np.arange(count, dtype=np.float32)
    total = float(words.sum()) or 1.0
    before = np.cumsum(words) - words
    long = (words >= _LONG_WORDS) & (own["ends_stop"] > 0)
    short = ~long
    longs = np.cumsum(long)
    places = np.flatnonzero(long)
    previous = np.searchsorted(places, np.arange(count), side="right") - 1
    following = previous + 1 - (long if len(places) else 0)
    since = (
        np.where(previous >= 0, index - places[np.maximum(previous, 0)], _FAR) if len(places) else np.full(count, _FAR)
    )
    until = (
        np.where(following < len(places), places[np.minimum(following, len(places) - 1)] - index, _FAR)
        if len(places)
        else np.full(count, _FAR)
    )
    changes = np.flatnonzero(np.diff(short.astype(np.int8))) + 1
    bounds = np.concatenate(([0], changes, [count]))
    run = np.searchsorted(bounds, np.arange(count), side="right") - 1
    run_length = (bounds[run + 1] - bounds[run]).astype(np.float32) * short
    window = _window(words, 5)
    title = _title_share(draft)
    strong_page = [verdict for verdict in draft.verdicts if verdict.weight >= 1 and verdict.action == DROP]
    strong_words = sum(draft.words(draft.segment_at(verdict.start)) for verdict in strong_page)
    full = np.ones(count, dtype=np.float32)
    return {
        "index": np.minimum(index, 60),
        "from_end": np.minimum(count - 1 - index, 60),
        "position": index / max(1, count - 1),
        "words_before": before / total,
        "words_after": 1 - (before + words) / total,
        "since_long": np.minimum(since, _FAR).astype(np.float32),
        "until_long": np.minimum(until, _FAR).astype(np.float32),
        "longs_before": np.minimum(longs - long, 30).astype(np.float32),
        "longs_after": np.minimum(longs[-1] - longs, 30).astype(np.float32),
        "run_length": np.minimum(run_length, 40),
        "run_place": np.minimum(np.arange(count) - bounds[run], 40).astype(np.float32) * short,
        "window_words": window,
        "window_stops": _window(own["ends_stop"], 5),
        "title_share": title,
        "first": (index == 0).astype(np.float32),
        "page_segments": full * min(count, 300),
        "page_words": full * np.float32(np.log1p(total)),
        "page_long_share": full * np.float32(words[long].sum() / total),
        "page_median": full * np.float32(np.median(words)),
        "page_strong": full * min(len(strong_page), 30),
        "page_strong_share": full * np.float32(strong_words / total),
    }


def _window(column: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Return the mean of each segment's surroundings, ``reach`` segments to both sides."""
    totals = np.concatenate(([0.0], np.cumsum(column, dtype=np.float64)))
    index = np.arange(len(column))
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, len(column))
    means: NDArray[np.float32] = ((totals[high] - totals[low]) / (high - low)).astype(np.float32)
    return means


def _title_share(draft: Draft) -> NDArray[np.float32]:
    """Return which share of each short segment's longer words stand in the title or first segment."""
    title = draft.document.title or (draft.segment_text(0) if len(draft) else "")
    known = {word for word in title.lower().split() if len(word) > 3}
    shares = np.zeros(len(draft), dtype=np.float32)
    if known:
        for index in range(1, len(draft)):
            if draft.ends[index] - draft.starts[index] < 160:
                words = [word for word in draft.segment_text(index).lower().split() if len(word) > 3]
                if words:
                    shares[index] = sum(word in known for word in words) / len(words)
    return shares


def _rules(draft: Draft) -> dict[str, NDArray[np.float32]]:
    count = len(draft)
    columns = {name: np.zeros(count, dtype=np.float32) for name in (*_RULES, *_KINDS)}
    labels = np.zeros(count, dtype=bool)
    for verdict in draft.verdicts:
        if verdict.action != DROP or verdict.stage not in ("rules", "context"):
            continue
        index = draft.segment_at(verdict.start)
        share = (verdict.end - verdict.start) / max(1, draft.ends[index] - draft.starts[index])
        if share < 0.5 or index < 0:
            continue
        if verdict.stage == "context":
            columns["context"][index] = 1
        kind = "appeal" if verdict.category in APPEALS else "furniture"
        side = f"{kind}_{'strong' if verdict.weight >= 1 else 'weak'}"
        columns[side][index] = min(columns[side][index] + verdict.weight, 3)
        columns[f"rule_{verdict.category}"][index] = max(columns[f"rule_{verdict.category}"][index], verdict.weight)
        rule = draft.matcher.rule(verdict.rule)
        labels[index] |= rule is not None and rule.extend == "run"
    strong = (columns["appeal_strong"] + columns["furniture_strong"]) > 0
    appeals = (columns["appeal_strong"] + columns["appeal_weak"]) > 0
    columns["near_above"], columns["near_below"] = _distances(strong)
    columns["appeal_above"], columns["appeal_below"] = _distances(appeals)
    columns["label_above"] = _distances(labels)[0]
    columns["strong_around"] = _window(strong.astype(np.float32), 4)
    return columns


def _distances(flags: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return how many segments the nearest flagged one before and after each stands away; far where there is none."""
    count = len(flags)
    index = np.arange(count)
    places: Sequence[int] | NDArray[np.int64] = np.flatnonzero(flags)
    if not len(places):
        return np.full(count, _FAR, np.float32), np.full(count, _FAR, np.float32)
    places = np.asarray(places)
    below = np.searchsorted(places, index, side="right")
    above = np.searchsorted(places, index, side="left") - 1
    before = np.where(above >= 0, index - places[np.maximum(above, 0)], _FAR)
    after = np.where(below < len(places), places[np.minimum(below, len(places) - 1)] - index, _FAR)
    return np.minimum(before, _FAR).astype(np.float32), np.minimum(after, _FAR).astype(np.float32)


def _groups(draft: Draft) -> dict[str, NDArray[np.float32]]:
    counts = draft.batch.group_counts[draft.rows]
    columns = {f"group_{name}": np.minimum(counts[:, place], 4) for place, name in enumerate(CORE_GROUPS)}
    present = np.minimum(counts, 1)
    columns["groups_around"] = _window(present[:, :6].sum(axis=1), 2)
    columns["reporting_around"] = _window(present[:, 6:].sum(axis=1), 2)
    return columns
