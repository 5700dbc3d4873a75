"""The data of the page: counts that agree with the run, samples that are true, sizes that are bounded."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import zstandard
from audit_runs import DOCUMENTS, run_of
from runs import write_run

from cleaner.audit import report as reports
from cleaner.audit.excerpts import LEFT_OUT, THIS
from cleaner.audit.page import encoded, render
from cleaner.audit.report import report
from cleaner.audit.runs import Run
from cleaner.audit.store import opened
from cleaner.cli.main import cli
from cleaner.errors import ConfigurationError

pytest.importorskip("duckdb")


def data_of(run: Path, seed: int = 1, each: int = 8) -> dict[str, Any]:
    with opened(Run.open(run)) as store:
        return report(store, seed, each)


def ledger(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "ledger" / "pages.jsonl.jsonl").open(encoding="utf-8")]


@pytest.fixture(scope="module")
def data(run: Path) -> dict[str, Any]:
    return data_of(run)


def test_totals_are_those_of_the_run(run: Path, data: dict[str, Any]) -> None:
    counts = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    totals = data["totals"]
    assert [totals[key] for key in ("read", "cleaned", "rejected", "flags", "characters")] == [
        counts[key] for key in ("read", "cleaned", "rejected", "flags", "characters")
    ]
    assert totals["removed"] + totals["formatting"] == counts["characters_removed"]
    assert totals["guarded"] == 1
    assert totals["read"] == len(DOCUMENTS) + 2


def test_tables_add_up(run: Path, data: dict[str, Any]) -> None:
    totals, tables = data["totals"], data["tables"]
    for column in ("category", "rule", "language", "site", "source"):
        assert sum(row["removed"] for row in tables[column]) == totals["removed"], column
        assert sum(row["flags"] for row in tables[column]) == totals["flags"], column
    assert sum(each["documents"] for each in data["shares"]) == totals["cleaned"]
    taken = Counter(edit["rule"] for row in ledger(run) for edit in row["edits"] if edit["category"] != "space")
    assert {row["name"]: row["removals"] for row in tables["rule"] if row["removals"]} == taken


def test_sites_are_hosts_without_www(data: dict[str, Any]) -> None:
    sites = {row["name"]: row["documents"] for row in data["tables"]["site"]}
    assert sites["site0.example"] == sites["site2.example"] == 4


def test_samples_show_what_the_ledger_says(run: Path, data: dict[str, Any]) -> None:
    rows = {row["id"]: row for row in ledger(run)}
    assert {"removed", "flagged"} == {item["kind"] for item in data["samples"]}
    for item in data["samples"]:
        if item["id"].startswith("hostile") or item["id"] == "long":
            continue
        found = rows[item["id"]]["edits" if item["kind"] == "removed" else "flags"]
        (edit,) = [
            edit for edit in found if [edit["start"], edit["end"]] == item["at"] and edit["rule"] == item["rule"]
        ]
        assert "".join(text for mask, text in item["parts"] if mask & THIS) == edit["removed"]
        # The context is there: the document was found and restored.
        assert len(item["parts"]) > 1


def test_a_seed_draws_the_same_and_another_seed_others(run: Path, data: dict[str, Any]) -> None:
    again, other = data_of(run), data_of(run, seed=2, each=1)
    assert encoded(again) == encoded(data)
    assert [item["at"] + [item["id"]] for item in other["samples"]] != [
        item["at"] + [item["id"]] for item in data_of(run, seed=1, each=1)["samples"]
    ]


def test_every_rule_has_a_sample_and_none_more_than_asked_for(run: Path) -> None:
    data = data_of(run, each=2)
    drawn = Counter((item["kind"], item["rule"]) for item in data["samples"])
    assert {rule for _, rule in drawn} == {row["name"] for row in data["tables"]["rule"]}
    assert max(drawn.values()) == 2


def test_room_bounds_samples_and_the_first_round_stays(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = data_of(run)["samples"]
    room = sum(len(encoded(item).encode()) + 1 for item in every[:3])
    assert reports.fitting(every, room) == every[:3]
    assert reports.fitting(every, room - 1) == every[:2]


def test_a_removal_of_a_megabyte_is_shown_in_part(tmp_path: Path) -> None:
    long = "word </script> \u202e" * 70_000
    run = write_run(tmp_path / "out", [("<b>id</b>", f"Before.\n⟦donation|{long}⟧\nAfter.\n⟦flagad|{long}⟧\n")])
    data = data_of(run)
    assert {item["kind"] for item in data["samples"]} == {"removed", "flagged"}
    for item in data["samples"]:
        assert item["at"][1] - item["at"][0] == len(long)
        assert any(mask == LEFT_OUT for mask, _ in item["parts"])
    assert len(encoded(data)) < 60_000


def test_a_page_stays_below_five_megabytes_whatever_the_ledger_says(tmp_path: Path) -> None:
    run = write_run(tmp_path / "out", [("1", "Text.\n⟦ad|Buy it.⟧\n")])
    path = run / "ledger" / "pages.jsonl.jsonl"
    row, long = json.loads(path.read_text(encoding="utf-8")), "<" * 3000
    (edit, *_) = row["edits"]
    with path.open("w", encoding="utf-8") as ledger:
        for number in range(500):
            name = f"{number}{long}"
            cuts = [{**edit, **dict.fromkeys(("category", "rule", "stage", "because", "removed", "inserted"), name)}]
            names = dict.fromkeys(("id", "source", "language", "guard", "pipeline", "version"), name)
            ledger.write(json.dumps({**row, **names, "url": f"x://{name}", "edits": cuts, "flags": cuts}) + "\n")
    (run / "rejects").mkdir()
    reject = {"record": 1, **dict.fromkeys(("id", "source", "stage", "reason", "traceback", "raw"), long)}
    (run / "rejects" / "a.jsonl").write_text(f"{json.dumps(reject)}\n" * 100, encoding="utf-8")
    size = len(render(data_of(run, each=50)).encode())
    assert 2_500_000 < size < 5_000_000


def test_tables_of_many_names_end_with_the_rest(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(reports.summary.MOST, "site", 2)
    data = data_of(run)
    first, rest = data["tables"]["site"]
    assert first["name"] is None or first["documents"] >= 4
    assert rest["others"] > 1
    assert rest["name"] is None
    assert first["removed"] + rest["removed"] == data["totals"]["removed"]


def test_rejects_and_guarded_documents(data: dict[str, Any]) -> None:
    assert {item["raw"].strip() for item in data["rejects"]["records"]} == {"</script> 0", "</script> 1"}
    (guarded,) = data["guarded"]
    assert guarded["id"] == "guarded"
    assert guarded["guard"].startswith("the document would lose")
    assert guarded["parts"]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_ledgers(run: Path, tmp_path: Path, suffix: str, data: dict[str, Any]) -> None:
    import gzip

    copy = tmp_path / "out"
    shutil.copytree(run, copy)
    path = copy / "ledger" / "pages.jsonl.jsonl"
    raw = path.read_bytes()
    pack = gzip.compress if suffix == ".gz" else zstandard.ZstdCompressor().compress
    path.with_name(path.name + suffix).write_bytes(pack(raw))
    path.unlink()
    assert encoded(data_of(copy)) == encoded(data)


def test_parquet_ledgers(tmp_path: Path, data: dict[str, Any]) -> None:
    pytest.importorskip("pyarrow")
    other = data_of(run_of(tmp_path, DOCUMENTS, "--ledger-format", "parquet"))
    # When a run began and how long it took is its own.
    assert {key: value for key, value in other.items() if key != "run"} == {
        key: value for key, value in data.items() if key != "run"
    }


def test_parquet_documents_give_the_context(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [{"id": row["id"], "url": row.get("url"), "text": row["text"]} for row in DOCUMENTS]
    parquet.write_table(arrow.Table.from_pylist([{**rows[0], "text": None}, *rows]), tmp_path / "pages.parquet")
    arguments = ["run", str(tmp_path / "pages.parquet"), "--output", str(tmp_path / "out"), "--pipeline", "rules-only"]
    cli.main([*arguments, "--allow-rejects", "--quiet"], standalone_mode=False)
    data = data_of(tmp_path / "out")
    assert (data["totals"]["cleaned"], data["totals"]["rejected"]) == (len(DOCUMENTS), 1)
    assert all(len(item["parts"]) > 1 for item in data["samples"] if item["kind"] == "removed")


def test_sites_come_from_the_address_of_a_record(tmp_path: Path) -> None:
    address = "https://www.Paper.example:8080/a"
    rows = [{**row, "id": str(number), "url": address} for number, row in enumerate(DOCUMENTS)]
    (site,) = data_of(run_of(tmp_path, rows))["tables"]["site"]
    assert (site["name"], site["documents"]) == ("paper.example", len(DOCUMENTS))


def test_without_documents_the_removed_text_is_still_shown(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(run, copy)
    shutil.rmtree(copy / "documents")
    data = data_of(copy)
    assert data["samples"]
    assert all(mask & THIS for item in data["samples"] for mask, text in item["parts"] if mask != 8)


def test_a_changed_document_gives_no_false_context(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(run, copy)
    path = copy / "documents" / "pages.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("nobody", "many"), encoding="utf-8")
    assert not [item for item in data_of(copy)["samples"] if any("many" in str(text) for _, text in item["parts"])]


def test_a_broken_off_run_is_shown_as_such(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(run, copy)
    (copy / "run.json").unlink()
    data = data_of(copy)
    assert not data["run"]["finished"]
    assert data["totals"]["cleaned"] == len(DOCUMENTS)


def test_a_run_without_documents(tmp_path: Path) -> None:
    data = data_of(run_of(tmp_path, [], bad=1))
    assert (data["totals"]["read"], data["samples"], data["documents"]) == (1, [], [])


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no run"):
        Run.open(tmp_path)


def test_file_names_are_no_patterns(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "o[u]t*"
    shutil.copytree(run, copy)
    assert data_of(copy)["totals"]["cleaned"] == len(DOCUMENTS)
