"""Floors of quality: what a pipeline must at least reach on marked documents, kept in a file beside them.

``python -m cleaner.floors seeds`` scores ``seeds/marked`` and compares with ``seeds/floors.toml``. The file names the
digest of the documents that it speaks of, so that neither can change unnoticed. Only ``--update`` writes it.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from cleaner.errors import CleanerError, ConfigurationError
from cleaner.evaluate import Score, score
from cleaner.labelled import read
from cleaner.pipeline import Pipeline
from cleaner.rulebook import APPEALS

MARGIN = 0.02
"""By how much the floors that ``--update`` writes lie below what was reached."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What one language must reach: the share of appeals found, the share of body words lost, hard negatives touched."""

    appeals_found: float
    body_lost: float
    hard_touched: int

    def falls_short(self, reached: Floor) -> Iterator[str]:
        """Yield in words where ``reached`` is worse."""
        if reached.appeals_found < self.appeals_found:
            yield f"appeals found {reached.appeals_found:.1%}, at least {self.appeals_found:.1%}"
        if reached.body_lost > self.body_lost:
            yield f"body words lost {reached.body_lost:.2%}, at most {self.body_lost:.2%}"
        if reached.hard_touched > self.hard_touched:
            yield f"hard negatives touched {reached.hard_touched}, at most {self.hard_touched}"


def documents_digest(folder: Path) -> str:
    """Return a sha256 over the names and the content of all marked documents in ``folder``."""
    total = sha256()
    for path in sorted(folder.rglob("*.txt"), key=lambda path: path.relative_to(folder).as_posix()):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def measure(folder: Path, pipeline: Pipeline) -> dict[str, Floor]:
    """Return what ``pipeline`` reaches on the marked documents in ``folder``, by language."""
    _, languages = score(read([folder]), pipeline.clean)
    return {code: _reached(one) for code, one in sorted(languages.items())}


def _reached(one: Score) -> Floor:
    return Floor(one.recall(APPEALS), one.body_lost(), one.hard_touched)


def load(path: Path) -> tuple[str, str, dict[str, Floor]]:
    """Read a file of floors: the digest of its documents, the name of the pipeline, the floors by language.

    Raises:
        ConfigurationError: it is missing or broken.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        floors = {
            str(code): Floor(float(one["appeals_found"]), float(one["body_lost"]), int(one["hard_touched"]))
            for code, one in table["languages"].items()
        }
        return str(table["documents"]), str(table["pipeline"]), floors
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}", "write it with --update") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(f"{path}: is no file of floors: {error!r}", "write it with --update") from None


def compare(floors: Mapping[str, Floor], reached: Mapping[str, Floor]) -> list[str]:
    """Return in words where ``reached`` lies below ``floors``, or has no floor."""
    problems = [f"{code}: has no floor" for code in reached if code not in floors]
    problems += [f"{code}: has no documents" for code in floors if code not in reached]
    for code, floor in floors.items():
        if code in reached:
            problems += [f"{code}: {problem}" for problem in floor.falls_short(reached[code])]
    return sorted(problems)


def dump(digest: str, pipeline: str, reached: Mapping[str, Floor], margin: float = MARGIN) -> str:
    """Return the content of a file of floors, ``margin`` below ``reached``."""
    lines: list[Any] = [
        "# What the pipeline must at least reach on seeds/marked, by language. Written by",
        "#   python -m cleaner.floors seeds --update",
        "# A floor that sinks is a decision: say in the commit why.",
        f'documents = "{digest}"',
        f'pipeline = "{pipeline}"',
        "",
        "[languages]",
    ]
    for code, one in sorted(reached.items()):
        found = max(0.0, one.appeals_found - margin)
        lost = one.body_lost + margin / 10
        lines.append(
            f"{code} = {{ appeals_found = {found:.3f}, body_lost = {lost:.4f}, hard_touched = {one.hard_touched} }}"
        )
    return "\n".join(lines) + "\n"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--pipeline", "name", help="The pipeline to score; else the one that the file names.")
@click.option("--update", is_flag=True, help="Write the floors anew from what is reached now.")
def main(folder: Path, name: str | None, update: bool) -> None:
    """Check that the marked documents in FOLDER/marked reach the floors in FOLDER/floors.toml."""
    path, marked = folder / "floors.toml", folder / "marked"
    digest = documents_digest(marked)
    if update:
        chosen = name or (load(path)[1] if path.exists() else "standard")
        path.write_text(dump(digest, chosen, measure(marked, Pipeline.load(chosen))), encoding="utf-8")
        click.echo(f"wrote {path}")
        return
    expected, named, floors = load(path)
    if expected != digest:
        raise ConfigurationError(f"{path} speaks of other documents than {marked} holds", "write it anew with --update")
    reached = measure(marked, Pipeline.load(name or named))
    problems = compare(floors, reached)
    _report(reached, problems)
    if problems:
        sys.exit(1)


def _report(reached: Mapping[str, Floor], problems: Iterable[str]) -> None:
    for code, one in reached.items():
        click.echo(
            f"{code}  appeals found {one.appeals_found:6.1%}  body words lost {one.body_lost:6.2%}  "
            f"hard negatives touched {one.hard_touched}"
        )
    for problem in problems:
        click.echo(f"below its floor: {problem}", err=True)


if __name__ == "__main__":
    try:
        main()
    except CleanerError as error:
        click.echo(f"cleaner.floors: {error}", err=True)
        sys.exit(error.exit_code)
