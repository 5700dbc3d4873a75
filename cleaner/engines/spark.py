"""Spark: a data frame through a pipeline with ``mapInArrow``, and runs on a Spark cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import LongType, StringType, StructField, StructType

from cleaner.engines.arrow import LEDGER, REJECT, clean_batch, clean_listed, listed, output_columns
from cleaner.engines.cluster import AHEAD, ROOM, Task, in_order, windows
from cleaner.engines.rows import Job
from cleaner.engines.whole_files import NAMES, found
from cleaner.engines.work import Batch, Done
from cleaner.errors import CleanerError, ConfigurationError
from cleaner.pipeline import Pipeline

Tag = TypeVar("Tag")


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


def clean_files(
    session: SparkSession,
    inputs: Iterable[str | Path] | str | Path,
    pipeline: str | Path | Pipeline = "standard",
    **options: Any,
) -> DataFrame:
    """Return the clean rows of files of any format, as :func:`cleaner.engines.whole_files.clean_file` gives them.

    Executors must be able to open the files under the same paths or URLs. ``options`` are those of
    :class:`cleaner.engines.rows.Job`.

    Raises:
        ConfigurationError: an input, the pipeline, one of its rules or an option is wrong.
    """
    table = listed(found(inputs))
    schema = StructType([StructField(name, LongType() if name == "record" else StringType()) for name in NAMES])
    files = session.createDataFrame(table).repartition(table.num_rows)
    return files.mapInArrow(partial(_files, job=Job.of(pipeline, **options)), schema)


def _files(batches: Iterable[pa.RecordBatch], job: Job) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for table in clean_listed(batch, job):
            yield from table.to_batches()


class Cluster:
    """Cleans the batches of a run as Spark tasks: on the cluster at ``master``, or with ``workers`` cores of this machine.

    Raises:
        ConfigurationError: Spark cannot be started.
    """

    def __init__(self, task: Task, workers: int, master: str | None) -> None:
        self._task = task
        self._group = f"cleaner-{uuid4()}"
        self._started = SparkSession.getActiveSession() is None
        settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
        if master is None:
            settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        master = master or f"local[{workers}]"
        try:
            self._session = SparkSession.builder.appName("cleaner").master(master).config(map=settings).getOrCreate()
        except (PySparkException, Py4JError, OSError) as error:
            reason = f"Spark cannot be started with the master {master!r}: {' '.join(str(error).split())}"
            raise ConfigurationError(reason, "it needs Java 17 or newer") from None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._started:
            self._session.stop()

    def map(self, batches: Iterator[tuple[Tag, Batch | None]]) -> Iterator[tuple[Tag, Done | None]]:
        """Yield the tags in their order, each with what became of its batch. A tag without a batch is passed through.

        A job of Spark has no end before its slowest task, so two are under way: one fills the gaps of the other.

        Raises:
            CleanerError: what a worker raised.
        """
        # Half of what may be under way makes one job.
        share = max(1, self._session.sparkContext.defaultParallelism // 2)
        groups = windows(batches, AHEAD * share, ROOM * share)
        with ThreadPoolExecutor(2) as jobs:
            try:
                pairs = ((group, group) for group in groups)
                for group, sent in in_order(pairs, lambda group: jobs.submit(self._job, group), 2):
                    results = iter(sent.result() if sent is not None else ())
                    for tag, batch in group:
                        yield tag, None if batch is None else _checked(next(results))
            except BaseException:
                self._session.sparkContext.cancelJobGroup(self._group)
                raise

    def _job(self, group: list[tuple[Any, Batch | None]]) -> list[Done | CleanerError]:
        sent = [batch for _, batch in group if batch is not None]
        if not sent:
            return []
        context = self._session.sparkContext
        context.setJobGroup(self._group, "cleaner run")
        return list(context.parallelize(sent, len(sent)).map(partial(_clean, self._task)).collect())


def _clean(task: Task, batch: Batch) -> Done | CleanerError:
    # Of an error in a worker Spark would give back only the words.
    try:
        return task.clean(batch)
    except CleanerError as error:
        return error


def _checked(result: Done | CleanerError) -> Done:
    if isinstance(result, CleanerError):
        raise result
    return result
