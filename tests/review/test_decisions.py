"""Decisions are on the disk when they are answered, and nothing that was decided is ever lost."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cleaner.errors import ConfigurationError, InputError
from cleaner.review.decisions import Decisions, Judged, Span

DOCUMENT = Judged("a", "pages.jsonl", "0" * 64, "en", "example.org", "One.\nGive now.")
SPAN = Span("edit", 5, 14, "donation", "donation/en/example", "rules", "It asks.")


def test_decisions_stand_until_they_are_taken_back(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path / "d.sqlite")
    decisions.decide("ana", DOCUMENT, SPAN, "right", place="p")
    decisions.decide("ana", DOCUMENT, SPAN, "category", "cause", place="p")
    decisions.decide("bo", DOCUMENT, SPAN, "wrong", place="p")
    assert [(one.reviewer, one.label) for one in decisions.current()] == [("ana", "category cause"), ("bo", "wrong")]
    assert decisions.decided("ana") == {"p": "category"}
    undone = decisions.undo("ana")
    assert undone is not None
    assert (undone.verdict, undone.place) == ("category", "p")
    assert [one.label for one in decisions.current("ana")] == ["right"]
    assert decisions.undo("ana") is not None
    assert decisions.undo("ana") is None
    assert decisions.current(document=DOCUMENT)[0].reviewer == "bo"
    assert decisions.documents() == {1: DOCUMENT}
    decisions.close()
    # Nothing was overwritten.
    rows = sqlite3.connect(tmp_path / "d.sqlite").execute("SELECT verdict, undone IS NULL FROM decisions").fetchall()
    assert rows == [("right", 0), ("category", 0), ("wrong", 1)]


def test_it_writes_through(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path / "d.sqlite")
    pragmas = {
        name: decisions._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


WRITER = """
import sys
from pathlib import Path
from cleaner.review.decisions import Decisions, Judged, Span
decisions = Decisions(Path(sys.argv[1]))
for number in range(100000):
    document = Judged(str(number), "s", "0" * 64, "en", "x", "text " * 50)
    decisions.decide("ana", document, Span("edit", 0, 4, "ad", "r"), "right", place=str(number))
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite"
    told: list[str] = []
    for lines in (1, 7, 20):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        told += [writer.stdout.readline().strip() for _ in range(lines)]
        writer.kill()
        rest, _ = writer.communicate()
        told += rest.split("\n")[:-1]
        kept = Decisions(path).decided("ana")
        assert set(told) <= kept.keys()
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_and_many_threads(tmp_path: Path) -> None:
    both = [Decisions(tmp_path / "d.sqlite") for _ in range(2)]

    def work(decisions: Decisions, name: str) -> None:
        for number in range(20):
            decisions.decide(name, DOCUMENT, Span("edit", number, 14, "ad"), "right")

    threads = [threading.Thread(target=work, args=(both[number % 2], f"r{number}")) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(both[0].current()) == len(both[1].current()) == 80
    assert len(both[0].documents()) == 1


def test_files_that_are_something_else(tmp_path: Path, read_only: Path) -> None:
    text = tmp_path / "text"
    text.write_text("This is no database, but it is longer than a header of one would be. " * 20, encoding="utf-8")
    other = tmp_path / "other.sqlite"
    sqlite3.connect(other).execute("CREATE TABLE mine (x)")
    for path in (text, other):
        with pytest.raises(ConfigurationError, match="no file of decisions"):
            Decisions(path)
    later = tmp_path / "later.sqlite"
    Decisions(later).close()
    sqlite3.connect(later).execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigurationError, match="later version"):
        Decisions(later)
    with pytest.raises(InputError, match="name another file"):
        Decisions(read_only / "d.sqlite")
