"""Which language a text is in: langdetect on a bounded sample, seeded so that the same text gives the same answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

SAMPLE = 2_000
"""Code points of a text that detection looks at."""
_MINIMUM = 20


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


def normalise(code: object) -> str | None:
    """Return a record's language field as a lower-case primary code (``en`` from ``en-GB`` or ``EN_us``), or None."""
    if not isinstance(code, str):
        return None
    primary = code.strip().replace("_", "-").split("-")[0].lower()
    primary = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(primary, primary)
    return primary if 2 <= len(primary) <= 3 and primary.isalpha() else None
