"""Hugging Face datasets: a dataset, streamed or not, through a pipeline with ``map(batched=True)``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

from cleaner.engines.arrow import clean_batch
from cleaner.engines.rows import Job
from cleaner.pipeline import Pipeline

Kind = TypeVar("Kind", Dataset, DatasetDict, IterableDataset, IterableDatasetDict)
BATCH = 256
"""Rows that are cleaned at a time."""


def clean(
    dataset: Kind,
    pipeline: str | Path | Pipeline = "standard",
    *,
    batch_size: int = BATCH,
    num_proc: int | None = None,
    **options: Any,
) -> Kind:
    """Return ``dataset`` with clean text, ledger and rejects, as :func:`cleaner.engines.arrow.clean_batch` gives them.

    ``num_proc`` is the number of processes, for datasets that are not streamed; ``options`` are those of
    :class:`cleaner.engines.rows.Job`. The cache of ``datasets`` keeps results by the digest of the pipeline, so changed
    rules clean anew.

    Raises:
        ConfigurationError: the pipeline, one of its rules or an option is wrong.
    """
    step = partial(clean_batch, job=Job.of(pipeline, **options))
    processes = {"num_proc": num_proc} if isinstance(dataset, Dataset | DatasetDict) else {}
    clean = dataset.with_format("arrow").map(step, batched=True, batch_size=batch_size, **processes)
    return clean.with_format(None)
