"""Precision and recall of a pipeline against labelled documents.

A body word inside an edit is lost; a word of a category inside an edit is found, whatever category the edit names. Words
of ``meta``, ``unsure``, ``usercomment`` and ``mixed`` lines are not counted. In Chinese, Japanese, Thai and the like
each character counts as a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cleaner.document import Document
from cleaner.labelled import BODY, UNSCORED, Labelled
from cleaner.ledger import SPACE, Cleaned, Edit
from cleaner.rulebook import APPEALS, CATEGORIES, FURNITURE

_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]|[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]+"
)


@dataclass(slots=True)
class Score:
    """Counts over documents; every number is of words unless it says otherwise."""

    documents: int = 0
    losing: int = 0
    """Documents that lost any body word."""
    body: int = 0
    lost: int = 0
    total: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    earned: Counter[str] = field(default_factory=Counter)
    cost: Counter[str] = field(default_factory=Counter)
    mixed_total: int = 0
    mixed_found: int = 0
    hard: int = 0
    hard_touched: int = 0
    misses: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Words, document, category and text of lines that stayed."""
    losses: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Words, document, rule and text of body that went."""

    def recall(self, categories: Iterable[str] = CATEGORIES) -> float:
        """Return the share of the words of ``categories`` that went."""
        chosen = list(categories)
        total = sum(self.total[category] for category in chosen)
        return sum(self.found[category] for category in chosen) / total if total else 0.0

    def body_lost(self) -> float:
        """Return the share of body words that went."""
        return self.lost / self.body if self.body else 0.0

    def precision(self, category: str | None = None) -> float:
        """Return the share of scored words inside edits (of ``category``) that had to go."""
        pairs = [(pair, count) for pair, count in self.confusion.items() if category in (None, pair[1])]
        taken = sum(count for _, count in pairs)
        return sum(count for (label, _), count in pairs if label != BODY) / taken if taken else 1.0


def score(documents: Iterable[Labelled], clean: Callable[[Document], Cleaned]) -> tuple[Score, dict[str, Score]]:
    """Clean ``documents`` and score them; return the total and the scores by language."""
    whole = Score()
    languages: dict[str, Score] = {}
    for labelled in documents:
        edits = clean(labelled.document).ledger.edits
        own = languages.setdefault(labelled.document.language or "?", Score())
        for target in (whole, own):
            _add(target, labelled, edits)
    return whole, languages


def count_units(text: str, start: int, end: int) -> int:
    """Return how many words the span counts as."""
    return sum(1 for _ in _words(text, start, end))


def _words(text: str, start: int, end: int) -> Iterator[int]:
    for match in _WORD.finditer(text, start, end):
        yield match.start()


def _add(score: Score, labelled: Labelled, edits: tuple[Edit, ...]) -> None:
    document = labelled.document
    acting = [edit for edit in edits if edit.category != SPACE]
    starts = [edit.start for edit in acting]

    def edit_at(position: int) -> Edit | None:
        index = bisect_right(starts, position) - 1
        return acting[index] if index >= 0 and position < acting[index].end else None

    score.documents += 1
    lost_before = score.lost
    for line in labelled.lines:
        if line.label in UNSCORED:
            continue
        kept = 0
        taken: Counter[str] = Counter()
        for position in _words(document.text, line.start, line.end):
            edit = edit_at(position)
            if edit is None:
                kept += 1
            else:
                taken[edit.rule] += 1
                score.confusion[line.label, edit.category] += 1
        gone = sum(taken.values())
        if line.label == BODY:
            score.body += gone + kept
            score.lost += gone
            score.cost += taken
            if gone:
                rule = taken.most_common(1)[0][0]
                lost = " / ".join(edit.removed for edit in acting if edit.start < line.end and line.start < edit.end)
                score.losses.append((gone, document.id, rule, lost))
        else:
            score.total[line.label] += gone + kept
            score.found[line.label] += gone
            score.earned += taken
            if kept:
                score.misses.append((kept, document.id, line.label, document.text[line.start : line.end]))
    for part in labelled.mixed:
        places = list(_words(document.text, part.start, part.end))
        score.mixed_total += len(places)
        score.mixed_found += sum(1 for position in places if edit_at(position))
    loses = score.lost > lost_before
    score.losing += loses
    if labelled.kind == "hard_negative":
        score.hard += 1
        score.hard_touched += loses


def as_table(score: Score) -> dict[str, Any]:
    """Return ``score`` as plain values, for JSON."""
    rules = sorted(score.earned.keys() | score.cost.keys())
    return {
        "documents": score.documents,
        "documents_losing_body": score.losing,
        "body_words": score.body,
        "body_words_lost": score.lost,
        "body_lost": score.body_lost(),
        "hard_negatives": score.hard,
        "hard_negatives_touched": score.hard_touched,
        "recall": {
            "all": score.recall(),
            "appeals": score.recall(APPEALS),
            "furniture": score.recall(FURNITURE),
            **{name: score.recall([name]) for name in CATEGORIES if score.total[name]},
        },
        "precision": {
            "all": score.precision(),
            **{
                name: score.precision(name)
                for name in CATEGORIES
                if score.confusion and any(pair[1] == name for pair in score.confusion)
            },
        },
        "words": {name: score.total[name] for name in CATEGORIES if score.total[name]},
        "confusion": [[label, category, count] for (label, category), count in sorted(score.confusion.items())],
        "mixed": {"words": score.mixed_total, "found": score.mixed_found},
        "rules": {name: {"found": score.earned[name], "lost": score.cost[name]} for name in rules},
    }
