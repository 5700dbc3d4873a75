"""The writing side of a run: the steps that it takes in the order of the inputs, and what becomes of each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.engines.inputs import Piece, batches
from cleaner.engines.journal import Journal, State
from cleaner.engines.outputs import Outputs
from cleaner.engines.run import Outcome, Run
from cleaner.engines.tally import Tally
from cleaner.engines.work import Done, Work
from cleaner.errors import ConfigurationError, InputError, OutputError
from cleaner.formats.files import STANDARD, Input


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a run, in the order of the inputs: an input opens, a piece of it, its end, or why it has none."""

    item: Input
    kind: str
    piece: Piece | None = None
    error: InputError | None = None


class Writing:
    """The writing side of a run: which inputs are to be read from where, and what becomes of their batches."""

    def __init__(self, run: Run, work: Work, facts: Mapping[str, Any], progress: Callable[[Outcome], None]) -> None:
        self._run, self._work, self._progress = run, work, progress
        self.outcome = Outcome()
        self._journal = Journal(run.output) if run.output is not None else None
        self._states: Mapping[str, State] = {}
        self._outputs: Outputs | None = None
        self._tally = Tally()
        self._records = self._since = self._before = 0
        self._noted = False
        try:
            self._begin(facts)
        except BaseException:
            self.close()
            raise

    def _begin(self, facts: Mapping[str, Any]) -> None:
        run = self._run
        if self._journal is None or run.output is None:
            return
        if run.resume and any(item.path == STANDARD for item in run.inputs):
            raise ConfigurationError("cannot resume: standard input cannot be read a second time")
        self._journal.lock()
        if run.resume:
            states = self._journal.resume(facts)
            if states is not None:
                self._states = states
                return
        with contextlib.suppress(OSError):
            (run.output / "run.json").unlink()
        self._journal.begin(facts)

    def steps(self) -> Iterator[Step]:
        """Yield the steps of the run. This side runs ahead of the writing by the batches that are under way."""
        for item in self._run.inputs:
            state = self._states.get(item.name, State())
            if state.done or state.closing:
                yield Step(item, "kept")
                continue
            yield Step(item, "open")
            try:
                for piece in batches(item, self._work, state.records):
                    yield Step(item, "piece", piece)
            except InputError as error:
                yield Step(item, "broken", error=error)
            else:
                yield Step(item, "end")

    def take(self, step: Step, done: Done | None) -> None:
        """Do what ``step`` asks for."""
        item = step.item
        if step.piece is not None:
            assert done is not None
            self._piece(item, step.piece, done)
        elif step.kind == "open":
            self._open(item)
        elif step.kind == "kept":
            self._keep(item)
        elif step.error is not None:
            self._break_off(item, step.error)
        else:
            self._end(item)
        self._progress(self.outcome)

    def _open(self, item: Input) -> None:
        state = self._states.get(item.name, State())
        known = state.lengths if state.counts is not None else None
        self._outputs = Outputs(self._run.output, item, self._run.fields, self._run.ledger_format, known)
        self._tally = Tally.from_table(state.counts) if state.counts is not None else Tally()
        self._records, self._since, self._noted = state.records, 0, state.counts is not None
        self._before = self.outcome.position
        self.outcome.tally.merge(self._tally)
        self.outcome.resumed += self._tally.read

    def _piece(self, item: Input, piece: Piece, done: Done) -> None:
        assert self._outputs is not None
        self._outputs.write(done)
        self._tally.merge(done.tally)
        self.outcome.tally.merge(done.tally)
        self.outcome.position = self._before + piece.position
        self._records += len(piece.batch.raws)
        self._since += piece.raw_bytes
        if self._journal is not None and self._since >= self._run.checkpoint:
            self._journal.at(item.name, self._records, self._outputs.sync(), self._tally.table())
            self._since, self._noted = 0, True

    def _end(self, item: Input) -> None:
        assert self._outputs is not None
        if self._journal is not None and self._noted:
            self._journal.closing(item.name, self._records, self._outputs.sync(), self._tally.table())
        self._publish(item)

    def _publish(self, item: Input) -> None:
        assert self._outputs is not None
        try:
            self._outputs.publish(self._tally.cleaned)
        except OutputError:
            raise
        except InputError as error:
            # Only a file that is read a second time can fail here.
            self._break_off(item, error)
            return
        if self._journal is not None:
            self._journal.done(item.name, self._tally.table())
        self.outcome.position = self._before + item.size
        self._outputs = None

    def _keep(self, item: Input) -> None:
        """Take over an input that an earlier run finished, or nearly so."""
        state = self._states[item.name]
        assert state.counts is not None
        self._tally = Tally.from_table(state.counts)
        self.outcome.tally.merge(self._tally)
        self.outcome.resumed += self._tally.read
        self._before = self.outcome.position
        if state.closing:
            self._outputs = Outputs(self._run.output, item, self._run.fields, self._run.ledger_format, state.lengths)
            self._publish(item)
        self.outcome.position = self._before + item.size

    def _break_off(self, item: Input, error: InputError) -> None:
        """Leave out an input that cannot be read."""
        assert self._outputs is not None
        self._outputs.discard()
        self._outputs = None
        self.outcome.tally.subtract(self._tally)
        self.outcome.unreadable[item.name] = str(error)
        if self._journal is not None:
            self._journal.unreadable(item.name, str(error))

    def close(self) -> None:
        """Close what is open; what is not finished stays under its temporary name for a resumed run."""
        if self._outputs is not None:
            self._outputs.close()
        if self._journal is not None:
            self._journal.close()
