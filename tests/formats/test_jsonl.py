"""JSONL: only the value of the text changes, and every spelling comes back."""

from __future__ import annotations

import io

import pytest

from cleaner import Pipeline
from cleaner.document import Document
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.records import Record, raw_of
from cleaner.formats.rows import Fields
from cleaner.ledger import Cleaned, Verdict, apply, digest, edits_from_rows, restore, row
from cleaner.settle import resolve

TEXT = "Rates rose.\nSign up „now“!\n"


def records(content: bytes, **fields: str) -> list[Record]:
    return list(Jsonl(Fields(**fields)).read(io.BytesIO(content), "x.jsonl"))


def cut(record: Record, part: str) -> Cleaned:
    """Clean a record by cutting ``part`` out."""
    document = record.document
    assert document is not None
    cleaned = Pipeline("none").clean(document)
    start = document.text.index(part)
    edits, flags = resolve(document.text, [Verdict(start, start + len(part), "ad", "rules", "ad/en/x", "B.")], {})
    clean = apply(document.text, edits)
    ledger = cleaned.ledger
    made = type(ledger)(
        ledger.id,
        ledger.source,
        None,
        ledger.original_sha256,
        digest(clean),
        ledger.pipeline,
        ledger.version,
        edits,
        flags,
    )
    return Cleaned(clean, made, document)


def there_and_back(raw: bytes, part: str = "Sign up „now“!") -> bytes:
    """Clean a line, check that it restores, and return the clean line."""
    (record,) = records(raw)
    cleaned = cut(record, part)
    shape = Jsonl()
    clean = shape.write(record, cleaned)
    ledger_row = {**row(cleaned.ledger, cleaned.document.text), **shape.extra(record, cleaned)}
    assert shape.text_of(clean) == cleaned.text
    original = restore(shape.text_of(clean), edits_from_rows(ledger_row["edits"]))
    assert shape.restored(clean, original, ledger_row) == raw
    return clean


def test_records() -> None:
    content = b'{"id": 7, "text": "One", "language": "de-AT", "title": "T"}\n\n  \n{"text": "Two"}'
    first, blank, spaces, last = records(content)
    assert first.document == Document("One", "7", first.document.source, "de", "T")  # type: ignore[union-attr]
    assert (blank.document, blank.reject, spaces.document, spaces.reject) == (None, None, None, None)
    assert last.document is not None
    assert (last.document.id, last.number, last.document.source.record) == ("x.jsonl#3", 3, 3)
    assert b"".join(record.raw for record in (first, blank, spaces, last)) == content


def test_named_fields() -> None:
    (record,) = records(b'{"key": "k", "content": "One", "lang": "fr"}', text="content", id="key", language="lang")
    assert record.document is not None
    assert (record.document.text, record.document.id, record.document.language) == ("One", "k", "fr")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "the line is no JSON"),
        (b'{"text": "a"} x', "the line is no JSON"),
        (b'["text"]', "holds a list, not an object"),
        (b"null", "holds a NoneType, not an object"),
        (b'{"body": "a", "id": "9"}', "has no field 'text' (it has: body, id)"),
        (b"{}", "it has: nothing"),
        (b'{"text": null}', "of type NoneType, not a string"),
        (b'{"text": ["a"]}', "of type list, not a string"),
        (b'{"text": "\\ud800"}', "no JSON"),
        (b'{"text": "\xff"}', "no JSON"),
        (b"\xef\xbb\xbf{}", "it has: nothing"),
    ],
)
def test_bad_lines_are_rejects_and_the_others_go_on(line: bytes, reason: str) -> None:
    good, bad, other = records(b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n')
    assert good.document is not None
    assert other.document is not None
    assert bad.reject is not None
    assert reason in bad.reject.reason
    assert (bad.reject.record, bad.reject.stage, bad.reject.source) == (1, "read", "x.jsonl")
    assert raw_of(bad.reject.row()) == line + b"\n"


def test_a_reject_keeps_its_id() -> None:
    (record,) = records(b'{"id": "nine", "text": 3}')
    assert record.reject is not None
    assert record.reject.id == "nine"


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "text": "Rates rose.\\nSign up „now“!\\n", "more": [1, 2.50, 1e3]}\n',
        '{ "text" :\t"Rates rose.\\nSign up „now“!\\n" , "z": {"text": "inner"} }\r\n',
        '{"text": "Rates rose.\\u000aSign up \\u201enow\\u201c!\\n", "a": "\\u0041"}',
        '{"text":"Rates rose.\\nSign up \\u201enow\\u201c!\\n"}\n',
        '{"z": {"text": "Rates rose.\\nSign up „now“!\\n"}, "text": "Rates rose.\\nSign up „now“!\\n"}\n',
        '{"text": "first", "text": "Rates rose.\\nSign up „now“!\\n"}\n',
        '{"text": "Rates rose.\\nSign up „now“!\\n", "list": ["text", "text"], "t": "text"}\n',
        '{"a\\"b": "text", "text": "Rates rose.\\nSign up „now“!\\n"}\n',
        '{"a": "{[", "text": "Rates rose.\\nSign up „now“!\\n", "b": "}]"}\n',
        '{"te\\u0078t": "Rates rose.\\nSign up „now“!\\n", "n": 1.0}\n',
        '{"text": "Rates rose.\\nSign up „now“!\\n", "te\\u0078t": "Rates rose.\\nSign up „now“!\\n"}\n',
        '{"text": "Rates rose.\\nSign up „now“!\\n", "big": 123456789012345678901234567890}\n',
        '{"text": "Rates \\/ rose.\\nSign up „now“!\\n"}\n',
        '\ufeff{"text": "Rates rose.\\nSign up „now“!\\n"}\n',
        '\ufeff{"te\\u0078t": "Rates rose.\\nSign up „now“!\\n", "n": 1.0}\n',
    ],
)
def test_spellings(line: str) -> None:
    raw = line.encode()
    clean = there_and_back(raw)
    assert b"Sign up" not in clean or raw.count(b"Sign up") > 1


def test_all_other_bytes_stay() -> None:
    raw = '{ "a":1.50 ,"text" : "Rates rose.\\nSign up „now“!\\n", "b":"\\u0041é" }\n'.encode()
    assert there_and_back(raw) == '{ "a":1.50 ,"text" : "Rates rose.\\n", "b":"\\u0041é" }\n'.encode()


def test_a_line_without_edits_stays_as_it_is() -> None:
    (record,) = records(b'{"text":   "Rates \\u0072ose."}')
    cleaned = Pipeline("none").clean(record.document)  # type: ignore[arg-type]
    assert Jsonl().write(record, cleaned) == record.raw
    assert Jsonl().extra(record, cleaned) == {}


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (
            b'{"n": 1.10, "html" : "<p>Rates rose.</p>", "big": 123456789012345678901234567890, "k": {"html": 1}}\n',
            b'{"n": 1.10, "text" : "Rates rose.", "big": 123456789012345678901234567890, "k": {"html": 1}}\n',
        ),
        (b'{"h\\u0074ml":"<p>Rates rose.</p>"}', b'{"text":"Rates rose."}'),
        (b'{"html":"<p>No.</p>","id":1,"html":"<p>Rates rose.</p>"}\n', b'{"id":1,"text":"Rates rose."}\n'),
    ],
)
def test_a_text_stands_where_the_page_stood(line: bytes, clean: bytes) -> None:
    (record,) = records(line)
    assert record.document is not None
    assert Jsonl().write(record, Pipeline("none").clean(record.document)) == clean


@pytest.mark.parametrize("number", ["123456789012345678901234567890", "7", "-18446744073709551617", "1.5", "true"])
def test_an_id_that_is_a_number_keeps_all_its_digits(number: str) -> None:
    (record,) = records(f'{{"id": {number}, "text": "Rates rose."}}'.encode())
    assert record.document is not None
    assert record.document.id == {"true": "True"}.get(number, number)
