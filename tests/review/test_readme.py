"""The commands of the README's part on the review are commands that there are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import Result
from support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^cleaner (?:review|evaluate) .*", "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)), re.MULTILINE
)


def test_there_are_some() -> None:
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("line", COMMANDS)
def test_options(line: str, command: Callable[..., Result]) -> None:
    result = command(*line.split()[1:], "--help")
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_picture_is_there() -> None:
    for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()
