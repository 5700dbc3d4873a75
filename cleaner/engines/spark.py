"""Spark: a data frame through a pipeline with ``mapInArrow``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import StringType, StructField, StructType

from cleaner.engines.arrow import LEDGER, REJECT, clean_batch, output_columns
from cleaner.engines.rows import Job
from cleaner.pipeline import Pipeline


def clean(frame: DataFrame, pipeline: str | Path | Pipeline = "standard", **options: Any) -> DataFrame:
    """Return ``frame`` with clean text, ledger and rejects, as :func:`cleaner.engines.arrow.clean_batch` gives them.

    ``options`` are those of :class:`cleaner.engines.rows.Job`. The setting ``spark.sql.execution.arrow.maxRecordsPerBatch``
    says how many rows a worker cleans at a time. Nothing runs before the frame is asked for rows.

    Raises:
        ConfigurationError: the pipeline, one of its rules, an option or a column is wrong.
    """
    job = Job.of(pipeline, **options)
    made = {job.fields.text, LEDGER, REJECT}
    schema = StructType(
        [
            StructField(name, StringType()) if name in made else frame.schema[name]
            for name in output_columns(frame.columns, job)
        ]
    )
    return frame.mapInArrow(partial(_batches, job=job), schema)


def _batches(batches: Iterable[pa.RecordBatch], job: Job) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from clean_batch(batch, job).to_batches()
