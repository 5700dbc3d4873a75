"""The local engine: the same bytes with any number of workers, in the order of the input, and nothing lost on the way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from click.testing import Result
from mixed_corpus import contents, make

from cleaner.formats.files import opened

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow")
    pytest.importorskip("fastwarc")
    return make(tmp_path_factory.mktemp("corpus"))


def test_the_same_bytes_with_workers_and_the_way_back(corpus: Path, tmp_path: Path, command: Command) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert command("run", corpus, "--output", one, "--pipeline", "rules-only").exit_code == 1
    result = command(
        *("run", corpus, "--output", two, "--pipeline", "rules-only", "--workers", 2),
        *("--deadline", 600, "--checkpoint", "20KB"),
    )
    assert result.exit_code == 1, result.output
    assert contents(one) == contents(two)
    counts = json.loads((one / "run.json").read_bytes())["counts"]
    assert counts == json.loads((two / "run.json").read_bytes())["counts"]
    assert counts["read"] == counts["cleaned"] + counts["rejected"] > 300
    assert counts["rejected"] > 10
    ledgers = sum(len(path.read_bytes().splitlines()) for path in (one / "ledger").rglob("*.jsonl"))
    rejects = sum(len(path.read_bytes().splitlines()) for path in (one / "rejects").rglob("*.jsonl"))
    assert (ledgers, rejects) == (counts["cleaned"], counts["rejected"])

    assert command("restore", one, "--output", tmp_path / "back").exit_code == 0
    for name in ("rows.jsonl", "sub/rows.ndjson", "sub/text.txt", "sub/bad.txt", "texts.wet"):
        assert (tmp_path / "back" / name).read_bytes() == (corpus / name).read_bytes(), name
    for name in ("rows.jsonl.gz", "texts.warc.wet.gz"):
        there, here = (gzip.decompress((folder / name).read_bytes()) for folder in (corpus, tmp_path / "back"))
        assert there == here, name


def test_parquet_comes_back_row_for_row(corpus: Path, tmp_path: Path, command: Command) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "out"
    result = command("run", corpus / "rows.parquet", "--output", out, "--ledger-format", "parquet", "--workers", 2)
    assert result.exit_code == 1, result.output
    before, clean = (pq.ParquetFile(folder / "rows.parquet") for folder in (corpus, out / "documents"))
    assert clean.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert clean.metadata.num_row_groups == before.metadata.num_row_groups
    texts = before.read().column("text").to_pylist()
    assert clean.metadata.num_rows == sum(text is not None for text in texts)
    ledger = pq.read_table(out / "ledger" / "rows.parquet.parquet")
    assert ledger.num_rows == clean.metadata.num_rows
    assert command("restore", out, "--output", tmp_path / "back").exit_code == 0
    assert pq.read_table(tmp_path / "back" / "rows.parquet").equals(before.read())


def test_order_is_that_of_the_input_when_documents_differ_in_cost(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "a.jsonl"
    slow = "The river rose and fell again. " * 20_000
    rows = [{"id": str(n), "language": "en", "text": slow if n % 300 == 0 else f"Line {n}."} for n in range(1500)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out"
    assert command("run", path, "--output", out, "--workers", 2, "--pipeline", "rules-only").exit_code == 0
    found = [json.loads(line)["id"] for line in (out / "ledger" / "a.jsonl.jsonl").read_bytes().splitlines()]
    assert found == [row["id"] for row in rows]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_unreadable_shard_leaves_the_others_and_is_done_when_it_is_repaired(
    tmp_path: Path, command: Command, workers: int
) -> None:
    folder = make(tmp_path / "in", "en", formats=frozenset({".jsonl", ".gz"}))
    # In the middle of the inputs, and broken in the middle.
    broken = folder / "rows.jsonl-b.jsonl.gz"
    more = ("--checkpoint", "8KB", "--workers", workers)
    good = gzip.compress((folder / "rows.jsonl").read_bytes(), mtime=0)
    broken.write_bytes(good[: len(good) // 2])
    out = tmp_path / "out"
    result = command("run", folder, "--output", out, *more)
    assert result.exit_code == 2
    assert "rows.jsonl-b.jsonl.gz: is broken as a compressed file" in result.stderr
    assert "repair it and go on with --resume" in result.stderr
    summary = json.loads((out / "run.json").read_bytes())
    assert [item["name"] for item in summary["unreadable"]] == ["rows.jsonl-b.jsonl.gz"]
    names = [item["name"] for item in summary["inputs"]]
    assert names == ["rows.jsonl", "rows.jsonl-b.jsonl.gz", "rows.jsonl.gz"]
    assert not [name for name in contents(out) if "-b.jsonl" in name]
    assert summary["counts"]["read"] == summary["counts"]["cleaned"] + summary["counts"]["rejected"] > 0

    broken.write_bytes(good)
    assert command("run", folder, "--output", out, "--resume", *more).exit_code == 1
    whole = tmp_path / "whole"
    assert command("run", folder, "--output", whole, *more).exit_code == 1
    assert contents(out) == contents(whole)
    # The repaired file is the run's input from now on.
    assert command("run", folder, "--output", out, "--resume", *more).exit_code == 1


def test_compression_is_a_matter_of_the_file_not_of_its_format(corpus: Path, tmp_path: Path, command: Command) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
    for name in ("crawl.warc", "texts.wet", "page.html", "sub/text.txt"):
        for suffix, pack in packers.items():
            path = tmp_path / "in" / f"as{suffix}" / f"{Path(name).name}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack((corpus / name).read_bytes()))
    out = tmp_path / "out"
    result = command("run", tmp_path / "in", "--output", out, "--pipeline", "rules-only", "--workers", 2)
    assert result.exit_code == 1, result.output
    found: dict[str, dict[str, bytes]] = {}
    for suffix in packers:
        names = {path.name.removesuffix(suffix): path for path in (out / "documents" / f"as{suffix}").iterdir()}
        found[suffix] = {name: _unpacked(path) for name, path in names.items()}
    # A page leaves as plain text.
    assert set(found[""]) == {"crawl.warc.wet", "texts.wet", "page.html.txt", "text.txt"}
    assert found[""] == found[".gz"] == found[".zst"]


def _unpacked(path: Path) -> bytes:
    with opened(str(path)) as stream:
        return stream.read()


def test_two_inputs_for_one_clean_file(tmp_path: Path, command: Command) -> None:
    for name in ("a.html", "a.html.gz"):
        (tmp_path / name).write_bytes(b"<p>Text.</p>")
    result = command("run", tmp_path / "a.html", tmp_path / "a.html.gz", "--output", tmp_path / "out")
    assert result.exit_code == 2
    assert "would both be written to 'a.html.txt'" in result.stderr


def test_parquet_cannot_be_streamed(corpus: Path, command: Command) -> None:
    result = command("run", corpus / "rows.parquet", "--output", "-")
    assert result.exit_code == 2
    assert "Parquet cannot be streamed" in result.stderr


def test_lines_of_json_tell_how_far_a_run_is(tmp_path: Path, command: Command) -> None:
    folder = make(tmp_path / "in", "en", formats=frozenset({".jsonl"}))
    result = command("run", folder, "--output", tmp_path / "out", "--log-json", "--allow-rejects")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [lines[0]["event"], lines[-1]["event"]] == ["start", "end"]
    assert lines[-1]["bytes"] == lines[0]["bytes_total"] == (folder / "rows.jsonl").stat().st_size
    assert lines[-1]["counts"]["read"] == lines[-1]["documents"]
    assert set(lines[-1]["counts"]) >= {"removed_by_category", "removed_by_rule", "documents_by_language"}
