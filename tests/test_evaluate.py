"""Scores: words lost and found, counted by hand."""

from __future__ import annotations

import pytest

from cleaner.document import Document
from cleaner.evaluate import as_table, count_units, score
from cleaner.labelled import Labelled, from_marked, from_row
from cleaner.ledger import Cleaned, Ledger, Verdict
from cleaner.settle import resolve


def cleaning(*cuts: tuple[str, str]) -> object:
    """Return a cleaner that takes the given texts, each with its category."""

    def clean(document: Document) -> Cleaned:
        verdicts = [
            Verdict(
                document.text.index(cut),
                document.text.index(cut) + len(cut),
                category,
                "rules",
                f"{category}/en/x",
                "B.",
            )
            for cut, category in cuts
            if cut in document.text
        ]
        edits, flags = resolve(document.text, verdicts, {})
        return Cleaned("", Ledger("", "", None, "", "", "", "", edits, flags), document)

    return clean


def scored(labelled: Labelled, *cuts: tuple[str, str]):  # type: ignore[no-untyped-def]
    whole, languages = score([labelled], cleaning(*cuts))  # type: ignore[arg-type]
    assert list(languages) == [labelled.document.language or "?"]
    return whole


MARKED = "One two three four.\n⟦donation|Give us money now.⟧\n⟦social|Follow us⟧\n"


def test_all_found() -> None:
    whole = scored(from_marked(MARKED, "a.txt", "en"), ("Give us money now.", "donation"), ("Follow us", "social"))
    assert (whole.body, whole.lost, whole.losing, whole.recall(), whole.precision()) == (4, 0, 0, 1.0, 1.0)


def test_losses_and_misses() -> None:
    whole = scored(from_marked(MARKED, "a.txt", "en"), ("four.\nGive us", "ad"))
    assert (whole.body, whole.lost, whole.losing) == (4, 1, 1)
    assert whole.body_lost() == 0.25
    assert whole.recall(["donation"]) == 0.5
    assert whole.recall() == pytest.approx(2 / 6)
    assert whole.precision() == pytest.approx(2 / 3)
    assert whole.precision("ad") == pytest.approx(2 / 3)
    assert whole.cost == {"ad/en/x": 1}
    assert whole.earned == {"ad/en/x": 2}
    assert [(words, label) for words, _, label, _ in whole.misses] == [(2, "donation"), (2, "social")]
    assert whole.losses[0][:3] == (1, "en/a.txt", "ad/en/x")


def test_hard_negatives() -> None:
    labelled = from_marked("One two.\n", "hard-a.txt", "en")
    assert (scored(labelled).hard, scored(labelled).hard_touched) == (1, 0)
    assert scored(labelled, ("two.", "ad")).hard_touched == 1


def test_unscored_and_mixed_lines() -> None:
    labelled = from_row(
        {
            "id": "a",
            "lang": "en",
            "lines": ["By N. N.", "Body. Donate now!", "Maybe"],
            "labels": ["meta", "mixed", "unsure"],
            "mixed": [[2, "Donate now!", "donation"]],
        }
    )
    whole = scored(labelled, ("By N.", "author"), ("Donate", "donation"))
    assert (whole.body, whole.lost, sum(whole.total.values())) == (0, 0, 0)
    assert (whole.mixed_total, whole.mixed_found) == (2, 1)


def test_words_of_scripts_without_spaces_are_characters() -> None:
    assert count_units("日本語の文", 0, 5) == 5
    assert count_units("two words", 0, 9) == 2
    assert count_units("日本 two", 0, 6) == 3
    assert count_units("한국어 문장", 0, 6) == 2


def test_as_table() -> None:
    table = as_table(scored(from_marked(MARKED, "a.txt", "en"), ("Give us", "donation"), ("four.", "ad")))
    assert table["body_words_lost"] == 1
    assert table["recall"]["donation"] == 0.5
    assert table["rules"] == {"ad/en/x": {"found": 0, "lost": 1}, "donation/en/x": {"found": 2, "lost": 0}}
    assert table["confusion"] == [["body", "ad", 1], ["donation", "donation", 2]]
    assert table["precision"]["all"] == pytest.approx(2 / 3)


def test_nothing_to_score() -> None:
    whole, languages = score([], cleaning())  # type: ignore[arg-type]
    assert (whole.recall(), whole.body_lost(), whole.precision(), languages) == (0.0, 0.0, 1.0, {})
