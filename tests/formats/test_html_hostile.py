"""Pages that were built to exhaust a reader: a result, or a rejection that says why."""

from __future__ import annotations

import pytest

from cleaner.errors import RecordError
from cleaner.formats.html import read_page
from cleaner.formats.html.taming import tame
from cleaner.pipeline import Pipeline

CONTENT = Pipeline("content", ()).then("content")

HOSTILE = {
    "deep": "<div>" * 100_000 + "deep words" + "</div>" * 100_000,
    "deep lists": "<ul><li>" * 50_000 + "deep words",
    "deep inline": "<span>" * 100_000 + "deep words",
    "open formatting": "".join(f"<font x={number}><p>" for number in range(20_000)) + "deep words",
    "tables in tables": "<table><tr><td>" * 5_000 + "deep words",
    "wide cell": "<table><tr><td colspan=1000000 rowspan=1000000>deep words</table>",
    "many attributes": "<div " + " ".join(f"a{number}=b" for number in range(100_000)) + ">deep words</div>",
    "one line": "<p>deep words</p>" * 20_000,
    "entities": "<!DOCTYPE x [<!ENTITY a '&b;&b;'><!ENTITY b 'c'>]><p>" + "&a;&amp;" * 20_000 + "deep words",
    "quotes in names": "<div a\"b='c' 'q \"=x =d>deep words</div>" * 50,
    "nul bytes": "<p>\0deep words\0</p>\0" * 50,
    "only open": "<" * 50_000 + " deep words",
    "comments": "<!--" * 20_000 + "--><p>deep words",
    "cdata": "<![CDATA[" * 1_000 + "]]><p>deep words",
    "processing instructions": "<?php '" * 1_000 + "?><p>deep words",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_page_is_read_to_its_last_word(name: str) -> None:
    document = read_page(HOSTILE[name])
    assert "deep words" in document.text
    assert max(len(block.path) for block in document.blocks) < 5_000
    cleaned = CONTENT.clean(document)
    assert cleaned.ledger.raw_sha256 == document.raw_sha256


def test_too_many_elements_are_rejected() -> None:
    with pytest.raises(RecordError, match="more than 500,000 elements"):
        read_page("<p>" * 510_000)


def test_ordinary_markup_is_left_as_it_is() -> None:
    markup = "<div><p>One <b>two</b></p></div>" * 2_000
    assert tame(markup) == markup


@pytest.mark.parametrize("data", [b"\x00\xff\xfe" * 100, bytes(range(256)) * 20, b"<", b"<html", b"\xff\xfe<"])
def test_arbitrary_bytes_are_read(data: bytes) -> None:
    read_page(data)
