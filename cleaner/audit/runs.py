"""The folder of a run: what ran, where its ledgers lie, and its clean documents by their place in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from cleaner.errors import ConfigurationError
from cleaner.formats import build, is_carried
from cleaner.formats.files import opened
from cleaner.formats.rows import Fields

LEDGER_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet")


@dataclass(frozen=True)
class Run:
    """A folder that ``cleaner run --output`` wrote. ``summary`` is its ``run.json``, empty where a run was broken off."""

    folder: Path
    summary: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Return the run in ``folder``.

        Raises:
            ConfigurationError: the folder holds no ledger and no ``run.json``, or one that cannot be read.
        """
        try:
            summary = orjson.loads((folder / "run.json").read_bytes())
        except FileNotFoundError:
            summary = {}
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{folder / 'run.json'}: cannot be read: {error}") from None
        run = cls(folder, summary if isinstance(summary, dict) else {})
        if not run.summary and not run.ledgers:
            raise ConfigurationError(f"{str(folder)!r} holds no run", "a folder that cleaner run --output wrote")
        return run

    @property
    def ledgers(self) -> list[Path]:
        """The ledger files, in the order of their names, without those of an earlier run over other inputs."""
        return self._files("ledger")

    @property
    def rejects(self) -> list[Path]:
        """The files of rejects, as :attr:`ledgers`."""
        return self._files("rejects")

    def _files(self, part: str) -> list[Path]:
        found = (path for path in (self.folder / part).rglob("*") if path.is_file() and not path.name.startswith("."))
        files = sorted(path for path in found if path.name.endswith(LEDGER_SUFFIXES))
        return [path for path in files if not self._inputs or self._name(path, part) in self._inputs]

    @cached_property
    def _inputs(self) -> dict[str, Mapping[str, Any]]:
        return {str(item.get("name")): item for item in self.summary.get("inputs", ())}

    def name_of(self, ledger: Path) -> str:
        """Return the name of the input that ``ledger`` belongs to."""
        return self._name(ledger, "ledger")

    def _name(self, path: Path, part: str) -> str:
        name = path.relative_to(self.folder / part).as_posix()
        suffix = next(suffix for suffix in LEDGER_SUFFIXES if name.endswith(suffix))
        return name.removesuffix(suffix)

    def clean_texts(self, ledger: Path, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
        """Yield the clean texts that belong to the rows ``numbers`` of ``ledger``, counted from 0, as ``(number, text)``.

        Yields nothing where the run does not say which documents belong to the ledger, or where they are gone.
        """
        name = self.name_of(ledger)
        item = self._inputs.get(name)
        if item is None or not numbers:
            return
        documents = self.folder / "documents" / str(item["output"])
        if not documents.exists():
            return
        shape = build(str(item["format"]), Fields(**self.summary.get("fields", {})))
        last = max(numbers)
        number = 0
        with opened(str(documents)) as stream:
            for clean in shape.split(stream):
                if is_carried(shape, clean):
                    continue
                if number in numbers:
                    yield number, shape.text_of(clean)
                if number >= last:
                    return
                number += 1
