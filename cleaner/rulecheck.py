"""Runs the examples of rules: each rule against its own hits and misses, every miss against all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner import marks, rulebook
from cleaner.document import Document
from cleaner.errors import RecordError, RuleError
from cleaner.ledger import DROP, Verdict
from cleaner.match import Matcher, check_rule, compile_rules
from cleaner.rulebook import LanguageSigns, Rule, Rulebook
from cleaner.stage import Draft
from cleaner.stages.context import Context
from cleaner.stages.rules import Rules


class Finding(NamedTuple):
    """Something that is wrong with a rule; ``kind`` is ``error``, or ``note`` for what is only worth knowing."""

    kind: str
    rule: str
    message: str


def check(directories: Iterable[Path] = (), languages: frozenset[str] = frozenset()) -> tuple[list[Finding], int]:
    """Check the packs of this package and of ``directories``; return the findings and the number of rules checked.

    ``languages`` restricts which rules are checked; every miss still runs against all rules of all languages.
    """
    findings: list[Finding] = []
    books: dict[str, Rulebook] = {}
    files = rulebook.pack_files([rulebook.default_directory(), *directories])
    for language in sorted({path.stem for path, name in files if name != rulebook.LANGUAGES_FILE}):
        try:
            book = rulebook.parse(*rulebook.read_files([(path, name) for path, name in files if path.stem == language]))
            books[language] = book
            findings += _uncompilable(book)
        except RuleError as error:
            findings.append(Finding("error", language, str(error)))
    signs = LanguageSigns()
    for path, name in files:
        if name == rulebook.LANGUAGES_FILE:
            signs = rulebook.parse(*rulebook.read_files([(path, name)])).signs
    whole = Rulebook(
        tuple(rule for book in books.values() for rule in book.rules),
        {language: groups for book in books.values() for language, groups in book.lexicon.items()},
        "check",
        signs,
    )
    bad = {finding.rule for finding in findings}
    try:
        matcher = compile_rules(Rulebook(tuple(rule for rule in whole.rules if rule.name not in bad), whole.lexicon, "check", signs))
    except RuleError as error:
        return [*findings, Finding("error", "all", str(error))], 0
    chosen = [
        rule
        for rule in whole.rules
        if rule.status != "retired" and rule.name not in bad and (not languages or rule.language in languages)
    ]
    for rule in chosen:
        findings += _check_rule(rule, matcher)
    if languages:
        findings = [finding for finding in findings if not languages.isdisjoint(finding.rule.split("/")) or finding.rule == "all"]
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
            text, marked = marks.parse(miss)
        except RecordError as error:
            yield Finding("error", rule.name, f"miss {miss!r}: {error}")
            continue
        if marked:
            yield Finding("error", rule.name, f"miss {miss!r} has a mark")
        draft = _draft(text, matcher)
        own = [verdict for verdict in draft.verdicts if rule.name in verdict.rule.split(" + ")]
        strong = [verdict for verdict in draft.verdicts if verdict.weight >= 1 and verdict.action == DROP]
        for verdict in dict.fromkeys(own + strong):
            taken = text[verdict.start : verdict.end]
            yield Finding("error", rule.name, f"miss {miss!r}: {verdict.rule} takes {taken!r}")


def _draft(text: str, matcher: Matcher, change: Callable[[Verdict], Verdict] | None = None) -> Draft:
    draft = Draft(Document(text), matcher)
    verdicts = tuple(Rules().judge(draft))
    draft.verdicts = tuple(map(change, verdicts)) if change else verdicts
    draft.verdicts += tuple(Context().judge(draft))
    return draft


def _try(example: str, rule: Rule, matcher: Matcher) -> str:
    """Return what is wrong with a hit of ``rule``, or ``""``. What context adds to it may be marked or not."""
    try:
        text, marked = marks.parse(example)
    except RecordError as error:
        return f"{example!r}: {error}"
    if not marked:
        return f"{example!r} marks nothing"
    wanted = _joined(text, [(mark.start, mark.end) for mark in marked])
    draft = Draft(Document(text), matcher)
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
