"""Errors, classed by what to do about them.

::

    CleanerError
    ├── ConfigurationError      wrong use; nothing was cleaned (exit code 2)
    │   ├── RuleError           a rule file is wrong; names the file, the rule and a hint
    │   └── PipelineError       a pipeline is unknown or wrong
    ├── InputError              a whole input cannot be read (exit code 2)
    │   └── OutputError         an output cannot be written
    ├── RecordError             one record cannot be cleaned; it becomes a reject (exit code 1)
    └── InvariantError          the program broke one of its own guarantees (exit code 3)
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CleanerError(Exception):
    """Base of all errors that this package raises on purpose.

    ``message`` says in one line what is wrong; ``hint``, where there is one, what to do about it.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[type[CleanerError], tuple[str, str]]:
        # Errors cross process boundaries; the default would lose the hint.
        return type(self), (self.message, self.hint)


class ConfigurationError(CleanerError):
    """Wrong use or a wrong setting."""


class RuleError(ConfigurationError):
    """A rule file that cannot be used."""


class PipelineError(ConfigurationError):
    """A pipeline that is unknown or cannot be built."""


class InputError(CleanerError):
    """An input that cannot be read at all."""


class OutputError(InputError):
    """An output that cannot be written. What was done before is kept where a run can be resumed."""


class RecordError(CleanerError):
    """One record that cannot be cleaned. The run goes on; the record becomes a reject."""

    exit_code = 1


class InvariantError(CleanerError):
    """A guarantee did not hold. This is a bug in the program, never in its input."""

    exit_code = 3


def known_names(word: str, known: Iterable[str]) -> str:
    """Return a hint that lists the ``known`` names, the closest to ``word`` first where one is close."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1)
    listing = f"known: {', '.join(names)}"
    return f"did you mean {close[0]!r}? {listing}" if close else listing
