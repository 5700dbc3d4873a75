"""Simple methods and other projects' rules that see plain text line by line: from the lines of a document, which stay.

No method here sees markup. What works on whole documents (drops a document) or on HTML is not comparable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Method = Callable[[Sequence[str], str | None], list[bool]]
"""From lines and the language to what stays."""

_OBVIOUS = re.compile(
    r"(?i)subscribe|newsletter|sign up|log in|donat|support us|follow us|share this|read more|related articles"
    r"|cookie|all rights reserved|advertisement|leave a comment"
)
_COUNTER = re.compile(r"\d[\d.,]*[KM]? +(?:likes?|comments?|shares?|views?|followers?|reposts?)", re.IGNORECASE)
_SHORT_EDIT = re.compile(
    r"^(?:sign[- ]?in|log[- ]?in)|(?:read more|continue reading)[ .…]*$|items? in cart", re.IGNORECASE
)
_TERMINAL = (".", "!", "?", '"', "”", "»", "…", "。", "！", "？", "۔", "।", ")")


def keep_everything(lines: Sequence[str], language: str | None) -> list[bool]:
    return [True] * len(lines)


def long_or_punctuated(lines: Sequence[str], language: str | None) -> list[bool]:
    """Keep lines of ten words and more, and shorter ones that end like a sentence."""
    return [len(line.split()) >= 10 or line.rstrip().endswith(_TERMINAL) for line in lines]


def obvious_phrases(lines: Sequence[str], language: str | None) -> list[bool]:
    """Drop lines that hold one of a dozen phrases."""
    return [not _OBVIOUS.search(line) for line in lines]


def refined_web(lines: Sequence[str], language: str | None) -> list[bool]:
    """The line-wise corrections of RefinedWeb (Penedo and others 2023, appendix G.2), as the paper words them."""

    def goes(line: str) -> bool:
        letters = [sign for sign in line if sign.isalpha()]
        words = line.split()
        return (
            sum(map(str.isupper, letters)) > len(letters) / 2
            or not letters
            or _COUNTER.fullmatch(line.strip()) is not None
            or len(words) == 1
            or (len(words) <= 10 and _SHORT_EDIT.search(line.strip()) is not None)
        )

    return [not line.strip() or not goes(line) for line in lines]


def c4(terminal: bool) -> Method | None:
    """The line rules of datatrove's ``C4QualityFilter``; its rules that drop whole documents are off."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError:
        return None
    judge = C4QualityFilter(
        filter_no_terminal_punct=terminal,
        min_num_sentences=-1,
        filter_lorem_ipsum=False,
        filter_curly_bracket=False,
        remove_citations=False,
    )

    def keeps(line: str) -> bool:
        document = Document(text=line, id="")
        return judge.filter(document) is True and bool(document.text)

    return lambda lines, language: [not line.strip() or keeps(line) for line in lines]


_STOP_LISTS = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "nl": "Dutch", "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sv": "Swedish", "sw": "Swahili", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip


def justext() -> Method | None:
    """jusText with each line as a paragraph of a page; languages without a list of stop words by length alone."""
    try:
        import justext as library
    except ImportError:
        return None
    from html import escape

    def kept(lines: Sequence[str], language: str | None) -> list[bool]:
        name = _STOP_LISTS.get(language or "")
        full = [number for number, line in enumerate(lines) if line.strip()]
        page = "".join(f"<p>{escape(lines[number])}</p>" for number in full)
        arguments = {} if name else {"stopwords_low": 0.0, "stopwords_high": 0.0}
        found = library.justext(
            page.encode(), library.get_stoplist(name) if name else frozenset(), encoding="utf-8", **arguments
        )
        result = [True] * len(lines)
        if len(found) == len(full):
            for number, paragraph in zip(full, found, strict=True):
                result[number] = not paragraph.is_boilerplate
        return result

    return kept


def methods() -> dict[str, Method]:
    """Return the methods whose libraries are installed, by the name that a table shows."""
    named: dict[str, Method | None] = {
        "keep everything": keep_everything,
        "a regex of a dozen obvious phrases": obvious_phrases,
        "ten words or an end of a sentence": long_or_punctuated,
        "RefinedWeb's line rules": refined_web,
        "C4's line rules (datatrove)": c4(terminal=True),
        "C4's line rules without terminal punctuation": c4(terminal=False),
        "jusText, a line as a paragraph": justext(),
    }
    return {name: method for name, method in named.items() if method is not None}
