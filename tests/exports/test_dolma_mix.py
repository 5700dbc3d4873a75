"""dolma itself mixes what was exported for it: its texts are the clean texts of the run."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mixed_corpus
import orjson
import pytest
import zstandard
from export_runs import ASK, LETTER, clean, cleaned, files, lines, read, rows

from cleaner.exports import export

pytestmark = pytest.mark.dolma
pytest.importorskip("dolma")


def mix(configuration: Path, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Run the mixer's command in ``folder``; return the rows that it wrote, by file."""
    # dolma fetches a model of another tool when it is imported; here it shall find at once that there is none.
    environment = os.environ | {"NLTK_DATA": str(folder), "https_proxy": "http://127.0.0.1:9", "RUST_LOG": "error"}
    command = [str(Path(sys.executable).with_name("dolma")), "-c", str(configuration), "mix"]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    mixed = orjson.loads(configuration.read_bytes())["streams"][0]["output"]["path"]
    return {name: read(folder / mixed / "documents" / name) for name in files(folder / mixed / "documents")}


def corpus_of(folder: Path) -> Path:
    """Write texts and seeds in all formats but Parquet, whose library wants a newer numpy than dolma bears."""
    formats = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson", ".html", ".txt", ".warc", ".wet")
    source = mixed_corpus.make(folder, "en", formats=frozenset(formats))
    (source / "sub" / "documents").mkdir(parents=True)
    (source / "sub" / "documents" / "part.0001.jsonl").write_bytes(lines(*rows(), b"{no json", {"id": "no text"}))
    return source


@pytest.mark.parametrize("compression", ["gz", "zst"])
def test_the_texts_are_those_of_the_run(tmp_path: Path, compression: str) -> None:
    run = clean(corpus_of(tmp_path / "corpus"), tmp_path / "run")
    exported = export(run, tmp_path / "set", "dolma", compression=compression)
    assert sum(exported.removed.values()) > 100
    mixed = mix(tmp_path / "set" / "mix.json", tmp_path)
    assert list(mixed) == list(files(tmp_path / "set" / "documents"))
    entries = cleaned(run)
    texts = [(entry.row["id"], entry.clean) for name in entries for entry in entries[name]]
    written = [(row["id"], row["text"]) for name in mixed for row in mixed[name]]
    assert len(texts) == exported.documents
    assert sorted(written) == sorted(texts)
    # In each file, in the order of the documents.
    part = f"sub/documents-/part.0001.jsonl.{compression}"
    assert [row["text"] for row in mixed[part]] == [entry.clean for entry in entries["sub/documents/part.0001.jsonl"]]


def test_attributes_beside_documents_of_dolma(tmp_path: Path) -> None:
    folder = tmp_path / "set" / "documents"
    (folder / "sub" / "documents").mkdir(parents=True)
    numbered = [row | {"id": number} for number, row in enumerate(rows())]
    content = lines(*numbered[:5], {"id": "number", "text": 3}, {"id": "no text"}, *numbered[5:])
    (folder / "a.jsonl").write_bytes(content)
    (folder / "sub" / "documents" / "d.jsonl").write_bytes(content)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(content))
    (folder / "c.jsonl.zst").write_bytes(zstandard.compress(content))
    run = clean(folder, tmp_path / "run")
    export(run, tmp_path / "set", "dolma", attributes_only=True)
    mixed = mix(tmp_path / "set" / "mix.json", tmp_path)
    assert sorted(mixed) == ["a.jsonl", "b.jsonl.gz", "c.jsonl.zst", "d.jsonl"]
    for name, entries in cleaned(run).items():
        expected = [(number, entry.clean) for number, entry in enumerate(entries)]
        assert [(row["id"], row["text"]) for row in mixed[Path(name).name]] == expected


def test_a_choice_of_categories_and_scores(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        lines({"id": "1", "text": f"The river rose.\n\n{LETTER}\n\n{ASK}\n\nThe bridge opens.\n{LETTER}"})
    )
    run = clean(tmp_path / "a.jsonl", tmp_path / "run", "--pipeline", "rules-only")
    exported = export(run, tmp_path / "set", "dolma")
    assert set(exported.removed) == {"newsletter", "donation"}
    path = tmp_path / "set" / "mix.json"
    configuration = orjson.loads(path.read_bytes())
    stream = configuration["streams"][0]
    stream["span_replacement"] = [item for item in stream["span_replacement"] if "newsletter" in item["span"]]
    path.write_bytes(orjson.dumps(configuration))
    ((row,),) = mix(path, tmp_path).values()
    assert row["text"] == f"The river rose.\n\n{ASK}\n\nThe bridge opens."


def test_flags_are_left_to_the_mixer(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"id": "1", "text": f"The river rose.\n{LETTER}\nThe bridge opens."}))
    run = clean(tmp_path / "a.jsonl", tmp_path / "run", "--pipeline", "careful")
    export(run, tmp_path / "set", "dolma")
    path = tmp_path / "set" / "mix.json"
    ((row,),) = mix(path, tmp_path).values()
    assert row["text"] == f"The river rose.\n{LETTER}\nThe bridge opens."
    configuration = orjson.loads(path.read_bytes())
    stream = configuration["streams"][0]
    stream["span_replacement"] = [{"span": "$.attributes.cleaner__flagged__newsletter", "min_score": 1.0}]
    stream["output"]["path"] += "-flags"
    path.write_bytes(orjson.dumps(configuration))
    ((row,),) = mix(path, tmp_path).values()
    assert row["text"] == "The river rose.\n\nThe bridge opens."
