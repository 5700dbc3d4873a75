"""Processes of a command that was started in a session of its own, as the system tells of them."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")


def descendants(session: int) -> dict[int, int]:
    """Return the processes of a session with their parents, without those that have ended."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent, _, own = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(own) == session and state != "Z":
                found[int(entry.name)] = int(parent)
    return found


def workers_of(command: int) -> list[int]:
    """Return the workers of a command that leads its session: they are the children of a server that is its child."""
    found = descendants(command)
    return [number for number, parent in found.items() if parent != command and parent in found]


def left_after(seconds: float, command: int) -> dict[int, int]:
    """Return the processes of a command's session that have not ended after some seconds."""
    deadline = time.monotonic() + seconds
    while descendants(command) and time.monotonic() < deadline:
        time.sleep(0.05)
    return descendants(command)
