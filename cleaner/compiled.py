"""A pipeline ready for work: judges documents, many at a time, settles the verdicts, and proves that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaner import match
from cleaner._version import __version__
from cleaner.batch import Batch, gather
from cleaner.document import Document, check_text
from cleaner.errors import ConfigurationError, InvariantError
from cleaner.language import detect
from cleaner.ledger import ACTIONS, DROP, GUARD, Cleaned, Ledger, Verdict, apply, digest, restore
from cleaner.settle import resolve
from cleaner.stage import Draft, Stage


@dataclass(frozen=True)
class Compiled:
    """A pipeline's stages and matcher."""

    stages: tuple[Stage, ...]
    policy: Mapping[str, str]
    matcher: match.Matcher
    digest: str

    def judge(self, document: Document, keep: Callable[[str], bool] | None = None) -> Draft:
        """Run all stages over ``document`` and return the draft with all verdicts.

        With ``keep`` the verdicts of rules whose names it refuses are left out, as if the rules were not there.
        """
        return self.judge_many([document], keep)[0]

    def judge_many(self, documents: Iterable[Document], keep: Callable[[str], bool] | None = None) -> list[Draft]:
        """As :meth:`judge`, for many documents at once: stages that can judge drafts together do."""
        drafts = [Draft(document, self.matcher) for document in documents]
        batches: list[Batch] | None = None
        for stage in self.stages:
            judge_many = getattr(stage, "judge_many", None)
            if judge_many is None:
                judged = [(number, stage.judge(draft)) for number, draft in enumerate(drafts)]
            else:
                batches = batches or gather(drafts)
                places = {id(draft): number for number, draft in enumerate(drafts)}
                judged = [
                    (places[id(draft)], verdicts)
                    for batch in batches
                    for draft, verdicts in zip(batch.drafts, judge_many(batch), strict=True)
                ]
            narrows = getattr(stage, "narrows", False)
            for number, found in judged:
                verdicts = tuple(found)
                if keep is not None:
                    verdicts = tuple(v for v in verdicts if all(map(keep, v.rule.split(" + "))))
                if verdicts:
                    _check(stage.name, verdicts, len(drafts[number].text))
                    drafts[number].verdicts += verdicts
                    if narrows:
                        drafts[number] = self._narrowed(drafts[number], verdicts)
                        batches = None
        return drafts

    def _narrowed(self, draft: Draft, verdicts: Iterable[Verdict]) -> Draft:
        return draft.without(
            (verdict.start, verdict.end) for verdict in verdicts if self.policy.get(verdict.category, DROP) == DROP
        )

    def clean(self, document: Document, detect_language: bool = False) -> Cleaned:
        """As :meth:`cleaner.pipeline.Pipeline.clean`."""
        check_text(document.text)
        return self._cleaned(self.judge(document), detect_language)

    def clean_many(self, chosen: Sequence[Document], detect_language: bool = False) -> list[Cleaned | Exception]:
        """As :meth:`cleaner.pipeline.Pipeline.clean_many`, all at once."""
        try:
            for document in chosen:
                check_text(document.text)
            return [self._cleaned(draft, detect_language) for draft in self.judge_many(chosen)]
        except (InvariantError, ConfigurationError):
            raise
        except Exception:  # noqa: BLE001
            # One of them is at fault: each by itself, so that the others are cleaned.
            return [self._attempt(document, detect_language) for document in chosen]

    def _attempt(self, document: Document, detect_language: bool) -> Cleaned | Exception:
        try:
            return self.clean(document, detect_language)
        except (InvariantError, ConfigurationError):
            raise
        except Exception as error:  # noqa: BLE001
            return error

    def _cleaned(self, draft: Draft, detect_language: bool) -> Cleaned:
        document = draft.document
        original_digest = digest(document.text)
        edits, flags = resolve(document.text, draft.verdicts, self.policy) if draft.verdicts else ((), ())
        clean = apply(document.text, edits) if edits else document.text
        if edits and restore(clean, edits) != document.text:
            raise InvariantError(f"the document {document.id!r} cannot be restored")
        language = draft.known_language
        if language is None and detect_language:
            language = detect(document.text)
        ledger = Ledger(
            document.id,
            document.source.name,
            language,
            original_digest,
            digest(clean) if edits else original_digest,
            self.digest,
            __version__,
            edits,
            flags,
            draft.verdicts,
            document.raw_sha256,
            document.metadata,
            document.source.url,
            next((verdict.because for verdict in draft.verdicts if verdict.stage == GUARD), ""),
        )
        return Cleaned(clean, ledger, document)


def _check(stage: str, verdicts: Iterable[Verdict], length: int) -> None:
    for verdict in verdicts:
        if not 0 <= verdict.start < verdict.end <= length or verdict.action not in ACTIONS:
            raise InvariantError(f"the stage {stage!r} returned an impossible verdict: {verdict!r}")
