"""The stage ``content``: which blocks of a page are its content. It says nothing of documents without blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cleaner.document import Block
from cleaner.errors import PipelineError, known_names
from cleaner.ledger import Verdict
from cleaner.stage import Draft
from cleaner.stages.content_judges import JUDGES, Judge

NAME = "content"
_NEAREST = 14
"""Class words of a block that tell its category: those of the outer page say nothing of it."""
_CATEGORIES: tuple[tuple[str, frozenset[str]], ...] = (
    ("cookie", frozenset("cookie cookies consent gdpr onetrust ccpa cmp cookiebot".split())),
    ("comments", frozenset("comment comments commentlist disqus respond".split())),
    ("newsletter", frozenset("newsletter newsletters mailchimp signup optin".split())),
    ("donation", frozenset("donate donation donations fundraise".split())),
    ("subscription", frozenset("paywall subscribe subscription subscriptions membership login signin".split())),
    ("social", frozenset("social share sharing sharedaddy addtoany addthis follow facebook twitter whatsapp".split())),
    ("ad", frozenset("ad ads advert advertisement adsense sponsor sponsored dfp promo promotion".split())),
    (
        "related",
        frozenset(
            "related recommended recommendations popular trending outbrain taboola mostread teaser teasers".split()
        ),
    ),
    ("author", frozenset("author authors byline bio contributor".split())),
    ("copyright", frozenset("copyright colophon imprint legal licence license".split())),
    ("widget", frozenset("widget player modal popup overlay tooltip toast".split())),
)


@dataclass(frozen=True)
class Content:
    """Which blocks of a page are its content, as the judge ``by`` decides. :func:`content` builds it from options."""

    by: Judge
    name: str = field(default=NAME, init=False)
    narrows: bool = field(default=True, init=False)
    """What it drops is no neighbour of anything in the stages after it."""

    @property
    def digest(self) -> str:
        """What a pipeline's digest must know of the judge besides its options."""
        return self.by.digest

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return a verdict for each run of blocks that are no content and of one category."""
        document = draft.document
        if not document.blocks:
            return []
        decision = self.by.decide(document)
        runs = list(_runs(document.blocks, decision.kept))
        if not runs:
            return []
        reasons = decision.reasons([(first, last) for _, first, last in runs])
        rule = f"{self.name}/any/{self.by.name}"
        blocks = document.blocks
        return [
            Verdict(blocks[first].start, blocks[last].end, category, self.name, rule, because)
            for (category, first, last), because in zip(runs, reasons, strict=True)
        ]


def content(judge: str = "learned", model: str = "") -> Content:
    """Build the stage from its options.

    Raises:
        PipelineError: there is no such judge, or what it needs is not installed.
    """
    if judge not in JUDGES:
        raise PipelineError(f"the stage 'content' has no judge {judge!r}", known_names(judge, JUDGES))
    if model and judge != "learned":
        raise PipelineError(f"the judge {judge!r} takes no model")
    return Content(JUDGES[judge](Path(model)) if model else JUDGES[judge]())


def category_of(block: Block) -> str:
    """Return the category of a block that is no content, by the class words nearest to it."""
    return _category(block.words[:_NEAREST])


@lru_cache(maxsize=20_000)
def _category(near: tuple[str, ...]) -> str:
    return next((category for category, words in _CATEGORIES if not words.isdisjoint(near)), "navigation")


def _runs(blocks: Sequence[Block], kept: Sequence[bool]) -> Iterable[tuple[str, int, int]]:
    category, first = "", 0
    for place, block in enumerate(blocks):
        now = "" if kept[place] else category_of(block)
        if now != category:
            if category:
                yield category, first, place - 1
            category, first = now, place
    if category:
        yield category, first, len(blocks) - 1
