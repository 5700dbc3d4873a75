"""A real browser for all tests of pages: Chromium as the system has it, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import DESKTOP, FLAGS
from reviewing import PAGES
from runs import write_run


# Not for the whole session: the driver's event loop runs in this thread, and no other could begin beside it.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Chromium, headless; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = os.environ.get("CLEANER_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page in a browser context of its own; a message of level error on its console fails the test."""
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.console_errors = errors
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with removals and flags to review."""
    return write_run(tmp_path / "out", PAGES)
