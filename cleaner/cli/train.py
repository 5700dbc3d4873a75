"""``cleaner train``: a judge fitted to labelled documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.options import pipeline_options
from cleaner.errors import ConfigurationError

if TYPE_CHECKING:
    from cleaner.pipeline import Pipeline


@click.command()
@click.argument("gold", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The model file, MODEL.json."
)
@pipeline_options
@click.option(
    "--thinned",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Further labelled documents, on which rules were written: they teach with rules left out, and count only if there is no GOLD.",
)
@click.option("--thin", default=0.6, show_default=True, help="The share of rules left out on --thinned documents.")
@click.option("--body-loss", default="0.2%", show_default=True, help="The share of body words that may be lost.")
@click.option(
    "--left-out-languages",
    is_flag=True,
    help="Say also what the judge is worth in a language of which it saw no document. Takes twice as long.",
)
@click.option("--data", default="not stated", help="For the model card: what the documents are.")
@click.option("--licence", default="not stated", help="For the model card: the licence of the documents.")
@click.option("--date", default="", help="For the model card: the day of the training.")
def train(
    gold: tuple[Path, ...],
    output: Path,
    pipeline: Pipeline,
    thinned: tuple[Path, ...],
    thin: float,
    body_loss: str,
    left_out_languages: bool,
    data: str,
    licence: str,
    date: str,
) -> None:
    """Fit the judge of the stage weigh to labelled documents (JSONL or marked text), and write it with a model card.

    The stages before weigh in the pipeline run first. Needs: pip install 'article-cleaner[train]'.
    """
    from cleaner.labelled import read
    from cleaner.model import load
    from cleaner.train import write
    from cleaner.train_card import card_text, write_card
    from cleaner.train_lines import collect, join
    from cleaner.train_lines import train as fit_lines

    for stage in ("weigh", "guard"):
        if stage in [step.stage for step in pipeline.steps]:
            pipeline = pipeline.without(stage)
    card: dict[str, Any] = {"data": data, "licence": licence, "date": date or "an unknown day"}
    if not gold and not thinned:
        raise click.UsageError("Give labelled documents: GOLD... or --thinned.")
    parts = [collect(read(gold), pipeline)] if gold else []
    if thinned:
        parts.append(collect(read(thinned), pipeline, thin))
    fitted, report = fit_lines(join(parts), output.stem, _budget(body_loss), card, left_out_languages)
    write(fitted.table, output)
    model = load(output)
    text = card_text(model.name, model.digest, model.card)
    write_card(output, text)
    click.echo(text)
    click.echo(f"threshold for a body loss of {body_loss}: {report['threshold']}")


def _budget(text: str) -> float:
    try:
        share = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise ConfigurationError(f"--body-loss is {text!r}", "a share such as 0.1% or 0.001")
    return share
