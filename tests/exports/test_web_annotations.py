"""W3C Web Annotations: what the model requires, and every annotation found again by its quote alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from export_runs import LETTER, clean, cleaned, lines, read, rows

from cleaner.exports import export

TERMS = set(
    "id type label generator name generated total first startIndex items motivation body purpose value target source scope "
    "selector start end exact prefix suffix".split()
)
"""Terms of the model's context; a processor of JSON-LD drops what is none."""
MOTIVATIONS = {"editing", "highlighting"}
PURPOSES = ["tagging", "identifying", "describing"]
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annotated")
    given = [*rows(), {"id": "page", "url": "https://a.example/1", "html": f"<p>The river rose.</p><p>{LETTER}</p>"}]
    given.append({"id": "odd", "url": "no address", "text": f"The river rose.\n{LETTER}"})
    (folder / "pages.jsonl").write_bytes(lines(*given))
    return clean(folder / "pages.jsonl", folder / "run", "--pipeline", "appeals")


@pytest.fixture(scope="module")
def exported(run: Path) -> Path:
    export(run, run.parent / "out", "annotations", compression="zst")
    return run.parent / "out"


@pytest.fixture(scope="module")
def collections(exported: Path) -> list[dict[str, Any]]:
    return read(exported / "annotations" / "pages.jsonl.zst")


def items(collection: dict[str, Any]) -> list[dict[str, Any]]:
    return collection["first"]["items"] if collection["total"] else []


def selectors(annotation: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    position, quote = annotation["target"]["selector"]
    assert (position["type"], quote["type"]) == ("TextPositionSelector", "TextQuoteSelector")
    return position, quote


def test_a_collection_for_every_document(run: Path, exported: Path, collections: list[dict[str, Any]]) -> None:
    documents = read(exported / "documents" / "pages.jsonl.zst")
    entries = cleaned(run)["pages.jsonl"]
    labels = [collection["label"] for collection in collections]
    assert labels == [document["id"] for document in documents] == [entry.row["id"] for entry in entries]
    assert [document["text"] for document in documents] == [entry.original for entry in entries]
    counts = [len(entry.row["edits"]) + len(entry.row["flags"]) for entry in entries]
    assert [collection["total"] for collection in collections] == counts
    assert 0 in counts


def test_what_the_model_requires(collections: list[dict[str, Any]]) -> None:
    names: list[str] = []
    for collection in collections:
        assert (collection["@context"], collection["type"]) == (
            "http://www.w3.org/ns/anno.jsonld",
            "AnnotationCollection",
        )
        assert DATE.fullmatch(collection["generated"])
        assert ("first" in collection) == (collection["total"] > 0)
        names.append(collection["id"])
        if collection["total"]:
            page = collection["first"]
            assert (page["type"], page["startIndex"], len(page["items"])) == ("AnnotationPage", 0, collection["total"])
            names.append(page["id"])
        for annotation in items(collection):
            names.append(annotation["id"])
            assert annotation["type"] == "Annotation"
            assert annotation["motivation"] in MOTIVATIONS
            assert [body["purpose"] for body in annotation["body"]] == PURPOSES
            assert {body["type"] for body in annotation["body"]} == {"TextualBody"}
            assert all(isinstance(body["value"], str) and body["value"] for body in annotation["body"])
            assert IRI.fullmatch(annotation["target"]["source"])
            position, quote = selectors(annotation)
            assert 0 <= position["start"] < position["end"]
            assert quote["exact"]
    assert all(IRI.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)


def terms(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(terms, value.values()))
    return set().union(*map(terms, value)) if isinstance(value, list) else set()


def test_all_is_said_in_terms_of_the_model(collections: list[dict[str, Any]]) -> None:
    assert terms(collections) == TERMS | {"@context"}


def test_all_are_found_again_by_their_quotes(run: Path, collections: list[dict[str, Any]]) -> None:
    anchored = 0
    for entry, collection in zip(cleaned(run)["pages.jsonl"], collections, strict=True):
        for annotation in items(collection):
            position, quote = selectors(annotation)
            sought = quote["prefix"] + quote["exact"] + quote["suffix"]
            found = [
                match.start() + len(quote["prefix"])
                for match in re.finditer(f"(?={re.escape(sought)})", entry.original)
            ]
            nearest = min(found, key=lambda start: abs(start - position["start"]))
            assert (nearest, nearest + len(quote["exact"])) == (position["start"], position["end"])
            assert entry.original[position["start"] : position["end"]] == quote["exact"]
            anchored += len(found) == 1
    # Only where one sentence stands between the same neighbours twice does the position have to decide.
    assert anchored >= 0.95 * sum(collection["total"] for collection in collections)


def test_the_removals_make_the_clean_text(run: Path, collections: list[dict[str, Any]]) -> None:
    for entry, collection in zip(cleaned(run)["pages.jsonl"], collections, strict=True):
        text = entry.original
        for annotation in reversed([item for item in items(collection) if item["motivation"] == "editing"]):
            position, _ = selectors(annotation)
            text = text[: position["start"]] + text[position["end"] :]
        assert text == entry.clean


def test_bodies_say_category_rule_and_reason(run: Path, collections: list[dict[str, Any]]) -> None:
    seen = set()
    for entry, collection in zip(cleaned(run)["pages.jsonl"], collections, strict=True):
        done = [("editing", edit) for edit in entry.row["edits"]] + [
            ("highlighting", flag) for flag in entry.row["flags"]
        ]
        for annotation, (motivation, edit) in zip(items(collection), done, strict=True):
            assert annotation["motivation"] == motivation
            seen.add(motivation)
            values = [body["value"] for body in annotation["body"]]
            assert values == [edit["category"], edit["rule"], edit["because"]]
    assert seen == MOTIVATIONS


def test_the_source_is_the_text_and_its_scope_the_page(run: Path, collections: list[dict[str, Any]]) -> None:
    import base64

    entries = cleaned(run)["pages.jsonl"]
    for entry, collection in zip(entries, collections, strict=True):
        for annotation in items(collection):
            digest = annotation["target"]["source"].removeprefix("ni:///sha-256;")
            assert base64.urlsafe_b64decode(digest + "=").hex() == entry.row["original_sha256"]
    scopes = {
        collection["label"]: [item["target"].get("scope") for item in items(collection)] for collection in collections
    }
    assert set(scopes["page"]) == {"https://a.example/1"}
    assert set(scopes["odd"]) == {None}


def test_the_same_run_gives_the_same_bytes(run: Path, exported: Path, tmp_path: Path) -> None:
    export(run, tmp_path, "annotations", compression="zst")
    for name in ("annotations/pages.jsonl.zst", "documents/pages.jsonl.zst", "export.json"):
        assert (tmp_path / name).read_bytes() == (exported / name).read_bytes()


def test_a_replacement_has_its_text(tmp_path: Path) -> None:
    from cleaner.exports.entries import Entry
    from cleaner.exports.web_annotations import Origin, collection

    edit = {"start": 0, "end": 3, "removed": "one", "inserted": "1", "category": "ad", "rule": "r", "because": "b"}
    row = {"id": "", "original_sha256": "00" * 32, "pipeline": "p", "version": "v", "edits": [edit], "flags": []}
    made = collection(Entry("a", 0, "one two", "1 two", row, b"", {}), Origin("", ""))
    assert items(made)[0]["body"][-1] == {"type": "TextualBody", "purpose": "editing", "value": "1"}
    assert "generated" not in made
