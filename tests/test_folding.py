"""Folding: what search ignores, and the way back to the original."""

from __future__ import annotations

import numpy as np
import pytest

from cleaner.folding import fold, fold_phrase


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Plain Text", "plain text"),
        ("Émile Çelik", "emile celik"),
        ("İstanbul ISPARTA ılık", "istanbul isparta ilik"),
        ("Straße STRASSE", "strasse strasse"),
        ("ﬁnance ﬂow", "finance flow"),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("𝐁𝐨𝐥𝐝", "bold"),
        ("Ærø Łódź Đorđe", "aero lodz dorde"),
        ("ΑΘΉΝΑ Ώρα", "αθηνα ωρα"),
        ("Ёлка Йога", "елка иога"),
        ("می‌خواهم", "ميخواهم"),
        ("کتابـــخانه", "كتابخانه"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("“Quote” ‘single’ «x» „y‟", '"quote" \'single\' "x" "y"'),
        ("a – b — c ‐ d", "a - b - c - d"),
        ("wait…", "wait..."),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("a \u00a0\t b", "a b"),
        ("line  \r\n  next", "line \n next"),
        ("٣٤ ३४ ３４", "34 34 34"),
        ("はい。いいえ、", "はい.いいえ,"),
        ("ガ ｶﾞ", "ガ カ\u3099"),
        ("각 값", "각 값"),
        ("नमस्ते", "नमस्ते"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text).text == folded
    assert fold_phrase(text) == folded


@pytest.mark.parametrize(
    ("text", "needle", "original"),
    [
        ("İİİ donate", "donate", "donate"),
        ("der ﬁnale Aufruf", "finale", "ﬁnale"),
        ("die Straße hier", "strasse", "Straße"),
        ("so\u00adft\u200b donate", "soft", "so\u00adft"),
        ("a   b\tnow", "b now", "b\tnow"),
        ("می‌خواهم بروم", "بروم", "بروم"),
        ("wait… now", "...", "…"),
        ("😀😀 give", "give", "give"),
        ("É\r\nnow", "now", "now"),
    ],
)
def test_spans_lead_back(text: str, needle: str, original: str) -> None:
    view = fold(text)
    start = view.text.index(needle)
    first, last = view.original(start, start + len(needle))
    assert text[first:last] == original


def test_positions_of_the_original_in_the_view() -> None:
    view = fold("ßa\u00adb")
    assert view.text == "ssab"
    assert [view.folded(place) for place in range(5)] == [0, 2, 3, 3, 4]
    assert view.folded_all(np.array([0, 1, 3])).tolist() == [0, 2, 3]
    assert view.original(4, 4) == (4, 4)


def test_ascii_keeps_its_places() -> None:
    view = fold("Plain Text")
    assert view.original(2, 5) == (2, 5)
    assert view.folded(7) == 7
    assert view.folded_all([1, 2]) == [1, 2]
