"""Metadata: what a page says of itself, and where."""

from __future__ import annotations

from cleaner.formats.html import read_page

PAGE = """<!doctype html><html lang="en-GB"><head><title>Old mill repaired | River Post</title>
<meta property="og:title" content="Old mill repaired"><meta property="og:site_name" content="River Post">
<meta name="author" content="Jane Brook"><link rel="canonical" href="https://example.org/news/mill">
<meta property="article:published_time" content="2024-03-12T08:00:00Z"></head>
<body><h1>Old mill repaired</h1><p>The council of the town decided on Monday to repair the mill.</p></body></html>"""


def test_metadata_come_with_the_place_where_they_were_found() -> None:
    facts = read_page(PAGE.encode(), metadata=True).metadata
    assert facts["title"] == "Old mill repaired"
    assert facts["author"] == "Jane Brook"
    assert facts["date"] == "2024-03-12"
    assert facts["site"] == "River Post"
    assert facts["canonical_url"] == "https://example.org/news/mill"
    assert facts["language"] == "en-GB"
    assert facts["encoding"] == "utf-8"
    found = facts["found"]
    assert isinstance(found, dict)
    assert found["author"] == "meta author"
    assert found["date"] == "meta article:published_time"
    assert found["canonical_url"] == "link href"
    assert found["language"] == "html lang"


def test_metadata_are_off_unless_asked_for() -> None:
    assert read_page(PAGE).metadata == {}


def test_a_page_that_says_nothing_has_none() -> None:
    facts = read_page("<p>Hello", metadata=True).metadata
    assert "author" not in facts
    assert "language" not in facts
