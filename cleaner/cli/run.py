"""``cleaner run``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import Folder, Size, pipeline_options
from cleaner.cli.standard_output import output_error

if TYPE_CHECKING:
    from cleaner.engines.run import Outcome, Run
    from cleaner.engines.tally import Tally
    from cleaner.errors import CleanerError
    from cleaner.formats.records import Reject
    from cleaner.pipeline import Pipeline


@click.command(
    epilog="""\b
Examples:
  cleaner run page.txt --output clean
  cleaner run corpus/ 'more/*.jsonl.gz' --output clean --pipeline appeals
  cleaner run s3://bucket/crawl/ --output clean --workers 8 --deadline 60 --resume
  cat page.txt | cleaner run - --output -"""
)
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "--output",
    required=True,
    type=Folder(allow_dash=True),
    metavar="DIR",
    help="The folder for documents/, ledger/, rejects/ and run.json; - writes clean records to standard output.",
)
@pipeline_options
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["text", "jsonl", "html", "parquet", "warc", "wet"]),
    help="The format of inputs without a known suffix, in folders, too.",
)
@click.option("--text-field", default="text", show_default=True, help="The field of a row that holds the text.")
@click.option("--id-field", default="id", show_default=True, help="The field of a row that holds its id.")
@click.option(
    "--language-field", default="language", show_default=True, help="The field of a row that states its language."
)
@click.option("--detect-language", is_flag=True, help="Write the detected language to the ledger where none is stated.")
@click.option("--metadata", is_flag=True, help="Write title, author, date and the like of pages to the ledger.")
@click.option("--markdown", is_flag=True, help="Write pages as Markdown instead of plain text.")
@click.option(
    "--ledger-format",
    type=click.Choice(["jsonl", "parquet"]),
    default="jsonl",
    show_default=True,
    help="The format of the ledger.",
)
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that clean side by side."
)
@click.option(
    "--deadline",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Reject a document that takes longer. Makes a process of its own for the work.",
)
@click.option(
    "--memory-limit",
    type=Size(),
    help="Reject a document that brings its process over this size, such as 2GB. Linux only.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray", "spark"]),
    default="local",
    show_default=True,
    help="Who cleans: processes of this machine, or a cluster. What comes out is the same to the byte.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="The cluster of the engine, such as ray://head:10001 or spark://head:7077, instead of --workers cores here.",
)
@click.option("--resume", is_flag=True, help="Go on where a run with the same arguments was broken off.")
@click.option(
    "--checkpoint",
    type=Size(),
    default="32MB",
    show_default=True,
    help="How much of an input lies between two places to resume from.",
)
@click.option("--allow-rejects", is_flag=True, help="Exit with 0 even if some records were rejected.")
@click.option("--dry-run", is_flag=True, help="Clean and count, but write nothing.")
@click.option("--quiet", is_flag=True, help="No summary and no progress bar.")
@click.option("--log-json", is_flag=True, help="Tell the progress in lines of JSON on standard error.")
def run(
    inputs: tuple[str, ...],
    output: Path,
    pipeline: Pipeline,
    wanted: str | None,
    text_field: str,
    id_field: str,
    language_field: str,
    detect_language: bool,
    metadata: bool,
    markdown: bool,
    ledger_format: str,
    workers: int,
    deadline: float | None,
    memory_limit: int | None,
    engine: str,
    cluster: str | None,
    resume: bool,
    checkpoint: int,
    allow_rejects: bool,
    dry_run: bool,
    quiet: bool,
    log_json: bool,
) -> int:
    """Clean INPUTS: files, folders, globs, URLs, or - for standard input.

    They are .txt, .md, .html, .jsonl, .warc, .wet (all also .gz and .zst) or .parquet. Folders and globs leave out hidden files
    and what lies below DIR.

    \b
    DIR/documents/   the clean documents, in the format of the input
    DIR/ledger/      one row for each document: every edit with its rule, reason and offsets
    DIR/rejects/     records that could not be cleaned, whole, with the reason
    DIR/run.json     what ran: version, pipeline digest, inputs, counts, times
    DIR/journal.jsonl  how far it is, for --resume
    """
    from cleaner.engines.local import check_cluster
    from cleaner.engines.run import Run
    from cleaner.formats.files import STANDARD, discover
    from cleaner.formats.rows import Fields

    streaming = str(output) == STANDARD
    found = tuple(discover(inputs, wanted, None if streaming else output))
    job = Run(
        inputs=found,
        pipeline=pipeline,
        output=None if dry_run or streaming else output,
        fields=Fields(text_field, id_field, language_field),
        detect_language=detect_language,
        metadata=metadata,
        markdown=markdown,
        ledger_format=ledger_format,
        workers=workers,
        deadline=deadline,
        memory_limit=memory_limit,
        resume=resume,
        checkpoint=checkpoint,
        engine=engine,
        cluster=cluster,
    )
    check_cluster(job)
    tally = _stream(job, quiet) if streaming and not dry_run else _execute(job, quiet, log_json)
    return 1 if tally.rejected and not allow_rejects else 0


def _execute(job: Run, quiet: bool, log_json: bool) -> Tally:
    """Clean into the folder of ``job``, or only count where it has none."""
    from cleaner.cli.progress import Display
    from cleaner.engines.local import check_output, execute

    if job.output is not None:
        check_output(job.output, job.inputs)
    with Display(job, quiet, log_json) as display:
        outcome = execute(job, display.show)
        display.end(outcome)
    if not quiet and not log_json and (outcome.tally.read or not outcome.unreadable):
        _summary(outcome.tally, job)
        if job.output is None:
            click.echo("dry run: nothing was written", err=True)
    if outcome.unreadable:
        raise _unreadable(outcome, job)
    return outcome.tally


def _stream(job: Run, quiet: bool) -> Tally:
    """Clean onto standard output."""
    from cleaner.engines.streaming import check_stream, clean_stream
    from cleaner.errors import OutputError

    if sys.stdout is None:
        raise OutputError("standard output is closed")
    check_stream(job)
    tally = clean_stream(job, _to_standard_output, _report)
    sys.stdout.buffer.flush()
    if not quiet:
        _summary(tally, job)
    return tally


def _to_standard_output(data: bytes) -> None:
    try:
        sys.stdout.buffer.write(data)
    except OSError as error:
        # As it is, it would be taken for an error of the input that is open just now.
        raise output_error(error) from None


def _report(reject: Reject) -> None:
    click.echo(f"cleaner: {reject.source}, record {reject.record}: {reject.reason}", err=True)


def _unreadable(outcome: Outcome, job: Run) -> CleanerError:
    from cleaner.errors import InputError

    names = list(outcome.unreadable)
    more = f"; also unreadable: {', '.join(names[1:])}" if names[1:] else ""
    hint = "all other inputs were cleaned; repair it and go on with --resume" if job.output and job.inputs[1:] else ""
    return InputError(outcome.unreadable[names[0]] + more, hint)


def _summary(tally: Tally, job: Run) -> None:
    click.echo(
        f"{tally.read} read, {tally.cleaned} cleaned ({tally.edited} with removals), {tally.rejected} rejected; "
        f"{tally.share:.1%} of the characters removed",
        err=True,
    )
    if job.output is not None:
        rejects = f"; rejects: {job.output / 'rejects'}" if tally.rejected else ""
        click.echo(f"documents: {job.output / 'documents'}; ledger: {job.output / 'ledger'}{rejects}", err=True)
