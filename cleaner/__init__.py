"""Separates what an author wrote from what a site wraps around it, and accounts for every character it removes.

>>> import cleaner
>>> cleaned = cleaner.clean("Rates rose on Monday.\\nSign up for our newsletter!")
>>> cleaned.text
'Rates rose on Monday.'
>>> cleaner.restore(cleaned)
'Rates rose on Monday.\\nSign up for our newsletter!'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleaner._version import __version__

if TYPE_CHECKING:
    from cleaner.api import clean, restore
    from cleaner.document import Document, Segment, Source, Span
    from cleaner.errors import CleanerError, ConfigurationError, InputError, InvariantError, RecordError
    from cleaner.ledger import Cleaned, Edit, Ledger, Verdict
    from cleaner.pipeline import Pipeline

__all__ = [
    "Cleaned",
    "CleanerError",
    "ConfigurationError",
    "Document",
    "Edit",
    "InputError",
    "InvariantError",
    "Ledger",
    "Pipeline",
    "RecordError",
    "Segment",
    "Source",
    "Span",
    "Verdict",
    "__version__",
    "clean",
    "restore",
]

_HOMES = {
    "api": ("clean", "restore"),
    "document": ("Document", "Segment", "Source", "Span"),
    "errors": ("CleanerError", "ConfigurationError", "InputError", "InvariantError", "RecordError"),
    "ledger": ("Cleaned", "Edit", "Ledger", "Verdict"),
    "pipeline": ("Pipeline",),
}


def __getattr__(name: str) -> Any:
    # Importing the package must cost next to nothing; what a name needs is loaded when it is first used.
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"cleaner.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
