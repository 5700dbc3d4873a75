"""Every command and every Python block of the README runs, in a copy of what a clone holds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from cleaner import Pipeline
from cleaner.stages import build

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line[2:] for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
ON_ENGINES = [command for command in COMMANDS if "--engine" in command]
MAIN_JOB = "cleaner run seeds/documents/en --output out"
"""The main job, on one language here."""
SET_UP = ("pip install . && cleaner run seeds/documents --output out", "pip install tox && tox")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def test_there_are_two_commands_to_set_up() -> None:
    assert tuple(COMMANDS[:2]) == SET_UP


def test_commands(clone: Path) -> None:
    # Installing and the suite itself are what the other environments of tox do.
    for command in [MAIN_JOB, *COMMANDS[2:]]:
        if command in ON_ENGINES:
            continue
        assert command.startswith("cleaner "), command
        result = _run(command, clone)
        # A diff that finds differences says so by its exit code.
        expected = int(command.startswith("cleaner diff"))
        assert result.returncode == expected, f"{command}\n{result.stderr}"


@pytest.mark.engine
@pytest.mark.parametrize("command", ON_ENGINES)
def test_commands_on_engines(command: str, clone: Path) -> None:
    pytest.importorskip("pyspark" if "spark" in command else "ray")
    result = _run(command, clone)
    assert result.returncode == 0, f"{command}\n{result.stderr}"


def _run(command: str, clone: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", *command.split()]
    return subprocess.run(words, cwd=clone, capture_output=True, text=True, check=False)


PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
ENGINES = [block for block in PYTHON if "cleaner.engines" in block]


@pytest.mark.parametrize(
    "block", [pytest.param(block, marks=pytest.mark.engine if block in ENGINES else ()) for block in PYTHON]
)
def test_python(block: str, clone: Path) -> None:
    if block in ENGINES:
        for library in re.findall(r"^(?:import|from) (ray|pyspark|datatrove|datasets|pyarrow)\b", block, re.MULTILINE):
            pytest.importorskip(library)
    if '"out"' in block and not (clone / "out").exists():
        _run(MAIN_JOB, clone)
    result = subprocess.run([sys.executable, "-c", block], cwd=clone, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{block}\n{result.stderr}"


TOML = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL)]


def test_pipeline_files_can_be_read_and_state_the_defaults() -> None:
    assert [set(Pipeline.from_table(table).policy) for table in TOML] == [{"related", "author"}, set()]
    for stage, options in TOML[0]["options"].items():
        stated = {name: value for name, value in options.items() if name != "thresholds"}
        assert build(stage, stated) == build(stage, {}), stage
        told = {item.name for item in fields(build(stage, {})) if item.init and item.name != "model"}
        assert set(options) == told, stage
