"""Makes runs on disk from marked text, without any rule: what ``⟦category|…⟧`` marks is what the run removed.

``⟦flagdonation|…⟧`` marks what it only flagged, as donation.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from cleaner import marks
from cleaner.document import Span
from cleaner.ledger import FLAG, Ledger, Verdict, apply, digest, resolve, row

RULE = "{category}/en/example"


def ledger_row(
    marked: str, identifier: str, source: str, language: str | None = "en"
) -> tuple[str, str, dict[str, Any]]:
    """Return the original, the clean text and the ledger row of a marked document."""
    text, found = marks.parse(marked)
    verdicts = []
    for mark in found:
        category = mark.category.removeprefix("flag")
        verdicts.append(
            Verdict(
                mark.start,
                mark.end,
                category,
                "rules",
                RULE.format(category=category),
                f"It reads like {category}.",
                1.0,
                (Span(mark.start, min(mark.start + 4, mark.end)),),
                FLAG if mark.category.startswith("flag") else "drop",
            )
        )
    edits, flags = resolve(text, verdicts, {})
    clean = apply(text, edits)
    ledger = Ledger(identifier, source, language, digest(text), digest(clean), "0" * 64, "0.1.0", edits, flags)
    return text, clean, row(ledger, text)


def write_run(folder: Path, documents: Iterable[tuple[str, str]], name: str = "pages.jsonl", **more: Any) -> Path:
    """Write a run of one JSONL input; ``documents`` are pairs of id and marked text. Without an id a row has none."""
    (folder / "documents").mkdir(parents=True)
    (folder / "ledger").mkdir()
    rules: dict[str, int] = {}
    count = 0
    with (
        (folder / "documents" / name).open("wb") as written,
        (folder / "ledger" / f"{name}.jsonl").open("wb") as ledger,
    ):
        for count, (identifier, marked) in enumerate(documents, 1):
            _, clean, entry = ledger_row(marked, identifier or f"{name}#{count - 1}", name, more.get("language", "en"))
            ledger.write(orjson.dumps(entry) + b"\n")
            fields = {"id": identifier, "text": clean} if identifier else {"text": clean}
            written.write(orjson.dumps(fields) + b"\n")
            for edit in entry["edits"]:
                if edit["category"] != "space":
                    rules[edit["rule"]] = rules.get(edit["rule"], 0) + len(edit["removed"])
    write_summary(folder, [(name, name, "jsonl")], count, rules)
    return folder


def write_summary(folder: Path, inputs: list[tuple[str, str, str]], count: int, rules: dict[str, int]) -> None:
    summary = {
        "version": "0.1.0",
        "pipeline": {"name": "example", "digest": "0" * 64},
        "inputs": [{"path": name, "name": name, "output": output, "format": shape} for name, output, shape in inputs],
        "fields": {"text": "text", "id": "id", "language": "language"},
        "counts": {"cleaned": count, "removed_by_rule": rules, "documents_by_language": {"en": count}},
        "started": "2026-01-01T00:00:00+00:00",
    }
    (folder / "run.json").write_bytes(orjson.dumps(summary))
