"""Checks of the options that stages take from pipeline files."""

from __future__ import annotations

from cleaner.errors import PipelineError


def check_shares(stage: str, **values: object) -> None:
    """Refuse options of ``stage`` that are no numbers from 0 to 1.

    Raises:
        PipelineError: one is not.
    """
    for option, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise PipelineError(f"the option {option!r} of the stage {stage!r} is {value!r}", "a number from 0 to 1")


def check_counts(stage: str, **values: object) -> None:
    """Refuse options of ``stage`` that are no whole numbers from 0 on.

    Raises:
        PipelineError: one is not.
    """
    for option, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise PipelineError(
                f"the option {option!r} of the stage {stage!r} is {value!r}", "a whole number, 0 or more"
            )
