"""Which language a text is in.

One answer for the ledger: langdetect on a bounded sample, seeded so that the same text gives the same answer. It costs
milliseconds. Another for the choice of rules, in microseconds: the languages that a text *can* be in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cleaner.folding import fold_phrase

SAMPLE = 2_000
"""Code points of a text that detection looks at."""
_MINIMUM = 20
SIGNS_SAMPLE = 3_000
"""Code points of a view that the choice of rules looks at."""
_FEWEST_SIGNS = 3
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0590-\u1fff\u2e80-\ud7ff]")
_CLOSE = ({"da", "no"}, {"cs", "sk"})
"""Languages that are easily taken for each other; where one is stated, the rules of the other apply, too."""


class Signs:
    """Tells in microseconds which languages a text can be in, by common words and scripts."""

    def __init__(self, words: Mapping[str, Iterable[str]], scripts: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        self._words: dict[str, list[str]] = {}
        for code, listed in words.items():
            for word in listed:
                self._words.setdefault(fold_phrase(word), []).append(code)
        self._scripts = {
            code: re.compile("[" + "".join(f"{low}-{high}" for low, high in ranges) + "]")
            for code, ranges in scripts.items()
        }
        self.known = frozenset(words) | frozenset(scripts)

    def plausible(self, view: str) -> frozenset[str]:
        """Return the codes of the languages that a folded text can be in; all, where it is too short to tell."""
        sample = view[:SIGNS_SAMPLE]
        votes: Counter[str] = Counter()
        for word in sample.split():
            for code in self._words.get(word, ()):
                votes[code] += 1
        found = set()
        if _OTHER_SCRIPT.search(sample):
            letters = {code: len(pattern.findall(sample)) for code, pattern in self._scripts.items()}
            if letters.get("ja", 0) > 0.1 * letters.get("zh", 0):
                letters["zh"] = 0
            found = {code for code, count in letters.items() if count > 0.15 * len(sample.replace(" ", ""))}
        best = max(votes.values(), default=0)
        if best >= _FEWEST_SIGNS:
            found |= {code for code, count in votes.items() if 2 * count >= best}
        return frozenset(found) if found else self.known


def stated(code: str) -> frozenset[str]:
    """Return the languages whose rules apply to a text that is said to be in ``code``."""
    return frozenset({code}.union(*(pair for pair in _CLOSE if code in pair)))


@lru_cache(maxsize=1)
def _factory() -> Any:
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    # A factory of our own: the library's is shared by the whole process, and its seed belongs to the user.
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.seed = 0
    return factory


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``, lower case, or None where it cannot be told.

    The sample is taken from the middle of the text, away from menus and footers. Chinese is ``zh`` in either script.
    """
    from langdetect.lang_detect_exception import LangDetectException

    start = max(0, (len(text) - SAMPLE) // 2)
    sample = text[start : start + SAMPLE]
    if sum(1 for character in sample if character.isalpha()) < _MINIMUM:
        return None
    detector = _factory().create()
    detector.append(sample)
    try:
        code: str = detector.detect()
    except LangDetectException:
        return None
    return None if code == "unknown" else code.split("-")[0].lower()


_THREE_LETTERS = {
    "ara": "ar",
    "ben": "bn",
    "bul": "bg",
    "ces": "cs",
    "dan": "da",
    "deu": "de",
    "ell": "el",
    "eng": "en",
    "fas": "fa",
    "fin": "fi",
    "fra": "fr",
    "heb": "he",
    "hin": "hi",
    "hun": "hu",
    "ind": "id",
    "ita": "it",
    "jpn": "ja",
    "kor": "ko",
    "nld": "nl",
    "nob": "no",
    "nno": "no",
    "nor": "no",
    "pol": "pl",
    "por": "pt",
    "ron": "ro",
    "rus": "ru",
    "slk": "sk",
    "spa": "es",
    "swa": "sw",
    "swe": "sv",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "urd": "ur",
    "vie": "vi",
    "zho": "zh",
}
"""The ISO 639-3 codes, as crawls use them, of languages that have rules."""


_NO_LANGUAGE = frozenset({"und", "mis", "mul", "zxx"})
"""The ISO 639-2 codes that name none: not known, without a code, several, no language at all."""


def normalise(code: object) -> str | None:
    """Return a record's language field as a lower-case primary code (``en`` from ``en-GB``, ``EN_us`` or ``eng``), or None.

    Of several, as crawls name them (``eng,deu``), it is the first. A code that says that the language is not known, or that
    there are several or none (``und``, ``mis``, ``mul``, ``zxx``), is None.
    """
    if not isinstance(code, str):
        return None
    primary = code.partition(",")[0].strip().replace("_", "-").split("-")[0].lower()
    primary = _THREE_LETTERS.get(primary, primary)
    primary = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(primary, primary)
    names_one = 2 <= len(primary) <= 3 and primary.isalpha() and primary not in _NO_LANGUAGE
    return primary if names_one else None
