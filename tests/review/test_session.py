"""What a reviewer sees and does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import write_run

from cleaner.errors import RecordError
from cleaner.review.decisions import Decisions
from cleaner.review.items import Filter
from cleaner.review.pieces import Shown, Window, lines, window
from cleaner.review.run import ReviewedRun
from cleaner.review.session import Session

MARKED = "A bridge opens.\n\n⟦donation|Give now.\nPlease.⟧\n⟦flagcookie|We use cookies.⟧\nThe shop closes. 😀 Buy here."


def session_of(folder: Path, reviewer: str = "ana") -> Session:
    run = folder / "out"
    if not run.exists():
        write_run(run, [("a", MARKED), ("b", "Text.\n⟦app|Get our app.⟧")])
    return Session(ReviewedRun(run), Decisions(folder / "d.sqlite"), reviewer, 200, "0")


def place_of(session: Session, category: str) -> str:
    return str(session.queue(Filter(category=category))["items"][0][0])


def test_an_item_with_its_document(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    place = place_of(session, "donation")
    item = session.item(place)
    assert (item["kind"], item["category"], item["rule"]) == ("edit", "donation", "donation/en/example")
    assert item["cues"] == ["Give"]
    text = MARKED.replace("⟦donation|", "").replace("⟦flagcookie|", "").replace("⟧", "")
    assert "\n".join("".join(piece[1] for piece in line) for line in item["lines"]) == text
    own = [piece[1] for line in item["lines"] for piece in line if place in piece[2]]
    assert own == ["Give", " now.", "Please."]
    assert [span["kind"] for span in item["spans"].values()] == ["edit", "flag"]


def test_judging_marking_and_taking_back(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    place = place_of(session, "donation")
    assert session.decide({"item": place, "verdict": "category", "category": "cause"}) == {
        "mine": ["category", "cause"],
        "others": [],
    }
    text = MARKED.replace("⟦donation|", "").replace("⟦flagcookie|", "").replace("⟧", "")
    start = text.index(" Buy here.")
    marked = session.missed({"item": place, "start": start, "end": len(text), "category": "ad"})
    session.read({"item": place})
    item = session.item(place)
    assert item["mine"] == ["category", "cause"]
    assert item["read"] is True
    key = f"missed.{marked['number']}"
    # White space at the ends is not part of it.
    assert [piece[1] for line in item["lines"] for piece in line if key in piece[2]] == ["Buy here."]
    assert session.undo({"number": marked["number"]})["undone"] == "missed"
    assert session.undo({}) == {"undone": "read", "item": place}
    assert session.undo({}) == {"undone": "category", "item": place}
    assert session.undo({}) == {"undone": ""}
    assert session.results()["kinds"] == []


def test_the_queue_knows_what_was_judged(tmp_path: Path) -> None:
    session = session_of(tmp_path)
    session.decide({"item": place_of(session, "donation"), "verdict": "wrong"})
    assert sorted(verdict for _, verdict in session.queue(Filter())["items"]) == ["", "", "wrong"]
    session.close()
    assert sorted(verdict for _, verdict in session_of(tmp_path).queue(Filter())["items"]) == ["", "", "wrong"]
    # Another run in the same folder has other places.
    summary = tmp_path / "out" / "run.json"
    summary.write_bytes(summary.read_bytes().replace(b"2026-01-01", b"2026-01-02"))
    again = session_of(tmp_path)
    assert {verdict for _, verdict in again.queue(Filter())["items"]} == {""}
    # But what was decided about the same removal of the same document stands.
    assert again.item(place_of(again, "donation"))["mine"] == ["wrong", ""]
    assert again.undo({}) == {"undone": "wrong", "item": ""}


def test_a_second_reviewer_decides_first_and_sees_then(tmp_path: Path) -> None:
    ana, bo = session_of(tmp_path), session_of(tmp_path, "bo")
    place = place_of(ana, "donation")
    ana.decide({"item": place, "verdict": "right"})
    assert bo.item(place)["others"] == []
    assert bo.decide({"item": place, "verdict": "wrong"})["others"] == [["ana", "right", ""]]
    assert bo.item(place)["others"] == [["ana", "right", ""]]
    (agreement,) = bo.results()["agreements"]
    assert (agreement["both"], agreement["equal"], agreement["kappa"]) == (1, 0, 0.0)


@pytest.mark.parametrize(
    ("act", "request_"),
    [
        ("decide", {"verdict": "right"}),
        ("decide", {"item": "0.0.edit.99", "verdict": "right"}),
        ("decide", {"item": "0.0.edit.-1", "verdict": "right"}),
        ("decide", {"item": "x" * 500, "verdict": "right"}),
        ("decide", {"item": "0.0.edit.1", "verdict": "right"}),  # a closed gap
        ("decide", {"item": "0.0.edit.0", "verdict": "perhaps"}),
        ("decide", {"item": "0.0.edit.0", "verdict": "category"}),
        ("decide", {"item": "0.0.edit.0", "verdict": "category", "category": "donation"}),
        ("missed", {"item": "0.0.edit.0", "start": 3, "end": 3, "category": "ad"}),
        ("missed", {"item": "0.0.edit.0", "start": 15, "end": 17, "category": "ad"}),
        ("missed", {"item": "0.0.edit.0", "start": 17, "end": 20, "category": "ad"}),
        ("missed", {"item": "0.0.edit.0", "start": 0, "end": 5000, "category": "ad"}),
        ("missed", {"item": "0.0.edit.0", "start": "0", "end": 5, "category": "ad"}),
        ("missed", {"item": "0.0.edit.0", "start": 0, "end": 5, "category": "body"}),
        ("read", {}),
    ],
)
def test_requests_of_another_form(tmp_path: Path, act: str, request_: dict[str, object]) -> None:
    session = session_of(tmp_path)
    with pytest.raises(RecordError):
        getattr(session, act)(request_)
    assert session.decisions.current() == []


def test_a_long_document_is_shown_in_part() -> None:
    assert window(10, 2, 4, False) == Window(0, 10)
    assert window(1_000_000, 500_000, 500_010, False) == Window(400_000, 600_010)
    assert window(1_000_000, 10, 900_000, False) == Window(0, 300_000)
    assert window(1_000_000, 500_000, 500_010, True) == Window(0, 1_000_000)


@given(
    st.text(alphabet="ab\n 😀", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=5),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_lines_hold_the_text_and_its_places(text: str, spans: list[tuple[int, int]], low: int, high: int) -> None:
    part = Window(min(low, len(text)), max(min(low, len(text)), len(text) - high))
    shown = [
        Shown(start, min(start + size, len(text)), str(number))
        for number, (start, size) in enumerate(spans)
        if start < len(text)
    ]
    made = lines(text, shown, part)
    assert "\n".join("".join(piece[1] for piece in line) for line in made) == text[part.start : part.end]
    for line in made:
        for start, content, keys in line:
            assert text[start : start + len(content)] == content
            expected = {
                span.key
                for span in shown
                for place in range(start, start + len(content))
                if span.start <= place < span.end
            }
            assert set(keys) == expected or not content
