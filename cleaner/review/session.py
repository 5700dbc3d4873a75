"""What a reviewer sees and does, as plain values: everything of the review but the web."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cleaner import __version__
from cleaner.errors import CleanerError, RecordError, known_names
from cleaner.review.agreement import agreements, tallies
from cleaner.review.decisions import (
    DOCUMENT_KIND,
    MISSED,
    MISSED_KIND,
    OTHER,
    READ,
    VERDICTS,
    Decision,
    Decisions,
    Judged,
    Span,
)
from cleaner.review.items import Filter, Place, entries, entry_of, language_of, site_of
from cleaner.review.pieces import Shown, lines, window
from cleaner.review.queue import Queue
from cleaner.review.run import Found, ReviewedRun
from cleaner.rulebook import APPEALS, CATEGORIES, FURNITURE

_QUEUES = 8
_LONGEST = 400


class Session:
    """One reviewer at one run."""

    def __init__(self, run: ReviewedRun, decisions: Decisions, reviewer: str, sample: int, seed: str) -> None:
        self.run, self.decisions, self.reviewer = run, decisions, reviewer
        self._sample, self._seed = sample, seed
        self._queues: OrderedDict[Filter, Queue] = OrderedDict()
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Draw the first items and find the first document, aside, while the browser still starts."""

        def first() -> None:
            # What goes wrong here goes wrong again when the page asks, and is told there.
            with suppress(CleanerError):
                items = self.queue(Filter())["items"]
                if items:
                    self.item(items[0][0])

        threading.Thread(target=first, daemon=True).start()

    def overview(self) -> dict[str, Any]:
        """Return what the page needs once: the run's identity, the categories, and what can be filtered by."""
        counts = self.run.summary.get("counts", {})
        pipeline = self.run.summary.get("pipeline", {})
        return {
            "run": str(self.run.folder),
            "pipeline": pipeline.get("name", ""),
            "digest": pipeline.get("digest", ""),
            "version": self.run.summary.get("version", ""),
            "reader": __version__,
            "documents": counts.get("cleaned"),
            "reviewer": self.reviewer,
            "decisions": str(self.decisions.path),
            "appeals": APPEALS,
            "furniture": FURNITURE,
            "rules": sorted(counts.get("removed_by_rule", {})),
            "languages": sorted(counts.get("documents_by_language", {})),
        }

    def queue(self, wanted: Filter) -> dict[str, Any]:
        """Return the items of ``wanted``, each with this reviewer's verdict, and how complete they are."""
        with self._lock:
            queue = self._queues.get(wanted)
            if queue is None:
                queue = self._queues[wanted] = Queue(self.run.ledgers, wanted, self._sample, self._seed)
                while len(self._queues) > _QUEUES:
                    self._queues.popitem(last=False)[1].stop()
            self._queues.move_to_end(wanted)
        decided = self._decided()
        return {
            "items": [[str(place), decided.get(str(place), "")] for place in queue.places],
            "share": queue.share,
            "total": queue.total,
            "failure": queue.failure,
        }

    def _decided(self) -> dict[str, str]:
        prefix = f"{self.run.identity}:"
        return {
            place.removeprefix(prefix): verdict
            for place, verdict in self.decisions.decided(self.reviewer).items()
            if place.startswith(prefix)
        }

    def item(self, text: str, whole: bool = False) -> dict[str, Any]:
        """Return one item with its document, cut for display.

        Raises:
            RecordError: there is no such item.
            InputError: its document cannot be found.
        """
        place = Place.parse(text)
        found = self.run.found(place)
        entry = entry_of(found.row, place)
        judged, own = _judged(found), _span(place.kind, entry)
        standing = self.decisions.current(document=judged)
        mine = {decision.span: decision for decision in standing if decision.reviewer == self.reviewer}
        spans: dict[str, dict[str, Any]] = {}
        shown: list[Shown] = []
        for kind, number, other in entries(found.row):
            key = str(place._replace(kind=kind, number=number))
            about = _span(kind, other)
            spans[key] = {
                "kind": kind,
                "category": about.category,
                "rule": about.rule,
                "mine": _verdict(mine.get(about)),
            }
            shown.append(Shown(about.start, about.end, key))
        for decision in mine.values():
            if decision.verdict == MISSED:
                key = f"missed.{decision.number}"
                spans[key] = {"kind": MISSED_KIND, "category": decision.category, "number": decision.number}
                shown.append(Shown(decision.span.start, decision.span.end, key))
        cues = [(int(start), int(end)) for start, end in entry["evidence"]]
        shown += [Shown(start, end, "cue") for start, end in cues if end > start]
        part = window(len(found.text), own.start, own.end, whole)
        decision_of_mine = mine.get(own)
        return {
            "item": str(place),
            "id": judged.id,
            "source": judged.source,
            "language": language_of(found.row),
            "site": judged.site,
            "kind": place.kind,
            "category": own.category,
            "rule": own.rule,
            "stage": own.stage,
            "because": own.because,
            "weight": entry["weight"],
            "start": own.start,
            "end": own.end,
            "inserted": entry["inserted"],
            "cues": [found.text[start : min(end, start + _LONGEST)] for start, end in cues],
            "length": len(found.text),
            "shown": [part.start, part.end],
            "lines": lines(found.text, shown, part),
            "spans": spans,
            "mine": _verdict(decision_of_mine),
            "read": any(decision.verdict == READ for decision in mine.values()),
            "others": _others(standing, own, self.reviewer) if decision_of_mine else [],
        }

    def decide(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Record what the reviewer says of an item: ``item``, ``verdict`` and, for the verdict ``category``, which.

        Raises:
            RecordError: the request has another form.
        """
        verdict = str(request.get("verdict", ""))
        if verdict not in VERDICTS:
            raise RecordError(f"{verdict[:40]!r} is no verdict", known_names(verdict[:40], VERDICTS))
        place = Place.parse(str(request.get("item", "")))
        category = _category(request) if verdict == OTHER else ""
        found = self.run.found(place)
        entry = entry_of(found.row, place)
        if verdict == OTHER and category == entry["category"]:
            raise RecordError(f"{category!r} is the category that it has", "choose right")
        span = _span(place.kind, entry)
        judged = _judged(found)
        self.decisions.decide(self.reviewer, judged, span, verdict, category, self._place(place))
        standing = self.decisions.current(document=judged)
        return {"mine": [verdict, category], "others": _others(standing, span, self.reviewer)}

    def missed(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Record an appeal that the run missed: ``item`` names its document, ``start``, ``end`` and ``category``.

        Raises:
            RecordError: the request has another form.
        """
        place = Place.parse(str(request.get("item", "")))
        found = self.run.found(place)
        start, end = request.get("start"), request.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(found.text):
            raise RecordError("start and end of the missed appeal do not lie in the document")
        start, end = _trimmed(found.text, start, end)
        if any(edit["start"] <= start and end <= edit["end"] for edit in found.row["edits"]):
            raise RecordError("that was removed already", "judge the removal")
        category = _category(request)
        span = Span(MISSED_KIND, start, end)
        number = self.decisions.decide(self.reviewer, _judged(found), span, MISSED, category, self._place(place))
        return {"number": number}

    def read(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Record that all that is unmarked in the document of ``item`` belongs to the article.

        Raises:
            RecordError: there is no such item.
        """
        place = Place.parse(str(request.get("item", "")))
        found = self.run.found(place)
        span = Span(DOCUMENT_KIND, 0, len(found.text))
        return {"number": self.decisions.decide(self.reviewer, _judged(found), span, READ, "", self._place(place))}

    def undo(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Take back the last decision, or the one with ``number``; return which item it was about."""
        number = request.get("number")
        decision = self.decisions.undo(self.reviewer, number if isinstance(number, int) else None)
        if decision is None:
            return {"undone": ""}
        identity, _, place = decision.place.partition(":")
        return {"undone": decision.verdict, "item": place if identity == self.run.identity else ""}

    def results(self) -> dict[str, Any]:
        """Return verdicts by category, rule and kind, and how far reviewers agree."""
        every = self.decisions.current()
        mine = [decision for decision in every if decision.reviewer == self.reviewer]
        return {
            "reviewer": self.reviewer,
            "kinds": tallies(mine, "kind"),
            "categories": tallies(mine, "category"),
            "rules": tallies(mine, "rule"),
            "missed": sum(decision.verdict == MISSED for decision in mine),
            "read": sum(decision.verdict == READ for decision in mine),
            "agreements": [
                {"first": one.first, "second": one.second, "both": one.both, "equal": one.equal, "kappa": one.kappa}
                for one in agreements(every)
            ],
        }

    def _place(self, place: Place) -> str:
        return f"{self.run.identity}:{place}"

    def close(self) -> None:
        """End all reading and close the files."""
        for queue in self._queues.values():
            queue.stop()
        self.decisions.close()
        self.run.close()


def _judged(found: Found) -> Judged:
    row = found.row
    return Judged(
        str(row["id"]), str(row["source"]), row["original_sha256"], row.get("language"), site_of(row), found.text
    )


def _span(kind: str, entry: Mapping[str, Any]) -> Span:
    return Span(
        kind,
        int(entry["start"]),
        int(entry["end"]),
        str(entry["category"]),
        str(entry["rule"]),
        str(entry["stage"]),
        str(entry["because"]),
    )


def _verdict(decision: Decision | None) -> list[str]:
    return [decision.verdict, decision.category] if decision else []


def _others(standing: list[Decision], span: Span, reviewer: str) -> list[list[str]]:
    """Return what others said. A reviewer sees it only after deciding, so that the second opinion is one."""
    return [
        [decision.reviewer, decision.verdict, decision.category]
        for decision in standing
        if decision.span == span and decision.reviewer != reviewer
    ]


def _category(request: Mapping[str, Any]) -> str:
    category = str(request.get("category", ""))
    if category not in CATEGORIES:
        raise RecordError(f"{category[:40]!r} is no category", known_names(category[:40], CATEGORIES))
    return category


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space at its ends.

    Raises:
        RecordError: nothing is left.
    """
    part = text[start:end]
    if not part.strip():
        raise RecordError("there is no text in the part that was marked")
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
