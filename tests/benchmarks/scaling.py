"""Documents per second with 1 and 2 workers, and the cost against the size of the corpus, as ratios of one run.

    python tests/benchmarks/scaling.py [--pipeline standard] [--sizes 1 10 100] [--workers 1 2]

Makes JSONL of all seeds, ×1, ×10 and ×100, and runs ``cleaner run`` over each with each number of workers. Compiled packs are
warm. Beside the seconds by the clock it shows the processor time of the parent and of all others (workers and their server),
which other work on the machine hardly changes: the parent's bounds what more workers can bring. What is left when the smaller
corpus is taken from the larger is the cost without the start and the loading of thirty languages. The clock means something on
an idle machine only: on a busy one Linux gives all processes of a session one share between them. Linux only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

SEEDS = Path(__file__).parents[2] / "seeds" / "documents"
_LOOK = 0.02


@dataclass(frozen=True)
class Cost:
    """Seconds of a run over so many documents: by the clock, and of processor time."""

    documents: int
    clock: float
    parent: float
    others: float

    @property
    def processor(self) -> float:
        return self.parent + self.others

    def without(self, less: Cost) -> Cost:
        return Cost(
            self.documents - less.documents,
            self.clock - less.clock,
            self.parent - less.parent,
            self.others - less.others,
        )

    def __str__(self) -> str:
        return (
            f"{self.documents:7,} documents {self.clock:8.2f} s {self.documents / self.clock:7.0f} documents/s, "
            f"processor {self.parent:6.2f} s parent + {self.others:7.2f} s others, "
            f"{1e3 * self.processor / self.documents:6.2f} ms a document"
        )


def corpus() -> list[bytes]:
    """Return the seeds as rows, languages mixed as in a crawl."""
    rows: list[bytes] = []
    for path in sorted(SEEDS.rglob("*.txt"), key=lambda path: path.stem):
        row = {"id": path.stem, "language": path.parent.name, "text": path.read_text(encoding="utf-8")}
        rows.append(orjson.dumps(row) + b"\n")
    return rows


def run(source: Path, out: Path, documents: int, workers: int, pipeline: str) -> Cost:
    """Run the command and watch the processor time of its processes, which are of one session."""
    words = [sys.executable, "-m", "cleaner", "run", source, "--output", out, "--workers", workers, "--quiet"]
    began = time.perf_counter()
    process = subprocess.Popen([*map(str, words), "--pipeline", pipeline], start_new_session=True)
    seen: dict[int, float] = {}
    while process.poll() is None:
        seen |= _processor_times(process.pid)
        time.sleep(_LOOK)
    clock = time.perf_counter() - began
    assert process.returncode == 0
    parent = seen.pop(process.pid)
    return Cost(documents, clock, parent, sum(seen.values()))


def _processor_times(session: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                found[int(entry.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    # A process that has just ended tells nothing more; what it took before counts.
    return {number: seconds for number, seconds in found.items() if seconds}


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("rows*")):
        total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipeline", default="standard")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    chosen = parser.parse_args()
    sizes, numbers = sorted(chosen.sizes), chosen.workers
    rows = corpus()
    costs: dict[tuple[int, int], Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "rows.jsonl"
        source.write_bytes(b"".join(rows))
        run(source, folder / "warm", len(rows), 1, chosen.pipeline)
        for size in sizes:
            source.write_bytes(b"".join(rows) * size)
            found = set()
            print(f"x{size}: {source.stat().st_size / 1e6:.1f} MB")
            for workers in numbers:
                out = folder / f"out-{workers}"
                costs[size, workers] = run(source, out, len(rows) * size, workers, chosen.pipeline)
                found.add(digest(out))
                print(f"  {workers} workers {costs[size, workers]}", flush=True)
            assert len(found) == 1, "different bytes"
    first, last = sizes[0], sizes[-1]
    for workers in numbers:
        ratios = ", ".join(
            f"x{size}: {costs[size, workers].processor / costs[first, workers].processor:.1f}" for size in sizes
        )
        print(f"processor time against x{first} with {workers} workers: {ratios}")
    more = (
        {workers: costs[last, workers].without(costs[first, workers]) for workers in numbers} if len(sizes) > 1 else {}
    )
    for workers, cost in more.items():
        print(f"what x{last} takes beyond x{first}, {workers} workers: {cost}")
    base = numbers[0]
    for workers in numbers[1:]:
        whole = costs[last, base].clock / costs[last, workers].clock
        print(f"{workers} workers against {base} at x{last}, by the clock: {whole:.2f} times as fast", end="")
        if more:
            print(f"; beyond x{first}: {more[base].clock / more[workers].clock:.2f}", end="")
            bound = more[base].processor / max(more[workers].parent, more[workers].processor / workers)
            print(f"; if each had a core to itself, by processor time: {bound:.2f}", end="")
        print()


if __name__ == "__main__":
    main()
