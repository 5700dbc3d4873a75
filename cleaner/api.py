"""The two functions that most users need."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cleaner import ledger
from cleaner.document import Document
from cleaner.errors import RecordError
from cleaner.language import normalise
from cleaner.ledger import Cleaned
from cleaner.pipeline import Pipeline


@lru_cache(maxsize=16)
def _named(name: str) -> Pipeline:
    return Pipeline.load(name)


def clean(text: str | Document, pipeline: str | Path | Pipeline = "standard", language: str | None = None) -> Cleaned:
    """Clean ``text`` and return the clean text with its ledger.

    ``pipeline`` is the name of one that comes with the package, the path of a TOML file, or a :class:`Pipeline`. A file is
    read once in a process; :meth:`Pipeline.load` reads it again. ``language`` is the language of the text where the
    caller knows it (``pt``, ``pt-BR`` or ``por``); it stands above the one that a document names.

    Raises:
        RecordError: ``text`` is no string, or holds lone surrogates.
        ConfigurationError: the pipeline or one of its rules is wrong.
    """
    chosen = pipeline if isinstance(pipeline, Pipeline) else _named(str(pipeline))
    known = normalise(language)
    if known is not None and isinstance(text, str):
        text = Document(text, language=known)
    elif known is not None and isinstance(text, Document):
        text = replace(text, language=known)
    return chosen.clean(text)


def restore(cleaned: Cleaned) -> str:
    """Return the original text of ``cleaned``, verified by its digest.

    Raises:
        RecordError: text and ledger do not belong together.
    """
    original = ledger.restore(cleaned.text, cleaned.ledger.edits)
    if ledger.digest(original) != cleaned.ledger.original_sha256:
        raise RecordError("the restored text does not have the digest of the original")
    return original
