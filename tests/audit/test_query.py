"""Questions in SQL: the schema, every recipe, the forms of an answer, wrong queries."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_runs import DOCUMENTS
from click.testing import Result
from support import ROOT

from cleaner.audit import store
from cleaner.audit.query import RECIPES, VIEWS, answer, printable
from cleaner.audit.runs import Run

pytest.importorskip("duckdb")

Command = Callable[..., Result]


def test_the_schema_names_views_columns_and_recipes(command: Command, run: Path) -> None:
    output = command("audit", run, "--sql").output
    assert all(f"\n{view}: " in f"\n{output}" for view in VIEWS)
    assert "removed varchar" in output
    assert all(query in output for _, query in RECIPES)


@pytest.mark.parametrize(("title", "query"), RECIPES, ids=[title for title, _ in RECIPES])
def test_recipes_run(run: Path, title: str, query: str) -> None:
    with store.opened(Run.open(run)) as opened:
        lines = list(answer(opened, query, "jsonl"))
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert lines or "near misses" in title


def test_recipes_of_the_readme_run(run: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    with store.opened(Run.open(run)) as opened:
        for query in block.strip().split(";\n"):
            assert list(answer(opened, query))


def test_views_agree_with_the_ledger(command: Command, run: Path) -> None:
    query = "SELECT id, removed, round(share * characters) = removed AS fits FROM documents ORDER BY id"
    rows = [json.loads(line) for line in command("audit", run, "--sql", query, "--as", "jsonl").output.splitlines()]
    assert len(rows) == len(DOCUMENTS)
    assert all(row["fits"] for row in rows)
    ledger = [json.loads(line) for line in (run / "ledger" / "pages.jsonl.jsonl").open(encoding="utf-8")]
    expected = {
        row["id"]: sum(e["end"] - e["start"] for e in row["edits"] if e["category"] != "space") for row in ledger
    }
    assert {row["id"]: row["removed"] for row in rows} == expected


def test_forms(command: Command, run: Path) -> None:
    query = "SELECT 'a,b\nc' AS text, 2 AS number, NULL AS nothing"
    table = command("audit", run, "--sql", query).output.splitlines()
    assert [line.split() for line in table] == [
        ["text", "number", "nothing"],
        ["-----", "------", "-------"],
        ["a,b", "c", "2"],
    ]
    assert list(csv.reader(command("audit", run, "--sql", query, "--as", "csv").output.splitlines(True))) == [
        ["text", "number", "nothing"],
        ["a,b\nc", "2", ""],
    ]
    assert json.loads(command("audit", run, "--sql", query, "--as", "jsonl").output) == {
        "text": "a,b\nc",
        "number": 2,
        "nothing": None,
    }
    assert command("audit", run, "--sql", "-", "--as", "csv", input="SELECT 1 AS one").output == "one\n1\n"


def test_a_table_stops_and_says_so(command: Command, run: Path) -> None:
    output = command("audit", run, "--sql", "SELECT range AS n FROM range(500)").output
    assert "the first 200 rows" in output
    assert (
        len(command("audit", run, "--sql", "SELECT range AS n FROM range(500)", "--as", "csv").output.splitlines())
        == 501
    )


@pytest.mark.parametrize("query", ["SELEC 1", "SELECT nothing FROM edits", "SELECT * FROM nowhere", "SELECT 1/'x'"])
def test_wrong_queries(command: Command, run: Path, query: str) -> None:
    result = command("audit", run, "--sql", query)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "cleaner audit RUN --sql shows what can be asked" in result.stderr


def test_an_answer_is_no_page(command: Command, run: Path, tmp_path: Path) -> None:
    result = command("audit", run, "--sql", "SELECT 1", "--output", tmp_path / "x.html")
    assert (result.exit_code, "--output is for the page" in result.stderr) == (2, True)


def test_ledgers_of_an_earlier_run_do_not_count(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("a", "b"):
        rows = '{"id": 1, "text": "The river rose."}\n{broken\n'
        (tmp_path / f"{name}.jsonl").write_text(rows, encoding="utf-8")
        assert command("run", tmp_path / f"{name}.jsonl", "--output", out, "--pipeline", "rules-only").exit_code == 1
    for view in ("documents", "rejects"):
        query = f"SELECT count(*) AS n, any_value(source) AS source FROM {view}"
        assert json.loads(command("audit", out, "--sql", query, "--as", "jsonl").output) == {
            "n": 1,
            "source": "b.jsonl",
        }


def test_terminals_are_safe() -> None:
    assert printable("a\x1b[31m\tb\n c\u202e") == "a\\u001b[31m b c\\u202e"


def test_rows_of_any_length(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The row of the guarded document is longer than this: it is read once more, with room.
    monkeypatch.setattr(store, "LARGEST", 2048)
    with store.opened(Run.open(run)) as opened:
        assert opened.ask("SELECT count(*) FROM documents") == [(len(DOCUMENTS),)]


def test_a_broken_ledger(command: Command, tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "a.jsonl").write_text("{broken", encoding="utf-8")
    for arguments in ((), ("--sql", "SELECT * FROM documents")):
        result = command("audit", tmp_path, *arguments)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert "the ledgers cannot be read" in result.stderr


def test_without_duckdb(command: Command, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    result = command("audit", run)
    assert result.exit_code == 2
    assert "pip install 'article-cleaner[audit]'" in result.stderr
