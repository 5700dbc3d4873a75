"""What reviewers agree on becomes labels and examples; what they do not, or nobody judged, counts for nothing."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from runs import write_run

from cleaner import labelled
from cleaner.review.decisions import Decision, Decisions, Judged, Span
from cleaner.review.export import Settled, as_labelled, as_rules, paint, quoted

TEXT = "A bridge opens.\nGive now. Text stays.\nRead more: Bridges\nFollow us.\nThe end."
DOCUMENTS = {1: Judged("a", "p.jsonl", "0" * 64, "en", "example.org", TEXT)}


def at(
    part: str, verdict: str, category: str = "", of: str = "donation", kind: str = "edit", reviewer: str = "ana"
) -> Decision:
    start = TEXT.index(part)
    span = Span(kind, start, start + len(part), "" if kind in ("missed", "document") else of, f"{of}/en/x")
    return Decision(0, reviewer, 1, span, verdict, category, "", "")


READ = at(TEXT, "read", kind="document")


def labels(decisions: list[Decision]) -> dict[str, str]:
    (line,) = as_labelled(DOCUMENTS, decisions)
    row = orjson.loads(line)
    assert labelled.from_row(row).document.text == TEXT
    return dict(zip(row["lines"], row["labels"], strict=True))


def test_labels() -> None:
    made = [at("Read more: Bridges", "right", of="related"), at("Follow us.", "category", "social", of="donation")]
    assert labels(made) == {
        "A bridge opens.": "unsure",
        "Give now. Text stays.": "unsure",
        "Read more: Bridges": "related",
        "Follow us.": "social",
        "The end.": "unsure",
    }
    assert labels([*made, READ])["The end."] == "body"
    assert labels([at("The end.", "wrong")])["The end."] == "body"
    assert labels([at("The end.", "unsure"), READ])["The end."] == "unsure"
    assert labels([at("Follow us.", "missed", "social", kind="missed"), READ])["Follow us."] == "social"


def test_a_part_of_a_line() -> None:
    (line,) = as_labelled(DOCUMENTS, [at("Give now.", "right"), READ])
    row = orjson.loads(line)
    assert row["labels"][1] == "mixed"
    assert row["mixed"] == [[2, "Give now.", "donation"]]


def test_reviewers_who_differ_leave_it_open() -> None:
    differing = [at("Follow us.", "right"), at("Follow us.", "wrong", reviewer="bo"), READ]
    assert labels(differing)["Follow us."] == "unsure"
    assert "Follow" not in as_rules(DOCUMENTS, differing)
    assert labels([at("Follow us.", "right"), at("Follow us.", "right", reviewer="bo")])["Follow us."] == "donation"


def test_rules() -> None:
    made = [
        at("Give now.", "right"),
        at("Read more: Bridges", "wrong", of="related"),
        at("Follow us.", "category", "social"),
        at("The end.", "missed", "ad", kind="missed"),
        READ,
    ]
    assert tomllib.loads(as_rules(DOCUMENTS, made)) == {
        "donation/en/x": {
            "hits": ["A bridge opens.\n⟦Give now.⟧ Text stays."],
            "other_category": ["Read more: Bridges\n⟦social|Follow us.⟧"],
        },
        "related/en/x": {"misses": ["Give now. Text stays.\nRead more: Bridges"]},
        "missed": {"ad": ["Follow us.\n⟦The end.⟧"]},
    }


@given(st.text())
def test_any_text_can_be_quoted(text: str) -> None:
    assert tomllib.loads(f"x = {quoted(text)}")["x"] == text


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from(["body", "unsure", "ad", "app"])), max_size=8
    )
)
def test_painted_spans_part_the_text(spans: list[tuple[int, int, str]]) -> None:
    settled = [Settled(Span("edit", start, start + size), label) for start, size, label in spans]
    lines = sorted(paint(settled, 40), key=lambda line: line.start)
    assert [line.start for line in lines] == [0, *(line.end for line in lines[:-1])]
    assert lines[-1].end == 40


def test_the_command(tmp_path: Path, command: Callable[..., Result]) -> None:
    decisions = Decisions(tmp_path / "review.sqlite")
    for decision in (at("Give now.", "right"), READ):
        decisions.decide("ana", DOCUMENTS[1], decision.span, decision.verdict)
    gold, examples = tmp_path / "gold.jsonl", tmp_path / "examples.toml"
    # The run may be gone by now.
    assert command("review", tmp_path, "--export", "labelled", "--output", gold).exit_code == 0
    assert command("review", tmp_path, "--export", "rules", "--output", examples).exit_code == 0
    assert [item.document.id for item in labelled.read([gold])] == ["a"]
    assert "donation/en/x" in tomllib.loads(examples.read_text(encoding="utf-8"))
    assert "Give now." in command("review", tmp_path, "--export", "rules", "--output", "-").stdout
    scored = command("evaluate", gold, "--json")
    assert orjson.loads(scored.stdout)["documents"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--export", "labelled"], "belong together"),
        (["--export", "labelled", "--output", "x", "--reviewer", "nobody"], "no decisions of nobody"),
        (["--export", "labelled", "--output", "x", "--decisions", "missing"], "no decisions in missing"),
        (["--reviewer", " "], "is empty"),
    ],
)
def test_wrong_use(tmp_path: Path, command: Callable[..., Result], options: list[str], message: str) -> None:
    Decisions(tmp_path / "review.sqlite").close()
    result = command("review", tmp_path, *options)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert message in result.stderr


def test_who_judges_must_be_known(
    tmp_path: Path, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise OSError("no name")

    monkeypatch.setattr("getpass.getuser", unknown)
    result = command("review", tmp_path)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "--reviewer NAME" in result.stderr


def test_a_port_that_is_taken(tmp_path: Path, command: Callable[..., Result]) -> None:
    run = write_run(tmp_path / "out", [("a", "Text.\n⟦app|Get our app.⟧")])
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = command("review", run, "--port", other.getsockname()[1])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "choose another" in result.stderr
