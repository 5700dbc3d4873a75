"""The judges that come with the package, by name: the one place where a stage is made known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cleaner.errors import PipelineError, known_names
from cleaner.stage import Stage
from cleaner.stages.content import content
from cleaner.stages.context import Context
from cleaner.stages.guard import Guard
from cleaner.stages.rules import Rules
from cleaner.stages.weigh import Weigh

STAGES: dict[str, Callable[..., Stage]] = {
    "content": content,
    "rules": Rules,
    "context": Context,
    "guard": Guard,
    "weigh": Weigh,
}


def build(name: str, options: Mapping[str, Any]) -> Stage:
    """Return the stage ``name`` with ``options``.

    Raises:
        PipelineError: there is no such stage, or it has no such option.
    """
    if name not in STAGES:
        raise PipelineError(f"there is no stage {name!r}", known_names(name, STAGES))
    try:
        return STAGES[name](**options)
    except TypeError as error:
        raise PipelineError(f"the stage {name!r} does not take these options: {error}") from None
