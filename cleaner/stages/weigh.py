"""The stage ``weigh``: a small learned judge over the measures of lines, their neighbours, and what rules found there.

It adds what no phrase can express (a line among headlines, a label, a pitch told by its place), confirms weak rules, and
overrules ordinary ones that stand against everything else. Rules of weight 2 and more are beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.batch import Batch
from cleaner.errors import ConfigurationError, PipelineError, known_names
from cleaner.ledger import DROP, FLAG, KEEP, Verdict
from cleaner.line_measures import FEATURES
from cleaner.line_words import examine, names, with_scores
from cleaner.model import Model, load
from cleaner.rulebook import CATEGORIES, default_directory
from cleaner.stage import Draft
from cleaner.stages.options import check_shares
from cleaner.stages.weigh_reasons import sentences


@dataclass(frozen=True, slots=True)
class Weigh:
    """Options: the ``model`` (a path, or a name in the package's ``models`` folder), the probability at which a segment
    goes (``threshold``, and ``thresholds`` by category), at which it is flagged (``flag``), and below which an ordinary
    rule is overruled (``overrule``).
    """

    model: str = "weigh"
    threshold: float = 0.85
    thresholds: tuple[tuple[str, float], ...] = ()
    flag: float = 0.6
    overrule: float = 0.5
    name: str = field(default="weigh", init=False)

    def __post_init__(self) -> None:
        check_shares(self.name, threshold=self.threshold, flag=self.flag, overrule=self.overrule)
        if not isinstance(self.model, str):
            raise PipelineError(f"the option 'model' of the stage {self.name!r} is {self.model!r}", "a name or a path")
        if not isinstance(self.thresholds, tuple):
            raise PipelineError(f"the option 'thresholds' of the stage {self.name!r} is no table of categories")
        for category, value in self.thresholds:
            if category not in CATEGORIES:
                raise PipelineError(f"the thresholds name {category!r}", known_names(category, CATEGORIES))
            check_shares(self.name, **{f"thresholds.{category}": value})

    @property
    def digest(self) -> str:
        """What a pipeline's digest must know of the model besides the options."""
        return load(model_path(self.model)).digest

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return the verdicts of the model; each names the measures that moved it most."""
        return self.judge_many(draft.batch)[draft.number]

    def judge_many(self, batch: Batch) -> list[list[Verdict]]:
        """Return the verdicts on each draft of ``batch``."""
        verdicts: list[list[Verdict]] = [[] for _ in batch.drafts]
        # On a page the stage content has weighed the blocks already, by its own measures.
        weighed = [draft for draft in batch.drafts if len(draft) > 1 and not draft.blocks]
        if not weighed:
            return verdicts
        model = load(model_path(self.model))
        matrix = measures(batch, model)
        probabilities = model.probabilities(matrix)
        limits = dict(self.thresholds)
        likely = probabilities >= min(self.flag, self.threshold, *limits.values())
        chosen: list[tuple[Draft, int]] = []
        taken = {draft.number: _taken(draft) for draft in weighed}
        for draft in weighed:
            known = taken[draft.number]
            fresh = np.flatnonzero(likely[draft.rows]).tolist()
            chosen += [(draft, index) for index in fresh if index not in known]
        rows = [draft.row + index for draft, index in chosen]
        categories = _categories(model, matrix, rows)
        for (draft, index), row, reason in zip(chosen, rows, sentences(model, matrix[rows]), strict=True):
            probability, limit = float(probabilities[row]), limits.get(categories[row], self.threshold)
            if probability >= min(self.flag, limit):
                drops = probability >= limit
                verdict = self._verdict(draft, model, index, probability, categories[row], reason, drops)
                verdicts[draft.number].append(verdict)
        for draft in weighed:
            for index, verdict in taken[draft.number].items():
                probability = float(probabilities[draft.row + index])
                if verdict.weight < 2 and probability < self.overrule:
                    verdicts[draft.number].append(self._keep(draft, model, index, probability))
        return verdicts

    def _verdict(
        self,
        draft: Draft,
        model: Model,
        index: int,
        probability: float,
        category: str,
        reason: str,
        drops: bool,
    ) -> Verdict:
        return Verdict(
            draft.starts[index],
            draft.ends[index],
            category,
            self.name,
            f"{category}/any/{model.name}-{model.digest[:12]}",
            f"{probability:.0%} likely to be no part of the article: {reason}.",
            1.0 if drops else 0.5,
            (),
            DROP if drops else FLAG,
        )

    def _keep(self, draft: Draft, model: Model, index: int, probability: float) -> Verdict:
        return Verdict(
            draft.starts[index],
            draft.ends[index],
            "",
            self.name,
            f"keep/any/{model.name}-{model.digest[:12]}",
            f"all measures together make it only {probability:.0%} likely to be no part of the article.",
            1.5,
            (),
            KEEP,
        )


def measures(batch: Batch, model: Model) -> NDArray[np.float32]:
    """Return what ``model`` weighs for the segments of ``batch``, a row each.

    Raises:
        ConfigurationError: it was made for other measures.
    """
    heads = model.words.heads if model.words else ()
    if model.features != names(heads):
        raise ConfigurationError(f"the model {model.name!r} was made for other measures", "train it again")
    lines = examine(batch)
    if model.words is None:
        return lines.matrix
    return with_scores(lines.matrix, model.words.scores(lines.features), batch.pages)


def model_path(name: str) -> Path:
    """Return the path of a model: ``name`` itself if it is one, else that file in the package's ``models`` folder."""
    return Path(name) if name.endswith(".json") else default_directory() / "models" / f"{name}.json"


def _taken(draft: Draft) -> dict[int, Verdict]:
    """Return the segments that acting verdicts take as a whole, each with its heaviest verdict."""
    taken: dict[int, Verdict] = {}
    for verdict in draft.verdicts:
        index = draft.segment_at(verdict.start)
        whole = verdict.start == draft.starts[index] and verdict.end == draft.ends[index]
        if verdict.weight >= 1 and verdict.action == DROP and whole:
            known = taken.get(index)
            if known is None or known.weight < verdict.weight:
                taken[index] = verdict
    return taken


def _categories(model: Model, matrix: NDArray[np.float32], rows: list[int]) -> dict[int, str]:
    """Return the category of each of ``rows``: that of a rule's sign there, else the likeliest by the model."""
    if not rows:
        return {}
    names, scores = model.categories(matrix[rows])
    best = (
        [names[place] if names else "related" for place in scores.argmax(axis=1).tolist()]
        if names
        else ["related"] * len(rows)
    )
    result = dict(zip(rows, best, strict=True))
    columns = [FEATURES.index(f"rule_{category}") for category in CATEGORIES]
    signs = matrix[np.ix_(rows, columns)]
    for place in np.flatnonzero(signs.max(axis=1) > 0).tolist():
        result[rows[place]] = CATEGORIES[int(signs[place].argmax())]
    return result
