"""A million small documents: every one is counted, and the memory of the parent stays flat.

    python tests/benchmarks/counting.py [--documents 1000000] [--workers 2] [--pipeline standard] [--picture memory.svg]

Makes the documents of the seeds, one in 97 of them one that cannot be cleaned, and runs ``cleaner run`` over them. Then each
record must be found in the documents and the ledger, or in the rejects, in its order, and read = cleaned + rejected. While it
runs, the resident memory of the command's own process (its workers do not count) is looked at once a second, and plotted
against the documents. Linux only. Exits with 1 where the last half of the run held more than a tenth more than the first.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from counting import Sample, check_counts, watched, write_small

_ROWS, _BAR = 25, 50
_WIDTH, _HEIGHT, _MARGIN = 720, 320, 60


def plot(samples: Sequence[Sample]) -> str:
    """Return the memory against the documents as lines of text."""
    most = max(sample.resident for sample in samples)
    step = max(1, len(samples) // _ROWS)
    lines = [f"{'documents':>10}  {'MB':>6}  resident memory of the parent"]
    for sample in [*samples[::step], samples[-1]]:
        bar = "#" * round(_BAR * sample.resident / most)
        lines.append(f"{sample.documents:10,}  {sample.resident / 1e6:6.1f}  {bar}")
    return "\n".join(lines)


def picture(samples: Sequence[Sample]) -> str:
    """Return the memory against the documents as SVG."""
    documents, megabytes = samples[-1].documents, max(sample.resident for sample in samples) / 1e6 * 1.25
    points = " ".join(
        f"{_MARGIN + sample.documents / documents * _WIDTH:.1f},{_HEIGHT * (1 - sample.resident / 1e6 / megabytes):.1f}"
        for sample in samples
    )
    labels = "".join(
        f'<text x="{_MARGIN + part * _WIDTH:.0f}" y="{_HEIGHT + 18}" text-anchor="middle">{part * documents:,.0f}</text>'
        f'<text x="{_MARGIN - 6}" y="{_HEIGHT * (1 - part) + 4:.0f}" text-anchor="end">{part * megabytes:.0f}</text>'
        for part in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -20 {_WIDTH + 2 * _MARGIN} {_HEIGHT + 70}" font-family="sans-serif" '
        f'font-size="12"><title>Memory of the parent (MB) against documents</title>'
        f'<rect x="{_MARGIN}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="#bbb"/>'
        f'<polyline points="{points}" fill="none" stroke="#0b62a4" stroke-width="2"/>{labels}'
        f'<text x="{_MARGIN + _WIDTH / 2:.0f}" y="{_HEIGHT + 40}" text-anchor="middle">documents</text>'
        f'<text x="{_MARGIN}" y="-6">resident memory of the parent, MB</text></svg>\n'
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pipeline", default="standard")
    parser.add_argument("--picture", type=Path, help="an SVG of the plot")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name) / "small.jsonl", Path(name) / "out"
        write_small(source, chosen.documents)
        print(f"{chosen.documents:,} documents, {source.stat().st_size / 1e6:.1f} MB", flush=True)
        run = watched(source, "--output", out, "--workers", chosen.workers, "--pipeline", chosen.pipeline)
        check_counts(chosen.documents, source.name, out)
    counts, seconds = run.end["counts"], run.end["seconds"]
    print(
        f"read {counts['read']:,} = cleaned {counts['cleaned']:,} + rejected {counts['rejected']:,}; each in its place"
    )
    print(f"{seconds:.0f} s, {counts['read'] / seconds:,.0f} documents/s; the parent's peak {run.peak / 1e6:.1f} MB")
    print(plot(run.samples))
    if chosen.picture is not None:
        chosen.picture.write_text(picture(run.samples), encoding="utf-8")
    middle = len(run.samples) // 2
    first, last = (max(sample.resident for sample in part) for part in (run.samples[:middle], run.samples[middle:]))
    print(f"the most in the first half {first / 1e6:.1f} MB, in the last half {last / 1e6:.1f} MB")
    return int(last > 1.1 * first)


if __name__ == "__main__":
    sys.exit(main())
