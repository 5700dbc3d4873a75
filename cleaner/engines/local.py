"""The local engine: files in, clean files, ledgers and rejects out, in one process or with workers.

What comes out does not depend on the number of workers, nor on how often a run was broken off and resumed.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson

from cleaner.engines.run import LOCAL, Outcome, Run, identity
from cleaner.engines.work import Batch, Done, Work, process, with_digest
from cleaner.engines.writing import Step, Writing
from cleaner.errors import ConfigurationError
from cleaner.formats.files import STANDARD, Input
from cleaner.formats.output import Output


def execute(run: Run, progress: Callable[[Outcome], None] = lambda outcome: None) -> Outcome:
    """Do a run and return what became of it; ``progress`` is called after every batch.

    An input that cannot be read leaves no files; the others are done, and it is named in the outcome.

    Raises:
        OutputError: an output cannot be written.
        ConfigurationError: a run cannot be resumed, a library is missing, or the pipeline cannot be used.
    """
    began, clock = datetime.now(UTC), time.perf_counter()
    work = with_digest(run.work)
    facts = identity(run, work)
    writing = Writing(run, work, facts, progress)
    try:
        with _cleaning(run, work) as clean:
            for step, done in clean((step, step.piece.batch if step.piece else None) for step in writing.steps()):
                writing.take(step, done)
    finally:
        writing.close()
    if run.output is not None:
        counts = writing.outcome.tally.table()
        times = {"started": began.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - clock, 3)}
        unreadable = [{"name": name, "reason": reason} for name, reason in writing.outcome.unreadable.items()]
        summary = {
            **facts,
            "counts": counts,
            "unreadable": unreadable,
            "engine": run.engine,
            "workers": run.workers,
            **times,
        }
        _write_whole(run.output / "run.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2) + b"\n")
    return writing.outcome


@contextlib.contextmanager
def _cleaning(run: Run, work: Work) -> Iterator[Callable[..., Iterator[tuple[Step, Done | None]]]]:
    if run.engine != LOCAL:
        from cleaner.engines.cluster import started

        with started(run, work) as cluster:
            yield cluster.map
    elif run.workers > 1 or run.deadline is not None or run.memory_limit is not None:
        from cleaner.engines.pool import Pool

        with Pool(work, run.workers, run.deadline, run.memory_limit) as pool:
            yield pool.map
    else:

        def clean(steps: Iterable[tuple[Step, Batch | None]]) -> Iterator[tuple[Step, Done | None]]:
            for step, batch in steps:
                yield step, process(work, batch) if batch else None

        yield clean


def _write_whole(path: Path, content: bytes) -> None:
    output = Output(path)
    output.write(content)
    output.finish()


def check_output(output: Path, inputs: Iterable[Input]) -> None:
    """Refuse an output folder that would overwrite an input, and inputs whose clean files would overwrite each other.

    Raises:
        ConfigurationError: they would.
    """
    folder = (output / "documents").resolve()
    written: dict[str, str] = {}
    for item in inputs:
        if item.path != STANDARD and (folder / item.output_name) == Path(item.path).resolve():
            raise ConfigurationError(f"the output would overwrite the input {item.path!r}", "choose another folder")
        if item.output_name in written:
            both = f"{written[item.output_name]!r} and {item.path!r}"
            raise ConfigurationError(f"{both} would both be written to {item.output_name!r}", "clean them apart")
        written[item.output_name] = item.path


def check_cluster(run: Run) -> None:
    """Refuse a cluster where there is none to use.

    Raises:
        ConfigurationError: an address without an engine for it.
    """
    if run.cluster is not None and run.engine == LOCAL:
        raise ConfigurationError("--cluster is the address of an engine", "say which: --engine ray or --engine spark")
