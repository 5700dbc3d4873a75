"""Floors: seeds agree with themselves, and a pipeline that falls below a floor is told so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import SEEDS

from cleaner.errors import ConfigurationError
from cleaner.floors import Floor, compare, documents_digest, dump, load, main, measure
from cleaner.marks import parse
from cleaner.pipeline import Pipeline
from cleaner.rulebook import CATEGORIES

GOOD = Floor(0.9, 0.001, 0)


def test_documents_are_the_marked_ones_without_marks() -> None:
    marked = {path.relative_to(SEEDS / "marked"): path for path in (SEEDS / "marked").rglob("*.txt")}
    plain = {path.relative_to(SEEDS / "documents"): path for path in (SEEDS / "documents").rglob("*.txt")}
    assert marked.keys() == plain.keys()
    assert len(marked) > 150
    for name, path in marked.items():
        content = path.read_bytes().decode("utf-8")
        text, found = parse(content)
        assert plain[name].read_bytes() == text.encode(), name
        assert content.endswith("\n"), name
        assert not re.search(r"\n\Z\n", content), name
        assert {mark.category for mark in found} <= set(CATEGORIES), name
        assert all(text[mark.start : mark.end].strip() for mark in found), name


def test_the_floors_speak_of_these_documents() -> None:
    digest, pipeline, floors = load(SEEDS / "floors.toml")
    assert digest == documents_digest(SEEDS / "marked"), "run python -m cleaner.floors seeds, then see what changed"
    assert Pipeline.load(pipeline).name == pipeline
    assert floors.keys() == {path.name for path in (SEEDS / "marked").iterdir()}


@pytest.mark.parametrize(
    ("reached", "problem"),
    [
        (GOOD, None),
        (Floor(1.0, 0.0, 0), None),
        (Floor(0.89, 0.001, 0), "xx: appeals found 89.0%, at least 90.0%"),
        (Floor(0.9, 0.0021, 0), "xx: body words lost 0.21%, at most 0.10%"),
        (Floor(0.9, 0.001, 1), "xx: hard negatives touched 1, at most 0"),
    ],
)
def test_comparison(reached: Floor, problem: str | None) -> None:
    assert compare({"xx": GOOD}, {"xx": reached}) == ([problem] if problem else [])


def test_languages_without_floor_or_documents() -> None:
    assert compare({"a": GOOD}, {"b": GOOD}) == ["a: has no documents", "b: has no floor"]


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(dump("d", "standard", {"xx": Floor(0.95, 0.001, 1), "yy": Floor(0.0, 0.0, 0)}), encoding="utf-8")
    assert load(path) == ("d", "standard", {"xx": Floor(0.93, 0.003, 1), "yy": Floor(0.0, 0.002, 0)})
    path.write_text("documents = 3", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is no file of floors"):
        load(path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path / "absent.toml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "marked" / "en").mkdir(parents=True)
    (tmp_path / "marked" / "en" / "a.txt").write_text("One two.\n⟦donation|Give us money.⟧\n", encoding="utf-8")
    return tmp_path


def test_digests_see_names_and_content(folder: Path) -> None:
    digests = {documents_digest(folder / "marked")}
    (folder / "marked" / "en" / "a.txt").rename(folder / "marked" / "en" / "b.txt")
    digests.add(documents_digest(folder / "marked"))
    (folder / "marked" / "en" / "b.txt").write_text("Other.", encoding="utf-8")
    digests.add(documents_digest(folder / "marked"))
    assert len(digests) == 3


def test_the_command(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "none.toml"
    empty.write_text("stages = []", encoding="utf-8")
    runner = CliRunner()

    def run(*arguments: str) -> int:
        result = runner.invoke(main, [str(folder), *arguments])
        return 2 if isinstance(result.exception, ConfigurationError) else result.exit_code

    assert measure(folder / "marked", Pipeline.load(empty)) == {"en": Floor(0.0, 0.0, 0)}
    assert run() == 2
    assert run("--pipeline", str(empty), "--update") == 0
    assert run("--pipeline", str(empty)) == 0
    path = folder / "floors.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("appeals_found = 0.000", "appeals_found = 0.5"), encoding="utf-8"
    )
    assert run("--pipeline", str(empty)) == 1
    (folder / "marked" / "en" / "b.txt").write_text("New.\n", encoding="utf-8")
    assert run("--pipeline", str(empty)) == 2
