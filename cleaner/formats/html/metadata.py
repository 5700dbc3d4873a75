"""What a page says of itself: title, author, date, site, canonical address, language, each with where it stands."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser

_FIELDS = {"title": "title", "author": "author", "date": "date", "site": "sitename", "canonical_url": "url"}
_MOST_CHARACTERS = 2_000_000


def read_metadata(markup: str, url: str = "") -> dict[str, object]:
    """Return the metadata of a page by name. ``found`` tells for each where on the page its value was seen.

    Values are trafilatura's; what it cannot tell is left out. Where a value stands is looked up afterwards, so a value
    that was put together from several places has no entry in ``found``.
    """
    from trafilatura.metadata import extract_metadata

    tree = LexborHTMLParser(markup, scripting=True)
    values: dict[str, object] = {}
    try:
        stated = extract_metadata(markup[:_MOST_CHARACTERS], default_url=url or None)
    except (ValueError, TypeError, AttributeError, IndexError):
        # Its readers of dates and addresses stumble over some pages; what is left is said below.
        stated = None
    for name, attribute in _FIELDS.items():
        value = getattr(stated, attribute, None) if stated is not None else None
        if isinstance(value, str) and value.strip():
            values[name] = value.strip()
    root = tree.css_first("html")
    language = (root.attributes.get("lang") or root.attributes.get("xml:lang")) if root is not None else None
    if language and language.strip():
        values["language"] = language.strip()
    found = {name: place for name, value in values.items() if (place := _place(tree, name, str(value), url))}
    if found:
        values["found"] = found
    return values


def _place(tree: LexborHTMLParser, name: str, value: str, url: str) -> str:
    if name == "language":
        return "html lang"
    wanted = " ".join(value.split())
    for node in tree.css("meta[content]"):
        content = " ".join((node.attributes.get("content") or "").split())
        if content and _same(name, content, wanted):
            label: Any = (
                node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
            )
            if label:
                return f"meta {label}"
    for selector, attribute in (("link[rel=canonical]", "href"), ("time[datetime]", "datetime")):
        for node in tree.css(selector):
            if _same(name, node.attributes.get(attribute) or "", wanted):
                return selector.split("[")[0] + f" {attribute}"
    for selector in ("title", "h1", "[rel=author]", "[itemprop=author]", "time", "[class*=author]", "[class*=byline]"):
        for node in tree.css(selector)[:5]:
            if wanted in " ".join((node.text() or "").split()):
                return selector
    for node in tree.css("script"):
        if (node.attributes.get("type") or "").lower() == "application/ld+json" and wanted in (node.text() or ""):
            return "JSON-LD"
    return "the address that was given" if name == "canonical_url" and wanted == url else ""


def _same(name: str, stated: str, wanted: str) -> bool:
    # Dates come out shortened to the day.
    return stated.startswith(wanted) if name == "date" else stated == wanted
