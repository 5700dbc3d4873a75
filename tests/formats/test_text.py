"""Text files: one document a file, byte for byte."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cleaner import Pipeline
from cleaner.errors import InputError, RecordError
from cleaner.formats import build, first_document
from cleaner.formats.records import Reject, raw_of, rejected
from cleaner.formats.text import Text


@pytest.mark.parametrize("content", ["One.\r\nTwo.\r\n", "\ufeffOne.", "é\n\n", " ", "😀\u2028x\x0c"])
def test_bytes_stay(content: str) -> None:
    (record,) = Text().read(io.BytesIO(content.encode()), "a.txt")
    assert record.document is not None
    assert record.document.text == content
    cleaned = Pipeline("none").clean(record.document)
    shape = Text()
    clean = shape.write(record, cleaned)
    assert shape.restored(clean, shape.text_of(clean), {}) == content.encode()
    assert list(shape.split(io.BytesIO(clean))) == [clean]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"a\0b", "holds a NUL byte at byte 1"),
        (b"\xff\xfea\0", "NUL byte"),
        ("größe".encode("latin-1"), "is not UTF-8 at byte 2"),
        (b"\xed\xa0\x80", "is not UTF-8 at byte 0"),
    ],
)
def test_rejects(content: bytes, reason: str) -> None:
    (record,) = Text().read(io.BytesIO(content), "a.txt")
    assert record.reject is not None
    assert reason in record.reject.reason
    assert raw_of(record.reject.row()) == content


def test_tracebacks_are_kept_for_what_nobody_foresaw() -> None:
    def reject(error: Exception) -> Reject:
        found = rejected("a", 0, b"", "clean", error).reject
        assert found is not None
        return found

    try:
        raise KeyError("x")
    except KeyError as error:
        unforeseen = reject(error)
    assert unforeseen.reason == "KeyError: 'x'"
    assert "test_text.py" in unforeseen.traceback
    assert reject(RecordError("known")).traceback == ""


def test_the_first_document(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "One"}\n{"id": "2"}\n{"id": "3", "text": "Three"}\n', encoding="utf-8")
    assert first_document(path).text == "One"
    assert first_document(path, "3").text == "Three"
    with pytest.raises(InputError, match="has no field 'text'"):
        first_document(path, "2")
    with pytest.raises(InputError, match="holds no document with the id '4'"):
        first_document(path, "4")


def test_formats_by_name() -> None:
    assert [build(name).name for name in ("text", "jsonl")] == ["text", "jsonl"]
