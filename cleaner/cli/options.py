"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem


class PipelineName(click.ParamType):  # type: ignore[type-arg]
    """The name of a pipeline or the path of a TOML file."""

    name = "name|file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete the names of the pipelines that come with the package, then files."""
        from cleaner.rulebook import default_directory

        names = sorted(path.stem for path in (default_directory() / "pipelines").glob("*.toml"))
        items = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return items or [CompletionItem(incomplete, type="file")]


def pipeline_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give ``command`` the options ``--pipeline`` and ``--rules``; it receives the built ``pipeline``."""

    @click.option(
        "--pipeline",
        "name",
        type=PipelineName(),
        default="standard",
        show_default=True,
        help="A pipeline by name (standard, appeals, careful, rules-only) or the path of a TOML file.",
    )
    @click.option(
        "--rules",
        "directories",
        multiple=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="A further folder of packs, DIR/<category>/<language>.toml. May be given several times.",
    )
    @wraps(command)
    def wrapped(*args: Any, name: str, directories: tuple[Path, ...], **options: Any) -> Any:
        from cleaner.pipeline import Pipeline

        pipeline = Pipeline.load(name)
        return command(*args, pipeline=pipeline.with_rules(*directories) if directories else pipeline, **options)

    return wrapped
