"""The stage ``rules``: cues to verdicts, segment by segment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.document import Block, Span
from cleaner.ledger import DROP, FLAG, Verdict
from cleaner.match import CompiledRule, CueHit, Pack
from cleaner.measures import BLOCK_MEASURES, BLOCK_WORDS, FLAGS, MEASURES, count_words
from cleaner.stage import Draft

WHOLE = 0.7
"""From this share of a segment's words on, its matched sentences take the whole segment along."""
LONGEST = 150
"""A segment of more words than this never goes as a whole because of one rule; its sentences may."""
_SHORT = 60
"""Up to so many words a weak sign is enough to let the rest of a segment follow the sentence that a strong rule took."""
_FOREIGN_WORDS = 8
_QUOTED_WORDS = 4
_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """Evaluates every rule that has a cue in a segment."""

    name: str = "rules"

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return the verdicts of all rules; those of weak rules have a weight below 1."""
        verdicts: list[Verdict] = []
        for pack in draft.packs:
            # English buttons stand on pages of every language; English sentences do not.
            foreign = pack.language == "en" and "en" not in draft.text_languages
            for index, hits in _by_segment(draft, pack).items():
                if foreign and draft.words(index) > _FOREIGN_WORDS:
                    continue
                verdicts += _judge_segment(draft, pack, index, hits)
        return verdicts


def _by_segment(draft: Draft, pack: Pack) -> dict[int, list[CueHit]]:
    grouped: dict[int, list[CueHit]] = {}
    original, starts = draft.view.original, draft.starts
    for cue, first, last in draft.anchors(pack):
        start, end = original(first, last)
        index = bisect_right(starts, start) - 1
        if index >= 0 and end <= draft.ends[index]:
            grouped.setdefault(index, []).append(CueHit(cue, start, end))
    return grouped


def _judge_segment(draft: Draft, pack: Pack, index: int, anchors: Sequence[CueHit]) -> list[Verdict]:
    segment = _Segment(draft, pack, index, anchors)
    verdicts: list[Verdict] = []
    for number in sorted({rule for hit in anchors for rule in pack.anchored.get(hit.cue, ())}):
        rule = pack.rules[number]
        if not rule.where or _where(draft, index, rule.where):
            verdicts += segment.apply(rule)
    return verdicts + _together(verdicts, draft.starts[index], draft.ends[index], draft.words(index))


def _where(draft: Draft, index: int, conditions: dict[str, object]) -> bool:
    place = draft.place(index)
    for key, wanted in conditions.items():
        if key == "language":
            if draft.language not in wanted:  # type: ignore[operator]
                return False
        elif key in FLAGS:
            if FLAGS[key](place) is not wanted:
                return False
        elif key in BLOCK_WORDS or key[4:] in BLOCK_MEASURES:
            if not _of_block(draft.block(index), key, wanted):
                return False
        else:
            value = draft.words(index) if key.endswith("_words") else MEASURES[key[4:]](place)
            if value < wanted if key.startswith("min_") else value > wanted:  # type: ignore[operator]
                return False
    return True


def _of_block(block: Block | None, key: str, wanted: object) -> bool:
    if block is None:
        return False
    if key in BLOCK_WORDS:
        present = BLOCK_WORDS[key](block)
        return any(word in present for word in wanted)  # type: ignore[attr-defined]
    value = BLOCK_MEASURES[key[4:]](block)
    return not (value < wanted if key.startswith("min_") else value > wanted)  # type: ignore[operator]


class _Segment:
    """One segment under judgement, with its cues found once for all rules."""

    def __init__(self, draft: Draft, pack: Pack, index: int, anchors: Sequence[CueHit]) -> None:
        self.draft, self.pack, self.index = draft, pack, index
        self.start, self.end = draft.starts[index], draft.ends[index]
        self.anchors = anchors
        self._hits: list[CueHit] | None = None
        self._spoken: list[CueHit] | None = None
        self.entries = pack.entries

    @property
    def hits(self) -> list[CueHit]:
        """All cues of the segment, quoted ones included."""
        if self._hits is None:
            self._hits = list({*self.anchors, *self.draft.cues(self.pack, self.index)})
        return self._hits

    @property
    def spoken(self) -> list[CueHit]:
        """The cues that the page itself says: not those inside somebody's quoted speech."""
        if self._spoken is None:
            self._spoken = self._outside_quotes()
        return self._spoken

    def _outside_quotes(self) -> list[CueHit]:
        text = self.draft.text
        quotes = [
            (start, end)
            for start, end in self.draft.quotes(self.index)
            if count_words(text[start:end]) >= _QUOTED_WORDS
            and count_words(text[self.start : start]) + count_words(text[end : self.end]) >= _QUOTED_WORDS - 1
        ]
        if not quotes:
            return self.hits
        return [hit for hit in self.hits if not any(start <= hit.start < end for start, end in quotes)]

    def apply(self, rule: CompiledRule) -> Iterable[Verdict]:
        if rule.within == "sentence":
            scopes = self.draft.sentences(self.index)
        else:
            scopes = [(self.start, self.end)]
        matched: list[tuple[tuple[int, int], list[CueHit]]] = []
        for scope in scopes:
            evidence = self._satisfied(rule, scope)
            if evidence:
                matched.append((scope, evidence))
        if not matched:
            return
        evidence = sorted((hit for _, hits in matched for hit in hits), key=lambda hit: (hit.start, hit.end))
        spans = tuple(dict.fromkeys(Span(hit.start, hit.end) for hit in evidence))[:_EVIDENCE]
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

    def _satisfied(self, rule: CompiledRule, scope: tuple[int, int]) -> list[CueHit]:
        start, end = scope
        whole = start == self.start and end == self.end
        spoken = self.spoken if whole else [hit for hit in self.spoken if start <= hit.start and hit.end <= end]
        present = {hit.cue for hit in spoken}
        if rule.any and sum(weight for cue, weight in rule.any.items() if cue in present) < 1 - 1e-9:
            return []
        wanted: set[int] = set(rule.any)
        for entry in rule.all:
            if present.isdisjoint(self.entries[entry]):
                return []
            wanted |= self.entries[entry]
        refused = self.entries[rule.none]
        if refused and any(hit.cue in refused and (whole or start <= hit.start < end) for hit in self.hits):
            return []
        return [hit for hit in spoken if hit.cue in wanted]

    def _targets(
        self, rule: CompiledRule, matched: list[tuple[tuple[int, int], list[CueHit]]]
    ) -> list[tuple[int, int]]:
        if rule.drop == "match":
            spans = sorted(
                {(hit.start, hit.end) for _, hits in matched for hit in hits if hit.cue in rule.any or not rule.any}
            )
            return _merge(spans)
        if rule.drop == "segment" and self.draft.words(self.index) <= LONGEST:
            return [(self.start, self.end)]
        evidence = [hit for _, hits in matched for hit in hits]
        sentences = [
            (start, end)
            for start, end in self.draft.sentences(self.index)
            if any(start < hit.end and hit.start < end for hit in evidence)
        ]
        text = self.draft.text
        taken = sum(count_words(text[start:end]) for start, end in sentences)
        if taken >= WHOLE * self.draft.words(self.index):
            return [(self.start, self.end)]
        return sentences


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
