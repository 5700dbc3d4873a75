"""Encodings: mark, header, declaration, content."""

from __future__ import annotations

import pytest

from cleaner.formats.html.encoding import decode

GREETING = "Grüße, façade, naïve – und “mehr”"
RUSSIAN = "Президент подписал новый закон о бюджете, сообщает агентство. Закон вступит в силу в январе. " * 5


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        (GREETING.encode(), "", GREETING),
        (b"\xef\xbb\xbf" + GREETING.encode(), "text/html; charset=latin-1", GREETING),
        (b"\xff\xfe" + GREETING.encode("utf-16-le"), "", GREETING),
        (GREETING.encode("cp1252"), "text/html; charset=iso-8859-1", GREETING),
        (GREETING.encode("cp1252"), 'text/html; charset="Windows-1252"', GREETING),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("cp1251"), "", "<meta charset=windows-1251>" + RUSSIAN),
        # A declaration that is plainly wrong.
        (b"<meta charset=iso-8859-1>" + GREETING.encode(), "", "<meta charset=iso-8859-1>" + GREETING),
        (b"<meta charset=no-such-thing>" + GREETING.encode(), "", "<meta charset=no-such-thing>" + GREETING),
        (
            b"<meta charset=base64>" + GREETING.encode("cp1252"),
            "text/html; charset=cp1252",
            "<meta charset=base64>" + GREETING,
        ),
        ("日本語のページです。".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語のページです。"),
        ("简体中文网页".encode("gb18030"), "text/html; charset=gb2312", "简体中文网页"),
        (b"plain", "", "plain"),
        (b"", "", ""),
    ],
)
def test_the_right_encoding_is_found(data: bytes, content_type: str, text: str) -> None:
    assert decode(data, content_type)[0] == text


def test_an_undeclared_encoding_is_told_by_the_content() -> None:
    assert decode(RUSSIAN.encode("cp1251"))[0] == RUSSIAN


def test_two_encodings_in_one_page_are_both_read() -> None:
    mixed = b"<meta charset=utf-8>" + "Grüße ".encode() * 20 + "“quoted”".encode("cp1252")
    assert decode(mixed)[0].endswith("Grüße “quoted”")


def test_undecodable_bytes_become_replacement_characters() -> None:
    assert decode(b"<meta charset=utf-8>a\xffb" + b"c" * 300)[0].count("\ufffd") <= 1
