"""Cues: a phrase or a pattern as rule authors write it, made ready for the automata.

A phrase becomes *variants* (one for each combination of its alternatives); a variant is a row of literal *pieces* joined
by ``*`` (letters of the same word) or ``…`` (a short gap). Only the longest piece is searched for in the whole text; the
others are verified beside it. Patterns have a module of their own, :mod:`cleaner.patterns`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from cleaner.errors import RuleError
from cleaner.folding import fold_phrase

GAP = 40
"""The longest gap that ``…`` stands for, in code points of the view."""
LETTERS = 30
"""The longest run of letters that ``*`` stands for."""
_STOPS = frozenset(".!?\n")
ALTERNATIVES = re.compile(r"\(([^()]*\|[^()]*)\)")
GAP_SIGN = re.compile(r"\s+(?:…|\.\.\.)\s+")


class Cue(NamedTuple):
    """A sign as written: ``kind`` is ``phrase`` or ``pattern``."""

    kind: str
    text: str


class Piece(NamedTuple):
    """A literal of a variant. ``link`` says how it follows the piece before: ``""`` (first), ``letters`` or ``gap``."""

    link: str
    literal: str
    left_edge: bool
    right_edge: bool


class Variant(NamedTuple):
    """One spelling of a phrase; ``anchor`` is the index of the piece to search for."""

    pieces: tuple[Piece, ...]
    anchor: int


def is_word(character: str) -> bool:
    """Tell whether ``character`` continues a word: a letter, a digit or a mark on one."""
    return character.isalnum() or (character > "\u02ff" and unicodedata.category(character)[0] == "M")


def is_spaceless(character: str) -> bool:
    """Tell whether ``character`` belongs to a script that writes words without spaces between them."""
    point = ord(character)
    return (
        0x0E00 <= point <= 0x0EFF
        or 0x1000 <= point <= 0x109F
        or 0x1780 <= point <= 0x17FF
        or (0x2E80 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or 0x20000 <= point <= 0x3FFFF)
    )


@lru_cache(maxsize=4096)
def is_joined(character: str) -> bool:
    """Tell whether ``character`` would continue a word next to it; letters of scripts without spaces never do."""
    return is_word(character) and not is_spaceless(character)


@lru_cache(maxsize=200_000)
def distinction(literal: str) -> float:
    """Return how well ``literal`` tells texts apart, in letters: those of short words, which are everywhere, count less."""
    total = 0.0
    for word in literal.split():
        length = sum(2 if is_spaceless(letter) else 1 for letter in word)
        total += length if length >= 5 else 0.55 * length
    return total + 0.4 * literal.count(" ")


def choices_of(phrase: str) -> list[list[str]]:
    """Return the parts of ``phrase``, each with its alternatives."""
    parts = ALTERNATIVES.split(phrase)
    return [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]


def count_spellings(phrase: str) -> int:
    """Return in how many ways the alternatives of ``phrase`` can be combined."""
    return prod(len(choice) for choice in choices_of(phrase))


@lru_cache(maxsize=100_000)
def compile_phrase(phrase: str) -> tuple[Variant, ...]:
    """Return the variants of ``phrase``, one for each of its spellings.

    Raises:
        RuleError: there is nothing to search for.
    """
    choices = choices_of(phrase)
    if any("|" in part and part.count("(") != part.count(")") for part in ALTERNATIVES.split(phrase)[::2]):
        raise RuleError(f"the phrase {phrase!r} has brackets within brackets", "write out the inner alternatives")
    spellings = dict.fromkeys(" ".join("".join(parts).split()) for parts in product(*choices))
    return tuple(dict.fromkeys(_variant(spelling) for spelling in spellings))


def _variant(spelling: str) -> Variant:
    pieces: list[Piece] = []
    for chunk_index, chunk in enumerate(GAP_SIGN.split(spelling)):
        parts = chunk.split("*")
        last = len(parts) - 1
        literals = [(index, fold_phrase(part)) for index, part in enumerate(parts)]
        present = [(index, literal) for index, literal in literals if literal and (literal.strip() or 0 < index < last)]
        if not present:
            raise RuleError(f"the phrase {spelling!r} has a part without a letter", "give each part of it a word")
        for order, (index, literal) in enumerate(present):
            link = "letters" if order else ("gap" if chunk_index else "")
            pieces.append(
                Piece(link, literal, index == 0 and is_joined(literal[0]), index == last and is_joined(literal[-1]))
            )
    anchor = max(range(len(pieces)), key=lambda index: distinction(pieces[index].literal))
    if not pieces[anchor].literal.strip():
        raise RuleError(f"the phrase {spelling!r} has nothing to search for", "give it a word")
    return Variant(tuple(pieces), anchor)


def _fits(view: str, start: int, end: int, piece: Piece) -> bool:
    if piece.left_edge and start and is_joined(view[start - 1]):
        return False
    return not (piece.right_edge and end < len(view) and is_joined(view[end]))


def locate(view: str, start: int, end: int, variant: Variant) -> tuple[int, int] | None:
    """Verify ``variant`` round its anchor, found at ``[start, end)`` of ``view``.

    Returns the span of the whole phrase in the view, or None. The work is bounded by the lengths of gap and letters.
    """
    pieces, anchor = variant
    if not _fits(view, start, end, pieces[anchor]):
        return None
    for index in range(anchor + 1, len(pieces)):
        found = _after(view, end, pieces[index])
        if found < 0:
            return None
        end = found + len(pieces[index].literal)
    for index in range(anchor - 1, -1, -1):
        found = _before(view, start, pieces[index], pieces[index + 1].link)
        if found < 0:
            return None
        start = found
    return start, end


def _after(view: str, position: int, piece: Piece) -> int:
    literal = piece.literal
    reach = LETTERS if piece.link == "letters" else GAP
    limit = position + reach + len(literal)
    found = view.find(literal, position, limit)
    while found >= 0:
        if not _bridges(view, position, found, piece.link):
            return -1
        if _fits(view, found, found + len(literal), piece):
            return found
        found = view.find(literal, found + 1, limit)
    return -1


def _before(view: str, position: int, piece: Piece, link: str) -> int:
    literal = piece.literal
    reach = LETTERS if link == "letters" else GAP
    limit = max(0, position - reach - len(literal))
    found = view.rfind(literal, limit, position)
    while found >= 0:
        end = found + len(literal)
        if not _bridges(view, end, position, link):
            return -1
        if _fits(view, found, end, piece):
            return found
        found = view.rfind(literal, limit, end - 1)
    return -1


def _bridges(view: str, start: int, end: int, link: str) -> bool:
    between = view[start:end]
    if link == "letters":
        return " " not in between and "\n" not in between
    return _STOPS.isdisjoint(between)
