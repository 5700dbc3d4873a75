"""All that is weighed of lines: the same for a document alone and among others."""

from __future__ import annotations

import numpy as np
from support import SEEDS

from cleaner.batch import Batch
from cleaner.document import Document
from cleaner.line_words import BASE, examine, names, with_scores
from cleaner.pages import Pages
from cleaner.pipeline import Pipeline


def test_company_changes_no_measure() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((SEEDS / "documents" / "en").glob("*.txt"))[:6]]
    texts += ["Ends in an address: http://", "\u200d\u00ad\n\u200b", "", "One."]
    compiled = Pipeline.load("rules-only").compiled
    drafts = [compiled.judge(Document(text, str(number), language="en")) for number, text in enumerate(texts)]
    alone = [examine(draft.batch) for draft in drafts]
    batch = Batch(drafts)
    together = examine(batch)
    for draft, lines in zip(batch.drafts, alone, strict=True):
        assert together.matrix[draft.rows].tolist() == lines.matrix.tolist()
        chosen = (together.features.lines >= draft.row) & (together.features.lines < draft.rows.stop)
        assert sorted(together.features.numbers[chosen].tolist()) == sorted(lines.features.numbers.tolist())


def test_scores_come_behind_the_measures() -> None:
    heads = ("strip", "appeal")
    pages = Pages(np.zeros(2, dtype=np.int64), 1)
    matrix = with_scores(np.zeros((2, len(BASE)), np.float32), np.array([[0.5, 1], [1.5, 2]]), pages)
    assert matrix.shape == (2, len(names(heads)))
    assert matrix[:, names(heads).index("appeal_own")].tolist() == [1, 2]
