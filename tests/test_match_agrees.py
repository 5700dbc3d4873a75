"""The automaton must find every line in which the exact engine finds a pattern: it may only let too much through."""

from __future__ import annotations

import pytest

from cleaner import marks, match, rulebook
from cleaner.folding import fold


@pytest.mark.parametrize("language", ["bg", "de", "el", "en", "zh"])
def test_no_match_is_missed(language: str) -> None:
    pack = match.load().pack(language)
    book = rulebook.load()
    examples = [text for rule in book.rules if rule.language == language for text in (*rule.hits[:2], *rule.misses[:1])]
    lines = {fold(line).text.strip() for text in examples for line in marks.parse(text)[0].split("\n")}
    missed: list[tuple[str, str]] = []
    for line in sorted(lines):
        found = {hit.cue for hit in pack.first.find(line)}
        wanted = {cue for cue, pattern in pack.first.patterns.items() if any(True for _ in pattern.find(line))}
        missed += [(pack.first.patterns[cue].expression, line) for cue in wanted - found]
    assert not missed
