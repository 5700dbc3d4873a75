"""Options that several verbs share."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar

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


class Size(click.ParamType):  # type: ignore[type-arg]
    """A number of bytes such as ``500000``, ``64KB``, ``32MB`` or ``2GB``; KB and the others are powers of 1024."""

    name = "size"
    _units: ClassVar = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes that ``value`` says."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+)\s*([A-Z]*)", str(value).strip().upper())
        if match is None or match[2] not in self._units or not int(match[1]):
            self.fail(f"{value!r} is no size such as 500000, 64KB, 32MB or 2GB", param, ctx)
        return int(match[1]) * self._units[match[2]]


class Folder(click.Path):
    """A folder of this machine to write to; a URL is refused, because it would become a folder of such a name."""

    def __init__(self, allow_dash: bool = False) -> None:
        super().__init__(path_type=Path, file_okay=False, allow_dash=allow_dash)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path of the folder."""
        from cleaner.formats.remote import is_url

        if not str(value):
            self.fail("it is empty; perhaps a variable of the shell is not set", param, ctx)
        if is_url(str(value)):
            self.fail(
                f"{str(value)!r} is a URL, and files are written to a folder of this machine only (they are cut off and "
                "renamed, so that a run can be resumed): write to a folder, then copy it there",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


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
