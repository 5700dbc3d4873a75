"""Patterns of rule authors: checked, and made ready for search.

A pattern is parsed into a tree. From the tree come a pattern over bytes, with which one automaton looks for all patterns
at once, and the expression for RE2, a linear-time engine too, which verifies the lines that the automaton found and says
where exactly the match stands. It is compiled when a line first needs it, so thousands of patterns cost little to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from cleaner.cues import GAP_SIGN, LETTERS, choices_of, is_joined, is_spaceless
from cleaner.errors import RuleError
from cleaner.folding import fold_phrase
from cleaner.pattern_search import OPENING, bytes_of, distinction_of, is_opening
from cleaner.pattern_tree import SPACELESS_GAP, WORD, WORD_GAP, Group, Literal, Node, Other, Parser, Repeat, spell

__all__ = ["OPENING", "Pattern", "check_pattern", "compile_long_phrase", "compile_pattern"]

Encoded = bytes
"""A name for the type inside a class that has a field ``bytes``."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A checked pattern: its RE2 ``expression``, and the ``bytes`` pattern that finds the lines in which it may match."""

    expression: str
    bytes: str
    left_edge: bool
    right_edge: bool
    distinction: float = 0.0
    """How well the fixed texts of a match tell lines apart, in letters."""
    opening: bool = False
    """Whether every match lies in the first :data:`OPENING` code points of a line."""

    def find(self, line: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of all matches in a line of a folded view, in code points."""
        for match in _engine(self.expression).finditer(line):
            start, end = match.span()
            if end > start and not (self.left_edge and _inside_word(line, start)):
                if not (self.right_edge and _inside_word(line, end)):
                    yield start, end

    def find_in(self, line: Encoded) -> Iterator[tuple[int, int]]:
        """As :meth:`find`, in a line that is given as UTF-8, and without spaces in front; spans are code points, too."""
        if not line.isascii():
            text = line.decode("utf-8")
            for start, end in self.find(text):
                yield end - len(text[start:end].lstrip(" ") or " "), end
            return
        for match in _ascii_engine(self.expression).finditer(line):
            start, end = match.span()
            if end > start and not (self.left_edge and _inside_ascii_word(line, start)):
                if not (self.right_edge and _inside_ascii_word(line, end)):
                    yield end - len(line[start:end].lstrip(b" ") or b" "), end


def _inside_ascii_word(line: Encoded, position: int) -> bool:
    return 0 < position < len(line) and line[position - 1 : position + 1].isalnum()


def _inside_word(line: str, position: int) -> bool:
    if not 0 < position < len(line):
        return False
    return is_joined(line[position - 1]) and is_joined(line[position])


@lru_cache(maxsize=4096)
def _engine(expression: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    # Of two alternatives that fit, the one that reaches the edge of the word counts.
    options.longest_match = True
    return re2.compile(expression, options)


@lru_cache(maxsize=4096)
def _ascii_engine(expression: str) -> Any:
    """Return the engine for lines of nothing but ASCII, whose class of all letters is compiled and searched fast."""
    return _engine(expression.replace(WORD, "0-9A-Za-z_"))


@lru_cache(maxsize=8192)
def compile_pattern(pattern: str) -> Pattern:
    """Parse ``pattern``.

    Raises:
        RuleError: it uses what a linear-time engine cannot do, or does not mean the same in every script.
    """
    body = pattern
    left_edge, right_edge = body.startswith(r"\b"), body.endswith(r"\b") and not body.endswith(r"\\b")
    body = body[2:] if left_edge else body
    body = body[:-2] if right_edge else body
    parser = Parser(pattern, body)
    tree = parser.parse()
    expression = spell(tree)
    if parser.ascii_only:
        # The engine knows these edges itself, and tries other alternatives where one ends inside a word.
        expression = (r"\b" if left_edge else "") + expression + (r"\b" if right_edge else "")
    return Pattern(expression, bytes_of(tree), left_edge, right_edge, distinction_of(tree), is_opening(tree))


@lru_cache(maxsize=65_536)
def compile_long_phrase(phrase: str) -> Pattern:
    """Return a phrase with many spellings as a pattern; without literals if nothing in it is fixed."""
    choices = choices_of(phrase)
    optional = any("" in choice for choice in choices)
    gap = SPACELESS_GAP if any(map(is_spaceless, phrase)) else WORD_GAP
    row: list[Node] = []
    for choice in choices:
        # The engine takes the first alternative that matches, and the edge of the word is tried only then.
        branches = [tuple(_phrase_row(part, optional, gap)) for part in sorted(choice, key=len, reverse=True)]
        row += branches[0] if len(branches) == 1 else [Group(tuple(branches))]
    tree = Group((tuple(row),))
    expression = spell(tree)
    if fold_phrase(phrase.replace("…", " ")).isascii():
        expression = rf"\b{expression}\b"
    return Pattern(expression, bytes_of(tree), True, True, distinction_of(tree))


def _phrase_row(part: str, optional_spaces: bool, gap: Node) -> Iterator[Node]:
    """Yield the nodes of a part of a phrase; beside an alternative that may be empty a space may be absent."""
    if GAP_SIGN.fullmatch(part):
        yield gap
        return
    for index, chunk in enumerate(GAP_SIGN.split(part)):
        if index:
            yield gap
        for order, letters in enumerate(chunk.split("*")):
            if order:
                yield Repeat(Other("[^ \\n]"), 0, LETTERS)
            folded = fold_phrase(letters)
            if optional_spaces and folded.startswith(" "):
                yield Repeat(Literal(" "), 0, 1)
                folded = folded[1:]
            tail = optional_spaces and folded.endswith(" ")
            if folded[: -1 if tail else None]:
                yield Literal(folded[:-1] if tail else folded)
            if tail:
                yield Repeat(Literal(" "), 0, 1)


def check_pattern(pattern: str) -> None:
    """Compile ``pattern`` down to the engine.

    Raises:
        RuleError: it does not compile.
    """
    try:
        _engine(compile_pattern(pattern).expression)
    except re2.error as error:
        raise RuleError(f"the pattern {pattern!r} does not compile: {error}", "shorten its repetitions") from None
