"""Arrow batches: rows in, as many rows out, and what is carried through untouched."""

from __future__ import annotations

import orjson
import pytest

pa = pytest.importorskip("pyarrow")

from cleaner.engines.arrow import clean_batch  # noqa: E402
from cleaner.engines.rows import Job  # noqa: E402
from cleaner.errors import ConfigurationError  # noqa: E402
from cleaner.formats.rows import Fields  # noqa: E402
from cleaner.ledger import edits_from_rows  # noqa: E402
from cleaner.ledger import restore as put_back  # noqa: E402

pytestmark = pytest.mark.engine
TEXT = "The river rose by two metres.\nSign up for our newsletter!\n"
CLEAN = "The river rose by two metres.\n"
PAGE = "<title>Rain</title><article><p>The river rose by two metres on Monday.</p></article>"


@pytest.fixture(scope="module")
def job() -> Job:
    return Job.of("rules-only")


def test_every_row_has_a_ledger_or_a_reject(job: Job) -> None:
    table = pa.table({"id": ["a", "b", "c"], "text": [TEXT, None, "x"], "html": [None, None, PAGE], "n": [1, 2, 3]})
    result = clean_batch(table, job)
    assert result.column_names == ["id", "text", "n", "ledger", "reject"]
    assert result["text"].to_pylist() == [CLEAN, None, "x"]
    assert [value is None for value in result["ledger"].to_pylist()] == [False, True, False]
    assert [value is None for value in result["reject"].to_pylist()] == [True, False, True]
    assert orjson.loads(result["reject"][1].as_py())["id"] == "b"
    edits = edits_from_rows(orjson.loads(result["ledger"][0].as_py())["edits"])
    assert put_back(CLEAN, edits) == TEXT


@pytest.mark.parametrize("page", [PAGE, PAGE.encode()], ids=["string", "bytes"])
def test_a_row_with_a_page_leaves_with_its_text(job: Job, page: object) -> None:
    result = clean_batch(pa.table({"html": [page], "url": ["https://site.example/rain"]}), job)
    assert result.column_names == ["url", "text", "ledger", "reject"]
    assert result["text"].to_pylist() == ["The river rose by two metres on Monday."]
    assert "raw_sha256" in orjson.loads(result["ledger"][0].as_py())


def test_what_is_carried_is_not_copied(job: Job) -> None:
    table = pa.table({"text": ["x"] * 3, "tags": [["a"], [], None], "when": pa.array([1, 2, 3], pa.timestamp("us"))})
    result = clean_batch(table, job)
    for name in ("tags", "when"):
        assert result.schema.field(name) == table.schema.field(name)
        assert result[name].chunk(0).buffers()[-1].address == table[name].chunk(0).buffers()[-1].address


def test_a_batch_is_as_good_as_a_table_and_may_be_empty(job: Job) -> None:
    table = pa.table({"text": [TEXT, "y"]})
    assert clean_batch(table.to_batches()[0], job) == clean_batch(table, job)
    empty = clean_batch(table.slice(0, 0), job)
    assert (empty.num_rows, empty.column_names) == (0, ["text", "ledger", "reject"])


def test_chunks_and_wide_strings_keep_their_order_and_type(job: Job) -> None:
    column = pa.chunked_array([["a", TEXT], [], ["b"]], pa.large_string())
    result = clean_batch(pa.table({"text": column, "n": pa.chunked_array([[1], [2, 3]])}), job)
    assert result["text"].to_pylist() == ["a", CLEAN, "b"]
    assert {result.schema.field(name).type for name in ("text", "ledger", "reject")} == {pa.large_string()}


def test_a_text_that_is_none_is_a_reject_and_the_column_becomes_one_of_strings(job: Job) -> None:
    result = clean_batch(pa.table({"text": [1, None]}), job)
    assert result.schema.field("text").type == pa.string()
    assert ["type int" in result["reject"][0].as_py(), "no field" in result["reject"][1].as_py()] == [True, True]


def test_a_row_that_was_rejected_before_stays_so(job: Job) -> None:
    result = clean_batch(pa.table({"text": [TEXT, TEXT], "reject": ['{"reason":"before"}', None]}), job)
    assert result["reject"].to_pylist() == ['{"reason":"before"}', None]
    assert result["text"].to_pylist() == [None, CLEAN]


def test_other_names_and_places() -> None:
    job = Job.of("rules-only", fields=Fields("content", "key"), source_field="file", record_field="line")
    table = pa.table({"content": [TEXT, None], "key": [1, None], "file": ["f", "f"], "line": [0, 1]})
    result = clean_batch(table, job)
    assert result.column_names == ["content", "key", "file", "line", "ledger", "reject"]
    ledger, reject = orjson.loads(result["ledger"][0].as_py()), orjson.loads(result["reject"][1].as_py())
    assert (ledger["id"], ledger["source"]) == ("1", "f")
    assert (reject["id"], reject["source"], reject["record"]) == ("f#1", "f", 1)


@pytest.mark.parametrize(
    ("columns", "message"),
    [({"id": ["a"]}, "no column 'text' and none 'html'"), ({"text": ["a"], "ledger": ["b"]}, "rename it first")],
)
def test_columns_that_do_not_fit(job: Job, columns: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clean_batch(pa.table(columns), job)
