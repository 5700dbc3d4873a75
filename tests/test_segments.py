"""Segments: lines, wrapped paragraphs, kinds."""

from __future__ import annotations

import pytest

from cleaner.segments import is_wrapped, kind_of, segments, split, unwrap

WRAPPED = (
    "The council of the valley met on Monday to decide about\n"
    "the bridge that the flood had taken in the spring, and\n"
    "voted for a temporary crossing at the upper mill.\n"
    "\n"
    "Work begins in June. Until then the bus goes round by\n"
    "the old road, which takes a quarter of an hour longer,\n"
    "the mayor said after the meeting.\n"
)


def test_lines() -> None:
    text = "  First line. \n\n\tSecond\r\n\nlast"
    starts, ends = split(text)
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == ["First line.", "Second", "last"]


def test_partition_holds_gaps() -> None:
    assert [(part.start, part.end, part.kind) for part in segments("\n a.\n\nb\n")] == [
        (0, 2, "gap"),
        (2, 4, "paragraph"),
        (4, 6, "gap"),
        (6, 7, "heading"),
        (7, 8, "gap"),
    ]
    assert segments("") == ()
    assert [part.kind for part in segments(" \n ")] == ["gap"]


def test_wrapped_text_becomes_paragraphs() -> None:
    assert is_wrapped(WRAPPED)
    flat = unwrap(WRAPPED)
    assert len(flat) == len(WRAPPED)
    parts = [part for part in segments(WRAPPED) if part.kind != "gap"]
    assert len(parts) == 2
    assert WRAPPED[parts[1].start : parts[1].end].startswith("Work begins")


def test_wrapped_with_carriage_returns() -> None:
    text = WRAPPED.replace("\n", "\r\n")
    assert is_wrapped(text)
    assert len([part for part in segments(text) if part.kind != "gap"]) == 2


def test_lines_are_not_wrapped_text() -> None:
    assert not is_wrapped("One.\n\nTwo.\n\nThree.")
    assert not is_wrapped("\n".join(["A short line"] * 10))
    assert not is_wrapped(WRAPPED.replace("\n\n", "\n"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# Title", "heading"),
        ("A title without a stop", "heading"),
        ("A sentence.", "paragraph"),
        ("- an item", "list item"),
        ("1. an item", "list item"),
        ("> quoted", "quote"),
        ("a | b | c", "table"),
        ("#hashtag is no heading, but a sentence.", "paragraph"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind
