"""What a review is good for: labelled documents to measure and train on, and hits and misses for rules.

A span that reviewers do not agree on is ``unsure`` in labelled documents and left out of examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from cleaner import labelled, marks
from cleaner.document import Document
from cleaner.labelled import BODY, Labelled, Line
from cleaner.review.decisions import READ, RIGHT, UNSURE, WRONG, Decision, Judged, Span

FORMS = ("labelled", "rules")
_CONTEXT = 240
"""Code points of context on each side of an example."""


class Settled(NamedTuple):
    """What the reviewers together say of a span: its label is ``body``, ``unsure`` or the category that it goes as."""

    span: Span
    label: str


def settle(decisions: Iterable[Decision]) -> dict[int, list[Settled]]:
    """Return for each document what its reviewers agree on, in the order of the text."""
    said: dict[tuple[int, Span], set[str]] = defaultdict(set)
    for decision in decisions:
        if decision.verdict == READ:
            said[decision.document, decision.span].add(BODY)
        else:
            meaning = {RIGHT: decision.span.category, WRONG: BODY, UNSURE: UNSURE}
            said[decision.document, decision.span].add(meaning.get(decision.verdict, decision.category))
    result: dict[int, list[Settled]] = defaultdict(list)
    for (document, span), labels in said.items():
        result[document].append(Settled(span, labels.pop() if len(labels) == 1 else UNSURE))
    for settled in result.values():
        settled.sort(key=lambda item: (item.span.start, item.span.end, item.span.kind))
    return result


def as_labelled(documents: Mapping[int, Judged], decisions: Sequence[Decision]) -> Iterator[bytes]:
    """Yield one JSONL line for each document that something was decided about.

    What nobody judged is ``unsure``, which is not counted, unless a reviewer said that the rest of the document was read and
    belongs to the article.
    """
    for number, settled in sorted(settle(decisions).items()):
        judged = documents[number]
        spans = sorted(paint(settled, len(judged.text)), key=lambda line: line.start)
        document = Document(judged.text, judged.id, language=judged.language)
        row = labelled.row(Labelled(document, tuple(spans), site=judged.site))
        yield orjson.dumps({**row, "kind": "reviewed", "site": judged.site}) + b"\n"


def paint(settled: Iterable[Settled], length: int) -> Iterator[Line]:
    """Yield labelled spans that cover ``[0, length)`` once. Where spans overlap, the more certain word holds.

    A category outweighs ``body``, both outweigh ``unsure``, and the rest of the document is what is left.
    """
    order = sorted(settled, key=lambda item: (item.span.kind == "document", item.label == UNSURE, item.label == BODY))
    taken: list[tuple[int, int]] = []
    rest = UNSURE
    for item in order:
        if item.span.kind == "document":
            rest = item.label
            continue
        for start, end in _free(taken, item.span.start, min(item.span.end, length)):
            yield Line(start, end, item.label)
        taken.append((item.span.start, item.span.end))
    for start, end in _free(taken, 0, length):
        yield Line(start, end, rest)


def _free(taken: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    for low, high in sorted(taken):
        if high <= start or low >= end:
            continue
        if low > start:
            yield start, low
        start = max(start, high)
    if start < end:
        yield start, end


def as_rules(documents: Mapping[int, Judged], decisions: Sequence[Decision]) -> str:
    """Return TOML with hits and misses for each rule that was judged, and the appeals that none took.

    Each example is the place with some context. ``other_category`` are removals that were right but go as something else.
    """
    tables: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, settled in sorted(settle(decisions).items()):
        text = documents[number].text
        for span, label in settled:
            if span.kind == "document" or label == UNSURE:
                continue
            if span.kind == "missed":
                tables["missed"][label].append(example(text, span, ""))
            elif label == BODY:
                tables[span.rule]["misses"].append(example(text, span, None))
            elif label == span.category:
                tables[span.rule]["hits"].append(example(text, span, ""))
            else:
                tables[span.rule]["other_category"].append(example(text, span, label))
    lines = [
        "# Examples for rules, from judged removals and flags: what each rule took rightly (hits) and wrongly (misses).\n"
    ]
    for name in sorted(tables, key=lambda name: (name == "missed", name)):
        lines.append(f"\n[{quoted(name)}]\n")
        for key, examples in sorted(tables[name].items()):
            lines.append(f"{key} = [\n")
            lines += [f"  {quoted(one)},\n" for one in dict.fromkeys(examples)]
            lines.append("]\n")
    return "".join(lines)


def example(text: str, span: Span, category: str | None) -> str:
    """Return the lines of ``span`` and one before, the span marked with ``category``; with None, without a mark."""
    start = text.rfind("\n", 0, len(text[: span.start].rstrip())) + 1
    found = text.find("\n", span.end)
    end = len(text) if found < 0 else found
    start, end = max(start, span.start - _CONTEXT), min(end, span.end + _CONTEXT)
    part = text[start:end]
    if category is None:
        return part.strip()
    mark = marks.Mark(span.start - start, span.end - start, category)
    return marks.render(part, [mark]).strip()


def quoted(text: str) -> str:
    """Return ``text`` as a basic string of TOML."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return (
        '"'
        + "".join(
            escapes.get(sign) or (sign if sign >= " " and sign != "\x7f" else f"\\u{ord(sign):04X}") for sign in text
        )
        + '"'
    )
