"""How long a review of a large run takes to its first screen, in a real browser.

    python tests/benchmarks/review_opening.py [DOCUMENTS] [--folder FOLDER]

Writes a run of DOCUMENTS (500,000 unless told) made of the English seeds, with what is marked in them as removed, then starts
``cleaner review`` and opens its page: once as it comes, once filtered by a rare rule, then thirty further items. The time of a
screen is from the start of the command, or from the key, until the marked place is seen.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from browsers import DESKTOP, FLAGS
from runs import ledger_row, write_summary
from support import SEEDS


def write(folder: Path, count: int) -> None:
    """Write the run: every seed again and again, each time with an id of its own."""
    rows = []
    for path in sorted((SEEDS / "marked" / "en").glob("*.txt")):
        _, clean, row = ledger_row(path.read_text(encoding="utf-8"), "", "pages.jsonl")
        rows.append((clean, row))
    (folder / "documents").mkdir(parents=True)
    (folder / "ledger").mkdir()
    with (
        (folder / "documents" / "pages.jsonl").open("wb", 1 << 20) as documents,
        (folder / "ledger" / "pages.jsonl.jsonl").open("wb", 1 << 20) as ledger,
    ):
        for number in range(count):
            clean, row = rows[number % len(rows)]
            identifier = f"https://site{number % 977}.example/{number:x}"
            more = (
                {"flags": [{**row["edits"][0], "category": "ad", "rule": "ad/en/rare"}]} if number == count // 3 else {}
            )
            ledger.write(orjson.dumps({**row, "id": identifier, **more}) + b"\n")
            documents.write(orjson.dumps({"id": identifier, "text": clean}) + b"\n")
    write_summary(folder, [("pages.jsonl", "pages.jsonl", "jsonl")], count, {})


def computed(process: int) -> float:
    """Return the seconds of processor time of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(folder: Path) -> None:
    """Print the times of the first screen and of what follows."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as other:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CLEANER_BROWSER", "/usr/bin/chromium"), args=FLAGS
        )
        page = browser.new_page(viewport=DESKTOP)
        start = time.perf_counter()
        command = [sys.executable, "-m", "cleaner", "review", str(folder), "--decisions", f"{other}/d.sqlite"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        server.stdout.readline()
        address = server.stdout.readline().strip()
        print(f"address printed after {time.perf_counter() - start:.2f} s")
        page.goto(address)
        page.wait_for_selector("#current")
        print(f"first screen after {time.perf_counter() - start:.2f} s ({page.locator('#count').inner_text()})")
        print(
            f"  of which the server computed {computed(server.pid):.2f} s; load of the machine {os.getloadavg()[0]:.1f}"
        )
        start = time.perf_counter()
        for number in range(1, 31):
            page.keyboard.press("r")
            page.locator("#count", has_text=f"{number} judged").wait_for()
        print(f"thirty items judged in {time.perf_counter() - start:.2f} s")
        page.keyboard.press("f")
        start = time.perf_counter()
        page.fill("[name=rule]", "ad/en/rare")
        page.keyboard.press("Enter")
        page.locator("#what", has_text="Flagged as ad").wait_for(timeout=300_000)
        print(f"the one flag of a rare rule after {time.perf_counter() - start:.2f} s")
        memory = Path(f"/proc/{server.pid}/status")
        if memory.exists():
            print(next(line for line in memory.read_text().splitlines() if line.startswith("VmHWM")))
        browser.close()
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="?", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, help="keep the run there, and use it if it is there already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "run"
        if not (folder / "run.json").exists():
            write(folder, given.documents)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{given.documents} documents, {size / 1e9:.2f} GB of documents and ledger")
        measure(folder)


if __name__ == "__main__":
    main()
