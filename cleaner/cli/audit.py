"""``cleaner audit``: what a run took, as a page or by questions in SQL."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cleaner.errors import ConfigurationError


@click.command(
    epilog="""\b
Examples:
  cleaner audit clean                               writes clean/report.html
  cleaner audit clean --output report.html --seed 7 other samples, another place
  cleaner audit clean --sql                         what can be asked, with recipes
  cleaner audit clean --sql "SELECT rule, count(*) FROM edits GROUP BY rule" --as csv

\b
Exit codes: 0 done, 2 wrong use (no run, a wrong query) or a ledger that cannot be read."""
)
@click.argument("run", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page to write.  [default: RUN/report.html]",
)
@click.option("--seed", default=1, show_default=True, help="Draws the samples: the same seed, the same samples.")
@click.option(
    "--samples",
    default=8,
    show_default=True,
    type=click.IntRange(1, 100),
    help="The most removals, and the most flags, to draw of every rule.",
)
@click.option(
    "--sql",
    "query",
    is_flag=False,
    flag_value="",
    metavar="[QUERY]",
    help="Ask the ledgers instead; without a query, show what can be asked. - reads the query from standard input.",
)
@click.option(
    "--as",
    "form",
    type=click.Choice(["table", "csv", "jsonl"]),
    default="table",
    show_default=True,
    help="How to print what a query finds.",
)
def audit(run: Path, output: Path | None, seed: int, samples: int, query: str | None, form: str) -> None:
    """Show what the run in the folder RUN took, from whom, by which rule, and let anyone judge whether it was right.

    Writes one page that opens from disk, without a server or the network: totals and shares by category, rule, language
    and site; the share that each document lost; samples of every rule in their context, with reason and cues, to search
    and filter; near misses, guarded documents and rejects. It stays below 5 MB whatever the size of the run.

    With --sql, DuckDB answers questions about the ledgers, whatever their size.
    """
    if query is not None and output is not None:
        raise ConfigurationError("--output is for the page, not for what --sql finds", "leave it out, and use --as")
    from cleaner.audit.runs import Run
    from cleaner.audit.store import opened

    with opened(Run.open(run)) as store:
        if query is not None:
            from cleaner.audit.query import answer, schema

            text = sys.stdin.read() if query == "-" else query
            lines = answer(store, text, form) if text.strip() else schema(store)
            for line in lines:
                click.echo(line)
            return
        from cleaner.audit.page import write
        from cleaner.audit.report import report

        path = write(report(store, seed, samples), output or run / "report.html")
    click.echo(f"report: {path}", err=True)
