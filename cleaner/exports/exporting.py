"""Writes an export: one pass over a run, a document at a time, so that memory does not grow with the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

import orjson

from cleaner._version import __version__
from cleaner.errors import ConfigurationError, known_names
from cleaner.exports import datatrove, dolma, web_annotations
from cleaner.exports.entries import SINGLE, Entry, Lost, entries
from cleaner.exports.originals import DOCUMENTS
from cleaner.formats.files import COMPRESSIONS, FORMATS
from cleaner.formats.folders import Finished
from cleaner.formats.output import Output
from cleaner.formats.remote import is_url

KINDS = ("dolma", "annotations", "datatrove")
COMPRESSION = {"gz": ".gz", "zst": ".zst", "none": ""}
TOGETHER = "files"
"""The name of the file that holds the documents which had a file each."""
_SUMMARY = "export.json"


@dataclass(slots=True)
class Exported:
    """What an export holds. ``removed`` and ``flagged`` count passages by category, closed up white space aside."""

    documents: int = 0
    rejected: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    replaced: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count a document by its ledger row."""
        self.documents += 1
        for edit, _, _ in dolma.widened(row["edits"]):
            if edit["inserted"]:
                self.replaced += 1
            else:
                self.removed[edit["category"]] += 1
        self.flagged.update(flag["category"] for flag in row["flags"])


def export(
    run: str | Path, output: str | Path, to: str, *, attributes_only: bool = False, compression: str = "gz"
) -> Exported:
    """Write the run in the folder ``run`` to the folder ``output`` in the form that ``to`` names, one of :data:`KINDS`.

    ``output`` receives ``documents/``, for dolma also ``attributes/cleaner/`` and ``mix.json``, for annotations also
    ``annotations/``; the files of one input have the same name and the same rows in each. ``rejects/`` names the records
    that could not be cleaned, with the reason, and ``export.json`` holds the counts. With ``attributes_only`` dolma's
    inputs are left where they are, and each of their lines gets a row. ``compression`` is ``gz``, ``zst`` or ``none``.

    Raises:
        ConfigurationError: ``run`` is no finished run, an argument is wrong, the output would overwrite the run or its
            inputs, or it holds another export.
        InputError: a file of the run is broken, or an output cannot be written.
        RecordError: a document and its ledger row do not belong together.
    """
    finished, folder = Finished.open(Path(run)), Path(output)
    for value, known in ((to, KINDS), (compression, COMPRESSION)):
        if value not in known:
            raise ConfigurationError(f"there is no export {value!r}", known_names(value, known))
    if attributes_only:
        _check_aligned(finished, to)
    names = targets(finished.inputs, COMPRESSION[compression], attributes_only)
    _check_output(finished, folder, [] if attributes_only else names.values())
    if not attributes_only:
        _check_earlier(folder, to, set(names.values()))
    prefix = dolma.check_output(folder) if to == "dolma" else ""
    make = _maker(finished, to, attributes_only)
    exported = Exported()
    with _Files(folder) as files:
        for item in finished.inputs:
            name = names[str(item["name"])]
            # dolma wants a file of attributes beside every file of documents, also beside an empty one.
            if attributes_only:
                files.write(dolma.FOLDER, name, b"")
            for entry in entries(finished, item):
                if isinstance(entry, Entry):
                    exported.add(entry.row)
                elif entry.row is not None:
                    exported.rejected += 1
                    files.write("rejects", name, _named(entry.row))
                for which, line in make(entry).items():
                    files.write(which, name, line)
            if item["format"] not in SINGLE:
                files.finish(name)
        if to == "dolma":
            content = dolma.configuration(prefix, names.values(), sorted(exported.removed), attributes_only)
            files.write("", "mix.json", content)
        files.write("", _SUMMARY, _summary(exported, finished, to))
    return exported


def _maker(run: Finished, to: str, attributes_only: bool) -> Callable[[Entry | Lost], Mapping[str, bytes]]:
    if attributes_only:
        return partial(dolma.aligned, fields=(run.fields.text, run.fields.id))
    pipeline = run.summary.get("pipeline", {}).get("name", "")
    started = str(run.summary.get("started", "")).replace("+00:00", "Z")
    origin = web_annotations.Origin(pipeline, started)
    made: dict[str, Callable[[Entry], Mapping[str, bytes]]] = {
        "dolma": dolma.lines,
        "annotations": partial(web_annotations.lines, origin=origin),
        "datatrove": datatrove.lines,
    }
    lines = made[to]
    return lambda entry: lines(entry) if isinstance(entry, Entry) else {}


def targets(inputs: Iterable[Mapping[str, Any]], suffix: str, same: bool = False) -> dict[str, str]:
    """Return the name of the file that each input goes to, by the input's name. All end in ``.jsonl`` and ``suffix``.

    Documents that had a file each go to one together. With ``same`` the names are those of the inputs.
    """
    if same:
        return {str(item["name"]): str(item["output"]) for item in inputs}
    names: dict[str, str] = {}
    taken: set[str] = set()
    together = ""
    for item in inputs:
        name = str(item["name"])
        if item["format"] in SINGLE:
            together = together or _free([TOGETHER], suffix, taken)
            names[name] = together
        else:
            plain = _plain(name)
            names[name] = _free([_stem(plain), plain], suffix, taken)
    return names


def _free(stems: list[str], suffix: str, taken: set[str]) -> str:
    candidates = chain(stems, (f"{stems[-1]}-{number}" for number in count(2)))
    name = next(name for stem in candidates if (name := f"{stem}.jsonl{suffix}") not in taken)
    taken.add(name)
    return name


def _plain(name: str) -> str:
    """Return a name in which no folder is called as dolma's own, which its mixer would take for one."""
    *folders, last = name.split("/")
    return "/".join([*(f"{folder}-" if folder == DOCUMENTS else folder for folder in folders), last])


def _stem(name: str) -> str:
    """Return a name without the suffixes of compression and of JSONL."""
    path = Path(name)
    if path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    return (path.with_suffix("") if FORMATS.get(path.suffix.lower()) == "jsonl" else path).as_posix()


def _check_aligned(run: Finished, to: str) -> None:
    if to != "dolma":
        raise ConfigurationError("only dolma has attributes", "leave out --attributes-only")
    for item in run.inputs:
        if item["format"] != "jsonl":
            raise ConfigurationError(
                f"{item['name']}: only lines of JSON can be documents of dolma", "leave out --attributes-only"
            )


def _check_output(run: Finished, folder: Path, names: Iterable[str]) -> None:
    if folder.resolve() == run.folder.resolve():
        raise ConfigurationError("the export would overwrite the run", "choose another folder")
    written = {(folder / DOCUMENTS / name).resolve() for name in names}
    last = {path.name for path in written}
    for item in run.inputs:
        path = str(item.get("path", "-"))
        if not is_url(path) and Path(path).name in last and Path(path).resolve() in written:
            hint = "choose another folder, or write --attributes-only beside documents of dolma"
            raise ConfigurationError(f"the export would overwrite the input {path!r}", hint)


def _check_earlier(folder: Path, to: str, names: Set[str]) -> None:
    """An export can be written again, but what is left of another would be taken for a part of this one.

    Raises:
        ConfigurationError: there is something of another.
    """
    hint, earlier = "choose another folder, or empty it", to
    with suppress(OSError, ValueError, KeyError, TypeError):
        earlier = orjson.loads((folder / _SUMMARY).read_bytes())["to"]
    if earlier != to:
        raise ConfigurationError(f"{str(folder)!r} holds an export to {earlier}", hint)
    documents = folder / DOCUMENTS
    for path in documents.rglob("*"):
        # What was under way when an export was killed has a name of its own, and is written anew.
        if path.is_file() and not path.name.startswith(".") and path.relative_to(documents).as_posix() not in names:
            raise ConfigurationError(f"{str(path)!r} is no part of this export", hint)


def _named(row: Mapping[str, Any]) -> bytes:
    return orjson.dumps({name: row.get(name) for name in ("id", "source", "record", "stage", "reason")}) + b"\n"


def _summary(exported: Exported, run: Finished, to: str) -> bytes:
    known = {name: run.summary[name] for name in ("pipeline", "version", "settings") if name in run.summary}
    facts = {
        "to": to,
        "version": __version__,
        "run": known,
        "documents": exported.documents,
        "rejected": exported.rejected,
        "removed": dict(sorted(exported.removed.items())),
        "flagged": dict(sorted(exported.flagged.items())),
        "replaced": exported.replaced,
    }
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2) + b"\n"


class _Files:
    """The files of an export under way: they get their names when they are whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[tuple[str, str], Output] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            while kind is None and self._open:
                self._open.pop(next(iter(self._open))).finish()
        finally:
            for output in self._open.values():
                output.discard()

    def write(self, which: str, name: str, data: bytes) -> None:
        """Append to the file ``name`` of a kind; attributes of dolma have their place by its own rule."""
        key = (which, name)
        if key not in self._open:
            place = dolma.attribute_name(name) if which == dolma.FOLDER else name
            self._open[key] = Output(self._folder / which / place)
        self._open[key].write(data)

    def finish(self, name: str) -> None:
        """Close the files ``name`` of all kinds."""
        for key in [key for key in self._open if key[1] == name]:
            self._open.pop(key).finish()
