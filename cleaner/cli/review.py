"""``cleaner review``: judge removals and flags in the browser, and export what was judged."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from cleaner.review.decisions import Decisions


@click.command(
    epilog="""\b
Examples:
  cleaner review clean                                  go through a random sample of 200 removals and flags
  cleaner review clean --reviewer ana                   the same sample, judged by a second reviewer
  cleaner review clean --export labelled --output gold.jsonl && cleaner evaluate gold.jsonl
  cleaner review clean --export rules --output examples.toml"""
)
@click.argument("run", type=click.Path(path_type=Path, file_okay=False))
@click.option("--reviewer", metavar="NAME", help="Who judges.  [default: the name you are logged in with]")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file for the decisions.  [default: RUN/review.sqlite]",
)
@click.option(
    "--sample", type=click.IntRange(1, 100_000), default=200, show_default=True, help="How many items to draw."
)
@click.option("--seed", default="0", show_default=True, help="Another seed draws other items.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port on 127.0.0.1.  [default: one that is free]"
)
@click.option("--open", "opening", is_flag=True, help="Open the browser.")
@click.option(
    "--export",
    type=click.Choice(["labelled", "rules"]),
    help="Start no review, but write what was judged (by --reviewer alone, if given).",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The file for --export; - prints.",
)
def review(
    run: Path,
    reviewer: str | None,
    decisions: Path | None,
    sample: int,
    seed: str,
    port: int,
    opening: bool,
    export: str | None,
    output: Path | None,
) -> None:
    """Judge what the run in the folder RUN removed and flagged, one item after the other, in the browser.

    The items are drawn at random, so the shares shown under Results hold for the whole run. Every decision is on the disk
    before the next item shows. Two reviewers (--reviewer) see the same items and not each other's verdicts; Results shows how
    far they agree. The server answers this machine only and ends with Ctrl-C.

    \b
    --export labelled   documents for cleaner evaluate and cleaner train
    --export rules      hits and misses of each rule, as TOML
    """
    if (export is None) != (output is None):
        raise ConfigurationError("--export and --output belong together", "--export labelled --output gold.jsonl")
    from cleaner.review.decisions import Decisions

    path = decisions or run / "review.sqlite"
    if export is not None and output is not None:
        if not path.exists():
            raise ConfigurationError(f"there are no decisions in {path}", "name their file with --decisions")
        _export(Decisions(path), export, output, reviewer)
        return
    from cleaner.review.run import ReviewedRun
    from cleaner.review.session import Session

    try:
        from cleaner.review.serve import serve
    except ModuleNotFoundError as error:
        raise ConfigurationError(f"the review needs {error.name}", "pip install 'article-cleaner[review]'") from None
    name = (reviewer if reviewer is not None else _user()).strip()
    if not name:
        raise ConfigurationError("--reviewer is empty")
    opened = ReviewedRun(run)
    session = Session(opened, Decisions(path), name, sample, seed)
    session.prepare()

    def ready(address: str) -> None:
        click.echo(f"Review of {run} by {name}. Decisions: {path}. Stop with Ctrl-C.\n{address}")
        sys.stdout.flush()
        if opening:
            click.launch(address)

    serve(session, port, ready)
    click.echo(f"\nThe review has ended; the decisions are in {path}.", err=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise ConfigurationError("the name you are logged in with is not known", "--reviewer NAME") from None


def _export(decisions: Decisions, form: str, output: Path, reviewer: str | None) -> None:
    from cleaner.review.export import as_labelled, as_rules

    documents, standing = decisions.documents(), decisions.current(reviewer)
    if not standing:
        raise ConfigurationError(f"there are no decisions of {reviewer or 'anyone'} in {decisions.path}")
    content = as_rules(documents, standing).encode() if form == "rules" else b"".join(as_labelled(documents, standing))
    if str(output) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise InputError(f"{output}: cannot be written: {error.strerror or error}") from None
    count = len({decision.document for decision in standing})
    click.echo(f"{len(standing)} decisions on {count} documents written to {output}", err=True)
