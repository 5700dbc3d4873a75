"""Rules as data: reads and checks ``rules/**.toml``.

A pack is one file ``<category>/<language>.toml``; ``lexicon/<language>.toml`` holds word groups that its packs share. The
loader is strict: an unknown key or a wrong value is an error that names the file, the rule and a hint.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.cues import Cue
from cleaner.errors import RuleError, known_names
from cleaner.measures import BLOCK_MEASURES, BLOCK_WORDS, FLAGS, MEASURES

APPEALS = ("donation", "cause", "newsletter", "subscription", "social", "app", "ad", "comments", "cookie")
FURNITURE = ("related", "navigation", "widget", "author", "copyright", "disclosure")
CATEGORIES = APPEALS + FURNITURE
CORE_GROUPS = ("reader", "outlet", "request", "money", "press", "means", "reported", "news")
"""The lexicon groups that every language has; judges count them."""
LEXICON = "lexicon"
LANGUAGES_FILE = "languages.toml"
ANY_LANGUAGE = "any"

_STATUS = ("trial", "stable", "retired")
_WITHIN = ("segment", "sentence")
_DROP = ("segment", "sentence", "match")
_EXTEND = ("none", "pitch", "run")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}|any")
_KEYS = frozenset(
    "id because status weight any all none within where drop extend hits misses todo".split()
)  # fmt: skip

WhereValue = float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a pack. ``any`` pairs each cue with its weight; each entry of ``all`` is satisfied by one of its cues."""

    category: str
    language: str
    id: str
    because: str
    status: str = "stable"
    weight: float = 1.0
    any: tuple[tuple[Cue, float], ...] = ()
    all: tuple[tuple[Cue, ...], ...] = ()
    none: tuple[Cue, ...] = ()
    within: str = "segment"
    where: Mapping[str, WhereValue] = field(default_factory=dict)
    drop: str = "segment"
    extend: str = "none"
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    file: str = ""

    @property
    def name(self) -> str:
        """The full name, ``category/language/id``."""
        return f"{self.category}/{self.language}/{self.id}"


@dataclass(frozen=True, slots=True)
class LanguageSigns:
    """By what a text shows which languages it can be in: common words, and ranges of a script's letters."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scripts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of some folders, the groups of every language's lexicon, and the digest of the files' content."""

    rules: tuple[Rule, ...]
    lexicon: Mapping[str, Mapping[str, tuple[Cue, ...]]]
    digest: str
    signs: LanguageSigns = field(default_factory=LanguageSigns)


def default_directory() -> Path:
    """Return the folder of the packs that come with this package."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "rules"


def pack_files(directories: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return every pack and lexicon file below ``directories`` with its name in its folder, sorted.

    Raises:
        RuleError: a folder is missing, or a file lies where no category is.
    """
    files: list[tuple[Path, str]] = []
    for directory in directories:
        if not directory.is_dir():
            raise RuleError(f"there is no rules folder {str(directory)!r}")
        if (directory / LANGUAGES_FILE).is_file():
            files.append((directory / LANGUAGES_FILE, LANGUAGES_FILE))
        for path in sorted(directory.glob("*/*.toml")):
            folder = path.parent.name
            if folder in ("pipelines", "models"):
                continue
            if folder != LEXICON and folder not in CATEGORIES:
                raise RuleError(f"{path}: {folder!r} is no category", known_names(folder, CATEGORIES))
            if not _LANGUAGE.fullmatch(path.stem):
                raise RuleError(f"{path}: {path.stem!r} is no language code", "two or three letters, or any")
            files.append((path, f"{folder}/{path.name}"))
    return files


def read_files(files: Iterable[tuple[Path, str]]) -> tuple[list[tuple[str, bytes]], str]:
    """Return the content of ``files`` and a digest of names and content.

    Raises:
        RuleError: a file cannot be read.
    """
    contents: list[tuple[str, bytes]] = []
    total = sha256()
    for path, name in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RuleError(f"{path}: cannot be read: {error.strerror}") from None
        contents.append((name, content))
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return contents, total.hexdigest()


def by_language(contents: Iterable[tuple[str, bytes]]) -> dict[str, list[tuple[str, bytes]]]:
    """Return the contents of pack and lexicon files by their language."""
    languages: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in contents:
        if name != LANGUAGES_FILE:
            languages.setdefault(Path(name).stem, []).append((name, content))
    return languages


def load(directories: Iterable[Path] = ()) -> Rulebook:
    """Read the packs of this package and of further ``directories``.

    Raises:
        RuleError: a file is wrong.
    """
    return parse(*read_files(pack_files([default_directory(), *directories])))


def parse(contents: Iterable[tuple[str, bytes]], digest: str) -> Rulebook:
    """Build a rulebook from the contents of files named ``folder/language.toml``.

    Raises:
        RuleError: a file is wrong.
    """
    documents = [(name, _document(name, content)) for name, content in contents]
    signs = LanguageSigns()
    for name, document in documents:
        if name == LANGUAGES_FILE:
            signs = _signs(name, document)
    documents = [(name, document) for name, document in documents if name != LANGUAGES_FILE]
    lexicon: dict[str, dict[str, tuple[Cue, ...]]] = {}
    for name, document in documents:
        folder, language = name.removesuffix(".toml").split("/")
        if folder == LEXICON:
            _check_keys(name, document, ("groups",))
            groups = lexicon.setdefault(language, {})
            groups.update(_groups(name, document.get("groups", {}), groups))
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for name, document in documents:
        folder, language = name.removesuffix(".toml").split("/")
        if folder == LEXICON:
            continue
        for rule in _pack(name, folder, language, document, lexicon.get(language, {})):
            if rule.name in seen:
                raise RuleError(f"{name}: the rule {rule.id!r} exists twice", f"first in {seen[rule.name]}")
            seen[rule.name] = name
            rules.append(rule)
    return Rulebook(tuple(rules), lexicon, digest, signs)


def _signs(name: str, document: dict[str, Any]) -> LanguageSigns:
    _check_keys(name, document, ("words", "scripts"))
    try:
        words = {str(code): tuple(map(str, listed)) for code, listed in document.get("words", {}).items()}
        scripts = {
            str(code): tuple((str(low), str(high)) for low, high in ranges)
            for code, ranges in document.get("scripts", {}).items()
        }
    except (TypeError, ValueError, AttributeError) as error:
        raise RuleError(f"{name}: words are lists of words, scripts lists of pairs of letters: {error}") from None
    return LanguageSigns(words, scripts)


def _document(name: str, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleError(f"{name}: is not UTF-8 at byte {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: {error}") from None


def _check_keys(where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
    for key in table:
        if key not in known:
            raise RuleError(f"{where}: unknown key {key!r}", known_names(key, known))


def _groups(name: str, table: Any, outer: Mapping[str, tuple[Cue, ...]]) -> dict[str, tuple[Cue, ...]]:
    if not isinstance(table, dict):
        raise RuleError(f"{name}: groups must be a table", '[groups]\nask = ["sign up"]')
    groups: dict[str, tuple[Cue, ...]] = {}
    for group, entries in table.items():
        where = f"{name}: group {group!r}"
        groups[group] = tuple(
            cue for entry in _list(where, entries) for cue, _ in _cues(where, entry, {**outer, **groups})
        )
    return groups


def _pack(
    name: str, category: str, language: str, document: dict[str, Any], lexicon: Mapping[str, tuple[Cue, ...]]
) -> Iterator[Rule]:
    _check_keys(name, document, ("groups", "rule"))
    groups = {**lexicon, **_groups(name, document.get("groups", {}), lexicon)}
    for number, table in enumerate(_list(f"{name}: rule", document.get("rule", [])), 1):
        where = f"{name}: rule {table.get('id', number)!r}" if isinstance(table, dict) else f"{name}: rule {number}"
        if not isinstance(table, dict):
            raise RuleError(f"{where} is no table", "write [[rule]]")
        _check_keys(where, table, _KEYS)
        yield _rule(where, name, category, language, table, groups)


def _rule(
    where: str, file: str, category: str, language: str, table: dict[str, Any], groups: Mapping[str, tuple[Cue, ...]]
) -> Rule:
    identifier, because = table.get("id"), table.get("because")
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise RuleError(f"{where}: id must be lower-case words with hyphens")
    if not isinstance(because, str) or len(because.split()) < 3:
        raise RuleError(f"{where}: because must be a sentence")
    weight = table.get("weight", 1.0)
    if not isinstance(weight, int | float) or not 0 < weight <= 10:
        raise RuleError(f"{where}: weight must be a number above 0 and up to 10")
    any_cues = tuple(pair for entry in _list(where, table.get("any", [])) for pair in _cues(where, entry, groups))
    all_cues = tuple(
        tuple(cue for part in (entry if isinstance(entry, list) else [entry]) for cue, _ in _cues(where, part, groups))
        for entry in _list(where, table.get("all", []))
    )
    status = _one_of(where, table, "status", _STATUS)
    if not any_cues and not all_cues and status != "retired":
        raise RuleError(f"{where}: has neither any nor all", "a rule needs at least one cue")
    hits, misses, todo = (_texts(where, key, table.get(key, [])) for key in ("hits", "misses", "todo"))
    if status != "retired" and (not hits or not misses):
        raise RuleError(f"{where}: needs at least one hit and one miss")
    return Rule(
        category,
        language,
        identifier,
        because,
        status,
        float(weight),
        any_cues,
        all_cues,
        tuple(cue for entry in _list(where, table.get("none", [])) for cue, _ in _cues(where, entry, groups)),
        _one_of(where, table, "within", _WITHIN),
        _where(where, table.get("where", {})),
        _one_of(where, table, "drop", _DROP),
        _one_of(where, table, "extend", _EXTEND, "pitch" if category in APPEALS else "none"),
        hits,
        misses,
        todo,
        file,
    )


def _list(where: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise RuleError(f"{where}: {value!r} must be a list", "write [ … ]")
    return value


def _texts(where: str, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise RuleError(f"{where}: {key} must be a list of texts")
    return tuple(value)


def _one_of(where: str, table: Mapping[str, Any], key: str, known: tuple[str, ...], default: str = "") -> str:
    fallback = default or ("stable" if key == "status" else known[0])
    value = table.get(key, fallback)
    if value not in known:
        raise RuleError(f"{where}: {key} is {value!r}", known_names(str(value), known))
    return str(value)


def _cues(where: str, entry: Any, groups: Mapping[str, tuple[Cue, ...]]) -> list[tuple[Cue, float]]:
    weight = 1.0
    if isinstance(entry, dict):
        _check_keys(where, entry, ("phrase", "pattern", "weight", "group"))
        weight = entry.get("weight", 1.0)
        if not isinstance(weight, int | float) or not 0 < weight <= 1:
            raise RuleError(f"{where}: the weight of a cue must be above 0 and up to 1")
        kinds = [kind for kind in ("phrase", "pattern", "group") if kind in entry]
        if len(kinds) != 1 or not isinstance(entry[kinds[0]], str):
            raise RuleError(f"{where}: a cue needs just one of phrase, pattern and group", repr(entry))
        kind, text = kinds[0], entry[kinds[0]]
        text = f"@{text.removeprefix('@')}" if kind == "group" else text
    elif isinstance(entry, str):
        kind, text = ("group" if entry.startswith("@") else "phrase"), entry
    else:
        raise RuleError(f"{where}: {entry!r} is no cue", "write a text, a @group or a table")
    if kind == "group":
        name = text.removeprefix("@")
        if name not in groups:
            raise RuleError(f"{where}: there is no group {name!r}", known_names(name, groups))
        return [(cue, float(weight)) for cue in groups[name]]
    if not text.strip():
        raise RuleError(f"{where}: an empty cue would match everywhere")
    return [(Cue(kind, text), float(weight))]


def _where(where: str, table: Any) -> dict[str, WhereValue]:
    if not isinstance(table, dict):
        raise RuleError(f"{where}: where must be a table", "where = { max_words = 40 }")
    measured = [f"{bound}_{name}" for name in (*MEASURES, *BLOCK_MEASURES) for bound in ("min", "max")]
    known = [*measured, *FLAGS, *BLOCK_WORDS, "language"]
    _check_keys(f"{where}: where", table, known)
    conditions: dict[str, WhereValue] = {}
    for key, value in table.items():
        if key == "language":
            codes = value if isinstance(value, list) else [value]
            if not all(isinstance(code, str) for code in codes):
                raise RuleError(f"{where}: where.language must be a code or a list of codes")
            conditions[key] = tuple(codes)
        elif key in BLOCK_WORDS:
            words = value if isinstance(value, list) else [value]
            if not all(isinstance(word, str) and word.isidentifier() and word == word.lower() for word in words):
                raise RuleError(
                    f"{where}: where.{key} must be a word or a list of words", "small letters, one word each"
                )
            conditions[key] = tuple(words)
        elif key in FLAGS:
            if not isinstance(value, bool):
                raise RuleError(f"{where}: where.{key} must be true or false")
            conditions[key] = value
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise RuleError(f"{where}: where.{key} must be a number")
        else:
            conditions[key] = float(value)
    return conditions
