"""What several test modules share: small packs of our own, so that tests do not depend on the packs that ship."""

from __future__ import annotations

from pathlib import Path

from cleaner import marks
from cleaner.document import Document
from cleaner.language import Signs
from cleaner.ledger import Verdict, apply
from cleaner.match import Matcher
from cleaner.settle import resolve
from cleaner.stage import Draft
from cleaner.stages.context import Context
from cleaner.stages.rules import Rules

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared" / "data"
CASES = Path(__file__).parent / "cases"


def matcher_of(**packs: str) -> Matcher:
    """Return a matcher of packs given as ``category_language="TOML"``."""
    sources: dict[str, list[tuple[str, bytes]]] = {}
    for name, content in packs.items():
        folder, language = name.split("_")
        sources.setdefault(language, []).append((f"{folder}/{language}.toml", content.encode()))
    return Matcher(sources, "test", Signs({code: ["zzz"] for code in ("de", "en", "fr")}, {}))


def rule(cues: str, **keys: str) -> str:
    """Return one rule as TOML: ``cues`` are lines such as ``any = ["x"]``, ``keys`` further values as TOML."""
    lines = [f"{key} = {value}" for key, value in keys.items()]
    defaults = {
        "id": '"example"',
        "because": '"It asks the reader for something."',
        "hits": '["⟦x⟧"]',
        "misses": '["y"]',
    }
    lines += [f"{key} = {value}" for key, value in defaults.items() if key not in keys]
    return "\n".join(["[[rule]]", cues, *lines, ""])


def draft_of(text: str, matcher: Matcher, language: str | None = "en") -> Draft:
    return Draft(Document(text, language=language), matcher)


def judged(text: str, matcher: Matcher, language: str | None = "en", context: bool = False) -> tuple[Verdict, ...]:
    """Return the verdicts of the stage rules, and of context if asked for."""
    draft = draft_of(text, matcher, language)
    draft.verdicts = tuple(Rules().judge(draft))
    if context:
        draft.verdicts += tuple(Context().judge(draft))
    return draft.verdicts


def taken(text: str, verdicts: tuple[Verdict, ...]) -> list[str]:
    """Return what acting verdicts take, in the order of the text."""
    edits, _ = resolve(text, verdicts, {})
    return [edit.removed for edit in edits if edit.category != "space"]


def cleaned(text: str, verdicts: tuple[Verdict, ...]) -> str:
    return apply(text, resolve(text, verdicts, {})[0])


def removals(text: str, edits: tuple[object, ...]) -> str:
    """Return ``text`` with everything that rules took marked."""
    spans = [edit for edit in edits if edit.category != "space"]  # type: ignore[attr-defined]
    return marks.render(text, [marks.Mark(edit.start, edit.end) for edit in spans])  # type: ignore[attr-defined]
