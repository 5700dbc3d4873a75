"""A run that is killed at any moment and resumed gives what an undisturbed run gives, byte for byte."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from mixed_corpus import contents, make

Command = Callable[..., Result]
FEW = frozenset({".jsonl", ".gz", ".zst", ".txt", ".html"})
OPTIONS = ("--pipeline", "rules-only", "--checkpoint", "6KB", "--quiet")


def lines_of(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def start(*arguments: object) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "cleaner", *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def named(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(folder).items() if not Path(name).name.startswith(".")}


@pytest.mark.corpora
@pytest.mark.parametrize(("workers", "kills"), [(1, 14), (2, 10)])
def test_kills_at_random_moments(tmp_path: Path, workers: int, kills: int) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("fastwarc")
    # Many files of every format, so that kills fall into every step of many of them.
    folder = tmp_path / "in"
    for part in range(4):
        make(folder / str(part), "en", times=2)
    options = (*OPTIONS, "--ledger-format", "parquet")
    whole, out = tmp_path / "whole", tmp_path / "out"
    began = time.monotonic()
    with start("run", folder, "--output", whole, *options) as process:
        assert process.wait(300) == 1
    pace = (time.monotonic() - began) / kills
    chance = random.Random(workers)
    more = ("--workers", workers) if workers > 1 else ()
    killed = 0
    for _ in range(kills * 3):
        wanted = lines_of(out / "journal.jsonl") + chance.choice((0, 1, 1, 2, 3))
        with start("run", folder, "--output", out, "--resume", *options, *more) as process:
            deadline = time.monotonic() + 60
            while process.poll() is None and lines_of(out / "journal.jsonl") < wanted and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.2) if wanted else chance.uniform(0, pace))
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        # What has its name is whole.
        assert named(out).items() <= named(whole).items()
        if killed >= kills or process.returncode != -signal.SIGKILL:
            break
    assert killed >= kills, "the corpus is too small for so many kills"
    with start("run", folder, "--output", out, "--resume", *options, *more) as process:
        assert process.wait(300) == 1
    assert contents(out) == contents(whole)
    first, last = (json.loads((place / "run.json").read_bytes()) for place in (whole, out))
    assert first["counts"] == last["counts"]
    assert not [path for path in out.rglob(".*") if path.is_file()]


@pytest.fixture
def broken_off(tmp_path: Path) -> tuple[Path, Path]:
    """A corpus, and the output of a run over it that was killed after its first checkpoint."""
    folder, out = make(tmp_path / "in", "en", formats=FEW), tmp_path / "out"
    with start("run", folder, "--output", out, *OPTIONS) as process:
        while process.poll() is None and lines_of(out / "journal.jsonl") < 3:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert not (out / "run.json").exists()
    return folder, out


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path, command: Command) -> None:
    pytest.importorskip("fcntl")
    folder, out = make(tmp_path / "in", "en", formats=FEW), tmp_path / "out"
    with start("run", folder, "--output", out, *OPTIONS) as process:
        while process.poll() is None and lines_of(out / "journal.jsonl") < 3:
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        before = contents(out)
        results = [command("run", folder, "--output", out, *OPTIONS, *more) for more in ((), ("--resume",))]
        after = contents(out)
        process.send_signal(signal.SIGCONT)
        for result in results:
            assert (result.exit_code, "another run is writing to" in result.stderr) == (2, True), result.output
        assert after == before
        assert process.wait(300) == 1
    assert command("run", folder, "--output", out, *OPTIONS, "--resume").exit_code == 1


def test_a_run_that_is_not_the_same_is_not_resumed(broken_off: tuple[Path, Path], command: Command) -> None:
    folder, out = broken_off
    resume = ("--output", out, "--resume", "--checkpoint", "6KB")
    journal = (out / "journal.jsonl").read_bytes()

    def refused(*arguments: object) -> str:
        result = command("run", *arguments, *resume)
        assert result.exit_code == 2, result.output
        assert result.stderr.startswith("cleaner: cannot resume: ")
        assert "run without --resume to start again" in result.stderr
        assert (out / "journal.jsonl").read_bytes() == journal
        return result.stderr

    same = ("--pipeline", "rules-only")
    assert "the pipeline was" in refused(folder, "--pipeline", "careful")
    assert "the settings was" in refused(folder, *same, "--detect-language")
    assert "the input 'rows.jsonl' is gone" in refused(folder / "page.html", folder / "rows.jsonl.gz", *same)
    (folder / "new.txt").write_text("New.", encoding="utf-8")
    assert "the input 'new.txt' is new" in refused(folder, *same)
    (folder / "new.txt").unlink()
    with (folder / "rows.jsonl").open("ab") as stream:
        stream.write(b'{"text": "One more."}\n')
    assert "the input 'rows.jsonl' has changed since the run began" in refused(folder, *same)


def test_a_torn_journal_and_no_journal(broken_off: tuple[Path, Path], command: Command, tmp_path: Path) -> None:
    folder, out = broken_off
    with (out / "journal.jsonl").open("ab") as stream:
        stream.write(b'{"done":"rows.js')
    assert command("run", folder, "--output", out, "--resume", *OPTIONS).exit_code == 1
    whole = tmp_path / "whole"
    # Without a journal --resume begins at the start.
    assert command("run", folder, "--output", whole, "--resume", *OPTIONS).exit_code == 1
    assert contents(out) == contents(whole)
    before = contents(out)
    assert command("run", folder, "--output", out, "--resume", *OPTIONS).exit_code == 1
    assert contents(out) == before


def test_standard_input_cannot_be_resumed(tmp_path: Path, command: Command) -> None:
    result = command("run", "-", "--output", tmp_path / "out", "--resume", input="Text.\n")
    assert result.exit_code == 2
    assert "standard input cannot be read a second time" in result.stderr


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_cleanly(tmp_path: Path, workers: int, command: Command) -> None:
    folder, out = make(tmp_path / "in", "en", times=3, formats=FEW), tmp_path / "out"
    with start("run", folder, "--output", out, *OPTIONS, "--workers", workers) as process:
        while process.poll() is None and lines_of(out / "journal.jsonl") < 2:
            time.sleep(0.005)
        # As a terminal does: to the whole group.
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert "go on with --resume" in said
    assert command("run", folder, "--output", out, "--resume", *OPTIONS).exit_code == 1
    whole = tmp_path / "whole"
    assert command("run", folder, "--output", whole, *OPTIONS).exit_code == 1
    assert contents(out) == contents(whole)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_was_full(tmp_path: Path, small_disk: Path, command: Command, workers: int) -> None:
    folder = make(tmp_path / "in", "en", formats=FEW)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 300_000))
    out = small_disk / "out"
    result = command("run", folder, "--output", out, *OPTIONS, "--workers", workers)
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert "go on with --resume" in result.stderr
    filler.unlink()
    assert command("run", folder, "--output", out, "--resume", *OPTIONS, "--workers", workers).exit_code == 1
    whole = tmp_path / "whole"
    assert command("run", folder, "--output", whole, *OPTIONS).exit_code == 1
    assert contents(out) == contents(whole)
