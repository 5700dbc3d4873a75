"""The matcher: cues found in views, packs compiled on demand and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import matcher_of, rule

from cleaner import cache, match
from cleaner.errors import RuleError
from cleaner.folding import fold
from cleaner.match import Matcher, compile_pack
from cleaner.rulebook import parse


def hits(matcher: Matcher, text: str, language: str = "en") -> list[str]:
    view = fold(text)
    found = matcher.pack(language).first.find(view.text)
    return sorted(text[slice(*view.original(hit.start, hit.end))] for hit in found)


def test_many_cues_in_one_pass() -> None:
    matcher = matcher_of(ad_en=rule('any = ["sign up", "sign", "up now", { pattern = "n[eo]w" }, "straße"]'))
    assert hits(matcher, "Sign up now, STRASSE") == ["STRASSE", "Sign", "Sign up", "now", "up now"]


def test_places_in_text_beyond_ascii() -> None:
    matcher = matcher_of(ad_en=rule('any = ["donate", { pattern = "give .{0,9}now" }]'))
    assert hits(matcher, "😀 é donate — ﬁ give it now\nß donate") == ["donate", "donate", "give it now"]


def test_a_pattern_stays_in_its_line() -> None:
    matcher = matcher_of(ad_en=rule("any = [{ pattern = '^share.{0,9}$' }, { pattern = 'end$' }]"))
    assert hits(matcher, "so share\n  share it \nshare and much more\nthe end") == ["end", "share it"]


def test_the_rarest_entry_sets_a_rule_off() -> None:
    matcher = matcher_of(ad_en=rule('all = [["you", "your"], ["extraordinary newsletter"]]'))
    assert hits(matcher, "you have an extraordinary newsletter") == ["extraordinary newsletter"]


def test_rules_by_name() -> None:
    matcher = matcher_of(ad_en=rule('any = ["sign up"]'), ad_de=rule('any = ["jetzt anmelden"]', id='"anmelden"'))
    assert matcher.languages == ("de", "en")
    found = matcher.rule("ad/de/anmelden")
    assert found is not None
    assert found.because == "It asks the reader for something."
    for name in ("ad/de/other", "ad/fr/anmelden", "nonsense", "space/any/close-gap"):
        assert matcher.rule(name) is None


def test_retired_rules_are_left_out() -> None:
    book = parse([("ad/en.toml", rule('any = ["sign up"]', status='"retired"').encode())], "")
    assert compile_pack("en", book).rules == []


def test_an_empty_pack_finds_nothing() -> None:
    assert hits(matcher_of(ad_en=""), "sign up") == []


def test_errors_name_file_and_rule() -> None:
    matcher = matcher_of(ad_en=rule("any = [{ pattern = 'a.*b' }]"))
    with pytest.raises(RuleError, match=r"ad/en\.toml: rule 'example'"):
        matcher.pack("en")


class TestCache:
    content = (("ad/en.toml", rule('any = ["sign up", { pattern = "n[eo]w" }]').encode()),)

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("CLEANER_CACHE", str(tmp_path / "cache"))
        match._cached_pack.cache_clear()
        return tmp_path / "cache"

    def found(self) -> list[str]:
        match._cached_pack.cache_clear()
        return [rule.name for rule in match._cached_pack("en", self.content).rules]

    def test_what_was_compiled_is_kept_and_read(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.found() == ["ad/en/example"]
        assert len(list(folder.glob("*.automata"))) == 1

        def refuse(book: object) -> None:
            raise AssertionError("compiled again")

        monkeypatch.setattr(match, "_compile", refuse)
        assert self.found() == ["ad/en/example"]

    @pytest.mark.parametrize("damage", [b"", b"x", None])
    def test_a_damaged_file_is_made_anew(self, folder: Path, damage: bytes | None) -> None:
        self.found()
        (path,) = folder.glob("*.automata")
        whole = path.read_bytes()
        path.write_bytes(whole[:-3] + b"xyz" if damage is None else damage)
        assert self.found() == ["ad/en/example"]
        assert len(path.read_bytes()) == len(whole)

    def test_a_folder_that_cannot_be_made_is_no_error(self, read_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLEANER_CACHE", str(read_only))
        assert self.found() == ["ad/en/example"]

    def test_keys(self) -> None:
        assert cache.key(self.content) == cache.key(self.content)
        assert cache.key([("ad/en.toml", b"")]) != cache.key([("app/en.toml", b"")])
