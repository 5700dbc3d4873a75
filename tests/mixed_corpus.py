"""A corpus of the seeds in every format, bad records among the good ones. The same bytes each time it is made."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from support import SEEDS

BAD_LINES = ('{"id": "cut", "text": "cut off\n', '{"id": "no-text"}\n', '{"id": "number", "text": 3}\n', "\n", "[]\n")


def texts(*languages: str) -> Iterator[tuple[str, str, str]]:
    """Yield id, language and text of the sample documents."""
    for language in languages:
        for path in sorted((SEEDS / "documents" / language).glob("*.txt")):
            yield path.stem, language, path.read_text(encoding="utf-8")


def page(text: str) -> str:
    """Return ``text`` as a page, with a line of furniture after it."""
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line.strip())
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>A page</title></head><body><main>{paragraphs}</main>"
        "<footer><p>Sign up for our newsletter!</p></footer></body></html>"
    )


def make(folder: Path, *languages: str, times: int = 1, formats: frozenset[str] = frozenset()) -> Path:
    """Write the corpus into ``folder`` and return it. ``formats`` (suffixes) limits what is written."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = list(texts(*(languages or ("en", "de")))) * times
    rows = [{"id": f"{name}-{index}", "language": language, "text": text, "extra": {"n": index}}
            for index, (name, language, text) in enumerate(documents)]  # fmt: skip
    lines = b"".join(_lines(rows))
    html = [page(text) for _, _, text in documents]
    made = {
        "rows.jsonl": lines,
        "rows.jsonl.gz": gzip.compress(lines, mtime=0),
        "rows.jsonl.zst": zstandard.compress(lines),
        "sub/rows.ndjson": lines,
        "page.html": html[0].encode(),
        "sub/text.txt": documents[0][2].encode(),
        "sub/bad.txt": b"\xff\xfe is no UTF-8",
    }
    for name, content in made.items():
        if not formats or any(name.endswith(suffix) for suffix in formats):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    if not formats or ".parquet" in formats:
        write_parquet(folder / "rows.parquet", rows)
        write_pages(folder / "pages.parquet", html)
    if not formats or ".warc" in formats:
        write_warc(folder / "crawl.warc.gz", html, compressed=True)
        write_warc(folder / "crawl.warc", html, compressed=False)
    if not formats or ".wet" in formats:
        write_wet(folder / "texts.warc.wet.gz", documents, compressed=True)
        write_wet(folder / "texts.wet", documents, compressed=False)
    return folder


def _lines(rows: list[dict[str, Any]]) -> Iterator[bytes]:
    for index, row in enumerate(rows):
        yield (json.dumps(row, ensure_ascii=index % 2 == 0) + "\n").encode()
        if index % 7 == 3:
            yield BAD_LINES[index // 7 % len(BAD_LINES)].encode()


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows of text with a nested and a null column; every fifth row has no text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "id": pa.array(range(len(rows)), pa.int32()),
            "language": pa.array([row["language"] for row in rows]).dictionary_encode(),
            "text": pa.array([None if n % 5 == 4 else row["text"] for n, row in enumerate(rows)], pa.large_string()),
            "tags": pa.array([["x", str(n)] for n in range(len(rows))]),
            "nothing": pa.nulls(len(rows)),
        }
    ).replace_schema_metadata({"made": "by the tests"})
    pq.write_table(table, path, row_group_size=7, compression="zstd")


def write_pages(path: Path, pages: list[str]) -> None:
    """Write rows of pages, without texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"key": [f"p{n}" for n in range(len(pages))], "html": pages}), path)


def _head(kind: str, number: int, content_type: str, length: int, **more: str) -> bytes:
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date: 2024-05-01T12:00:00Z",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
        f"Content-Type: {content_type}",
        f"Content-Length: {length}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _write_records(path: Path, records: list[bytes], compressed: bool) -> None:
    path.write_bytes(b"".join(gzip.compress(record, mtime=0) if compressed else record for record in records))


def write_warc(path: Path, pages: list[str], compressed: bool) -> None:
    """Write a crawl: an info record, then for each page its request and its response, and an image."""
    info = b"software: tests\r\n"
    records = [_head("warcinfo", 0, "application/warc-fields", len(info)) + info + b"\r\n\r\n"]
    kinds = [("text/html; charset=utf-8", text.encode()) for text in pages] + [("image/png", b"\x89PNG")]
    for number, (kind, body) in enumerate(kinds, 1):
        address = f"https://site.example/{number}"
        asked = b"GET / HTTP/1.1\r\nHost: site.example\r\n\r\n"
        head = _head(
            "request", 10_000 + number, "application/http;msgtype=request", len(asked), WARC_Target_URI=address
        )
        records.append(head + asked + b"\r\n\r\n")
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = _head("response", number, "application/http;msgtype=response", len(answer), WARC_Target_URI=address)
        records.append(head + answer + b"\r\n\r\n")
    _write_records(path, records, compressed)


def write_wet(path: Path, documents: list[tuple[str, str, str]], compressed: bool) -> None:
    """Write the texts of a crawl, one of which is no UTF-8."""
    info = b"software: tests\r\n"
    records = [_head("warcinfo", 0, "application/warc-fields", len(info)) + info + b"\r\n\r\n"]
    codes = {"en": "eng", "de": "deu,eng"}
    bodies = [(text.encode(), codes.get(language, language)) for _, language, text in documents]
    bodies.insert(len(bodies) // 2, (b"\xff\xfe", "eng"))
    for number, (body, code) in enumerate(bodies, 1):
        more = {"WARC_Target_URI": f"https://site.example/{number}", "WARC_Identified_Content_Language": code}
        records.append(_head("conversion", number, "text/plain", len(body), **more) + body + b"\r\n\r\n")
    _write_records(path, records, compressed)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a run wrote, by name, but for what holds times and the way it went."""
    left_out = ("run.json", "journal.jsonl")
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in left_out)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
