"""The stage guard: a document is never silently emptied."""

from __future__ import annotations

from support import draft_of, matcher_of

from cleaner.ledger import KEEP, Verdict
from cleaner.settle import resolve
from cleaner.stages.guard import Guard

BODY = "The river rose by two metres in one night, and nobody slept.\n"


def verdicts_on(text: str, *spans: tuple[int, int], guard: Guard | None = None) -> list[Verdict]:
    draft = draft_of(text, matcher_of(ad_en=""))
    draft.verdicts = tuple(Verdict(start, end, "ad", "rules", "ad/en/x", "Because.") for start, end in spans)
    return list((guard or Guard()).judge(draft))


def test_an_unusual_loss_is_refused_with_its_reason() -> None:
    text = BODY * 5
    (keep,) = verdicts_on(text, (0, len(BODY) * 4))
    assert (keep.start, keep.end, keep.action) == (0, len(text), KEEP)
    assert keep.because == "the document would lose 48 of its 60 words, which is more than 75%."
    edits, flags = resolve(text, [Verdict(0, len(BODY) * 4, "ad", "rules", "ad/en/x", "Because."), keep], {})
    assert not edits
    assert "Kept: the document would lose" in flags[0].because


def test_an_ordinary_loss_is_not() -> None:
    assert verdicts_on(BODY * 5, (0, len(BODY) * 3)) == []


def test_overlapping_verdicts_count_once() -> None:
    assert verdicts_on(BODY * 5, (0, len(BODY) * 3), (0, len(BODY) * 3)) == []


def test_small_documents_may_go() -> None:
    assert verdicts_on(BODY, (0, len(BODY))) == []


def test_options() -> None:
    assert verdicts_on(BODY * 5, (0, len(BODY) * 3), guard=Guard(most=0.5))
    assert not verdicts_on(BODY * 5, (0, len(BODY) * 5), guard=Guard(smallest=1000))


def test_nothing_to_guard() -> None:
    assert verdicts_on(BODY * 5) == []
