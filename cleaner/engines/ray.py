"""Ray Data: a dataset through a pipeline, batch by batch, without a copy of what is carried through."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ray.data import Dataset

from cleaner.engines.arrow import clean_batch
from cleaner.engines.rows import Job
from cleaner.pipeline import Pipeline

BATCH = 256
"""Rows that a worker cleans at a time."""


def clean(
    dataset: Dataset,
    pipeline: str | Path | Pipeline = "standard",
    *,
    batch_size: int = BATCH,
    resources: dict[str, Any] | None = None,
    **options: Any,
) -> Dataset:
    """Return ``dataset`` with clean text, ledger and rejects, as :func:`cleaner.engines.arrow.clean_batch` gives them.

    ``resources`` are further arguments of ``map_batches`` (``num_cpus``, ``concurrency``, ``memory`` and the like),
    ``options`` those of :class:`cleaner.engines.rows.Job`. Nothing runs before the dataset is asked for rows.

    Raises:
        ConfigurationError: the pipeline, one of its rules or an option is wrong.
    """
    return dataset.map_batches(
        partial(clean_batch, job=Job.of(pipeline, **options)),
        batch_size=batch_size,
        batch_format="pyarrow",
        zero_copy_batch=True,
        udf_modifying_row_count=False,
        **(resources or {}),
    )
