"""Conditions of rules on the place of a segment: the table ``where``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.document import Block
from cleaner.measures import BLOCK_MEASURES, BLOCK_WORDS, FLAGS, MEASURES
from cleaner.stage import Draft


def holds(draft: Draft, index: int, conditions: Mapping[str, Any]) -> bool:
    """Tell whether all ``conditions`` hold in the segment ``index`` of ``draft``."""
    return all(_holds(draft, index, key, wanted) for key, wanted in conditions.items())


def _holds(draft: Draft, index: int, key: str, wanted: Any) -> bool:
    if key == "language":
        return draft.language in wanted
    if key in FLAGS:
        return FLAGS[key](draft.place(index)) is wanted
    if key in BLOCK_WORDS or key[4:] in BLOCK_MEASURES:
        return _of_block(draft.block(index), key, wanted)
    value = draft.words(index) if key.endswith("_words") else MEASURES[key[4:]](draft.place(index))
    return bool(value >= wanted if key.startswith("min_") else value <= wanted)


def _of_block(block: Block | None, key: str, wanted: Any) -> bool:
    if block is None:
        return False
    if key in BLOCK_WORDS:
        present = BLOCK_WORDS[key](block)
        return any(word in present for word in wanted)
    value = BLOCK_MEASURES[key[4:]](block)
    return bool(value >= wanted if key.startswith("min_") else value <= wanted)
