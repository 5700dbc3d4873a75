"""The ledger: which verdicts act, what the clean text is, and the way back."""

from __future__ import annotations

import pytest

from cleaner import Document, Pipeline
from cleaner.document import Source, Span
from cleaner.errors import InvariantError, RecordError
from cleaner.ledger import (
    FLAG,
    KEEP,
    REPLACE,
    Cleaned,
    Edit,
    Ledger,
    Verdict,
    apply,
    digest,
    edits_from_rows,
    restore,
    restore_row,
    row,
)
from cleaner.settle import resolve


def verdict(
    start: int, end: int, category: str = "ad", weight: float = 1.0, rule: str = "ad/en/r", **more: object
) -> Verdict:
    return Verdict(start, end, category, "rules", rule, "Because.", weight, (), **more)  # type: ignore[arg-type]


def clean(text: str, *verdicts: Verdict, policy: dict[str, str] | None = None) -> str:
    edits, _ = resolve(text, verdicts, policy or {})
    result = apply(text, edits)
    assert restore(result, edits) == text
    return result


def spans(text: str, *verdicts: Verdict) -> list[tuple[int, int, str]]:
    edits, _ = resolve(text, verdicts, {})
    return [(edit.start, edit.end, edit.rule) for edit in edits if edit.category != "space"]


@pytest.mark.parametrize(
    ("text", "cut", "wanted"),
    [
        ("Head.\nBody.\nTail.\n", "Head.", "Body.\nTail.\n"),
        ("Head.\nBody.\nTail.\n", "Body.", "Head.\nTail.\n"),
        ("Head.\nBody.\nTail.\n", "Tail.", "Head.\nBody.\n"),
        ("Head.\nBody.\nTail.", "Tail.", "Head.\nBody."),
        ("Head.\r\nBody.\r\nTail.\r\n", "Body.", "Head.\r\nTail.\r\n"),
        ("Head.\r\nBody.\r\nTail.\r\n", "Tail.", "Head.\r\nBody.\r\n"),
        ("Head.\r\nBody.\r\nTail.\r\n", "Head.", "Body.\r\nTail.\r\n"),
        ("Head.\n\nBody.\n\nTail.\n", "Body.", "Head.\n\nTail.\n"),
        ("Head.\nBody.\n\nTail.\n", "Body.", "Head.\n\nTail.\n"),
        ("Head.\n\nBody.\nTail.\n", "Body.", "Head.\n\nTail.\n"),
        ("One. Two. Three.", "Two.", "One. Three."),
        ("One. Two. Three.", "One.", "Two. Three."),
        ("One. Two. Three.", "Three.", "One. Two."),
        ("One. Two.\nThree.", "Two.", "One.\nThree."),
        ("One.\nTwo. Three.", "Two.", "One.\nThree."),
        ("  Only.  \n", "Only.", "  \n"),
        ("Only.", "Only.", ""),
        ("ab", "a", "b"),
    ],
)
def test_space_closes(text: str, cut: str, wanted: str) -> None:
    start = text.index(cut)
    assert clean(text, verdict(start, start + len(cut))) == wanted


def test_neighbouring_removals_are_one_hole() -> None:
    text = "Head.\n\nA.\n\nB.\n\nTail."
    assert clean(text, verdict(7, 9), verdict(11, 13)) == "Head.\n\nTail."
    edits, _ = resolve(text, [verdict(7, 9), verdict(11, 13)], {})
    assert {edit.category for edit in edits} == {"ad", "space"}
    assert all(
        edit.rule == "space/any/close-gap" and not edit.removed.strip() for edit in edits if edit.category == "space"
    )


def test_no_verdict_no_edit() -> None:
    assert resolve("text", [], {}) == ((), ())


class TestOverlaps:
    text = "0123456789"

    def test_the_heavier_takes_the_characters(self) -> None:
        assert spans(self.text, verdict(0, 6, rule="light"), verdict(4, 8, weight=2, rule="heavy")) == [
            (0, 4, "light"),
            (4, 8, "heavy"),
        ]

    def test_then_the_longer(self) -> None:
        assert spans(self.text, verdict(0, 4, rule="short"), verdict(2, 8, rule="long")) == [
            (0, 2, "short"),
            (2, 8, "long"),
        ]

    def test_then_the_earlier(self) -> None:
        assert spans(self.text, verdict(2, 6, rule="b"), verdict(0, 4, rule="a")) == [(0, 4, "a"), (4, 6, "b")]

    def test_then_the_name(self) -> None:
        assert spans(self.text, verdict(0, 4, rule="b"), verdict(0, 4, rule="a")) == [(0, 4, "a")]

    def test_then_whatever_tells_them_apart(self) -> None:
        one, other = verdict(0, 1, action="replace"), verdict(0, 1, action="replace", inserted="[…]")
        assert clean("İ", one, other) == clean("İ", other, one)
        reasons = [verdict(0, 1)._replace(because=because) for because in ("One.", "Another.")]
        assert resolve("İ", reasons, {}) == resolve("İ", reasons[::-1], {})

    def test_a_verdict_can_win_on_both_sides_of_another(self) -> None:
        assert spans(self.text, verdict(0, 9, rule="wide"), verdict(3, 5, weight=3, rule="heavy")) == [
            (0, 3, "wide"),
            (3, 5, "heavy"),
            (5, 9, "wide"),
        ]


class TestPolicyAndActions:
    text = "Keep me. Take me."

    def test_policy(self) -> None:
        one = verdict(9, 17)
        for action, edits, flags in (("drop", True, False), ("flag", False, True), ("keep", False, False)):
            result = resolve(self.text, [one], {"ad": action})
            assert (bool(result[0]), bool(result[1])) == (edits, flags), action

    def test_weak_verdicts_do_not_act(self) -> None:
        assert resolve(self.text, [verdict(9, 17, weight=0.99)], {}) == ((), ())

    def test_flags_are_recorded_not_applied(self) -> None:
        edits, flags = resolve(self.text, [verdict(9, 17, action=FLAG)], {})
        assert edits == ()
        assert [(flag.start, flag.end, flag.removed) for flag in flags] == [(9, 17, "Take me.")]
        assert resolve(self.text, [verdict(9, 17, action=FLAG)], {"ad": "keep"}) == ((), ())

    def test_keep_turns_drops_into_flags(self) -> None:
        guard = Verdict(0, 17, "", "guard", "guard/any/x", "too much.", 100, (), KEEP)
        edits, flags = resolve(self.text, [verdict(9, 17), guard], {})
        assert edits == ()
        assert flags[0].because == "Because. Kept: too much."

    def test_a_lighter_keep_does_not(self) -> None:
        keep = Verdict(0, 17, "", "weigh", "keep/any/x", "no.", 1.5, (), KEEP)
        edits, flags = resolve(self.text, [verdict(9, 17, weight=2)], {})
        assert (edits, flags) == resolve(self.text, [verdict(9, 17, weight=2), keep], {})

    def test_a_keep_elsewhere_changes_nothing(self) -> None:
        keep = Verdict(0, 9, "", "guard", "x", "no.", 9, (), KEEP)
        assert clean(self.text, verdict(9, 17), keep) == "Keep me."

    def test_replace(self) -> None:
        assert clean(self.text, verdict(9, 17, action=REPLACE, inserted="[…]")) == "Keep me. […]"
        assert clean("a b c", verdict(2, 3, action=REPLACE, inserted="B"), verdict(4, 5)) == "a B"


def test_apply_checks_its_edits() -> None:
    edit = Edit(0, 1, "a", "", "ad", "rules", "r", "b", 1.0, ())
    assert apply("ab", [edit]) == "b"
    for wrong in ([edit._replace(removed="x")], [edit, edit], [edit._replace(start=1, end=2, removed="b"), edit]):
        with pytest.raises(InvariantError, match="does not fit"):
            apply("ab", wrong)


def test_restore_refuses_what_does_not_belong() -> None:
    edit = Edit(5, 6, "a", "", "ad", "rules", "r", "b", 1.0, ())
    with pytest.raises(RecordError):
        restore("ab", [edit])
    with pytest.raises(RecordError):
        restore("ab", [edit._replace(start=1, end=2, inserted="x")])
    with pytest.raises(RecordError):
        restore("abcdef", [edit, edit._replace(start=2, end=3)])


def ledger_of(text: str, *verdicts: Verdict) -> tuple[Ledger, str]:
    edits, flags = resolve(text, verdicts, {})
    result = apply(text, edits)
    return Ledger("1", "s", "en", digest(text), digest(result), "p", "v", edits, flags), result


def test_rows_have_byte_offsets() -> None:
    text = "é😀. Cut ß. İ end."
    start = text.index("Cut")
    one = verdict(start, start + 6)._replace(evidence=(Span(start, start + 3),))
    ledger, _ = ledger_of(text, one, verdict(0, 3, action=FLAG), verdict(start, len(text), action=FLAG))
    table = row(ledger, text)
    raw = text.encode()
    for item in table["edits"] + table["flags"]:
        assert (
            raw[item["byte_start"] : item["byte_end"]].decode() == item["removed"] == text[item["start"] : item["end"]]
        )
    cut = next(item for item in table["edits"] if item["category"] == "ad")
    assert (cut["start"], cut["byte_start"], cut["byte_end"] - cut["byte_start"]) == (
        start,
        len(text[:start].encode()),
        7,
    )
    assert cut["evidence"] == [[start, start + 3]]
    assert set(cut) == set(
        "start end byte_start byte_end removed inserted category stage rule because weight evidence".split()
    )


def test_flags_may_overlap_in_byte_offsets() -> None:
    text = "äöü äöü äöü"
    flags = [verdict(start, end, action=FLAG) for start, end in ((4, 11), (0, 7), (8, 11), (0, 11))]
    ledger, _ = ledger_of(text, *flags)
    for item in row(ledger, text)["flags"]:
        assert text.encode()[item["byte_start"] : item["byte_end"]].decode() == item["removed"]


def test_edits_come_back_from_rows() -> None:
    text = "One. Zwei ß. Three."
    ledger, result = ledger_of(text, verdict(5, 12))
    edits = edits_from_rows(row(ledger, text)["edits"])
    assert edits == ledger.edits
    assert restore(result, edits) == text


@pytest.mark.parametrize("broken", [{}, {"start": "x"}, {"start": None}])
def test_broken_rows(broken: dict[str, object]) -> None:
    with pytest.raises(RecordError, match="a ledger row is broken"):
        edits_from_rows([broken])


def test_a_row_of_a_page_keeps_its_digest_and_facts() -> None:
    document = Document("Text.", raw_sha256="ab", metadata={"author": "N. N."})
    cleaned: Cleaned = Pipeline("empty").clean(document)
    table = row(cleaned.ledger, document.text)
    assert (table["raw_sha256"], table["metadata"]) == ("ab", {"author": "N. N."})
    assert table["original_sha256"] == table["clean_sha256"] == digest("Text.")


def test_a_row_says_where_and_how_long_the_document_is() -> None:
    document = Document("Two é.", source=Source("a.jsonl", 3, "https://example.org/a"))
    table = row(Pipeline("empty").clean(document).ledger, document.text)
    assert (table["source"], table["url"], table["characters"]) == ("a.jsonl", "https://example.org/a", 6)
    assert "guard" not in table


def test_a_row_says_why_its_document_was_kept() -> None:
    text = "Sign up for our newsletter now, dear reader, today!\n\n" * 12
    cleaned = Pipeline.load("rules-only").clean(Document(text, language="en"))
    assert row(cleaned.ledger, text)["guard"].startswith("the document would lose ")


def test_the_original_comes_back_by_its_row() -> None:
    text = "The river rose.\nSign up for our newsletter!\nIt fell."
    cleaned = Pipeline.load("rules-only").clean(Document(text, "1", language="en"))
    known = row(cleaned.ledger, text)
    assert cleaned.text != text == restore_row(cleaned.text, known)
    with pytest.raises(RecordError, match="'1' was changed after it was cleaned"):
        restore_row(cleaned.text + "!", known)
    with pytest.raises(RecordError, match="'1' does not restore to its digest"):
        restore_row(cleaned.text, known | {"original_sha256": "0"})
