"""Compiles packs into automata and finds their cues in folded views.

Every language has three pairs of automata, one of literals and one of patterns each. The *first* holds for each rule the cues of one entry, the rarest, and runs
over every text that can be in the language. The *second* holds everything else that rules ask for, and runs only over
segments where the first found something. The *third* holds the words of the lexicon, for judges that weigh whole texts.
Compiling takes a moment, so what was compiled is kept in the user's cache folder under the digest of all that went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson

from cleaner import cache, rulebook
from cleaner.automaton import Automaton
from cleaner.cues import Cue, compile_phrase, distinction
from cleaner.errors import RuleError
from cleaner.language import Signs
from cleaner.patterns import check_pattern
from cleaner.relation import Relation
from cleaner.rulebook import CORE_GROUPS, Rule, Rulebook
from cleaner.searcher import Searcher, as_pattern, automata, plan


class CompiledRule(NamedTuple):
    """A rule in numbers: entries are indices of sets of cues."""

    name: str
    category: str
    because: str
    trial: bool
    weight: float
    any: dict[int, float]
    all: tuple[int, ...]
    none: int
    within: str
    where: dict[str, Any]
    drop: str
    extend: str


class Pack:
    """The compiled rules and lexicon of one language."""

    __slots__ = (
        "alone",
        "anchored",
        "by_name",
        "conditions",
        "cue_limits",
        "entries",
        "entries_of",
        "first",
        "in_group",
        "language",
        "limits",
        "needs",
        "placed",
        "rules",
        "uses",
        "words",
    )

    def __init__(self, language: str, plain: Mapping[str, Any], compiled: Sequence[Automaton | None]) -> None:
        self.language = language
        self.first = Searcher(plain["first"], compiled[0:3])
        """Finds the cues that can set off a rule."""
        self.conditions = Searcher(plain["second"], compiled[3:6])
        """Finds what rules ask for besides."""
        self.words = Searcher(plain["third"], compiled[6:9])
        """Finds the words of the core groups."""
        self.entries: list[frozenset[int]] = [frozenset(entry) for entry in plain["entries"]]
        self.rules = [
            CompiledRule._make([*head, dict(any_cues), tuple(all_entries), *tail])
            for head, any_cues, all_entries, tail in plain["rules"]
        ]
        self.by_name = {rule.name: rule for rule in self.rules}
        self.alone = np.array(
            [not self.entries[rule.none] and len(rule.all) + bool(rule.any) == 1 for rule in self.rules], dtype=bool
        )
        """For each rule, whether its anchors alone decide."""
        self.limits = np.array([rule.where.get("max_words", np.inf) for rule in self.rules], dtype=np.float64)
        """For each rule, how many words a segment may have in which it can hold."""
        self.placed = [{key: value for key, value in rule.where.items() if key != "max_words"} for rule in self.rules]
        """For each rule, its other conditions on the place."""
        cues = 1 + max(chain(*self.entries, *(rule.any for rule in self.rules)), default=0)
        self.anchored = Relation.of(cues, ((cue, rule) for rule, found in enumerate(plain["anchors"]) for cue in found))
        """The rules that each cue can set off."""
        self.cue_limits = np.zeros(cues)
        """For each cue, how many words a segment may have in which it can set off a rule."""
        firsts, rules = self.anchored.pairs(np.arange(cues))
        np.maximum.at(self.cue_limits, firsts, self.limits[rules])
        self._relate_entries(cues)
        size = 1 + max((cue for cues in plain["lexicon"].values() for cue in cues), default=0)
        self.in_group = np.zeros((len(CORE_GROUPS), size), dtype=bool)
        """Which cues of the lexicon belong to which core group."""
        for place, group in enumerate(CORE_GROUPS):
            self.in_group[place, plain["lexicon"].get(group, [])] = True

    def _relate_entries(self, cues: int) -> None:
        """Say which cues stand in which entries, and which entries each rule needs and uses; its ``any`` is one, too."""
        count = len(self.entries)
        sets = [*enumerate(self.entries), *((count + number, set(rule.any)) for number, rule in enumerate(self.rules))]
        self.entries_of = Relation.of(cues, ((cue, entry) for entry, found in sets for cue in found))
        """The entries in which each cue stands."""
        asked = [[*rule.all, *([count + number] if rule.any else [])] for number, rule in enumerate(self.rules)]
        self.needs = Relation.of(len(asked), ((rule, entry) for rule, found in enumerate(asked) for entry in found))
        """The entries of which each rule needs a cue."""
        self.uses = Relation.of(
            len(asked),
            ((rule, entry) for rule, found in enumerate(asked) for entry in (*found, self.rules[rule].none)),
        )
        """The entries whose cues each rule looks at."""


class Matcher:
    """The compiled packs of all languages, each compiled when a text first needs it."""

    def __init__(self, sources: Mapping[str, Sequence[tuple[str, bytes]]], digest: str, signs: Signs) -> None:
        self._sources = sources
        self._packs: dict[str, Pack] = {}
        self.digest = digest
        self.signs = signs

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have packs, sorted."""
        return tuple(sorted(self._sources))

    @cached_property
    def known(self) -> frozenset[str]:
        """The languages that a text can be said to be in: those with signs or packs."""
        return self.signs.known | (self._sources.keys() - {rulebook.ANY_LANGUAGE})

    def pack(self, language: str) -> Pack:
        """Return the compiled pack of a language.

        Raises:
            RuleError: one of its files is wrong.
        """
        pack = self._packs.get(language)
        if pack is None:
            pack = self._packs[language] = _cached_pack(language, tuple(self._sources[language]))
        return pack

    def rule(self, name: str) -> CompiledRule | None:
        """Return a rule by its full name, or None."""
        language = name.split("/")[1] if name.count("/") == 2 else ""
        return self.pack(language).by_name.get(name) if language in self._sources else None


def load(directories: Iterable[Path] = ()) -> Matcher:
    """Return the matcher of this package's packs and those of ``directories``.

    Raises:
        RuleError: a file cannot be read, or the file of languages is wrong.
    """
    own = list(directories)
    contents, digest = rulebook.read_files(rulebook.pack_files([rulebook.default_directory(), *own]))
    matcher = _matcher(tuple(contents), digest)
    for language in sorted({path.stem for path, name in rulebook.pack_files(own) if name != rulebook.LANGUAGES_FILE}):
        # A user's own packs are checked at once, not when the first text of their language comes.
        matcher.pack(language)
    return matcher


@lru_cache(maxsize=4)
def _matcher(contents: tuple[tuple[str, bytes], ...], digest: str) -> Matcher:
    signs = rulebook.parse([item for item in contents if item[0] == rulebook.LANGUAGES_FILE], digest).signs
    return Matcher(rulebook.by_language(contents), digest, Signs(signs.words, signs.scripts))


@lru_cache(maxsize=256)
def _cached_pack(language: str, contents: tuple[tuple[str, bytes], ...]) -> Pack:
    key = cache.key(contents)
    cached = cache.read(key)
    if cached is not None:
        return Pack(language, *cached)
    plain, compiled = _compile(rulebook.parse(contents, ""))
    cache.write(key, plain, compiled)
    return Pack(language, orjson.loads(orjson.dumps(plain)), compiled)


def compile_pack(language: str, book: Rulebook) -> Pack:
    """Compile the rules of one language; retired rules are left out.

    Raises:
        RuleError: a cue does not compile; the message names the rule.
    """
    plain, compiled = _compile(book)
    return Pack(language, orjson.loads(orjson.dumps(plain)), compiled)


def _compile(book: Rulebook) -> tuple[dict[str, Any], list[Automaton | None]]:
    numbers: dict[Cue, int] = {}
    entries: dict[tuple[int, ...], int] = {}

    def number(cue: Cue) -> int:
        return numbers.setdefault(cue, len(numbers))

    def entry(cues: Iterable[Cue]) -> int:
        return entries.setdefault(tuple(sorted({number(cue) for cue in cues})), len(entries))

    rules: list[Any] = []
    anchors: list[list[int]] = []
    first: set[Cue] = set()
    second: set[Cue] = set()
    third: set[Cue] = set()
    for rule in book.rules:
        if rule.status == "retired":
            continue
        anchor = _checked_anchor(rule)
        first.update(anchor)
        anchors.append(sorted({number(cue) for cue in anchor}))
        for cues in (*rule.all, tuple(cue for cue, _ in rule.any), rule.none):
            if cues != anchor:
                second.update(cues)
        head = [rule.name, rule.category, rule.because, rule.status == "trial", rule.weight]
        tail = [entry(rule.none), rule.within, dict(rule.where), rule.drop, rule.extend]
        any_cues = [[number(cue), weight] for cue, weight in rule.any]
        rules.append([head, any_cues, [entry(cues) for cues in rule.all], tail])
    lexicon: dict[str, set[int]] = {}
    for groups in book.lexicon.values():
        for group in CORE_GROUPS:
            phrases = [cue for cue in groups.get(group, ()) if cue.kind == "phrase"]
            lexicon.setdefault(group, set()).update(number(cue) for cue in phrases)
            third.update(phrases)
    plain: dict[str, Any] = {
        "rules": rules,
        "anchors": anchors,
        "entries": list(entries),
        "lexicon": {group: sorted(cues) for group, cues in lexicon.items()},
        "first": plan(first, numbers),
        "second": plan(second, numbers),
        "third": plan(third, numbers),
    }
    compiled = [automaton for key in ("first", "second", "third") for automaton in automata(plain[key])]
    return plain, compiled


def check_rule(rule: Rule) -> None:
    """Compile all cues of ``rule``, patterns down to their engine.

    Raises:
        RuleError: one does not compile, or nothing could set the rule off.
    """
    if rule.status == "retired":
        return
    _checked_anchor(rule)
    for cue in _all_cues(rule):
        if cue.kind == "pattern":
            check_pattern(cue.text)


def _all_cues(rule: Rule) -> set[Cue]:
    return {cue for cues in (*rule.all, rule.none) for cue in cues} | {cue for cue, _ in rule.any}


def _checked_anchor(rule: Rule) -> tuple[Cue, ...]:
    try:
        for cue in _all_cues(rule):
            _distinction(cue)
        choices: list[tuple[Cue, ...]] = [*rule.all]
        if rule.any:
            choices.append(tuple(cue for cue, _ in rule.any))
        return min(choices, key=_commonness)
    except RuleError as error:
        raise RuleError(f"{rule.file}: rule {rule.id!r}: {error.message}", error.hint) from None


def _commonness(cues: tuple[Cue, ...]) -> float:
    # A letter more makes a literal about three times as rare; the exact base does not matter.
    return sum((float(3.0 ** -min(_distinction(cue), 12.0)) for cue in cues), 0.0)


@lru_cache(maxsize=100_000)
def _distinction(cue: Cue) -> float:
    """Return how distinct the weakest text is by which ``cue`` is found; 0 where there is none."""
    pattern = as_pattern(cue)
    if pattern is not None:
        return pattern.distinction
    return min(distinction(variant.pieces[variant.anchor].literal) for variant in compile_phrase(cue.text))
