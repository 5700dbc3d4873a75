"""Pipelines: a named, ordered, frozen list of stages with a policy, as a TOML file or in Python with one digest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from cleaner import match
from cleaner.batch import portions
from cleaner.compiled import Compiled
from cleaner.document import Document, check_text
from cleaner.errors import PipelineError, known_names
from cleaner.ledger import ACTIONS, Cleaned
from cleaner.rulebook import CATEGORIES, default_directory
from cleaner.stages import build

_POLICIES = tuple(action for action in ACTIONS if action != "replace")
_MODEL = "model"
"""The option of stages that names a file. Its content is part of a pipeline's digest, its path is not."""
_KEYS = ("name", "description", "stages", "policy", "options", "rules")


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a pipeline by name, with its options."""

    stage: str
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """A named list of stages and a policy. Frozen: every method returns a new pipeline.

    ``policy`` maps categories to ``drop``, ``flag`` or ``keep``; one that it does not name is dropped. ``rules`` are
    further folders of packs.
    """

    name: str
    steps: tuple[Step, ...] = ()
    policy: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Path, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        for category, action in self.policy.items():
            if category not in CATEGORIES:
                raise PipelineError(f"the policy names {category!r}", known_names(category, CATEGORIES))
            if action not in _POLICIES:
                raise PipelineError(f"the policy for {category} is {action!r}", known_names(action, _POLICIES))
        names = [step.stage for step in self.steps]
        if len(set(names)) != len(names):
            raise PipelineError(f"the pipeline {self.name!r} has a stage twice")
        for step in self.steps:
            build(step.stage, dict(step.options))

    def __getstate__(self) -> dict[str, Any]:
        # Pipelines cross process boundaries; what is compiled belongs to one process and is made anew in the other.
        return {name: value for name, value in self.__dict__.items() if name != "compiled"}

    def then(self, stage: str, **options: Any) -> Pipeline:
        """Return a pipeline with ``stage`` at its end."""
        return replace(self, steps=(*self.steps, _step(stage, options)))

    def before(self, other: str, stage: str, **options: Any) -> Pipeline:
        """Return a pipeline with ``stage`` before the stage ``other``."""
        return self._at(self._index(other), stage, options)

    def after(self, other: str, stage: str, **options: Any) -> Pipeline:
        """Return a pipeline with ``stage`` after the stage ``other``."""
        return self._at(self._index(other) + 1, stage, options)

    def without(self, stage: str) -> Pipeline:
        """Return a pipeline without ``stage``."""
        index = self._index(stage)
        return replace(self, steps=self.steps[:index] + self.steps[index + 1 :])

    def with_options(self, stage: str, **options: Any) -> Pipeline:
        """Return a pipeline in which ``stage`` has further ``options``."""
        index = self._index(stage)
        step = _step(stage, {**dict(self.steps[index].options), **options})
        return replace(self, steps=(*self.steps[:index], step, *self.steps[index + 1 :]))

    def with_policy(self, **policy: str) -> Pipeline:
        """Return a pipeline with other actions for some categories."""
        return replace(self, policy={**self.policy, **policy})

    def with_rules(self, *directories: Path | str) -> Pipeline:
        """Return a pipeline that also reads the packs in ``directories``."""
        return replace(self, rules=(*self.rules, *(Path(directory) for directory in directories)))

    def absolute(self) -> Pipeline:
        """Return the pipeline with whole paths of its files, for workers that may stand in another folder."""
        return replace(
            self,
            steps=tuple(_step(step.stage, _based(dict(step.options), Path.cwd())) for step in self.steps),
            rules=tuple(folder.absolute() for folder in self.rules),
        )

    def _at(self, index: int, stage: str, options: Mapping[str, Any]) -> Pipeline:
        return replace(self, steps=(*self.steps[:index], _step(stage, options), *self.steps[index:]))

    def _index(self, stage: str) -> int:
        for index, step in enumerate(self.steps):
            if step.stage == stage:
                return index
        raise PipelineError(
            f"the pipeline {self.name!r} has no stage {stage!r}",
            known_names(stage, [step.stage for step in self.steps]),
        )

    @classmethod
    def load(cls, name: str | Path) -> Pipeline:
        """Return the pipeline that comes with the package under ``name``, or that of a TOML file.

        Raises:
            PipelineError: there is none, or the file is wrong.
        """
        path = Path(name)
        if path.suffix != ".toml":
            path = default_directory() / "pipelines" / f"{name}.toml"
            if not path.is_file() or "/" in str(name):
                raise PipelineError(f"there is no pipeline {str(name)!r}", known_names(str(name), shipped()))
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise PipelineError(f"the pipeline file {str(path)!r} cannot be read: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PipelineError(f"{path}: {error}") from None
        return cls.from_table(table, path)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], path: Path | None = None) -> Pipeline:
        """Build a pipeline from the table of a TOML file; ``rules`` and the files of models in it are relative to ``path``.

        Raises:
            PipelineError: the table is wrong.
        """
        where = str(path) if path else "the pipeline"
        for key in table:
            if key not in _KEYS:
                raise PipelineError(f"{where}: unknown key {key!r}", known_names(key, _KEYS))
        stages, options, policy = table.get("stages", []), table.get("options", {}), table.get("policy", {})
        rules = table.get("rules", [])
        if not isinstance(stages, list) or not isinstance(options, dict) or not isinstance(policy, dict):
            raise PipelineError(f"{where}: stages must be a list, options and policy tables")
        if not isinstance(rules, list):
            raise PipelineError(f"{where}: rules must be a list of folders")
        for stage, values in options.items():
            if stage not in stages:
                raise PipelineError(
                    f"{where}: options for {stage!r}, which is no stage of it", known_names(stage, map(str, stages))
                )
            if not isinstance(values, dict):
                raise PipelineError(f"{where}: the options for {stage!r} must be a table", f"[options.{stage}]")
        if "stages" not in table:
            raise PipelineError(
                f"{where}: names no stages", 'stages = ["content", "rules", "context", "weigh", "guard"]'
            )
        base = path.parent if path else Path()
        return cls(
            name=str(table.get("name", path.stem if path else "unnamed")),
            steps=tuple(_step(str(stage), _based(options.get(stage, {}), base)) for stage in stages),
            policy={str(category): str(action) for category, action in policy.items()},
            rules=tuple(base / str(folder) for folder in rules),
            description=str(table.get("description", "")),
        )

    @cached_property
    def compiled(self) -> Compiled:
        """The pipeline ready for work: rules compiled, stages built. Made once for each process."""
        return _compiled(self.steps, tuple(sorted(self.policy.items())), self.rules)

    @property
    def digest(self) -> str:
        """A sha256 over stages, options, policy and the content of all rules: same digest, same output."""
        return self.compiled.digest

    def clean(self, document: Document | str, detect_language: bool = False) -> Cleaned:
        """Clean one document and prove that the original can be restored.

        Raises:
            RecordError: the text cannot be cleaned (no string, lone surrogates).
            InvariantError: a guarantee did not hold.
        """
        if not isinstance(document, Document):
            document = Document(check_text(document))
        return self.compiled.clean(document, detect_language)

    def clean_many(
        self, documents: Iterable[Document | str], detect_language: bool = False
    ) -> Iterator[Cleaned | Exception]:
        """Clean documents or texts in order, many at a time, which costs much less for each; the results are those of :meth:`clean`.

        In the place of a document that cannot be cleaned stands the error that :meth:`clean` raises for it.

        Raises:
            InvariantError: a guarantee did not hold.
            ConfigurationError: the pipeline or one of its rules is wrong.
        """
        for chosen in portions(item if isinstance(item, Document) else Document(item) for item in documents):
            yield from self.compiled.clean_many(chosen, detect_language)


def _step(stage: str, options: Mapping[str, Any]) -> Step:
    return Step(stage, tuple(sorted((name, _frozen(value)) for name, value in options.items())))


def _based(options: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return ``options`` with the file of a model, if they name one, as seen from ``folder``."""
    model = options.get(_MODEL)
    return (
        {**options, _MODEL: str(folder / model)} if isinstance(model, str) and model.endswith(".json") else {**options}
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple(sorted((key, _frozen(item)) for key, item in value.items()))
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


@lru_cache(maxsize=8)
def _compiled(steps: tuple[Step, ...], policy: tuple[tuple[str, str], ...], rules: tuple[Path, ...]) -> Compiled:
    matcher = match.load(rules)
    stages = tuple(build(step.stage, dict(step.options)) for step in steps)
    identity = orjson.dumps(
        {
            "steps": [[step.stage, [option for option in step.options if option[0] != _MODEL]] for step in steps],
            # What stages read for themselves, such as a model.
            "read": [getattr(stage, "digest", "") for stage in stages],
            "policy": policy,
            "rules": matcher.digest,
        },
        option=orjson.OPT_SORT_KEYS,
    )
    return Compiled(stages, dict(policy), matcher, sha256(identity).hexdigest())


def shipped() -> list[str]:
    """Return the names of the pipelines that come with the package."""
    return sorted(path.stem for path in (default_directory() / "pipelines").glob("*.toml"))
