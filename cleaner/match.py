"""Compiles a rulebook into automata and finds its cues in folded views.

Three automata of literals share the work. The *first* holds for each rule the cues of one entry, the rarest, and runs over
every text. The *second* holds everything else that rules ask for, and runs only over segments where the first found
something. The *third* holds the words of the lexicon, for judges that weigh whole texts. Compiling takes seconds, so the result is kept in the user's cache
folder under the digest of all that went into it.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import hyperscan
import orjson
from platformdirs import user_cache_path

from cleaner import rulebook
from cleaner.automaton import Automaton
from cleaner.cues import Cue, Piece, Variant, compile_phrase, count_spellings, locate
from cleaner.errors import RuleError
from cleaner.language import Signs
from cleaner.patterns import Pattern, check_pattern, compile_long_phrase, compile_pattern
from cleaner.rulebook import Rule, Rulebook

_MAGIC = b"cleaner-automata-2\n"
_MANY_SPELLINGS = 12
"""A phrase with more spellings than this is verified as a pattern, not searched for spelling by spelling."""
_MOST_SPELLINGS = 400
_SOURCES = ("automaton.py", "cues.py", "folding.py", "language.py", "match.py", "measures.py", "patterns.py", "rulebook.py")


CORE_GROUPS = ("reader", "outlet", "request", "money", "press", "means", "reported", "news")
"""The lexicon groups that every language has; judges count them."""


class CueHit(NamedTuple):
    """A cue found in a view: the cue's number, and the span of the view's code points."""

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


class _Searcher:
    """The cues of one automaton: literals, each with the phrases that it anchors and the patterns that need it."""

    __slots__ = ("_always", "_automaton", "_literals", "_patterns")

    def __init__(self, plain: Mapping[str, Any], automaton: Automaton | None) -> None:
        self._automaton = automaton
        self._literals = [
            (
                len(text),
                [(cue, Variant(tuple(Piece(*piece) for piece in pieces), anchor)) for cue, pieces, anchor in variants],
                patterns,
            )
            for text, variants, patterns in plain["literals"]
        ]
        self._patterns: dict[int, Pattern] = {
            cue: Pattern(expression, (), left_edge, right_edge)
            for cue, expression, left_edge, right_edge in plain["patterns"]
        }
        self._always: list[int] = plain["always"]

    def find(self, view: str) -> list[CueHit]:
        if self._automaton is None:
            return []
        data = view.encode("utf-8")
        wide = len(data) != len(view)
        hits: list[CueHit] = []
        candidates: dict[tuple[int, int], None] = {}
        position = byte = 0
        for literal, end in self._automaton.scan(data):
            if wide:
                position += len(data[byte:end].decode("utf-8", "ignore"))
                byte = end
            else:
                position = end
            length, variants, patterns = self._literals[literal]
            for cue, variant in variants:
                span = locate(view, position - length, position, variant)
                if span:
                    hits.append(CueHit(cue, *span))
            if patterns:
                line = view.rfind("\n", 0, position - length + 1) + 1
                for cue in patterns:
                    candidates[line, cue] = None
        for cue in self._always:
            candidates[0, cue] = None
        for line, cue in candidates:
            hits += self._verify(view, line, cue)
        return hits

    def _verify(self, view: str, line: int, cue: int) -> Iterable[CueHit]:
        stop = view.find("\n", line)
        text = view[line : stop if stop >= 0 else len(view)].rstrip(" ")
        stripped = text.lstrip(" ")
        line += len(text) - len(stripped)
        for start, end in self._patterns[cue].find(stripped):
            while stripped[start] == " " and start < end - 1:
                start += 1
            yield CueHit(cue, line + start, line + end)


class Matcher:
    """A compiled rulebook."""

    __slots__ = ("_first", "_second", "_third", "anchored", "digest", "entries", "group_of", "languages", "lexicon", "rules", "run_labels", "signs")

    def __init__(self, plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> None:
        self.digest: str = plain["digest"]
        self._first = _Searcher(plain["first"], automata[0])
        self._second = _Searcher(plain["second"], automata[1])
        self._third = _Searcher(plain["third"], automata[2])
        self.entries: list[frozenset[int]] = [frozenset(entry) for entry in plain["entries"]]
        self.rules = [
            CompiledRule(*head, {cue: weight for cue, weight in any_cues}, tuple(all_entries), *tail)
            for head, any_cues, all_entries, tail in plain["rules"]
        ]
        self.anchored: dict[int, list[int]] = {}
        for index, cues in enumerate(plain["anchors"]):
            for cue in cues:
                self.anchored.setdefault(cue, []).append(index)
        self.run_labels = frozenset(rule.name for rule in self.rules if rule.extend == "run")
        self.languages = [rule.name.split("/")[1] for rule in self.rules]
        self.signs = Signs(*plain["signs"])
        self.lexicon: dict[str, frozenset[int]] = {
            group: frozenset(cues) for group, cues in plain["lexicon"].items()
        }

        self.group_of: dict[int, list[int]] = {}
        for place, group in enumerate(CORE_GROUPS):
            for cue in self.lexicon.get(group, ()):
                self.group_of.setdefault(cue, []).append(place)

    def anchors(self, view: str) -> list[CueHit]:
        """Return the cues of ``view`` that can set off a rule."""
        return self._first.find(view)

    def words(self, view: str) -> list[CueHit]:
        """Return the cues of the lexicon's groups in ``view``."""
        return self._third.find(view)

    def conditions(self, view: str) -> list[CueHit]:
        """Return the cues of ``view`` that rules ask for besides, and those of the lexicon."""
        return self._second.find(view)


def compile_rules(book: Rulebook) -> Matcher:
    """Compile ``book``. Retired rules are left out.

    Raises:
        RuleError: a cue does not compile; the message names the rule.
    """
    return _build(*_compile(book))


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
    third: set[Cue] = set()
    for groups in book.lexicon.values():
        for group in CORE_GROUPS:
            cues = groups.get(group, ())
            lexicon.setdefault(group, set()).update(number(cue) for cue in cues)
            third.update(cue for cue in cues if cue.kind == "phrase")
    second |= third
    plain: dict[str, Any] = {
        "digest": book.digest,
        "rules": rules,
        "anchors": anchors,
        "entries": list(entries),
        "lexicon": {group: sorted(cues) for group, cues in lexicon.items()},
        "signs": [dict(book.signs.words), dict(book.signs.scripts)],
        "first": _searcher_plain(first, numbers),
        "second": _searcher_plain(second, numbers),
        "third": _searcher_plain(third, numbers),
    }
    automata: list[Automaton | None] = []
    for key in ("first", "second", "third"):
        literals = [text.encode() for text, *_ in plain[key]["literals"]]
        automata.append(Automaton.of_literals(literals) if literals else None)
    return plain, automata


def check_rule(rule: Rule) -> None:
    """Compile all cues of ``rule``, patterns down to their engine.

    Raises:
        RuleError: one does not compile, or nothing could set the rule off.
    """
    if rule.status == "retired":
        return
    _checked_anchor(rule)
    for cue in {cue for cues in (*rule.all, rule.none) for cue in cues} | {cue for cue, _ in rule.any}:
        if cue.kind == "pattern":
            check_pattern(cue.text)


def _checked_anchor(rule: Rule) -> tuple[Cue, ...]:
    try:
        for cue in {cue for cues in (*rule.all, rule.none) for cue in cues} | {cue for cue, _ in rule.any}:
            _searched_length(cue)
        anchor = _anchor(rule)
        if any(_searched_length(cue) < 0 for cue in anchor):
            raise RuleError("it has nothing fixed by which it could be found", "a match must hold two fixed characters")
        return anchor
    except RuleError as error:
        raise RuleError(f"{rule.file}: rule {rule.id!r}: {error.message}", error.hint) from None


def _anchor(rule: Rule) -> tuple[Cue, ...]:
    """Choose the entry that sets ``rule`` off: the one whose cues are expected to be rarest."""
    choices: list[tuple[Cue, ...]] = [*rule.all]
    if rule.any:
        choices.append(tuple(cue for cue, _ in rule.any))
    return min(choices, key=_commonness)


def _commonness(cues: tuple[Cue, ...]) -> float:
    # A letter more makes a literal about three times as rare; the exact base does not matter.
    return sum(3.0 ** -min(_searched_length(cue), 12) for cue in cues)


def _as_pattern(cue: Cue) -> Pattern | None:
    if cue.kind == "pattern":
        return compile_pattern(cue.text)
    spellings = count_spellings(cue.text)
    if spellings <= _MANY_SPELLINGS:
        return None
    pattern = compile_long_phrase(cue.text)
    if not pattern.literals and spellings > _MOST_SPELLINGS:
        raise RuleError(f"the phrase {cue.text!r} has {spellings} spellings and no fixed word", "split it")
    return pattern if len(pattern.literals) < spellings and pattern.literals else None


@lru_cache(maxsize=100_000)
def _searched_length(cue: Cue) -> int:
    pattern = _as_pattern(cue)
    if pattern is not None:
        return min((len(literal.encode()) for literal in pattern.literals), default=-100)
    return min(len(variant.pieces[variant.anchor].literal.encode()) for variant in compile_phrase(cue.text))


def _searcher_plain(cues: set[Cue], numbers: Mapping[Cue, int]) -> dict[str, Any]:
    literals: dict[str, tuple[list[Any], list[int]]] = {}
    patterns: list[Any] = []
    always: list[int] = []
    for cue in sorted(cues):
        number = numbers[cue]
        compiled = _as_pattern(cue)
        if compiled is not None:
            patterns.append([number, compiled.expression, compiled.left_edge, compiled.right_edge])
            for literal in compiled.literals:
                literals.setdefault(literal, ([], []))[1].append(number)
            if not compiled.literals:
                always.append(number)
        else:
            for variant in compile_phrase(cue.text):
                literal = variant.pieces[variant.anchor].literal
                literals.setdefault(literal, ([], []))[0].append([number, [list(piece) for piece in variant.pieces], variant.anchor])
    return {
        "literals": [[text, variants, needed] for text, (variants, needed) in literals.items()],
        "patterns": patterns,
        "always": always,
    }


def _build(plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> Matcher:
    return Matcher(plain, automata)


@lru_cache(maxsize=1)
def _engine_identity() -> bytes:
    sources = sha256()
    for name in _SOURCES:
        sources.update((Path(__file__).parent / name).read_bytes())
    return sources.digest() + f"{hyperscan.__version__} {sys.platform} {platform.machine()}".encode()


def load(directories: Iterable[Path] = ()) -> Matcher:
    """Return the matcher of this package's packs and those of ``directories``, from the cache where it is there.

    Raises:
        RuleError: a rule file is wrong.
    """
    contents, digest = rulebook.read_files(rulebook.pack_files([rulebook.default_directory(), *directories]))
    return _load(digest, tuple(contents))


@lru_cache(maxsize=4)
def _load(digest: str, contents: tuple[tuple[str, bytes], ...]) -> Matcher:
    identity = sha256(_engine_identity() + digest.encode()).hexdigest()
    path = _cache_folder() / f"{identity}.automata"
    cached = _read_cache(path)
    if cached is not None:
        return _build(*cached)
    plain, automata = _compile(rulebook.parse(contents, digest))
    _write_cache(path, plain, automata)
    return _build(orjson.loads(orjson.dumps(plain)), automata)


def _cache_folder() -> Path:
    chosen = os.environ.get("CLEANER_CACHE")
    return Path(chosen) if chosen else user_cache_path("article-cleaner", appauthor=False)


def _read_cache(path: Path) -> tuple[dict[str, Any], list[Automaton | None]] | None:
    try:
        content = path.read_bytes()
        if not content.startswith(_MAGIC):
            return None
        check, content = content[len(_MAGIC) : len(_MAGIC) + 32], content[len(_MAGIC) + 32 :]
        if sha256(content).digest() != check:
            return None
        header, _, rest = content.partition(b"\n")
        lengths = orjson.loads(header)
        parts: list[bytes] = []
        for length in lengths:
            parts.append(rest[:length])
            rest = rest[length:]
        automata = [Automaton.load(part) if part else None for part in parts[1:]]
        return orjson.loads(parts[0]), automata
    except (OSError, ValueError, hyperscan.error):
        return None


def _write_cache(path: Path, plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> None:
    """Keep the compiled form. A cache that cannot be written only costs time, so it is no error."""
    parts = [orjson.dumps(plain), *(automaton.dump() if automaton else b"" for automaton in automata)]
    content = orjson.dumps([len(part) for part in parts]) + b"\n" + b"".join(parts)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + sha256(content).digest() + content)
        os.replace(temporary, path)
