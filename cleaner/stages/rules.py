"""The stage ``rules``: cues to verdicts, segment by segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from cleaner.batch import Batch
from cleaner.candidates import Candidate, candidates
from cleaner.conditions import holds
from cleaner.document import Span
from cleaner.ledger import DROP, FLAG, Verdict
from cleaner.match import CompiledRule, Pack
from cleaner.measures import count_words
from cleaner.searcher import Hit
from cleaner.stage import Draft

WHOLE = 0.7
"""From this share of a segment's words on, its matched sentences take the whole segment along."""
LONGEST = 150
"""A segment of more words than this never goes as a whole because of one rule; its sentences may."""
_SHORT = 60
"""Up to so many words a weak sign is enough to let the rest of a segment follow the sentence that a strong rule took."""
_QUOTED_WORDS, _SPACED_WORDS, _LINE_WORDS = 4, 3, 6
"""From so many words on a quote is somebody's speech, where spaces stand between them, where it is the whole line; fewer
are the name of something, such as a button."""
_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """Evaluates every rule that has a cue in a segment."""

    name: str = field(default="rules", init=False)

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return the verdicts of all rules; those of weak rules have a weight below 1."""
        return self.judge_many(draft.batch)[draft.number]

    def judge_many(self, batch: Batch) -> list[list[Verdict]]:
        """Return the verdicts on each draft of ``batch``."""
        verdicts: list[list[Verdict]] = [[] for _ in batch.drafts]
        owners, drafts = batch.owners.tolist(), batch.drafts

        def holds_in(row: int, conditions: Mapping[str, Any]) -> bool:
            draft = drafts[owners[row]]
            return holds(draft, row - draft.row, conditions)

        for pack in batch.packs:
            for candidate in candidates(batch, pack, holds_in):
                draft = drafts[owners[candidate.row]]
                verdicts[draft.number] += _judge_segment(draft, pack, candidate)
        return verdicts


def _judge_segment(draft: Draft, pack: Pack, candidate: Candidate) -> list[Verdict]:
    index = candidate.row - draft.row
    segment = _Segment(draft, pack, index, candidate)
    verdicts = [
        verdict for number in candidate.rules for verdict in segment.apply(pack.rules[number], bool(pack.alone[number]))
    ]
    if len(verdicts) < 2:
        return verdicts
    return verdicts + _together(verdicts, draft.starts[index], draft.ends[index], draft.words(index))


class _Segment:
    """One segment under judgement, with its cues found once for all rules."""

    def __init__(self, draft: Draft, pack: Pack, index: int, candidate: Candidate) -> None:
        self.draft, self.index = draft, index
        self.start, self.end = draft.starts[index], draft.ends[index]
        self.anchors = candidate.anchors
        self.hits = candidate.anchors + candidate.others
        """All cues of the segment, quoted ones included."""
        self.entries = pack.entries
        self._spoken: list[Hit] | None = None
        self._quotes: list[tuple[int, int]] | None = None

    @property
    def quotes(self) -> list[tuple[int, int]]:
        """The spans of speech that the segment quotes."""
        if self._quotes is None:
            text = self.draft.text
            self._quotes = [
                (start, end)
                for start, end in self.draft.quotes(self.index)
                if _is_speech(text[start:end], whole=(start, end) == (self.start, self.end))
            ]
        return self._quotes

    @property
    def spoken(self) -> list[Hit]:
        """The cues that the page itself says: not those inside somebody's quoted speech."""
        if self._spoken is None:
            self._spoken = self._said(self.hits)
        return self._spoken

    def _said(self, hits: list[Hit]) -> list[Hit]:
        quotes = self.quotes
        if not quotes:
            return hits
        return [hit for hit in hits if not any(start <= hit[1] < end for start, end in quotes)]

    def apply(self, rule: CompiledRule, alone: bool) -> Iterable[Verdict]:
        """Return the verdicts of ``rule``, about which anchors ``alone`` may decide."""
        spoken = self._said(self.anchors) if alone else self.spoken
        # What the whole segment lacks, none of its sentences has.
        if not self._present(rule, spoken):
            return
        if rule.within == "sentence":
            scopes = self.draft.sentences(self.index)
        else:
            scopes = [(self.start, self.end)]
        matched: list[tuple[tuple[int, int], list[Hit]]] = []
        for scope in scopes:
            evidence = self._satisfied(rule, scope, spoken)
            if evidence:
                matched.append((scope, evidence))
        if not matched:
            return
        evidence = sorted((hit for _, hits in matched for hit in hits), key=itemgetter(1, 2))
        spans = tuple(Span(start, end) for start, end in dict.fromkeys(hit[1:] for hit in evidence))[:_EVIDENCE]
        for start, end in self._targets(rule, matched):
            yield Verdict(
                start,
                end,
                rule.category,
                "rules",
                rule.name,
                rule.because,
                rule.weight,
                spans,
                FLAG if rule.trial else DROP,
            )

    def _present(self, rule: CompiledRule, hits: Iterable[Hit]) -> bool:
        """Tell whether ``hits`` have what ``rule`` asks for, refusals aside."""
        present = {cue for cue, _, _ in hits}
        if rule.any and sum(rule.any[cue] for cue in present if cue in rule.any) < 1 - 1e-9:
            return False
        return not any(present.isdisjoint(self.entries[entry]) for entry in rule.all)

    def _satisfied(self, rule: CompiledRule, scope: tuple[int, int], spoken: list[Hit]) -> list[Hit]:
        start, end = scope
        whole = start == self.start and end == self.end
        if not whole:
            spoken = [hit for hit in spoken if start <= hit[1] and hit[2] <= end]
            if not self._present(rule, spoken):
                return []
        refused = self.entries[rule.none]
        if refused and any(hit[0] in refused and (whole or start <= hit[1] < end) for hit in self.hits):
            return []
        wanted = [rule.any, *(self.entries[entry] for entry in rule.all)]
        return [hit for hit in spoken if any(hit[0] in cues for cues in wanted)]

    def _targets(self, rule: CompiledRule, matched: list[tuple[tuple[int, int], list[Hit]]]) -> list[tuple[int, int]]:
        if rule.drop == "match":
            spans = sorted({hit[1:] for _, hits in matched for hit in hits if hit[0] in rule.any or not rule.any})
            return _merge(spans)
        if rule.drop == "segment" and self.draft.words(self.index) <= LONGEST:
            return [(self.start, self.end)]
        evidence = [hit for _, hits in matched for hit in hits]
        sentences = [
            (start, end)
            for start, end in self.draft.sentences(self.index)
            if any(start < hit[2] and hit[1] < end for hit in evidence)
        ]
        text = self.draft.text
        taken = sum(count_words(text[start:end]) for start, end in sentences)
        if taken >= WHOLE * self.draft.words(self.index):
            return [(self.start, self.end)]
        return sentences


def _is_speech(quote: str, whole: bool) -> bool:
    spaced = len(quote[1:-1].split())
    if whole:
        return spaced >= _LINE_WORDS
    return spaced >= _SPACED_WORDS or count_words(quote) >= _QUOTED_WORDS


def _beside(span: Span, verdicts: list[Verdict]) -> bool:
    return not any(span.start < verdict.end and verdict.start < span.end for verdict in verdicts)


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _together(verdicts: list[Verdict], start: int, end: int, words: int) -> list[Verdict]:
    """Return a verdict for each category whose rules of one language take the whole segment together.

    That is the case where weak rules reach weight 1, or where a strong rule took a sentence of a short segment and a weak
    one speaks for the rest.
    """
    weak: dict[str, list[Verdict]] = {}
    partly: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.action == DROP:
            whole = (verdict.start, verdict.end) == (start, end)
            if verdict.weight < 1 and whole:
                weak.setdefault(verdict.category, []).append(verdict)
            elif verdict.weight >= 1 and not whole:
                partly.setdefault(verdict.category, []).append(verdict)
    joined: list[Verdict] = []
    for category, parts in weak.items():
        strong = partly.get(category, [])
        # The weak sign has to speak for the rest: one inside the sentence that went says nothing of it.
        if words <= _SHORT and strong and any(_beside(span, strong) for part in parts for span in part.evidence):
            parts = list({part.rule: part for part in strong + parts}.values())
        total = sum(part.weight for part in parts)
        if len(parts) > 1 and total >= 1 - 1e-9:
            joined.append(
                Verdict(
                    start,
                    end,
                    category,
                    "rules",
                    " + ".join(part.rule for part in parts),
                    "Several weak signs together: " + " ".join(part.because for part in parts),
                    max(1.0, total),
                    tuple(sorted({span for part in parts for span in part.evidence}))[:_EVIDENCE],
                )
            )
    return joined
