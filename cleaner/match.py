"""Compiles packs into automata and finds their cues in folded views.

Every language has three pairs of automata, one of literals and one of patterns each. The *first* holds for each rule the cues of one entry, the rarest, and runs
over every text that can be in the language. The *second* holds everything else that rules ask for, and runs only over
segments where the first found something. The *third* holds the words of the lexicon, for judges that weigh whole texts.
Compiling takes a moment, so what was compiled is kept in the user's cache folder under the digest of all that went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from cleaner import cache, rulebook
from cleaner.automaton import Automaton
from cleaner.cues import LETTERS, Cue, Piece, Variant, compile_phrase, count_spellings, distinction, is_joined, locate
from cleaner.errors import RuleError
from cleaner.language import Signs
from cleaner.patterns import Pattern, check_pattern, compile_long_phrase, compile_pattern
from cleaner.rulebook import CORE_GROUPS, Rule, Rulebook

_MANY_SPELLINGS = 12
"""A phrase with more spellings than this is verified as a pattern, not searched for spelling by spelling."""


class CueHit(NamedTuple):
    """A cue found in a view: the cue's number in its language, and the span of the view's code points."""

    cue: int
    start: int
    end: int


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


class Searcher:
    """The cues of one set: an automaton of the literals that anchor phrases, and one of the patterns."""

    __slots__ = ("_literals", "_pattern_cues", "_patterns", "_phrases", "patterns")

    def __init__(self, plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> None:
        self._literals, self._patterns = automata
        self._phrases = [_phrases(text, variants) for text, variants in plain["literals"]]
        self._pattern_cues: list[int] = [cue for cue, *_ in plain["patterns"]]
        self.patterns = {cue: Pattern(*rest) for cue, *rest in plain["patterns"]}

    def find(self, view: str, data: bytes) -> list[CueHit]:
        """Return the cues in ``view``; ``data`` is its UTF-8."""
        hits: list[CueHit] = []
        if self._literals is not None:
            self._find_phrases(view, data, hits)
        if self._patterns is not None:
            self._find_patterns(view, data, hits)
        return hits

    def _find_phrases(self, view: str, data: bytes, hits: list[CueHit]) -> None:
        assert self._literals is not None
        wide = len(data) != len(view)
        position = byte = 0
        for literal, end in self._literals.scan(data):
            if wide:
                position += len(data[byte:end].decode("utf-8", "ignore"))
                byte = end
            else:
                position = end
            length, simple, variants = self._phrases[literal]
            start = position - length
            for cue, left, right in simple:
                if not (left and start and is_joined(view[start - 1])):
                    if not (right and position < len(view) and is_joined(view[position])):
                        hits.append(CueHit(cue, start, position if right else _word_end(view, position)))
            for cue, variant in variants:
                span = locate(view, start, position, variant)
                if span:
                    end_of_span = span[1] if variant.pieces[-1].right_edge else _word_end(view, span[1])
                    hits.append(CueHit(cue, span[0], end_of_span))

    def _find_patterns(self, view: str, data: bytes, hits: list[CueHit]) -> None:
        assert self._patterns is not None
        found: dict[tuple[int, int], None] = {}
        # The engine misses some matches at the very start of its data, though not at the start of a line; so there is one.
        for pattern, end in self._patterns.scan(b"\n" + data):
            # A match may end just behind the line's end; its line is the one before.
            found[data.rfind(b"\n", 0, max(0, end - 2)) + 1, pattern] = None
        position = byte = 0
        for start, pattern in sorted(found):
            position += len(data[byte:start].decode("utf-8", "ignore"))
            byte = start
            cue = self._pattern_cues[pattern]
            stop = view.find("\n", position)
            text = view[position : stop if stop >= 0 else len(view)].rstrip(" ")
            stripped = text.lstrip(" ")
            base = position + len(text) - len(stripped)
            for first, last in self.patterns[cue].find(stripped):
                while stripped[first] == " " and first < last - 1:
                    first += 1
                hits.append(CueHit(cue, base + first, base + last))


def _word_end(view: str, position: int) -> int:
    """Return where the word ends that goes on at ``position``: a phrase that ends in ``*`` covers all of its last word."""
    limit = min(len(view), position + LETTERS)
    if position and not is_joined(view[position - 1]):
        return position
    while position < limit and is_joined(view[position]):
        position += 1
    return position


def _phrases(text: str, variants: list[Any]) -> tuple[int, list[Any], list[Any]]:
    """Part the phrases that are just this literal from those with more pieces."""
    simple: list[Any] = []
    longer: list[Any] = []
    for cue, pieces, anchor in variants:
        row = tuple(Piece(*piece) for piece in pieces)
        if len(row) == 1:
            simple.append((cue, row[0].left_edge, row[0].right_edge))
        else:
            longer.append((cue, Variant(row, anchor)))
    return len(text), simple, longer


class Pack:
    """The compiled rules and lexicon of one language."""

    __slots__ = ("anchored", "by_name", "conditions", "entries", "first", "group_of", "language", "rules", "words")

    def __init__(self, language: str, plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> None:
        self.language = language
        self.first = Searcher(plain["first"], automata[0:2])
        """Finds the cues that can set off a rule."""
        self.conditions = Searcher(plain["second"], automata[2:4])
        """Finds what rules ask for besides, and the lexicon."""
        self.words = Searcher(plain["third"], automata[4:6])
        """Finds the words of the core groups."""
        self.entries: list[frozenset[int]] = [frozenset(entry) for entry in plain["entries"]]
        self.rules = [
            CompiledRule._make([*head, dict(any_cues), tuple(all_entries), *tail])
            for head, any_cues, all_entries, tail in plain["rules"]
        ]
        self.by_name = {rule.name: rule for rule in self.rules}
        self.anchored: dict[int, list[int]] = {}
        for index, cues in enumerate(plain["anchors"]):
            for cue in cues:
                self.anchored.setdefault(cue, []).append(index)
        self.group_of: dict[int, list[int]] = {}
        for place, group in enumerate(CORE_GROUPS):
            for cue in plain["lexicon"].get(group, ()):
                self.group_of.setdefault(cue, []).append(place)


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
    plain, automata = _compile(rulebook.parse(contents, ""))
    cache.write(key, plain, automata)
    return Pack(language, orjson.loads(orjson.dumps(plain)), automata)


def compile_pack(language: str, book: Rulebook) -> Pack:
    """Compile the rules of one language; retired rules are left out.

    Raises:
        RuleError: a cue does not compile; the message names the rule.
    """
    plain, automata = _compile(book)
    return Pack(language, orjson.loads(orjson.dumps(plain)), automata)


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
        "first": _searcher_plain(first, numbers),
        "second": _searcher_plain(second | third, numbers),
        "third": _searcher_plain(third, numbers),
    }
    automata: list[Automaton | None] = []
    for key in ("first", "second", "third"):
        literals = [text.encode() for text, _ in plain[key]["literals"]]
        patterns = [expression for _, _, expression, *_ in plain[key]["patterns"]]
        automata.append(Automaton.of_literals(literals) if literals else None)
        automata.append(Automaton.of_patterns(patterns) if patterns else None)
    return plain, automata


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


def _as_pattern(cue: Cue) -> Pattern | None:
    if cue.kind == "pattern":
        return compile_pattern(cue.text)
    spellings = count_spellings(cue.text)
    if spellings <= _MANY_SPELLINGS:
        return None
    return compile_long_phrase(cue.text)


@lru_cache(maxsize=100_000)
def _distinction(cue: Cue) -> float:
    """Return how distinct the weakest text is by which ``cue`` is found; 0 where there is none."""
    pattern = _as_pattern(cue)
    if pattern is not None:
        return pattern.distinction
    return min(distinction(variant.pieces[variant.anchor].literal) for variant in compile_phrase(cue.text))


def _searcher_plain(cues: set[Cue], numbers: Mapping[Cue, int]) -> dict[str, Any]:
    literals: dict[str, list[Any]] = {}
    patterns: list[Any] = []
    for cue in sorted(cues):
        number = numbers[cue]
        pattern = _as_pattern(cue)
        if pattern is not None:
            patterns.append([number, pattern.expression, pattern.bytes, pattern.left_edge, pattern.right_edge])
        else:
            for variant in compile_phrase(cue.text):
                spelled = [list(piece) for piece in variant.pieces]
                literals.setdefault(variant.pieces[variant.anchor].literal, []).append(
                    [number, spelled, variant.anchor]
                )
    return {"literals": list(literals.items()), "patterns": patterns}
