"""Why the judge of lines thinks that a line is no part of the article, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleaner.model import Model
from cleaner.pages import FAR

_LOOKED_AT, _NAMED = 6, 3
"""Of so many of the strongest measures, a reason names so many that have words."""

_PHRASES: Mapping[str, tuple[str, str]] = {
    "words": ("{:.0f} words", "only {:.0f} words"),
    "ends_stop": ("ends as a sentence", "no full stop at its end"),
    "ends_colon": ("ends in a colon", "no colon at its end"),
    "capitalised": ("most words capitalised", "few words capitalised"),
    "digits": ("many digits", "few digits"),
    "markup": ("signs of layout such as bars and arrows", "no bars or arrows"),
    "repeated": ("stands {:.0f} more times on the page", "stands once on the page"),
    "run_length": ("in a run of {:.0f} short lines", "not among short lines"),
    "since_long": ("no paragraph above", "{:.0f} segments after the last paragraph"),
    "until_long": ("no paragraph below", "{:.0f} segments before the next paragraph"),
    "longs_after": ("{:.0f} paragraphs below", "no paragraph below"),
    "longs_before": ("{:.0f} paragraphs above", "no paragraph above"),
    "position": ("late on the page", "early on the page"),
    "from_end": ("far from the end", "{:.0f} segments before the end"),
    "words_after": ("much text follows", "little text follows"),
    "words_before": ("most of the text stands before it", "little text stands before it"),
    "label_above": ("no label of links above", "{:.0f} segments below a label of links"),
    "near_above": ("no removal above", "{:.0f} segments below something that a rule took"),
    "near_below": ("no removal below", "{:.0f} segments above something that a rule took"),
    "appeal_above": ("no appeal above", "{:.0f} segments below an appeal"),
    "appeal_below": ("no appeal below", "{:.0f} segments above an appeal"),
    "strong_around": ("rules took lines around it", "rules took nothing around it"),
    "window_words": ("long lines around it", "short lines around it"),
    "window_stops": ("sentences around it", "hardly a sentence around it"),
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
    "groups_around": ("the lexicon's words of appeals around it", "none of the lexicon's words of appeals around it"),
    "reporting_around": ("reporting around it", "no reporting around it"),
    "ellipsis": ("cut off by dots", "not cut off by dots"),
    "page_ellipses": ("on a page with {:.0f} lines cut off by dots", "on a page with no line cut off by dots"),
    "bullet": ("an item of a list", "no item of a list"),
    "around_bullet": ("items of a list around it", "no list around it"),
    "dates": ("dates or times", "no dates or times"),
    "same_opening": ("lines around it open with the same word", "opens unlike the lines around it"),
    "like_next": ("unlike its neighbours in length", "as long as a line beside it"),
    "like_second": ("unlike the lines around it in length", "as long as a line two lines away"),
    "title_share": ("shares words with the title", "shares no words with the title"),
    "cohesion_shared": ("its words stand elsewhere on the page", "few of its words stand elsewhere on the page"),
    "cohesion_long": ("shares words with the paragraphs", "shares few words with the paragraphs"),
    "cohesion_lead": ("shares words with the beginning", "shares few words with the beginning"),
    "cohesion_near": ("shares words with its neighbours", "shares few words with its neighbours"),
    "cohesion_often": ("its words stand all over the page", "its words are rare on the page"),
    "cohesion_long_3": ("", "lines around it share few words with the paragraphs"),
    "cohesion_lead_3": ("", "lines around it share few words with the beginning"),
    "cohesion_long_8": ("", "lines around it share few words with the paragraphs"),
    "strip_own": ("its words are those of prompts and links", ""),
    "strip_near": ("words of prompts and links around it", ""),
    "strip_around": ("words of prompts and links around it", ""),
    "strip_page": ("words of prompts and links all over the page", ""),
    "strip_rest": ("words of prompts and links from here to the end", ""),
    "strip_start": ("words of prompts and links up to here", ""),
    "appeal_own": ("its words are those of appeals", ""),
    "appeal_near": ("words of appeals around it", ""),
    "appeal_around": ("words of appeals around it", ""),
}
"""How a measure reads above its bound, and how it reads elsewhere; nothing where it would be no reason."""
_DISTANCE = FAR - 0.5
_BOUNDS: Mapping[str, float] = {
    "words": 12, "capitalised": 0.5, "digits": 0.1, "position": 0.5, "from_end": 12, "words_after": 0.5, "words_before": 0.5,
    "cohesion_shared": 0.5, "cohesion_long": 0.4, "cohesion_lead": 0.3, "cohesion_near": 0.3, "cohesion_often": 1,
    "cohesion_long_3": 0.4, "cohesion_lead_3": 0.3, "cohesion_long_8": 0.4, "window_words": 12, "window_stops": 0.3, "like_next": 0.3, "like_second": 0.3,
    "since_long": _DISTANCE, "until_long": _DISTANCE, "label_above": _DISTANCE, "near_above": _DISTANCE,
    "near_below": _DISTANCE, "appeal_above": _DISTANCE, "appeal_below": _DISTANCE,
}  # fmt: skip
"""Bounds other than 0."""
_ONE = re.compile(r"\b1 (more )?(\w+)s\b")


def sentences(model: Model, rows: NDArray[np.float32]) -> list[str]:
    """Return for each of ``rows`` the measures that moved its score up the most, in words."""
    place = {name: number for number, name in enumerate(model.features)}
    return [
        _sentence([(name, float(row[place[name]])) for name, _ in found])
        for row, found in zip(rows, model.reasons(rows, _LOOKED_AT), strict=True)
    ]


def _sentence(found: list[tuple[str, float]]) -> str:
    phrases = dict.fromkeys(phrase for name, value in found if (phrase := _phrase(name, value)))
    return ", ".join(list(phrases)[:_NAMED]) or "its shape and place on the page"


def _phrase(name: str, value: float) -> str:
    above, below = _PHRASES.get(name, ("", ""))
    phrase = above if value > _BOUNDS.get(name, 0) else below
    if "{" not in phrase:
        return phrase
    said = phrase.format(value)
    # Only of one thing the word has to be mended.
    return _ONE.sub(r"1 \1\2", said) if f"{value:.0f}" == "1" else said
