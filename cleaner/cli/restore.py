"""``cleaner restore``: takes a run back."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.options import Folder


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--output", required=True, type=Folder(), help="The folder for the originals.")
def restore(folder: Path, output: Path) -> None:
    """Write the originals of the run in FOLDER, byte for byte, every document verified by its digest.

    Compressed files are compressed anew. Of a page comes back the text as it was read; its raw_sha256 in the ledger names the
    page itself.
    """
    from cleaner.engines.restoring import restore_run

    count = restore_run(folder, output)
    click.echo(f"{count} documents restored to {output}", err=True)
