"""Five judged lines of two documents, for the tests of figures and of the card that shows them."""

from __future__ import annotations

import numpy as np

from cleaner.train_report import LabelledLines

PROBABILITIES = np.array([0.1, 0.7, 0.9, 0.8, 0.2])


def judged_lines(rule_weights: tuple[float, ...] = (0, 0, 0, 0, 0)) -> LabelledLines:
    return LabelledLines(
        np.array(["body", "body", "donation", "related", "related"]),
        np.array([90.0, 10.0, 20.0, 5.0, 5.0]),
        np.array(["1", "2", "1", "2", "2"]),
        np.array(["en", "de", "en", "de", "de"]),
        np.array(rule_weights, dtype=np.float64),
    )
