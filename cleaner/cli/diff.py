"""``cleaner diff``: what a change of rules or pipeline does to the same documents."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  cleaner run corpus --output before
  cleaner run corpus --output after --rules my-rules
  cleaner diff before after
  cleaner diff before after --output diff.html

\b
Exit codes, for continuous integration:
  0  no difference: every document loses the same texts to the same rules, and has the same flags
  1  there are differences
  2  wrong use, or a ledger that cannot be read"""
)
@click.argument("run_a", type=click.Path(path_type=Path, file_okay=False))
@click.argument("run_b", type=click.Path(path_type=Path, file_okay=False))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Also write a page, with more samples.")
@click.option("--seed", default=1, show_default=True, help="Draws the samples: the same seed, the same samples.")
@click.option(
    "--samples",
    default=3,
    show_default=True,
    type=click.IntRange(0, 100),
    help="Samples of each kind to print; the page has as many of every rule, but at least 8.",
)
def diff(run_a: Path, run_b: Path, output: Path | None, seed: int, samples: int) -> int:
    """Compare two runs over the same documents: what RUN_B newly removes, no longer removes, or removes for another reason.

    Documents are matched by source and id. Spans are compared, not edits: a text that another rule takes counts as removed
    for another reason, and closed blank lines do not count.
    """
    from cleaner.audit.comparison import compare
    from cleaner.audit.page import write
    from cleaner.audit.runs import Run
    from cleaner.audit.store import opened_both
    from cleaner.audit.terminal import lines

    with opened_both(Run.open(run_a), Run.open(run_b)) as (old, new):
        data = compare(old, new, seed, max(samples, 8))
    for line in lines(data, samples):
        click.echo(line)
    if output is not None:
        click.echo(f"page: {write(data, output)}", err=True)
    return 0 if data["same"] else 1
