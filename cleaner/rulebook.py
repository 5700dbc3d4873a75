"""Rules as data: reads and checks ``rules/**.toml``.

A pack is one file ``<category>/<language>.toml``; ``lexicon/<language>.toml`` holds word groups that its packs share. The
loader is strict: an unknown key or a wrong value is an error that names the file, the rule and a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cleaner.cues import Cue
from cleaner.errors import RuleError, known_names
from cleaner.rule import APPEALS, CATEGORIES, CORE_GROUPS, FURNITURE, LanguageSigns, Rule, Rulebook, WhereValue
from cleaner.rule_reader import check_keys, read_document, read_groups, read_pack, read_signs

__all__ = [
    "APPEALS",
    "CATEGORIES",
    "CORE_GROUPS",
    "FURNITURE",
    "LanguageSigns",
    "Rule",
    "Rulebook",
    "WhereValue",
    "by_language",
    "default_directory",
    "load",
    "pack_files",
    "parse",
    "read_files",
]

LEXICON = "lexicon"
LANGUAGES_FILE = "languages.toml"
ANY_LANGUAGE = "any"
_LANGUAGE = re.compile(r"[a-z]{2,3}|any")


def default_directory() -> Path:
    """Return the folder of the packs that come with this package."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "rules"


def is_language(code: str) -> bool:
    """Tell whether ``code`` can be the name of a pack: a language code of two or three letters, or ``any``."""
    return _LANGUAGE.fullmatch(code) is not None


def pack_files(directories: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return every pack and lexicon file below ``directories`` with its name in its folder, sorted.

    Raises:
        RuleError: a folder is missing or holds no such file, or a file lies where no category is.
    """
    files: list[tuple[Path, str]] = []
    for directory in directories:
        before = len(files)
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
            if not is_language(path.stem):
                raise RuleError(f"{path}: {path.stem!r} is no language code", "two or three letters, or any")
            files.append((path, f"{folder}/{path.name}"))
        if len(files) == before:
            raise RuleError(
                f"the rules folder {str(directory)!r} holds no packs", "they are <category>/<language>.toml in it"
            )
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
    documents = [(name, read_document(name, content)) for name, content in contents]
    signs = LanguageSigns()
    for name, document in documents:
        if name == LANGUAGES_FILE:
            # A further folder adds its languages to those of the package.
            own = read_signs(name, document)
            signs = LanguageSigns({**signs.words, **own.words}, {**signs.scripts, **own.scripts})
    documents = [(name, document) for name, document in documents if name != LANGUAGES_FILE]
    lexicon: dict[str, dict[str, tuple[Cue, ...]]] = {}
    for name, document in documents:
        folder, language = name.removesuffix(".toml").split("/")
        if folder == LEXICON:
            check_keys(name, document, ("groups",))
            groups = lexicon.setdefault(language, {})
            groups.update(read_groups(name, document.get("groups", {}), groups))
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for name, document in documents:
        folder, language = name.removesuffix(".toml").split("/")
        if folder == LEXICON:
            continue
        for rule in read_pack(name, folder, language, document, lexicon.get(language, {})):
            if rule.name in seen:
                raise RuleError(f"{name}: the rule {rule.id!r} exists twice", f"first in {seen[rule.name]}")
            seen[rule.name] = name
            rules.append(rule)
    return Rulebook(tuple(rules), lexicon, digest, signs)
