"""Errors: one line with a hint, an exit code by class, and whole across process borders."""

from __future__ import annotations

import pickle

import pytest

from cleaner import errors


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ConfigurationError, 2),
        (errors.RuleError, 2),
        (errors.PipelineError, 2),
        (errors.InputError, 2),
        (errors.RecordError, 1),
        (errors.InvariantError, 3),
    ],
)
def test_exit_codes(kind: type[errors.CleanerError], code: int) -> None:
    assert kind("x").exit_code == code
    assert issubclass(kind, errors.CleanerError)


def test_message_and_hint() -> None:
    assert str(errors.RecordError("it broke")) == "it broke"
    assert str(errors.RecordError("it broke", "mend it")) == "it broke (mend it)"


def test_pickling_keeps_the_hint() -> None:
    error = pickle.loads(pickle.dumps(errors.RuleError("wrong", "do this")))
    assert type(error) is errors.RuleError
    assert (error.message, error.hint) == ("wrong", "do this")


def test_known_names() -> None:
    assert errors.known_names("donatoin", ["donation", "ad"]) == "did you mean 'donation'? known: ad, donation"
    assert errors.known_names("zzz", ["donation", "ad"]) == "known: ad, donation"


def test_the_docstring_draws_every_class() -> None:
    names = [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)]
    assert errors.__doc__ is not None
    assert all(name in errors.__doc__ for name in names)
