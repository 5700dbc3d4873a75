"""Many small documents made of the seeds, a run over them that is watched, and the law that holds for each of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson
from support import SEEDS

BAD_EVERY = 97
"""One record of so many is one that cannot be cleaned."""
BAD = (b'{"id": "cut", "text": "off\n', b'{"id": "none"}\n', b"[1, 2]\n", b'{"text": 3}\n', b'{"text": "caf\xe9"}\n')
_PROGRAM = """
import atexit, sys
from pathlib import Path

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(line for line in lines if line.startswith("VmHWM")), flush=True)

if __name__ == "__main__":
    atexit.register(peak)
    from cleaner.cli.main import main
    main()
"""


def small_texts() -> list[tuple[str, str]]:
    """Return language and text of small documents: two lines of a seed each, every line of the seeds in one of them."""
    found: list[tuple[str, str]] = []
    for path in sorted((SEEDS / "documents").rglob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found += [(path.parent.name, "\n".join(lines[start : start + 2])) for start in range(0, len(lines), 2)]
    return found


def is_bad(number: int) -> bool:
    return number % BAD_EVERY == BAD_EVERY - 1


def write_small(path: Path, count: int, times: int = 1) -> None:
    """Write ``count`` records as JSONL, each with its number as id, its text so many times, and bad ones among them."""
    with path.open("wb", 1 << 20) as stream:
        for number, (language, text) in enumerate(islice(cycle(small_texts()), count)):
            good = orjson.dumps({"id": str(number), "language": language, "text": "\n".join([text] * times)}) + b"\n"
            stream.write(BAD[number // BAD_EVERY % len(BAD)] if is_bad(number) else good)


@dataclass(frozen=True)
class Sample:
    """What the command said at one moment, and the bytes that its own process, without the workers, held then."""

    documents: int
    seconds: float
    resident: int


@dataclass(frozen=True)
class Watched:
    """A run that was watched: its samples, the most bytes that its own process ever held, and what it said at the end."""

    samples: list[Sample]
    peak: int
    end: dict[str, Any]


def watched(*arguments: object) -> Watched:
    """Run ``cleaner`` as a process of its own and watch the memory of that process. Linux only."""
    words = [sys.executable, "-c", _PROGRAM, "run", *map(str, arguments), "--log-json", "--allow-rejects"]
    samples: list[Sample] = []
    event: dict[str, Any] = {}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        for line in process.stderr:
            event = orjson.loads(line)
            if event["event"] == "progress":
                samples.append(Sample(event["documents"], event["seconds"], _resident(process.pid)))
        said = process.stdout.read().decode()
    assert process.returncode == 0, event
    return Watched(samples, int(said.split()[1]) << 10, event)


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def check_counts(count: int, source: str, out: Path) -> None:
    """Assert that each of ``count`` records is in exactly one place, in its order, and that the run counted so."""
    documents = _ids(out / "documents" / source, "id")
    ledger = _ids(out / "ledger" / f"{source}.jsonl", "id")
    rejects = _ids(out / "rejects" / f"{source}.jsonl", "record")
    bad = 0
    for number in range(count):
        if is_bad(number):
            bad += 1
            assert next(rejects) == number
        else:
            assert next(documents) == next(ledger) == str(number)
    assert [*documents, *ledger, *rejects] == []
    counts = orjson.loads((out / "run.json").read_bytes())["counts"]
    assert (counts["read"], counts["cleaned"], counts["rejected"]) == (count, count - bad, bad)
    assert sum(counts["documents_by_language"].values()) == counts["cleaned"]
    for totals in ("removed_by_category", "removed_by_rule"):
        assert sum(counts[totals].values()) == counts["characters_removed"]


def _ids(path: Path, key: str) -> Iterator[Any]:
    with path.open("rb") as stream:
        for line in stream:
            yield orjson.loads(line)[key]
