"""The elements of a body on the way through it: which one is open, and what it hands down to those inside it."""

from __future__ import annotations

from cleaner import tags
from cleaner.errors import RecordError

_MOST_ELEMENTS = 500_000
_DEEPEST = 250
"""Elements nested deeper than this count as part of the last one."""
_MOST_WORDS = 48
_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list item"),
    **dict.fromkeys(("td", "th", "caption"), "table"),
    **dict.fromkeys(("pre", "listing"), "code"),
    **dict.fromkeys(("button", "select", "textarea"), "control"),
    "blockquote": "quote",
    "p": "paragraph",
}
_LASTING = frozenset({"list item", "quote"})
_PRESERVING = frozenset({"pre", "listing", "textarea"})


Element = tuple[int, str, str, tuple[str, ...], bool, bool]
"""An open element: its number; kind, path, words and whether hidden as in the blocks in it (see
:class:`cleaner.document.Block`); whether white space counts. A plain tuple: a page has hundreds, made one by one.
"""


class Nesting:
    """The tree of elements as far as it was read. ``current`` is the innermost open element, ``tags`` holds what the start
    tags of all elements say, ``parents`` the numbers of their parents (-1 for the page, which is element 0).
    """

    def __init__(self) -> None:
        self.tags = [tags.read("<html>")]
        self.parents = [-1]
        self.current: Element = (0, "paragraph", "", (), False, False)
        self._outer: list[Element] = []
        self._beyond = 0

    def open(self, markup: str, name: str) -> None:
        """Enter the element that the start tag ``markup`` begins.

        Raises:
            RecordError: the page has too many elements.
        """
        if len(self._outer) >= _DEEPEST:
            self._beyond += 1
            return
        parent, kind, path, words, hidden, preserving = self.current
        number = len(self.tags)
        if number >= _MOST_ELEMENTS:
            raise RecordError(
                f"the page has more than {_MOST_ELEMENTS:,} elements", "it was hardly written for readers"
            )
        tag = tags.read(markup)
        self.tags.append(tag)
        self.parents.append(parent)
        self._outer.append(self.current)
        self.current = (
            number,
            _kind(name, kind),
            f"{path}/{name}" if path else name,
            (*tag.words, *words)[:_MOST_WORDS] if tag.words else words,
            hidden or tag.hidden,
            preserving or name in _PRESERVING,
        )

    def close(self) -> None:
        """Leave the innermost open element; the page itself stays open."""
        if self._beyond:
            self._beyond -= 1
        elif self._outer:
            self.current = self._outer.pop()


def _kind(name: str, outer: str) -> str:
    kind = _KINDS.get(name)
    if kind is None:
        return "paragraph" if outer == "heading" and name not in ("div", "header", "hgroup") else outer
    return outer if kind == "paragraph" and outer in _LASTING else kind
