"""The step of datatrove: what it does with documents, what it counts, and where things that go, go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("datatrove")

from datatrove.data import Document
from datatrove.pipeline.writers import JsonlWriter

from cleaner.engines.datatrove import Cleaner

pytestmark = pytest.mark.engine
TEXT = "The river rose by two metres.\nSign up for our newsletter!\n"
CLEAN = "The river rose by two metres.\n"
PAGE = "<title>Rain</title><article><p>The river rose by two metres on Monday.</p></article>"


def _documents() -> list[Document]:
    return [Document(TEXT, "a", metadata={"language": "en"}), Document("cut \ud800", "b"), Document("x", "c")]


def test_a_writer_receives_what_was_removed_and_what_could_not_be_cleaned(tmp_path: Path) -> None:
    writer = JsonlWriter(str(tmp_path), "${category}/${rank}.jsonl", compression=None)
    step = Cleaner("rules-only", exclusion_writer=writer)
    kept = list(step.run(iter(_documents()), rank=1))
    assert [(document.id, document.text) for document in kept] == [("a", CLEAN), ("c", "x")]
    assert json.loads(kept[0].metadata["ledger"])["language"] == "en"
    passage = json.loads((tmp_path / "newsletter" / "00001.jsonl").read_text())
    assert (passage["id"], passage["text"]) == ("a", "Sign up for our newsletter!")
    assert (passage["metadata"]["start"], passage["metadata"]["end"]) == (30, 57)
    assert passage["metadata"]["filter_reason"].startswith("newsletter/en/")
    reject = json.loads((tmp_path / "reject" / "00001.jsonl").read_text())
    assert (reject["id"], "lone surrogate" in reject["metadata"]["filter_reason"]) == ("b", True)
    assert json.loads(reject["metadata"]["reject"])["id"] == "b"


def test_without_a_writer_no_document_vanishes() -> None:
    kept = list(Cleaner("rules-only").run(iter(_documents())))
    assert [(document.id, document.text) for document in kept] == [("a", CLEAN), ("b", ""), ("c", "x")]
    assert ["reject" in document.metadata for document in kept] == [False, True, False]


def test_what_it_counts(tmp_path: Path) -> None:
    step = Cleaner("rules-only", exclusion_writer=JsonlWriter(str(tmp_path), "${category}.jsonl", compression=None))
    list(step.run(iter(_documents())))
    counts = {name: step.stats[name].total for name in ("total", "forwarded", "dropped", "rejected", "edited")}
    assert counts == {"total": 3, "forwarded": 2, "dropped": 1, "rejected": 1, "edited": 1}
    assert step.stats["removed_newsletter"].total == len("Sign up for our newsletter!")
    assert step.stats.time_stats.n == 3


def test_pages() -> None:
    (document,) = Cleaner("rules-only", html=True).run(
        iter([Document(PAGE, "a", metadata={"url": "https://a.example"})])
    )
    assert document.text == "The river rose by two metres on Monday."
