"""What a search for a pattern needs to know of its tree.

That is a pattern over bytes, which one automaton looks for together with all others and which may let too much through;
how long a match can be; and which fixed texts are in every match.
"""

from __future__ import annotations

from cleaner.cues import GAP, distinction
from cleaner.pattern_tree import SPACELESS_GAP, WORD, WORD_GAP, Group, Literal, Node, Other, Repeat

_MAXIMUM_LITERALS = 48
_COUNTED, _COUNTED_CLASS = 4, 8
"""The highest repetitions of a node, and of a class, that the automaton counts."""
_BYTES = 4
"""The most bytes of a code point."""
_LINE_START = Other("\n")
"""A ``^`` that only some matches begin with."""
OPENING = 150
"""Code points at the start of a line in which many patterns, being anchored there, are searched for alone."""


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


def distinction_of(tree: Group) -> float:
    """Return how well the fixed texts of a match tell lines apart, in letters."""
    return min(map(distinction, _required(tree) or ()), default=0.0)


def is_opening(tree: Group) -> bool:
    """Tell whether every match lies in the first :data:`OPENING` code points of a line."""
    return _is_bound(tree) and _width(tree) < OPENING


def _is_bound(tree: Group) -> bool:
    """Tell whether all matches begin at the start of a line, and the engine can be told so."""
    rows = [row for row in tree.alternatives if row]
    return bool(rows) and all(map(_starts_line, rows))


def _starts_line(row: tuple[Node, ...]) -> bool:
    """Tell whether all matches of ``row`` begin at the start of a line, and the engine can be told so.

    Of a group that may begin with a long gap it misses some matches behind an anchor, or behind a line end.
    """
    return row[:1] == (Other("^"),) and not any(map(_opens_with_gap, row[1:2]))


def _width(node: Node) -> int:
    """Return the most code points that a match can have."""
    if isinstance(node, Literal):
        return len(node.text)
    if isinstance(node, Repeat):
        return node.high * _width(node.node)
    if isinstance(node, Group):
        return max(sum(map(_width, row)) for row in node.alternatives)
    if node in (WORD_GAP, SPACELESS_GAP):
        return GAP
    return 0 if node.expression in ("^", "$", r"\b") else 1


def bytes_of(tree: Group) -> str:
    """Return a pattern over UTF-8 bytes that matches wherever ``tree`` does, and little else.

    Letters outside ASCII are runs of high bytes, so byte classes keep the automaton small, and long gaps are open. The
    lines that it finds are verified by the exact expression.
    """
    rows = [row for row in tree.alternatives if row]
    # Anchors inside are left out, which only lets more lines through.
    last = " ?$" if rows and all(row[-1] == Other("$") for row in rows) else ""
    if _is_bound(tree):
        return "^ ?" + _spell_bytes(tree) + last
    return _spell_bytes(_with_line_starts(tree)) + last


def _with_line_starts(group: Group) -> Group:
    """Return ``group`` with the line end before it, which every line has, for each ``^`` that it can begin with.

    The engine looks for it as for any byte, where an anchor inside would be left out, and ordinary words found everywhere.
    """
    rows: list[tuple[Node, ...]] = []
    for row in group.alternatives:
        if _starts_line(row):
            row = (_LINE_START, *row[1:])
        elif row and isinstance(row[0], Group):
            row = (_with_line_starts(row[0]), *row[1:])
        rows.append(row)
    return Group(tuple(rows))


def _opens_with_gap(node: Node) -> bool:
    """Tell whether ``node`` is a group that may begin with a long gap."""
    if isinstance(node, Repeat):
        return _opens_with_gap(node.node)
    return isinstance(node, Group) and any(
        isinstance(part, Repeat) and part.high > _COUNTED for branch in node.alternatives for part in branch[:1]
    )


def _spell_bytes(node: Node) -> str:
    if isinstance(node, Literal):
        spelled = "".join(byte_literal(sign) for sign in node.text)
        return spelled if len(node.text) == 1 and node.text.isascii() else f"(?:{spelled})"
    if isinstance(node, Other):
        spelled = _other_bytes(node)
        return f"{spelled}{{1,{_BYTES}}}" if _is_wide(spelled) and not spelled.endswith("*") else spelled
    if isinstance(node, Repeat):
        is_class = isinstance(node.node, Other) and not node.node.members
        inner = _other_bytes(node.node) if isinstance(node.node, Other) else _spell_bytes(node.node)
        if not inner:
            return ""
        if node.high > (_COUNTED_CLASS if is_class else _COUNTED):
            # An open repetition is a small loop in the automaton; a counted one is a long row of states.
            return f"{inner}{'+' if node.low else '*'}"
        return f"{inner}{{{node.low},{node.high * (_BYTES if _is_wide(inner) else 1)}}}"
    return f"(?:{'|'.join(''.join(map(_spell_bytes, branch)) for branch in node.alternatives)})"


def _is_wide(expression: str) -> bool:
    """Tell whether a byte pattern is a class of single bytes that stands for code points of several."""
    return expression.startswith("[") and (expression.startswith("[^") or expression.endswith("\\xff]"))


def _other_bytes(node: Other) -> str:
    if node == _LINE_START:
        return r"\x0a ?"
    if node.expression in ("^", "$", r"\b"):
        return ""
    if node in (WORD_GAP, SPACELESS_GAP):
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
    wide = WORD in inside or not inside.isascii()
    plain = "".join(sign for sign in inside.replace(WORD, "a-z0-9_") if sign.isascii())
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
