"""Words, sentences and the other numbers of a segment."""

from __future__ import annotations

import pytest

from cleaner.measures import FLAGS, MEASURES, Place, count_words, ends_with_stop, sentence_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one", 1),
        ("one two  three\n", 3),
        ("naïve café", 2),
        ("記者は言った", 3),
        ("ข่าวเด่นวันนี้", 7),
        ("한국어 문장", 2),
        ("读者 您好", 3),
    ],
)
def test_words(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("Dr. Smith met Mr. Jones.", ["Dr. Smith met Mr. Jones."]),
        ("It rose 3.5 percent. Then it fell.", ["It rose 3.5 percent.", "Then it fell."]),
        ("See example.org for more", ["See example.org for more"]),
        ("最初の文。次の文。", ["最初の文。", "次の文。"]),
        ("「行く。」彼は言った。", ["「行く。」", "彼は言った。"]),
        ("यह है। वह था।", ["यह है।", "वह था।"]),
        ("كيف حالك؟ بخير.", ["كيف حالك؟", "بخير."]),
        ("Das kostet ca. 5 Euro. Mehr nicht.", ["Das kostet ca. 5 Euro.", "Mehr nicht."]),
        ("It ended… slowly. Yes.", ["It ended… slowly.", "Yes."]),
        ("   ", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("Yes.", True),
        ("Yes.”", True),
        ("Yes!) ", True),
        ("はい。", True),
        ("نعم؟", True),
        ("Yes", False),
        ("", False),
        ("”", False),
    ],
)
def test_stop(text: str, stops: bool) -> None:
    assert ends_with_stop(text) is stops
    assert FLAGS["stop"](Place(text, 0, 1, 0, len(text))) is stops


def test_measures() -> None:
    place = Place("AB 12. Cd?", 1, 4, 30, 120)
    values = {name: measure(place) for name, measure in MEASURES.items()}
    assert values["words"] == 3
    assert values["characters"] == 10
    assert values["sentences"] == 2
    assert values["position"] == 0.25
    assert values["from_start"] == 1
    assert values["from_end"] == 2
    assert values["digits"] == pytest.approx(1 / 3)
    assert values["capitals"] == 0.75


def test_measures_of_nothing() -> None:
    empty = Place("", 0, 1, 0, 0)
    assert all(measure(empty) == 0 for measure in MEASURES.values())
