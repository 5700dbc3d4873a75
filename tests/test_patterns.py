"""Patterns: what is allowed, what is refused and with which hint, and by which literals they are found."""

from __future__ import annotations

import pytest

from cleaner.errors import RuleError
from cleaner.folding import fold
from cleaner.patterns import check_pattern, compile_pattern


def found(pattern: str, line: str) -> list[str]:
    view = fold(line).text
    return [view[start:end] for start, end in compile_pattern(pattern).find(view)]


@pytest.mark.parametrize(
    ("pattern", "line", "wanted"),
    [
        (r"\bget .{0,30} to your inbox\b", "Get the news to your inbox!", ["get the news to your inbox"]),
        (r"\bget .{0,3} to your inbox\b", "Get all the news to your inbox!", []),
        (r"^(?:advertisement|anzeige)$", "Anzeige", ["anzeige"]),
        (r"^(?:advertisement|anzeige)$", "Anzeige hier", []),
        (r"^photo: ", "Photo: N. N.", ["photo: "]),
        (r"\d{1,3} ?%", "save 20 % now", ["20 %"]),
        (r"\w+@\w+\.org", "write to news@example.org", ["news@example.org"]),
        (r"pages? \d", "page 1, pages 2", ["page 1", "pages 2"]),
        (r"[abc]x", "ax dx", ["ax"]),
        (r"[^abc]x", "ax dx", ["dx"]),
        (r"1\.5", "1.5 135", ["1.5"]),
        (r"\bstraße\b", "die STRASSE", ["strasse"]),
        (r"給付(?:金|額)", "支給給付金", ["給付金"]),
        (r"\bкуп(?:и|ите)\b", "Купите сейчас", ["купите"]),
        (r"a{2}", "aaa", ["aa"]),
        (r"x{", "x{", ["x{"]),
    ],
)
def test_matches(pattern: str, line: str, wanted: list[str]) -> None:
    check_pattern(pattern)
    assert found(pattern, line) == wanted


@pytest.mark.parametrize(
    ("pattern", "message", "hint"),
    [
        (r"a.*b", "has .*", "bound the gap"),
        (r"a.+b", "has .+", "bound the gap"),
        (r"(?=a)b", "looks around or sets flags", "only (?:…) and (…)"),
        (r"(?i)a", "looks around or sets flags", "only (?:…) and (…)"),
        (r"(ab)\1", r"uses \1", "known escapes"),
        (r"ab{2,}", "has an open repetition", "upper bound"),
        (r"ab*?", "lazy or possessive", "leave the sign"),
        (r"ab++", "lazy or possessive", "leave the sign"),
        (r"(ab", "never closes it", "add the )"),
        (r"ab)", "closes a group that never opened", r"write \)"),
        (r"[ab", "opens a class and never closes it", "add the ]"),
        (r"*a", "repeats nothing", r"write \*"),
        ("ab\\", "ends in a backslash", r"write \\"),
        (r"ш\bx", r"has \b inside", "only at its very start and end"),
        (r"\pL", r"uses \p", "known escapes"),
        (r"[\p]", r"uses \p in a class", r"\w \d \s"),
        ("a\u00ad?", "folding removes", "leave the sign out"),
        (r"(?:a{1,30}){1,900}", "does not compile", "shorten its repetitions"),
    ],
)
def test_refused(pattern: str, message: str, hint: str) -> None:
    with pytest.raises(RuleError) as caught:
        check_pattern(pattern)
    assert message in caught.value.message
    assert hint in caught.value.hint
