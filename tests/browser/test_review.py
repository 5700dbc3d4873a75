"""The review in a real browser, the server a process of its own."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsers import serious_findings
from reviewing import ITEMS, PAGES, Server, counted, judged, opened, press, served
from runs import write_run

from cleaner.labelled import read
from cleaner.review.decisions import Decisions

pytestmark = pytest.mark.browser


def test_thirty_removals_by_keyboard_and_the_export_feeds_evaluate(
    run: Path, page: Any, tmp_path: Path, command: Callable[..., Any]
) -> None:
    verdicts: list[str] = []
    with served(run, "--reviewer", "ana") as server:
        opened(page, server)
        # The token does not stay where it could be seen or bookmarked.
        assert "token" not in page.url
        for number in range(ITEMS):
            assert judged(page) == number
            category = page.locator("#what em").inner_text()
            marked = "".join(page.locator("mark.own").all_inner_texts())
            assert page.locator("mark.own").first.is_visible()
            assert {"donation": "Give", "newsletter": "Sign up", "social": "Share"}[category] in marked
            assert page.locator("#current").bounding_box()["y"] > 50
            key = "rwuc"[number % 4] if number % 7 == 3 else "w" if category == "social" else "r"
            page.keyboard.press(key)
            if key == "c":
                page.wait_for_selector("dialog[open]")
                page.keyboard.press("A")
            verdicts.append({"r": "right", "w": "wrong", "u": "unsure", "c": "category"}[key])
            counted(page, number + 1)
        assert "All 30 items are judged" in page.locator("#status").inner_text()
        assert server.end() == 0
    kept = Decisions(run / "review.sqlite").current()
    assert [decision.verdict for decision in kept] == verdicts
    gold = tmp_path / "gold.jsonl"
    assert command("review", run, "--export", "labelled", "--output", gold).exit_code == 0
    assert len(list(read([gold]))) == len(PAGES)
    scored = json.loads(command("evaluate", gold, "--json").stdout)
    assert scored["documents"] == len(PAGES)
    assert scored["words"]["donation"] > 20
    assert scored["body_words"] > 0


def test_killed_and_started_again(run: Path, page: Any) -> None:
    for count in (1, 2, 3):
        server = Server(run, "--reviewer", "ana")
        opened(page, server)
        before = judged(page)
        for number in range(count):
            page.keyboard.press("r")
            counted(page, before + number + 1)
        server.end(signal.SIGKILL)
        # What is judged while the server is away is not shown as judged.
        page.keyboard.press("w")
        page.wait_for_selector("#status.alarm")
        assert "does not answer" in page.locator("#status").inner_text()
        assert judged(page) == before + count
        page.console_errors.clear()  # the browser's own note of the connection
    assert len(Decisions(run / "review.sqlite").current("ana")) == 6


def test_undo_goes_back(run: Path, page: Any) -> None:
    with served(run) as server:
        opened(page, server)
        first = page.locator("#quote").inner_text()
        page.keyboard.press("r")
        counted(page, 1)
        assert page.locator("#quote").inner_text() != first
        page.keyboard.press("z")
        counted(page, 0)
        assert page.locator("#quote").inner_text() == first
        press(page, "z")
        assert "nothing to take back" in page.locator("#status").inner_text()


def choose(page: Any, key: str) -> None:
    page.wait_for_selector("dialog[open]")
    page.keyboard.press(key)
    page.wait_for_selector("mark.missed")


def test_a_missed_appeal_with_the_mouse(run: Path, page: Any) -> None:
    with served(run) as server:
        opened(page, server)
        line = page.locator("#text p", has_text="Buy our mug").bounding_box()
        middle = line["y"] + line["height"] / 2
        page.mouse.move(line["x"] + 1, middle)
        page.mouse.down()
        page.mouse.move(line["x"] + 260, middle, steps=8)
        page.mouse.up()
        text = page.evaluate("getSelection().toString()").strip()
        assert text.startswith("Buy our mug")
        page.click("#selection-mark")
        choose(page, "A")
        assert page.locator("mark.missed").inner_text() == text
        (decision,) = Decisions(run / "review.sqlite").current()
        document = Decisions(run / "review.sqlite").documents()[decision.document]
        # The emoji before it is one code point here and two units there.
        assert document.text[decision.span.start : decision.span.end] == text
        assert decision.category == "ad"
        page.locator("mark.missed").click()
        page.wait_for_selector("mark.missed", state="detached")
        assert Decisions(run / "review.sqlite").current() == []


def test_a_missed_appeal_by_keyboard(run: Path, page: Any) -> None:
    with served(run) as server:
        opened(page, server)
        press(page, "m")
        while "Buy our mug" not in page.locator("#status-text").inner_text():
            press(page, "ArrowDown")
        press(page, "Shift+ArrowLeft")
        press(page, "ArrowLeft")
        while "Buy our mug" not in page.locator("#status-text").inner_text():
            press(page, "ArrowRight")
        page.keyboard.press("Enter")
        choose(page, "A")
        assert re.fullmatch(r"Buy our mug \d in the shop\.", page.locator("mark.missed").inner_text())
        page.keyboard.press("d")
        page.wait_for_selector("#read[aria-pressed=true]")
        assert [one.verdict for one in Decisions(run / "review.sqlite").current()] == ["missed", "read"]


def test_filters(run: Path, page: Any) -> None:
    with served(run) as server:
        opened(page, server)
        page.keyboard.press("f")
        page.select_option("[name=category]", "social")
        page.fill("[name=site]", "news1.example")
        page.keyboard.press("Enter")
        page.locator("#count", has_text=re.compile(r"of 3\b")).wait_for()
        assert page.locator("#what").inner_text() == "Flagged as social"
        page.fill("[name=rule]", "no/such/rule")
        page.keyboard.press("Enter")
        page.locator("#what", has_text="Nothing to judge").wait_for()
        page.click("button[type=reset]")
        page.locator("#count", has_text=re.compile(r"of 30\b")).wait_for()


def test_two_reviewers_and_their_agreement(run: Path, page: Any) -> None:
    for name, keys in (("ana", "rrrrww"), ("bo", "rrrwww")):
        with served(run, "--reviewer", name) as server:
            opened(page, server)
            for number, key in enumerate(keys, 1):
                assert page.locator("#others span").count() == 0
                page.keyboard.press(key)
                counted(page, number)
                if name == "bo" and number == 4:
                    assert "ana said right" in page.locator("#status").inner_text()
            page.keyboard.press("s")
            page.wait_for_selector("#results[open]")
    # 5 of 6 the same; by chance 4/6 * 3/6 + 2/6 * 3/6 = 1/2.
    assert "both judged 6: the same 5 times (83 %). Cohen’s kappa 0.67" in page.locator(".agreement").inner_text()
    assert serious_findings(page) == []


def test_a_large_run_opens_before_it_is_read(tmp_path: Path, page: Any) -> None:
    # So few items in so many bytes that no draw hits one: all must be read, aside.
    pages = [(f"d{number}", f"Text.\n⟦ad|{f'Buy {number}! ' * 100_000}⟧\nText.") for number in range(40)]
    with served(write_run(tmp_path / "out", pages)) as server:
        opened(page, server)
        page.locator("#count", has_text=re.compile(r"of 40\b")).wait_for()
        assert page.locator(".cut").count() > 0
        page.keyboard.press("r")
        counted(page, 1)
        page.click(".cut button")
        page.wait_for_selector(".cut", state="detached")
