"""Sheets and searchers: places in bytes and code points, and engines that agree on what they find."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from cleaner.cues import Cue, is_joined
from cleaner.patterns import compile_pattern
from cleaner.searcher import Searcher, automata, plan
from cleaner.sheet import Sheet


@given(some.text(some.sampled_from("ab_ \né京😀'\u0301"), max_size=40))
def test_places_and_letters(text: str) -> None:
    sheet = Sheet(text)
    places = list(range(len(sheet.text)))
    offsets = [len(sheet.text[:place].encode()) for place in places]
    assert sheet.places(np.array(offsets)).tolist() == places
    assert sheet.joined(np.array(places)).tolist() == [is_joined(sign) for sign in sheet.text]
    assert [sheet.data[offset] for offset in sheet.line_ends.tolist()] == [10] * sheet.text.count("\n")


def searcher(*cues: Cue) -> Searcher:
    plain = plan(set(cues), {cue: number for number, cue in enumerate(cues)})
    return Searcher(plain, automata(plain))


@pytest.mark.parametrize(
    ("phrase", "view", "wanted"),
    [
        ("we", "we swell, we_ wé owe we", ["we", "we", "we"]),
        ("our", "our", ["our"]),
        ("donat*", "donate donations, undonated", ["donate", "donations"]),
        ("give … now", "give it all now. give. now", ["give it all now"]),
        ("give … now", "give\nnow", []),
        ("京都", "在京都市", ["京都"]),
        ("a", "é a", ["a"]),
    ],
)
def test_phrases_at_the_edges_of_words(phrase: str, view: str, wanted: list[str]) -> None:
    assert [view[hit.start : hit.end] for hit in searcher(Cue("phrase", phrase)).find(view)] == wanted


def test_counting_spares_the_ends_of_words() -> None:
    hits = searcher(Cue("phrase", "donat*")).search(Sheet("donations"), whole=False)
    assert (hits.starts.tolist(), hits.ends.tolist()) == ([0], [5])


@pytest.mark.parametrize("pattern", [r"\bnews\w* [^\w]{1,3}\w", r"(?: x|a b)", r"\bs?hop\b", "[^a] ?b", r"^.{0,5}end$"])
@given(some.text(some.sampled_from("abnewshop x_.-éd"), max_size=30))
def test_bytes_and_texts_agree(pattern: str, line: str) -> None:
    line = line.strip()
    compiled = compile_pattern(pattern)
    wanted = [(end - len(line[start:end].lstrip(" ") or " "), end) for start, end in compiled.find(line)]
    assert list(compiled.find_in(line.encode())) == wanted


SINGLE = lru_cache(lambda pattern: searcher(Cue("pattern", pattern)))
"""The searcher of one pattern, compiled once for all examples."""


@pytest.mark.parametrize(
    "pattern",
    ["a.{0,3}b", "a.b", "a[^x]{2}b", r"a\w{2,5}b", "(?:^|[.!] )ab", "(?:(?:^|x)a|b) x", "^ab|xa", "^[^a-z0-9]{0,6}ab"],
)
@given(some.text(some.sampled_from("ab x.!\n€é😀京"), max_size=24))
@example("a€😀京b")
@example("x\nab")
def test_no_match_escapes_the_automaton(pattern: str, text: str) -> None:
    lines = [line.strip() for line in text.split("\n")]
    wanted, base = [], 0
    for line in lines:
        wanted += [(0, base + start, base + end) for start, end in compile_pattern(pattern).find_in(line.encode())]
        base += len(line) + 1
    assert SINGLE(pattern).find("\n".join(lines)) == wanted
