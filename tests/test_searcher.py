"""Sheets and searchers: places in bytes and code points, and engines that agree on what they find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
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
