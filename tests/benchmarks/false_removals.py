"""Every removal of labelled body by ``standard``, grouped by who took it (a rule, or the judge) and for which category.

    python tests/benchmarks/false_removals.py GOLD.jsonl [MORE.jsonl ...] [--bodies WCXB.jsonl.zst] [--as-shipped] [--short]

Labelled documents are judged by judges that saw no page of the site, unless ``--as-shipped``. ``--bodies`` adds the reviewed
article bodies of a WCXB set (``page_type``, ``main_content``; judged by the shipped judge): the share of their words that goes,
and which of it the labels of the same page (same ``id`` in GOLD) call body. A body that holds a pitch loses it rightly.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from held_out import Clean, cleaning, judged_out_of_fold

from cleaner.document import Document
from cleaner.evaluate import count_units
from cleaner.labelled import BODY, Labelled, read
from cleaner.labelled_pages import read_rows
from cleaner.ledger import SPACE, Edit
from cleaner.pipeline import Pipeline

NO_WORD = re.compile(r"\W+")
UNKNOWN = "not labelled"


@dataclass(frozen=True)
class Removal:
    """Words that went from a document: by whom, as what, and what the labels call them."""

    words: int
    document: str
    by: str
    category: str
    label: str
    text: str

    @classmethod
    def of(cls, edit: Edit, document: Document, start: int, end: int, label: str) -> Removal:
        by = "judge" if edit.stage == "weigh" else edit.rule
        words = count_units(document.text, start, end)
        return cls(words, document.id, by, edit.category, label, document.text[start:end])


def from_labelled(documents: Iterable[Labelled], clean: Clean) -> Iterator[Removal]:
    for item in documents:
        edits = [edit for edit in clean(item.document).ledger.edits if edit.category != SPACE]
        for line in item.lines:
            for edit in edits:
                start, end = max(edit.start, line.start), min(edit.end, line.end)
                if line.label == BODY and start < end and count_units(item.document.text, start, end):
                    yield Removal.of(edit, item.document, start, end, BODY)


def squeezed(text: str) -> str:
    return NO_WORD.sub("", text).lower()


def from_bodies(path: Path, documents: Iterable[Labelled], clean: Clean) -> tuple[list[Removal], int, int]:
    """Return the removals from article bodies, with the number of bodies and of their words."""
    labels = {
        item.document.id: [(squeezed(item.document.text[line.start : line.end]), line.label) for line in item.lines]
        for item in documents
    }
    found: list[Removal] = []
    count = words = 0
    for row in read_rows(path):
        if row["page_type"] != "article" or not row["main_content"]:
            continue
        document = Document(row["main_content"], row["id"])
        count, words = count + 1, words + count_units(document.text, 0, len(document.text))
        for edit in clean(document).ledger.edits:
            if edit.category != SPACE:
                opening = squeezed(document.text[edit.start : edit.end])[:60]
                lines = labels.get(document.id, [])
                label = next((label for text, label in lines if opening and opening in text), UNKNOWN)
                found.append(Removal.of(edit, document, edit.start, edit.end, label))
    return found, count, words


def show(title: str, removals: Sequence[Removal], short: bool) -> None:
    """Print removals by group, the costly groups first; with ``short`` no text."""
    groups: dict[tuple[str, str], list[Removal]] = defaultdict(list)
    for removal in removals:
        groups[removal.category, removal.by].append(removal)
    print(f"\n{title}: {sum(removal.words for removal in removals)} words, {len(removals)} removals")
    for (category, by), own in sorted(groups.items(), key=lambda pair: -sum(item.words for item in pair[1])):
        touched = len({item.document for item in own})
        print(f"\n{sum(item.words for item in own):6} words {touched:4} documents  {category}  {by}")
        if not short:
            for item in sorted(own, key=lambda item: -item.words):
                print(f"       {item.words:4} {item.document}: {' '.join(item.text.split())}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--bodies", type=Path, help="a WCXB set, JSONL, compressed with zstd or not")
    parser.add_argument("--as-shipped", action="store_true", help="the judge never saw these documents: train nothing")
    parser.add_argument("--short", action="store_true", help="the groups without their texts")
    options = parser.parse_args(arguments)
    documents = list(read(options.gold))
    shipped = cleaning(Pipeline.load("standard"))
    with TemporaryDirectory() as folder:
        chosen = None if options.as_shipped else judged_out_of_fold(documents, Path(folder))
        clean = shipped if chosen is None else lambda document: cleaning(chosen(document))(document)
        show("Labelled body that went", list(from_labelled(documents, clean)), options.short)
    if options.bodies:
        found, count, words = from_bodies(options.bodies, documents, shipped)
        lost, touched = sum(item.words for item in found), len({item.document for item in found})
        print(
            f"\n{count} article bodies, {words} words: {lost / words:.3%} went, from {touched / count:.1%} of the bodies"
        )
        by_label: Counter[str] = Counter()
        for item in found:
            by_label[item.label] += item.words
        print("of it the labels call: " + ", ".join(f"{label} {number}" for label, number in by_label.most_common()))
        wrong = [item for item in found if item.label == BODY]
        show("Of article bodies, what the labels call body", wrong, options.short)
        unknown = [item for item in found if item.label == UNKNOWN]
        show("Of article bodies, what no label speaks of", unknown, options.short)


if __name__ == "__main__":
    main()
