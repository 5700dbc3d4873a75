"""An export as a whole: names, counts, every format, and what it refuses to do."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from export_runs import LETTER, clean, cleaned, files, lines, read, rows

from cleaner.errors import ConfigurationError, InputError, RecordError
from cleaner.exports import KINDS, export
from cleaner.exports.exporting import targets
from cleaner.formats.folders import Finished

TEXT = f"The river rose.\n{LETTER}\nThe bridge opens.\n"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "pages.jsonl").write_bytes(
        lines({"id": "1", "text": TEXT}, b"{no json", {"id": "2", "text": "A line."})
    )
    return clean(tmp_path / "pages.jsonl", tmp_path / "run")


def test_names() -> None:
    given = [
        "a.jsonl",
        "a.ndjson",
        "a.jsonl.gz",
        "b.parquet",
        "sub/c.warc.gz",
        "d.txt",
        "files.jsonl",
        "e.html.gz",
        "b.JSONL",
        "documents/f.wet",
    ]
    formats = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".txt": "text"}
    inputs = [
        {"name": name, "output": name, "format": formats.get(Path(name).suffix, "html" if "html" in name else "jsonl")}
        for name in given
    ]
    expected = {
        "a.jsonl": "a.jsonl.zst",
        "a.ndjson": "a.ndjson.jsonl.zst",
        "a.jsonl.gz": "a.jsonl.gz.jsonl.zst",
        "b.parquet": "b.parquet.jsonl.zst",
        "sub/c.warc.gz": "sub/c.warc.jsonl.zst",
        "d.txt": "files.jsonl.zst",
        "files.jsonl": "files.jsonl.jsonl.zst",
        "e.html.gz": "files.jsonl.zst",
        "b.JSONL": "b.jsonl.zst",
        "documents/f.wet": "documents-/f.wet.jsonl.zst",
    }
    assert targets(inputs, ".zst") == expected
    assert targets(inputs, ".zst", same=True) == {name: name for name in given}


def test_names_that_are_all_taken() -> None:
    inputs = [
        {"name": name, "format": "jsonl"} for name in ("a.jsonl.jsonl", "a.jsonl", "a.jsonl.gz", "a.jsonl.gz.jsonl")
    ]
    assert len(set(targets(inputs, "").values())) == len(inputs)


@pytest.mark.parametrize("to", KINDS)
def test_every_format(to: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("fastwarc")
    import corpus

    source = corpus.write(tmp_path / "corpus")
    (source / "crawl.warc.gz").unlink()
    (source / "few.warc").write_bytes(b"".join(corpus._crawl(corpus.texts())[:4]))
    run = clean(source, tmp_path / "run", "--ledger-format", "parquet", "--pipeline", "rules-only")
    exported = export(run, tmp_path / "out", to)
    counts = Finished.open(run).summary["counts"]
    assert (exported.documents, exported.rejected) == (counts["cleaned"], counts["rejected"])
    found = {name: read(tmp_path / "out" / "documents" / name) for name in files(tmp_path / "out" / "documents")}
    assert sorted(found) == [
        "crawl.wet.jsonl.gz",
        "few.warc.jsonl.gz",
        "files.jsonl.gz",
        "packed.jsonl.gz",
        "packed.jsonl.zst.jsonl.gz",
        "plain.jsonl.gz",
        "rows.parquet.jsonl.gz",
    ]
    texts = [(entry.row["id"], entry.original, entry.clean) for entries in cleaned(run).values() for entry in entries]
    written = [(row["id"], row["text"]) for rows in found.values() for row in rows]
    place = 2 if to == "datatrove" else 1
    assert sorted(written) == sorted((text[0], text[place]) for text in texts)
    beside = {"dolma": "attributes/cleaner", "annotations": "annotations"}.get(to)
    if beside is not None:
        assert {name: len(read(tmp_path / "out" / beside / name)) for name in found} == {
            name: len(rows) for name, rows in found.items()
        }
    summary = orjson.loads((tmp_path / "out" / "export.json").read_bytes())
    assert summary["documents"] == sum(map(len, found.values()))
    rejects = [row for name in files(tmp_path / "out" / "rejects") for row in read(tmp_path / "out" / "rejects" / name)]
    assert len(rejects) == summary["rejected"] == exported.rejected > 10
    assert all(row["reason"] and row["source"] for row in rejects)


def test_pages_state_their_address_and_language(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as parquet

    table = pa.table({"id": ["1"], "text": [TEXT], "url": ["https://a.example/1"], "language": ["en"]})
    parquet.write_table(table, tmp_path / "rows.parquet")
    export(clean(tmp_path / "rows.parquet", tmp_path / "run"), tmp_path / "out", "dolma")
    (row,) = read(tmp_path / "out" / "documents" / "rows.parquet.jsonl.gz")
    assert row["metadata"] == {"language": "en", "url": "https://a.example/1"}


def test_a_run_without_removals_has_a_configuration_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(*rows()))
    run = clean(tmp_path / "a.jsonl", tmp_path / "run", "--pipeline", "careful")
    exported = export(run, tmp_path / "out", "dolma")
    assert (sum(exported.removed.values()), exported.flagged["newsletter"] > 0) == (0, True)
    mix = orjson.loads((tmp_path / "out" / "mix.json").read_bytes())
    assert len(mix["streams"][0]["span_replacement"]) == 15


def test_what_it_refuses(run: Path, tmp_path: Path) -> None:
    for arguments, message in (
        ((run, run, "dolma"), "would overwrite the run"),
        ((run, tmp_path / "out", "dolmo"), "did you mean 'dolma'"),
        ((tmp_path, tmp_path / "out", "dolma"), "holds no run"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            export(*arguments)
    with pytest.raises(ConfigurationError, match="only dolma has attributes"):
        export(run, tmp_path / "out", "annotations", attributes_only=True)
    with pytest.raises(ConfigurationError, match="no export 'bz2'"):
        export(run, tmp_path / "out", "dolma", compression="bz2")


def test_it_does_not_overwrite_inputs(tmp_path: Path) -> None:
    (tmp_path / "set" / "documents").mkdir(parents=True)
    source = tmp_path / "set" / "documents" / "a.jsonl"
    source.write_bytes(lines({"id": "1", "text": TEXT}))
    run = clean(source, tmp_path / "run")
    with pytest.raises(ConfigurationError, match="would overwrite the input"):
        export(run, tmp_path / "set", "datatrove", compression="none")
    assert read(source) == [{"id": "1", "text": TEXT}]


def test_it_is_written_again_but_not_among_the_files_of_another(run: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    export(run, output, "dolma")
    before = {name: (output / name).read_bytes() for name in files(output)}
    # What is left of an export that was killed is no file of another.
    (output / "documents" / ".pages.jsonl.gz.new").write_bytes(b"half")
    export(run, output, "dolma")
    assert {name: (output / name).read_bytes() for name in files(output)} == before
    with pytest.raises(ConfigurationError, match="holds an export to dolma"):
        export(run, output, "datatrove")
    with pytest.raises(ConfigurationError, match=r"pages\.jsonl\.gz' is no part of this export"):
        export(run, output, "dolma", compression="zst")
    assert {name: (output / name).read_bytes() for name in files(output)} == before


@pytest.mark.parametrize(
    "summary", [b"[1]", b'{"inputs": [{"name": "a"}], "fields": {}}', b'{"inputs": [1], "fields": {}}']
)
def test_a_summary_that_is_none(summary: bytes, run: Path, tmp_path: Path) -> None:
    (run / "run.json").write_bytes(summary)
    with pytest.raises(ConfigurationError, match="holds no run"):
        export(run, tmp_path / "out", "dolma")


def test_a_changed_document_leaves_no_files(run: Path, tmp_path: Path) -> None:
    documents = run / "documents" / "pages.jsonl"
    documents.write_bytes(documents.read_bytes().replace(b"bridge", b"brigde"))
    with pytest.raises(RecordError, match=r"pages\.jsonl: the document '1' was changed"):
        export(run, tmp_path / "out", "dolma")
    assert list(files(tmp_path / "out")) == []


def test_a_ledger_that_does_not_fit(run: Path, tmp_path: Path) -> None:
    ledger = run / "ledger" / "pages.jsonl.jsonl"
    rows = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(rows[0])
    with pytest.raises(InputError, match="fewer rows"):
        export(run, tmp_path / "out", "dolma")
    ledger.write_bytes(b"".join([*rows, rows[0]]))
    with pytest.raises(InputError, match="more rows"):
        export(run, tmp_path / "out", "dolma")


def test_rejects_out_of_order(run: Path, tmp_path: Path) -> None:
    rejects = run / "rejects" / "pages.jsonl.jsonl"
    rejects.write_bytes(rejects.read_bytes() * 2)
    with pytest.raises(InputError, match="out of order"):
        export(run, tmp_path / "out", "dolma")


def test_an_output_that_cannot_be_written(run: Path, read_only: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        export(run, read_only, "annotations")


def test_an_output_that_is_too_large_for_the_disk(run: Path, tiny_disk: Path) -> None:
    filler = tiny_disk / "filler"
    filler.write_bytes(b"x" * (60 << 10))
    with pytest.raises(InputError, match="cannot be written"):
        export(run, tiny_disk / "out", "dolma")
    assert [path.name for path in tiny_disk.rglob("*") if path.is_file() and path.name.endswith(".new")] == []
