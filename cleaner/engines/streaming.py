"""Records through a pipeline to standard output: no files are made, nothing can be resumed."""

from __future__ import annotations

from collections.abc import Callable

from cleaner.engines.run import LOCAL, Run
from cleaner.engines.tally import Tally
from cleaner.engines.work import clean_record, read_record, with_digest
from cleaner.errors import ConfigurationError
from cleaner.formats import build
from cleaner.formats.files import opened
from cleaner.formats.records import Reject


def check_stream(run: Run) -> None:
    """Refuse settings that mean nothing where no files are made.

    Raises:
        ConfigurationError: the run has one.
    """
    given = {
        "--engine": run.engine != LOCAL,
        "--workers": run.workers > 1,
        "--deadline": run.deadline is not None,
        "--memory-limit": run.memory_limit is not None,
        "--resume": run.resume,
    }
    for option, wrong in given.items():
        if wrong:
            raise ConfigurationError(f"{option} does not go with standard output", "give a folder as --output")


def clean_stream(run: Run, write: Callable[[bytes], object], reject: Callable[[Reject], None]) -> Tally:
    """Clean the inputs of ``run`` and hand the clean records to ``write``, the rejects to ``reject``; no files are made.

    Raises:
        InputError: an input cannot be read.
        ConfigurationError: an input is of a format that cannot be streamed.
    """
    tally, work = Tally(), with_digest(run.work)
    for item in run.inputs:
        if item.format == "parquet":
            raise ConfigurationError(f"{item.path}: Parquet cannot be streamed", "give a folder as --output")
        shape = build(item.format, run.fields, run.metadata)
        with opened(item.path) as stream:
            for number, raw in enumerate(shape.cut(stream)):
                record = read_record(shape, raw, item.name, number)
                if record.document is None and record.reject is None:
                    tally.skipped += 1
                    write(record.raw)
                    continue
                tally.read += 1
                result = record.reject or clean_record(record, item.name, work)
                if isinstance(result, Reject):
                    tally.rejected += 1
                    reject(result)
                else:
                    tally.add(result)
                    write(shape.write(record, result))
    return tally
