"""The verb ``export``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from export_runs import LETTER, clean, files, lines

Command = Callable[..., Result]
EXPECTED = {
    "dolma": ["attributes/cleaner/a.jsonl", "documents/a.jsonl", "export.json", "mix.json", "rejects/a.jsonl"],
    "annotations": ["annotations/a.jsonl", "documents/a.jsonl", "export.json", "rejects/a.jsonl"],
    "datatrove": ["documents/a.jsonl", "export.json", "rejects/a.jsonl"],
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_bytes(lines({"id": "1", "text": f"The river rose.\n{LETTER}"}, b"{no json"))
    return clean(tmp_path / "a.jsonl", tmp_path / "run")


@pytest.mark.parametrize("to", EXPECTED)
def test_export(command: Command, run: Path, tmp_path: Path, to: str) -> None:
    result = command("export", run, "--to", to, "--output", tmp_path / "out", "--compression", "none")
    assert result.exit_code == 0, result.output
    assert result.stderr == f"1 documents with 1 removals exported to {tmp_path / 'out'}; 1 rejects named\n"
    assert list(files(tmp_path / "out")) == EXPECTED[to]


def test_attributes_only(command: Command, run: Path, tmp_path: Path) -> None:
    result = command("export", run, "--to", "dolma", "--output", tmp_path / "out", "--attributes-only")
    assert result.exit_code == 0, result.output
    assert "documents/a.jsonl" not in files(tmp_path / "out")


def test_wrong_use(command: Command, run: Path, tmp_path: Path) -> None:
    result = command("export", tmp_path, "--to", "dolma", "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.startswith("cleaner: ")
    assert result.stderr.count("\n") == 1
    result = command("export", run, "--to", "dolma", "--output", "s3://bucket/out")
    assert (result.exit_code, "is a URL" in result.stderr) == (2, True)
    assert command("export", run, "--to", "nothing", "--output", tmp_path / "out").exit_code == 2
