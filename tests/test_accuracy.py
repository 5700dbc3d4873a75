"""The table of accuracy: methods of lines judge as they say, and the command answers for missing data in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.line_methods import long_or_punctuated, methods, obvious_phrases, refined_web

ROOT = Path(__file__).parents[1]
LINES = [
    "The river rose by a metre.",
    "READ THIS NOW",
    "Share",
    "3 likes",
    "",
    "Sign in to comment",
    "Subscribe today: it is free",
]


@pytest.mark.parametrize(
    ("method", "kept"),
    [
        (long_or_punctuated, "1000000"),
        (refined_web, "1000101"),
        (obvious_phrases, "1111110"),
        (methods()["keep everything"], "1111111"),
    ],
)
def test_methods_of_lines(method: object, kept: str) -> None:
    assert callable(method)
    found = [flag for flag, line in zip(method(LINES, "en"), LINES, strict=True) if line]
    assert found == [flag == "1" for flag, line in zip(kept, LINES, strict=True) if line]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tests/benchmarks/accuracy.py", *arguments],
        cwd=ROOT,
        env={**{name: value for name, value in os.environ.items() if name != "CLEANER_LABELLED"}, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_on_labelled_seeds() -> None:
    pytest.importorskip("lightgbm", reason="the extra train is not installed")
    result = _run("--as-shipped", "--json", CLEANER_LABELLED="seeds/marked/sw")
    assert result.returncode == 0, result.stderr
    rows = {(row["method"], row["note"]): row for row in json.loads(result.stdout)}
    nothing, shipped = rows["keep everything", ""], rows["standard", "as shipped"]
    assert nothing["body_lost"] == nothing["all_found"] == 0
    assert shipped["all_found"] > rows["a regex of a dozen obvious phrases", ""]["all_found"]
    flagged = rows["careful", "as shipped: what it flags at full weight"]
    assert flagged["all_found"] > rows["careful", "as shipped: takes nothing"]["all_found"] == 0


@pytest.mark.parametrize("arguments", [(), ("nowhere.jsonl",)])
def test_missing_documents_are_one_clear_line(arguments: tuple[str, ...]) -> None:
    result = _run(*arguments)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "CLEANER_LABELLED" in result.stderr
