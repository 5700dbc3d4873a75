"""Takes the README's pictures of the audit, of the seeds, in a real browser.

    pip install '.[audit,browser]' && python tests/screenshots/audit.py [--all FOLDER]

Writes ``audit.png`` and ``audit-samples.png`` beside this file. ``--all`` also takes all three pages whole, light and dark,
for a desktop and a phone, to look at them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from browsers import DESKTOP, FLAGS, PHONE
from support import SEEDS

HERE = Path(__file__).parent


def rows() -> list[dict[str, str]]:
    """Return the seeds as records; a page's site is the first one that its text names."""
    found = []
    for path in sorted((SEEDS / "documents").rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        row = {"id": f"{path.parent.name}/{path.stem}", "language": path.parent.name, "text": text}
        site = re.search(r"[a-z0-9-]+\.example\b", text)
        found.append(row | ({"url": f"https://{site[0]}/"} if site else {}))
    return found


def pages(folder: Path) -> dict[str, Path]:
    """Clean the seeds with two pipelines and write all three pages."""

    def cleaner(*arguments: str, code: int = 0) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", *arguments], cwd=folder, check=False, stdout=subprocess.DEVNULL
        )
        assert done.returncode == code, arguments

    (folder / "seeds.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    cleaner("run", "seeds.jsonl", "--output", "seeds", "--quiet")
    cleaner("run", "seeds.jsonl", "--output", "seeds-by-rules", "--pipeline", "rules-only", "--quiet")
    cleaner("audit", "seeds", "--output", "audit.html")
    cleaner("diff", "seeds-by-rules", "seeds", "--samples", "0", "--output", "diff.html", code=1)
    cleaner("explain", str(SEEDS / "documents" / "en" / "library-ceiling.txt"), "--page", "explain.html")
    return {view: folder / f"{view}.html" for view in ("audit", "diff", "explain")}


def opened(browser: Any, path: Path, **options: Any) -> Any:
    page = browser.new_context(**options, reduced_motion="reduce").new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("h1")
    return page


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        written = pages(Path(folder))
        path = os.environ.get("CLEANER_BROWSER", "/usr/bin/chromium")
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        page = opened(browser, written["audit"], viewport={"width": 1100, "height": 930})
        page.screenshot(path=HERE / "audit.png")
        page = opened(browser, written["audit"], viewport={"width": 1100, "height": 760}, color_scheme="dark")
        page.locator("#by-category").select_option("donation")
        page.locator("#by-language").select_option("en")
        page.locator("#samples-title").evaluate("title => title.scrollIntoView()")
        page.wait_for_timeout(300)
        page.screenshot(path=HERE / "audit-samples.png")
        if given.all is not None:
            given.all.mkdir(parents=True, exist_ok=True)
            for view, file in written.items():
                for scheme in ("light", "dark"):
                    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
                        page = opened(browser, file, viewport=size, color_scheme=scheme)
                        page.screenshot(path=given.all / f"{view}-{scheme}-{name}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
