"""How long an audit of many documents takes, and how large its page is.

    python tests/benchmarks/audit.py FOLDER [DOCUMENTS]

writes a made-up run of DOCUMENTS (500,000) documents to FOLDER, if there is none, and audits it with the real command. The
removals, rules and sites are drawn with a seed; documents are about 3,000 characters long and lose a fifth of them.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import orjson

from cleaner.ledger import Edit, Ledger, apply, digest, row
from cleaner.rulebook import CATEGORIES
from cleaner.settle import close_gaps

LIMIT = 5_000_000
WORDS = (
    "the a of in to river council bridge mill town year people water night report said new old road school "
    "market house paper garden light winter harbour letter doctor window story morning train field"
).split()


def sentences(chance: random.Random, number: int) -> str:
    return " ".join(
        " ".join(chance.choices(WORDS, k=chance.randrange(8, 18))).capitalize() + "." for _ in range(number)
    )


def document(chance: random.Random, paragraphs: list[str], pitches: list[str]) -> tuple[str, list[Edit]]:
    """Return a text and its edits; the paragraphs come from a stock, as making new ones would take longest."""
    parts: list[str] = []
    edits: list[Edit] = []
    position = 0
    for _ in range(chance.randrange(8, 22)):
        removed = chance.random() < 0.3
        part = chance.choice(pitches if removed else paragraphs)
        if removed:
            category = chance.choice(CATEGORIES)
            rule = f"{category}/en/rule-{int(chance.paretovariate(0.6)) % 400}"
            because = "Asks the reader for something that no article asks for."
            edits.append(Edit(position, position + len(part), part, "", category, "rules", rule, because, 1.0, ()))
        parts.append(part)
        position += len(part) + 2
    return "\n\n".join(parts), edits


def write_run(folder: Path, documents: int, shards: int = 8) -> None:
    """Write a run as ``cleaner run`` would, without cleaning anything."""
    chance = random.Random(7)
    paragraphs = [sentences(chance, chance.randrange(2, 6)) for _ in range(3000)]
    pitches = [f"{sentences(chance, chance.randrange(1, 3))} Give today!" for _ in range(1500)]
    inputs = []
    for name in ("documents", "ledger"):
        (folder / name).mkdir(parents=True)
    for shard in range(shards):
        name = f"part-{shard:03}.jsonl"
        inputs.append({"path": name, "name": name, "output": name, "format": "jsonl", "bytes": 0})
        with (
            (folder / "documents" / name).open("wb") as texts,
            (folder / "ledger" / f"{name}.jsonl").open("wb") as ledgers,
        ):
            for number in range(documents * shard // shards, documents * (shard + 1) // shards):
                text, edits = document(chance, paragraphs, pitches)
                applied = tuple(close_gaps(text, edits))
                clean = apply(text, applied)
                flags = tuple(edits[:1]) if number % 9 == 0 else ()
                site = f"https://site{int(chance.paretovariate(0.8)) % 5000}.example/{number}"
                language = chance.choice(("en", "en", "en", "de", "fr", "es", None))
                ledger = Ledger(
                    str(number),
                    name,
                    language,
                    digest(text),
                    digest(clean),
                    "0" * 64,
                    "0.1.0",
                    applied,
                    flags,
                    url=site,
                )
                ledgers.write(orjson.dumps(row(ledger, text)) + b"\n")
                texts.write(orjson.dumps({"id": str(number), "url": site, "text": clean}) + b"\n")
    summary = {
        "version": "0.1.0",
        "pipeline": {"name": "made up", "digest": "0" * 64},
        "inputs": inputs,
        "fields": {"text": "text", "id": "id", "language": "language"},
        "counts": {"read": documents},
        "started": "2026-01-01T00:00:00+00:00",
        "seconds": 0.0,
    }
    (folder / "run.json").write_bytes(orjson.dumps(summary))


def timed(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "cleaner", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    """Write the run, audit it, compare it with itself and put a question to it; 1 if the page is too large."""
    folder = Path(sys.argv[1])
    documents = int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    if not (folder / "run.json").exists():
        write_run(folder, documents)
    size = sum(path.stat().st_size for path in (folder / "ledger").iterdir())
    page = folder / "report.html"
    print(f"ledger: {size / 1e6:,.0f} MB")
    print(f"report: {timed('audit', str(folder), '--output', str(page)):.1f} s, {page.stat().st_size / 1e6:.2f} MB")
    print(f"question: {timed('audit', str(folder), '--sql', 'SELECT rule, count(*) FROM edits GROUP BY rule'):.1f} s")
    print(f"diff with itself: {timed('diff', str(folder), str(folder)):.1f} s")
    print(f"memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3:,.0f} MB at most")
    return int(page.stat().st_size > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
