"""Documents are found where the ledger says they must be near, proved by their digests, and never taken for another."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import orjson
import pytest
from click.testing import Result
from runs import as_parquet, as_parquet_documents, ledger_row, write_run, write_summary

from cleaner.errors import CleanerError, ConfigurationError, InputError
from cleaner.review import documents as module
from cleaner.review.items import Filter, Place
from cleaner.review.queue import read_through
from cleaner.review.run import ReviewedRun


def texts(count: int, seed: int = 0) -> list[str]:
    generator = random.Random(seed)
    return [
        f"Report {number}. {'Words of it. ' * generator.randrange(200)}\n⟦donation|Please give {number}!⟧\nEnd: ö{number}."
        for number in range(count)
    ]


def every_text(run: ReviewedRun) -> list[str]:
    places, _ = read_through(run.ledgers, Filter(), 10_000, "0", lambda share: None)
    return [run.found(place).text for place in sorted(places, key=lambda place: random.Random(str(place)).random())]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that a document is many chunks away from where the search begins, and longer than one.
    monkeypatch.setattr(module, "CHUNK", 700)


@pytest.mark.parametrize("name", [lambda n: f"doc-{n}", lambda n: f'ä/{n}/"\\{n}', lambda n: "", lambda n: "same"])
def test_all_are_found(tmp_path: Path, name: object) -> None:
    marked = texts(150)
    run = ReviewedRun(write_run(tmp_path / "out", [(name(number), text) for number, text in enumerate(marked)]))  # type: ignore[operator]
    assert sorted(every_text(run)) == sorted(text.replace("⟦donation|", "").replace("⟧", "") for text in marked)


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from cleaner.review.parquet import ParquetTexts

    marked = texts(60)
    folder = write_run(tmp_path / "out", [(f"d{number}", text) for number, text in enumerate(marked)])
    as_parquet(folder, 7)
    originals = every_text(ReviewedRun(folder))
    assert sorted(originals) == sorted(text.replace("⟦donation|", "").replace("⟧", "") for text in marked)
    as_parquet_documents(folder, 7)
    assert sorted(every_text(ReviewedRun(folder))) == sorted(originals)
    found = list(ParquetTexts(folder / "documents" / "pages.parquet", "text").near(0.5))
    # From the middle to both sides.
    assert [int(text.split()[1][:-1]) // 7 for text in found[::7]][:3] == [4, 3, 5]


def test_compressed_documents_and_blank_lines(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "out", [(f"d{number}", text) for number, text in enumerate(texts(40))])
    path = folder / "documents" / "pages.jsonl"
    content = path.read_bytes().replace(b"\n", b"\n\n")
    path.rename(path.with_name("plain"))
    (folder / "documents" / "pages.jsonl.gz").write_bytes(gzip.compress(content))
    (folder / "ledger" / "pages.jsonl.jsonl").rename(folder / "ledger" / "pages.jsonl.gz.jsonl")
    write_summary(folder, [("pages.jsonl.gz", "pages.jsonl.gz", "jsonl")], 40, {})
    run = ReviewedRun(folder)
    assert len(set(every_text(run))) == 40
    run.close()


def test_a_text_file_is_one_document(tmp_path: Path) -> None:
    text, clean, row = ledger_row("One.\r\n⟦app|Get our app.⟧\r\n", "a.txt", "a.txt")
    (tmp_path / "documents").mkdir()
    (tmp_path / "ledger").mkdir()
    (tmp_path / "documents" / "a.txt").write_text(clean, encoding="utf-8", newline="")
    (tmp_path / "ledger" / "a.txt.jsonl").write_bytes(orjson.dumps(row) + b"\n")
    write_summary(tmp_path, [("a.txt", "a.txt", "text")], 1, {})
    assert ReviewedRun(tmp_path).found(Place(0, 0, "edit", 1)).text == text


def test_a_changed_document_is_not_shown(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "out", [("a", "One.\n⟦app|Get our app.⟧")])
    path = folder / "documents" / "pages.jsonl"
    path.write_bytes(path.read_bytes().replace(b"One.", b"Two."))
    with pytest.raises(InputError, match="was not found as the ledger knows it"):
        ReviewedRun(folder).found(Place(0, 0, "edit", 0))


@pytest.mark.parametrize(
    "place", [Place(1, 0, "edit", 0), Place(0, 1 << 40, "edit", 0), Place(0, 5, "edit", 0), Place(0, 0, "edit", 9)]
)
def test_places_that_are_none(tmp_path: Path, place: Place) -> None:
    run = ReviewedRun(write_run(tmp_path / "out", [("a", "One.\n⟦app|Get our app.⟧")]))
    with pytest.raises(CleanerError):
        run.found(place)


def test_a_folder_without_a_run(tmp_path: Path, command: object) -> None:
    with pytest.raises(ConfigurationError, match="holds no run"):
        ReviewedRun(tmp_path)
    result: Result = command("review", tmp_path)  # type: ignore[operator]
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
