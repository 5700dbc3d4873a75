"""The stage rules: what each key of a rule does."""

from __future__ import annotations

import pytest
from support import cleaned, judged, matcher_of, rule, taken

from cleaner.ledger import FLAG, Verdict


def take(text: str, cues: str, language: str | None = "en", **keys: str) -> list[str]:
    return taken(text, judged(text, matcher_of(ad_en=rule(cues, **keys)), language))


def test_a_segment_goes() -> None:
    assert take("Rates rose.\nSign up now!\nMore.", 'any = ["sign up"]') == ["Sign up now!"]


def test_all_needs_every_entry() -> None:
    cues = 'all = [["sign up", "subscribe"], "newsletter*"]'
    assert take("Subscribe to newsletters.", cues) == ["Subscribe to newsletters."]
    assert take("Subscribe to papers.", cues) == []


def test_none_speaks_against() -> None:
    text = "Sign up now! He said so."
    assert take(text, 'any = ["sign up"]', none='["said"]') == []
    assert take(text, 'any = ["sign up"]', none='["said"]', within='"sentence"', drop='"sentence"') == ["Sign up now!"]


def test_within_a_sentence() -> None:
    text = "Sign up. It is a newsletter about the long history of bridges in the valley."
    cues = 'all = ["sign up", "newsletter"]'
    assert take(text, cues) == [text]
    assert take(text, cues, within='"sentence"') == []


@pytest.mark.parametrize(
    ("drop", "wanted"),
    [
        ("match", ["sign up for news"]),
        ("sentence", ["Please sign up for news."]),
        ("segment", ["It rained in the hills all week. Please sign up for news. The river rose by two metres."]),
    ],
)
def test_drop(drop: str, wanted: list[str]) -> None:
    text = "It rained in the hills all week. Please sign up for news. The river rose by two metres."
    assert take(text, 'any = ["sign up for news"]', drop=f'"{drop}"') == wanted


def test_sentences_that_are_nearly_all_take_the_rest_along() -> None:
    text = "Please sign up for the best news of the whole valley today. Thanks."
    assert take(text, 'any = ["sign up"]', drop='"sentence"') == [text]


def test_a_long_paragraph_never_goes_as_a_whole() -> None:
    text = "The river rose by two metres in one night. " * 25 + "Please sign up now."
    assert take(text, 'any = ["sign up"]') == ["Please sign up now."]


def test_weak_rules_add_up() -> None:
    pack = rule('any = ["sign up"]', weight="0.5") + rule('any = ["for free"]', weight="0.5", id='"other"')
    both = judged("Sign up for free", matcher_of(ad_en=pack))
    assert taken("Sign up for free", both) == ["Sign up for free"]
    assert "ad/en/example + ad/en/other" in {verdict.rule for verdict in both}
    assert taken("Sign up here", judged("Sign up here", matcher_of(ad_en=pack))) == []


def test_weak_rules_of_two_categories_do_not() -> None:
    matcher = matcher_of(
        ad_en=rule('any = ["sign up"]', weight="0.5"), app_en=rule('any = ["for free"]', weight="0.5", id='"other"')
    )
    assert taken("Sign up for free", judged("Sign up for free", matcher)) == []


def test_weak_cues_add_up() -> None:
    cues = 'any = [{ phrase = "sign up", weight = 0.5 }, { phrase = "for free", weight = 0.5 }]'
    assert take("Sign up for free", cues) == ["Sign up for free"]
    assert take("Sign up, sign up", cues) == []


def test_trial_only_flags() -> None:
    (verdict,) = judged("Sign up", matcher_of(ad_en=rule('any = ["sign up"]', status='"trial"')))
    assert verdict.action == FLAG


def test_a_verdict_says_why_and_by_what() -> None:
    text = "Né là. Sign up for it."
    (verdict,) = judged(text, matcher_of(ad_en=rule('any = ["sign up"]', drop='"sentence"')))
    assert (verdict.rule, verdict.category, verdict.stage) == ("ad/en/example", "ad", "rules")
    assert verdict.because == "It asks the reader for something."
    assert [text[span.start : span.end] for span in verdict.evidence] == ["Sign up"]


def test_quoted_speech_does_not_count() -> None:
    cues = 'any = ["sign up"]'
    assert take('The mayor told the crowd: "Please sign up for it today," and left.', cues) == []
    assert take("The mayor's ‘Please sign up’ was never heard again.", cues) == []
    assert take('"Please sign up for it if you can"', cues) == []
    assert take("- Please sign up for it if you can.", cues) == []
    assert take('"Please sign up for it"', cues) == ['"Please sign up for it"']
    assert take('Please "sign up" for it today', cues) == ['Please "sign up" for it today']


@pytest.mark.parametrize(
    ("where", "text", "goes"),
    [
        ("{ max_words = 3 }", "sign up now", True),
        ("{ max_words = 2 }", "sign up now", False),
        ("{ min_words = 4 }", "sign up now", False),
        ("{ stop = true }", "Sign up.", True),
        ("{ stop = true }", "Sign up", False),
        ("{ max_from_end = 0 }", "A.\nSign up", True),
        ("{ max_from_end = 0 }", "Sign up\nA.", False),
        ("{ max_from_start = 0 }", "Sign up\nA.", True),
        ("{ min_position = 0.5 }", "A long sentence comes first.\nSign up", True),
        ("{ min_position = 0.5 }", "Sign up\nA long sentence comes last.", False),
        ("{ max_characters = 6 }", "sign up", False),
        ("{ max_sentences = 1 }", "Sign up. Now.", False),
        ("{ min_digits = 0.5 }", "sign up 123456789", True),
        ("{ min_capitals = 0.9 }", "SIGN UP", True),
        ("{ min_capitals = 0.9 }", "Sign up", False),
        ('{ language = "en" }', "Sign up", True),
        ('{ language = ["de", "fr"] }', "Sign up", False),
    ],
)
def test_where(where: str, text: str, goes: bool) -> None:
    assert bool(take(text, 'any = ["sign up"]', where=where)) is goes


def test_rules_of_other_languages_stay_out_of_a_stated_language() -> None:
    matcher = matcher_of(
        ad_de=rule('any = ["jetzt anmelden"]'), ad_en=rule('any = ["sign up"]'), ad_any=rule('any = ["©"]')
    )
    text = "Jetzt anmelden\nSign up\n© 2020"
    assert taken(text, judged(text, matcher, "de")) == ["Jetzt anmelden", "Sign up", "© 2020"]
    assert taken(text, judged(text, matcher, "fr")) == ["Sign up", "© 2020"]


def test_a_language_that_only_a_pack_knows() -> None:
    matcher = matcher_of(ad_ca=rule('any = ["apunta-t ara"]'), ad_en=rule('any = ["sign up"]'))
    text = "Apunta-t ara\nSign up"
    assert taken(text, judged(text, matcher, "ca")) == ["Apunta-t ara", "Sign up"]
    assert taken(text, judged(text, matcher, "de")) == ["Sign up"]


def test_english_sentences_do_not_act_in_another_language() -> None:
    matcher = matcher_of(ad_en=rule('any = ["sign up"]'), ad_de=rule('any = ["jetzt anmelden"]'))
    text = "Please sign up for all of our very best news today"
    assert judged(text, matcher, "de") == ()
    assert taken(text, judged(text, matcher, "en")) == [text]


def test_wrapped_text_is_judged_by_the_paragraph() -> None:
    wrapped = (
        "The council of the valley met on Monday to decide about\n"
        "the bridge that the flood had taken in the spring, and\n"
        "voted for a temporary crossing at the upper mill.\n"
        "\n"
        "If you like what you are reading here then please sign\n"
        "up for the newsletter of this paper, which arrives once\n"
        "in the week and costs you nothing at all, ever.\n"
    )
    verdicts: tuple[Verdict, ...] = judged(wrapped, matcher_of(ad_en=rule('any = ["sign up for the newsletter"]')))
    assert cleaned(wrapped, verdicts) == wrapped.split("\n\n")[0] + "\n"
