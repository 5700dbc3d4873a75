"""What a run shows while it runs: a bar on a terminal, lines of JSON for machines, or nothing."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click
import orjson

from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from cleaner.engines.run import Outcome, Run

_PAUSE = 1.0
"""Seconds between two lines of JSON."""


class Display:
    """Shows how far ``run`` is: documents, MB/s, the share removed, rejects and the time left."""

    def __init__(self, run: Run, quiet: bool, as_json: bool) -> None:
        self._run, self._json = run, as_json
        self._total = sum(item.size for item in run.inputs)
        self._began = self._shown = time.monotonic()
        self._start: int | None = None
        self._bar: Any = None
        if not quiet and not as_json and sys.stderr.isatty():
            self._bar = click.progressbar(
                length=self._total or 1, label="Cleaning", file=sys.stderr, item_show_func=self._words
            )

    def __enter__(self) -> Display:
        if self._json:
            facts = {"inputs": len(self._run.inputs), "bytes_total": self._total, "pipeline": self._run.pipeline.digest}
            self._say("start", **facts)
        if self._bar is not None:
            # Last, because it hides the cursor, and what is broken off before the end of this method is not closed.
            self._bar.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
        if isinstance(error, CleanerError):
            self._say("error", message=error.message, hint=error.hint)
        elif error is not None:
            self._say("error", message="interrupted" if isinstance(error, KeyboardInterrupt) else repr(error), hint="")
        if isinstance(error, KeyboardInterrupt) and self._run.output is not None and not self._json:
            click.echo("cleaner: what is done is kept; go on with --resume", err=True)

    def show(self, outcome: Outcome) -> None:
        """Show how far the run is."""
        if self._start is None:
            # What an earlier run did costs no time in this one.
            self._start = outcome.position if outcome.resumed else 0
        if self._bar is not None:
            self._bar.update(max(0, outcome.position - self._bar.pos), outcome)
        elif self._json and time.monotonic() - self._shown >= _PAUSE:
            self._shown = time.monotonic()
            self._say("progress", **self._facts(outcome))

    def end(self, outcome: Outcome) -> None:
        """Show what became of the run."""
        for name, reason in outcome.unreadable.items():
            self._say("unreadable", input=name, reason=reason)
        self._say("end", **self._facts(outcome), counts=outcome.tally.table())

    def _facts(self, outcome: Outcome) -> dict[str, Any]:
        seconds = time.monotonic() - self._began
        speed = (outcome.position - (self._start or 0)) / seconds if seconds else 0.0
        left = (self._total - outcome.position) / speed if speed > 0 and self._total else None
        return {
            "documents": outcome.tally.read,
            "rejected": outcome.tally.rejected,
            "share_removed": round(outcome.tally.share, 4),
            "bytes": outcome.position,
            "megabytes_per_second": round(speed / 1e6, 3),
            "seconds": round(seconds, 1),
            "seconds_left": None if left is None else round(left, 1),
        }

    def _words(self, outcome: Outcome | None) -> str:
        if outcome is None:
            return ""
        facts = self._facts(outcome)
        return (
            f"{facts['documents']:,} documents, {facts['megabytes_per_second']:.2f} MB/s, "
            f"{facts['share_removed']:.1%} removed, {facts['rejected']:,} rejected"
        )

    def _say(self, event: str, **facts: Any) -> None:
        if self._json:
            click.echo(orjson.dumps({"event": event, **facts}), err=True)
