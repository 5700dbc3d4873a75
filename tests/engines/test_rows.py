"""Rows as jobs that travel: what a worker checks, what it makes of a row, and that it loses none."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from support import rule

from cleaner import Pipeline
from cleaner.engines import rows
from cleaner.engines.rows import Job, ledger_text, reject_text
from cleaner.errors import ConfigurationError, InvariantError
from cleaner.formats.records import Reject
from cleaner.formats.rows import Fields
from cleaner.ledger import Cleaned, row
from cleaner.pipeline import _compiled
from cleaner.rulebook import default_directory

TEXT = "The river rose by two metres.\nSign up for our newsletter!\n"


@pytest.fixture(scope="module")
def job() -> Job:
    return Job.of("rules-only", source_field="file", record_field="line")


def test_a_row_gives_what_the_pipeline_gives(job: Job) -> None:
    result = job.clean({"text": TEXT, "id": 7, "language": "EN", "file": "a.jsonl", "line": 3})
    assert isinstance(result, Cleaned)
    assert result.text == "The river rose by two metres.\n"
    assert (result.ledger.id, result.ledger.source, result.ledger.language) == ("7", "a.jsonl", "en")
    assert orjson.loads(ledger_text(result)) == row(result.ledger, TEXT)


@pytest.mark.parametrize(
    ("values", "identifier"),
    [
        ({"text": "x"}, ""),
        ({"text": "x", "file": "a"}, "a#0"),
        ({"text": "x", "file": "a", "line": 2}, "a#2"),
        ({"text": "x", "id": 0}, "0"),
    ],
)
def test_a_row_without_an_id_is_named_by_its_place(job: Job, values: dict[str, object], identifier: str) -> None:
    result = job.clean(values)
    assert isinstance(result, Cleaned)
    assert result.ledger.id == identifier


@pytest.mark.parametrize(
    ("values", "reason", "raw"),
    [
        ({}, "no field 'text'", b""),
        ({"text": 5}, "of type int", b"5"),
        ({"text": "cut \ud800"}, "lone surrogate", b"cut \xed\xa0\x80"),
        ({"html": "cut \ud800"}, "lone surrogate", b"cut \xed\xa0\x80"),
    ],
)
def test_what_cannot_be_cleaned_is_a_reject(job: Job, values: dict[str, object], reason: str, raw: bytes) -> None:
    result = job.clean({**values, "id": "x", "file": "f", "line": 1})
    assert isinstance(result, Reject)
    assert (result.source, result.record, result.id, result.stage, result.raw) == ("f", 1, "x", "read", raw)
    assert reason in result.reason
    assert reason in orjson.loads(reject_text(result))["reason"]


def test_what_nobody_foresaw_is_a_reject_with_its_traceback(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a parser's own")

    monkeypatch.setattr(rows, "document_of", fail)
    result = job.clean({"text": TEXT})
    assert isinstance(result, Reject)
    assert result.reason == "ValueError: a parser's own"
    assert "Traceback" in result.traceback


def test_a_broken_guarantee_ends_the_job(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise InvariantError("broken")

    monkeypatch.setattr(rows, "document_of", fail)
    with pytest.raises(InvariantError):
        job.clean({"text": TEXT})


def test_a_job_travels_and_is_compiled_once(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_ready", {})
    copies = [pickle.loads(pickle.dumps(job)) for _ in range(2)]
    assert copies[0].compiled().pipeline is copies[1].compiled().pipeline
    assert list(rows._ready) == [job.work.digest]


def test_a_worker_with_other_rules_or_another_release_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "widget"
    folder.mkdir()
    pack = folder / "en.toml"
    pack.write_text(rule('any = [{ phrase = "play the film" }]'), encoding="utf-8")
    job = Job.of(Pipeline.load("rules-only").with_rules(tmp_path))
    assert job.compiled() == job.work
    monkeypatch.setattr(rows, "_ready", {})
    pack.write_text(rule('any = [{ phrase = "start the film" }]'), encoding="utf-8")
    travelled = pickle.loads(pickle.dumps(job))
    # A new process has no cache of compiled pipelines.
    monkeypatch.setattr("cleaner.pipeline._compiled", _compiled.__wrapped__)
    with pytest.raises(ConfigurationError, match="install the same release"):
        travelled.compiled()
    with pytest.raises(ConfigurationError, match="install the same release"):
        replace(Job.of("rules-only"), version="0.0.0").compiled()


def test_rules_and_models_go_as_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine" / "widget").mkdir(parents=True)
    (tmp_path / "mine" / "widget" / "en.toml").write_text(rule('any = ["play"]'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "judge.json").write_bytes((default_directory() / "models" / "weigh.json").read_bytes())
    job = Job.of(Pipeline.load("standard").with_rules("mine").with_options("weigh", model="judge.json"))
    assert job.work.pipeline.rules == (tmp_path / "mine",)
    assert ("model", str(tmp_path / "judge.json")) in {
        option for step in job.work.pipeline.steps for option in step.options
    }


def test_a_number_that_is_none_costs_one_row() -> None:
    job = Job.of("rules-only", source_field="file", record_field="line")
    result = job.clean({"text": TEXT, "file": "a", "line": "x"})
    assert isinstance(result, Reject)
    assert "'x', not a whole number" in result.reason
    assert isinstance(job.clean({"text": TEXT, "file": "a", "line": 3}), Cleaned)


def test_a_pipeline_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="there is no pipeline 'nonesuch'"):
        Job.of("nonesuch")


def test_other_names_of_fields() -> None:
    job = Job.of("rules-only", fields=Fields("content", "key", "lang"), detect_language=True)
    result = job.clean({"content": TEXT, "key": "k", "lang": "de", "text": "not this"})
    assert isinstance(result, Cleaned)
    assert (result.ledger.id, result.document.text, result.ledger.language) == ("k", TEXT, "de")
    result = job.clean({"content": TEXT})
    assert isinstance(result, Cleaned)
    assert result.ledger.language == "en"
