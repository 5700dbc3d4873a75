"""Marked text: brackets, labels, escapes."""

from __future__ import annotations

import pytest

from cleaner.errors import RecordError
from cleaner.marks import Mark, parse, render


@pytest.mark.parametrize(
    ("marked", "text", "found"),
    [
        ("", "", ()),
        ("plain", "plain", ()),
        ("a ⟦b⟧ c", "a b c", (Mark(2, 3),)),
        ("⟦donation|Give.⟧", "Give.", (Mark(0, 5, "donation"),)),
        ("⟦a⟧⟦ad|b⟧", "ab", (Mark(0, 1), Mark(1, 2, "ad"))),
        ("⟦two\nlines⟧\n", "two\nlines\n", (Mark(0, 9),)),
        ("⟦Not a label|x⟧", "Not a label|x", (Mark(0, 13),)),
        (r"\⟦kept\⟧", "⟦kept⟧", ()),
        (r"\\⟦a⟧", "\\a", (Mark(1, 2),)),
        (r"\\\⟦a", "\\⟦a", ()),
        (r"C:\path", r"C:\path", ()),
        ("⟦⟧", "", (Mark(0, 0),)),
    ],
)
def test_parse(marked: str, text: str, found: tuple[Mark, ...]) -> None:
    assert parse(marked) == (text, found)


@pytest.mark.parametrize(
    ("marked", "message"),
    [("⟦a", "never closes"), ("a⟧", "never opened at code point 1"), ("⟦a⟦b⟧⟧", "inside another at code point 2")],
)
def test_parse_refuses(marked: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        parse(marked)


def test_render() -> None:
    assert render("a b c", [Mark(2, 3, "ad")]) == "a ⟦ad|b⟧ c"
    assert render("⟦", []) == r"\⟦"
    assert render("a\\b", [Mark(2, 3)]) == "a\\\\⟦b⟧"
