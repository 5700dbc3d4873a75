"""``cleaner evaluate``: precision and recall against labelled documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import pipeline_options

if TYPE_CHECKING:
    from cleaner.evaluate import Score
    from cleaner.pipeline import Pipeline


@click.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@pipeline_options
@click.option("--language", "languages", multiple=True, help="Only documents of this language.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
@click.option(
    "--misses", type=click.IntRange(0), default=0, metavar="N", help="Print the N largest lines that should have gone."
)
@click.option(
    "--losses", type=click.IntRange(0), default=0, metavar="N", help="Print the N largest losses of body text."
)
@click.option(
    "--rank",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Print the N rules that earn least for what they cost.",
)
def evaluate(
    gold: tuple[Path, ...],
    pipeline: Pipeline,
    languages: tuple[str, ...],
    as_json: bool,
    misses: int,
    losses: int,
    rank: int,
) -> None:
    """Score a pipeline on labelled documents: JSONL with lines and labels, or marked text files."""
    from cleaner.evaluate import as_table, score
    from cleaner.labelled import read

    documents = (item for item in read(gold) if not languages or item.document.language in languages)
    whole, by_language = score(documents, pipeline.clean)
    if as_json:
        import orjson

        table = {**as_table(whole), "languages": {code: as_table(one) for code, one in sorted(by_language.items())}}
        click.echo(orjson.dumps(table, option=orjson.OPT_INDENT_2))
        return
    _print(whole, by_language)
    _print_lines("Missed", whole.misses, misses)
    _print_lines("Lost", whole.losses, losses)
    if rank:
        _print_ranking(whole, rank)


def _print(whole: Score, by_language: dict[str, Score]) -> None:
    from cleaner.rulebook import APPEALS, CATEGORIES, FURNITURE

    click.echo(
        f"{whole.documents} documents; body words lost {whole.lost} of {whole.body} ({whole.body_lost():.3%}); "
        f"documents losing body {whole.losing} ({whole.losing / max(1, whole.documents):.1%})"
    )
    if whole.hard:
        click.echo(f"hard negatives touched {whole.hard_touched} of {whole.hard}")
    click.echo(
        f"found: all {whole.recall():.1%}, appeals {whole.recall(APPEALS):.1%}, furniture {whole.recall(FURNITURE):.1%}; "
        f"precision {whole.precision():.1%}; in mixed lines {whole.mixed_found} of {whole.mixed_total} words\n"
    )
    click.echo(f"{'category':14}{'words':>8}{'found':>9}{'precision':>11}")
    for name in CATEGORIES:
        if whole.total[name] or any(pair[1] == name for pair in whole.confusion):
            click.echo(f"{name:14}{whole.total[name]:8}{whole.recall([name]):9.1%}{whole.precision(name):11.1%}")
    if len(by_language) > 1:
        click.echo(f"\n{'language':10}{'docs':>6}{'lost':>9}{'losing':>8}{'all':>8}{'appeals':>9}")
        for code, one in sorted(by_language.items()):
            click.echo(
                f"{code:10}{one.documents:6}{one.body_lost():9.3%}{one.losing:8}{one.recall():8.1%}{one.recall(APPEALS):9.1%}"
            )


def _print_lines(title: str, lines: list[tuple[int, str, str, str]], count: int) -> None:
    if count:
        click.echo(f"\n{title}:")
        for words, document, what, text in sorted(lines, reverse=True)[:count]:
            click.echo(f"  {words:4} {document} [{what}] {text[:300]!r}")


def _print_ranking(whole: Score, count: int) -> None:
    names = whole.earned.keys() | whole.cost.keys()
    click.echo("\nRules by what they cost and earn (body words lost, words found):")
    for name in sorted(names, key=lambda name: (-whole.cost[name], whole.earned[name], name))[:count]:
        click.echo(f"  {whole.cost[name]:5} {whole.earned[name]:6}  {name}")
