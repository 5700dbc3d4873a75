"""The stage ``context``: extends an anchor over what belongs to it, and ends where reporting begins.

From a segment that a strong rule took, it goes along the neighbours that carry weak rules of the same category or speak
as a pitch does (the outlet of itself, to its reader, of money or the press), takes the heading straight above, and the
headline-like lines below a label such as "Read also". A segment that quotes, attributes or reports ends the walk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cleaner.ledger import DROP, Verdict
from cleaner.measures import count_words, ends_with_stop
from cleaner.stage import Draft
from cleaner.stages.options import check_counts

_SPEAKING = frozenset({"outlet", "reader", "request", "money", "press", "means"})
_REPORTING = frozenset({"reported", "news"})
# Categories whose pitches mix: a donation pitch ends in a newsletter box, a paywall begins with the cause of the press.
_KIN = {
    "donation": frozenset({"donation", "subscription", "newsletter", "cause"}),
    "cause": frozenset({"cause", "donation", "newsletter"}),
    "subscription": frozenset({"subscription", "donation", "newsletter", "app"}),
    "newsletter": frozenset({"newsletter", "subscription"}),
}
_PITCHED = frozenset({"donation", "cause", "subscription", "newsletter"})
_AMONG_LINKS = frozenset({"related", "navigation", "ad", "widget"})
_QUOTED_WORDS = 5


@dataclass(frozen=True, slots=True)
class Context:
    """Options: ``reach``, the most segments that an anchor can take on each side; ``run``, the longest run of links."""

    reach: int = 6
    run: int = 15
    name: str = field(default="context", init=False)

    def __post_init__(self) -> None:
        check_counts(self.name, reach=self.reach, run=self.run)

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return the verdicts on the neighbours of what strong rules took."""
        state = _State.of(draft)
        verdicts: list[Verdict] = []
        for index in sorted(state.taken):
            anchor = state.taken[index]
            extend = state.extends.get(index, "none")
            if extend == "run":
                verdicts += self._run(draft, state, index, anchor)
            elif extend == "pitch":
                verdicts += self._pitch(draft, state, index, anchor)
        return verdicts

    def _pitch(self, draft: Draft, state: _State, index: int, anchor: Verdict) -> Iterable[Verdict]:
        for step in (-1, 1):
            neighbour, walked = index + step, 0
            while 0 <= neighbour < len(draft) and walked < self.reach:
                if neighbour in state.taken:
                    if state.taken[neighbour].category != anchor.category:
                        break
                elif neighbour == 0 and not walked:
                    # Directly above an ask the first segment is the title; above a longer pitch it may be the pitch's own.
                    break
                elif reason := state.belongs(draft, neighbour, anchor.category, step):
                    yield state.take(draft, neighbour, anchor, reason)
                else:
                    break
                neighbour, walked = neighbour + step, walked + 1

    def _run(self, draft: Draft, state: _State, index: int, anchor: Verdict) -> Iterable[Verdict]:
        lines: list[int] = []
        neighbour = index + 1
        while neighbour < len(draft) and len(lines) < self.run:
            if neighbour in state.taken:
                # A prompt or a form ends the links; what follows it may be the readers' own words.
                if state.taken[neighbour].category not in _AMONG_LINKS:
                    break
            else:
                if not _is_headline(draft, neighbour):
                    break
                lines.append(neighbour)
            neighbour += 1
        followed = neighbour < len(draft) and neighbour not in state.taken
        if followed and len(lines) > 1:
            # Before a paragraph the last short line may well be that paragraph's own heading.
            lines.pop()
        for line in lines:
            yield state.take(draft, line, anchor, "It is one of the headlines below this label.")


@dataclass(slots=True)
class _State:
    taken: dict[int, Verdict] = field(default_factory=dict)
    weak: dict[int, list[Verdict]] = field(default_factory=dict)
    partly: set[int] = field(default_factory=set)
    """Segments of which a rule took a part only: what it left is body."""
    extends: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Draft) -> _State:
        state = cls()
        for verdict in draft.verdicts:
            if verdict.action != DROP:
                continue
            index = draft.segment_at(verdict.start)
            if verdict.start != draft.starts[index] or verdict.end != draft.ends[index]:
                state.partly.add(index)
                continue
            if verdict.weight >= 1:
                extend = _extend(draft, verdict)
                # By chance the alphabet has them in the order of their reach: none, pitch, run.
                state.extends[index] = max(state.extends.get(index, "none"), extend)
                known = state.taken.get(index)
                if known is None or known.weight < verdict.weight:
                    state.taken[index] = verdict
            else:
                state.weak.setdefault(index, []).append(verdict)
        return state

    def belongs(self, draft: Draft, index: int, category: str, step: int) -> str:
        """Return why the neighbour belongs to a pitch of ``category``, or ``""``."""
        kin = _KIN.get(category, frozenset({category}))
        weak = [verdict for verdict in self.weak.get(index, ()) if verdict.category in kin]
        words = draft.words(index)
        if weak and words <= 90:
            return f"It stands beside it and says: {weak[0].because}"
        if index == 0:
            # The first segment is mostly the title; without a weak rule of its own nothing speaks against it.
            return ""
        if category not in _PITCHED or words > 80 or index in self.partly or _reports(draft, index):
            return ""
        speaking = draft.groups(index) & _SPEAKING
        if step < 0 and words <= 12 and not ends_with_stop(draft.segment_text(index)) and speaking - {"means"}:
            return "It is the heading of the pitch."
        if draft.groups(index) & _REPORTING:
            return ""
        if (
            category == "donation"
            and len(speaking & {"outlet", "money", "press", "reader"}) >= 2
            and "outlet" in speaking
        ):
            return "It stands beside it, and the outlet speaks of itself and its cause."
        return ""

    def take(self, draft: Draft, index: int, anchor: Verdict, reason: str) -> Verdict:
        verdict = Verdict(
            draft.starts[index],
            draft.ends[index],
            anchor.category,
            "context",
            anchor.rule,
            f"{reason} Anchor: {anchor.because}",
            1.0,
            anchor.evidence,
        )
        self.taken[index] = verdict
        return verdict


def _extend(draft: Draft, verdict: Verdict) -> str:
    rules = [draft.matcher.rule(name) for name in verdict.rule.split(" + ")]
    return max((rule.extend for rule in rules if rule is not None), default="none")


def _reports(draft: Draft, index: int) -> bool:
    text = draft.text
    if any(count_words(text[start:end]) >= _QUOTED_WORDS for start, end in draft.quotes(index)):
        return True
    return len(draft.groups(index) & _REPORTING) == len(_REPORTING)


def _is_headline(draft: Draft, index: int) -> bool:
    text = draft.segment_text(index)
    return draft.words(index) <= 18 and (not ends_with_stop(text) or text.rstrip()[-1] in "?!؟？！")
