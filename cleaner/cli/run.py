"""``cleaner run``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import pipeline_options

if TYPE_CHECKING:
    from cleaner.engines.local import Run, Tally
    from cleaner.formats.records import Reject
    from cleaner.pipeline import Pipeline


@click.command(
    epilog="""\b
Examples:
  cleaner run page.txt --output clean
  cleaner run corpus/ 'more/*.jsonl.gz' --output clean --pipeline appeals
  cat page.txt | cleaner run - --output -"""
)
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, allow_dash=True),
    help="The folder for documents/, ledger/, rejects/ and run.json; - writes clean records to standard output.",
)
@pipeline_options
@click.option(
    "--format",
    "wanted",
    type=click.Choice(["text", "jsonl", "html"]),
    help="The format of inputs without a known suffix.",
)
@click.option("--text-field", default="text", show_default=True, help="The field of a row that holds the text.")
@click.option("--id-field", default="id", show_default=True, help="The field of a row that holds its id.")
@click.option(
    "--language-field", default="language", show_default=True, help="The field of a row that states its language."
)
@click.option("--detect-language", is_flag=True, help="Write the detected language to the ledger where none is stated.")
@click.option("--metadata", is_flag=True, help="Write title, author, date and the like of pages to the ledger.")
@click.option("--markdown", is_flag=True, help="Write pages as Markdown instead of plain text.")
@click.option("--allow-rejects", is_flag=True, help="Exit with 0 even if some records were rejected.")
@click.option("--dry-run", is_flag=True, help="Clean and count, but write nothing.")
@click.option("--quiet", is_flag=True, help="No summary and no progress bar.")
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
    allow_rejects: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Clean INPUTS: files, folders, globs, or - for standard input (.txt, .md, .html, .jsonl; also .gz and .zst).

    \b
    DIR/documents/   the clean documents, in the format of the input
    DIR/ledger/      one row for each document: every edit with its rule, reason and offsets
    DIR/rejects/     records that could not be cleaned, whole, with the reason
    DIR/run.json     what ran: version, pipeline digest, inputs, counts, times
    """
    from cleaner.engines.local import Run, check_output, clean_stream
    from cleaner.formats.files import STANDARD, discover
    from cleaner.formats.rows import Fields

    fields = Fields(text_field, id_field, language_field)
    found = tuple(discover(inputs, wanted or ("text" if STANDARD in inputs else None)))
    streaming = str(output) == STANDARD
    job = Run(found, pipeline, None if dry_run or streaming else output, fields, detect_language, metadata, markdown)
    if streaming and not dry_run:
        tally = clean_stream(job, sys.stdout.buffer.write, _report)
        sys.stdout.buffer.flush()
    else:
        if not dry_run:
            check_output(output, found)
        tally = _with_progress(job, quiet)
    if not quiet:
        _summary(tally, job, streaming)
    return 1 if tally.rejected and not allow_rejects else 0


def _with_progress(job: Run, quiet: bool) -> Tally:
    from cleaner.engines.local import execute

    if quiet or not sys.stderr.isatty():
        return execute(job)
    with click.progressbar(length=sum(item.size for item in job.inputs) or 1, label="Cleaning", file=sys.stderr) as bar:
        return execute(job, bar.update)


def _report(reject: Reject) -> None:
    click.echo(f"cleaner: {reject.source}, record {reject.record}: {reject.reason}", err=True)


def _summary(tally: Tally, job: Run, streaming: bool) -> None:
    share = tally.removed / tally.characters if tally.characters else 0.0
    click.echo(
        f"{tally.read} read, {tally.cleaned} cleaned ({tally.edited} with removals), {tally.rejected} rejected; "
        f"{share:.1%} of the characters removed",
        err=True,
    )
    if job.output is not None:
        rejects = f"; rejects: {job.output / 'rejects'}" if tally.rejected else ""
        click.echo(f"documents: {job.output / 'documents'}; ledger: {job.output / 'ledger'}{rejects}", err=True)
    elif not streaming:
        click.echo("dry run: nothing was written", err=True)
