"""Ray: Ray Data through a pipeline, batch by batch without a copy of what is carried through, and runs on a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import ray
from ray.data import Dataset
from ray.exceptions import RayError, RayTaskError

from cleaner.engines.arrow import clean_batch, clean_listed, listed
from cleaner.engines.cluster import AHEAD, ROOM, Task, in_order, size_of
from cleaner.engines.rows import Job
from cleaner.engines.whole_files import found
from cleaner.engines.work import Batch, Done
from cleaner.errors import CleanerError, ConfigurationError
from cleaner.pipeline import Pipeline

BATCH = 256
"""Rows that a worker cleans at a time."""
Tag = TypeVar("Tag")


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


def clean_files(
    inputs: Iterable[str | Path] | str | Path, pipeline: str | Path | Pipeline = "standard", **options: Any
) -> Dataset:
    """Return the clean rows of files of any format, as :func:`cleaner.engines.whole_files.clean_file` gives them.

    Workers must be able to open the files under the same paths or URLs. ``options`` are those of
    :class:`cleaner.engines.rows.Job`.

    Raises:
        ConfigurationError: an input, the pipeline, one of its rules or an option is wrong.
    """
    table = listed(found(inputs))
    files = ray.data.from_arrow([table.slice(place, 1) for place in range(table.num_rows)])
    return files.map_batches(
        partial(clean_listed, job=Job.of(pipeline, **options)), batch_size=1, batch_format="pyarrow"
    )


class Cluster:
    """Cleans the batches of a run as Ray tasks: on the cluster at ``address``, or with ``workers`` cores of this machine.

    Raises:
        ConfigurationError: there is no cluster at ``address``.
    """

    def __init__(self, task: Task, workers: int, address: str | None) -> None:
        self._started = not ray.is_initialized()
        if self._started:
            here = {"address": "local", "num_cpus": workers, "include_dashboard": False}
            try:
                ray.init(**({"address": address} if address else here), log_to_driver=False, logging_level="ERROR")
            except (RayError, ConnectionError, ValueError, RuntimeError) as error:
                reason = f"there is no Ray cluster at {address!r}: {' '.join(str(error).split())}"
                raise ConfigurationError(reason) from None
        self._task = ray.put(task)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._started:
            ray.shutdown()

    def map(self, batches: Iterator[tuple[Tag, Batch | None]]) -> Iterator[tuple[Tag, Done | None]]:
        """Yield the tags in their order, each with what became of its batch. A tag without a batch is passed through.

        Raises:
            CleanerError: what a worker raised.
        """
        cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
        send = partial(_clean.remote, self._task)
        try:
            for tag, sent in in_order(batches, send, AHEAD * cores, size_of, ROOM * cores):
                yield tag, None if sent is None else ray.get(sent)
        except RayTaskError as error:
            if isinstance(error.cause, CleanerError):
                raise error.cause from None
            raise


_clean = ray.remote(num_cpus=1)(Task.clean)
