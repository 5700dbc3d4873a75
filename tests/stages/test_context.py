"""The stage context: pitches grow over what belongs to them, runs of links go with their label, reporting ends both."""

from __future__ import annotations

from support import judged, matcher_of, rule, taken

from cleaner.match import Matcher
from cleaner.pipeline import Pipeline

LEXICON = """
[groups]
reader = ["you", "your"]
outlet = ["our journalism", "our newsroom"]
request = ["donate"]
money = ["donation*", "cost*"]
press = ["press freedom"]
means = ["here"]
reported = ["said"]
news = ["police"]
"""


def matcher() -> Matcher:
    return matcher_of(
        donation_en=rule('any = ["donate today"]')
        + rule('any = ["press freedom is under attack"]', weight="0.5", id='"attack"'),
        related_en=rule('any = [{ pattern = "^read also$" }]', extend='"run"', id='"label"'),
        newsletter_en=rule('any = ["join the list"]', weight="0.5", id='"list"'),
        lexicon_en=LEXICON,
    )


def take(text: str) -> list[str]:
    return taken(text, judged(text, matcher(), context=True))


def test_weak_neighbours_go_along() -> None:
    text = "The river rose.\nPress freedom is under attack.\nDonate today.\nJoin the list.\nThe river fell."
    assert take(text) == ["Press freedom is under attack.", "Donate today.", "Join the list."]


def test_without_an_anchor_they_stay() -> None:
    assert take("The river rose.\nPress freedom is under attack.\nThe river fell.") == []


def test_the_outlet_speaking_of_itself_goes_along() -> None:
    text = "The river rose.\nYour help pays for our journalism and what it costs.\nDonate today."
    assert take(text) == text.split("\n")[1:]


def test_reporting_ends_the_walk() -> None:
    text = 'The river rose.\nPolice said our newsroom costs too much.\nDonate today.\n"We need your donations for our journalism," she said.'
    assert take(text) == ["Donate today."]


def test_the_first_segment_is_not_taken_along_by_a_single_ask() -> None:
    text = "Press freedom is under attack.\nDonate today."
    assert take(text) == ["Donate today."]


def test_a_run_of_headlines_goes_with_its_label() -> None:
    text = "The river rose.\nRead also\nBridge opens again\nWho pays for the dam?\nMill burns\n"
    assert take(text) == ["Read also", "Bridge opens again", "Who pays for the dam?", "Mill burns"]


def test_the_heading_of_a_following_paragraph_stays() -> None:
    text = "The river rose.\nRead also\nBridge opens again\nMill burns\nWhat now\nThe council meets in the evening to decide what is to be done.\n"
    assert take(text) == ["Read also", "Bridge opens again", "Mill burns"]


def test_a_prompt_ends_a_run() -> None:
    text = "The river rose.\nRead also\nBridge opens\nDonate today.\nWhat a night it was\n"
    assert take(text) == ["Read also", "Bridge opens", "Donate today."]


def test_reach_is_an_option() -> None:
    pipeline = Pipeline("short").then("rules").then("context", reach=1)
    assert pipeline.steps[1].options == (("reach", 1),)


def test_reasons_name_the_anchor() -> None:
    text = "The river rose.\nPress freedom is under attack.\nDonate today."
    context = [verdict for verdict in judged(text, matcher(), context=True) if verdict.stage == "context"]
    assert [verdict.rule for verdict in context] == ["donation/en/example"]
    assert "Anchor: It asks the reader for something." in context[0].because
