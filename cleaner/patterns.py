"""Patterns of rule authors: parsed, checked, and made ready for search.

A pattern is parsed into a tree. From the tree come a pattern over bytes, with which one automaton looks for all patterns
at once, and the expression for RE2, a linear-time engine too, which verifies the lines that the automaton found and says
where exactly the match stands. It is compiled when a line first needs it, so thousands of patterns cost little to load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from cleaner.cues import GAP, GAP_SIGN, LETTERS, choices_of, distinction, is_joined, is_spaceless
from cleaner.errors import RuleError
from cleaner.folding import fold_phrase

UNBOUNDED = 30
"""What ``*`` and ``+`` are bounded to."""
OPENING = 150
"""Code points at the start of a line in which many patterns, being anchored there, are searched for alone."""
_MAXIMUM_LITERALS = 48
_COUNTED = 4
_WORD = r"\p{L}\p{M}\p{N}_"
_CLASSES = {
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}\\n]",
    "d": "[0-9]",
    "D": "[^0-9\\n]",
    "s": " ",
    "S": "[^ \\n]",
}
_MEMBERS = {"w": _WORD, "d": "0-9", "s": " "}
_COUNTS = re.compile(r"\{(\d+)(,?)(\d*)\}")


@dataclass(frozen=True, slots=True)
class Literal:
    """A folded text that stands there as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """A class, a dot or an edge, as RE2 spells it; ``members`` are its characters where they are few."""

    expression: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A node ``low`` to ``high`` times."""

    node: Node
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives, each a row of nodes."""

    alternatives: tuple[tuple[Node, ...], ...]


Encoded = bytes
"""A name for the type inside a class that has a field ``bytes``."""
Node = Literal | Other | Repeat | Group


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
        # Nothing but ASCII is there, so the classes of all letters can be small: compiled fast, and searched fast.
        for match in _engine(self.expression.replace(_WORD, "0-9A-Za-z_")).finditer(line):
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
    parser = _Parser(pattern, body)
    tree = parser.parse()
    expression = _spell(tree)
    if parser.ascii_only:
        # The engine knows these edges itself, and tries other alternatives where one ends inside a word.
        expression = (r"\b" if left_edge else "") + expression + (r"\b" if right_edge else "")
    return Pattern(expression, _bytes_of(tree, body), left_edge, right_edge, _distinction(tree), _is_opening(tree))


@lru_cache(maxsize=65_536)
def compile_long_phrase(phrase: str) -> Pattern:
    """Return a phrase with many spellings as a pattern; without literals if nothing in it is fixed."""
    choices = choices_of(phrase)
    optional = any("" in choice for choice in choices)
    gap = _SPACELESS_GAP if any(map(is_spaceless, phrase)) else _WORD_GAP
    row: list[Node] = []
    for choice in choices:
        # The engine takes the first alternative that matches, and the edge of the word is tried only then.
        branches = [tuple(_phrase_row(part, optional, gap)) for part in sorted(choice, key=len, reverse=True)]
        row += branches[0] if len(branches) == 1 else [Group(tuple(branches))]
    tree = Group((tuple(row),))
    expression = _spell(tree)
    if fold_phrase(phrase.replace("…", " ")).isascii():
        expression = rf"\b{expression}\b"
    return Pattern(expression, _bytes_of(tree, phrase), True, True, _distinction(tree))


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


_APART = f"[^{_WORD}.!?\\n]"
_WORD_GAP = Other(f"{_APART}(?:[^.!?\\n]{{0,{GAP - 2}}}{_APART})?")
_SPACELESS_GAP = Other(f"[^.!?\\n]{{0,{GAP}}}")


def check_pattern(pattern: str) -> None:
    """Compile ``pattern`` down to the engine.

    Raises:
        RuleError: it does not compile.
    """
    try:
        _engine(compile_pattern(pattern).expression)
    except re2.error as error:
        raise RuleError(f"the pattern {pattern!r} does not compile: {error}", "shorten its repetitions") from None


class _Parser:
    def __init__(self, pattern: str, body: str) -> None:
        self.pattern, self.body = pattern, body
        self.position = 0
        self.ascii_only = fold_phrase(body).isascii()

    def fail(self, what: str, hint: str) -> RuleError:
        return RuleError(f"the pattern {self.pattern!r} {what}", hint)

    def parse(self) -> Group:
        group = self.alternatives()
        if self.position < len(self.body):
            raise self.fail("closes a group that never opened", r"write \) for a bracket")
        return group

    def alternatives(self) -> Group:
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        return Group(tuple(branches))

    def take(self, sign: str) -> bool:
        if self.body.startswith(sign, self.position):
            self.position += len(sign)
            return True
        return False

    def sequence(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self.position < len(self.body) and self.body[self.position] not in "|)":
            node = self.repeated(self.atom())
            if isinstance(node, Literal) and nodes and isinstance(nodes[-1], Literal):
                node = Literal(nodes.pop().text + node.text)  # type: ignore[union-attr]
            nodes.append(node)
        return tuple(nodes)

    def atom(self) -> Node:
        sign = self.body[self.position]
        self.position += 1
        if sign == "\\":
            return self.escape()
        if sign == "[":
            return self.character_class()
        if sign == "(":
            if self.take("?") and not self.take(":"):
                raise self.fail("looks around or sets flags", "only (?:…) and (…) are allowed")
            group = self.alternatives()
            if not self.take(")"):
                raise self.fail("opens a group and never closes it", "add the )")
            return group
        if sign == ".":
            return Other("[^\\n]")
        if sign in "^$":
            return Other(sign)
        if sign in "*+?":
            raise self.fail("repeats nothing", rf"write \{sign} for the sign itself")
        return Literal(fold_phrase(sign))

    def escape(self) -> Node:
        if self.position >= len(self.body):
            raise self.fail("ends in a backslash", r"write \\ for a backslash")
        sign = self.body[self.position]
        self.position += 1
        if sign in _CLASSES:
            return Literal(" ") if sign == "s" else Other(_CLASSES[sign])
        if sign == "b":
            if not self.ascii_only:
                raise self.fail(r"has \b inside", r"beside letters outside ASCII, only at its very start and end")
            return Other(r"\b")
        if sign.isalnum():
            raise self.fail(f"uses \\{sign}", r"known escapes: \b \w \W \d \D \s \S and escaped punctuation")
        return Literal(fold_phrase(sign))

    def character_class(self) -> Node:
        negated = self.take("^")
        members: list[str] = []
        few: list[str] | None = []
        while True:
            if self.position >= len(self.body):
                raise self.fail("opens a class and never closes it", "add the ]")
            sign = self.body[self.position]
            self.position += 1
            if sign == "]" and members:
                break
            if sign == "\\":
                name = self.body[self.position : self.position + 1]
                self.position += 1
                if name == "n":
                    continue
                if name.isalnum() and name not in _MEMBERS:
                    raise self.fail(f"uses \\{name} in a class", r"known there: \w \d \s")
                few = few if name not in _MEMBERS else None
                members.append(_MEMBERS.get(name) or _escaped(name))
                if few is not None:
                    few.append(name)
            elif sign == "-" and members and self.body[self.position : self.position + 1] != "]":
                members.append("-")
                few = None
            else:
                folded = fold_phrase(sign)
                members += [_escaped(part) for part in folded]
                if few is not None:
                    few += folded
        if negated:
            return Other(f"[^{''.join(members)}\\n]")
        return Other(f"[{''.join(members)}]", tuple(dict.fromkeys(few)) if few and len(few) <= 8 else ())

    def repeated(self, node: Node) -> Node:
        if self.position >= len(self.body) or self.body[self.position] not in "*+?{":
            return node
        sign = self.body[self.position]
        counts = _COUNTS.match(self.body, self.position)
        if sign == "{" and not counts:
            return node
        if isinstance(node, Literal) and not node.text:
            raise self.fail("repeats a sign that folding removes", "leave the sign out")
        self.position = counts.end() if counts else self.position + 1
        if counts:
            if counts.group(2) and not counts.group(3):
                raise self.fail("has an open repetition", "give it an upper bound, for instance {0,30}")
            low, high = int(counts.group(1)), int(counts.group(3) or counts.group(1))
        elif sign == "?":
            low, high = 0, 1
        elif node == Other("[^\\n]"):
            raise self.fail(f"has .{sign}", "bound the gap, for instance .{0,30}")
        else:
            low, high = int(sign == "+"), UNBOUNDED
        if self.body.startswith(("?", "+"), self.position):
            raise self.fail("has a lazy or possessive repetition", "leave the sign after the repetition out")
        return Repeat(node, low, high)


def _escaped(sign: str) -> str:
    return sign if sign.isalnum() or sign == " " or ord(sign) > 127 else f"\\x{ord(sign):02x}"


def _spell(node: Node) -> str:
    if isinstance(node, Literal):
        return "".join(_escaped(sign) for sign in node.text)
    if isinstance(node, Other):
        return node.expression
    if isinstance(node, Repeat):
        inner = _spell(node.node)
        if isinstance(node.node, Literal) and len(node.node.text) > 1:
            inner = f"(?:{inner})"
        return f"{inner}{{{node.low},{node.high}}}"
    return f"(?:{'|'.join(''.join(map(_spell, branch)) for branch in node.alternatives)})"


def _exact(node: Node) -> frozenset[str] | None:
    """Return all texts that ``node`` matches, where they are few."""
    if isinstance(node, Literal):
        return frozenset((node.text,))
    if isinstance(node, Other):
        if node.expression in ("^", "$", r"\b"):
            return frozenset(("",))
        return frozenset(node.members) or None
    if isinstance(node, Repeat):
        inner = _exact(node.node)
        return inner | {""} if inner is not None and (node.low, node.high) == (0, 1) else None
    texts: set[str] = set()
    for branch in node.alternatives:
        product: set[str] = {""}
        for part in branch:
            exact = _exact(part)
            if exact is None or len(product) * len(exact) > _MAXIMUM_LITERALS:
                return None
            product = {first + second for first in product for second in exact}
        texts |= product
    return frozenset(texts) if len(texts) <= _MAXIMUM_LITERALS else None


def _required(node: Node) -> frozenset[str] | None:
    """Return texts of which at least one is in every match of ``node``: the rarest such set that can be told."""
    exact = _exact(node)
    if exact is not None:
        return exact if all(exact) else None
    if isinstance(node, Repeat):
        return _required(node.node) if node.low else None
    if isinstance(node, Group):
        union: frozenset[str] = frozenset()
        for branch in node.alternatives:
            required = _required_of_row(branch)
            if required is None:
                return None
            union |= required
        return union
    return None


def _required_of_row(row: tuple[Node, ...]) -> frozenset[str] | None:
    return max(_required_sets(row), key=_rarity, default=None)


def _required_sets(row: tuple[Node, ...]) -> list[frozenset[str]]:
    """Return sets of texts of which one each is in every match of ``row``."""
    candidates: list[frozenset[str]] = []
    product: frozenset[str] = frozenset(("",))
    for part in row:
        exact = _exact(part)
        if exact is not None and len(product) * len(exact) <= _MAXIMUM_LITERALS:
            product = frozenset(first + second for first in product for second in exact)
            continue
        candidates.append(product)
        product = exact if exact is not None else frozenset(("",))
        if exact is None:
            inner = _required(part)
            if inner is not None:
                candidates.append(inner)
    candidates.append(product)
    return [texts for texts in candidates if all(texts)]


def _distinction(tree: Group) -> float:
    return min(map(distinction, _required(tree) or ()), default=0.0)


def _is_opening(tree: Group) -> bool:
    return _is_bound(tree) and _width(tree) < OPENING


def _is_bound(tree: Group) -> bool:
    """Tell whether all matches begin at the start of a line, and the engine can be told so."""
    rows = [row for row in tree.alternatives if row]
    return bool(rows) and all(row[0] == Other("^") and not (len(row) > 1 and _opens_with_gap(row[1])) for row in rows)


def _width(node: Node) -> int:
    """Return the most code points that a match can have."""
    if isinstance(node, Literal):
        return len(node.text)
    if isinstance(node, Repeat):
        return node.high * _width(node.node)
    if isinstance(node, Group):
        return max(sum(map(_width, row)) for row in node.alternatives)
    if node in (_WORD_GAP, _SPACELESS_GAP):
        return GAP
    return 0 if node.expression in ("^", "$", r"\b") else 1


def _bytes_of(tree: Group, written: str) -> str:
    """Return a pattern over UTF-8 bytes that matches wherever ``tree`` does, and little else.

    Letters outside ASCII are runs of high bytes, so byte classes keep the automaton small, and long gaps are open. The
    lines that it finds are verified by the exact expression.
    """
    widest = max((len(sign.encode()) for sign in fold_phrase(written)), default=1)
    rows = [row for row in tree.alternatives if row]
    # Anchors inside are left out, which only lets more lines through.
    first = "^ ?" if _is_bound(tree) else ""
    last = " ?$" if rows and all(row[-1] == Other("$") for row in rows) else ""
    return first + _spell_bytes(tree, widest) + last


def _opens_with_gap(node: Node) -> bool:
    """Tell whether a group may begin with a long gap: after an anchor the engine misses some matches of these."""
    if isinstance(node, Repeat):
        return _opens_with_gap(node.node)
    return isinstance(node, Group) and any(
        isinstance(part, Repeat) and part.high > _COUNTED for branch in node.alternatives for part in branch[:1]
    )


def _spell_bytes(node: Node, widest: int) -> str:
    if isinstance(node, Literal):
        spelled = "".join(byte_literal(sign) for sign in node.text)
        return spelled if len(node.text) == 1 and node.text.isascii() else f"(?:{spelled})"
    if isinstance(node, Other):
        return _other_bytes(node)
    if isinstance(node, Repeat):
        single = isinstance(node.node, Other) and not node.node.members
        # A dot may be of several bytes.
        inner = _spell_bytes(node.node, 1 if single else widest)
        if not inner:
            return ""
        if node.high > _COUNTED:
            # An open repetition is a small loop in the automaton; a counted one is a long row of states.
            return f"{inner}{'+' if node.low else '*'}"
        return f"{inner}{{{node.low},{node.high * widest if single else node.high}}}"
    return f"(?:{'|'.join(''.join(_spell_bytes(part, widest) for part in branch) for branch in node.alternatives)})"


def _other_bytes(node: Other) -> str:
    if node.expression in ("^", "$", r"\b"):
        return ""
    if node in (_WORD_GAP, _SPACELESS_GAP):
        return r"[^.!?\n]*"
    if node.members:
        narrow = "".join(byte_literal(sign) for sign in node.members if sign.isascii())
        wide = [byte_literal(sign) for sign in node.members if not sign.isascii()]
        return f"(?:{'|'.join(([f'[{narrow}]'] if narrow else []) + wide)})"
    return _class_bytes(node.expression)


def _class_bytes(expression: str) -> str:
    """Return a class of RE2 as one of bytes; what it says of signs outside ASCII becomes any high byte."""
    inside = expression[1:-1]
    negated = inside.startswith("^")
    inside = inside[1:] if negated else inside
    wide = _WORD in inside or not inside.isascii()
    plain = "".join(sign for sign in inside.replace(_WORD, "a-z0-9_") if sign.isascii())
    if negated:
        # Nothing beyond ASCII is excluded here: the exact expression does that.
        return f"[^{plain}]" if plain else "[^\\n]"
    return f"[{plain}\\x80-\\xff]" if wide else f"[{plain}]"


def byte_literal(sign: str) -> str:
    """Return how a byte pattern spells a sign that stands for itself."""
    if sign.isascii():
        return sign if sign.isalnum() or sign == " " else f"\\x{ord(sign):02x}"
    return "".join(f"\\x{byte:02x}" for byte in sign.encode())


def _rarity(texts: frozenset[str]) -> tuple[float, int]:
    return -sum(3.0 ** -min(distinction(text), 12.0) for text in texts), -len(texts)
