"""Bytes of a page to text: byte-order mark, the server's header, the page's declaration, then the content."""

from __future__ import annotations

import codecs
import re

_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_DECLARATION_WINDOW = 4_096
_SAMPLE = 65_536
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Browsers read these labels as their supersets, and pages are written for browsers.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_MOST_TWINNED = 4_000_000


def decode(data: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of a page and the name of the encoding that it was read in.

    Bytes that the encoding does not have become U+FFFD; nothing is raised. UTF-8 with a few bytes of Windows-1252 in it
    is read as both.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    try:
        # Text in another encoding is hardly ever valid UTF-8 with characters beyond ASCII, whatever it says of itself.
        text = data.decode("utf-8")
        if not text.isascii():
            return text, "utf-8"
    except UnicodeDecodeError:
        text = ""
    for declared in (_from_header(content_type), _from_page(data)):
        if declared is None:
            continue
        try:
            return data.decode(declared), declared
        except UnicodeDecodeError:
            if declared == "utf-8" or _mostly(data, declared):
                return _repaired(data, declared), declared
    if text:
        return text, "utf-8"
    guessed = _from_content(data)
    return data.decode(guessed, "replace"), guessed


def _from_header(content_type: str) -> str | None:
    found = _HEADER.search(content_type)
    return _known(found.group(1)) if found else None


def _from_page(data: bytes) -> str | None:
    from bs4.dammit import EncodingDetector

    declared = EncodingDetector.find_declared_encoding(data[:_DECLARATION_WINDOW], is_html=True)
    name = _known(declared) if declared else None
    # The declaration itself was read as ASCII, so it cannot be true of these.
    return "utf-8" if name and name.startswith(("utf-16", "utf-32")) else name


def _known(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _SUPERSETS.get(name, name)
    try:
        # Codecs such as base64 or rot13 are known by name, too, but read no text.
        return name if isinstance(b"a".decode(name, "replace"), str) else None
    except (LookupError, ValueError, TypeError):
        return None


def _mostly(data: bytes, name: str) -> bool:
    """Tell whether all but one in two hundred characters of ``data`` can be read as ``name``."""
    text = data[:_SAMPLE].decode(name, "replace")
    return text.count("\ufffd") * 200 <= len(text)


def _repaired(data: bytes, name: str) -> str:
    from bs4.dammit import UnicodeDammit

    if name == "utf-8" and len(data) <= _MOST_TWINNED:
        data = UnicodeDammit.detwingle(data)
    return data.decode(name, "replace")


def _from_content(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], steps=5, chunk_size=2_048).best()
    return "cp1252" if best is None else (_known(best.encoding) or "cp1252")
