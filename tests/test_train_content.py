"""The judge of page content as it is trained: on made-up sites it learns what is content, the same each time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import zstandard

from cleaner import train_content
from cleaner.formats.html import read_page
from cleaner.labelled_pages import Page, read_pages, read_rows, site_of, weights_of
from cleaner.pipeline import Pipeline
from cleaner.train import FOLDS

SENTENCES = (
    "The council decided on Monday, after a long debate, that the old mill by the river stays open this winter.",
    "Nobody had expected that so many guests would come to the meeting, and some of them had to stand outside.",
    "The bridge beside it, which was closed in spring, will be repaired by the same workers until next summer.",
)
FURNITURE = ("Home", "News", "Sign up for our letter", "All rights reserved", "Read more", "Share this page")


def page(site: int) -> dict[str, str]:
    sentences = [f"{sentence} So it was said in place {site}." for sentence in SENTENCES]
    links = "".join(f"<li><a href={number}>{text}</a>" for number, text in enumerate(FURNITURE))
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    html = (
        f"<title>Mill {site}</title><nav class=menu><ul>{links}</ul></nav><div class=entry-content>{paragraphs}</div>"
        f"<div class=footer><p>All rights reserved, place {site}</p></div>"
    )
    return {"url": f"https://www.place{site}.example/mill", "html": html, "main_content": "\n".join(sentences)}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "pages.jsonl.zst"
    rows = "".join(json.dumps(page(number)) + "\n" for number in range(40))
    path.write_bytes(zstandard.compress(rows.encode()))
    return path


def test_rows_are_read_compressed_or_not(pages: Path, tmp_path: Path) -> None:
    plain = tmp_path / "pages.jsonl"
    plain.write_bytes(zstandard.decompress(pages.read_bytes()))
    assert list(read_rows(plain)) == list(read_rows(pages)) == [page(number) for number in range(40)]


def test_labels_are_the_share_of_a_blocks_words_that_the_gold_holds(pages: Path) -> None:
    first = next(read_pages(pages))
    assert list(first.shares) == [0.0] * len(FURNITURE) + [1.0] * len(SENTENCES) + [0.0]
    assert first.site == "place0.example"
    weights = weights_of(first)
    assert weights[len(FURNITURE)] > weights[0] > 0


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.river.example/a", "river.example"),
        ("https://news.river.co.uk/a", "river.co.uk"),
        ("https://river.de", "river.de"),
        ("a-name", "a-name"),
    ],
)
def test_a_site_is_the_registered_name(url: str, site: str) -> None:
    assert site_of(url) == site


def test_a_trained_judge_tells_content_from_furniture_and_is_the_same_each_time(pages: Path, tmp_path: Path) -> None:
    pytest.importorskip("lightgbm", reason="the extra train is not installed")
    pytest.importorskip("sklearn", reason="the extra train is not installed")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    means = train_content.train(pages, first, "2024-05-01")
    train_content.main([str(pages), "--output", str(second), "--date", "2024-05-01"])
    assert first.read_bytes() == second.read_bytes()
    assert means["all"] > 0.95
    card = json.loads(first.read_bytes())["card"]
    assert (card["pages"], card["folds"], card["date"]) == (40, FOLDS, "2024-05-01")
    unseen = page(99)
    cleaned = Pipeline("trained", ()).then("content", model=str(first)).clean(read_page(unseen["html"]))
    assert cleaned.text == unseen["main_content"]


def test_pages_without_blocks_have_an_empty_text(pages: Path) -> None:
    labelled = list(read_pages(pages))[:1]
    empty = [Page(read_page(""), (), "", "nowhere.example")]
    texts = train_content.kept_texts([*empty, *labelled, *empty], np.array(labelled[0].shares))
    assert texts == ["", labelled[0].gold, ""]


def test_the_score_counts_words_without_regard_to_order() -> None:
    assert train_content.word_f1("b a", "A b.") == 1
    assert train_content.word_f1("", "") == 1
    assert train_content.word_f1("a b", "a c") == 0.5
    assert train_content.word_f1("a", "b") == 0
