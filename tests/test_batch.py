"""Batches: documents together give what each gives by itself, whatever their company."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from support import SEEDS

from cleaner import batch
from cleaner.batch import portions
from cleaner.characters import classes_of, words_of
from cleaner.document import Block, Document
from cleaner.errors import InvariantError, RecordError
from cleaner.folding import fold, fold_start, points_of
from cleaner.ledger import Cleaned
from cleaner.measures import count_words
from cleaner.pipeline import Pipeline
from cleaner.segments import split

SAMPLE = [
    Document(path.read_text(encoding="utf-8"), path.stem, language=language)
    for folder in sorted((SEEDS / "documents").iterdir())[:8]
    for path in sorted(folder.glob("*.txt"))[:3]
    for language in (folder.name, None)
]


@pytest.mark.parametrize("name", ["rules-only", "standard"])
def test_company_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline.load(name)
    alone = [pipeline.clean(document) for document in SAMPLE]
    assert list(pipeline.clean_many(SAMPLE)) == alone
    assert list(pipeline.clean_many(reversed(SAMPLE))) == alone[::-1]
    monkeypatch.setattr(batch, "SIZE", 3_000)
    assert list(pipeline.clean_many(SAMPLE)) == alone


def test_pages_and_texts_together() -> None:
    page = "Home\nThe river rose by two metres.\nSubscribe to our newsletter today!"
    borders = [(0, 4), (5, 34), (35, len(page))]
    documents = [
        Document("Sign up for our newsletter!\nThe end.", "text", language="en"),
        Document(page, "page", language="en", blocks=tuple(Block(*border) for border in borders)),
        Document("", "empty", language="en"),
        Document(" \n ", "blank", language="en"),
    ]
    pipeline = Pipeline.load("rules-only")
    assert list(pipeline.clean_many(documents)) == [pipeline.clean(document) for document in documents]


def test_what_cannot_be_cleaned_stands_alone() -> None:
    broken: Any = [Document("A text.", "1"), Document("\ud800", "2"), Document(7, "3"), Document("Another.", "4")]  # type: ignore[arg-type]
    results = list(Pipeline.load("rules-only").clean_many(broken))
    assert [type(result) for result in results] == [Cleaned, RecordError, RecordError, Cleaned]
    assert "U+D800" in str(results[1])


def test_texts_are_documents_too() -> None:
    pipeline = Pipeline.load("rules-only")
    mixed: Any = ["A text.", Document("Another."), None]
    one, two, three = pipeline.clean_many(mixed)
    assert (one, two) == (pipeline.clean("A text."), pipeline.clean("Another."))
    assert isinstance(three, RecordError)


def test_a_broken_guarantee_is_no_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.compiled.restore", lambda clean, edits: "something else")
    with pytest.raises(InvariantError):
        list(Pipeline.load("rules-only").clean_many([Document("Sign up for our newsletter!", language="en")]))


def test_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "SIZE", 512)
    documents = [Document("x" * size) for size in (200, 400, 600, 1, 1, 1)]
    assert [len(portion) for portion in portions(documents)] == [2, 1, 2, 1]


TEXTS = some.text(some.sampled_from("ab \n\r\t. \u3000\u200b京都ไทé\u0301İ\x1f"), max_size=60)


@given(TEXTS)
def test_segments_and_words_as_python_sees_them(text: str) -> None:
    starts, ends = split(text)
    found = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    assert found == [line.strip() for line in text.split("\n") if line.strip()]
    if found:
        points = points_of(text)
        words = words_of(points, classes_of(points), np.array(starts), np.array(ends))
        assert words.tolist() == [count_words(line) for line in found]


@given(TEXTS, some.integers(1, 30))
def test_the_start_of_a_view(text: str, length: int) -> None:
    assert fold_start(text, length) == fold(text).text[:length]
