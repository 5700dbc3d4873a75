"""Candidates: arrays leave out what cannot hold, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from support import SEEDS, matcher_of, rule

from cleaner import match, rulebook
from cleaner.batch import Batch
from cleaner.candidates import Candidate, candidates
from cleaner.conditions import holds
from cleaner.document import Block, Document
from cleaner.match import Matcher, Pack
from cleaner.rule import Rule
from cleaner.searcher import Hit
from cleaner.segments import split
from cleaner.stage import Draft
from cleaner.stages import rules as stage

Holds = Callable[[int, Mapping[str, Any]], bool]

PACK = "".join(
    [
        rule('any = ["sign"]', id='"alone"'),
        rule('any = ["sign", "news"]', id='"short"', where="{ max_words = 3 }"),
        rule('all = ["sign", ["news", "free"]]', id='"both"'),
        rule('any = [{ phrase = "free", weight = 0.5 }, { phrase = "news", weight = 0.5 }]', id='"weak"'),
        rule('any = ["club"]', none='["said"]', id='"unless"'),
        rule('any = ["free", "gift"]', id='"last"', where="{ max_from_end = 0 }"),
        rule('any = ["news"]', all='["club"]', id='"mixed"', where="{ max_words = 9, min_from_start = 1 }"),
    ]
)
FILLER = "and so it went on for a while"


@cache
def matcher() -> Matcher:
    return matcher_of(ad_en=PACK)


def batch_of(texts: list[str], language: str = "en", pages: bool = False) -> Batch:
    """Return a batch of ``texts``, or of pages with one block each."""
    blocks = [(Block(0, len(text)),) if pages else () for text in texts]
    documents = [Document(text, language=language, blocks=block) for text, block in zip(texts, blocks, strict=True)]
    return Batch([Draft(document, matcher()) for document in documents])


def found(batch: Batch) -> list[tuple[int, list[str], list[str], list[str]]]:
    """Return each candidate's row, the ids of its rules, and the texts of its anchors and other cues."""
    pack = batch.drafts[0].matcher.pack("en")

    def text(row: int, hits: list[Hit]) -> list[str]:
        return [owner(batch, row).text[start:end] for _, start, end in sorted(hits, key=lambda hit: hit[1:])]

    return [
        (
            candidate.row,
            [pack.rules[number].name.split("/")[-1] for number in candidate.rules],
            text(candidate.row, candidate.anchors),
            text(candidate.row, candidate.others),
        )
        for candidate in candidates(batch, pack, holds_in(batch))
    ]


def owner(batch: Batch, row: int) -> Draft:
    return batch.drafts[int(batch.owners[row])]


def holds_in(batch: Batch) -> Holds:
    return lambda row, wanted: holds(owner(batch, row), row - owner(batch, row).row, wanted)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Sign here", [(0, ["alone", "short"], ["Sign"], [])]),
        (f"Sign here, {FILLER}", [(0, ["alone"], ["Sign"], [])]),
        ("The club\n\nhas news", [(0, ["unless"], ["club"], []), (1, ["short", "weak"], ["news"], [])]),
        (f"The club said {FILLER}", [(0, ["unless"], ["club"], ["said"])]),
        (f"He said {FILLER}", []),
        (f"Free {FILLER}", [(0, ["weak", "last"], ["Free"], [])]),
        (f"Free {FILLER}\nThe end", [(0, ["weak"], ["Free"], [])]),
        (f"{FILLER}\nclub news", [(1, ["short", "weak", "unless", "mixed"], ["club", "news"], ["news"])]),
        ("club news", [(0, ["short", "weak", "unless"], ["club", "news"], ["news"])]),
        ("sign, a gift", [(0, ["alone", "short", "last"], ["sign", "gift"], [])]),
        ("sign, a gift\nThe end", [(0, ["alone", "short"], ["sign"], [])]),
        ("design renewed", []),
    ],
)
def test_what_is_left(text: str, left: list[tuple[int, list[str], list[str], list[str]]]) -> None:
    """A cue that sets off one rule and that another asks for besides comes as both."""
    assert found(batch_of([text])) == left


@pytest.mark.parametrize("pages", [False, True])
def test_english_holds_in_another_language_in_short_segments_alone(pages: bool) -> None:
    texts = ["sign now or you will be too late", "sign now or you will be much too late"]
    assert [row for row, *_ in found(batch_of(texts, "de", pages))] == [0]
    assert [row for row, *_ in found(batch_of(texts, "en", pages))] == [0, 1]


WORDS = ["sign", "news", "free", "club", "said", "gift", "and", "İé", "so"]
LINES = some.lists(some.sampled_from(WORDS), min_size=1, max_size=11).map(" ".join)
TEXTS = some.lists(some.lists(LINES, max_size=4).map("\n".join), min_size=1, max_size=4)


def asks(rule: Rule) -> list[set[str]]:
    """Return the sets of words of each of which ``rule`` needs one."""
    return [{cue.text for cue in entry} for entry in (tuple(cue for cue, _ in rule.any), *rule.all) if entry]


def may_hold(rule: Rule, line: list[str], index: int, total: int, most: float) -> bool:
    where: dict[str, Any] = dict(rule.where)
    return (
        len(line) <= min(where.get("max_words", most), most)
        and total - 1 - index <= where.get("max_from_end", total)
        and index >= where.get("min_from_start", 0)
        and all(words & set(line) for words in asks(rule))
    )


@given(TEXTS, some.sampled_from(["en", "de"]))
def test_as_a_look_at_every_rule_in_every_segment_tells(texts: list[str], language: str) -> None:
    book = rulebook.parse([("ad/en.toml", PACK.encode())], "").rules
    expected: list[tuple[int, list[str], set[str]]] = []
    row = 0
    for text in texts:
        lines = [line.split() for line in text.split("\n") if line]
        for index, line in enumerate(lines):
            most = 8 if language == "de" else 99
            left = [rule for rule in book if may_hold(rule, line, index, len(lines), most)]
            if left:
                looked_at = [words for rule in left for words in [*asks(rule), {cue.text for cue in rule.none}]]
                expected.append((row, [rule.id for rule in left], set(line) & set().union(*looked_at)))
            row += 1
    left_over = found(batch_of(texts, language))
    assert [(place, rules, {*anchors, *others}) for place, rules, anchors, others in left_over] == expected


def everything(batch: Batch, pack: Pack, holds: Holds) -> Iterator[Candidate]:
    """Yield every segment with all rules that its length and place allow, whatever cues it has, and with all its cues."""
    foreign = pack.language == "en" and "en" not in batch.drafts[0].text_languages
    for row in range(len(batch)):
        first, last = int(batch.view_starts[row]), int(batch.view_ends[row])
        view, base = batch.view.text[first:last], owner(batch, row).base
        hits = []
        for cue, start, end in sorted({*pack.first.find(view), *pack.conditions.find(view)}):
            begin, stop = batch.view.original(first + start, first + end)
            hits.append((cue, begin - base, stop - base))
        allowed = [] if foreign and batch.words[row] > 8 else range(len(pack.rules))
        yield Candidate(row, [rule for rule in allowed if holds(row, pack.rules[rule].where)], hits, [])


@pytest.mark.parametrize(("language", "pages"), [("de", False), ("en", False), ("en", True), ("zh", True)])
def test_no_verdict_is_lost(language: str, pages: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = sorted((SEEDS / "documents" / language).glob("*.txt"))[:4]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    blocks = [tuple(map(Block, *split(text))) if pages else () for text in texts]
    documents = [Document(text, language=language, blocks=block) for text, block in zip(texts, blocks, strict=True)]
    batch = Batch([Draft(document, match.load()) for document in documents])
    pruned = stage.Rules().judge_many(batch)
    monkeypatch.setattr(stage, "candidates", everything)
    assert any(pruned)
    assert pruned == stage.Rules().judge_many(batch)
