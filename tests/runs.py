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
from cleaner.ledger import FLAG, Ledger, Verdict, apply, digest, row
from cleaner.settle import resolve

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


def as_parquet(folder: Path, group: int) -> None:
    """Turn the ledger of a run into Parquet with row groups of ``group`` rows."""
    import pyarrow
    from pyarrow import parquet

    (ledger,) = (folder / "ledger").iterdir()
    rows = [orjson.loads(line) for line in ledger.read_bytes().splitlines()]
    name = ledger.name.removesuffix(".jsonl")
    whole, text = pyarrow.int64(), pyarrow.string()
    entry = pyarrow.struct(
        [
            *((key, whole) for key in ("start", "end", "byte_start", "byte_end")),
            *((key, text) for key in ("removed", "inserted", "category", "stage", "rule", "because")),
            ("weight", pyarrow.float64()),
            ("evidence", pyarrow.list_(pyarrow.list_(whole))),
        ]
    )
    texts = ("id", "source", "language", "url", "original_sha256", "clean_sha256", "pipeline", "version", "rest")
    schema = pyarrow.schema(
        [*((key, text) for key in texts), ("edits", pyarrow.list_(entry)), ("flags", pyarrow.list_(entry))]
    )
    parquet.write_table(
        pyarrow.Table.from_pylist(rows, schema=schema), ledger.with_name(f"{name}.parquet"), row_group_size=group
    )
    ledger.unlink()


def as_parquet_documents(folder: Path, group: int) -> None:
    """Turn the documents of a run into Parquet with row groups of ``group`` rows."""
    import pyarrow
    from pyarrow import parquet

    (path,) = (folder / "documents").iterdir()
    rows = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path.with_suffix(".parquet"), row_group_size=group)
    path.unlink()
    write_summary(folder, [(path.name, f"{path.stem}.parquet", "parquet")], len(rows), {})
