"""Conditions on the place of a segment, as rules write them in ``where``."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from support import matcher_of

from cleaner.batch import Batch
from cleaner.conditions import holds
from cleaner.document import Block, Document
from cleaner.match import Matcher
from cleaner.stage import Draft

MATCHER: Matcher = matcher_of()
TEXT = "One two three.\nAB 12\nIt ended. Or not"


@pytest.mark.parametrize(
    ("conditions", "segments"),
    [
        ({}, [0, 1, 2]),
        ({"min_words": 3.0}, [0, 2]),
        ({"max_words": 3.0}, [0, 1]),
        ({"min_words": 3.0, "max_words": 3.0}, [0]),
        ({"min_characters": 14.0}, [0, 2]),
        ({"max_characters": 14.0}, [0, 1]),
        ({"min_sentences": 2.0}, [2]),
        ({"max_sentences": 1.0}, [0, 1]),
        ({"min_position": 15 / 37}, [1, 2]),
        ({"max_position": 15 / 37}, [0, 1]),
        ({"min_from_start": 1.0}, [1, 2]),
        ({"max_from_start": 1.0}, [0, 1]),
        ({"min_from_end": 1.0}, [0, 1]),
        ({"max_from_end": 1.0}, [1, 2]),
        ({"min_digits": 0.5}, [1]),
        ({"max_digits": 0.5}, [0, 1, 2]),
        ({"min_capitals": 1.0}, [1]),
        ({"max_capitals": 0.5}, [0, 2]),
        ({"stop": True}, [0]),
        ({"stop": False}, [1, 2]),
        ({"language": ("de", "en")}, [0, 1, 2]),
        ({"language": ("de",)}, []),
        ({"stop": False, "language": ("en",), "max_words": 2.0}, [1]),
        # What asks for something of a page's block never holds in plain text, not even where zero would do.
        ({"min_link_share": 0.0}, []),
        ({"max_link_share": 1.0}, []),
        ({"inside": ("p",)}, []),
        ({"class": ("share",)}, []),
    ],
)
def test_plain_text(conditions: dict[str, Any], segments: list[int]) -> None:
    draft = Draft(Document(TEXT, language="en"), MATCHER)
    assert [index for index in range(len(draft)) if holds(draft, index, conditions)] == segments


BLOCKS = (
    Block(0, 14, path="html/body/article/p", words=("lead", "story")),
    Block(15, 20, path="html/body/nav/ul/li", words=("item", "share"), link_share=1.0),
    Block(21, 37, path="html/body/footer/p", words=("x",) * 16 + ("share",), link_share=0.25),
)


@pytest.mark.parametrize(
    ("conditions", "segments"),
    [
        ({"inside": ("nav",)}, [1]),
        ({"inside": ("nav", "footer")}, [1, 2]),
        ({"inside": ("foot",)}, []),
        ({"class": ("share",)}, [1]),
        ({"class": ("shar",)}, []),
        ({"class": ("story", "item")}, [0, 1]),
        ({"class": ("x",)}, [2]),
        ({"min_link_share": 0.25}, [1, 2]),
        ({"max_link_share": 0.25}, [0, 2]),
        ({"inside": ("p",), "min_link_share": 0.1}, [2]),
        ({"max_words": 2.0, "class": ("share",)}, [1]),
        ({"min_from_end": 1.0, "inside": ("p",)}, [0]),
    ],
)
def test_blocks_of_a_page(conditions: dict[str, Any], segments: list[int]) -> None:
    draft = Draft(Document(TEXT, language="en", blocks=BLOCKS), MATCHER)
    assert [index for index in range(len(draft)) if holds(draft, index, conditions)] == segments


def test_a_dropped_block_is_no_neighbour() -> None:
    draft = Draft(Document(TEXT, language="en", blocks=BLOCKS), MATCHER).without([(15, 20)])
    assert holds(draft, 1, {"inside": ("footer",), "max_from_start": 1.0, "max_from_end": 0.0})


def test_the_language_of_a_text_that_states_none_is_detected() -> None:
    text = "Der Fluss stieg in der Nacht um zwei Meter, und die Brücke wurde für den Verkehr gesperrt."
    draft = Draft(Document(text), MATCHER)
    assert holds(draft, 0, {"language": ("de",)})
    assert not holds(draft, 0, {"language": ("en",)})


def share(line: str, wanted: str, of: str) -> float:
    relevant = [character for character in line if character in of]
    return sum(character in wanted for character in relevant) / len(relevant) if relevant else 0.0


def naive(text: str) -> list[dict[str, float]]:
    """Return the numbers of each line of ``text``, which has ASCII letters, digits and spaces only."""
    lines = [line for line in text.split("\n") if line.strip()]
    numbers: list[dict[str, float]] = []
    offset = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            numbers.append(
                {
                    "words": len(stripped.split()),
                    "characters": len(stripped),
                    "position": (offset + len(line) - len(line.lstrip())) / len(text),
                    "from_start": len(numbers),
                    "from_end": len(lines) - 1 - len(numbers),
                    "digits": share(stripped, "17", "aB17"),
                    "capitals": share(stripped, "B", "aB"),
                }
            )
        offset += len(line) + 1
    return numbers


BOUNDS = [0.0, 0.25, 0.5, 1.0, 2.0, 3.0]
TEXTS = some.lists(some.text("aB17 \n", max_size=20), min_size=1, max_size=3)


def drafts_of(texts: list[str]) -> list[Draft]:
    """Return drafts that share a batch: what stands beside a draft there is no part of its place."""
    drafts = [Draft(Document(text, language="en"), MATCHER) for text in texts]
    Batch(drafts)
    return drafts


@given(TEXTS)
def test_bounds_as_a_look_at_each_line_tells(texts: list[str]) -> None:
    for draft in drafts_of(texts):
        lines = naive(draft.text)
        assert len(draft) == len(lines)
        for index, numbers in enumerate(lines):
            for name, number in numbers.items():
                at_least = [holds(draft, index, {f"min_{name}": bound}) for bound in BOUNDS]
                at_most = [holds(draft, index, {f"max_{name}": bound}) for bound in BOUNDS]
                assert at_least == [number >= bound for bound in BOUNDS], name
                assert at_most == [number <= bound for bound in BOUNDS], name


SINGLE = some.one_of(
    some.tuples(
        some.sampled_from(["min_words", "max_words", "min_from_start", "max_digits"]), some.sampled_from(BOUNDS)
    ),
    some.tuples(some.just("stop"), some.booleans()),
    some.tuples(some.just("language"), some.sampled_from([("en",), ("de", "fr")])),
)


@given(TEXTS, some.lists(SINGLE, max_size=3))
def test_conditions_together_hold_where_each_does(texts: list[str], singles: list[tuple[str, Any]]) -> None:
    conditions = dict(singles)
    for draft in drafts_of(texts):
        for index in range(len(draft)):
            each = [holds(draft, index, {key: wanted}) for key, wanted in conditions.items()]
            assert holds(draft, index, conditions) == all(each)
