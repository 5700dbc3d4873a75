"""The judge of lines: trained from the command line, its card by language, and the models of its folds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest
from click.testing import Result

from cleaner.errors import ConfigurationError
from cleaner.labelled import Labelled, read
from cleaner.model import load
from cleaner.pipeline import Pipeline
from cleaner.train import fold_of
from cleaner.train_lines import collect, kept_rule, logits_without, train

pytest.importorskip("lightgbm", reason="the extra train is not installed")
pytest.importorskip("sklearn", reason="the extra train is not installed")

SEEDS = Path(__file__).parents[1] / "seeds" / "marked"
FOLDERS = [SEEDS / code for code in ("en", "de", "fr", "it")]


def test_a_judge_from_the_command_line(command: Callable[..., Result], tmp_path: Path) -> None:
    output = tmp_path / "mine.json"
    options = ("--body-loss", "1%", "--date", "a day", "--left-out-languages", "--output", output)
    result = command("train", *FOLDERS, *options)
    assert result.exit_code == 0, result.stderr
    card = output.with_suffix(".md").read_text(encoding="utf-8")
    assert card in result.stdout
    assert "- limits: pages unlike those it was trained on; languages with fewer than 20 labelled documents" in card
    header = next(line for line in card.splitlines() if line.startswith("| language |"))
    assert "| appeals found | without: body lost |" in header
    report = load(output).card["report"]
    assert set(report["languages"]) == set(report["left_out_languages"]) == {"de", "en", "fr", "it"}
    assert report["languages"]["en"]["documents"] == report["left_out_languages"]["en"]["documents"] > 0
    assert report["languages"] != report["left_out_languages"]
    pipeline = Pipeline.load("standard").with_options("weigh", model=str(output))
    assert pipeline.clean("The river rose by a metre, the council said.\nIt fell again.").text


def test_the_models_of_the_folds_are_whole_and_saw_no_page_of_the_fold(tmp_path: Path) -> None:
    documents = list(read(FOLDERS[:2]))
    rules = Pipeline.load("rules-only")
    tables = train(collect(documents, rules), "weigh", 0.01, {})[0].crossed.tables
    number = next(iter(tables))
    path = tmp_path / "fold.json"
    path.write_bytes(orjson.dumps(tables[number]))
    assert Pipeline.load("standard").with_options("weigh", model=str(path)).clean("One line.\nTwo lines.").text
    assert orjson.dumps(_without(documents, rules, number)) == orjson.dumps(tables[number]["trees"])


def _without(documents: list[Labelled], rules: Pipeline, fold: int) -> object:
    """Return the trees of a fold when the labels of its documents are turned round."""
    lines = collect(documents, rules)
    held = [fold_of(site) == fold for site in lines.sites.tolist()]
    lines.labels[held] = "ad"
    return train(lines, "weigh", 0.01, {})[0].crossed.tables[fold]["trees"]


def test_what_cannot_be_judged_by_others_is_refused() -> None:
    lines = collect(read(FOLDERS[:1]), Pipeline.load("rules-only"))
    with pytest.raises(ConfigurationError, match="of one language"):
        train(lines, "weigh", 0.01, {}, left_out_languages=True)
    with pytest.raises(ConfigurationError, match="too few sites"):
        train(replace(lines, sites=np.full(len(lines.sites), "one.example")), "weigh", 0.01, {})


def test_a_judge_that_held_lines_did_not_teach() -> None:
    lines = collect(read(FOLDERS[:2]), Pipeline.load("rules-only"))
    held = lines.languages == "de"
    before = logits_without(lines, held)
    assert np.isneginf(before).tolist() == np.isin(lines.labels, ["mixed", "meta", "unsure", "usercomment"]).tolist()
    lines.labels[held & (lines.labels == "body")] = "ad"
    assert np.array_equal(before, logits_without(lines, held))
    assert before[lines.labels == "donation"].mean() > before[lines.labels == "body"].mean()


def test_rules_are_left_out_by_document_and_always_the_same() -> None:
    rules = [f"ad/en/rule-{number}" for number in range(200)]
    kept = [kept_rule("one", 0.4, rule) for rule in rules]
    assert kept == [kept_rule("one", 0.4, rule) for rule in rules]
    assert kept != [kept_rule("another", 0.4, rule) for rule in rules]
    assert 90 < sum(kept) < 150
    assert all(kept_rule("one", 0.0, rule) for rule in rules)
