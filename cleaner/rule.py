"""What a rule is, and the words that rules are made of: categories, groups of the lexicon, signs of languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cleaner.cues import Cue

APPEALS = ("donation", "cause", "newsletter", "subscription", "social", "app", "ad", "comments", "cookie")
FURNITURE = ("related", "navigation", "widget", "author", "copyright", "disclosure")
CATEGORIES = APPEALS + FURNITURE
CORE_GROUPS = ("reader", "outlet", "request", "money", "press", "means", "reported", "news")
"""The lexicon groups that every language has; judges count them."""

WhereValue = float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a pack. ``any`` pairs each cue with its weight; each entry of ``all`` is satisfied by one of its cues."""

    category: str
    language: str
    id: str
    because: str
    status: str = "stable"
    weight: float = 1.0
    any: tuple[tuple[Cue, float], ...] = ()
    all: tuple[tuple[Cue, ...], ...] = ()
    none: tuple[Cue, ...] = ()
    within: str = "segment"
    where: Mapping[str, WhereValue] = field(default_factory=dict)
    drop: str = "segment"
    extend: str = "none"
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    file: str = ""

    @property
    def name(self) -> str:
        """The full name, ``category/language/id``."""
        return f"{self.category}/{self.language}/{self.id}"


@dataclass(frozen=True, slots=True)
class LanguageSigns:
    """By what a text shows which languages it can be in: common words, and ranges of a script's letters."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scripts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of some folders, the groups of every language's lexicon, and the digest of the files' content."""

    rules: tuple[Rule, ...]
    lexicon: Mapping[str, Mapping[str, tuple[Cue, ...]]]
    digest: str
    signs: LanguageSigns = field(default_factory=LanguageSigns)
