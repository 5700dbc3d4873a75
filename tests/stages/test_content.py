"""The stage ``content``: what is left of a page, why, and that later stages see only that."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Block, Document
from cleaner.errors import ConfigurationError, PipelineError
from cleaner.formats.html import read_page
from cleaner.ledger import restore
from cleaner.pipeline import Pipeline
from cleaner.stages import build
from cleaner.stages.content import category_of
from cleaner.stages.content_judges import expected_best

SENTENCE = (
    "The council of the town by the river decided on Monday evening, after a long debate with many guests, that the "
    "old mill will be repaired before the winter, and that the bridge beside it stays closed until then. "
)
PAGE = f"""<!doctype html><title>Old mill will be repaired – River Post</title>
<body><header class="site-header"><nav class="main-nav"><ul><li><a href=1>Home</a><li><a href=2>News</a>
<li><a href=3>Sport</a><li><a href=4>Weather</a></ul></nav></header>
<main><article class="post"><h1>Old mill will be repaired</h1>
<div class="entry-content"><p>{SENTENCE}</p><p>{SENTENCE * 2}</p><p>{SENTENCE}</p><p>{SENTENCE}</p></div>
</article></main>
<aside class="sidebar related-posts"><h3>Most read</h3><ul><li><a href=5>Bridge closed for weeks</a>
<li><a href=6>Market moves to the church</a><li><a href=7>Swimmers win again</a></ul></aside>
<div class="comments" id="comments"><h3>2 comments</h3><ol><li>Good news.</li><li>At last.</li></ol></div>
<footer class="site-footer"><p>Copyright 2024 River Post. All rights reserved.</p><a href=8>Imprint</a></footer>"""


def left(pipeline: Pipeline, page: str = PAGE) -> str:
    return pipeline.clean(read_page(page)).text


CONTENT = Pipeline("content", ()).then("content")


def test_the_article_stays_and_what_surrounds_it_goes() -> None:
    text = left(CONTENT)
    assert text.count("The council of the town") == 5
    for gone in ("Home", "Weather", "Most read", "Swimmers", "All rights reserved", "Imprint"):
        assert gone not in text


def test_every_removal_is_an_edit_with_a_reason_and_can_be_taken_back() -> None:
    document = read_page(PAGE)
    cleaned = CONTENT.clean(document)
    assert restore(cleaned.text, cleaned.ledger.edits) == document.text
    assert cleaned.ledger.raw_sha256 == document.raw_sha256
    removals = [edit for edit in cleaned.ledger.edits if edit.stage == "content"]
    assert removals
    for edit in removals:
        assert edit.rule == "content/any/learned"
        assert edit.because.startswith("Content with a probability of ")
        assert ": " in edit.because
    assert {"navigation"} <= {edit.category for edit in removals}


def test_plain_text_is_none_of_its_business() -> None:
    assert CONTENT.clean(Document("Home\nNews\n" + SENTENCE)).text == "Home\nNews\n" + SENTENCE


def test_the_same_page_gives_the_same_result() -> None:
    assert CONTENT.clean(read_page(PAGE)).ledger == CONTENT.clean(read_page(PAGE)).ledger


def test_what_a_policy_only_flags_stays_in_the_text() -> None:
    careful = CONTENT.with_policy(**dict.fromkeys(("navigation", "related", "comments", "copyright", "widget"), "flag"))
    cleaned = careful.clean(read_page(PAGE))
    assert "Weather" in cleaned.text
    assert any("Weather" in flag.removed for flag in cleaned.ledger.flags)


def test_later_stages_see_only_what_is_left() -> None:
    document = read_page(PAGE)
    draft = CONTENT.compiled.judge(document)
    segments = [draft.segment_text(index) for index in range(len(draft))]
    assert segments
    assert all("Weather" not in segment for segment in segments)
    assert "weather" not in draft.batch.view.text
    assert draft.total_words < sum(len(line.split()) for line in document.text.splitlines())


def test_the_guard_counts_what_the_page_had_as_content() -> None:
    guarded = CONTENT.then("guard")
    assert left(guarded) == left(CONTENT)


@pytest.mark.parametrize("judge", ["trafilatura", "resiliparse"])
def test_other_judges_take_its_place(judge: str) -> None:
    pytest.importorskip(judge)
    pipeline = Pipeline("other", ()).then("content", judge=judge)
    text = left(pipeline)
    assert text.count("The council of the town") >= 4
    assert "Weather" not in text
    assert pipeline.digest != CONTENT.digest


def test_unknown_judges_and_options_are_refused_by_name() -> None:
    with pytest.raises(PipelineError, match="no judge 'lerned'"):
        build("content", {"judge": "lerned"})
    with pytest.raises(PipelineError, match="takes no model"):
        build("content", {"judge": "trafilatura", "model": "x.json"})
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Pipeline("x", ()).then("content", model="/does/not/exist.json").clean(read_page(PAGE))


def test_data_of_a_page_without_text_is_kept() -> None:
    page = f'<div id=app></div><script type="application/ld+json">{{"articleBody": "{SENTENCE}"}}</script>'
    assert left(CONTENT, page) == SENTENCE.strip()


def test_an_empty_page_gives_an_empty_text() -> None:
    assert left(CONTENT, "<html><body></body></html>") == ""


@pytest.mark.parametrize(
    ("words", "category"),
    [
        (("cookie", "consent"), "cookie"),
        (("share", "buttons"), "social"),
        (("related", "posts"), "related"),
        (("author", "bio"), "author"),
        ((), "navigation"),
        ((*tuple(f"w{number}" for number in range(20)), "newsletter"), "navigation"),
    ],
)
def test_the_nearest_class_words_tell_the_category(words: tuple[str, ...], category: str) -> None:
    assert category_of(Block(0, 1, words=words)) == category


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 500)), min_size=1, max_size=60))
def test_the_kept_blocks_are_the_likeliest_ones_and_never_none(blocks: list[tuple[float, int]]) -> None:
    probabilities = np.array([probability for probability, _ in blocks])
    kept = expected_best(probabilities, np.array([float(words) for _, words in blocks]))
    assert kept.any()
    if not kept.all():
        assert probabilities[kept].min() >= probabilities[~kept].max()
