"""Comparisons of two runs: spans that differ, counts, samples, the terminal, exit codes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from audit_runs import BODY, DOCUMENTS, run_of
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from cleaner.audit.changes import ADDED, CHANGED, DROPPED, Cut, changed_spans
from cleaner.audit.comparison import compare
from cleaner.audit.excerpts import THIS
from cleaner.audit.runs import Run
from cleaner.audit.store import opened_both

pytest.importorskip("duckdb")

Command = Callable[..., Result]
PACK = """[[rule]]
id = "river-line"
because = "Everything on the river goes."
any = [{ phrase = "The river rose by two metres" }]
drop = "segment"
hits = ["⟦The river rose by two metres in a night.⟧"]
misses = ["The river fell."]
"""


def cut(start: int, end: int, rule: str = "a", number: int = 0) -> Cut:
    return Cut(start, end, "ad", "rules", rule, number)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [cut(2, 5)], [(ADDED, 2, 5)]),
        ([cut(2, 5)], [], [(DROPPED, 2, 5)]),
        ([cut(2, 5)], [cut(2, 5)], []),
        ([cut(2, 5)], [cut(2, 5, "b")], [(CHANGED, 2, 5)]),
        ([cut(2, 5)], [cut(2, 9)], [(ADDED, 5, 9)]),
        ([cut(2, 9)], [cut(4, 6)], [(DROPPED, 2, 4), (DROPPED, 6, 9)]),
        ([cut(0, 4), cut(4, 8, "b")], [cut(0, 8)], [(CHANGED, 4, 8)]),
        ([cut(0, 4)], [cut(2, 6, "b")], [(DROPPED, 0, 2), (CHANGED, 2, 4), (ADDED, 4, 6)]),
        # The same rule in two pieces takes the same text.
        ([cut(0, 4), cut(4, 8)], [cut(0, 8)], []),
    ],
)
def test_spans_that_differ(old: list[Cut], new: list[Cut], expected: list[tuple[str, int, int]]) -> None:
    assert [(change.kind, change.start, change.end) for change in changed_spans(old, new)] == expected


cuts = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.sampled_from("ab")), max_size=8).map(
    lambda steps: _laid_out(steps)
)


def _laid_out(steps: list[tuple[int, int, str]]) -> list[Cut]:
    laid: list[Cut] = []
    position = 0
    for length, gap, rule in steps:
        laid.append(cut(position + gap, position + gap + length, rule, len(laid)))
        position += gap + length
    return laid


@given(cuts, cuts)
def test_every_character_is_judged_by_itself(old: list[Cut], new: list[Cut]) -> None:
    def taken(cuts: list[Cut]) -> dict[int, str]:
        return {place: item.rule for item in cuts for place in range(item.start, item.end)}

    before, after = taken(old), taken(new)
    found = {place: change.kind for change in changed_spans(old, new) for place in range(change.start, change.end)}
    for place in range(80):
        kinds = {(True, False): DROPPED, (False, True): ADDED}
        expected = kinds.get((place in before, place in after))
        if expected is None and before.get(place) != after.get(place):
            expected = CHANGED
        assert found.get(place) == expected


def data_of(old: Path, new: Path, seed: int = 1) -> dict[str, Any]:
    with opened_both(Run.open(old), Run.open(new)) as (first, second):
        return compare(first, second, seed, 8)


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same documents, with one more rule, which takes the lines on the river."""
    folder = tmp_path_factory.mktemp("wider")
    (folder / "packs" / "ad").mkdir(parents=True)
    (folder / "packs" / "ad" / "en.toml").write_text(PACK, encoding="utf-8")
    return run_of(folder, DOCUMENTS, "--rules", str(folder / "packs"))


def test_a_run_is_the_same_as_itself(command: Command, run: Path) -> None:
    data = data_of(run, run)
    assert data["same"]
    assert (data["totals"]["compared"], data["samples"]) == (len(DOCUMENTS), [])
    result = command("diff", run, run)
    assert (result.exit_code, result.output) == (
        0,
        f"No difference in {len(DOCUMENTS)} documents: the same texts go for the same reasons.\n",
    )


def test_a_further_rule(run: Path, wider: Path) -> None:
    forth, back = data_of(run, wider), data_of(wider, run)
    assert not forth["same"]
    assert forth["totals"][ADDED] == back["totals"][DROPPED]
    assert forth["totals"][ADDED]["spans"]
    taken = {item["rule"] for item in forth["samples"] if item["kind"] == ADDED}
    assert "ad/en/river-line" in taken
    for item in forth["samples"]:
        marked = "".join(text for mask, text in item["parts"] if mask & THIS)
        assert marked
        if item["rule"] == "ad/en/river-line":
            assert marked in BODY
    assert {row["name"]: row[ADDED] for row in forth["tables"]["category"]}["ad"] > 0


def test_other_reasons_name_the_rule_of_before(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "out"
    shutil.copytree(run, copy)
    path = copy / "ledger" / "pages.jsonl.jsonl"
    text = path.read_text(encoding="utf-8")
    (rule, *_) = re.findall(r'"rule":"(newsletter/en/[a-z-]+)"', text)
    path.write_text(text.replace(f'"{rule}"', '"newsletter/en/other"'), encoding="utf-8")
    data = data_of(copy, run)
    sample = next(item for item in data["samples"] if item["rule"] == rule)
    assert (sample["kind"], sample["before"]["rule"]) == (CHANGED, "newsletter/en/other")
    assert data["totals"][ADDED] == data["totals"][DROPPED] == {"characters": 0, "spans": 0}


def test_documents_that_only_one_run_has(command: Command, tmp_path: Path) -> None:
    first = run_of(tmp_path / "a", DOCUMENTS[:5])
    second = run_of(tmp_path / "b", [*DOCUMENTS[1:5], {**DOCUMENTS[0], "text": "Another text."}, DOCUMENTS[13]], bad=1)
    totals = data_of(first, second)["totals"]
    assert [totals[key] for key in ("compared", "only_before", "only_after", "other_text")] == [4, 0, 1, 1]
    result = command("diff", first, second)
    assert result.exit_code == 1
    assert "1 document only in the second run" in result.output
    assert "2 rejects before, 1 after" in result.output


def test_the_terminal_and_the_page(command: Command, run: Path, wider: Path, tmp_path: Path) -> None:
    result = command("diff", run, wider, "--output", tmp_path / "diff.html", "--samples", 2)
    assert result.exit_code == 1
    assert "newly removed" in result.stdout
    assert result.stdout.count("  ad/en/river-line\n    ") <= 3
    assert "⟦The river rose by two metres" in result.stdout
    assert "\u202e" not in result.stdout
    assert '"view":"diff"' in (tmp_path / "diff.html").read_text(encoding="utf-8")
    assert "Samples" not in command("diff", run, wider, "--samples", 0).stdout


def test_a_seed_draws_the_same(run: Path, wider: Path) -> None:
    assert data_of(run, wider) == data_of(run, wider)


def test_wrong_use(command: Command, run: Path, tmp_path: Path) -> None:
    result = command("diff", run, tmp_path)
    assert result.exit_code == 2
    assert "holds no run" in result.stderr
