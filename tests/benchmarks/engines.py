"""The engines side by side: documents per second over the same corpus, and what starting one costs.

    pip install '.[ray,spark]' && python tests/benchmarks/engines.py [--copies 40]

Makes one JSONL file of the seeds and runs it through the local engine with one and two workers, Ray and Spark with two
cores. Compiled packs are warm. Prints seconds for an empty run (the start), for the corpus, and the ratio to one worker.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from cleaner import Pipeline
from cleaner.engines.local import execute
from cleaner.engines.run import Run
from cleaner.formats.files import discover

SEEDS = Path(__file__).parents[2] / "seeds" / "documents"
ENGINES: dict[str, dict[str, Any]] = {
    "local, 1 worker": {},
    "local, 2 workers": {"workers": 2},
    "ray, 2 cores": {"engine": "ray", "workers": 2},
    "spark, 2 cores": {"engine": "spark", "workers": 2},
}


def corpus(path: Path, copies: int) -> int:
    """Write the seeds ``copies`` times as rows and return how many rows these are."""
    rows: list[bytes] = []
    for file in sorted(SEEDS.rglob("*.txt")):
        row = {"id": file.stem, "language": file.parent.name, "text": file.read_text(encoding="utf-8")}
        rows.append(orjson.dumps(row) + b"\n")
    path.write_bytes(b"".join(rows) * copies)
    return len(rows) * copies


def seconds(source: Path, output: Path, settings: dict[str, Any]) -> float:
    began = time.perf_counter()
    execute(Run(tuple(discover([str(source)])), Pipeline.load("standard"), output, **settings))
    return time.perf_counter() - began


def digest(folder: Path) -> str:
    """Return a digest of what a run wrote, apart from what tells of times."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("rows*")):
        total.update(path.read_bytes())
    return total.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--copies", type=int, default=40, help="how often the seeds stand in the corpus")
    copies: int = parser.parse_args().copies
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        number = corpus(folder / "rows.jsonl", copies)
        (folder / "empty").mkdir()
        (folder / "empty" / "rows.jsonl").write_bytes(b"\n")
        corpus(folder / "warm.jsonl", 1)
        seconds(folder / "warm.jsonl", folder / "warm", {})
        print(f"{number} documents, {(folder / 'rows.jsonl').stat().st_size / 1e6:.1f} MB")
        base = 0.0
        found: set[str] = set()
        for engine, settings in ENGINES.items():
            start = seconds(folder / "empty" / "rows.jsonl", folder / "start", settings)
            whole = seconds(folder / "rows.jsonl", folder / "out", settings)
            found.add(digest(folder / "out"))
            rate = number / whole
            base = base or rate
            print(
                f"{engine:18} start {start:5.1f} s, whole {whole:6.1f} s, {rate:6.0f} documents/s, {rate / base:.2f}x"
            )
        print("the same bytes from all" if len(found) == 1 else "DIFFERENT BYTES")


if __name__ == "__main__":
    main()
