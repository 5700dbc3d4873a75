"""Speed end to end on one core, beside datatrove's C4 filter; growth with length and number; the cost of an import.

    pip install '.[benchmark]' && python tests/benchmarks/speed.py [MORE.jsonl ...]

Reads the seeds and, where given, labelled JSONL (``lines``, ``lang``). Ours includes ledger, proof and the bytes of both
rows. Prints CPU megabytes (of UTF-8) per second and how often ours does what the filter does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from cleaner.document import Document
from cleaner.ledger import Cleaned, row
from cleaner.pipeline import Pipeline

SEEDS = Path(__file__).parents[2] / "seeds" / "documents"
ROUNDS = 3


def documents(paths: list[Path]) -> list[Document]:
    found = [
        Document(path.read_text(encoding="utf-8"), path.stem, language=path.parent.name)
        for path in sorted(SEEDS.rglob("*.txt"))
    ]
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            found.append(Document("\n".join(page["lines"]), str(page["id"]), language=page["lang"]))
    return found


def clean_all(pipeline: Pipeline, chosen: list[Document]) -> int:
    written = 0
    for document, cleaned in zip(chosen, pipeline.clean_many(chosen), strict=True):
        assert isinstance(cleaned, Cleaned)
        written += len(orjson.dumps({"id": document.id, "text": cleaned.text}))
        written += len(orjson.dumps(row(cleaned.ledger, document.text)))
    return written


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the least CPU time of some rounds, after one that warms up."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def c4_filter(chosen: list[Document]) -> Callable[[], object] | None:
    try:
        from datatrove.data import Document as Other
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError:
        return None
    judge = C4QualityFilter(filter_no_terminal_punct=True)
    return lambda: [judge.filter(Other(text=document.text, id=document.id)) for document in chosen]


def throughput(chosen: list[Document]) -> None:
    size = sum(len(document.text.encode()) for document in chosen) / 1e6
    print(f"{len(chosen)} documents, {size:.2f} MB, CPU of one core")
    theirs = c4_filter(chosen)
    base = size / cpu_seconds(theirs) if theirs else None
    if base:
        print(f"  {'C4QualityFilter':16} {base:7.2f} MB/s")
    else:
        print("  datatrove is not installed: pip install '.[benchmark]'")
    for name in ("rules-only", "standard"):
        pipeline = Pipeline.load(name)
        speed = size / cpu_seconds(lambda pipeline=pipeline: clean_all(pipeline, chosen))
        print(f"  {name:16} {speed:7.2f} MB/s" + (f"   {speed / base:5.2f} times C4QualityFilter" if base else ""))


def growth(chosen: list[Document]) -> None:
    pipeline = Pipeline.load("standard")
    one = next(document for document in chosen if document.language == "en")
    print("one document, repeated within itself:")
    for times in (1, 10, 100):
        long = Document("\n".join([one.text] * times), one.id, language="en")
        seconds = cpu_seconds(lambda long=long: clean_all(pipeline, [long]))
        print(f"  x{times:<4} {seconds * 1e3:9.2f} ms   {seconds / times * 1e3:7.3f} ms each")
    print("documents:")
    few = chosen[:20]
    for times in (1, 10, 100):
        seconds = cpu_seconds(lambda times=times: clean_all(pipeline, few * times))
        print(f"  x{times:<4} {seconds * 1e3:9.2f} ms   {seconds / times * 1e3:7.2f} ms each")


def import_time() -> None:
    program = "import time; start = time.perf_counter(); import cleaner; print(time.perf_counter() - start)"
    times = [float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(5)]
    print(f"import cleaner: {min(times) * 1e3:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("more", nargs="*", type=Path)
    chosen = documents(parser.parse_args().more)
    throughput(chosen)
    growth(chosen)
    import_time()


if __name__ == "__main__":
    main()
