"""The stage ``guard``: a document that would lose an unusual share of its words keeps them; its verdicts become flags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cleaner.ledger import DROP, GUARD, KEEP, Verdict
from cleaner.measures import count_words
from cleaner.stage import Draft
from cleaner.stages.options import check_counts, check_shares

_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Guard:
    """Protects documents of at least ``smallest`` words that would lose more than the share ``most`` of them."""

    most: float = 0.75
    smallest: int = 40
    name: str = field(default=GUARD, init=False)

    def __post_init__(self) -> None:
        check_shares(self.name, most=self.most)
        check_counts(self.name, smallest=self.smallest)

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return ``keep`` over everything that earlier stages left of the document, or nothing."""
        # What an earlier stage took out of the page is no part of the text whose words are counted here.
        apart = frozenset(draft.dropped)
        acting = [
            verdict
            for verdict in draft.verdicts
            if verdict.weight >= 1 and verdict.action == DROP and (verdict.start, verdict.end) not in apart
        ]
        if not acting:
            return ()
        lost = 0
        position = 0
        for start, end in sorted((verdict.start, verdict.end) for verdict in acting):
            if end > position:
                lost += count_words(draft.text[max(start, position) : end])
                position = end
        total = draft.total_words
        if total < self.smallest or lost <= self.most * total:
            return ()
        because = f"the document would lose {lost} of its {total} words, which is more than {self.most:.0%}."
        spans = _between(draft.dropped, len(draft.text))
        return [Verdict(*span, "", self.name, "guard/any/unusual-loss", because, _WEIGHT, (), KEEP) for span in spans]


def _between(dropped: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    position = 0
    for start, end in dropped:
        if start > position:
            spans.append((position, start))
        position = max(position, end)
    return [*spans, (position, length)] if position < length else spans
