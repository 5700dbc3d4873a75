"""Phrases: words, stars, gaps and alternatives."""

from __future__ import annotations

import pytest
from support import judged, matcher_of, rule, taken

from cleaner.cues import compile_phrase, count_spellings, is_spaceless, is_word
from cleaner.errors import RuleError


def finds(phrase: str, text: str) -> bool:
    """Tell whether a rule with this one phrase takes anything of ``text``."""
    matcher = matcher_of(ad_en=rule(f"any = [{{ phrase = '''{phrase}''' }}]", drop='"match"'))
    return bool(taken(text, judged(text, matcher)))


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("sign up", "Please SIGN  UP now.", True),
        ("sign up", "Please design up front.", False),
        ("sign up", "sign upper", False),
        ("sign up", "sign-up", False),
        ("donat*", "Donations help.", True),
        ("donat*", "Donat", True),
        ("donat*", "undonated", False),
        ("*donat*", "undonated", True),
        ("*schutz", "Datenschutz", True),
        ("*schutz", "Datenschutzes", False),
        ("spend*konto", "Spendenkonto", True),
        ("spend*konto", "Spenden Konto", False),
        ("support … journalism", "Support our kind of journalism", True),
        ("support … journalism", "Support us. Good journalism", False),
        ("support … journalism", "Support " + "x" * 60 + " journalism", False),
        ("join ... club", "join our club", True),
        ("(give|donate) (now|today)", "donate now", True),
        ("(give|donate) (now|today)", "give today", True),
        ("(give|donate) (now|today)", "give later", False),
        ("sign up (for free|)", "sign up", True),
        ("naïve café", "NAIVE CAFE", True),
        ("straße", "STRASSE", True),
        ("don't miss", "Don’t miss", True),
        ("会員登録", "無料会員登録はこちら", True),
        ("תרמו", "תרמו עכשיו", True),
        ("*תרומה*", "והתרומה שלכם", True),
    ],
)
def test_phrases(phrase: str, text: str, found: bool) -> None:
    assert finds(phrase, text) is found


def test_a_span_covers_the_whole_phrase() -> None:
    matcher = matcher_of(ad_en=rule('any = ["donat* to … newsroom*"]', drop='"match"'))
    text = "So donate to our little newsrooms today."
    assert taken(text, judged(text, matcher)) == ["donate to our little newsrooms"]


@pytest.mark.parametrize("phrase", ["*", "( | )", "give * now … *"])
def test_nothing_to_search_for(phrase: str) -> None:
    with pytest.raises(RuleError):
        compile_phrase(phrase)


def test_spellings_are_counted() -> None:
    assert count_spellings("plain") == 1
    assert count_spellings("(a|b) x (c|d|e)") == 6
    assert len(compile_phrase("(a|b) x (c|d|e)")) == 6
    assert len(compile_phrase("sign up (now)")) == 1


def test_many_spellings_are_one_pattern() -> None:
    words = "|".join(f"word{letter}" for letter in "abcdefghij")
    phrase = f"({words}) then ({words})"
    assert finds(phrase, "So worda then wordj it is.")
    assert not finds(phrase, "So worda then wordz it is.")
    assert not finds(phrase, "So xworda then wordj it is.")


def test_letters_and_scripts() -> None:
    assert is_word("a")
    assert is_word("٣")
    assert is_word("\u0301")
    assert not is_word("-")
    assert is_spaceless("語")
    assert is_spaceless("ก")
    assert not is_spaceless("한")
