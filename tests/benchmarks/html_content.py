"""Page content: the learned judge by folds of sites, beside trafilatura and resiliparse, with pages per CPU second.

    python tests/benchmarks/html_content.py WCXB.jsonl.zst [--snippets OTHER.jsonl.zst] [--speed-only]

The first set has ``html``, ``main_content``, ``with``, ``without`` and ``page_type``; the second only snippets.
Every page of the first is judged by a model that saw no page of its site; the second by the shipped model. ``whole
pipeline`` is ``standard``: rules and context after that judge. Takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from held_out import fold_pipelines

from cleaner.document import Document
from cleaner.formats.html import read_page
from cleaner.labelled_pages import Page, read_pages, read_rows
from cleaner.pipeline import Pipeline
from cleaner.stages.content_judges import JUDGES
from cleaner.train import fold_of
from cleaner.train_content import Lesson, kept_texts, means_by_kind, word_f1

KINDS = ("article", "documentation", "service", "forum", "listing", "collection", "product")
Extract = Callable[[dict[str, Any]], str]


def squeezed(text: str) -> str:
    return " ".join(text.lower().split())


def extractors() -> dict[str, Extract]:
    import trafilatura

    found: dict[str, Extract] = {
        "trafilatura": lambda row: trafilatura.extract(row["html"], include_comments=False) or ""
    }
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        return found
    found["resiliparse"] = lambda row: extract_plain_text(row["html"], main_content=True)
    return found


def kept_text(document: Document, kept: Iterable[bool]) -> str:
    return "\n".join(compress(document.block_texts, kept))


def by_fold(pages: list[Page], folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts of all pages as the judge keeps them that did not see their site, and then as later stages leave them."""
    lesson = Lesson(pages)
    fitted = lesson.fit()
    yield "learned, by fold", kept_texts(pages, fitted.probabilities)
    judged = fold_pipelines("content", lesson.fold_models(fitted), folder)
    yield "whole pipeline", [judged[fold_of(page.site)].clean(page.document).text for page in pages]


def report(name: str, rows: list[dict[str, Any]], texts: list[str]) -> None:
    scores = [word_f1(text, row["main_content"]) for row, text in zip(rows, texts, strict=True)]
    means = means_by_kind([row["page_type"] for row in rows], scores)
    leaked = unwanted = 0
    for row, text in zip(rows, texts, strict=True):
        squeezed_text = squeezed(text)
        leaked += sum(squeezed(snippet) in squeezed_text for snippet in row["without"])
        unwanted += len(row["without"])
    by_kind = "".join(f"{means[kind]:8.3f}" if kind in means else f"{'-':>8}" for kind in KINDS)
    print(f"{name:16}{means['all']:8.4f}{leaked / max(1, unwanted):8.2%}{by_kind}")


def snippets(name: str, rows: list[dict[str, Any]], texts: Iterable[str]) -> None:
    found = missed = false = 0
    for row, text in zip(rows, texts, strict=True):
        squeezed_text = squeezed(text)
        hits = sum(squeezed(snippet) in squeezed_text for snippet in row["with"])
        found, missed = found + hits, missed + len(row["with"]) - hits
        false += sum(squeezed(snippet) in squeezed_text for snippet in row["without"])
    precision, recall = found / max(1, found + false), found / max(1, found + missed)
    print(f"{name:16}{2 * precision * recall / (precision + recall):8.4f}{precision:8.4f}{recall:8.4f}")


def speed(name: str, rows: list[dict[str, Any]], work: Callable[[dict[str, Any]], object]) -> None:
    start = time.process_time()
    for row in rows:
        work(row)
    print(f"{name:32}{len(rows) / (time.process_time() - start):8.1f} pages per CPU second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--snippets", type=Path)
    parser.add_argument("--speed-only", action="store_true")
    parser.add_argument("--every", type=int, default=5, help="use one page of this many for the speed (default 5)")
    options = parser.parse_args()
    others = extractors()
    rows = list(read_rows(options.pages))
    sample = rows[:: options.every]
    pipeline = Pipeline.load("standard")
    pipeline.clean(read_page("<p>Rules are compiled before the clock runs.</p>"))
    speed("whole pipeline, cold", sample, lambda row: pipeline.clean(read_page(row["html"])))
    speed("whole pipeline, again", sample, lambda row: pipeline.clean(read_page(row["html"])))
    for name, extract in others.items():
        speed(name, sample, extract)
    if options.speed_only:
        return
    print(f"\n{'':16}{'F1':>8}{'leak':>8}" + "".join(f"{kind[:7]:>8}" for kind in KINDS))
    with TemporaryDirectory() as folder:
        for label, texts in by_fold(list(read_pages(options.pages)), Path(folder)):
            report(label, rows, texts)
    for name, extract in others.items():
        report(name, rows, [extract(row) for row in rows])
    if options.snippets:
        rows = list(read_rows(options.snippets))
        print(f"\n{'snippets':16}{'F1':>8}{'P':>8}{'R':>8}")
        judge = JUDGES["learned"]()
        documents = (replace(read_page(row["html"]), id=row["id"]) for row in rows)
        snippets("learned", rows, (kept_text(d, judge.decide(d).kept) if d.blocks else "" for d in documents))
        for name, extract in others.items():
            snippets(name, rows, (extract(row) for row in rows))


if __name__ == "__main__":
    main()
