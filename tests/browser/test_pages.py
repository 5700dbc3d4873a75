"""The pages of audit, diff and explain in a real browser, opened from disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from audit_runs import DOCUMENTS, HOSTILE, run_of
from browsers import DESKTOP, PHONE, serious_findings

from cleaner.cli.main import cli

pytestmark = pytest.mark.browser

VIEWS = ("audit", "diff", "explain")
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three pages as their commands write them."""
    folder = tmp_path_factory.mktemp("pages")
    run = run_of(folder / "new", DOCUMENTS)
    before = run_of(folder / "old", DOCUMENTS, "--pipeline", "careful")
    hostile = folder / "hostile.txt"
    hostile.write_text("\n".join(f"{text} Sign up for our newsletter! {text}" for text in HOSTILE), encoding="utf-8")
    paths = {view: folder / f"{view}.html" for view in VIEWS}
    cli.main(["audit", str(run), "--output", str(paths["audit"])], standalone_mode=False)
    assert (
        cli.main(
            ["diff", str(before), str(run), "--output", str(paths["diff"]), "--samples", "50"], standalone_mode=False
        )
        == 1
    )
    cli.main(["explain", str(hostile), "--page", str(paths["explain"])], standalone_mode=False)
    return paths


@pytest.fixture
def show(page: Any, pages: dict[str, Path]) -> Open:
    """Open one of the pages from disk; any request but that of the file itself fails the test."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))

    def opened(view: str, hash: str = "") -> Any:
        page.goto(f"{pages[view].as_uri()}{hash}")
        page.wait_for_selector("h1")
        assert asked == [pages[view].as_uri()]
        return page

    return opened


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_opens_from_disk_and_hostile_text_is_inert(show: Open, view: str) -> None:
    page = show(view)
    while more := [button for button in page.locator("button.more").all() if button.is_visible()]:
        more[0].click()
    for summary in page.locator("summary").all():
        summary.click()
    # Nothing from a document ran or became an element; the page's own elements are few.
    assert page.evaluate("window.hit") is None
    assert page.locator("#page :is(script, iframe, img, svg, object, embed, link, style, a[href^='http'])").count() == 0
    assert "<script>window.hit = 1</script>" in page.locator("#page").inner_text()
    # Signs that turn the direction of text are spelled out, none is left to act.
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.locator("#page").inner_text())
    assert page.locator(".unseen", has_text="U+202E").count()


def test_the_policy_refuses_what_is_not_the_page_s_own(show: Open) -> None:
    page = show("audit")
    outcome = page.evaluate(
        """async () => {
            const script = document.createElement("script");
            script.textContent = "window.hit = 1";
            document.body.append(script);
            const image = new Image();
            const loaded = new Promise((done) => { image.onload = () => done("loaded"); image.onerror = () => done("refused"); });
            image.src = "http://127.0.0.1:9/x.png";
            return [window.hit ?? null, await loaded];
        }"""
    )
    assert outcome == [None, "refused"]
    assert len(page.console_errors) >= 2
    assert all("Content Security Policy" in error for error in page.console_errors)
    page.console_errors.clear()


def test_search_and_filters(show: Open) -> None:
    page = show("audit")
    everything = int(re.findall(r"\d+", page.locator("#samples .status").inner_text())[0])
    page.get_by_label("Kind").select_option("flagged")
    assert set(page.locator(".card .badge").all_inner_texts()) == {"Flagged, not removed"}
    page.get_by_role("button", name="Clear").click()
    assert f"{everything} samples." in page.locator("#samples .status").inner_text()
    page.get_by_label("Search").fill("STORY 7")
    page.wait_for_function("document.querySelector('#samples .status').textContent.includes('match')")
    cards = page.locator(".card")
    assert 0 < cards.count() < everything
    assert all("story 7" in text.lower() for text in cards.all_inner_texts())
    page.get_by_label("Search").fill("no such words anywhere")
    assert page.locator("#samples .status").inner_text().startswith("0 of ")
    assert cards.count() == 0


def test_a_name_in_a_table_shows_its_samples(show: Open) -> None:
    page = show("audit")
    rule = page.locator(".board", has=page.locator("#by-rules")).locator(".pick").first
    wanted = rule.inner_text()
    rule.press("Enter")
    assert page.evaluate("document.activeElement.id") == "samples-title"
    assert {chip.inner_text() for chip in page.locator(".card .chip.rule").all()} == {wanted}
    # The address keeps the filter.
    assert page.evaluate("location.hash").startswith("#samples?rule=")


def test_an_address_with_a_filter_opens_it(show: Open) -> None:
    page = show("audit", "#samples?category=newsletter&kind=removed")
    assert {chip.inner_text() for chip in page.locator(".card .chip.category").all()} == {"newsletter"}


def test_tables_sort_and_search(show: Open) -> None:
    page = show("audit")
    board = page.locator(".board", has=page.locator("#by-categories"))
    head = board.get_by_role("button", name="Removals")
    for direction, order in (("descending", True), ("ascending", False)):
        head.press("Enter")
        assert board.locator("th[aria-sort]").get_attribute("aria-sort") == direction
        numbers = [int(text.replace(",", "")) for text in board.locator("tbody td:nth-child(3)").all_inner_texts()]
        assert numbers == sorted(numbers, reverse=order)
        assert len(numbers) > 1
    rules = page.locator(".board", has=page.locator("#by-rules"))
    rules.get_by_label("Find a rule").fill("newsletter")
    names = rules.locator("tbody th").all_inner_texts()
    assert names
    assert all("newsletter" in name for name in names)


def test_charts_show_the_numbers(show: Open) -> None:
    page = show("audit")
    bars = page.locator(".histogram .column")
    assert bars.count() == 13
    heights = bars.evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    counts = [
        int(re.findall(r"(\d+) document", text)[0]) for text in page.locator(".histogram .unheard").all_text_contents()
    ]
    assert sum(counts) == len(DOCUMENTS)
    assert [height > 0 for height in heights] == [number > 0 for number in counts]
    assert heights.index(max(heights)) == counts.index(max(counts))
    parts = page.locator(".strip span").evaluate_all("spans => spans.map(span => span.getBoundingClientRect().width)")
    assert parts
    assert min(parts) > 0


def test_documents_open_with_their_marks(show: Open) -> None:
    page = show("audit")
    first = page.locator("#documents details").first
    first.locator("summary").press("Enter")
    first.locator("del.this").first.wait_for()
    assert page.locator("#guarded summary").count() == 1
    assert page.locator("#rejects details").count() == 2


def test_the_difference_names_kinds_and_reasons(show: Open) -> None:
    page = show("diff")
    assert re.search(r"\d+ of \d+ documents differ", page.locator(".headline").inner_text().replace("\n", " "))
    assert page.locator(".card .badge").first.inner_text() == "Newly removed"


def test_verdicts_lead_to_the_text(show: Open) -> None:
    page = show("explain")
    page.locator(".verdict .pick").first.press("Enter")
    assert page.locator(".verdict.chosen").count() == 1
    assert page.locator(".text .chosen").count() >= 1
    states = page.get_by_label("Show", exact=True)
    for value in states.locator("option").evaluate_all(
        "options => options.map(option => option.value).filter(Boolean)"
    ):
        states.select_option(value)
        assert set(page.locator(".verdict:not([hidden]) .badge").all_inner_texts()) == {value}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light-desktop", "dark-phone"])
def test_accessible_and_never_wider_than_the_screen(show: Open, view: str, scheme: str, size: dict[str, int]) -> None:
    page = show(view)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert serious_findings(page) == []


def test_the_whole_page_by_keyboard(show: Open) -> None:
    page = show("audit")
    seen = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "document.activeElement === document.body ? null : document.activeElement.closest('section, nav, header')?.id ?? ''"
        )
        if place is None:
            break
        seen.add(place)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
    assert {"overview", "taken", "samples", "documents", "guarded", "rejects"} - {"overview"} <= seen


def test_light_and_dark_by_hand(show: Open) -> None:
    page = show("audit")
    page.emulate_media(color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    assert before == page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
