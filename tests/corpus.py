"""A mixed corpus of the seeds in all formats, with records and files that cannot be cleaned."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as parquet
import zstandard
from support import SEEDS

LANGUAGES = ("de", "en", "fr")
FEW = 4
_PAGE = "<!doctype html><html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
BAD_LINES = (
    b"{no json",
    b"[1, 2]",
    b'{"id": "no text"}',
    b'{"id": "null", "text": null}',
    b'{"id": "half", "text": "cut \\ud800"}',
    b'{"id": "number", "text": 12}',
    b'{"id": "latin", "text": "caf\xe9"}',
)


def texts() -> list[tuple[str, str, str]]:
    """Return name, language and text of some seeds."""
    chosen: list[tuple[str, str, str]] = []
    for language in LANGUAGES:
        for path in sorted((SEEDS / "documents" / language).glob("*.txt"))[:FEW]:
            chosen.append((path.stem, language, path.read_text(encoding="utf-8")))
    return chosen


def page(text: str) -> str:
    """Return ``text`` as a page."""
    title, *lines = text.splitlines()
    body = "".join(f"<p>{line}</p>" for line in lines if line)
    return _PAGE.format(title=title, body=f"<h1>{title}</h1>{body}")


def table() -> pa.Table:
    """Return the rows of the corpus's Parquet file: texts, pages, rows with neither; a column that is carried through."""
    rows: list[dict[str, Any]] = []
    for number, (name, language, text) in enumerate(texts()):
        row = {"id": name, "language": language, "shelf": [number], "text": text, "html": None}
        rows.append(row if number % 3 else row | {"text": None, "html": page(text).encode()})
    rows.insert(2, {"id": "nothing", "language": None, "shelf": None, "text": None, "html": None})
    rows.append({"id": None, "language": None, "shelf": [], "text": "A line without an id.", "html": None})
    types = {"id": pa.string(), "language": pa.string(), "shelf": pa.list_(pa.int64()), "text": pa.string()}
    return pa.Table.from_pylist(rows, pa.schema([*types.items(), ("html", pa.binary())]))


def write(folder: Path) -> Path:
    """Write the corpus into ``folder`` and return it."""
    seeds = texts()
    (folder / "texts").mkdir(parents=True)
    (folder / "pages").mkdir()
    for name, language, text in seeds[::2]:
        (folder / "texts" / f"{name}.{language}.txt").write_text(text, encoding="utf-8")
        (folder / "pages" / f"{name}.html").write_text(page(text), encoding="utf-8")
    (folder / "texts" / "latin.txt").write_bytes("Größe".encode("latin-1"))
    (folder / "texts" / "empty.txt").write_bytes(b"")
    (folder / "texts" / "binary.md").write_bytes(b"a\0b")
    (folder / "pages" / "empty.html").write_bytes(b"")
    latin = page("Größe\nDas Wetter wird über die Woche schöner.\nJetzt unseren Newsletter abonnieren!")
    (folder / "pages" / "latin.html").write_bytes(
        latin.replace("<head>", '<head><meta charset="latin-1">').encode("latin-1")
    )
    lines = _lines(seeds)
    (folder / "plain.jsonl").write_bytes(b"\n".join(lines))
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines[::2]) + b"\n"))
    (folder / "packed.jsonl.zst").write_bytes(zstandard.compress(b"\n".join(lines[1::2]) + b"\n"))
    parquet.write_table(table(), folder / "rows.parquet", row_group_size=5)
    (folder / "crawl.warc.gz").write_bytes(b"".join(map(gzip.compress, _crawl(seeds))))
    (folder / "crawl.wet").write_bytes(b"".join(_extracts(seeds)))
    return folder


def _lines(seeds: list[tuple[str, str, str]]) -> list[bytes]:
    lines: list[bytes] = []
    for number, (name, language, text) in enumerate(seeds):
        row = {"id": name, "language": language, "text": text, "kept": {"text": number}}
        if number % 4 == 1:
            row = {"id": name, "html": page(text), "url": f"https://site.example/{name}"}
        # Some writers spell every letter beyond ASCII as an escape.
        lines.append(json.dumps(row).encode() if number % 4 == 2 else orjson.dumps(row))
        if number < len(BAD_LINES):
            lines.append(BAD_LINES[number])
    return [*lines, b"", b'{"text": "A line without an id."}']


def _crawl(seeds: list[tuple[str, str, str]]) -> list[bytes]:
    pages = [page(text).encode() for _, _, text in seeds[1::3]]
    records = [_record("request", b"GET / HTTP/1.1\r\n\r\n", number) for number in range(2)]
    for number, content in enumerate([*pages, b"<p>" + b"x" * 21_000_000], 2):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        records.append(_record("response", head + content, number))
    return records


def _extracts(seeds: list[tuple[str, str, str]]) -> list[bytes]:
    contents = [*(text.encode() for _, _, text in seeds[2::3]), b"caf\xe9", b""]
    return [_record("conversion", content, number) for number, content in enumerate(contents)]


def _record(kind: str, content: bytes, number: int) -> bytes:
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "WARC-Date: 2026-01-01T00:00:00Z",
        f"WARC-Target-URI: https://site.example/{number}",
        f"Content-Type: {'text/plain' if kind == 'conversion' else f'application/http; msgtype={kind}'}",
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n\r\n"
