"""Documents that would take minutes or all memory, and workers that are killed, through the real command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mixed_corpus import contents, texts
from processes import LINUX, left_after, workers_of


def cleaner(*arguments: object, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "cleaner", "run", *map(str, arguments), "--quiet"]
    return subprocess.Popen(
        words, stderr=subprocess.PIPE, start_new_session=True, env={**os.environ, **(environment or {})}
    )


def rejects(out: Path, name: str) -> dict[str | None, str]:
    path = out / "rejects" / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    return {row["id"] or json.loads(row["raw"])["id"]: row["reason"] for row in rows}


def table(rows: int) -> str:
    return "<table>" + ("<tr>" + "<td>cell</td>" * 30 + "</tr>") * rows + "</table>"


@pytest.mark.corpora
def test_poison_costs_its_deadline_and_the_others_go_on(tmp_path: Path) -> None:
    good = [{"id": name, "language": "en", "text": text} for name, _, text in texts("en")]
    poison = [
        {"id": "table", "html": table(14_000)},
        {"id": "nested", "html": "<div>" * 3_000_000 + "deep"},
        {"id": "divs", "html": "<div>" * 20_000_000},
    ]
    for index, row in enumerate(poison):
        good.insert(3 + 8 * index, row)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in good), encoding="utf-8")
    out = tmp_path / "out"
    with cleaner(path, "--output", out, "--workers", 2, "--deadline", 4) as process:
        assert process.wait(240) == 1, process.communicate()[1]
    found = rejects(out, "a.jsonl")
    assert "the deadline of 4 seconds" in found["table"]
    assert "at most 20,000,000 are read" in found["divs"]
    counts = json.loads((out / "run.json").read_bytes())["counts"]
    assert counts["read"] == len(good)
    assert counts["cleaned"] + counts["rejected"] == counts["read"]
    assert set(found) <= {"table", "nested", "divs"}
    clean = [json.loads(line)["id"] for line in (out / "documents" / "a.jsonl").open("rb")]
    assert clean == [row["id"] for row in good if row["id"] not in found]


@pytest.mark.corpora
@LINUX
def test_a_document_over_the_memory_limit(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "One."}, {"id": "table", "html": table(14_000)}, {"id": "b", "text": "Two."}]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out"
    with cleaner(path, "--output", out, "--memory-limit", "700MB") as process:
        assert process.wait(240) == 1, process.communicate()[1]
    assert list(rejects(out, "a.jsonl")) == ["table"]
    assert [json.loads(line)["id"] for line in (out / "documents" / "a.jsonl").open("rb")] == ["a", "b"]


@pytest.mark.corpora
@LINUX
def test_workers_that_are_killed_are_replaced(tmp_path: Path) -> None:
    rows = [{"id": f"{name}-{n}", "language": "en", "text": text} for n in range(8) for name, _, text in texts("en")]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = ("--pipeline", "rules-only", "--allow-rejects")
    with cleaner(path, "--output", tmp_path / "whole", *options) as process:
        assert process.wait(240) == 0
    killed = 0
    with cleaner(path, "--output", tmp_path / "out", *options, "--workers", 2) as process:
        while process.poll() is None and killed < 3:
            found = workers_of(process.pid)
            if (found and (tmp_path / "out" / "documents").exists()) or (found and killed == 0):
                os.kill(found[0], signal.SIGKILL)
                killed += 1
            time.sleep(0.8)
        assert process.wait(240) == 0, process.communicate()[1]
    assert killed
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.corpora
@LINUX
def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    rows = [{"id": f"{name}-{n}", "language": "en", "text": text} for n in range(8) for name, _, text in texts("en")]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with cleaner(path, "--output", tmp_path / "out", "--pipeline", "rules-only", "--workers", 2) as process:
        while process.poll() is None and not workers_of(process.pid):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert left_after(30, process.pid) == {}


@pytest.mark.corpora
def test_compiling_counts_against_no_document(tmp_path: Path) -> None:
    rows = [{"id": str(n), "language": "en", "text": f"Text {n}. Sign up for our newsletter!"} for n in range(3)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = ("--pipeline", "rules-only", "--workers", 2, "--deadline", 1)
    cache = tmp_path / "cache"
    with cleaner(path, "--output", tmp_path / "out", *options, environment={"CLEANER_CACHE": str(cache)}) as process:
        assert process.wait(240) == 0, process.communicate()[1]
    assert list(cache.iterdir())
