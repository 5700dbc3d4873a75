"""Documents: texts that UTF-8 can carry, segments that partition them."""

from __future__ import annotations

import dataclasses

import pytest

from cleaner.document import Document, Segment, check_partition, check_text
from cleaner.errors import InvariantError, RecordError


def test_a_document_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Document("text").text = "other"  # type: ignore[misc]


def test_check_text_returns_the_text() -> None:
    assert check_text("a\U0001f600\0") == "a\U0001f600\0"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "the text is of type NoneType, not a string"),
        (b"x", "the text is of type bytes"),
        (["x"], "the text is of type list"),
        ("ab\ud83d", r"lone surrogate \(U\+D83D\) at code point 2"),
    ],
)
def test_check_text_refuses(value: object, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        check_text(value)


def test_partition() -> None:
    whole = (Segment(0, 2, "paragraph"), Segment(2, 3, "gap"), Segment(3, 5, "heading"))
    assert check_partition(whole, 5) == whole
    assert check_partition((), 0) == ()


@pytest.mark.parametrize(
    ("segments", "length"),
    [
        ((Segment(1, 2, "paragraph"),), 2),
        ((Segment(0, 2, "paragraph"), Segment(3, 4, "gap")), 4),
        ((Segment(0, 2, "paragraph"), Segment(1, 4, "gap")), 4),
        ((Segment(0, 0, "gap"),), 0),
        ((Segment(0, 2, "advert"),), 2),
        ((Segment(0, 2, "paragraph"),), 3),
        ((), 1),
    ],
)
def test_what_is_no_partition(segments: tuple[Segment, ...], length: int) -> None:
    with pytest.raises(InvariantError):
        check_partition(segments, length)
