"""The labelled documents that come with the project: each can be read, and tells what it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from support import SEEDS

from cleaner.labelled import BODY, UNSCORED, read

FILES = sorted((SEEDS / "labelled").glob("*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_document_can_be_read(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    documents = list(read([path]))
    assert len({row["id"] for row in rows}) == len(rows) == len(documents)
    for row, labelled in zip(rows, documents, strict=True):
        assert row["lang"] == path.stem == labelled.document.language
        assert labelled.document.text == "\n".join(row["lines"])
        assert len(labelled.mixed) == len(row["mixed"])
        assert all(line.strip() for line in row["lines"])
        assert {number for number, _, _ in row["mixed"]} == {
            number for number, label in enumerate(row["labels"]) if label == "mixed"
        }
        assert "unsure" not in row["labels"]


def test_each_language_has_pages_and_hard_negatives() -> None:
    kinds = {path.stem: Counter(labelled.kind for labelled in read([path])) for path in FILES}
    assert len(kinds) == 34
    assert all(count["page"] >= 10 and count["hard_negative"] >= 5 for count in kinds.values())


def test_most_lines_are_the_articles_own() -> None:
    labels = Counter(line.label for labelled in read(FILES) for line in labelled.lines)
    scored = sum(count for label, count in labels.items() if label not in UNSCORED)
    assert 0.6 < labels[BODY] / scored < 0.8
