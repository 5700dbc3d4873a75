"""Labelled pages: rows of JSONL with ``url``, ``html`` and ``main_content``, the text that is the page's content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import orjson
from numpy.typing import NDArray

from cleaner.alignment import kept_shares, words_of
from cleaner.document import Document
from cleaner.formats.files import opened
from cleaner.formats.html import read_page

_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "gob", "gouv"})


@dataclass(frozen=True)
class Page:
    """A labelled page: its document, the share of each block's words that are content, and the words of the gold."""

    document: Document
    shares: Sequence[float]
    gold: str
    site: str
    kind: str = ""


def site_of(url: str) -> str:
    """Return the registered name of a page's host, so that one site's pages stay together."""
    labels = (urlsplit(url).hostname or url).lower().split(".")
    if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def read_pages(path: Path) -> Iterator[Page]:
    """Read labelled pages from a JSONL file, compressed or not."""
    for row in read_rows(path):
        document = read_page(row["html"], url=row.get("url", ""))
        gold = row["main_content"]
        shares = kept_shares(document.block_texts, gold)
        yield Page(document, shares, gold, site_of(row.get("url") or row["id"]), row.get("page_type", ""))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read the rows of a JSONL file, compressed or not."""
    with opened(str(path)) as stream:
        yield from map(orjson.loads, stream)


def weights_of(page: Page) -> NDArray[np.float64]:
    """Return how much each block of a page counts: by its words, so that every page counts about the same."""
    words = np.array([len(words_of(text)) for text in page.document.block_texts], dtype=np.float64)
    total = 0.5 * len(words_of(page.gold)) + 0.1 * words.sum() + 50
    weights: NDArray[np.float64] = np.minimum(1.0, words / total) + 0.15 / max(1, len(words))
    return weights
