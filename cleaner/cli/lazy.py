"""A group of commands whose modules are imported when they are used, so that ``--help`` and completion are quick."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A Click group that knows its commands by ``module:attribute``."""

    def __init__(self, *args: Any, verbs: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which they were given."""
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in self._verbs:
            return None
        module, attribute = self._verbs[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command
