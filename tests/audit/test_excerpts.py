"""Pieces: nothing is lost or doubled, masks add up, long spans are cut with their length told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.audit.excerpts import CUE, LEFT_OUT, OTHER, RADIUS, THIS, around, clip, whole
from cleaner.document import Span


def test_a_span_with_its_cue_and_a_neighbour() -> None:
    text = "Before. Sign up now! After. Follow us."
    pieces = around(text, Span(8, 20), [Span(28, 38)], [Span(8, 15)])
    assert pieces == [[0, "Before. "], [THIS | CUE, "Sign up"], [THIS, " now!"], [0, " After. "], [OTHER, "Follow us."]]


def test_context_is_bounded_and_begins_at_a_word() -> None:
    text = f"{'word ' * 200}TARGET{' word' * 200}"
    pieces = around(text, Span(1000, 1006))
    before, target, after = (str(piece[1]) for piece in pieces)
    assert target == "TARGET"
    assert before.startswith("word ")
    assert after.endswith("word")
    assert max(len(before), len(after)) <= RADIUS


def test_a_long_span_is_cut_and_says_so() -> None:
    text = "a" * 100 + "b" * 5000 + "c" * 100
    pieces = around(text, Span(100, 5100), longest=90)
    shown = sum(len(str(text)) for mask, text in pieces if mask == THIS)
    gap = next(int(text) for mask, text in pieces if mask == LEFT_OUT)
    assert (shown, gap) == (90, 4910)


@given(st.text(max_size=300), st.data())
def test_pieces_are_the_text(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    spans = [Span(*sorted((data.draw(places), data.draw(places)))) for _ in range(data.draw(st.integers(0, 4)))]
    assert "".join(str(piece[1]) for piece in whole(text, spans, 300)) == text
    marked = {place for span in spans for place in range(span.start, span.end)}
    position = 0
    for mask, piece in whole(text, spans, 300):
        assert {mask} == {
            THIS if place in marked else 0 for place in range(position, position + len(str(piece)))
        } or not piece
        position += len(str(piece))


def test_a_long_document_is_cut_in_its_middle() -> None:
    pieces = whole("x" * 1000, [Span(0, 1000)], 90)
    assert [mask for mask, _ in pieces] == [THIS, LEFT_OUT, THIS]
    assert pieces[1][1] == "910"


def test_clip() -> None:
    assert (clip("abcdef", 4), clip("abcd", 4), clip(None, 4)) == ("abc…", "abcd", "")
