"""The reader of pages: lossless, in reading order, whatever the markup."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.errors import RecordError
from cleaner.formats.html import MOST_BYTES, dom, read_page
from cleaner.formats.html.taming import tame

SHARED = Path(__file__).parents[3] / "shared" / "data"
CASES = Path(__file__).parents[1] / "cases" / "html"


def squeezed(text: str) -> str:
    return "".join(text.split())


def check_blocks(document: Document) -> None:
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(document.text)
        assert not document.text[position : block.start].strip()
        position = block.end
    assert position == len(document.text)
    assert document.layout is not None
    assert len(document.layout.elements) == len(document.blocks)


def pages(name: str, every: int = 4) -> Iterator[dict[str, str]]:
    zstandard = pytest.importorskip("zstandard")
    path = SHARED / f"{name}.jsonl.zst"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    with path.open("rb") as file:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
        for line in itertools.islice(lines, 0, None, every):
            yield json.loads(line)


@pytest.mark.parametrize("name", ["wcxb-dev", "trafilatura-dev"])
def test_no_visible_text_of_real_pages_is_lost(name: str) -> None:
    for page in pages(name):
        document = read_page(page["html"])
        check_blocks(document)
        visible = squeezed(dom.visible_text(tame(page["html"])))
        assert visible == squeezed(document.text) or len(visible) < 400, page["id"]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.html")), ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    document = read_page(path.read_bytes())
    check_blocks(document)
    lines = [
        f"{block.kind}{' hidden' if block.hidden else ''}{' added' if block.added else ''} | "
        f"{document.text[block.start : block.end]!r} | {block.path} | {' '.join(block.words)} | {block.link_share:.2f}"
        for block in document.blocks
    ]
    expected = path.with_suffix(".blocks").read_text(encoding="utf-8")
    assert "\n".join(lines) + "\n" == expected


_MARKUP = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            "<p> </p> <div class='a b'> </div> <b> </b> <a href=x> </a> <br> <br/> <table> <tr> <td> </table> <ul> "
            "<li> <pre> </pre> <!-- --> <?php ?> <script> </script> <textarea> </textarea> <select> <option> <svg> "
            "</svg> <math> </math> "
            "<xmp> </xmp> <x\"y='1'> <div =q hidden> &amp; &lt;p&gt; &nbsp; \0 <![CDATA[ ]]> <frameset> "
            "<body> </body> <html> <template> </template> <noscript> </noscript> <plaintext> < > \" ' = /".split(" ")
        ),
    ),
    max_size=30,
).map("".join)


@given(_MARKUP)
@settings(max_examples=300, deadline=None)
def test_any_markup_is_read_without_loss(markup: str) -> None:
    document = read_page(markup)
    check_blocks(document)
    visible = squeezed(dom.visible_text(markup).replace("\0", "\ufffd"))
    if not visible.strip("\ufffd"):
        return
    # A page with little text may have more in what only browsers without scripts show.
    assert visible in squeezed(document.text) or len(squeezed(document.text)) >= len(visible)


def test_bytes_and_text_give_the_same_page() -> None:
    markup = "<meta charset=utf-8><p>Grüße aus Köln"
    assert read_page(markup.encode()).text == read_page(markup).text == "Grüße aus Köln"
    assert read_page(markup.encode()).raw_sha256 == read_page(markup).raw_sha256


def test_a_page_that_is_too_large_is_rejected_with_its_size() -> None:
    with pytest.raises(RecordError, match="20,000,001 bytes"):
        read_page(b" " * (MOST_BYTES + 1))


def test_a_lone_surrogate_is_rejected() -> None:
    with pytest.raises(RecordError, match="surrogate"):
        read_page("<p>\ud800")
