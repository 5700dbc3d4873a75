"""Patterns of rule authors as trees: parsed, checked, and spelled for RE2."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaner.cues import GAP
from cleaner.errors import RuleError
from cleaner.folding import fold_phrase

UNBOUNDED = 30
"""What ``*`` and ``+`` are bounded to."""
WORD = r"\p{L}\p{M}\p{N}_"
_CLASSES = {
    "w": f"[{WORD}]",
    "W": f"[^{WORD}\\n]",
    "d": "[0-9]",
    "D": "[^0-9\\n]",
    "s": " ",
    "S": "[^ \\n]",
}
_MEMBERS = {"w": WORD, "d": "0-9", "s": " "}
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


Node = Literal | Other | Repeat | Group

_APART = f"[^{WORD}.!?\\n]"
WORD_GAP = Other(f"{_APART}(?:[^.!?\\n]{{0,{GAP - 2}}}{_APART})?")
SPACELESS_GAP = Other(f"[^.!?\\n]{{0,{GAP}}}")


class Parser:
    """Reads one pattern into a tree; ``body`` is the pattern without the edges at its sides."""

    def __init__(self, pattern: str, body: str) -> None:
        self.pattern, self.body = pattern, body
        self.position = 0
        self.ascii_only = fold_phrase(body).isascii()

    def fail(self, what: str, hint: str) -> RuleError:
        return RuleError(f"the pattern {self.pattern!r} {what}", hint)

    def parse(self) -> Group:
        """Return the tree.

        Raises:
            RuleError: the pattern uses what a linear-time engine cannot do, or is broken.
        """
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


def spell(node: Node) -> str:
    """Return the expression that RE2 reads."""
    if isinstance(node, Literal):
        return "".join(_escaped(sign) for sign in node.text)
    if isinstance(node, Other):
        return node.expression
    if isinstance(node, Repeat):
        inner = spell(node.node)
        if isinstance(node.node, Literal) and len(node.node.text) > 1:
            inner = f"(?:{inner})"
        return f"{inner}{{{node.low},{node.high}}}"
    return f"(?:{'|'.join(''.join(map(spell, branch)) for branch in node.alternatives)})"
