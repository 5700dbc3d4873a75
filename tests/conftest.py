"""Fixtures and profiles for all tests. Compiled packs are cached once for the whole session."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("thorough", parent=settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# A shell starts what it runs in the background deaf to Ctrl-C, and so would be all processes that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run ``cleaner`` as its entry point does, errors and exit codes included."""
    from cleaner.cli import main

    class Entry:
        name = "cleaner"

        def main(self, args: list[str], prog_name: str, **extra: object) -> None:
            monkeypatch.setattr("sys.argv", ["cleaner", *args])
            main.main()

    def invoke(*args: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(Entry(), [str(item) for item in args], input=input)  # type: ignore[arg-type]

    return invoke


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A path below which nothing can be made, for any user: its parent is a file."""
    blocker = tmp_path / "blocker"
    blocker.write_text("a file", encoding="utf-8")
    yield blocker / "folder"


def _mounted(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux can mount a small file system in memory")
    library = ctypes.CDLL(None, use_errno=True)
    if library.mount(b"none", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode()) != 0:
        pytest.skip(f"mounting a small file system is not permitted: {os.strerror(ctypes.get_errno())}")
    yield folder
    library.umount2(os.fsencode(folder), 2)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kilobytes, where this process may mount one."""
    yield from _mounted(tmp_path / "disk", "64k")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 megabytes, where this process may mount one."""
    yield from _mounted(tmp_path / "disk", "8m")


_REQUIRED = frozenset(os.environ.get("CLEANER_REQUIRE", "").split())
"""Markers and folders of tests that must not be skipped here, for instance ``engine browser tests/engines``."""
_missed: list[str] = []


def _note_if_required(report: pytest.TestReport | pytest.CollectReport) -> None:
    required = _REQUIRED & set(getattr(report, "keywords", {})) or any(
        report.nodeid.startswith(f"{folder.rstrip('/')}/") for folder in _REQUIRED
    )
    if report.skipped and required:
        _missed.append(report.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note_if_required(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note_if_required(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _missed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _missed:
        terminalreporter.write_line(f"skipped, but required here: {name}")
