"""The stage ``weigh``: a small learned judge over the measures of lines, their neighbours, and what rules found there.

It adds what no phrase can express (a line among headlines, a label, a pitch told by its place), confirms weak rules, and
overrules ordinary ones that stand against everything else. Rules of weight 2 and more are beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.ledger import DROP, FLAG, KEEP, Verdict
from cleaner.line_measures import FEATURES, measure
from cleaner.model import Model, load
from cleaner.rulebook import CATEGORIES, default_directory
from cleaner.stage import Draft

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
    threshold: float = 0.92
    thresholds: tuple[tuple[str, float], ...] = ()
    flag: float = 0.6
    overrule: float = 0.7
    name: str = "weigh"

    @property
    def identity(self) -> str:
        """The digest of the model, which is part of the pipeline's."""
        return load(model_path(self.model)).digest

    def judge(self, draft: Draft) -> Iterable[Verdict]:
        """Return the verdicts of the model; each names the measures that moved it most."""
        if len(draft) < 2 or draft.blocks:
            # On a page the stage content has weighed the blocks already, by its own measures.
            return ()
        model = load(model_path(self.model))
        matrix = measure(draft)
        probabilities = model.probabilities(matrix)
        taken = _taken(draft)
        chosen = np.flatnonzero(probabilities >= self.flag).tolist()
        fresh = [index for index in chosen if index not in taken]
        categories = _categories(draft, model, matrix, fresh)
        limits = dict(self.thresholds)
        verdicts = [
            self._verdict(draft, model, matrix, index, float(probabilities[index]), categories[index], limits)
            for index in fresh
        ]
        for index, verdict in taken.items():
            if verdict.weight < 2 and probabilities[index] < self.overrule:
                verdicts.append(self._keep(draft, model, index, float(probabilities[index])))
        return verdicts

    def _verdict(
        self,
        draft: Draft,
        model: Model,
        matrix: NDArray[np.float32],
        index: int,
        probability: float,
        category: str,
        limits: Mapping[str, float],
    ) -> Verdict:
        drops = probability >= limits.get(category, self.threshold)
        return Verdict(
            draft.starts[index],
            draft.ends[index],
            category,
            self.name,
            f"{category}/any/{model.name}-{model.digest[:12]}",
            f"{probability:.0%} likely to be no part of the article: {reasons(model, matrix, index)}.",
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


def _categories(draft: Draft, model: Model, matrix: NDArray[np.float32], rows: list[int]) -> dict[int, str]:
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
    for row in rows:
        signs = matrix[row, columns]
        if signs.max() > 0:
            result[row] = CATEGORIES[int(signs.argmax())]
    return result


def reasons(model: Model, matrix: NDArray[np.float32], index: int) -> str:
    """Return the measures that moved a segment's score up the most, in words."""
    row = matrix[index]
    parts: list[str] = []
    for feature, _ in model.reasons(row, most=6):
        column = model.features.index(feature)
        phrases = _PHRASES.get(feature)
        if phrases is None:
            continue
        value = float(row[column])
        parts.append(phrases[0 if value > float(np.median(matrix[:, column])) else 1].format(value))
        if len(parts) == 3:
            break
    return ", ".join(parts) or "its shape and place on the page"
