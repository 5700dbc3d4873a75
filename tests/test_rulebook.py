"""The loader of packs: every error by a case file, and what a right file becomes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from support import CASES, ROOT

from cleaner import rule_reader, rulebook
from cleaner.cues import Cue
from cleaner.errors import RuleError
from cleaner.match import check_rule
from cleaner.measures import BLOCK_MEASURES, BLOCK_WORDS, FLAGS, MEASURES

ERRORS = sorted((CASES / "rule_errors").glob("*.toml"))
PACK = """
[groups]
ask = ["sign up", "@reader"]
both = ["@ask", "now"]

[[rule]]
id = "one-call"
because = "Asks the reader for something."
any = ["@ask", { phrase = "weak sign", weight = 0.5 }, { pattern = 'x.{0,3}y' }, { group = "both" }]
all = ["newsletter*", ["a b", "@reader"]]
none = ["said"]
where = { max_words = 40, min_position = 0.5, stop = false, language = "en" }
within = "sentence"
drop = "match"
hits = ["⟦sign up⟧"]
misses = ["no"]
todo = ["⟦later⟧"]

[[rule]]
id = "old"
because = "It is kept as a name."
status = "retired"
"""
LEXICON = '[groups]\nreader = ["you", "your"]\n'


def parse(**files: str) -> rulebook.Rulebook:
    contents = [(name.replace("__", "/") + ".toml", text.encode()) for name, text in files.items()]
    return rulebook.parse(contents, "digest")


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_errors(path: Path) -> None:
    """A case holds ``error``, optionally ``hint``, ``file`` and ``lexicon``, and the pack as text in ``pack``."""
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    name = case.get("file", "newsletter/en.toml")
    contents = [(name, case["pack"].encode())]
    if "lexicon" in case:
        contents.append(("lexicon/en.toml", case["lexicon"].encode()))
    with pytest.raises(RuleError) as caught:
        for rule in rulebook.parse(contents, "").rules:
            check_rule(rule)
    assert case["error"] in caught.value.message
    assert case.get("hint", "") in caught.value.hint
    assert name in caught.value.message
    assert "\n" not in caught.value.message.strip()


def test_there_are_cases() -> None:
    assert len(ERRORS) > 25


def test_a_pack() -> None:
    book = parse(newsletter__en=PACK, lexicon__en=LEXICON)
    one, old = book.rules
    assert one.name == "newsletter/en/one-call"
    assert one.extend == "pitch"
    assert [(cue.text, weight) for cue, weight in one.any] == [
        ("sign up", 1.0),
        ("you", 1.0),
        ("your", 1.0),
        ("weak sign", 0.5),
        ("x.{0,3}y", 1.0),
        ("sign up", 1.0),
        ("you", 1.0),
        ("your", 1.0),
        ("now", 1.0),
    ]
    assert one.all == (
        (Cue("phrase", "newsletter*"),),
        (Cue("phrase", "a b"), Cue("phrase", "you"), Cue("phrase", "your")),
    )
    assert one.where == {"max_words": 40.0, "min_position": 0.5, "stop": False, "language": ("en",)}
    assert (one.within, one.drop, one.status, one.weight) == ("sentence", "match", "stable", 1.0)
    assert old.status == "retired"
    assert book.lexicon["en"]["reader"] == (Cue("phrase", "you"), Cue("phrase", "your"))


def test_furniture_extends_nothing_by_default() -> None:
    assert [rule.extend for rule in parse(related__en=PACK, lexicon__en=LEXICON).rules] == ["none", "none"]


def test_the_same_id_in_two_packs_is_two_rules() -> None:
    book = parse(newsletter__en=PACK, related__en=PACK, lexicon__en=LEXICON)
    assert len({rule.name for rule in book.rules}) == 4


def test_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "newsletter").mkdir()
    (tmp_path / "newsletter" / "en.toml").write_text(PACK, encoding="utf-8")
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "x.toml").write_text("", encoding="utf-8")
    assert [name for _, name in rulebook.pack_files([tmp_path])] == ["newsletter/en.toml"]
    (tmp_path / "adverts").mkdir()
    (tmp_path / "adverts" / "en.toml").write_text("", encoding="utf-8")
    with pytest.raises(RuleError, match="'adverts' is no category"):
        rulebook.pack_files([tmp_path])
    (tmp_path / "adverts").rename(tmp_path / "ad")
    (tmp_path / "ad" / "en.toml").rename(tmp_path / "ad" / "english.toml")
    with pytest.raises(RuleError, match="'english' is no language code"):
        rulebook.pack_files([tmp_path])
    with pytest.raises(RuleError, match="there is no rules folder"):
        rulebook.pack_files([tmp_path / "absent"])


def test_digests_depend_on_names_and_content(tmp_path: Path) -> None:
    path = tmp_path / "en.toml"
    path.write_text("[groups]", encoding="utf-8")
    digests = {rulebook.read_files([(path, name)])[1] for name in ("ad/en.toml", "app/en.toml")}
    path.write_text("[groups]\n", encoding="utf-8")
    digests.add(rulebook.read_files([(path, "ad/en.toml")])[1])
    assert len(digests) == 3
    with pytest.raises(RuleError, match="cannot be read"):
        rulebook.read_files([(tmp_path / "absent.toml", "ad/absent.toml")])


def test_signs() -> None:
    book = parse(languages='[words]\nen = ["the"]\n[scripts]\nel = [["α", "ω"]]\n')
    assert book.signs.words == {"en": ("the",)}
    assert book.signs.scripts == {"el": (("α", "ω"),)}


def test_further_signs_come_to_those_before() -> None:
    files = [
        ("languages.toml", b'[words]\nen = ["the"]\nde = ["der"]'),
        ("languages.toml", b'[words]\nca = ["els"]\nde = ["das"]'),
    ]
    assert rulebook.parse(files, "").signs.words == {"en": ("the",), "de": ("das",), "ca": ("els",)}


def test_every_condition_is_told_to_authors() -> None:
    section = (ROOT / "rules" / "README.md").read_text(encoding="utf-8").partition("### `where`")[2].partition("## ")[0]
    rows = " ".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))
    told = set(re.findall(r"`(\w+)`", rows))
    assert told == {*MEASURES, *FLAGS, *BLOCK_MEASURES, *BLOCK_WORDS, "language"}


def test_every_pack_that_ships_loads_and_every_language_has_the_core_groups() -> None:
    book = rulebook.load()
    assert len(book.rules) > 1000
    assert len({rule.name for rule in book.rules}) == len(book.rules)
    for language, groups in book.lexicon.items():
        missing = set(rulebook.CORE_GROUPS) - set(groups)
        assert not missing or language == "any", (language, missing)


def test_the_page_for_rule_authors_names_everything() -> None:
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    for name in (*rulebook.CATEGORIES, *rulebook.CORE_GROUPS, *rule_reader._KEYS, *MEASURES, *FLAGS):
        assert f"`{name}`" in page, name
