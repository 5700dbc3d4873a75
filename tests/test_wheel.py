"""The wheel, built from the sources and installed into an empty environment elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from support import ROOT, SEEDS

pytestmark = pytest.mark.wheel
SEED = SEEDS / "documents" / "en" / "kettle-review.txt"


def run(*command: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("build", reason="the package build is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, folder=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def binaries(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    run(binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, folder=folder)
    return binaries


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "cleaner/rules/pipelines/standard.toml" in names
    assert "cleaner/rules/languages.toml" in names
    assert "cleaner/review/static/index.html" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.split("/")[0] in ("tests", "seeds", "rules")]


def test_it_works_away_from_the_sources(binaries: Path, tmp_path: Path) -> None:
    run(binaries / "python", "-c", "import cleaner; cleaner.clean", folder=tmp_path)
    run(binaries / "cleaner", "run", SEED, "--output", tmp_path / "clean", folder=tmp_path)
    clean = (tmp_path / "clean" / "documents" / SEED.name).read_text(encoding="utf-8")
    assert 0 < len(clean) < len(SEED.read_text(encoding="utf-8"))
    run(binaries / "cleaner", "restore", tmp_path / "clean", "--output", tmp_path / "back", folder=tmp_path)
    assert (tmp_path / "back" / SEED.name).read_bytes() == SEED.read_bytes()
    checked = run(binaries / "cleaner", "rules", "check", "--language", "en", folder=tmp_path)
    assert checked.stdout.endswith("rules checked, 0 errors\n")


def test_import_time_is_printed(binaries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = "import time; start = time.perf_counter(); import cleaner; print(f'{time.perf_counter() - start:.3f}')"
    seconds = run(binaries / "python", "-c", program, folder=tmp_path).stdout.strip()
    with capsys.disabled():
        print(f"\nimport cleaner: {seconds} s")


def test_completion(binaries: Path, tmp_path: Path) -> None:
    script = run(binaries / "cleaner", folder=tmp_path, _CLEANER_COMPLETE="bash_source").stdout
    assert "_CLEANER_COMPLETE=bash_complete" in script
    words = run(
        binaries / "cleaner",
        folder=tmp_path,
        _CLEANER_COMPLETE="bash_complete",
        COMP_WORDS="cleaner ex",
        COMP_CWORD="1",
    ).stdout
    assert "plain,explain" in words
