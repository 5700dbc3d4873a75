"""``cleaner explain``: one document in the terminal, with its removals marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli.options import pipeline_options

if TYPE_CHECKING:
    from cleaner.ledger import Cleaned
    from cleaner.pipeline import Pipeline


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@pipeline_options
@click.option("--id", "identifier", help="The document with this id, in a file that holds several.")
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page that shows every stage's verdicts, the overruled too, instead of printing.",
)
@click.option("--verdicts", is_flag=True, help="Also list every verdict of every stage, the overruled too.")
def explain(file: Path, pipeline: Pipeline, identifier: str | None, page: Path | None, verdicts: bool) -> None:
    """Show one document with its removals in ⟦…⟧, each with its rule and reason. FILE may be - for standard input.

    \b
      cleaner explain page.txt                       in the terminal
      cleaner explain page.html --page why.html      as a page that opens from disk
      cleaner explain pages.jsonl --id 17 --verdicts one record, with all that was overruled
    """
    from cleaner.formats import first_document

    cleaned = pipeline.clean(first_document(file, identifier), detect_language=True)
    if page is not None:
        from cleaner.audit.page import write
        from cleaner.audit.single import single

        click.echo(f"page: {write(single(cleaned, pipeline.name), page)}", err=True)
        return
    _print(cleaned)
    if verdicts:
        click.secho("\nAll verdicts:", bold=True)
        for verdict in cleaned.ledger.verdicts:
            click.echo(
                f"  [{verdict.start}, {verdict.end}) {verdict.action} {verdict.category} {verdict.stage} {verdict.rule} "
                f"weight {verdict.weight:g}: {verdict.because}"
            )


def _print(cleaned: Cleaned) -> None:
    from cleaner.ledger import SPACE

    text, ledger = cleaned.document.text, cleaned.ledger
    shown = [edit for edit in ledger.edits if edit.category != SPACE]
    position = 0
    for number, edit in enumerate(shown, 1):
        click.echo(text[position : edit.start], nl=False)
        click.secho(f"⟦{edit.removed}⟧", fg="red", nl=False)
        click.secho(f"[{number}]", fg="cyan", nl=False)
        position = edit.end
    click.echo(text[position:].rstrip("\n"))
    click.secho(
        f"\n{ledger.id or 'document'}: language {ledger.language or 'not known'}, {len(shown)} removals", bold=True
    )
    for number, edit in enumerate(shown, 1):
        click.secho(f"[{number}]", fg="cyan", nl=False)
        click.echo(
            f" {edit.category}  {edit.stage}  {edit.rule}  code points {edit.start}-{edit.end}\n    {edit.because}"
        )
        evidence = [repr(text[span.start : span.end]) for span in edit.evidence]
        if evidence:
            click.echo(f"    because of: {', '.join(evidence)}")
    if ledger.flags:
        click.secho("\nFlagged, not removed:", bold=True)
        for flag in ledger.flags:
            click.echo(f"  {flag.category}  {flag.rule}  {flag.removed[:80]!r}\n    {flag.because}")
