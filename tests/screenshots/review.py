"""Takes the README's picture of the review, of the seeds, in a real browser.

    pip install '.[review,browser]' && python tests/screenshots/review.py [--all FOLDER]

Writes ``review.png`` beside this file. ``--all`` also takes the dark page, the phone and the dialogs, to look at them.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from browsers import DESKTOP, FLAGS, PHONE
from support import SEEDS


def judge(page: Any, keys: str) -> None:
    for number, key in enumerate(keys, 1):
        page.keyboard.press(key)
        page.locator("#count", has_text=re.compile(rf"\b{number} judged")).wait_for()


def opened(browser: Any, address: str, **options: Any) -> Any:
    page = browser.new_context(**{"viewport": DESKTOP, **options}, reduced_motion="reduce").new_page()
    page.goto(address)
    page.wait_for_selector("#current")
    return page


def further(browser: Any, address: str, folder: Path) -> None:
    """Take what the README does not show."""
    folder.mkdir(parents=True, exist_ok=True)

    def shot(name: str, key: str = "", **options: Any) -> Any:
        page = opened(browser, address, **options)
        if "phone" in name:
            page.set_viewport_size(PHONE)
        if key:
            page.keyboard.press(key)
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{name}.png")
        page.context.close()

    shot("dark", color_scheme="dark")
    shot("phone")
    shot("phone-dark", color_scheme="dark")
    for name, key in (("choose", "c"), ("results", "s"), ("keys", "?"), ("filter", "f"), ("marking", "m")):
        shot(name, key)
        shot(f"{name}-phone-dark", key, color_scheme="dark")


def served(run: Path, work: Callable[[str], None]) -> None:
    command = [sys.executable, "-m", "cleaner", "review", "out", "--reviewer", "ana", "--seed", "57"]
    server = subprocess.Popen(command, cwd=run, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        server.stdout.readline()
        work(server.stdout.readline().strip())
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        clean = [sys.executable, "-m", "cleaner", "run", str(SEEDS / "documents" / "en"), "--output", "out", "--quiet"]
        subprocess.run(clean, cwd=folder, check=True)
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CLEANER_BROWSER", "/usr/bin/chromium"), args=FLAGS
        )

        def take(address: str) -> None:
            page = opened(browser, address, viewport={"width": 1200, "height": 720})
            judge(page, "rrrwrrurrrrr")
            page.wait_for_timeout(300)
            page.screenshot(path=Path(__file__).with_name("review.png"))
            if given.all:
                further(browser, address, given.all)

        served(Path(folder), take)
        browser.close()


if __name__ == "__main__":
    main()
