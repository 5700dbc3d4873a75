"""dolma: documents, an attribute file beside each, and a configuration with which its mixer makes the clean texts.

A removal's span takes in the white space that the ledger closes up beside it, always on the same side within one hole, so
that a choice of categories leaves whole lines, too. Spans may touch, but never overlap: the mixer skips overlapping ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from cleaner.errors import ConfigurationError
from cleaner.exports.entries import Entry, Lost
from cleaner.exports.originals import DOCUMENTS, document, source_of
from cleaner.formats.files import COMPRESSIONS
from cleaner.ledger import SPACE
from cleaner.rule import CATEGORIES

ATTRIBUTES = "cleaner"
"""The folder below ``attributes``, which the configuration of a mixer names."""
REMOVED, REPLACED, FLAGGED = "cleaner__removed__", "cleaner__replaced__", "cleaner__flagged__"
"""What the names of attributes begin with; the category follows."""
REJECTED = "cleaner__rejected"
"""Marks the whole text of a document that could not be cleaned."""
FOLDER = f"attributes/{ATTRIBUTES}"
_DOCUMENTS = f"/{DOCUMENTS}/"
_PATTERN_SIGNS = "*?["


def lines(entry: Entry) -> dict[str, bytes]:
    """Return the document as dolma reads it, and its row of attributes."""
    row = {"id": entry.row["id"], "source": source_of(entry)}
    row["attributes"] = attributes(entry.row["edits"], entry.row["flags"])
    return {DOCUMENTS: document(entry), FOLDER: orjson.dumps(row) + b"\n"}


def aligned(entry: Entry | Lost, fields: Iterable[str]) -> dict[str, bytes]:
    """Return the row of attributes for a line of an input that dolma reads itself. Every line has one.

    A reject's row marks its whole text with :data:`REJECTED`.

    Raises:
        ConfigurationError: dolma cannot read such lines.
    """
    if isinstance(entry, Lost):
        text = entry.values.get("text")
        marked = {REJECTED: [[0, len(text) if isinstance(text, str) else 0, 1.0]]} if entry.row is not None else {}
        row = {"id": entry.values.get("id"), "source": entry.values.get("source"), "attributes": marked}
        return {FOLDER: orjson.dumps(row) + b"\n"}
    if "raw_sha256" in entry.row or not {"id", "text"} <= set(fields):
        raise ConfigurationError(
            f"{entry.source}: dolma reads the fields 'id' and 'text' of a line", "leave out --attributes-only"
        )
    values, found = entry.values, attributes(entry.row["edits"], entry.row["flags"])
    row = {"id": values.get("id"), "source": values.get("source"), "attributes": found}
    return {FOLDER: orjson.dumps(row) + b"\n"}


def attributes(edits: Sequence[Mapping[str, Any]], flags: Sequence[Mapping[str, Any]]) -> dict[str, list[list[float]]]:
    """Return the spans ``[start, end, score]`` of a ledger row by attribute: code points of the original, and the weight.

    What was replaced stands apart, since a mixer cannot know by what. Flags may overlap; removals do not.
    """
    found: dict[str, list[list[float]]] = {}
    for edit, start, end in widened(edits):
        kind = REPLACED if edit["inserted"] else REMOVED
        found.setdefault(kind + edit["category"], []).append([start, end, edit["weight"]])
    for flag in flags:
        found.setdefault(FLAGGED + flag["category"], []).append([flag["start"], flag["end"], flag["weight"]])
    return found


def widened(edits: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], int, int]]:
    """Yield the edits that a stage asked for, each with its span and the white space that goes with it."""
    for hole in _holes(edits):
        marked = [index for index, edit in enumerate(hole) if edit["category"] != SPACE]
        if not marked:
            yield from ((edit, edit["start"], edit["end"]) for edit in hole)
            continue
        behind = hole[-1]["category"] == SPACE
        last = len(marked) - 1
        for place, index in enumerate(marked):
            edit = hole[index]
            if behind:
                start = edit["start"] if place else hole[0]["start"]
                end = hole[marked[place + 1]]["start"] if place < last else hole[-1]["end"]
            else:
                start = hole[marked[place - 1]]["end"] if place else hole[0]["start"]
                end = edit["end"]
            yield edit, start, end


def _holes(edits: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield runs of edits that touch; a replacement stands alone, for it leaves text behind."""
    first = 0
    for index in range(1, len(edits) + 1):
        if (
            index == len(edits)
            or edits[index]["start"] != edits[index - 1]["end"]
            or edits[index]["inserted"]
            or edits[index - 1]["inserted"]
        ):
            yield edits[first:index]
            first = index


def check_output(output: Path) -> str:
    """Return ``output`` as a mixer's configuration can name it.

    Raises:
        ConfigurationError: dolma would look for documents or attributes in another place.
    """
    # The mixer drops a leading "./", and finds attributes by replacing every folder "documents" of a path.
    chosen = output if output.parts and ".." not in output.parts else output.resolve()
    path = chosen.as_posix()
    if _DOCUMENTS in f"{path}/":
        raise ConfigurationError(
            f"{path}: dolma takes every folder 'documents' in a path for its own", "choose another folder"
        )
    if any(sign in path for sign in _PATTERN_SIGNS):
        raise ConfigurationError(f"{path}: dolma would take it for a pattern of names", "choose another folder")
    return path


def attribute_name(name: str) -> str:
    """Return the name of the attribute file of a document file, both below their folders, as the mixer finds it."""
    return f"{_DOCUMENTS}{name}".replace(_DOCUMENTS, f"/{FOLDER}/").removeprefix(f"/{FOLDER}/")


def configuration(folder: str, names: Iterable[str], categories: Iterable[str], rejected: bool) -> bytes:
    """Return a configuration for ``dolma -c FILE mix`` that takes out what the run removed.

    ``folder`` is the export's, ``names`` are those of its document files, ``categories`` those of the removals (a mixer
    wants one, so all are named where there was none); with ``rejected`` documents that could not be cleaned are left out.
    """
    suffixes = sorted({_suffix(name) for name in names})
    chosen = list(categories) or CATEGORIES
    replacement = [{"span": f"$.attributes.{REMOVED}{name}", "min_score": 1.0, "replacement": ""} for name in chosen]
    stream: dict[str, Any] = {
        "name": "clean",
        "documents": [f"{folder}{_DOCUMENTS}**/*{suffix}" for suffix in suffixes],
        "attributes": [ATTRIBUTES],
        "span_replacement": replacement,
        "output": {"path": f"{folder}/mixed"},
    }
    if rejected:
        stream["filter"] = {"exclude": [f"$.attributes.{REJECTED}"]}
    return orjson.dumps({"streams": [stream], "shuffle": False}, option=orjson.OPT_INDENT_2) + b"\n"


def _suffix(name: str) -> str:
    compression = Path(name).suffix if Path(name).suffix in COMPRESSIONS else ""
    return Path(name.removesuffix(compression)).suffix + compression
