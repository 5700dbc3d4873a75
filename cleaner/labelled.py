"""Labelled documents: what must go and what must stay, for evaluation and training.

Two forms are read. JSONL: one object a line with ``id``, ``lang``, ``lines`` (one block each), ``labels`` (one for each
line: ``body``, ``meta``, ``unsure``, ``usercomment``, ``mixed`` or a category) and ``mixed`` (``[line, substring,
category]``). Marked text: a ``.txt`` file in the ``⟦category|…⟧`` notation of :mod:`cleaner.marks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from cleaner import marks
from cleaner.document import Document
from cleaner.errors import InputError, RecordError
from cleaner.language import normalise
from cleaner.rulebook import CATEGORIES

BODY = "body"
UNSCORED = frozenset({"meta", "unsure", "usercomment", "mixed"})
LABELS = frozenset(CATEGORIES) | UNSCORED | {BODY}


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled span of a document, in code points."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with its labelled spans; ``kind`` and ``site`` where the data states them.

    ``mixed`` are the parts of ``mixed`` lines that must go; the rest of those lines must stay.
    """

    document: Document
    lines: tuple[Line, ...]
    mixed: tuple[Line, ...] = ()
    kind: str = ""
    site: str = ""


def read(paths: Iterable[Path]) -> Iterator[Labelled]:
    """Read labelled documents from JSONL files, marked ``.txt`` files and folders of these.

    Raises:
        InputError: a file cannot be read, or holds something else.
    """
    for path in paths:
        if path.is_dir():
            files = sorted(item for item in path.rglob("*") if item.suffix in (".txt", ".jsonl"))
            if not files:
                raise InputError(
                    f"{path}: the folder holds no labelled documents", "they are .jsonl or marked .txt files"
                )
            yield from read(files)
            continue
        try:
            content = path.read_bytes()
            if path.suffix == ".txt":
                yield from_marked(content.decode("utf-8"), path.name, path.parent.name)
            else:
                for number, line in enumerate(content.splitlines(), 1):  # noqa: B007
                    if line.strip():
                        yield from_row(orjson.loads(line))
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: is not UTF-8 at byte {error.start}") from None
        except orjson.JSONDecodeError as error:
            raise InputError(f"{path}, line {number}: is no JSON: {error}") from None
        except RecordError as error:
            raise InputError(f"{path}: {error}") from None


def from_row(row: Any) -> Labelled:
    """Build a labelled document from a JSONL row.

    Raises:
        RecordError: the row does not have the form.
    """
    try:
        texts, labels = list(row["lines"]), list(row["labels"])
        identifier, language = str(row["id"]), normalise(row.get("lang"))
        parts = [(int(line), str(part), str(category)) for line, part, category in row.get("mixed", ())]
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"a labelled row lacks something: {error!r}", "it needs id, lang, lines and labels") from None
    if len(texts) != len(labels):
        raise RecordError(f"{identifier}: {len(texts)} lines but {len(labels)} labels")
    lines: list[Line] = []
    position = 0
    for text, label in zip(texts, labels, strict=True):
        if label not in LABELS:
            raise RecordError(f"{identifier}: there is no label {label!r}")
        lines.append(Line(position, position + len(text), label))
        position += len(text) + 1
    mixed: list[Line] = []
    for number, part, category in parts:
        found = texts[number - 1].find(part) if 0 < number <= len(texts) else -1
        if found < 0 and 0 <= number < len(texts):
            number, found = number + 1, texts[number].find(part)
        if found >= 0:
            start = lines[number - 1].start + found
            mixed.append(Line(start, start + len(part), category))
    document = Document("\n".join(texts), identifier, language=language)
    return Labelled(document, tuple(lines), tuple(mixed), str(row.get("kind", "")), str(row.get("site", "")))


def from_marked(marked: str, name: str, folder: str = "") -> Labelled:
    """Build a labelled document from marked text; ``folder`` is its language where it is a code.

    Raises:
        RecordError: the marks are broken, or one lacks a category.
    """
    try:
        text, found = marks.parse(marked)
    except RecordError as error:
        raise RecordError(f"{name}: {error}") from None
    lines: list[Line] = []
    position = 0
    for mark in found:
        if mark.category not in CATEGORIES:
            raise RecordError(f"{name}: the mark at code point {mark.start} has no known category")
        if mark.start > position:
            lines.append(Line(position, mark.start, BODY))
        lines.append(Line(mark.start, mark.end, mark.category))
        position = mark.end
    if position < len(text):
        lines.append(Line(position, len(text), BODY))
    language = folder if len(folder) == 2 else None
    kind = "hard_negative" if name.startswith("hard-") else "page"
    return Labelled(Document(text, f"{folder}/{name}" if folder else name, language=language), tuple(lines), (), kind)


def row(labelled: Labelled) -> dict[str, Any]:
    """Return ``labelled`` as a JSONL row; spans that are no whole lines become ``mixed`` lines."""
    text = labelled.document.text
    texts = text.split("\n")
    labels: list[str] = []
    mixed: list[list[Any]] = []
    position = 0
    for number, line in enumerate(texts, 1):
        end = position + len(line)
        inside = [part for part in labelled.lines if part.start < end and position < part.end]
        cut = {part.label for part in inside if text[max(part.start, position) : min(part.end, end)].strip()}
        labels.append(cut.pop() if len(cut) == 1 else "mixed" if cut else BODY)
        if labels[-1] == "mixed":
            mixed += [
                [number, text[max(part.start, position) : min(part.end, end)], part.label]
                for part in inside
                if part.label in CATEGORIES
            ]
        position = end + 1
    return {
        "id": labelled.document.id,
        "lang": labelled.document.language,
        "lines": texts,
        "labels": labels,
        "mixed": mixed,
    }
