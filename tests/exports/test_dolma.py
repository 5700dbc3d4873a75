"""Attributes for dolma: spans whose removal gives the clean text, in whatever choice of categories."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from export_runs import ASK, LETTER, TEXTS, clean, cleaned, lines, read, rows
from hypothesis import given
from hypothesis import strategies as st
from runs import ledger_row

from cleaner.errors import ConfigurationError
from cleaner.exports import dolma, export
from cleaner.ledger import Ledger, Verdict, apply, row
from cleaner.settle import resolve

MARKED = {
    "one line": "The river rose.\n⟦ad|Buy a boat.⟧\nThe bridge opens.",
    "two in one hole": "The river rose.\n\n⟦ad|Buy a boat.⟧\n\n⟦donation|Give.⟧\n\nThe bridge opens.",
    "the larger border behind": "The river rose.\n⟦ad|Buy a boat.⟧\n⟦donation|Give.⟧\n\n\nThe bridge opens.",
    "at the start": "\n ⟦ad|Buy a boat.⟧\n\n⟦donation|Give.⟧\n\nThe bridge opens.",
    "at the end": "The bridge opens.\n\n⟦ad|Buy a boat.⟧\n\n⟦donation|Give.⟧\n",
    "within a line": "The river rose. ⟦ad|Buy a boat.⟧ ⟦donation|Give.⟧ The bridge opens.",
    "side by side": "The river rose.\n⟦ad|Buy a boat.⟧⟦donation|Give.⟧\nThe bridge opens.",
    "all of it": "⟦ad|Buy a boat.⟧\n⟦donation|Give.⟧",
    "apart": "⟦ad|Buy 😀.⟧\nThe İ rose.\n⟦donation|Give.⟧\nThe bridge opens.\n⟦ad|Buy a boat.⟧",
    "flags": "The river rose.\n⟦flagad|Buy a boat.⟧\n⟦donation|Give.⟧\nThe bridge opens.",
}


def without(text: str, attributes: dict[str, Any], categories: tuple[str, ...]) -> str:
    """Return ``text`` without the spans that a mixer would take out for ``categories``."""
    chosen = [attributes.get(f"cleaner__removed__{category}", []) for category in categories]
    position, pieces = 0, []
    for start, end, _ in sorted(span for spans in chosen for span in spans):
        assert position <= start < end <= len(text)
        pieces.append(text[position:start])
        position = end
    return "".join([*pieces, text[position:]])


@pytest.mark.parametrize("marked", MARKED.values(), ids=MARKED)
def test_all_categories_give_the_clean_text(marked: str) -> None:
    text, clean_text, entry = ledger_row(marked, "1", "a.jsonl")
    assert without(text, dolma.attributes(entry["edits"], entry["flags"]), ("ad", "donation")) == clean_text


# Where nothing stands between two removals, what they leave over belongs to both: it goes with the last.
SEPARATE = {name: marked for name, marked in MARKED.items() if name != "side by side"}


@pytest.mark.parametrize("marked", SEPARATE.values(), ids=SEPARATE)
@pytest.mark.parametrize("category", ["ad", "donation"])
def test_a_choice_of_categories_leaves_whole_lines(marked: str, category: str) -> None:
    text, _, entry = ledger_row(marked, "1", "a.jsonl")
    left = without(text, dolma.attributes(entry["edits"], entry["flags"]), (category,))
    kept = [edit["removed"] for edit in entry["edits"] if edit["category"] not in (category, "space")]
    sentences = [*kept, *(part for part in ("The river rose.", "The İ rose.", "The bridge opens.") if part in text)]
    for one, other in combinations(sentences, 2):
        if one + other not in text and other + one not in text:
            assert one + other not in left
            assert other + one not in left
    assert all(sentence in left for sentence in sentences)
    assert left.count("\n") <= text.count("\n")


@given(
    st.text("ab. \n\t😀İ\u0301", min_size=1, max_size=40),
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["ad", "donation", "social"])), max_size=6
    ),
)
def test_any_removals_give_the_clean_text(text: str, chosen: list[tuple[int, int, str]]) -> None:
    verdicts = [
        Verdict(start, min(start + length, len(text)), category, "rules", "r", "b")
        for start, length, category in chosen
        if start < len(text)
    ]
    edits, flags = resolve(text, verdicts, {})
    document = row(Ledger("1", "a", None, "", "", "", "", edits, flags), text)
    attributes = dolma.attributes(document["edits"], document["flags"])
    assert without(text, attributes, ("ad", "donation", "social", "space")) == apply(text, edits)
    assert "cleaner__removed__space" not in attributes


def test_scores_flags_and_replacements() -> None:
    edits = [
        {"start": 2, "end": 4, "weight": 1.5, "category": "ad", "inserted": ""},
        {"start": 4, "end": 6, "weight": 2.0, "category": "ad", "inserted": "…"},
        {"start": 6, "end": 7, "weight": 1.0, "category": "space", "inserted": ""},
        {"start": 7, "end": 9, "weight": 1.0, "category": "social", "inserted": ""},
    ]
    flags = [
        {"start": 0, "end": 3, "weight": 0.5, "category": "ad"},
        {"start": 1, "end": 2, "weight": 0.7, "category": "ad"},
    ]
    assert dolma.attributes(edits, flags) == {
        "cleaner__removed__ad": [[2, 4, 1.5]],
        "cleaner__replaced__ad": [[4, 6, 2.0]],
        "cleaner__removed__social": [[6, 9, 1.0]],
        "cleaner__flagged__ad": [[0, 3, 0.5], [1, 2, 0.7]],
    }


def test_an_export(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    source.write_bytes(lines(*rows(), b"{no json", {"id": 7, "text": f"A line.\n{LETTER}", "extra": [1]}))
    run = clean(source, tmp_path / "run")
    exported = export(run, tmp_path / "out", "dolma")
    entries = cleaned(run)["pages.jsonl"]
    assert (exported.documents, exported.rejected) == (len(entries), 1)
    documents = read(tmp_path / "out" / "documents" / "pages.jsonl.gz")
    attributes = read(tmp_path / "out" / "attributes" / "cleaner" / "pages.jsonl.gz")
    # A line that has the form already is the same line; another one has it now, and keeps what it had.
    assert documents[:-1] == rows()
    assert documents[-1] == {"id": "7", "text": f"A line.\n{LETTER}", "extra": [1], "source": "pages.jsonl"}
    for document, given_row, entry in zip(documents, attributes, entries, strict=True):
        assert (given_row["id"], given_row["source"]) == (document["id"], document["source"])
        assert without(document["text"], given_row["attributes"], tuple(exported.removed)) == entry.clean
    assert exported.removed["newsletter"] >= len(TEXTS) - 4
    (reject,) = read(tmp_path / "out" / "rejects" / "pages.jsonl.gz")
    assert (reject["record"], reject["stage"]) == (len(rows()), "read")


def test_attributes_only(tmp_path: Path) -> None:
    folder = tmp_path / "set" / "documents"
    (folder / "sub").mkdir(parents=True)
    found = [
        {"id": 1, "text": f"The river rose.\n{LETTER}"},
        {"id": "no text"},
        b"",
        b"{no json",
        {"id": "number", "text": 3},
        {"id": "last", "text": "The bridge opens.", "source": "b"},
    ]
    (folder / "sub" / "part.0001.jsonl").write_bytes(lines(*found))
    (folder / "none.jsonl").write_bytes(b"")
    run = clean(folder, tmp_path / "run")
    exported = export(run, tmp_path / "set", "dolma", attributes_only=True)
    assert (exported.documents, exported.rejected) == (2, 3)
    written = read(tmp_path / "set" / "attributes" / "cleaner" / "sub" / "part.0001.jsonl")
    assert [row["id"] for row in written] == [1, "no text", None, None, "number", "last"]
    marked = [sorted(row["attributes"]) for row in written]
    rejected = ["cleaner__rejected"]
    assert marked == [["cleaner__removed__newsletter"], rejected, [], rejected, rejected, []]
    assert [row["source"] for row in written] == [None, None, None, None, None, "b"]
    # An empty file of documents has an empty file of attributes.
    assert (tmp_path / "set" / "attributes" / "cleaner" / "none.jsonl").read_bytes() == b""
    assert (folder / "sub" / "part.0001.jsonl").read_bytes() == lines(*found)


def test_attributes_only_are_for_lines_that_dolma_reads(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ASK)
    (tmp_path / "key.jsonl").write_bytes(lines({"key": "1", "text": "A line."}))
    (tmp_path / "page.jsonl").write_bytes(lines({"id": "1", "html": "<p>A line of a page.</p>"}))
    for name, options in (("a.txt", ()), ("key.jsonl", ("--id-field", "key")), ("page.jsonl", ())):
        run = clean(tmp_path / name, tmp_path / "runs" / name, *options)
        with pytest.raises(ConfigurationError, match="leave out --attributes-only"):
            export(run, tmp_path / "out", "dolma", attributes_only=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.gz", "a.gz"), ("sub/documents/a.gz", "sub/attributes/cleaner/a.gz"), ("documents/a.gz", "documents/a.gz")],
)
def test_where_the_mixer_looks_for_attributes(name: str, expected: str) -> None:
    assert dolma.attribute_name(name) == expected


def test_a_folder_that_would_lead_the_mixer_astray() -> None:
    with pytest.raises(ConfigurationError, match="every folder 'documents'"):
        dolma.check_output(Path("/data/documents/out"))
    with pytest.raises(ConfigurationError, match="every folder 'documents'"):
        dolma.check_output(Path("/data/documents"))
    with pytest.raises(ConfigurationError, match="a pattern of names"):
        dolma.check_output(Path("out[1]"))
    assert dolma.check_output(Path("out/set")) == "out/set"
    assert dolma.check_output(Path()) == Path().resolve().as_posix()
