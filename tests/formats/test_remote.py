"""Inputs in an object store: a real S3 server on a loopback port, the real command, every format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from mixed_corpus import contents, make
from stores import Store, start_store

from cleaner import Pipeline
from cleaner.engines.local import execute
from cleaner.engines.run import Run
from cleaner.errors import ConfigurationError, InputError
from cleaner.formats import remote
from cleaner.formats.files import discover, opened

pytestmark = pytest.mark.store
s3fs = pytest.importorskip("s3fs")
pytest.importorskip("moto.server")
pytest.importorskip("pyarrow")
pytest.importorskip("fastwarc")

Command = Callable[..., Result]
OPTIONS = ("--pipeline", "rules-only", "--quiet")
LINES = frozenset({".jsonl", ".gz"})
BLOCK = 16_384


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A server, and clients that read from it in small blocks, so that a file takes many requests."""
    import fsspec

    running = start_store()
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(fsspec.config.conf, "s3", {"default_block_size": BLOCK})
    s3fs.S3FileSystem.clear_instance_cache()
    yield running
    running.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def put_anew(store: Store, folder: Path, prefix: str) -> str:
    """Store ``folder``, as someone else would: what the program's client remembers is no longer so."""
    url = store.put(folder, prefix)
    s3fs.S3FileSystem.clear_instance_cache()
    return url


def test_every_format_gives_what_local_files_give(store: Store, tmp_path: Path, command: Command) -> None:
    folder = make(tmp_path / "in", "en")
    url = store.put(folder, "deep/in")
    local, far = tmp_path / "local", tmp_path / "far"
    assert command("run", folder, "--output", local, *OPTIONS).exit_code == 1
    result = command("run", url, "--output", far, *OPTIONS, "--workers", 2, "--checkpoint", "8KB")
    assert result.exit_code == 1, result.output
    assert contents(far) == contents(local)
    assert {Path(name).name for name in contents(far) if name.startswith("documents/")} == {
        *("rows.jsonl", "rows.jsonl.gz", "rows.jsonl.zst", "rows.ndjson", "page.html.txt", "text.txt"),
        *("rows.parquet", "pages.parquet", "crawl.warc.wet", "crawl.warc.wet.gz", "texts.wet", "texts.warc.wet.gz"),
    }
    first, second = (json.loads((out / "run.json").read_bytes()) for out in (local, far))
    assert first["counts"] == second["counts"]
    assert [item["bytes"] for item in first["inputs"]] == [item["bytes"] for item in second["inputs"]]


def test_a_file_and_a_glob(store: Store, tmp_path: Path, command: Command) -> None:
    url = store.put(make(tmp_path / "in", "en", formats=LINES), "in")
    assert [item.name for item in discover([f"{url}/*.jsonl"])] == ["rows.jsonl"]
    assert [item.name for item in discover([f"{url}/**/*.gz", f"{url}/rows.jsonl"])] == ["rows.jsonl.gz", "rows.jsonl"]
    result = command("run", f"{url}/rows.jsonl.gz", "--output", "-", *OPTIONS, "--allow-rejects")
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) > 5


def test_a_file_of_many_blocks_is_streamed(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    line = b'{"text": "One line."}\n'
    (tmp_path / "in" / "a.jsonl").write_bytes(line * 120_000)
    url = store.put(tmp_path / "in", "in")
    asked: list[tuple[int, int]] = []
    fetch = s3fs.core.S3File._fetch_range

    def noted(file: object, start: int, end: int) -> bytes:
        asked.append((start, end))
        found: bytes = fetch(file, start, end)
        return found

    monkeypatch.setattr(s3fs.core.S3File, "_fetch_range", noted)
    with opened(f"{url}/a.jsonl") as stream:
        assert next(stream) == line
        before = len(asked)
        assert sum(map(len, stream)) == len(line) * 119_999
        assert stream.seek(5) == stream.tell() == 5
        assert stream.read(4) == line[5:9]
    # The first line took one request, and no request was for more than the buffer and two blocks.
    assert before == 1 < len(asked)
    assert max(end - start for start, end in asked) <= 2 * BLOCK + (256 << 10)


def test_an_object_that_changed_refuses_to_resume(store: Store, tmp_path: Path, command: Command) -> None:
    folder = make(tmp_path / "in", "en", formats=LINES)
    url = store.put(folder, "in")
    arguments = ("run", url, "--output", tmp_path / "out", *OPTIONS, "--resume")
    assert command(*arguments).exit_code == 1
    assert command(*arguments).exit_code == 1
    # As many bytes as before, but others.
    rows = folder / "rows.jsonl"
    rows.write_bytes(rows.read_bytes().replace(b"the", b"teh"))
    put_anew(store, folder, "in")
    result = command(*arguments)
    assert result.exit_code == 2
    assert "the input 'rows.jsonl' has changed since the run began" in result.stderr


def test_a_store_that_goes_away_leaves_its_files_and_a_resumed_run_does_them(store: Store, tmp_path: Path) -> None:
    folder = make(tmp_path / "in", "en", "de", times=20, formats=LINES)
    url = store.put(folder, "in")
    here = tmp_path / "a.jsonl"
    here.write_bytes((folder / "rows.jsonl").read_bytes())

    def run(out: str, *inputs: object, resume: bool = False, gone: bool = False) -> dict[str, str]:
        job = Run(
            tuple(discover(map(str, inputs))),
            Pipeline.load("rules-only"),
            tmp_path / out,
            resume=resume,
            checkpoint=4096,
        )
        stop = store.stop if gone else lambda: None
        return execute(job, lambda outcome: stop() if outcome.tally.read else None).unreadable

    found = run("out", f"{url}/rows.jsonl", here, gone=True)
    assert list(found) == ["rows.jsonl"]
    assert found["rows.jsonl"].startswith(f"{url}/rows.jsonl: Could not connect")
    again = start_store(int(store.address.rpartition(":")[2]))
    try:
        put_anew(again, folder, "in")
        assert run("out", f"{url}/rows.jsonl", here, resume=True) == {}
        assert run("whole", f"{url}/rows.jsonl", here) == {}
    finally:
        again.stop()
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_what_is_not_there(store: Store, tmp_path: Path, command: Command) -> None:
    url = store.put(make(tmp_path / "in", "en", formats=LINES), "in")
    for absent in (f"{url}/absent.jsonl", "s3://no-such-bucket/in", f"{url}/*.csv"):
        result = command("run", absent, "--output", tmp_path / "out")
        assert result.exit_code == 2
        assert result.stderr.startswith("cleaner: "), result.stderr
        assert result.stderr.count("\n") == 1
        assert absent in result.stderr
    with pytest.raises(InputError, match=r"absent\.jsonl: "), remote.opened(f"{url}/absent.jsonl"):
        pass
    with pytest.raises(ConfigurationError, match="Protocol not known"):
        discover(["nothing://host/a.jsonl"])


@pytest.mark.parametrize("verb", [("run", "in.txt"), ("restore", "out")])
def test_output_by_url_is_refused(verb: tuple[str, str], tmp_path: Path, command: Command) -> None:
    result = command(*verb, "--output", "s3://corpus/out")
    assert result.exit_code == 2
    assert "'s3://corpus/out' is a URL" in result.stderr
    assert "write to a folder, then copy it there" in result.stderr
