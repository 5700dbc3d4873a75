"""Reads the tables of pack and lexicon files, strictly: an error names the file, the rule and a hint."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cleaner.cues import Cue
from cleaner.errors import RuleError, known_names
from cleaner.measures import BLOCK_MEASURES, BLOCK_WORDS, FLAGS, MEASURES
from cleaner.rule import APPEALS, LanguageSigns, Rule, WhereValue

_STATUS = ("trial", "stable", "retired")
_WITHIN = ("segment", "sentence")
_DROP = ("segment", "sentence", "match")
_EXTEND = ("none", "pitch", "run")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = frozenset(
    "id because status weight any all none within where drop extend hits misses todo".split()
)  # fmt: skip


def read_signs(name: str, document: dict[str, Any]) -> LanguageSigns:
    """Return the signs of languages that a document holds."""
    check_keys(name, document, ("words", "scripts"))
    try:
        words = {str(code): tuple(map(str, listed)) for code, listed in document.get("words", {}).items()}
        scripts = {
            str(code): tuple((str(low), str(high)) for low, high in ranges)
            for code, ranges in document.get("scripts", {}).items()
        }
    except (TypeError, ValueError, AttributeError) as error:
        raise RuleError(f"{name}: words are lists of words, scripts lists of pairs of letters: {error}") from None
    return LanguageSigns(words, scripts)


def read_document(name: str, content: bytes) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises:
        RuleError: it is none.
    """
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RuleError(f"{name}: is not UTF-8 at byte {error.start}") from None
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: {error}") from None


def check_keys(where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
    """Refuse a key that is not known.

    Raises:
        RuleError: there is one.
    """
    for key in table:
        if key not in known:
            raise RuleError(f"{where}: unknown key {key!r}", known_names(key, known))


def read_groups(name: str, table: Any, outer: Mapping[str, tuple[Cue, ...]]) -> dict[str, tuple[Cue, ...]]:
    """Return groups of cues; an entry can name a group of ``outer`` or one before it."""
    if not isinstance(table, dict):
        raise RuleError(f"{name}: groups must be a table", '[groups]\nask = ["sign up"]')
    groups: dict[str, tuple[Cue, ...]] = {}
    for group, entries in table.items():
        where = f"{name}: group {group!r}"
        groups[group] = tuple(
            cue for entry in _list(where, entries) for cue, _ in _cues(where, entry, {**outer, **groups})
        )
    return groups


def read_pack(
    name: str, category: str, language: str, document: dict[str, Any], lexicon: Mapping[str, tuple[Cue, ...]]
) -> Iterator[Rule]:
    """Yield the rules of one pack."""
    check_keys(name, document, ("groups", "rule"))
    groups = {**lexicon, **read_groups(name, document.get("groups", {}), lexicon)}
    for number, table in enumerate(_list(f"{name}: rule", document.get("rule", [])), 1):
        where = f"{name}: rule {table.get('id', number)!r}" if isinstance(table, dict) else f"{name}: rule {number}"
        if not isinstance(table, dict):
            raise RuleError(f"{where} is no table", "write [[rule]]")
        check_keys(where, table, _KEYS)
        yield _rule(where, name, category, language, table, groups)


def is_id(text: str) -> bool:
    """Tell whether ``text`` can be the id of a rule: lower-case words with hyphens."""
    return _ID.fullmatch(text) is not None


def _rule(
    where: str, file: str, category: str, language: str, table: dict[str, Any], groups: Mapping[str, tuple[Cue, ...]]
) -> Rule:
    identifier, because = table.get("id"), table.get("because")
    if not isinstance(identifier, str) or not is_id(identifier):
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
        check_keys(where, entry, ("phrase", "pattern", "weight", "group"))
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
    check_keys(f"{where}: where", table, known)
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
