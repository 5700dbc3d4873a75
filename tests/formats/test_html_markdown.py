"""Markdown from pages: its signs are edits, so the page's text comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.document import Document
from cleaner.formats.html import read_page
from cleaner.formats.html.markdown import MARKUP, as_markdown
from cleaner.ledger import digest, restore
from cleaner.pipeline import Pipeline

CASES = Path(__file__).parents[1] / "cases" / "html"
NOTHING = Pipeline("nothing", ())


def markdown(page: str, pipeline: Pipeline = NOTHING) -> str:
    return as_markdown(pipeline.clean(read_page(page))).text


def test_headings_lists_quotes_tables_and_code() -> None:
    page = (
        "<h1>Mill</h1><p>One<br>two</p><ul><li>a<li>b<ol><li>c</ol></ul><blockquote><p>q</p></blockquote>"
        "<table><tr><th>x<th>y<tr><td>1<td>2</table><pre>code\n  more</pre><p>end"
    )
    assert markdown(page) == (
        "# Mill\n\nOne\ntwo\n\n- a\n- b\n  1. c\n\n> q\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n\n```\ncode\n  more\n```\n\nend"
    )


@pytest.mark.parametrize("path", sorted(CASES.glob("*.html")), ids=lambda path: path.stem)
def test_the_text_of_every_case_comes_back(path: Path) -> None:
    document = read_page(path.read_bytes())
    rendered = as_markdown(NOTHING.clean(document))
    assert restore(rendered.text, rendered.ledger.edits) == document.text
    assert rendered.ledger.clean_sha256 == digest(rendered.text)
    assert {edit.category for edit in rendered.ledger.edits} <= {MARKUP}


def test_removed_blocks_leave_no_signs() -> None:
    sentence = "The council of the town by the river decided on Monday, after a long debate, to repair the old mill. "
    menu = "<nav><ul><li><a href=a>Home</a><li><a href=b>News</a></ul></nav>"
    page = f"{menu}<main><h1>Mill</h1><p>{sentence * 4}</p></main>"
    rendered = as_markdown(Pipeline("content", ()).then("content").clean(read_page(page)))
    assert rendered.text.endswith((sentence * 4).strip())
    assert "- " not in rendered.text
    assert restore(rendered.text, rendered.ledger.edits) == rendered.document.text


def test_plain_text_stays_as_it_is() -> None:
    cleaned = NOTHING.clean(Document("a\nb"))
    assert as_markdown(cleaned) is cleaned
