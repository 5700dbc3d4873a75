"""The journal of a run: what it was about and how far it came, so that it can go on after any end.

The first line is the identity of the run, the others say for each input how far it is: ``at`` a place where the files
under way can be cut off and gone on with, ``closing`` when they are whole, ``done`` when they have their names. A line
that is not whole is as good as none, so nothing but the order of the writes has to be right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from cleaner.errors import ConfigurationError, InputError, OutputError

NAME = "journal.jsonl"


@dataclass(slots=True)
class State:
    """How far one input is. ``records`` were read; ``lengths`` are the bytes of the files under way at that place."""

    records: int = 0
    lengths: dict[str, int] = field(default_factory=dict)
    counts: dict[str, Any] | None = None
    closing: bool = False
    done: bool = False
    unreadable: str = ""


class Journal:
    """Appends to the journal in the folder of a run."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._stream: BinaryIO | None = None

    def lock(self) -> None:
        """Open the journal, and keep other runs out of the folder until this one ends, in whatever way.

        Raises:
            OutputError: it cannot be written.
            ConfigurationError: another run is writing to the folder.
        """
        with self._writing():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = open(self.path, "ab")  # noqa: SIM115
        if not _locked(self._stream):
            self.close()
            raise ConfigurationError(
                f"another run is writing to {str(self.path.parent)!r}", "wait for its end, or choose another folder"
            )

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Start anew in the journal that is locked.

        Raises:
            OutputError: it cannot be written.
        """
        assert self._stream is not None
        with self._writing():
            self._stream.truncate(0)
        self._write({"run": dict(identity)}, durable=True)

    def resume(self, identity: Mapping[str, Any]) -> dict[str, State] | None:
        """Go on with the journal that is locked and return how far each input is, by name; None if there was none.

        Raises:
            ConfigurationError: it belongs to another run: another pipeline, other options, other or changed inputs.
            InputError: it cannot be read or written.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror or error}") from None
        # What follows the last whole line was cut off.
        content = content[: content.rfind(b"\n") + 1]
        try:
            lines = [orjson.loads(line) for line in content.splitlines()]
            if not lines:
                return None
            states = _states(lines[1:])
            repaired = {line["repaired"]["name"]: line["repaired"] for line in lines if "repaired" in line}
            before = lines[0]["run"]
            before["inputs"] = [repaired.get(item["name"], item) for item in before["inputs"]]
            check_identity(before, identity, states)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigurationError(f"{self.path}: is no journal of a run", "run without --resume") from None
        assert self._stream is not None
        with self._writing():
            self._stream.truncate(len(content))
        for old, new in zip(before["inputs"], identity["inputs"], strict=True):
            if old != new:
                self._write({"repaired": new})
        return states

    def at(self, name: str, records: int, lengths: Mapping[str, int], counts: Mapping[str, Any]) -> None:
        """Note a place where the input ``name`` can be gone on with; the files must be on the disk up to there."""
        self._write({"at": name, "records": records, "lengths": dict(lengths), "counts": dict(counts)})

    def closing(self, name: str, records: int, lengths: Mapping[str, int], counts: Mapping[str, Any]) -> None:
        """Note that the files of ``name`` are whole and get their names now."""
        line = {"closing": name, "records": records, "lengths": dict(lengths), "counts": dict(counts)}
        self._write(line, durable=True)

    def done(self, name: str, counts: Mapping[str, Any]) -> None:
        """Note that ``name`` is done."""
        self._write({"done": name, "counts": dict(counts)})

    def unreadable(self, name: str, reason: str) -> None:
        """Note that ``name`` could not be read; a resumed run tries it again."""
        self._write({"unreadable": name, "reason": reason})

    def _write(self, line: Mapping[str, Any], durable: bool = False) -> None:
        assert self._stream is not None
        with self._writing():
            self._stream.write(orjson.dumps(line) + b"\n")
            self._stream.flush()
            if durable:
                os.fsync(self._stream.fileno())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def close(self) -> None:
        """Close the journal."""
        if self._stream is not None:
            self._stream.close()


def _locked(stream: BinaryIO) -> bool:
    """Lock a file and tell whether that was possible. The system lets go of it with the process."""
    try:
        import fcntl
    except ImportError:
        # Where there is no such lock, a second run cannot be seen.
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Some network file systems have no locks.
        return True
    return True


def _states(lines: list[dict[str, Any]]) -> dict[str, State]:
    states: dict[str, State] = {}
    for line in lines:
        if "done" in line:
            states[line["done"]] = State(counts=line["counts"], done=True)
        elif "unreadable" in line:
            states[line["unreadable"]] = State(unreadable=line["reason"])
        elif "repaired" not in line:
            closing = "closing" in line
            name = line["closing" if closing else "at"]
            states[name] = State(line["records"], line["lengths"], line["counts"], closing)
    return states


def check_identity(before: Mapping[str, Any], now: Mapping[str, Any], states: Mapping[str, State]) -> None:
    """Refuse to go on with another run than the one that was begun.

    Raises:
        ConfigurationError: the two differ; the message says in what.
    """
    hint = "run without --resume to start again"
    for name, value in now.items():
        if name != "inputs" and before.get(name) != value:
            what = f"{name} was {before.get(name)!r} and is {value!r} now"
            raise ConfigurationError(f"cannot resume: the {what}", hint)
    old = {item["name"]: item for item in before["inputs"]}
    new = {item["name"]: item for item in now["inputs"]}
    for name in [*old, *new]:
        if name not in new or name not in old:
            raise ConfigurationError(
                f"cannot resume: the input {name!r} is {'gone' if name not in new else 'new'}", hint
            )
        # One that could not be read may have been repaired.
        if old[name] != new[name] and not (name in states and states[name].unreadable):
            raise ConfigurationError(f"cannot resume: the input {name!r} has changed since the run began", hint)
    if list(old) != list(new):
        raise ConfigurationError("cannot resume: the inputs come in another order", hint)
