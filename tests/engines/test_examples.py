"""The examples run as they stand, each in a process of its own, and all give the same rows."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT, SEEDS

from cleaner import Pipeline
from cleaner.ledger import row

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

pytestmark = pytest.mark.engine
SAMPLE = sorted((SEEDS / "documents" / "en").glob("*.txt"))[:6]


def _rows(folder: Path) -> list[dict[str, object]]:
    files = [folder] if folder.is_file() else sorted(folder.rglob("*.parquet"))
    return [values for file in files for values in parquet.ParquetFile(file).read().to_pylist()]


def _tables(output: Path, suffix: str = "") -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    return _rows(output / f"clean{suffix}"), _rows(output / f"rejects{suffix}")


def _datasets(output: Path) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    return _tables(output, ".parquet")


def _datatrove(output: Path) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    content = gzip.decompress((output / "clean" / "00000.jsonl.gz").read_bytes())
    documents = [json.loads(line) for line in content.splitlines()]
    removed = {folder.name for folder in (output / "removed").iterdir()}
    assert "newsletter" in removed
    # Its reader passes over rows without a text.
    return [{**values, **values["metadata"]} for values in documents], []


@pytest.mark.parametrize(
    ("engine", "read"), [("ray", _tables), ("spark", _tables), ("datatrove", _datatrove), ("datasets", _datasets)]
)
def test_example(
    engine: str, read: Callable[[Path], tuple[list[dict[str, object]], list[dict[str, object]]]], tmp_path: Path
) -> None:
    pytest.importorskip({"spark": "pyspark"}.get(engine, engine))
    source = tmp_path / "rows.parquet"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in SAMPLE}
    rows = [{"id": name, "text": text, "shelf": number} for number, (name, text) in enumerate(texts.items())]
    parquet.write_table(pa.Table.from_pylist([*rows, {"id": "absent", "text": None, "shelf": 9}]), source)
    command = [sys.executable, ROOT / "tests" / "examples" / f"on_{engine}.py", source, tmp_path / "out"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert result.returncode == 0, result.stderr[-5000:]
    clean, rejects = read(tmp_path / "out")
    pipeline = Pipeline.load("standard")
    assert len(clean) == len(SAMPLE)
    for values in clean:
        expected = pipeline.clean(texts[str(values["id"])])
        assert values["text"] == expected.text
        ledger = {**row(expected.ledger, expected.document.text), "id": values["id"]}
        assert json.loads(str(values["ledger"])) == json.loads(json.dumps(ledger))
        assert values["shelf"] == list(texts).index(str(values["id"]))
    assert [values["id"] for values in rejects] == ["absent"] * (engine != "datatrove")
