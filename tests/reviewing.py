"""What tests of the review share: a run to judge, the server as a process of its own, and the keys of its page."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ITEMS = 30
PAGES = [
    (
        f"https://news{number % 3}.example/{number}",
        f"The council met for session {number}. It decided on the bridge. 😀\n\n⟦donation|Give {number} pounds a month.⟧\n"
        f"⟦newsletter|Sign up for our newsletter, number {number}!⟧\nThe bridge opens in May, the mayor said.\n"
        f"⟦flagsocial|Share this report {number}.⟧\nBuy our mug {number} in the shop. The last sentence.",
    )
    for number in range(10)
]


class Server:
    """``cleaner review`` as a process; ``address`` is what it printed."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "cleaner", "review", str(folder), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self.address = self.process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", self.address), self.process.stderr

    def end(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Server]:
    server = Server(folder, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end()


def opened(page: Any, server: Server) -> None:
    page.goto(server.address)
    page.wait_for_selector("#current")


def press(page: Any, key: str) -> None:
    """Press a key, and wait until the page has said something else than before."""
    before = page.locator("#status").text_content()
    page.keyboard.press(key)
    for _ in range(200):
        if page.locator("#status").text_content() != before:
            return
        page.wait_for_timeout(20)
    pytest.fail(f"the page still says {before!r} after {key}")


def counted(page: Any, number: int) -> None:
    """Wait until that many items are judged."""
    page.locator("#count", has_text=re.compile(rf"\b{number} judged")).wait_for()


def judged(page: Any) -> int:
    return int(re.search(r"(\d+) judged", page.locator("#count").inner_text()).group(1))  # type: ignore[union-attr]
