"""Fixtures and profiles for all tests. Compiled packs are cached once for the whole session."""

from __future__ import annotations

import os
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
