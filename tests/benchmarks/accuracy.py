"""Accuracy on labelled documents: cleaner's pipelines beside simple methods and other projects' line rules, as a table.

    tox -e benchmark-accuracy -- GOLD.jsonl [MORE.jsonl ...]

or with the files in CLEANER_LABELLED, separated as in PATH. The form of the files is that of ``cleaner evaluate``; pages of
one site stay together where they state a ``site``. Trains five judges (some minutes), so that ``standard`` can be scored by
one that saw no page of the site. ``--as-shipped`` leaves this out: right for documents that the project never saw.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from held_out import THIN, Clean, Result, cleaning, judged_out_of_fold
from line_methods import Method, methods

from cleaner.document import Document
from cleaner.evaluate import Score, score
from cleaner.labelled import Labelled, read
from cleaner.ledger import Edit
from cleaner.pipeline import Pipeline
from cleaner.rulebook import APPEALS

VARIABLE = "CLEANER_LABELLED"
READ = "rule authors had read most of these documents"
SEEN = "the judge was trained on these documents"


def by_lines(method: Method) -> Clean:
    """Clean by a method of lines."""

    def clean(document: Document) -> Result:
        lines = document.text.split("\n")
        edits: list[Edit] = []
        position = 0
        for line, kept in zip(lines, method(lines, document.language), strict=True):
            if line and not kept:
                edits.append(Edit(position, position + len(line), line, "", "ad", "method", "line", "", 1.0, ()))
            position += len(line) + 1
        return Result(tuple(edits))

    return clean


def flagged(pipeline: Pipeline) -> Clean:
    """What a pipeline that only flags would have taken: its flags of full weight."""

    def clean(document: Document) -> Result:
        return Result(tuple(flag for flag in pipeline.clean(document).ledger.flags if flag.weight >= 1))

    return clean


def contenders(documents: Sequence[Labelled], folder: Path, out_of_fold: bool) -> Iterator[tuple[str, str, Clean]]:
    """Yield the rows of the table: name, what to bear in mind, and the way to clean."""
    for name, method in methods().items():
        yield name, "", by_lines(method)
    rules, standard = Pipeline.load("rules-only"), Pipeline.load("standard")
    tuned = READ if out_of_fold else ""
    yield "rules-only", tuned, cleaning(rules)
    if out_of_fold:
        yield "rules-only", f"{THIN:.0%} of the rules left out, by chance, on each document", cleaning(rules, THIN)
        chosen = judged_out_of_fold(documents, folder)
        held: Callable[[float], Clean] = lambda thin: lambda document: cleaning(chosen(document), thin)(document)  # noqa: E731
        yield "standard", f"out of fold by site; {THIN:.0%} of the rules left out", held(THIN)
        yield "standard", f"out of fold by site; {READ}", held(0.0)
    yield "standard", f"as shipped: {SEEN}; {READ}" if out_of_fold else "as shipped", cleaning(standard)
    yield "careful", "as shipped: takes nothing", cleaning(Pipeline.load("careful"))
    yield "careful", "as shipped: what it flags at full weight", flagged(Pipeline.load("careful"))


def row(name: str, note: str, result: Score) -> dict[str, Any]:
    return {
        "method": name,
        "note": note,
        "body_lost": result.body_lost(),
        "documents_losing": result.losing / max(1, result.documents),
        "appeals_found": result.recall(APPEALS),
        "all_found": result.recall(),
    }


def as_markdown(rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| method | | body words lost | documents losing body | appeals found | all found |",
        "|---|---|---|---|---|---|",
    ]
    columns = (("body_lost", 2), ("documents_losing", 1), ("appeals_found", 1), ("all_found", 1))
    for found in rows:
        figures = [f"{100 * found[name]:.{places}f} %" for name, places in columns]
        lines.append(f"| {found['method']} | {found['note']} | {' | '.join(figures)} |")
    return "\n".join(lines)


def files(named: Sequence[Path]) -> list[Path]:
    """Return the labelled files: those named, else those of the environment.

    Raises:
        SystemExit: there are none.
    """
    chosen = list(named) or [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    if not chosen:
        sys.exit(
            f"accuracy: no labelled documents; name them after -- or in {VARIABLE} (seeds/marked is one such folder)"
        )
    missing = [str(path) for path in chosen if not path.exists()]
    if missing:
        sys.exit(f"accuracy: {', '.join(missing)}: no such file; name labelled documents after -- or in {VARIABLE}")
    return chosen


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument(
        "--as-shipped", action="store_true", help="the project never saw these documents: train nothing"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(arguments)
    documents = list(read(files(options.gold)))
    with TemporaryDirectory() as folder:
        rows = [
            row(name, note, score(documents, clean)[0])
            for name, note, clean in contenders(documents, Path(folder), not options.as_shipped)
        ]
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    languages = {item.document.language for item in documents}
    print(f"{len(documents)} documents in {len(languages)} languages\n\n{as_markdown(rows)}")


if __name__ == "__main__":
    main()
