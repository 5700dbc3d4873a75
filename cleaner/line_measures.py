"""Measures of all segments of a text at once: their own shape, their neighbours, their place, and what rules found there.

No measure knows a word of any language: words come in through rules and lexicon groups, as categories.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from cleaner.batch import Batch
from cleaner.characters import (
    CAPITALISED,
    COMMA,
    DIGIT,
    LOWER,
    MARKUP,
    OTHER,
    QUOTE,
    SPACELESS,
    STOP,
    UPPER,
    WORDS,
    counts_of,
)
from cleaner.ledger import DROP, Verdict
from cleaner.pages import Pages
from cleaner.rulebook import APPEALS, CATEGORIES, CORE_GROUPS
from cleaner.stage import Draft

_LONG_WORDS = 15
_UNSTOPPED = (0x0E00, 0x0EFF)
_UNSTOPPED_WORDS = 40
"""Words, of two signs each, from which a line of a script without stops counts as one that ends a sentence."""
_STEPS = (-3, -2, -1, 1, 2, 3)
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
    *(f"{name}_{step:+d}" for step in _STEPS for name in _NEAR),
    *_PLACE,
    *_PAGE,
    *_RULES,
    *_KINDS,
    *_GROUPS,
)


def measure(draft: Draft) -> NDArray[np.float32]:
    """Return the matrix of :data:`FEATURES` for the segments of ``draft``, a row each. Linear in the text's length."""
    return measure_all(draft.batch)[draft.rows]


def measure_all(batch: Batch) -> NDArray[np.float32]:
    """As :func:`measure`, for all drafts of ``batch``: what each measure sees ends at the borders of its draft."""
    pages = batch.pages
    own = _own(batch)
    rules = _rules(batch, pages)
    any_rule = np.minimum(
        rules["appeal_strong"] + rules["furniture_strong"] + rules["appeal_weak"] + rules["furniture_weak"], 2
    )
    shown = {**own, "any_rule": any_rule}
    near = np.column_stack([shown[name] for name in _NEAR])
    columns = {**own, **rules, **_place(batch, pages, own), **_groups(batch, pages)}
    for step in _STEPS:
        values = pages.shifted(near, step, -1)
        columns.update({f"{name}_{step:+d}": values[:, place] for place, name in enumerate(_NEAR)})
    matrix = np.empty((len(batch), len(FEATURES)), dtype=np.float32)
    for place, name in enumerate(FEATURES):
        matrix[:, place] = columns[name]
    return matrix


def _own(batch: Batch) -> dict[str, NDArray[np.float32]]:
    points, classes, starts, ends = batch.points, batch.classes, batch.starts, batch.ends
    length = (ends - starts).astype(np.float32)
    counts = counts_of(classes, starts, ends)
    sums = {kind: counts[:, kind].astype(np.float32) for kind in range(OTHER + 1)}
    words = np.maximum(counts[:, WORDS].astype(np.float32), sums[SPACELESS] / 2)
    capitalised = counts[:, CAPITALISED].astype(np.float32)
    letters = np.maximum(sums[UPPER] + sums[LOWER] + sums[SPACELESS], 1)
    last_places = _last_letters(classes, starts, ends)
    last = classes[last_places]
    final = points[ends - 1]
    first = classes[starts]
    stopped = (last == STOP) | (_unstopped(points[last_places]) & (words >= _UNSTOPPED_WORDS))
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
        "ends_stop": stopped.astype(np.float32),
        "ends_colon": _one_of(final, ":："),
        "ends_question": _one_of(final, "?!？！؟"),
        "starts_upper": ((first == UPPER) | (first == SPACELESS)).astype(np.float32),
        "starts_letter": ((first == UPPER) | (first == LOWER) | (first == SPACELESS)).astype(np.float32),
        "repeated": np.minimum(_repeated(batch), 5),
    }


def _one_of(points: NDArray[np.uint32], signs: str) -> NDArray[np.float32]:
    found = np.zeros(len(points), dtype=bool)
    for sign in signs:
        found |= points == ord(sign)
    return found.astype(np.float32)


def _unstopped(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which of ``points`` are letters of Thai or Lao, whose sentences end without a sign."""
    flags: NDArray[np.bool_] = (points >= _UNSTOPPED[0]) & (points <= _UNSTOPPED[1])
    return flags


def _repeated(batch: Batch) -> NDArray[np.float32]:
    """Return how often the text of each segment stands elsewhere on its page."""
    repeated: list[int] = []
    for first, last in zip(batch.rows, batch.rows[1:], strict=False):
        texts = batch.texts[first:last]
        if len(set(texts)) == len(texts):
            repeated += [0] * len(texts)
            continue
        counts = Counter(texts)
        repeated += [counts[text] - 1 for text in texts]
    return np.array(repeated, dtype=np.float32)


def _last_letters(classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each segment's last sign that is no closing quote or bracket (at most three are skipped)."""
    places = ends - 1
    for _ in range(3):
        kinds = classes[places]
        places = places - (((kinds == QUOTE) | (kinds == OTHER)) & (places > starts))
    return places


def _place(batch: Batch, pages: Pages, own: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    words, owners, row = own["words"], pages.owners, pages.row
    count = pages.last - pages.first
    index = row - pages.first
    totals = pages.sums(words)
    totals[totals == 0] = 1
    total = totals.astype(np.float32)[owners]
    before = np.cumsum(words, dtype=np.float64) - words
    before = (before - before[pages.first]).astype(np.float32)
    long = (words >= _LONG_WORDS) & (own["ends_stop"] > 0)
    short = ~long
    longs: NDArray[np.int64] = np.cumsum(long, dtype=np.int64) - long
    longs -= longs[pages.first]
    changes = np.ones(pages.total, dtype=bool)
    changes[1:] = (short[1:] != short[:-1]) | (owners[1:] != owners[:-1])
    bounds = np.append(np.flatnonzero(changes), pages.total)
    run = np.cumsum(changes) - 1
    run_length = (bounds[run + 1] - bounds[run]).astype(np.float32) * short
    strong, strong_words = _strong(batch)
    long_words = pages.sums(np.where(long, words, 0)).astype(np.float32)[owners]
    return {
        "index": np.minimum(index, 60).astype(np.float32),
        "from_end": np.minimum(count - 1 - index, 60).astype(np.float32),
        "position": index.astype(np.float32) / np.maximum(1, count - 1).astype(np.float32),
        "words_before": before / total,
        "words_after": 1 - (before + words) / total,
        "since_long": pages.since(long, here=True),
        "until_long": pages.until(long, here=True),
        "longs_before": np.minimum(longs, 30).astype(np.float32),
        "longs_after": np.minimum(longs[pages.last - 1] + long[pages.last - 1] - longs - long, 30).astype(np.float32),
        "run_length": np.minimum(run_length, 40),
        "run_place": np.minimum(row - bounds[run], 40).astype(np.float32) * short,
        "window_words": pages.window(words, 5),
        "window_stops": pages.window(own["ends_stop"], 5),
        "title_share": _title_share(batch),
        "first": (index == 0).astype(np.float32),
        "page_segments": np.minimum(count, 300).astype(np.float32),
        "page_words": np.log1p(totals).astype(np.float32)[owners],
        "page_long_share": long_words / total,
        "page_median": _medians(words, pages),
        "page_strong": np.minimum(strong, 30).astype(np.float32)[owners],
        "page_strong_share": (strong_words / totals).astype(np.float32)[owners],
    }


def _medians(words: NDArray[np.float32], pages: Pages) -> NDArray[np.float32]:
    """Return the median of the words of all segments of each segment's draft."""
    ordered = words[np.lexsort((words, pages.owners))]
    count = pages.last - pages.first
    low, high = pages.first + (count - 1) // 2, pages.first + count // 2
    return (ordered[low] + ordered[high]) / np.float32(2)


def _strong(batch: Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each draft how many strong verdicts there are, and how many words the segments have that they stand in."""
    strong = [[verdict for verdict in draft.verdicts if _acts(verdict)] for draft in batch.drafts]
    words = [
        sum(draft.words(draft.segment_at(verdict.start)) for verdict in chosen)
        for draft, chosen in zip(batch.drafts, strong, strict=True)
    ]
    return np.array(list(map(len, strong)), dtype=np.int64), np.array(words, dtype=np.int64)


def _acts(verdict: Verdict) -> bool:
    return verdict.weight >= 1 and verdict.action == DROP


def _title_share(batch: Batch) -> NDArray[np.float32]:
    """Return which share of each short segment's longer words stand in the title or first segment."""
    shares = np.zeros(len(batch), dtype=np.float32)
    short = (batch.ends - batch.starts < 160).tolist()
    for draft, first, last in zip(batch.drafts, batch.rows, batch.rows[1:], strict=False):
        title = draft.document.title or (batch.texts[first] if first < last else "")
        known = {word for word in title.lower().split() if len(word) > 3}
        if not known:
            continue
        for row in range(first + 1, last):
            if short[row]:
                words = batch.texts[row].lower().split()
                if not known.isdisjoint(words):
                    longer = [word for word in words if len(word) > 3]
                    shares[row] = sum(word in known for word in longer) / len(longer)
    return shares


def _rules(batch: Batch, pages: Pages) -> dict[str, NDArray[np.float32]]:
    columns = {name: np.zeros(pages.total, dtype=np.float32) for name in (*_RULES, *_KINDS)}
    labels = np.zeros(pages.total, dtype=bool)
    for draft in batch.drafts:
        for verdict in draft.verdicts:
            if verdict.action != DROP or verdict.stage not in ("rules", "context"):
                continue
            index = draft.segment_at(verdict.start)
            if index < 0 or (verdict.end - verdict.start) / max(1, draft.ends[index] - draft.starts[index]) < 0.5:
                continue
            row = draft.row + index
            if verdict.stage == "context":
                columns["context"][row] = 1
            kind = "appeal" if verdict.category in APPEALS else "furniture"
            side = columns[f"{kind}_{'strong' if verdict.weight >= 1 else 'weak'}"]
            side[row] = min(side[row] + verdict.weight, 3)
            signs = columns[f"rule_{verdict.category}"]
            signs[row] = max(signs[row], verdict.weight)
            rule = draft.matcher.rule(verdict.rule)
            labels[row] |= rule is not None and rule.extend == "run"
    strong = (columns["appeal_strong"] + columns["furniture_strong"]) > 0
    appeals = (columns["appeal_strong"] + columns["appeal_weak"]) > 0
    columns["near_above"], columns["near_below"] = pages.since(strong, here=False), pages.until(strong, here=False)
    columns["appeal_above"], columns["appeal_below"] = (
        pages.since(appeals, here=False),
        pages.until(appeals, here=False),
    )
    columns["label_above"] = pages.since(labels, here=False)
    columns["strong_around"] = pages.window(strong.astype(np.float32), 4)
    return columns


def _groups(batch: Batch, pages: Pages) -> dict[str, NDArray[np.float32]]:
    counts = batch.group_counts
    columns = {f"group_{name}": np.minimum(counts[:, place], 4) for place, name in enumerate(CORE_GROUPS)}
    present = np.minimum(counts, 1)
    columns["groups_around"] = pages.window(present[:, :6].sum(axis=1), 2)
    columns["reporting_around"] = pages.window(present[:, 6:].sum(axis=1), 2)
    return columns
