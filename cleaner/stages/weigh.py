"""The stage ``weigh``: a small learned judge over the measures of lines, their neighbours, and what rules found there.

It adds what no phrase can express (a line among headlines, a label, a pitch told by its place), confirms weak rules, and
overrules ordinary ones that stand against everything else. Rules of weight 2 and more are beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.batch import Batch
from cleaner.errors import ConfigurationError
from cleaner.ledger import DROP, FLAG, KEEP, Verdict
from cleaner.line_measures import FEATURES
from cleaner.line_words import examine, names, with_scores
from cleaner.model import Model, load
from cleaner.rulebook import CATEGORIES, default_directory
from cleaner.stage import Draft

_LOOKED_AT, _NAMED = 6, 3
"""Of so many of the strongest measures, the reason names so many that have words."""
_PHRASES: Mapping[str, tuple[str, str]] = {
    "words": ("{:.0f} words", "only {:.0f} words"),
    "ends_stop": ("ends as a sentence", "no full stop at its end"),
    "ends_colon": ("ends in a colon", "no colon at its end"),
    "capitalised": ("most words capitalised", "few words capitalised"),
    "digits": ("many digits", "no digits"),
    "markup": ("signs of layout such as bars and arrows", "plain text"),
    "repeated": ("stands {:.0f} more times on the page", "stands once on the page"),
    "run_length": ("in a run of {:.0f} short lines", "not among short lines"),
    "since_long": ("{:.0f} segments after the last paragraph", "directly after a paragraph"),
    "until_long": ("no paragraph follows soon", "a paragraph follows"),
    "longs_after": ("{:.0f} paragraphs follow", "no paragraph follows"),
    "longs_before": ("after {:.0f} paragraphs", "before the first paragraph"),
    "position": ("late on the page", "early on the page"),
    "from_end": ("far from the end", "{:.0f} segments before the end"),
    "words_after": ("much text follows", "little text follows"),
    "words_before": ("most of the text stands before it", "little text stands before it"),
    "label_above": ("no label of links above", "{:.0f} segments below a label of links"),
    "near_above": ("no removal above", "{:.0f} segments below something that a rule took"),
    "near_below": ("no removal below", "{:.0f} segments above something that a rule took"),
    "appeal_above": ("no appeal above", "{:.0f} segments below an appeal"),
    "appeal_below": ("no appeal below", "{:.0f} segments above an appeal"),
    "strong_around": ("rules took most of what surrounds it", "rules took nothing around it"),
    "window_words": ("long lines around it", "short lines around it"),
    "window_stops": ("sentences around it", "no sentences around it"),
    "appeal_strong": ("a rule for appeals", "no rule for appeals"),
    "appeal_weak": ("weak signs of an appeal", "no weak sign of an appeal"),
    "furniture_strong": ("a rule for furniture", "no rule for furniture"),
    "furniture_weak": ("weak signs of furniture", "no weak sign of furniture"),
    "group_reader": ("it speaks to the reader", "it does not speak to the reader"),
    "group_outlet": ("the outlet speaks of itself", "the outlet does not speak of itself"),
    "group_request": ("it asks the reader to do something", "it asks for nothing"),
    "group_money": ("it speaks of money", "it does not speak of money"),
    "group_press": ("it speaks of the press", "it does not speak of the press"),
    "group_means": ("it says where to go", "it does not say where to go"),
    "group_reported": ("words of attribution", "no words of attribution"),
    "group_news": ("words of reporting", "no words of reporting"),
    "groups_around": ("words of appeals around it", "no words of appeals around it"),
    "reporting_around": ("reporting around it", "no reporting around it"),
    "strip_own": ("its words are those of prompts and links", "its words are those of articles"),
    "strip_near": ("prompts or links around it, by their words", "articles' words around it"),
    "strip_around": ("prompts or links around it, by their words", "articles' words around it"),
    "strip_page": ("the words of the page are those of prompts", "the words of the page are those of an article"),
    "strip_rest": ("from here to the end, the words of prompts and links", "articles' words follow to the end"),
    "strip_start": ("the words of prompts and links up to here", "articles' words up to here"),
    "appeal_own": ("its words are those of appeals", "its words are not those of appeals"),
    "appeal_near": ("appeals around it, by their words", "no words of appeals around it"),
    "appeal_around": ("appeals around it, by their words", "no words of appeals around it"),
    "ellipsis": ("cut off by dots", "not cut off"),
    "page_ellipses": ("{:.0f} lines of the page are cut off by dots", "no lines cut off by dots"),
    "bullet": ("an item of a list", "no item of a list"),
    "around_bullet": ("items of a list around it", "no list around it"),
    "dates": ("dates or times", "no dates or times"),
    "same_opening": ("lines around it open with the same word", "opens unlike the lines around it"),
    "like_next": ("unlike its neighbours in length", "as long as its neighbour"),
    "like_second": ("unlike the lines around in length", "as long as the next line but one"),
    "title_share": ("shares words with the title", "shares no words with the title"),
}
"""How a feature reads in a reason, where its value is above the page's middle and where it is not."""


@dataclass(frozen=True, slots=True)
class Weigh:
    """Options: the ``model`` (a path, or a name in the package's ``models`` folder), the probability at which a segment
    goes (``threshold``, and ``thresholds`` by category), at which it is flagged (``flag``), and below which an ordinary
    rule is overruled (``overrule``).
    """

    model: str = "weigh"
    threshold: float = 0.82
    thresholds: tuple[tuple[str, float], ...] = ()
    flag: float = 0.6
    overrule: float = 0.5
    name: str = "weigh"

    @property
    def identity(self) -> str:
        """The digest of the model, which is part of the pipeline's."""
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
        likely = probabilities >= self.flag
        chosen: list[tuple[Draft, int]] = []
        taken = {draft.number: _taken(draft) for draft in weighed}
        for draft in weighed:
            known = taken[draft.number]
            fresh = np.flatnonzero(likely[draft.rows]).tolist()
            chosen += [(draft, index) for index in fresh if index not in known]
        rows = [draft.row + index for draft, index in chosen]
        categories = _categories(model, matrix, rows)
        limits = dict(self.thresholds)
        for (draft, index), row, reason in zip(chosen, rows, reasons(model, matrix, chosen), strict=True):
            verdicts[draft.number].append(
                self._verdict(draft, model, index, float(probabilities[row]), categories[row], reason, limits)
            )
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
        limits: Mapping[str, float],
    ) -> Verdict:
        drops = probability >= limits.get(category, self.threshold)
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


def reasons(model: Model, matrix: NDArray[np.float32], segments: Sequence[tuple[Draft, int]]) -> list[str]:
    """Return for each of ``segments`` the measures that moved its score up the most, in words.

    ``matrix`` holds the measures of the drafts' batch. A measure is high where it is above the middle of its page.
    """
    rows = [draft.row + index for draft, index in segments]
    moved = model.contributions(matrix[rows])
    order = np.argsort(-moved, axis=1, kind="stable")[:, :_LOOKED_AT]
    middles: dict[tuple[int, int], float] = {}
    found: list[str] = []
    for (draft, index), columns, totals in zip(
        segments, order.tolist(), np.take_along_axis(moved, order, axis=1).tolist(), strict=True
    ):
        parts: list[str] = []
        for column, total in zip(columns, totals, strict=True):
            phrases = _PHRASES.get(model.features[column])
            if phrases is None or total <= 0:
                continue
            value = float(matrix[draft.row + index, column])
            middle = middles.get((draft.number, column))
            if middle is None:
                middle = middles[draft.number, column] = _middle(matrix[draft.rows, column])
            parts.append(phrases[0 if value > middle else 1].format(value))
            if len(parts) == _NAMED:
                break
        found.append(", ".join(parts) or "its shape and place on the page")
    return found


def _middle(values: NDArray[np.float32]) -> float:
    """Return the median, much faster than numpy does for so few values."""
    ordered = np.sort(values)
    count = len(ordered)
    return float((ordered[(count - 1) // 2] + ordered[count // 2]) / np.float32(2))
