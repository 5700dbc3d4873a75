"""What users import, and how little importing costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cleaner

PUBLIC = [
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


def test_public_names() -> None:
    assert cleaner.__all__ == PUBLIC
    assert all(getattr(cleaner, name) is not None for name in PUBLIC)
    assert dir(cleaner) == sorted(PUBLIC)


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'cleen'"):
        _ = cleaner.cleen  # type: ignore[attr-defined]


def test_importing_loads_nothing_heavy() -> None:
    program = "import sys, cleaner; print(*sorted(name for name in sys.modules if name.split('.')[0] in sys.argv[1:]))"
    heavy = [
        "numpy",
        "hyperscan",
        "re2",
        "orjson",
        "langdetect",
        "trafilatura",
        "selectolax",
        "lxml",
        "zstandard",
        "click",
    ]
    found = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_the_docstring_of_the_package() -> None:
    import doctest

    assert doctest.testmod(cleaner).failed == 0
