"""The page of one document: its whole text in pieces, and what became of every verdict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from cleaner.audit.single import single
from cleaner.document import Document, Span
from cleaner.ledger import FLAG, KEEP, Cleaned, Ledger, Verdict, apply, digest
from cleaner.settle import resolve

Command = Callable[..., Result]
TEXT = "One two three. Sign up now! Four five six. Give today! The end."


def verdict(part: str, rule: str, weight: float = 1.0, action: str = "drop", category: str = "ad") -> Verdict:
    start = TEXT.index(part)
    return Verdict(
        start, start + len(part), category, "rules", rule, "Because.", weight, (Span(start, start + 3),), action
    )


def cleaned_of(text: str, verdicts: list[Verdict], policy: dict[str, str] | None = None) -> Cleaned:
    edits, flags = resolve(text, verdicts, policy or {})
    clean = apply(text, edits)
    ledger = Ledger("1", "s", "en", digest(text), digest(clean), "p", "v", edits, flags, tuple(verdicts))
    return Cleaned(clean, ledger, Document(text, "1"))


def fates(verdicts: list[Verdict], policy: dict[str, str] | None = None) -> list[tuple[str, str | None]]:
    return [(row["state"], row.get("by")) for row in single(cleaned_of(TEXT, verdicts, policy), "test")["verdicts"]]


@pytest.mark.parametrize(
    ("verdicts", "policy", "expected"),
    [
        ([verdict("Sign up now!", "a")], {}, [("removed", None)]),
        ([verdict("Sign up now!", "a"), verdict("Sign up", "b")], {}, [("removed", None), ("overruled", "a")]),
        ([verdict("Sign up now!", "a"), verdict("up now! Four", "b", 2.0)], {}, [("removed in part", "b"), ("removed", None)]),
        ([verdict("Sign up now!", "a", 0.5)], {}, [("a sign only", None)]),
        ([verdict("Sign up now!", "a", 0.5), verdict("Sign up now!", "b")], {}, [("a sign only", "b"), ("removed", None)]),
        ([verdict("Sign up now!", "a", 1.0, FLAG)], {}, [("flagged", None)]),
        ([verdict("Sign up now!", "a")], {"ad": "flag"}, [("flagged", None)]),
        ([verdict("Sign up now!", "a")], {"ad": "keep"}, [("kept by the policy", None)]),
        ([verdict("Sign up now!", "a"), verdict(TEXT, "g", 9.0, KEEP, "")], {}, [("flagged", None), ("kept the text", None)]),
    ],
)  # fmt: skip
def test_what_became_of_verdicts(
    verdicts: list[Verdict], policy: dict[str, str], expected: list[tuple[str, str | None]]
) -> None:
    assert fates(verdicts, policy) == expected


places = st.integers(0, len(TEXT))
spans = st.lists(st.tuples(places, places).map(sorted).filter(lambda pair: pair[0] < pair[1]), max_size=6)


@given(spans, st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=6, max_size=6))
def test_pieces_are_the_text_and_say_what_the_ledger_says(found: list[list[int]], weights: list[float]) -> None:
    verdicts = [
        Verdict(start, end, "ad", "rules", f"r{number}", "Because.", weights[number])
        for number, (start, end) in enumerate(found)
    ]
    cleaned = cleaned_of(TEXT, verdicts)
    pieces = single(cleaned, "test")["pieces"]
    assert "".join(piece[2] for piece in pieces) == TEXT
    position = 0
    for numbers, mask, text in pieces:
        inside = range(position, position + len(text))
        for number, item in enumerate(verdicts):
            assert (number in numbers) == (item.start <= position < item.end)
        for bit, spaces in ((1, False), (4, True)):
            taken = [edit for edit in cleaned.ledger.edits if (edit.category == "space") == spaces]
            assert bool(mask & bit) == any(edit.start <= inside[0] < edit.end for edit in taken)
        position += len(text)


def test_the_command_writes_the_page(command: Command, tmp_path: Path) -> None:
    source, page = tmp_path / "a.txt", tmp_path / "why.html"
    source.write_text("The river rose.\nSign up for our newsletter!\n", encoding="utf-8")
    result = command("explain", source, "--page", page)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert '"view":"explain"' in page.read_text(encoding="utf-8")
    # Without DuckDB, too: only ledgers of runs need it.
    assert "newsletter/en/" in page.read_text(encoding="utf-8")
