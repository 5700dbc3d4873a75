"""Judges of page content, which can take each other's place: what a document's blocks are, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cleaner.document import Block, Document
from cleaner.errors import ConfigurationError, PipelineError
from cleaner.rulebook import default_directory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cleaner.model import Model
    from cleaner.tags import Tag


class Decision(Protocol):
    """What a judge thinks of one document's blocks."""

    @property
    def kept(self) -> Sequence[bool]:
        """For each block whether it is content."""
        ...

    def reasons(self, runs: Sequence[tuple[int, int]]) -> list[str]:
        """Say of each run of blocks, from its first to its last, in a sentence why it is no content."""
        ...


class Judge(Protocol):
    """A judge: ``name`` stands in its verdicts, ``digest`` tells one version of it from another."""

    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...

    def decide(self, document: Document) -> Decision:
        """Judge the blocks of a document that has some."""
        ...


_CERTAIN = 0.8


def expected_best(
    probabilities: NDArray[np.float64], words: NDArray[np.float64], sure: float = 1.0, least: float = 0.0
) -> NDArray[np.bool_]:
    """Return which blocks to keep so that the F1 by words that is to be expected is highest; at least one is.

    Where more than the share ``sure`` of the content to be expected lies in blocks that are nearly certain, as in an
    article, blocks less likely than ``least`` are not kept: they are what a page adds to an article.
    """
    import numpy as np

    order = np.argsort(-probabilities, kind="stable")
    expected = probabilities * words
    good = np.cumsum(expected[order])
    kept = np.cumsum(words[order])
    best = int(np.argmax(2 * good / (kept + good[-1] + 1e-9)))
    chosen = np.zeros(len(probabilities), dtype=bool)
    chosen[order[: best + 1]] = True
    if expected[probabilities > _CERTAIN].sum() > sure * good[-1]:
        chosen &= probabilities >= least
        chosen[order[0]] = True
    return chosen


def kept_blocks(
    blocks: Sequence[Block],
    probabilities: NDArray[np.float64],
    words: NDArray[np.float64],
    thresholds: Mapping[str, float],
) -> NDArray[np.bool_]:
    """Return which of a page's blocks to keep: by :func:`expected_best`, and those that the page does not show itself."""
    import numpy as np

    kept = expected_best(probabilities, words, thresholds["sure"], thresholds["least"])
    kept |= np.fromiter((block.added for block in blocks), dtype=bool, count=len(kept))
    return kept


class Learned:
    """Trees over measures of each block; keeps what makes the expected F1 highest."""

    name = "learned"

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or default_directory() / "models" / "content.json"

    @cached_property
    def _read(self) -> tuple[Model, WordWeights]:
        return _load(self._path)

    @property
    def digest(self) -> str:
        """The digest of the model file."""
        return self._read[0].digest

    def decide(self, document: Document) -> LearnedDecision:
        """As :class:`Judge`."""
        import numpy as np

        from cleaner import block_words
        from cleaner.blocks import matrix, measure, word_counts
        from cleaner.pages import Pages

        model, words_around = self._read
        columns = measure(document, words_around.score)
        words = word_counts(columns["words"])
        if model.words is not None:
            scores = model.words.scores(block_words.features(document))[:, 0]
            columns |= block_words.columns(scores, words, Pages(np.zeros(len(words), dtype=np.int64), 1))
        rows = matrix(columns, model.features)
        probabilities = model.probabilities(rows)
        kept = kept_blocks(document.blocks, probabilities, words, model.thresholds)
        return LearnedDecision(kept.tolist(), probabilities, rows, model, words)


class WordWeights:
    """What the words of elements say of the blocks in them, in logits (see ``cleaner.blocks.measure``)."""

    def __init__(self, table: Mapping[str, Sequence[float]]) -> None:
        self._table = table

    def score(self, tag: Tag) -> tuple[float, float, float, float]:
        """Return the sums of the weights of an element's name and words."""
        rows = [self._table[word] for word in (f"<{tag.name}>", *tag.words) if word in self._table]
        if not rows:
            return 0.0, 0.0, 0.0, 0.0
        own, parent, grandparent, around = (sum(column) for column in zip(*rows, strict=True))
        return own, parent, grandparent, around


@lru_cache(maxsize=4)
def _load(path: Path) -> tuple[Model, WordWeights]:
    import orjson

    from cleaner.model import build

    try:
        content = path.read_bytes()
        table = orjson.loads(content)
        return build(table, sha256(content).hexdigest()), WordWeights(table["words"])
    except OSError as error:
        raise ConfigurationError(f"the model {str(path)!r} cannot be read: {error.strerror}") from None
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise ConfigurationError(f"the model {str(path)!r} is no judge of content: {error!r}") from None


@dataclass(frozen=True)
class LearnedDecision:
    """Probabilities, and the measures behind them."""

    kept: Sequence[bool]
    probabilities: NDArray[np.float64]
    rows: NDArray[np.float32]
    model: Model
    words: NDArray[np.float64]

    def reasons(self, runs: Sequence[tuple[int, int]]) -> list[str]:
        """Name the measures that speak most against the longest block of each run."""
        from cleaner.stages.content_reasons import sentences

        longest = [first + int(self.words[first : last + 1].argmax()) for first, last in runs]
        return sentences(self.model, self.rows[longest], self.probabilities[longest])


@dataclass(frozen=True)
class Aligned:
    """The decision of an extractor that returns text: a block is content if most of its words are in that text."""

    kept: Sequence[bool]
    name: str

    def reasons(self, runs: Sequence[tuple[int, int]]) -> list[str]:
        """Say whose decision it is; such extractors give no reasons."""
        return [f"The extractor {self.name} leaves it out of the page's content."] * len(runs)


class Extractor:
    """A judge that asks another extractor and finds its text in the blocks again."""

    def __init__(self, name: str, extract: Callable[[str], str], version: str) -> None:
        self.name = name
        self.digest = f"{name} {version}"
        self._extract = extract

    def decide(self, document: Document) -> Aligned:
        """As :class:`Judge`. Where the extractor finds nothing, every block stays."""
        from cleaner.alignment import kept_shares

        assert document.layout is not None
        extracted = self._extract(document.layout.markup)
        if not extracted.strip():
            return Aligned([True] * len(document.blocks), self.name)
        shares = kept_shares(document.block_texts, extracted)
        return Aligned(
            [share >= 0.5 or block.added for share, block in zip(shares, document.blocks, strict=True)], self.name
        )


@lru_cache(maxsize=1)
def _trafilatura() -> Judge:
    try:
        import trafilatura
    except ImportError as error:
        raise PipelineError(f"the judge 'trafilatura' cannot be used: {error}") from None
    return Extractor("trafilatura", lambda markup: trafilatura.extract(markup) or "", trafilatura.__version__)


@lru_cache(maxsize=1)
def _resiliparse() -> Judge:
    from importlib.metadata import version

    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        raise PipelineError(
            "the judge 'resiliparse' needs the package of that name", "pip install 'article-cleaner[resiliparse]'"
        ) from None
    return Extractor(
        "resiliparse", lambda markup: extract_plain_text(markup, main_content=True), version("resiliparse")
    )


JUDGES: dict[str, Callable[..., Judge]] = {
    "learned": Learned,
    "trafilatura": _trafilatura,
    "resiliparse": _resiliparse,
}
"""The judges by name."""
