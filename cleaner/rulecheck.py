"""Runs the examples of rules: each rule against its own hits and misses, every miss against all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cleaner import marks, rulebook
from cleaner.document import Document
from cleaner.errors import RecordError, RuleError, known_names
from cleaner.language import Signs
from cleaner.ledger import DROP
from cleaner.match import Matcher, check_rule
from cleaner.rulebook import Rule, Rulebook
from cleaner.stage import Draft
from cleaner.stages.context import Context
from cleaner.stages.rules import Rules


class Finding(NamedTuple):
    """Something that is wrong with a rule; ``kind`` is ``error``, or ``note`` for what is only worth knowing."""

    kind: str
    rule: str
    message: str


_EVERYWHERE = ("any", "en")
"""The languages whose rules run on texts of every language."""


def check_by_language(directories: Iterable[Path] = ()) -> tuple[list[Finding], int]:
    """As :func:`check` of everything, the languages shared out among the processors of this machine."""
    folders = tuple(directories)
    files = rulebook.pack_files([rulebook.default_directory(), *folders])
    contents, _ = rulebook.read_files(files)
    # The largest first, so that the last process to end has not begun late.
    sizes = {code: sum(len(content) for _, content in parts) for code, parts in rulebook.by_language(contents).items()}
    codes = sorted(sizes, key=lambda code: (-sizes[code], code))
    with ProcessPoolExecutor() as pool:
        results = pool.map(check, [folders] * len(codes), [frozenset({code}) for code in codes])
        by_code = dict(zip(codes, results, strict=True))
    findings = [finding for code in sorted(codes) for finding in by_code[code][0]]
    return findings, sum(count for _, count in by_code.values())


def check(directories: Iterable[Path] = (), languages: frozenset[str] = frozenset()) -> tuple[list[Finding], int]:
    """Check the packs of this package and of ``directories``; return the findings and the number of rules checked.

    ``languages`` restricts which rules are checked; every miss runs against all rules that apply to its text.

    Raises:
        RuleError: there are no rules of one of ``languages``, or a file lies where no pack is.
    """
    findings: list[Finding] = []
    contents, digest = rulebook.read_files(rulebook.pack_files([rulebook.default_directory(), *directories]))
    usable: dict[str, list[tuple[str, bytes]]] = {}
    rules: list[Rule] = []
    sources = rulebook.by_language(contents)
    for code in sorted(languages - sources.keys()):
        raise RuleError(f"there are no rules of the language {code!r}", known_names(code, sources))
    for language, files in sorted(sources.items()):
        asked = not languages or language in languages
        if not asked and language not in _EVERYWHERE:
            usable[language] = files
            continue
        try:
            book = rulebook.parse(files, digest)
            # The engine takes milliseconds for a pattern: only what is asked for is compiled down to it.
            wrong = list(_uncompilable(book)) if asked else []
            if not wrong:
                usable[language] = files
                rules += book.rules
        except RuleError as error:
            wrong = [Finding("error", language, str(error))]
        if asked:
            findings += wrong
    signs = rulebook.parse([item for item in contents if item[0] == rulebook.LANGUAGES_FILE], digest).signs
    matcher = Matcher(usable, digest, Signs(signs.words, signs.scripts))
    chosen = [rule for rule in rules if rule.status != "retired" and (not languages or rule.language in languages)]
    for rule in chosen:
        try:
            findings += _check_rule(rule, matcher)
        except RuleError as error:
            findings.append(Finding("error", rule.name, f"cannot be checked: {error}"))
    return findings, len(chosen)


def _uncompilable(book: Rulebook) -> Iterator[Finding]:
    for rule in book.rules:
        try:
            check_rule(rule)
        except RuleError as error:
            yield Finding("error", rule.name, str(error))


def _check_rule(rule: Rule, matcher: Matcher) -> Iterator[Finding]:
    for example in rule.hits:
        problem = _try(example, rule, matcher)
        if problem:
            yield Finding("error", rule.name, f"hit {problem}")
    for example in rule.todo:
        if not _try(example, rule, matcher):
            yield Finding("note", rule.name, f"todo works now, make it a hit: {example!r}")
    for miss in rule.misses:
        try:
            document, marked = _read(miss, rule)
        except RecordError as error:
            yield Finding("error", rule.name, f"miss {miss!r}: {error}")
            continue
        if marked:
            yield Finding("error", rule.name, f"miss {miss!r} has a mark")
        draft = _draft(document, matcher)
        own = [verdict for verdict in draft.verdicts if rule.name in verdict.rule.split(" + ")]
        strong = [verdict for verdict in draft.verdicts if verdict.weight >= 1 and verdict.action == DROP]
        for verdict in dict.fromkeys(own + strong):
            taken = document.text[verdict.start : verdict.end]
            yield Finding("error", rule.name, f"miss {miss!r}: {verdict.rule} takes {taken!r}")


def _read(example: str, rule: Rule) -> tuple[Document, tuple[marks.Mark, ...]]:
    """Return an example as a document with its marks. One that begins with a tag is a page."""
    # Examples are too short to show their language; it is the rule's own.
    language = None if rule.language == rulebook.ANY_LANGUAGE else rule.language
    if not example.startswith("<"):
        text, marked = marks.parse(example)
        return Document(text, language=language), marked
    from cleaner.formats.html import read_page

    text, marked = marks.parse(read_page(example).text)
    document = read_page(example.replace("⟦", "").replace("⟧", ""))
    if document.text != text:
        raise RecordError("the marks of a page must stand inside its text")
    return replace(document, language=language), marked


def _draft(document: Document, matcher: Matcher) -> Draft:
    draft = Draft(document, matcher)
    draft.verdicts = tuple(Rules().judge(draft))
    draft.verdicts += tuple(Context().judge(draft))
    return draft


def _try(example: str, rule: Rule, matcher: Matcher) -> str:
    """Return what is wrong with a hit of ``rule``, or ``""``. What context adds to it may be marked or not."""
    try:
        document, marked = _read(example, rule)
    except RecordError as error:
        return f"{example!r}: {error}"
    if not marked:
        return f"{example!r} marks nothing"
    text = document.text
    wanted = _joined(text, [(mark.start, mark.end) for mark in marked])
    draft = Draft(document, matcher)
    own = [
        verdict._replace(weight=max(verdict.weight, 1.0), action=DROP)
        for verdict in Rules().judge(draft)
        if verdict.rule == rule.name
    ]
    taken = _joined(text, [(verdict.start, verdict.end) for verdict in own])
    draft.verdicts = tuple(own)
    extended = _joined(text, [(v.start, v.end) for v in (*own, *Context().judge(draft))])
    if wanted in (taken, extended):
        return ""
    found = marks.render(text, [marks.Mark(start, end) for start, end in taken])
    return f"wanted {example!r}, got {found!r}"


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        if joined and (start <= joined[-1][1] or not text[joined[-1][1] : start].strip()):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined
