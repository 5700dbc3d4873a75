"""One corpus through every engine, all of them real: the same bytes of text and ledger, the same rejects."""

from __future__ import annotations

import filecmp
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest

from cleaner import Pipeline
from cleaner.engines.local import execute
from cleaner.engines.restoring import restore_run
from cleaner.engines.run import Run
from cleaner.formats.files import discover
from cleaner.ledger import digest

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("fastwarc")

import corpus  # noqa: E402

pytestmark = pytest.mark.engine
Lines = dict[str, list[str]]
"""Lines of JSON by the name of the input, in the order of its records."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus.write(tmp_path_factory.mktemp("corpus") / "mixed")


def run(folder: Path, output: Path, **settings: Any) -> Path:
    outcome = execute(Run(tuple(discover([str(folder)])), Pipeline.load("standard"), output, **settings))
    assert outcome.tally.read == outcome.tally.cleaned + outcome.tally.rejected
    assert not outcome.unreadable
    return output


@pytest.fixture(scope="module")
def reference(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the local engine with one worker makes of the corpus. That it comes back whole is proved here."""
    output = run(folder, tmp_path_factory.mktemp("reference"))
    restore_run(output, output.parent / "originals")
    names = [path.name for path in (folder / "texts").iterdir()]
    same = filecmp.cmpfiles(output.parent / "originals" / "texts", folder / "texts", names, shallow=False)
    assert same == (names, [], [])
    return output


def lines(folder: Path) -> Lines:
    """Return the lines of all files in ``folder`` by the names of the inputs."""
    found = {path.relative_to(folder).as_posix().removesuffix(".jsonl"): path for path in folder.rglob("*.jsonl")}
    return {name: path.read_text(encoding="utf-8").split("\n")[:-1] for name, path in found.items()}


def test_the_corpus_has_something_of_everything(reference: Path) -> None:
    ledgers, rejects = lines(reference / "ledger"), lines(reference / "rejects")
    assert len(ledgers) >= 18
    assert {name.partition(".")[2].partition(".")[0] for name in rejects} >= {
        "txt",
        "md",
        "html",
        "jsonl",
        "parquet",
        "warc",
        "wet",
    }
    assert sum(map(len, rejects.values())) >= 20
    assert sum(bool(orjson.loads(line)["edits"]) for name in ledgers for line in ledgers[name]) >= 40


def same_folders(one: Path, other: Path) -> None:
    """Assert that two runs wrote the same files with the same bytes, apart from what tells of times and places."""
    names = [sorted(path.relative_to(side) for path in side.rglob("*") if path.is_file()) for side in (one, other)]
    assert names[0] == names[1]
    files = [str(name) for name in names[0] if str(name) not in ("run.json", "journal.jsonl")]
    assert filecmp.cmpfiles(one, other, files, shallow=False) == (files, [], [])
    counts = [orjson.loads((side / "run.json").read_bytes())["counts"] for side in (one, other)]
    assert counts[0] == counts[1]


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Start an engine once for all tests that it is in, and stop it after the last."""
    name: str = request.param
    with ExitStack() as stack:
        yield _ENGINES[name](stack)


class Ray:
    name = "ray"

    def __init__(self, stack: ExitStack) -> None:
        ray = pytest.importorskip("ray")
        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        stack.callback(ray.shutdown)

    def files(self, folder: Path, _: Path) -> list[dict[str, Any]]:
        from cleaner.engines.ray import clean_files

        rows: list[dict[str, Any]] = clean_files(folder).take_all()
        return rows

    def rows(self, source: Path, _: Path, **places: str) -> list[dict[str, Any]]:
        import ray

        from cleaner.engines.ray import clean

        rows: list[dict[str, Any]] = clean(ray.data.read_parquet(str(source)), batch_size=3, **places).take_all()
        return rows


class Spark:
    name = "spark"

    def __init__(self, stack: ExitStack) -> None:
        sql = pytest.importorskip("pyspark.sql")
        builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "3")
        self.session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
        stack.callback(self.session.stop)

    def files(self, folder: Path, _: Path) -> list[dict[str, Any]]:
        from cleaner.engines.spark import clean_files

        rows: list[dict[str, Any]] = clean_files(self.session, folder).toArrow().to_pylist()
        return rows

    def rows(self, source: Path, _: Path, **places: str) -> list[dict[str, Any]]:
        from cleaner.engines.spark import clean

        frame = clean(self.session.read.parquet(str(source)).repartition(2), **places)
        rows: list[dict[str, Any]] = frame.toArrow().to_pylist()
        return rows


class Datasets:
    name = "datasets"

    def __init__(self, _: ExitStack) -> None:
        pytest.importorskip("datasets")

    def files(self, folder: Path, _: Path) -> list[dict[str, Any]]:
        from cleaner.engines.datasets import clean_files

        return list(clean_files(folder))

    def rows(self, source: Path, cache: Path, **places: str) -> list[dict[str, Any]]:
        from datasets import Dataset

        from cleaner.engines.datasets import clean

        dataset = Dataset.from_parquet(str(source), cache_dir=str(cache))
        assert list(clean(dataset.to_iterable_dataset(), **places)) == list(clean(dataset, batch_size=4, **places))
        return list(clean(dataset, batch_size=3, num_proc=2, **places))


class Datatrove:
    name = "datatrove"

    def __init__(self, _: ExitStack) -> None:
        pytest.importorskip("datatrove")

    def files(self, folder: Path, output: Path) -> list[dict[str, Any]]:
        from cleaner.engines.datatrove import CleanFiles

        return self._written([CleanFiles(folder)], output)

    def rows(self, source: Path, output: Path, **places: str) -> list[dict[str, Any]]:
        """Texts and pages go in two pipelines, since a document of datatrove is one or the other."""
        from datatrove.data import Document

        from cleaner.engines.datatrove import Cleaner

        table = parquet.read_table(source).to_pylist()
        kinds: dict[bool, list[Any]] = defaultdict(list)
        for row in table:
            if row["text"] or row["html"]:
                text = row["text"] or row["html"].decode()
                kinds[row["text"] is None].append(
                    Document(text, row["id"], metadata={**row, "html": None, "text": None})
                )
        written: list[dict[str, Any]] = []
        for html, documents in kinds.items():
            written += self._written([documents, Cleaner(html=html, **places)], output / str(html))
        return written

    def _written(self, steps: list[Any], output: Path) -> list[dict[str, Any]]:
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.writers import JsonlWriter

        tasks = 1 if isinstance(steps[0], list) else 2
        steps = [*steps, JsonlWriter(str(output / "documents"))]
        LocalPipelineExecutor(steps, tasks=tasks, workers=2, logging_dir=str(output / "logs")).run()
        rows: list[dict[str, Any]] = []
        for path in sorted((output / "documents").glob("*.jsonl.gz")):
            for line in gzip.decompress(path.read_bytes()).splitlines():
                document = orjson.loads(line)
                rows.append({"ledger": None, "reject": None, **document["metadata"], "text": document.get("text", "")})
        return rows


_ENGINES: dict[str, Callable[[ExitStack], Any]] = {
    kind.name: kind  # type: ignore[attr-defined]
    for kind in (Ray, Spark, Datatrove, Datasets)
}


def by_source(rows: list[dict[str, Any]], source: str, record: str) -> tuple[Lines, Lines]:
    """Return the ledger rows and the rejects of ``rows``; every text has the digest that its ledger row states."""
    ledgers: Lines = defaultdict(list)
    rejects: Lines = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row[source], row[record])):
        assert (row["ledger"] is None) != (row["reject"] is None)
        if row["ledger"] is None:
            assert not row["text"]
            rejects[row[source]].append(row["reject"])
        else:
            assert digest(row["text"]) == orjson.loads(row["ledger"])["clean_sha256"]
            ledgers[row[source]].append(row["ledger"])
    return ledgers, rejects


@pytest.mark.parametrize("engine", list(_ENGINES), indirect=True, scope="module")
class TestEngine:
    def test_files(self, engine: Any, folder: Path, reference: Path, tmp_path: Path) -> None:
        ledgers, rejects = by_source(engine.files(folder, tmp_path), "source", "record")
        assert ledgers == lines(reference / "ledger")
        assert rejects == lines(reference / "rejects")

    def test_rows(self, engine: Any, folder: Path, reference: Path, tmp_path: Path) -> None:
        table = corpus.table()
        places = {"file": pa.array(["rows.parquet"] * table.num_rows), "line": pa.array(range(table.num_rows))}
        for name, column in places.items():
            table = table.append_column(name, column)
        (tmp_path / "rows").mkdir()
        parquet.write_table(table, tmp_path / "rows" / "rows.parquet", row_group_size=4)
        rows = engine.rows(
            tmp_path / "rows" / "rows.parquet", tmp_path / "out", source_field="file", record_field="line"
        )
        assert {tuple(row["shelf"]) for row in rows if row["shelf"]} == {
            (number,) for number in range(len(corpus.texts()))
        }
        ledgers, rejects = by_source(rows, "file", "line")
        assert ledgers == {"rows.parquet": lines(reference / "ledger")["rows.parquet"]}
        if engine.name != "datatrove":
            # The raw content of a row is here its text, there the row of the file.
            assert [_told(line) for line in rejects["rows.parquet"]] == [
                _told(line) for line in lines(reference / "rejects")["rows.parquet"]
            ]


@pytest.mark.parametrize("engine", ["ray", "spark"], indirect=True, scope="module")
def test_run(engine: Any, folder: Path, reference: Path, tmp_path: Path) -> None:
    same_folders(reference, run(folder, tmp_path / "out", engine=engine.name, workers=2))


def _told(line: str) -> dict[str, Any]:
    return {key: value for key, value in orjson.loads(line).items() if not key.startswith("raw")}


def test_two_workers(folder: Path, reference: Path, tmp_path: Path) -> None:
    same_folders(reference, run(folder, tmp_path / "out", workers=2))
