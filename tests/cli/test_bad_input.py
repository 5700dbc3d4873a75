"""Bad input through the real command: one clear line, the right exit code, every good record cleaned, no traceback."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

TEXT = "The river rose by two metres.\nSign up for our newsletter!\n"
GOOD = json.dumps({"id": "good", "language": "en", "text": TEXT}) + "\n"


def cleaner(*arguments: object, code: int, input: bytes | None = None) -> str:
    """Run the command in a process of its own; check the exit code and return what it said on standard error."""
    result = subprocess.run(
        [sys.executable, "-m", "cleaner", *map(str, arguments)], input=input, capture_output=True, check=False
    )
    said = result.stderr.decode()
    assert result.returncode == code, said
    assert "Traceback" not in said
    assert result.stdout == b""
    return said


def one_line(said: str) -> str:
    assert said.count("\n") == 1, said
    assert said.startswith("cleaner: ")
    return said


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", bytes(range(256)), "holds a NUL byte at byte 0"),
        ("a.txt", b"text\0text", "holds a NUL byte at byte 4"),
        ("a.txt", b"caf\xe9 au lait", "is not UTF-8 at byte 3"),
        ("a.jsonl", b"\x89PNG\r\n\x1a\n\0\0", "no JSON"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.jsonl").write_text(GOOD, encoding="utf-8")
    out = tmp_path / "out"
    said = cleaner("run", tmp_path / name, tmp_path / "good.jsonl", "--output", out, code=1)
    assert "1 cleaned" in said
    rejects = [json.loads(row) for row in (out / "rejects" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert reason in rejects[0]["reason"]
    assert not (out / "documents" / name).exists()
    assert "Sign up" not in (out / "documents" / "good.jsonl").read_text(encoding="utf-8")


def test_an_empty_jsonl_file_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert "0 read" in cleaner("run", tmp_path / "a.jsonl", "--output", tmp_path / "out", code=0)


def test_bad_lines_in_the_middle(tmp_path: Path) -> None:
    bad = [
        b'{"id": "b1", "text": "cut off\n',
        b'{"id": "b2"}\n',
        b'{"id": "b3", "text": ["x"]}\n',
        b'{"id": "b4", "text": null}\n',
    ]
    bad += [
        b'{"id": "b5", "text": "\\ud83d"}\n',
        b'{"id": "b6", "text": "\xff"}\n',
        b'{"id": "b7", "text": "a\0b"}\n',
        b"17\n",
    ]
    (tmp_path / "a.jsonl").write_bytes(GOOD.encode() + b"".join(bad) + GOOD.encode())
    out = tmp_path / "out"
    said = cleaner("run", tmp_path / "a.jsonl", "--output", out, code=1)
    assert "10 read, 2 cleaned (2 with removals), 8 rejected" in said
    assert len((out / "documents" / "a.jsonl").read_bytes().splitlines()) == 2
    assert len((out / "rejects" / "a.jsonl.jsonl").read_bytes().splitlines()) == 8
    cleaner("restore", out, "--output", tmp_path / "back", code=0)
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == (tmp_path / "a.jsonl").read_bytes()


def test_escaped_nul_is_a_character_like_others(tmp_path: Path) -> None:
    row = json.dumps({"id": "n", "language": "en", "text": f"\0{TEXT}"}) + "\n"
    (tmp_path / "a.jsonl").write_text(row, encoding="utf-8")
    cleaner("run", tmp_path / "a.jsonl", "--output", tmp_path / "out", code=0)
    assert (
        json.loads((tmp_path / "out" / "documents" / "a.jsonl").read_bytes())["text"] == f"\0{TEXT.splitlines()[0]}\n"
    )
    cleaner("restore", tmp_path / "out", "--output", tmp_path / "back", code=0)
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == (tmp_path / "a.jsonl").read_bytes()


def test_a_line_of_fifty_megabytes(tmp_path: Path) -> None:
    text = (
        ("The river rose by two metres and fell again. " * 20).strip() + "\n"
    ) * 55_000 + "Sign up for our newsletter!\n"
    assert len(text) > 49_000_000
    row = json.dumps({"id": "big", "language": "en", "text": text}) + "\n"
    (tmp_path / "a.jsonl").write_text(row + GOOD, encoding="utf-8")
    out = tmp_path / "out"
    assert "2 cleaned (2 with removals)" in cleaner("run", tmp_path / "a.jsonl", "--output", out, code=0)
    with (out / "documents" / "a.jsonl").open("rb") as stream:
        assert len(stream.readline()) == len(row) - len("Sign up for our newsletter!\\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("absent.txt",), "there is no input"),
        (("*.absent",), "there is no input"),
        (("good.jsonl", "--pipeline", "standrad"), "there is no pipeline 'standrad' (did you mean 'standard'?"),
        (("good.jsonl", "--pipeline", "absent.toml"), "cannot be read"),
        (("good.jsonl", "--rules", "absent"), "there is no rules folder"),
        (("good.jsonl", "--rules", "packs"), "unknown key 'becuase' (did you mean 'because'?"),
        (("file.pdf",), "is not known by its suffix"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "good.jsonl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "file.pdf").write_text("x", encoding="utf-8")
    (tmp_path / "packs" / "ad").mkdir(parents=True)
    (tmp_path / "packs" / "ad" / "en.toml").write_text('[[rule]]\nid = "x"\nbecuase = "x"\n', encoding="utf-8")
    given = [tmp_path / part if "." in part or part in ("packs", "absent") else part for part in arguments]
    said = one_line(cleaner("run", *given, "--output", tmp_path / "out", code=2))
    assert message in said
    assert not (tmp_path / "out" / "documents").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", b"no gzip"),
        ("a.jsonl.gz", gzip.compress(GOOD.encode() * 999)[:-20]),
        ("a.jsonl.zst", b"no frame"),
        ("a.jsonl.zst", zstandard.compress(GOOD.encode() * 999)[:-5]),
        ("a.jsonl.zst", zstandard.compress(GOOD.encode()) + zstandard.compress(GOOD.encode())[:9]),
        ("a.jsonl.zst", zstandard.compress(GOOD.encode()) + b"no frame"),
    ],
)
def test_broken_compression(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    said = one_line(cleaner("run", tmp_path / name, "--output", tmp_path / "out", code=2))
    assert "is broken as a compressed file" in said
    assert not (tmp_path / "out" / "documents" / name).exists()


def test_an_output_that_cannot_be_written(tmp_path: Path, read_only: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD, encoding="utf-8")
    said = one_line(cleaner("run", tmp_path / "a.jsonl", "--output", read_only, code=2))
    assert "cannot be written" in said


def test_an_output_over_its_input(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.jsonl").write_text(GOOD, encoding="utf-8")
    said = one_line(cleaner("run", tmp_path / "documents" / "a.jsonl", "--output", tmp_path, code=2))
    assert "would overwrite the input" in said
    assert (tmp_path / "documents" / "a.jsonl").read_text(encoding="utf-8") == GOOD


def test_a_full_disk(tmp_path: Path, tiny_disk: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD * 3000, encoding="utf-8")
    said = one_line(cleaner("run", tmp_path / "a.jsonl", "--output", tiny_disk / "out", code=2))
    assert "No space left on device" in said
    assert "go on with --resume" in said
    names = [path.name for path in (tiny_disk / "out").rglob("*") if path.is_file()]
    assert all(name == "journal.jsonl" or name.endswith(".part") for name in names), names


@pytest.mark.parametrize("rows", [1, 100, 3000], ids=["at the end", "buffered at the end", "on the way"])
def test_a_device_that_is_full(tmp_path: Path, rows: int) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    (tmp_path / "a.jsonl").write_text(GOOD * rows, encoding="utf-8")
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "cleaner", "run", tmp_path / "a.jsonl", "--output", "-", "--quiet"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert result.returncode == 2, result.stderr
    assert one_line(result.stderr.decode()) == "cleaner: standard output: No space left on device\n"


@pytest.mark.parametrize("option", [("--workers", 2), ("--resume",), ("--deadline", 1), ("--memory-limit", "2GB")])
def test_options_that_mean_nothing_without_files(tmp_path: Path, option: tuple[object, ...]) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD, encoding="utf-8")
    said = one_line(cleaner("run", tmp_path / "a.jsonl", "--output", "-", *option, code=2))
    assert f"{option[0]} does not go with standard output" in said
