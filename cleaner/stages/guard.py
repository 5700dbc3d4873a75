"""The stage ``guard``: a document that would lose an unusual share of its words keeps them; its verdicts become flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cleaner.ledger import DROP, KEEP, Verdict
from cleaner.measures import count_words
from cleaner.stage import Draft

_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Guard:
    """Protects documents of at least ``smallest`` words that would lose more than the share ``most`` of them."""

    most: float = 0.75
    smallest: int = 40
    name: str = "guard"

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return one ``keep`` over the whole document, or nothing."""
        acting = [verdict for verdict in draft.verdicts if verdict.weight >= 1 and verdict.action == DROP]
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
        return [Verdict(0, len(draft.text), "", self.name, "guard/any/unusual-loss", because, _WEIGHT, (), KEEP)]
