"""The user's cache of compiled automata, one file for each language and content of its packs.

A cache that cannot be read or written only costs time, so neither is ever an error. ``CLEANER_CACHE`` names another
folder than the platform's usual one.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version as hyperscan_version
from pathlib import Path
from typing import Any

import hyperscan
import orjson
from platformdirs import user_cache_path

from cleaner.automaton import Automaton

_MAGIC = b"cleaner-automata-6\n"
_SOURCES = (
    "automaton.py",
    "cues.py",
    "folding.py",
    "match.py",
    "measures.py",
    "pattern_search.py",
    "pattern_tree.py",
    "patterns.py",
    "rule.py",
    "rule_reader.py",
    "rulebook.py",
    "searcher.py",
)
Compiled = tuple[dict[str, Any], list[Automaton | None]]


_watchers: list[Callable[[bool], None]] = []


def watch(watcher: Callable[[bool], None]) -> None:
    """Have ``watcher`` called with True when something is loaded or compiled, and with False when that is done.

    So a worker can tell that it is busy with something that no document is to blame for.
    """
    _watchers.append(watcher)


def _tell(busy: bool) -> None:
    for watcher in _watchers:
        watcher(busy)


@lru_cache(maxsize=1)
def _engine() -> bytes:
    """Return what a compiled form depends on besides the packs: this code, the engine and the machine."""
    sources = sha256()
    for name in _SOURCES:
        sources.update((Path(__file__).parent / name).read_bytes())
    return sources.digest() + f"{hyperscan_version('hyperscan')} {sys.platform} {platform.machine()}".encode()


def key(contents: Iterable[tuple[str, bytes]]) -> str:
    """Return the name under which the compiled form of ``contents`` is kept."""
    total = sha256(_engine())
    for name, content in contents:
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _path(name: str) -> Path:
    chosen = os.environ.get("CLEANER_CACHE")
    folder = Path(chosen) if chosen else user_cache_path("article-cleaner", appauthor=False)
    return folder / f"{name}.automata"


def read(name: str) -> Compiled | None:
    """Return what is kept under ``name``, or None: then it will be compiled and handed to :func:`write`."""
    _tell(True)
    kept = _read(name)
    if kept is not None:
        _tell(False)
    return kept


def _read(name: str) -> Compiled | None:
    try:
        content = _path(name).read_bytes()
        check, body = content[len(_MAGIC) : len(_MAGIC) + 32], content[len(_MAGIC) + 32 :]
        if not content.startswith(_MAGIC) or sha256(body).digest() != check:
            return None
        header, _, rest = body.partition(b"\n")
        parts: list[bytes] = []
        for length in orjson.loads(header):
            parts.append(rest[:length])
            rest = rest[length:]
        return orjson.loads(parts[0]), [Automaton.load(part) if part else None for part in parts[1:]]
    except (OSError, ValueError, hyperscan.error):
        return None


def write(name: str, plain: Mapping[str, Any], automata: Sequence[Automaton | None]) -> None:
    """Keep a compiled form under ``name``."""
    parts = [orjson.dumps(plain), *(automaton.dump() if automaton else b"" for automaton in automata)]
    body = orjson.dumps([len(part) for part in parts]) + b"\n" + b"".join(parts)
    path = _path(name)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + sha256(body).digest() + body)
        os.replace(temporary, path)
    _tell(False)
