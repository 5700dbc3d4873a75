"""Hugging Face datasets: a dataset, streamed or not, through a pipeline with ``map(batched=True)``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from datasets import Dataset, DatasetDict, Features, IterableDataset, IterableDatasetDict, Value

from cleaner.engines.arrow import clean_batch
from cleaner.engines.rows import Job
from cleaner.engines.whole_files import NAMES, clean_file, found
from cleaner.formats.files import Input
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


def clean_files(
    inputs: Iterable[str | Path] | str | Path, pipeline: str | Path | Pipeline = "standard", **options: Any
) -> IterableDataset:
    """Return the clean rows of files of any format, as :func:`cleaner.engines.whole_files.clean_file` gives them.

    Each file is a shard of the streamed dataset. ``options`` are those of :class:`cleaner.engines.rows.Job`.

    Raises:
        ConfigurationError: an input, the pipeline, one of its rules or an option is wrong.
    """
    arguments = {"items": found(inputs), "job": Job.of(pipeline, **options)}
    features = Features({name: Value("int64" if name == "record" else "string") for name in NAMES})
    return IterableDataset.from_generator(_rows, features, gen_kwargs=arguments)


def _rows(items: list[Input], job: Job) -> Iterator[dict[str, Any]]:
    for item in items:
        yield from clean_file(item, job)
