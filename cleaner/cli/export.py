"""``cleaner export``: a run in the forms that other tools read."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.options import Folder


@click.command(
    epilog="""\b
Examples:
  cleaner export clean --to dolma --output dataset         then: dolma -c dataset/mix.json mix
  cleaner export clean --to annotations --output notes     W3C Web Annotations beside the originals
  cleaner export clean --to datatrove --output rows        for datatrove's JsonlReader("rows/documents")

\b
Exit codes: 0 done, 1 a document and its ledger row do not belong together,
2 wrong use, or a file that cannot be read or written."""
)
@click.argument("run", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--to",
    "kind",
    required=True,
    type=click.Choice(["dolma", "annotations", "datatrove"]),
    help="Who shall read it.",
)
@click.option("--output", required=True, type=Folder(), help="The folder for the export.")
@click.option(
    "--attributes-only",
    is_flag=True,
    help="The run's inputs are documents of dolma, OUTPUT/documents/...: write only attributes for them, line by line.",
)
@click.option(
    "--compression",
    type=click.Choice(["gz", "zst", "none"]),
    default="gz",
    show_default=True,
    help="How to compress the files. Attributes alone are compressed as their documents are.",
)
def export(run: Path, kind: str, output: Path, attributes_only: bool, compression: str) -> None:
    """Write the run in the folder RUN for another tool.

    \b
    dolma        OUTPUT/documents, OUTPUT/attributes/cleaner: spans [start, end, score]
                 by category, and mix.json, with which its mixer makes the clean texts
    annotations  OUTPUT/documents, OUTPUT/annotations: one W3C Web Annotation for each
                 removal and flag, by position and by quote, a collection a document
    datatrove    OUTPUT/documents: clean texts, with what was removed in the metadata

    The files of an input have the same name and the same rows in every folder. What could not be cleaned has no text to
    export; OUTPUT/rejects names it with the reason, and OUTPUT/export.json has the counts.
    """
    from cleaner.exports import export as write

    exported = write(run, output, kind, attributes_only=attributes_only, compression=compression)
    removed = sum(exported.removed.values())
    message = f"{exported.documents} documents with {removed} removals exported to {output}"
    click.echo(f"{message}; {exported.rejected} rejects named" if exported.rejected else message, err=True)
    if exported.replaced and kind == "dolma":
        click.echo(
            f"{exported.replaced} replacements stand in attributes of their own; a mixer cannot make them", err=True
        )
