"""The entry point of the command ``cleaner``."""

from __future__ import annotations

import sys

import click

from cleaner._version import __version__
from cleaner.cli.lazy import LazyGroup
from cleaner.cli.standard_output import output_error
from cleaner.errors import CleanerError

EXIT_CODES = """\b
Exit codes:
  0  all documents were cleaned
  1  some were rejected (see DIR/rejects; --allow-rejects makes it 0)
  2  wrong use or configuration; nothing more was done
  3  a guarantee of the program broke; please report it"""


@click.group(
    cls=LazyGroup,
    verbs={
        "run": "cleaner.cli.run:run",
        "explain": "cleaner.cli.explain:explain",
        "audit": "cleaner.cli.audit:audit",
        "diff": "cleaner.cli.diff:diff",
        "restore": "cleaner.cli.restore:restore",
        "export": "cleaner.cli.export:export",
        "evaluate": "cleaner.cli.evaluate:evaluate",
        "train": "cleaner.cli.train:train",
        "rules": "cleaner.cli.rules:rules",
        "review": "cleaner.cli.review:review",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="cleaner")
def cli() -> None:
    """Take donation pitches, newsletter prompts, paywalls and furniture out of texts, and account for every character.

    \b
      cleaner run corpus/*.jsonl --output clean     clean text, with a ledger of every removal
      cleaner explain page.txt                      see one document with its removals marked
      cleaner restore clean --output originals      take everything back, byte for byte
    """


def main() -> None:
    """Run the command line; errors of this package go to standard error in one line."""
    try:
        code = cli.main(prog_name="cleaner", standalone_mode=False)
    except CleanerError as error:
        click.echo(f"cleaner: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("cleaner: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        # Only standard output is left to fail here.
        failure = output_error(error)
        click.echo(f"cleaner: {failure}", err=True)
        sys.exit(failure.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
