"""Marked cases: one file each in ``cases/marked``, named ``<language>-<what>.txt``. What is marked must go, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import CASES

import cleaner
from cleaner import Document
from cleaner.marks import Mark, parse, render
from cleaner.pipeline import Pipeline

PATHS = sorted((CASES / "marked").glob("*.txt"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_marked(path: Path) -> None:
    text, found = parse(path.read_bytes().decode("utf-8"))
    wanted = render(text, found)
    cleaned = Pipeline.load("rules-only").clean(Document(text, path.stem, language=path.name[:2]))
    taken = [Mark(edit.start, edit.end, edit.category) for edit in cleaned.ledger.edits if edit.category != "space"]
    assert render(text, taken) == wanted
    assert cleaner.restore(cleaned) == text


def test_there_are_cases() -> None:
    assert len(PATHS) >= 12
