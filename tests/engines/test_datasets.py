"""Hugging Face datasets of every kind, and a cache that knows the rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import rule

from cleaner import Pipeline
from cleaner.pipeline import _compiled

datasets = pytest.importorskip("datasets")
pytest.importorskip("pyarrow")

from cleaner.engines.datasets import clean, clean_files  # noqa: E402

pytestmark = pytest.mark.engine
TEXT = "The river rose by two metres.\nSign up for our newsletter!\n"
CLEAN = "The river rose by two metres.\n"


@pytest.mark.parametrize("streamed", [False, True])
def test_every_kind_of_dataset(streamed: bool) -> None:
    dataset = datasets.Dataset.from_dict({"text": [TEXT, None], "n": [1, 2]})
    some = dataset.to_iterable_dataset() if streamed else dataset
    kind = datasets.IterableDatasetDict if streamed else datasets.DatasetDict
    for result in (clean(some, "rules-only"), clean(kind({"train": some}), "rules-only", num_proc=2)["train"]):
        rows = list(result)
        assert [(row["text"], row["n"], row["ledger"] is None) for row in rows] == [(CLEAN, 1, False), (None, 2, True)]


def test_changed_rules_clean_anew(tmp_path: Path) -> None:
    pack = tmp_path / "rules" / "widget" / "en.toml"
    pack.parent.mkdir(parents=True)
    datasets.Dataset.from_dict({"text": ["Play the film.", "Start the film."]}).to_parquet(
        str(tmp_path / "rows.parquet")
    )
    results: list[list[str]] = []
    for words in ("play the film", "start the film"):
        # A new process has no cache of compiled pipelines.
        _compiled.cache_clear()
        pack.write_text(rule(f'any = [{{ phrase = "{words}" }}]'), encoding="utf-8")
        dataset = datasets.Dataset.from_parquet(str(tmp_path / "rows.parquet"), cache_dir=str(tmp_path / "cache"))
        result = clean(dataset, Pipeline.load("rules-only").without("guard").with_rules(tmp_path / "rules"))
        results.append([row["text"] for row in result])
    assert results == [["", "Start the film."], ["Play the film.", ""]]


def test_files_are_shards(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    result = clean_files([tmp_path / "a.txt", tmp_path / "b.txt"], "rules-only")
    assert result.num_shards == 2
    assert [(row["id"], row["text"]) for row in result] == [("a.txt", CLEAN), ("b.txt", CLEAN)]
