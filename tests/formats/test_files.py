"""Inputs by name, compression, and outputs that appear only when whole."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard
from mixed_corpus import make

from cleaner.errors import ConfigurationError, InputError
from cleaner.formats.files import discover, format_of, opened
from cleaner.formats.output import Output


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.txt", "text"),
        ("a.md", "text"),
        ("a.TXT", "text"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.jsonl.zst", "jsonl"),
        ("a.html", "html"),
        ("a.pdf", None),
        ("a", None),
        (".gz", None),
    ],
)
def test_formats(name: str, format: str | None) -> None:
    assert format_of(name) == format


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "sub/a.txt", "sub/c.jsonl", "sub/notes.pdf"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return tmp_path / "in"


def names(*inputs: object, wanted: str | None = None) -> list[str]:
    return [item.name for item in discover([str(item) for item in inputs], wanted)]


def test_folders_files_and_globs(folder: Path) -> None:
    assert names(folder) == ["a.txt", "b.txt", "sub/a.txt", "sub/c.jsonl"]
    assert names(folder / "b.txt", folder / "a.txt") == ["b.txt", "a.txt"]
    assert names(f"{folder}/*.txt") == ["a.txt", "b.txt"]
    assert names(f"{folder}/**/c.jsonl") == ["c.jsonl"]
    assert names(folder / "a.txt", folder / "a.txt") == ["a.txt"]
    assert names("-") == ["stdin.txt"]
    assert names("-", wanted="jsonl") == ["stdin.jsonl"]


def test_hidden_files_count_only_by_their_own_name(folder: Path) -> None:
    for name in (".dot.txt", "._a.txt", ".git/a.txt", "sub/.cache/a.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    assert names(folder) == ["a.txt", "b.txt", "sub/a.txt", "sub/c.jsonl"]
    assert names(folder / ".dot.txt") == [".dot.txt"]
    assert names(folder / ".git") == ["a.txt"]


def test_what_an_earlier_run_wrote_is_no_input(folder: Path) -> None:
    output = folder / "clean"
    (output / "documents").mkdir(parents=True)
    (output / "documents" / "a.txt").write_text("x", encoding="utf-8")
    given = [str(folder), f"{folder}/**/*.txt"]
    before = [item.path for item in discover(given, output=folder / "elsewhere")]
    after = [item.path for item in discover(given, output=output)]
    assert [path for path in before if "clean" not in path] == after
    assert len(before) == len(after) + 1
    assert names(output) == ["documents/a.txt"]
    with pytest.raises(ConfigurationError, match="is an input, too"):
        discover([str(folder)], output=folder / "sub" / "..")


def test_a_format_that_is_asked_for_counts_in_folders(folder: Path) -> None:
    assert names(folder, wanted="text") == ["a.txt", "b.txt", "sub/a.txt", "sub/c.jsonl", "sub/notes.pdf"]


def test_a_folder_that_cannot_be_read_is_not_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(InputError, match="sub: Permission denied"):
        names(folder)


def test_a_name_that_is_not_utf8(folder: Path) -> None:
    try:
        with open(os.fsencode(folder / "b") + b"\xff.txt", "wb"):
            pass
    except OSError:
        pytest.skip("this file system has no such names")
    with pytest.raises(ConfigurationError, match="is not UTF-8"):
        names(folder)


def test_files_of_one_name_keep_apart(folder: Path) -> None:
    assert names(folder / "a.txt", folder / "sub" / "a.txt") == ["a.txt", "sub/a.txt"]


def test_sizes(folder: Path) -> None:
    (item,) = discover([str(folder / "a.txt")])
    assert item.size == 1
    (item,) = discover(["-"], "text")
    assert item.size == 0


def test_what_cannot_be_an_input(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for item, message in (
        (folder / "absent.txt", "there is no input"),
        (folder / "*.csv", "there is no input"),
        (tmp_path / "empty", "holds no file of a known format"),
        (folder / "sub" / "notes.pdf", "is not known by its suffix"),
        ("", "empty name"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            names(item)
    assert names(folder / "sub" / "notes.pdf", wanted="text") == ["notes.pdf"]
    with pytest.raises(ConfigurationError, match="from standard input"):
        names("-", wanted="parquet")


@pytest.mark.parametrize("form", ["warc", "wet", "text", "jsonl"])
def test_a_pipe_is_read_as_a_file_is(form: str, tmp_path: Path) -> None:
    if form in ("warc", "wet"):
        pytest.importorskip("fastwarc")
    source = make(tmp_path / "in", "en", formats=frozenset({".warc", ".wet", ".txt", ".jsonl"}))
    files = (path for path in sorted(source.rglob("*")) if format_of(path.name) == form)
    path = next(path for path in files if path.name != "bad.txt" and path.suffix != ".gz")
    command = [sys.executable, "-m", "cleaner", "run", "--quiet", "--pipeline", "rules-only", "--output"]
    subprocess.run([*command, tmp_path / "file", path], check=False)
    arguments = [*command, tmp_path / "pipe", "-", "--format", form]
    result = subprocess.run(arguments, input=path.read_bytes(), capture_output=True, check=False)
    assert b"Traceback" not in result.stderr
    (there,) = (tmp_path / "file" / "documents").rglob("*.*")
    (here,) = (tmp_path / "pipe" / "documents").rglob("*.*")
    assert here.read_bytes() == there.read_bytes()


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputError, match="is closed"), opened("-"):
        pass


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_outputs_come_back(tmp_path: Path, suffix: str) -> None:
    content = ("Zeile ß\n" * 50_000).encode()
    path = tmp_path / "deep" / f"a.txt{suffix}"
    output = Output(path)
    for start in range(0, len(content), 70_000):
        output.write(content[start : start + 70_000])
    assert not path.exists()
    output.finish()
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    with opened(str(path)) as stream:
        assert stream.read() == content


def test_the_same_content_gives_the_same_compressed_bytes(tmp_path: Path) -> None:
    for suffix in (".gz", ".zst"):
        found = set()
        for name in ("a", "b"):
            output = Output(tmp_path / f"{name}{suffix}")
            output.write(b"content" * 100)
            output.finish()
            found.add(output.path.read_bytes())
        assert len(found) == 1


def test_files_of_several_frames_are_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one ") + gzip.compress(b"two"))
    compressor = zstandard.ZstdCompressor()
    (tmp_path / "a.zst").write_bytes(compressor.compress(b"one ") + compressor.compress(b"two"))
    for name in ("a.gz", "a.zst"):
        with opened(str(tmp_path / name)) as stream:
            assert stream.read() == b"one two"
    # A frame that holds nothing for readers, one without content, and many large ones.
    skipped = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    large = b"".join(compressor.compress(bytes([n]) * 300_000) for n in range(9))
    (tmp_path / "b.zst").write_bytes(skipped + compressor.compress(b"") + large + skipped)
    with opened(str(tmp_path / "b.zst")) as stream:
        assert stream.read() == b"".join(bytes([n]) * 300_000 for n in range(9))


def test_nothing_written_nothing_appears(tmp_path: Path) -> None:
    Output(tmp_path / "a.txt").finish()
    output = Output(tmp_path / "b.txt")
    output.write(b"half")
    output.discard()
    assert list(tmp_path.iterdir()) == []


def test_outputs_that_cannot_be_written(read_only: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        Output(read_only / "a.txt").write(b"x")
    target = tmp_path / "a.txt"
    target.mkdir()
    output = Output(target)
    output.write(b"x")
    with pytest.raises(InputError, match="cannot be written"):
        output.finish()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = Output(tmp_path / "a.txt")
    monkeypatch.setattr(output, "_temporary", Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda self: None)
    with pytest.raises(InputError, match="No space left on device"):
        for _ in range(100):
            output.write(b"x" * 100_000)
        output.finish()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gz", b"no gzip"),
        ("a.gz", gzip.compress(b"x" * 10_000)[:-9]),
        ("a.zst", b"no zstandard"),
        ("a.gz", gzip.compress(os.urandom(10_000))[:5000] + b"x" * 5000),
    ],
)
def test_broken_compression(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="is broken as a compressed file"), opened(str(path)) as stream:
        stream.read()


def test_a_missing_file() -> None:
    with pytest.raises(InputError, match=r"absent\.txt: No such file"), opened("absent.txt"):
        pass
