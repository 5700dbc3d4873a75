"""Labelled documents: JSONL rows and marked text."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from cleaner.errors import InputError, RecordError
from cleaner.labelled import Line, from_marked, from_row, read, row

ROW = {
    "id": "a",
    "lang": "en-GB",
    "lines": ["Title", "Body. Donate!", "Follow us"],
    "labels": ["body", "mixed", "social"],
    "mixed": [[2, "Donate!", "donation"]],
    "kind": "page",
    "site": "example.org",
}


def test_rows() -> None:
    labelled = from_row(ROW)
    assert labelled.document.text == "Title\nBody. Donate!\nFollow us"
    assert (labelled.document.id, labelled.document.language) == ("a", "en")
    assert labelled.lines == (Line(0, 5, "body"), Line(6, 19, "mixed"), Line(20, 29, "social"))
    assert labelled.mixed == (Line(12, 19, "donation"),)
    assert (labelled.kind, labelled.site) == ("page", "example.org")


def test_line_numbers_from_zero_are_understood() -> None:
    assert from_row({**ROW, "mixed": [[1, "Donate!", "donation"]]}).mixed == (Line(12, 19, "donation"),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines": None}, "lacks something"),
        ({"labels": ["body"]}, "3 lines but 1 labels"),
        ({"labels": ["body", "mixed", "advert"]}, "there is no label 'advert'"),
        ({"mixed": [[1]]}, "lacks something"),
    ],
)
def test_wrong_rows(change: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        from_row({**ROW, **change})


def test_marked_text() -> None:
    labelled = from_marked("Body. ⟦donation|Give.⟧\n⟦social|Follow\nus⟧\n", "hard-x.txt", "de")
    assert labelled.document.text == "Body. Give.\nFollow\nus\n"
    assert (labelled.document.id, labelled.document.language, labelled.kind) == ("de/hard-x.txt", "de", "hard_negative")
    assert [(labelled.document.text[line.start : line.end], line.label) for line in labelled.lines] == [
        ("Body. ", "body"),
        ("Give.", "donation"),
        ("\n", "body"),
        ("Follow\nus", "social"),
        ("\n", "body"),
    ]


def test_marked_text_to_a_row() -> None:
    labelled = from_marked("Body. ⟦donation|Give.⟧\n⟦social|Follow\nus⟧\n", "x.txt", "de")
    table = row(labelled)
    assert table["labels"] == ["mixed", "social", "social", "body"]
    assert table["mixed"] == [[1, "Give.", "donation"]]
    assert from_row(table).document.text == labelled.document.text


@pytest.mark.parametrize(
    ("marked", "message"), [("⟦x", "never closes"), ("⟦x⟧", "no known category"), ("⟦advert|x⟧", "no known")]
)
def test_wrong_marks(marked: str, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        from_marked(marked, "x.txt")


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "a.txt").write_text("⟦ad|Buy.⟧", encoding="utf-8")
    (tmp_path / "b.jsonl").write_bytes(orjson.dumps(ROW) + b"\n\n")
    (tmp_path / "notes.md").write_text("no document", encoding="utf-8")
    assert [labelled.document.id for labelled in read([tmp_path])] == ["a", "de/a.txt"]


@pytest.mark.parametrize(
    ("content", "suffix", "message"),
    [
        (b"{", ".jsonl", "line 1: is no JSON"),
        (b"{}", ".jsonl", "lacks something"),
        (b"\xff", ".txt", "is not UTF-8 at byte 0"),
        ("⟦".encode(), ".txt", "never closes"),
    ],
)
def test_wrong_files_name_the_file(tmp_path: Path, content: bytes, suffix: str, message: str) -> None:
    path = (tmp_path / "x").with_suffix(suffix)
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        list(read([path]))
    assert "x" + suffix in caught.value.message


def test_a_folder_without_documents(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no labelled documents"):
        list(read([tmp_path]))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read([tmp_path / "absent.jsonl"]))
