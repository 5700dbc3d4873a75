"""Laws that hold for every text, by Hypothesis."""

from __future__ import annotations

import io
import json
import random
from functools import lru_cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support import SEEDS

import cleaner
from cleaner import Document, Pipeline
from cleaner.document import Span, check_partition
from cleaner.folding import fold
from cleaner.formats.jsonl import Jsonl
from cleaner.ledger import ACTIONS, Cleaned, Verdict, apply, digest, edits_from_rows, restore, row
from cleaner.marks import Mark, parse, render
from cleaner.measures import sentence_spans
from cleaner.rulebook import CATEGORIES
from cleaner.segments import segments, split, unwrap
from cleaner.settle import resolve

# What breaks offsets: letters that grow or vanish when folded, marks on their own, both directions, emoji joined from
# many code points, every kind of line end and of space.
PIECES = [
    "İ", "ı", "ß", "ẞ", "ﬁ", "e\u0301", "\u0301", "Å", "ǅ", "Σς", "😀", "👩\u200d👩\u200d👧\u200d👦", "🇩🇪", "👍🏽", "𝐁", "𠀋", "\U0010ffff",
    "שָׁלוֹם", "مُحَمَّد", "می\u200cخواهم", "كتـــاب", "\u202e", "\u2066", "नमस्ते", "ไทย", "日本語。", "한국어", "각",
    " ", "  ", "\t", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u00ad", "\n", "\r\n", "\r", "\n\n", "\u2028", "\u2029", "\x0b",
    "\x0c", "\x1c", "\x85", "\0", "…", "“", "”", "「", "」", '"', "\\", "⟦", "⟧", "|", ".", "!", "a", "B", "9", "donate", "Sign up",
]  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(CHARACTERS, max_size=8)), max_size=30).map("".join)


@lru_cache(maxsize=1)
def seed_lines() -> tuple[str, ...]:
    chosen = sorted(path for code in ("en", "de", "tr") for path in (SEEDS / "documents" / code).glob("*.txt"))
    return tuple(line for path in chosen for line in path.read_text(encoding="utf-8").splitlines() if line)


@lru_cache(maxsize=1)
def rules_only() -> Pipeline:
    return Pipeline.load("rules-only")


@st.composite
def noisy_pages(draw: st.DrawFn) -> str:
    """Draw a page of lines of seeds and of noise."""
    lines = draw(st.lists(st.one_of(st.sampled_from(seed_lines()), st.sampled_from(seed_lines()), TEXTS), max_size=25))
    ends = draw(st.sampled_from(["\n", "\n\n", "\r\n", "\n \n", " \n"]))
    return ends.join(lines) + draw(st.sampled_from(["", "\n"]))


@st.composite
def judged_texts(draw: st.DrawFn) -> tuple[str, list[Verdict]]:
    """Draw a text and verdicts on it that may overlap, contradict each other and be of every kind."""
    text = draw(TEXTS.filter(bool))
    places = st.integers(0, len(text))
    verdicts = []
    for _ in range(draw(st.integers(0, 8))):
        start, end = sorted((draw(places), draw(places)))
        if start == end:
            continue
        action = draw(st.sampled_from(ACTIONS))
        verdicts.append(
            Verdict(
                start,
                end,
                draw(st.sampled_from(CATEGORIES[:4])),
                draw(st.sampled_from(["rules", "context"])),
                draw(st.sampled_from(["a/en/x", "b/en/y"])),
                "Because.",
                draw(st.sampled_from([0.5, 1.0, 1.5, 100.0])),
                (Span(start, end),),
                action,
                draw(st.sampled_from(["", "[…]", "\n"])) if action == "replace" else "",
            )
        )
    return text, verdicts


POLICIES = st.dictionaries(st.sampled_from(CATEGORIES[:4]), st.sampled_from(["drop", "flag", "keep"]))


@given(TEXTS)
def test_segments_partition_any_text(text: str) -> None:
    parts = segments(text)
    check_partition(parts, len(text))
    assert "".join(text[part.start : part.end] for part in parts) == text
    assert all(not text[part.start : part.end].strip() for part in parts if part.kind == "gap")
    starts, ends = split(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in zip(starts, ends, strict=True))
    assert len(unwrap(text)) == len(text)


@given(TEXTS)
def test_sentences_lie_in_order(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()


@given(TEXTS)
def test_views_lead_back(text: str) -> None:
    view = fold(text)
    spans = [view.original(place, place + 1) for place in range(len(view.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert view.original(0, len(view.text))[0] >= 0
    places = [view.folded(place) for place in range(len(text) + 1)]
    assert places == sorted(places)
    assert places == view.folded_all(np.arange(len(text) + 1)).tolist()
    assert all(0 <= place <= len(view.text) for place in places)


@given(TEXTS, TEXTS)
def test_what_a_view_shows_stands_in_the_original(before: str, after: str) -> None:
    text = f"{before} newsletter {after}"
    view = fold(text)
    found = []
    place = view.text.find("newsletter")
    while place >= 0:
        found.append(view.original(place, place + len("newsletter")))
        place = view.text.find("newsletter", place + 1)
    assert (len(before) + 1, len(before) + 11) in found


@given(judged_texts(), POLICIES)
def test_any_verdicts_can_be_taken_back(judged: tuple[str, list[Verdict]], policy: dict[str, str]) -> None:
    text, verdicts = judged
    edits, flags = resolve(text, verdicts, policy)
    clean = apply(text, edits)
    assert restore(clean, edits) == text
    position = 0
    for edit in edits:
        assert position <= edit.start < edit.end <= len(text)
        assert edit.removed == text[edit.start : edit.end]
        position = edit.end
    assert all(flag.removed == text[flag.start : flag.end] for flag in flags)
    covered = [False] * len(text)
    for verdict in verdicts:
        if (
            verdict.action in ("drop", "replace")
            and verdict.weight >= 1
            and policy.get(verdict.category, "drop") == "drop"
        ):
            covered[verdict.start : verdict.end] = [True] * (verdict.end - verdict.start)
    assert all(
        covered[place] or (edit.category == "space" and text[place].isspace())
        for edit in edits
        for place in range(edit.start, edit.end)
    )


@given(judged_texts(), st.randoms(use_true_random=False))
def test_the_order_of_verdicts_does_not_matter(judged: tuple[str, list[Verdict]], shuffler: random.Random) -> None:
    text, verdicts = judged
    shuffled = list(verdicts)
    shuffler.shuffle(shuffled)
    assert apply(text, resolve(text, verdicts, {})[0]) == apply(text, resolve(text, shuffled, {})[0])


@given(judged_texts())
def test_rows_hold_code_points_and_bytes(judged: tuple[str, list[Verdict]]) -> None:
    text, verdicts = judged
    cleaned = _cleaned(Document(text), verdicts)
    table = row(cleaned.ledger, text)
    raw = text.encode()
    for item in table["edits"] + table["flags"]:
        assert (
            raw[item["byte_start"] : item["byte_end"]].decode() == text[item["start"] : item["end"]] == item["removed"]
        )
        assert len(text[: item["start"]].encode()) == item["byte_start"]
    read = json.loads(json.dumps(table))
    assert edits_from_rows(read["edits"]) == cleaned.ledger.edits
    assert edits_from_rows(read["flags"]) == cleaned.ledger.flags


def _cleaned(document: Document, verdicts: list[Verdict]) -> Cleaned:
    edits, flags = resolve(document.text, verdicts, {})
    clean = apply(document.text, edits)
    ledger = cleaner.Ledger(
        document.id, "", None, digest(document.text), digest(clean), "p", "v", edits, flags, tuple(verdicts)
    )
    return Cleaned(clean, ledger, document)


@given(TEXTS, st.data())
def test_marks_there_and_back(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8).filter(lambda cuts: len(cuts) % 2 == 0)))
    found = [
        Mark(start, end, data.draw(st.sampled_from(CATEGORIES)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    ]
    assert parse(render(text, found)) == (text, tuple(found))


@given(noisy_pages(), st.sampled_from(["en", "de", "tr"]))
def test_cleaning_restores(text: str, language: str) -> None:
    cleaned = rules_only().clean(Document(text, language=language))
    assert cleaner.restore(cleaned) == text
    again = rules_only().clean(Document(text, language=language))
    assert (again.text, again.ledger) == (cleaned.text, cleaned.ledger)
    assert all(edit.rule and edit.because and edit.stage for edit in cleaned.ledger.edits)


@given(st.lists(noisy_pages(), min_size=2, max_size=4))
def test_no_document_depends_on_the_others(texts: list[str]) -> None:
    forward = [rules_only().clean(Document(text, language="en")).text for text in texts]
    backward = [rules_only().clean(Document(text, language="en")).text for text in reversed(texts)]
    assert forward == backward[::-1]


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), TEXTS
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
SPACES = st.sampled_from(["", " ", "  ", "\t"])


def escaped(text: str, draw: st.DrawFn) -> str:
    """Spell a JSON string with escapes chosen at random."""
    pieces = []
    for character in text:
        units = character.encode("utf-16-be")
        every = "".join(f"\\u{units[place]:02x}{units[place + 1]:02X}" for place in range(0, len(units), 2))
        plain = json.dumps(character, ensure_ascii=False)[1:-1]
        pieces.append(draw(st.sampled_from([plain, plain, every])) if draw(st.booleans()) else plain)
    return '"' + "".join(pieces) + '"'


@st.composite
def lines(draw: st.DrawFn) -> tuple[bytes, str]:
    """Draw a JSONL line in an unusual spelling, and its text: keys in any order, doubled, escaped."""
    text = draw(TEXTS.filter(bool))
    pairs = [("text", text)]
    for _ in range(draw(st.integers(0, 3))):
        pairs.insert(0, (draw(st.sampled_from(["text", "id", "language", "te", "x", ""])), draw(VALUES)))
    for _ in range(draw(st.integers(0, 2))):
        pairs.append((draw(st.sampled_from(["texts", "meta", "Text"])), draw(VALUES)))
    parts = []
    for key, value in pairs:
        name = escaped(key, draw)
        spelled = (
            escaped(value, draw) if isinstance(value, str) else json.dumps(value, ensure_ascii=draw(st.booleans()))
        )
        parts.append(f"{draw(SPACES)}{name}{draw(SPACES)}:{draw(SPACES)}{spelled}{draw(SPACES)}")
    ends = draw(st.sampled_from(["\n", "\r\n", "", " \n"]))
    return ("{" + ",".join(parts) + "}" + ends).encode(), text


@given(lines(), st.data())
def test_any_spelling_of_a_line_comes_back(line: tuple[bytes, str], data: st.DataObject) -> None:
    raw, text = line
    (record,) = Jsonl().read(io.BytesIO(raw), "x")
    assert record.document is not None, record.reject
    assert record.document.text == text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    cleaned = _cleaned(record.document, [Verdict(start, end, "ad", "rules", "ad/en/x", "Because.")])
    shape = Jsonl()
    clean = shape.write(record, cleaned)
    assert shape.text_of(clean) == cleaned.text
    before, after = (json.loads(part) for part in (raw, clean))
    assert {**before, "text": ""} == {**after, "text": ""}
    kept = json.loads(json.dumps({**row(cleaned.ledger, text), **shape.extra(record, cleaned)}))
    original = restore(shape.text_of(clean), edits_from_rows(kept["edits"]))
    assert shape.restored(clean, original, kept) == raw
