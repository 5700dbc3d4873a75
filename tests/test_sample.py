"""The sample article, the seeds and the labelled pages: what goes, what stays, and all of it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from support import SEEDS, SHARED

import cleaner
from cleaner.ledger import Cleaned

SAMPLE = SHARED / "000_64870d6b9f0c7ed1.txt"
GOLD = SHARED / "gold-dev.jsonl"
ARTICLE = 11
Command = Callable[..., Result]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    if not SAMPLE.is_file():
        pytest.skip("the sample article is not here")
    return SAMPLE.read_bytes().decode("utf-8").splitlines(keepends=True)


def gone(cleaned: Cleaned) -> str:
    return " ".join(edit.removed for edit in cleaned.ledger.edits if edit.category != "space")


def test_the_article_stays_byte_for_byte(lines: list[str]) -> None:
    cleaned = cleaner.clean("".join(lines))
    assert cleaned.text.rstrip("\n") == "".join(lines[:ARTICLE]).rstrip("\n")
    assert cleaned.text.encode().startswith("".join(lines[: ARTICLE - 1]).encode())
    assert cleaner.restore(cleaned) == "".join(lines)


def test_every_line_of_the_appeal_goes_with_rule_and_reason(lines: list[str]) -> None:
    cleaned = cleaner.clean("".join(lines))
    start = len("".join(lines[:ARTICLE]))
    for number, line in enumerate(lines[ARTICLE:], ARTICLE + 1):
        end = start + len(line.rstrip("\n"))
        edits = [
            edit for edit in cleaned.ledger.edits if edit.start < end and start < edit.end and edit.category != "space"
        ]
        assert sum(min(edit.end, end) - max(edit.start, start) for edit in edits) == end - start, number
        for edit in edits:
            assert edit.category in (("donation", "cause") if number == ARTICLE + 1 else ("donation",)), number
            assert edit.rule.count("/") >= 2, edit
            assert edit.because.strip(), edit
        start += len(line)


def moved(lines: list[str], place: int) -> str:
    article = [line if line.endswith("\n") else f"{line}\n" for line in lines[:ARTICLE]]
    appeal = [line if line.endswith("\n") else f"{line}\n" for line in lines[ARTICLE:]]
    return "".join([*article[:place], *appeal, *article[place:]])


@pytest.mark.parametrize("place", [0, 6], ids=["at the top", "in the middle"])
def test_the_appeal_goes_wherever_it_stands(lines: list[str], place: int) -> None:
    text = moved(lines, place)
    cleaned = cleaner.clean(text)
    assert cleaned.text == "".join(lines[:ARTICLE])
    assert gone(cleaned).split() == "".join(lines[ARTICLE:]).split()
    assert cleaner.restore(cleaned) == text


def test_the_article_alone_loses_nothing(lines: list[str]) -> None:
    article = "".join(lines[:ARTICLE])
    cleaned = cleaner.clean(article)
    assert cleaned.text == article
    assert cleaned.ledger.edits == ()


def digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), sha256(path.read_bytes()).hexdigest()


def run_and_restore(command: Command, source: Path, folder: Path) -> Path:
    result = command("run", source, "--output", folder / "out", "--quiet")
    assert result.exit_code == 0, result.output
    result = command("restore", folder / "out", "--output", folder / "back")
    assert result.exit_code == 0, result.output
    return folder / "back"


def test_the_sample_comes_back(lines: list[str], tmp_path: Path, command: Command) -> None:
    back = run_and_restore(command, SAMPLE, tmp_path)
    assert (back / SAMPLE.name).read_bytes() == SAMPLE.read_bytes()


def test_all_seeds_come_back(tmp_path: Path, command: Command) -> None:
    back = run_and_restore(command, SEEDS / "documents", tmp_path)
    assert dict(digests(back)) == dict(digests(SEEDS / "documents"))
    ledger = sum(1 for _ in (tmp_path / "out" / "ledger").rglob("*.jsonl"))
    assert ledger == sum(1 for _ in (SEEDS / "documents").rglob("*.txt"))


def test_all_labelled_pages_come_back(tmp_path: Path, command: Command) -> None:
    if not GOLD.is_file():
        pytest.skip("the labelled pages are not here")
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    source = tmp_path / "gold.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        for row in rows:
            page = {"id": row["id"], "language": row["lang"], "text": "\n".join(row["lines"])}
            stream.write(json.dumps(page, ensure_ascii=False) + "\n")
    back = run_and_restore(command, source, tmp_path)
    assert dict(digests(back)) == {"gold.jsonl": sha256(source.read_bytes()).hexdigest()}
