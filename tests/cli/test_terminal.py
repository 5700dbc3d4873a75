"""A run in a real terminal: what its bar shows, and what Ctrl-C does at any moment."""

from __future__ import annotations

import json
import os
import re
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from mixed_corpus import contents, make
from processes import LINUX, descendants, left_after, workers_of

pty = pytest.importorskip("pty")
Command = Callable[..., Result]
pytestmark = LINUX
OPTIONS = ("--pipeline", "rules-only", "--checkpoint", "6KB", "--workers", "2")
CURSOR_HIDDEN, CURSOR_SHOWN = "\x1b[?25l", "\x1b[?25h"


class Terminal:
    """``cleaner`` in a terminal of its own, whose session it leads."""

    def __init__(self, *arguments: object) -> None:
        self.said = ""
        self.process, self._screen = pty.fork()
        if self.process == 0:
            os.environ["COLUMNS"] = "160"
            os.execv(sys.executable, [sys.executable, "-m", "cleaner", *map(str, arguments)])

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Read what it says until something has happened, or it says nothing more."""
        deadline = time.monotonic() + 60
        while not happened() and self._read() and time.monotonic() < deadline:
            pass
        assert happened(), self.said

    def press(self, keys: bytes) -> None:
        os.write(self._screen, keys)

    def end(self) -> int:
        """Read the rest of what it says and return the exit code."""
        deadline = time.monotonic() + 120
        while self._read():
            assert time.monotonic() < deadline, self.said
        os.close(self._screen)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _read(self) -> bool:
        if select.select([self._screen], [], [], 0.005)[0]:
            try:
                data = os.read(self._screen, 1 << 16)
            except OSError:
                # The other end is closed.
                return False
            self.said += data.decode()
            return bool(data)
        return True


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make(tmp_path / "in", "en", times=3, formats=frozenset({".jsonl", ".gz", ".zst", ".txt", ".html"}))


def test_the_bar_shows_how_far_it_is(corpus: Path, tmp_path: Path) -> None:
    terminal = Terminal("run", corpus, "--output", tmp_path / "out", *OPTIONS)
    assert terminal.end() == 1
    *under_way, last = re.findall(
        r"(\d+)%  (?:(\d\d:\d\d:\d\d)  )?([\d,]+) documents, ([\d.]+) MB/s, ([\d.]+)% removed, ([\d,]+) rejected",
        terminal.said,
    )
    counts = json.loads((tmp_path / "out" / "run.json").read_bytes())["counts"]
    share = counts["characters_removed"] / counts["characters"]
    assert last[0] == "100"
    assert (int(last[2]), int(last[5])) == (counts["read"], counts["rejected"])
    assert last[4] == f"{share:.1%}".rstrip("%")
    assert float(last[3]) > 0
    assert any(left for _, left, *_ in under_way), terminal.said
    assert terminal.said.rfind(CURSOR_SHOWN) > terminal.said.rfind(CURSOR_HIDDEN)


MOMENTS: dict[str, Callable[[int, Path], bool]] = {
    "its server begins": lambda process, out: len(descendants(process)) > 1,
    "its workers begin": lambda process, out: bool(workers_of(process)),
    "it writes": lambda process, out: any(out.rglob(".*.part")),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupt_from_the_keyboard(moment: str, corpus: Path, tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    terminal = Terminal("run", corpus, "--output", out, *OPTIONS)
    terminal.wait_until(lambda: MOMENTS[moment](terminal.process, out))
    terminal.press(b"\x03")
    assert terminal.end() == 130, terminal.said
    assert "Traceback" not in terminal.said
    assert "cleaner: what is done is kept; go on with --resume" in terminal.said
    assert terminal.said.rfind(CURSOR_SHOWN) > terminal.said.rfind(CURSOR_HIDDEN)
    assert left_after(30, terminal.process) == {}
    assert command("run", corpus, "--output", out, *OPTIONS, "--resume", "--quiet").exit_code == 1
    whole = tmp_path / "whole"
    assert command("run", corpus, "--output", whole, *OPTIONS[:2], "--quiet").exit_code == 1
    assert contents(out) == contents(whole)
