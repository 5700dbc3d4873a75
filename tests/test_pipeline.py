"""Pipelines: composed in Python or read from TOML, with one digest; their own guarantees."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support import rule

import cleaner
from cleaner import Document, Pipeline, Verdict
from cleaner.errors import InvariantError, PipelineError, RecordError, RuleError
from cleaner.pipeline import shipped
from cleaner.rulebook import default_directory
from cleaner.stage import Draft

TOML = """
name = "mine"
description = "For a test."
stages = ["rules", "context", "guard"]

[options.context]
reach = 2

[policy]
related = "flag"
cookie = "keep"
"""
TEXT = "The river rose by two metres.\nSign up for our newsletter!\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(TOML, encoding="utf-8")
    return file


def test_toml_and_python_have_one_digest(path: Path) -> None:
    built = (
        Pipeline("mine", description="For a test.")
        .then("guard")
        .before("guard", "rules")
        .after("rules", "context", reach=2)
        .with_policy(related="flag", cookie="keep")
    )
    read = Pipeline.load(path)
    assert read == built
    assert read.digest == built.digest
    assert [step.stage for step in read.steps] == ["rules", "context", "guard"]


def test_what_changes_the_output_changes_the_digest(path: Path, tmp_path: Path) -> None:
    (tmp_path / "packs" / "ad").mkdir(parents=True)
    (tmp_path / "packs" / "ad" / "en.toml").write_text(rule('any = ["sign up"]'), encoding="utf-8")
    base = Pipeline.load(path)
    others = [
        base.without("guard"),
        base.with_options("context", reach=3),
        base.with_options("guard", most=0.5),
        base.with_policy(related="drop"),
        base.with_rules(tmp_path / "packs"),
    ]
    assert len({base.digest, *(other.digest for other in others)}) == 6
    assert replace(base, name="other", description="").digest == base.digest


def test_a_model_counts_by_its_content_and_not_by_its_place(tmp_path: Path) -> None:
    shipped = (default_directory() / "models" / "weigh.json").read_bytes()
    for name, content in {"a": shipped, "b": shipped, "c": shipped + b"\n"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "judge.json").write_bytes(content)
        toml = 'stages = ["weigh"]\n[options.weigh]\nmodel = "judge.json"\n'
        (tmp_path / name / "mine.toml").write_text(toml, encoding="utf-8")
    one, same, other = (Pipeline.load(tmp_path / name / "mine.toml").digest for name in "abc")
    assert one == same == Pipeline("shipped").then("weigh").digest
    assert other != one


def test_rules_of_a_file_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "packs" / "ad").mkdir(parents=True)
    (tmp_path / "packs" / "ad" / "en.toml").write_text(rule('any = ["the river rose"]'), encoding="utf-8")
    (tmp_path / "mine.toml").write_text('stages = ["rules"]\nrules = ["packs"]\n', encoding="utf-8")
    cleaned = Pipeline.load(tmp_path / "mine.toml").clean(Document(TEXT, language="en"))
    assert any(edit.rule == "ad/en/example" for edit in cleaned.ledger.edits)
    assert Pipeline.load(tmp_path / "mine.toml").name == "mine"


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ("stage = []", "unknown key 'stage'", "did you mean 'stages'?"),
        ("stages = 3", "stages must be a list", ""),
        ('stages = ["rulse"]', "there is no stage 'rulse'", "did you mean 'rules'?"),
        ('stages = ["rules", "rules"]', "has a stage twice", ""),
        (
            'stages = ["rules"]\n[options.guard]\nmost = 1',
            "options for 'guard', which is no stage of it",
            "known: rules",
        ),
        ('stages = ["guard"]\n[options.guard]\nmots = 1', "the stage 'guard' does not take these options", ""),
        ('stages = []\n[policy]\nadvert = "drop"', "the policy names 'advert'", "known: ad,"),
        ('stages = []\n[policy]\nad = "delete"', "the policy for ad is 'delete'", "known: drop, flag, keep"),
        ('stages = []\n[policy]\nad = "replace"', "the policy for ad is 'replace'", ""),
        ("stages = []\nrules = 3", "rules must be a list of folders", ""),
        ('name = "mine"', "names no stages", "stages = ["),
        ('stages = ["rules"]\n[options]\nrules = 5', "the options for 'rules' must be a table", "[options.rules]"),
        ('stages = ["guard"]\n[options.guard]\nmost = 2', "'most' of the stage 'guard' is 2", "from 0 to 1"),
        ('stages = ["guard"]\n[options.guard]\nmost = "x"', "'most' of the stage 'guard' is 'x'", "from 0 to 1"),
        ('stages = ["guard"]\n[options.guard]\nsmallest = 0.5', "'smallest' of the stage 'guard' is 0.5", "whole"),
        ('stages = ["guard"]\n[options.guard]\nname = "x"', "does not take these options", ""),
        ('stages = ["context"]\n[options.context]\nreach = true', "'reach' of the stage 'context' is True", "whole"),
        (
            'stages = ["weigh"]\n[options.weigh]\nthreshold = 85',
            "'threshold' of the stage 'weigh' is 85",
            "from 0 to 1",
        ),
        ('stages = ["weigh"]\n[options.weigh]\nthresholds = 0.5', "is no table of categories", ""),
        (
            'stages = ["weigh"]\n[options.weigh.thresholds]\nadd = 0.5',
            "the thresholds name 'add'",
            "did you mean 'ad'?",
        ),
        ('stages = ["weigh"]\n[options.weigh.thresholds]\nad = "x"', "'thresholds.ad' of the stage 'weigh' is 'x'", ""),
        ('stages = ["weigh"]\n[options.weigh]\nmodel = 5', "'model' of the stage 'weigh' is 5", ""),
        ("stages = [", "mine.toml: ", ""),
        ("stages = ['\udcff']", "mine.toml: ", ""),
    ],
)
def test_wrong_files(path: Path, content: str, message: str, hint: str) -> None:
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(PipelineError) as caught:
        Pipeline.load(path)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("name", ["standrad", "../standard", ""])
def test_unknown_names(name: str) -> None:
    with pytest.raises(PipelineError, match="there is no pipeline") as caught:
        Pipeline.load(name)
    assert "standard" in caught.value.hint


def test_unknown_files_folders_and_stages(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="cannot be read"):
        Pipeline.load(tmp_path / "absent.toml")
    with pytest.raises(RuleError, match="there is no rules folder"):
        _ = Pipeline.load("rules-only").with_rules(tmp_path / "absent").digest
    for change in (Pipeline.without, Pipeline.with_options):
        with pytest.raises(PipelineError, match="has no stage 'weigth'"):
            change(Pipeline.load("rules-only"), "weigth")
    with pytest.raises(PipelineError, match="has no stage"):
        Pipeline("x").before("rules", "guard")


@pytest.mark.parametrize("name", shipped())
def test_what_ships_loads_and_describes_itself(name: str) -> None:
    pipeline = Pipeline.load(name)
    assert pipeline.name == name
    assert pipeline.description.endswith(".")
    cleaned = pipeline.clean(TEXT)
    assert cleaner.restore(cleaned) == TEXT
    assert cleaned.ledger.pipeline == pipeline.digest


def test_presets_differ_in_policy() -> None:
    text = TEXT + "Read also\nBridge opens again\nMill burns down\n"
    edits = {name: Pipeline.load(name).clean(Document(text, language="en")).ledger for name in ("appeals", "careful")}
    assert {edit.category for edit in edits["appeals"].edits} == {"newsletter", "space"}
    assert "related" in {flag.category for flag in edits["appeals"].flags}
    assert not edits["careful"].edits
    assert edits["careful"].flags


def test_clean_and_restore() -> None:
    cleaned = cleaner.clean(TEXT, language="en")
    assert cleaned.text == "The river rose by two metres.\n"
    assert cleaner.restore(cleaned) == TEXT
    assert cleaned.ledger.language == "en"
    assert cleaner.clean(Document(TEXT, language="de"), language="en") == cleaned
    assert cleaner.clean(TEXT, language="en-GB") == cleaner.clean(TEXT, language="ENG") == cleaned
    assert cleaner.clean(TEXT, language="und") == cleaner.clean(TEXT)
    with pytest.raises(RecordError):
        cleaner.restore(replace(cleaned, text="Other."))
    assert cleaner.clean("").text == ""


def test_language_is_detected_only_when_asked() -> None:
    text = "Der Rat der Stadt hat am Montag beschlossen, dass die Brücke für den Winter geschlossen wird."
    assert Pipeline("none").clean(text).ledger.language is None
    assert Pipeline("none").clean(text, detect_language=True).ledger.language == "de"


@pytest.mark.parametrize("text", [None, 3, b"bytes", "\ud800"])
def test_what_is_no_text(text: object) -> None:
    with pytest.raises(RecordError):
        cleaner.clean(text)  # type: ignore[arg-type]
    with pytest.raises(RecordError):
        cleaner.clean(text, language="en")  # type: ignore[arg-type]
    with pytest.raises(RecordError):
        Pipeline("none").clean(Document(text))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Wrong:
    start: int
    end: int
    action: str = "drop"
    name: str = "wrong"

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        return [Verdict(self.start, self.end, "ad", self.name, "ad/any/x", "Because.", 1.0, (), self.action)]


@pytest.mark.parametrize("wrong", [Wrong(0, 99), Wrong(-1, 2), Wrong(2, 2), Wrong(0, 2, "delete")])
def test_impossible_verdicts_are_a_broken_guarantee(wrong: Wrong) -> None:
    compiled = replace(Pipeline("none").compiled, stages=(wrong,))
    with pytest.raises(InvariantError, match="the stage 'wrong' returned an impossible verdict"):
        compiled.clean(Document("Some text."))


def test_a_lost_original_is_a_broken_guarantee(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.compiled.restore", lambda clean, edits: "other")
    compiled = replace(Pipeline("none").compiled, stages=(Wrong(0, 2),))
    with pytest.raises(InvariantError, match="cannot be restored"):
        compiled.clean(Document("Some text."))


def test_a_compiled_pipeline_travels_to_another_process() -> None:
    pipeline = Pipeline.load("rules-only")
    digest = pipeline.digest
    assert "compiled" in pipeline.__dict__
    copy = pickle.loads(pickle.dumps(pipeline))
    assert "compiled" not in copy.__dict__
    assert (copy, copy.digest) == (pipeline, digest)
