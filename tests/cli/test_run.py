"""``cleaner run`` and ``cleaner restore``: files in, clean files, ledgers and rejects out, and all of it back."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import Result

from cleaner.formats.files import opened

Command = Callable[..., Result]
BODY = "The river rose by two metres."
APPEAL = "Sign up for our newsletter!"


def line(number: int, text: str = f"{BODY}\n{APPEAL}\n", **more: object) -> str:
    return json.dumps({"id": f"d{number}", "language": "en", "text": text, **more}, ensure_ascii=False) + "\n"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(f"{BODY}\n{APPEAL}\n", encoding="utf-8", newline="")
    (folder / "b.jsonl").write_text(line(1) + "\n" + line(2, BODY) + line(3, extra={"text": APPEAL}), encoding="utf-8")
    (folder / "sub" / "c.jsonl.gz").write_bytes(gzip.compress(line(4).encode()))
    (folder / "sub" / "d.jsonl.zst").write_bytes(zstandard.compress(line(5).encode()))
    return folder


def test_a_run_and_its_way_back(corpus: Path, tmp_path: Path, command: Command) -> None:
    out, back = tmp_path / "out", tmp_path / "back"
    result = command("run", corpus, "--output", out)
    assert result.exit_code == 0, result.output
    assert "6 read, 6 cleaned (5 with removals), 0 rejected" in result.stderr
    assert result.stdout == ""
    assert (out / "documents" / "a.txt").read_text(encoding="utf-8") == f"{BODY}\n"
    clean = (
        rows(out / "documents" / "b.jsonl") if False else (out / "documents" / "b.jsonl").read_text(encoding="utf-8")
    )
    assert clean == line(1, f"{BODY}\n") + "\n" + line(2, BODY) + line(3, f"{BODY}\n", extra={"text": APPEAL})
    assert gzip.decompress((out / "documents" / "sub" / "c.jsonl.gz").read_bytes()).decode() == line(4, f"{BODY}\n")
    assert not (out / "rejects").exists()
    ledger = rows(out / "ledger" / "b.jsonl.jsonl")
    assert [row["id"] for row in ledger] == ["d1", "d2", "d3"]
    assert {edit["category"] for edit in ledger[0]["edits"]} == {"newsletter", "space"}
    assert all(edit["rule"] and edit["because"] for edit in ledger[0]["edits"])
    summary = json.loads((out / "run.json").read_bytes())
    assert summary["counts"]["read"] == summary["counts"]["cleaned"] + summary["counts"]["rejected"] == 6
    assert summary["pipeline"]["digest"] == ledger[0]["pipeline"]

    result = command("restore", out, "--output", back)
    assert result.exit_code == 0, result.output
    assert "6 documents restored" in result.stderr
    for path in (item for item in corpus.rglob("*") if item.is_file()):
        there, here = (folder / path.relative_to(corpus) for folder in (corpus, back))
        opener = {".gz": gzip.decompress, ".zst": zstandard.decompress}.get(path.suffix, bytes)
        if path.suffix == ".zst":
            opener = lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)  # noqa: E731
        assert sha256(opener(there.read_bytes())).digest() == sha256(opener(here.read_bytes())).digest(), path


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.txt.zst", "a.html", "a.jsonl"])
def test_a_document_without_anything_left_has_an_empty_file(name: str, tmp_path: Path, command: Command) -> None:
    content = {"a.html": f"<p>{APPEAL}</p>", "a.jsonl": ""}.get(name, APPEAL).encode()
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}.get(Path(name).suffix, bytes)
    (tmp_path / name).write_bytes(pack(content))
    out, back = tmp_path / "out", tmp_path / "back"
    assert command("run", tmp_path / name, "--output", out, "--pipeline", "rules-only").exit_code == 0
    if name != "a.jsonl":
        (clean,) = (path for path in (out / "documents").iterdir())
        with opened(str(clean)) as stream:
            assert stream.read() == b""
    assert command("restore", out, "--output", back).exit_code == 0
    (restored,) = back.iterdir()
    with opened(str(restored)) as stream:
        assert stream.read() == (APPEAL.encode() if name == "a.html" else content)


@pytest.mark.parametrize("place", [".", "documents", "documents/sub", "ledger"])
def test_originals_never_overwrite_the_run(place: str, corpus: Path, tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out"
    assert command("run", corpus, "--output", out, "--pipeline", "rules-only").exit_code == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    result = command("restore", out, "--output", out / place)
    assert (result.exit_code, "would overwrite the run" in result.stderr) == (2, True), result.output
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert command("restore", out, "--output", out / "originals").exit_code == 0


def test_the_same_input_gives_the_same_bytes(corpus: Path, tmp_path: Path, command: Command) -> None:
    found = []
    for name in ("one", "two"):
        assert command("run", corpus, "--output", tmp_path / name).exit_code == 0
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file() and path.name != "run.json")
        found.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in files])
    assert found[0] == found[1]


def test_rejects_do_not_stop_the_others(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "a.jsonl"
    bad = [
        "{broken\n",
        '{"id": "x", "body": "no text"}\n',
        '{"id": "y", "text": 3}\n',
        '{"text": "\\ud800"}\n',
        "[1]\n",
    ]
    path.write_text(line(1) + "".join(bad) + line(2), encoding="utf-8")
    out = tmp_path / "out"
    result = command("run", path, "--output", out)
    assert result.exit_code == 1
    assert "7 read, 2 cleaned (2 with removals), 5 rejected" in result.stderr
    assert [row["id"] for row in rows(out / "documents" / "a.jsonl")] == ["d1", "d2"]
    rejects = rows(out / "rejects" / "a.jsonl.jsonl")
    assert [row["raw"] for row in rejects] == bad
    assert [row["record"] for row in rejects] == [1, 2, 3, 4, 5]
    assert all(row["reason"] and row["stage"] == "read" for row in rejects)
    assert command("run", path, "--output", out, "--allow-rejects").exit_code == 0
    assert command("restore", out, "--output", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == path.read_bytes()


def test_a_second_run_leaves_nothing_of_the_first(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{broken\n", encoding="utf-8")
    out = tmp_path / "out"
    assert command("run", path, "--output", out).exit_code == 1
    assert (out / "rejects" / "a.jsonl.jsonl").exists()
    path.write_text(line(1), encoding="utf-8")
    assert command("run", path, "--output", out).exit_code == 0
    assert not (out / "rejects" / "a.jsonl.jsonl").exists()


def test_a_run_inside_its_input_does_not_read_what_it_wrote(corpus: Path, command: Command) -> None:
    for _ in range(2):
        result = command("run", corpus, "--output", corpus / "clean")
        assert (result.exit_code, result.stderr.split(",")[0]) == (0, "6 read"), result.output
    result = command("run", corpus, "--output", "")
    assert (result.exit_code, "is empty" in result.stderr) == (2, True), result.output


def test_streams(command: Command) -> None:
    result = command("run", "-", "--output", "-", "--quiet", input=f"{BODY}\n{APPEAL}\n")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{BODY}\n", "")
    result = command("run", "-", "--output", "-", "--format", "jsonl", input=line(1) + "{\n" + line(2, BODY))
    assert result.stdout == line(1, f"{BODY}\n") + line(2, BODY)
    assert "stdin.jsonl, record 1: the line is no JSON" in result.stderr
    assert result.exit_code == 1


def test_a_dry_run_writes_nothing(corpus: Path, tmp_path: Path, command: Command) -> None:
    result = command("run", corpus, "--output", tmp_path / "out", "--dry-run")
    assert result.exit_code == 0
    assert "dry run: nothing was written" in result.stderr
    assert not (tmp_path / "out").exists()


def test_named_fields_and_language(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"key": 5, "body": f"{BODY}\n{APPEAL}", "lang": "en"}) + "\n", encoding="utf-8")
    options = ("--text-field", "body", "--id-field", "key", "--language-field", "lang")
    assert command("run", path, "--output", tmp_path / "out", *options).exit_code == 0
    assert rows(tmp_path / "out" / "documents" / "a.jsonl") == [{"key": 5, "body": BODY, "lang": "en"}]
    (row,) = rows(tmp_path / "out" / "ledger" / "a.jsonl.jsonl")
    assert (row["id"], row["language"]) == ("5", "en")
    assert command("restore", tmp_path / "out", "--output", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == path.read_bytes()


def test_pipelines_and_further_rules(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{BODY}\n{APPEAL}\nBuy my own hat.\n", encoding="utf-8")
    (tmp_path / "rules" / "ad").mkdir(parents=True)
    pack = '[[rule]]\nid = "hat"\nbecause = "It sells a hat."\nany = ["my own hat"]\nhits = ["⟦Buy my own hat⟧"]\nmisses = ["Hat."]\n'
    (tmp_path / "rules" / "ad" / "en.toml").write_text(pack, encoding="utf-8")
    out = tmp_path / "out" / "documents" / "a.txt"
    assert command("run", path, "--output", tmp_path / "out", "--rules", tmp_path / "rules").exit_code == 0
    assert out.read_text(encoding="utf-8") == f"{BODY}\n"
    assert command("run", path, "--output", tmp_path / "out", "--pipeline", "careful").exit_code == 0
    assert out.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda out: (out / "documents" / "a.txt").write_text("other", encoding="utf-8"),
            "was changed after it was cleaned",
        ),
        (lambda out: (out / "ledger" / "a.txt.jsonl").unlink(), "the ledger has fewer rows than there are documents"),
        (lambda out: (out / "run.json").unlink(), "holds no run"),
        (lambda out: (out / "run.json").write_text("{}", encoding="utf-8"), "holds no run"),
        (lambda out: (out / "ledger" / "a.txt.jsonl").write_text("{", encoding="utf-8"), "a.txt"),
    ],
)
def test_what_cannot_be_restored(
    corpus: Path, tmp_path: Path, command: Command, change: Callable[[Path], object], message: str
) -> None:
    out = tmp_path / "out"
    assert command("run", corpus / "a.txt", "--output", out).exit_code == 0
    change(out)
    result = command("restore", out, "--output", tmp_path / "back")
    assert result.exit_code in (1, 2), result.output
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "back" / "a.txt").exists()
