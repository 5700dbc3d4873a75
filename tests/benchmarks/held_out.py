"""The pipeline ``standard`` with judges that never saw a document's site, and rules left out that its authors may have tuned.

The judge that comes with the package was trained on the project's own labels, and rules were written on most of
those documents. A figure on them is honest only without the one and, as far as can be had, without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from cleaner.document import Document
from cleaner.labelled import Labelled
from cleaner.ledger import Edit
from cleaner.pipeline import Pipeline
from cleaner.settle import resolve
from cleaner.train import fold_of
from cleaner.train_lines import collect, kept_rule, train

THIN = 0.4
"""The share of rules that are left out, as in the training of the shipped judge."""


@dataclass(frozen=True)
class Result:
    """What a way of cleaning took from a document: as much of ``Cleaned`` as scoring reads."""

    edits: tuple[Edit, ...]

    @property
    def ledger(self) -> Result:
        return self


Clean = Callable[[Document], Result]


def cleaning(pipeline: Pipeline, thin: float = 0.0) -> Clean:
    """Clean with ``pipeline``; ``thin`` is the share of rules left out, drawn anew for each document as in training."""

    def keep(document: str, rule: str) -> bool:
        # Of three parts are the names of rules, and of judge and guard, which have no language.
        return rule.split("/")[0] in ("keep", "guard") or "/any/weigh-" in rule or kept_rule(document, thin, rule)

    def clean(document: Document) -> Result:
        draft = pipeline.compiled.judge(document, partial(keep, document.id) if thin else None)
        return Result(resolve(document.text, draft.verdicts, pipeline.policy)[0] if draft.verdicts else ())

    return clean


def fold_pipelines(
    stage: str, tables: Mapping[int, Mapping[str, Any]], folder: Path, **options: float
) -> dict[int, Pipeline]:
    """Return ``standard`` for each fold, with the fold's model, written to ``folder``, in the place of the shipped one."""
    standard = Pipeline.load("standard")
    pipelines: dict[int, Pipeline] = {}
    for number, table in tables.items():
        path = folder / f"fold-{number}.json"
        path.write_bytes(orjson.dumps(table))
        pipelines[number] = standard.with_options(stage, model=str(path), **options)
    return pipelines


def judged_out_of_fold(
    documents: Sequence[Labelled], folder: Path, budget: float = 0.0015
) -> Callable[[Document], Pipeline]:
    """Train on ``documents`` as the shipped judge was, by folds of sites, and write the folds' models to ``folder``.

    Returns the pipeline for each of the documents: ``standard`` with the judge that saw no document of the same site.
    """
    fitted, figures = train(collect(documents, Pipeline.load("rules-only"), THIN), "weigh", budget, {})
    pipelines = fold_pipelines("weigh", fitted.crossed.tables, folder, threshold=figures["threshold"])
    folds = {item.document.id: fold_of(item.site or item.document.id) for item in documents}
    return lambda document: pipelines[folds[document.id]]
