"""Which items a review draws: all of a small run, a fair sample of a large one, and only what the filter wants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest
from runs import as_parquet, write_run

from cleaner.review import queue as module
from cleaner.review.items import Filter, Place, entry_of, site_of
from cleaner.review.ledgers import JsonlLedger
from cleaner.review.queue import Queue, quick_draw, read_through
from cleaner.review.run import ReviewedRun


def pages() -> Iterator[tuple[str, str]]:
    """Rows of very different length, and of one to nine items."""
    for number in range(300):
        items = "\n".join(f"⟦donation|Give {'now ' * (number % 7)}{part}⟧\nText." for part in range(number % 9 + 1))
        rare = "\n⟦flagcookie|We use cookies.⟧" if number % 60 == 0 else ""
        yield f"https://www.site{number % 3}.example/{number}", f"{'Long. ' * (number % 5) * 40}\n{items}{rare}"


@pytest.fixture(scope="module", params=["jsonl", "parquet"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ReviewedRun:
    folder = write_run(tmp_path_factory.mktemp("run") / "out", pages())
    if request.param == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        as_parquet(folder, 64)
    return ReviewedRun(folder)


def test_a_small_run_is_drawn_whole(run: ReviewedRun) -> None:
    queue = Queue(run.ledgers, Filter(), 10_000, "0")
    assert queue.share == 1.0
    assert len(queue.places) == len(set(queue.places)) == queue.total == sum(n % 9 + 1 for n in range(300)) + 5


def test_the_seed_alone_decides(run: ReviewedRun) -> None:
    first, again, other = (Queue(run.ledgers, Filter(), 50, seed).places for seed in ("a", "a", "b"))
    assert first == again != other


def drawn_from(run: ReviewedRun, wanted: Filter, count: int, seed: str) -> list[Place]:
    return list(chain.from_iterable(quick_draw(run.ledgers, wanted, count, seed)))


def test_a_quick_draw_is_fair(run: ReviewedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 0)
    monkeypatch.setattr(module, "DRAWS", 4_000)
    monkeypatch.setattr(module, "FIRST", 10)
    drawn: Counter[Place] = Counter()
    rounds = 1_000 if isinstance(run.ledgers[0], JsonlLedger) else 300
    for seed in range(rounds):
        drawn.update(drawn_from(run, Filter(), 5, str(seed)))
    places, total = read_through(run.ledgers, Filter(), 100_000, "0", lambda share: None)
    assert drawn.total() > rounds * 4
    expected = drawn.total() / total
    # Chi square over all items: its mean is their number, its standard deviation the root of twice that.
    square = sum((drawn[place] - expected) ** 2 / expected for place in places)
    assert abs(square - total) < 4 * (2 * total) ** 0.5
    # Items of long rows are not drawn more often than items of short ones.
    by_length = [
        drawn[place] for place in sorted(places, key=lambda place: len(str(run.ledgers[0].row(place.position))))
    ]
    half = len(by_length) // 2
    assert sum(by_length[:half]) / half == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(category="cookie"), 5),
        (Filter(kind="flag"), 5),
        (Filter(rule="cookie/en/example"), 5),
        (Filter(category="cookie", site="site1.example"), 0),
        (Filter(category="cookie", site="site0.example"), 5),
        (Filter(language="de"), 0),
        (Filter(language="unknown"), 0),
    ],
)
def test_filters(run: ReviewedRun, wanted: Filter, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(Queue(run.ledgers, wanted, 100, "0").places) == count
    monkeypatch.setattr(module, "SMALL", 0)
    drawn = drawn_from(run, wanted, 100, "0")
    assert all(wanted.wants(place.kind, entry_of(run.ledgers[0].row(place.position), place)) for place in drawn)


def test_a_large_run_goes_on_aside_until_it_has_all(run: ReviewedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 0)
    monkeypatch.setattr(module, "DRAWS", 10)
    monkeypatch.setattr(module, "FIRST", 5)
    queue = Queue(run.ledgers, Filter(category="cookie"), 100, "0")
    queue.join()
    assert (queue.share, queue.total, len(queue.places)) == (1.0, 5, 5)


def test_a_failure_aside_is_told(run: ReviewedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 0)
    monkeypatch.setattr(module, "DRAWS", 0)
    monkeypatch.setattr(module, "read_through", lambda *arguments: 1 / 0)
    queue = Queue(run.ledgers, Filter(), 10_000, "0")
    queue.join()
    assert "division" in queue.failure


def test_sites() -> None:
    row = {"id": "7", "source": "pages.jsonl"}
    assert site_of({**row, "url": "https://a.example/", "id": "https://b.example/"}) == "a.example"
    assert site_of({**row, "metadata": {"url": "https://www.example.org/a"}}) == "example.org"
    assert site_of({**row, "id": "http://news.example:8080/a"}) == "news.example"
    assert site_of({**row, "id": "http://[broken"}) == ""
