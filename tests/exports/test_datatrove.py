"""Rows for datatrove: clean texts, and metadata from which the original comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from export_runs import LETTER, clean, cleaned, lines, read, rows

from cleaner.exports import export
from cleaner.ledger import restore

MEDIA = [{"id": "m", "type": 0, "url": "https://a.example/m.png", "media_bytes": None}]
MORE: list[dict[str, Any]] = [
    {"id": 8, "text": f"A line.\n{LETTER}", "metadata": {"source": "own", "stars": 5}, "language": "en", "tags": ["x"]},
    {"id": "odd", "text": "A line.", "metadata": "a word", "media": ["no media"], "url": "https://a.example/"},
    {"id": "none", "text": "A line.", "metadata": None},
    {"id": "own", "text": f"A line.\n{LETTER}", "media": MEDIA, "metadata": {}},
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trove")
    (folder / "pages.jsonl").write_bytes(lines(*rows(), *MORE, b"{no json"))
    return clean(folder / "pages.jsonl", folder / "run")


@pytest.fixture(scope="module")
def exported(run: Path) -> Path:
    export(run, run.parent / "out", "datatrove")
    return run.parent / "out"


def original(row: dict[str, Any]) -> str:
    """Return the original of a row by its metadata alone."""
    from cleaner.ledger import Edit

    edits = [
        Edit(edit["start"], edit["end"], edit["removed"], edit["inserted"], "", "", "", "", 1.0, ())
        for edit in row["metadata"]["cleaner"]["removed"]
    ]
    return restore(row["text"], edits)


def test_rows(run: Path, exported: Path) -> None:
    written = read(exported / "documents" / "pages.jsonl.gz")
    for row, entry in zip(written, cleaned(run)["pages.jsonl"], strict=True):
        assert list(row) == ["text", "id", "metadata", "media"]
        assert (row["text"], row["id"], original(row)) == (entry.clean, entry.row["id"], entry.original)
        assert row["metadata"]["cleaner"]["original_sha256"] == entry.row["original_sha256"]


def test_what_a_row_had_stays(exported: Path) -> None:
    eight, odd, none, own = found = read(exported / "documents" / "pages.jsonl.gz")[-4:]
    told = [{name: value for name, value in row["metadata"].items() if name != "cleaner"} for row in found]
    assert (none["id"], told.pop(2)) == ("none", {"source": "pages.jsonl"})
    assert told[0] == {"source": "own", "stars": 5, "language": "en", "tags": ["x"]}
    assert (eight["id"], eight["media"]) == ("8", [])
    address = "https://a.example/"
    assert told[1] == {"metadata": "a word", "media": ["no media"], "url": address, "source": "pages.jsonl"}
    assert (odd["media"], own["media"], told[2]) == ([], MEDIA, {"source": "pages.jsonl"})


def test_rejects_are_named(exported: Path) -> None:
    (reject,) = read(exported / "rejects" / "pages.jsonl.gz")
    assert reject["record"] == len(rows()) + len(MORE)


@pytest.mark.engine
@pytest.mark.parametrize("compression", ["gz", "zst", "none"])
def test_its_reader_reads_them(run: Path, tmp_path: Path, compression: str) -> None:
    pytest.importorskip("datatrove")
    from datatrove.pipeline.readers import JsonlReader

    export(run, tmp_path, "datatrove", compression=compression)
    documents = list(JsonlReader(str(tmp_path / "documents"), add_file_path=False).run())
    # Documents that nothing was left of are passed over by every reader of datatrove.
    entries = [entry for entry in cleaned(run)["pages.jsonl"] if entry.clean]
    for document, entry in zip(documents, entries, strict=True):
        row = {"text": document.text, "metadata": document.metadata}
        assert (document.text, document.id, original(row)) == (entry.clean, entry.row["id"], entry.original)
    assert 0 < len(documents) < len(cleaned(run)["pages.jsonl"])
    assert documents[-1].media[0].url == MEDIA[0]["url"]
