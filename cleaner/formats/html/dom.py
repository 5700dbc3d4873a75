"""Markup to a well-formed body: the one file that knows the parser (selectolax over lexbor, an HTML5 parser)."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

INVISIBLE = (
    "head", "script", "style", "template", "noscript", "svg", "iframe", "object", "audio", "video", "canvas", "noembed",
    "noframes", "datalist", "title", "annotation", "annotation-xml",
)  # fmt: skip
"""Elements of which a browser that runs scripts shows no text."""
FALLBACK = ("noscript", "noframes", "noembed", "object", "iframe")
"""Elements whose text a browser shows where it cannot do what the page wants."""
_RAW = "xmp,plaintext"
_OPTIONS = LexborDocumentOptions.WO_EVENTS.value


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: the markup of its visible ``body``, well-formed, and the ``title`` that its head states."""

    body: str
    title: str


def parse(markup: str) -> Page:
    """Return the visible body of a page. Takes any text; what is broken is repaired as browsers do."""
    tree = LexborHTMLParser(markup, scripting=True, options=_OPTIONS)
    title = tree.css_first("title")
    stated = " ".join(title.text().split()) if title is not None else ""
    return Page(_visible(tree), stated or _property(tree, "og:title"))


def parse_fallback(markup: str) -> str:
    """Return the body as a browser without scripts and frames shows it."""
    tree = LexborHTMLParser(markup, scripting=False, options=_OPTIONS)
    frames = [node.text() for node in tree.css("noframes,noembed,iframe") if "<" in (node.text() or "")]
    parts = [_visible(tree, tuple(name for name in INVISIBLE if name not in ("noscript", "object")))]
    parts += [_visible(LexborHTMLParser(text, options=_OPTIONS)) for text in frames]
    return "".join(parts)


def visible_text(markup: str) -> str:
    """Return the text of all visible text nodes of a page, one after the other, as the parser itself lists them."""
    tree = LexborHTMLParser(markup, scripting=True, options=_OPTIONS)
    tree.strip_tags(list(INVISIBLE), recursive=True)
    return tree.body.text(deep=True, separator="", strip=False) if tree.body is not None else ""


def scripts(markup: str, kind: str) -> list[str]:
    """Return the contents of the page's scripts of the type ``kind``."""
    tree = LexborHTMLParser(markup, scripting=True, options=_OPTIONS)
    return [
        node.text() or "" for node in tree.css("script[type]") if (node.attributes.get("type") or "").lower() == kind
    ]


def _visible(tree: LexborHTMLParser, invisible: tuple[str, ...] = INVISIBLE) -> str:
    tree.strip_tags(list(invisible), recursive=True)
    body = tree.body
    if body is None:
        return ""
    for node in tree.css(_RAW):
        # Their text is written without escapes; as a text node it is written with them.
        node.replace_with(node.text() or "")
    return body.html or ""


def _property(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"]')
    content = node.attributes.get("content") if node is not None else None
    return " ".join(content.split()) if content else ""
