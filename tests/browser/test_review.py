"""The review in a real browser, the server a process of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from browsers import PHONE, serious_findings
from runs import write_run

from cleaner.labelled import read
from cleaner.review.decisions import Decisions

pytestmark = pytest.mark.browser

ITEMS = 30
PAGES = [
    (
        f"https://news{number % 3}.example/{number}",
        f"The council met for session {number}. It decided on the bridge. 😀\n\n⟦donation|Give {number} pounds a month.⟧\n"
        f"⟦newsletter|Sign up for our newsletter, number {number}!⟧\nThe bridge opens in May, the mayor said.\n"
        f"⟦flagsocial|Share this report {number}.⟧\nBuy our mug {number} in the shop. The last sentence.",
    )
    for number in range(10)
]


class Server:
    """``cleaner review`` as a process; ``address`` is what it printed."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "cleaner", "review", str(folder), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self.address = self.process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", self.address), self.process.stderr

    def end(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Server]:
    server = Server(folder, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "out", PAGES)


def opened(page: Any, server: Server) -> None:
    page.goto(server.address)
    page.wait_for_selector("#current")


def press(page: Any, key: str) -> None:
    """Press a key, and wait until the page has said something else than before."""
    before = page.locator("#status").text_content()
    page.keyboard.press(key)
    for _ in range(200):
        if page.locator("#status").text_content() != before:
            return
        page.wait_for_timeout(20)
    pytest.fail(f"the page still says {before!r} after {key}")


def counted(page: Any, number: int) -> None:
    """Wait until that many items are judged."""
    page.locator("#count", has_text=re.compile(rf"\b{number} judged")).wait_for()


def judged(page: Any) -> int:
    return int(re.search(r"(\d+) judged", page.locator("#count").inner_text()).group(1))  # type: ignore[union-attr]


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


HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\n"
    "</script></textarea></style><svg onload=document.title='owned'>\n"
    "safe \u202egnp.exe\u2066 text\n"
    "⟦ad|<a href=\"javascript:document.title='owned'\" onclick=\"document.title='owned'\">Buy</a> {wide}⟧\n"
    "The end. <b onmouseover=document.title='owned'>bold</b> &lt;i&gt;"
)


def test_hostile_text_is_inert(tmp_path: Path, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    name = "<img src=x onerror=document.title='owned'>"
    wide = "x" * 1_000_000
    with served(
        write_run(tmp_path / "out", [(name, HOSTILE.replace("{wide}", wide))]), "--reviewer", "<b>ana</b>"
    ) as server:
        opened(page, server)
        assert page.title() == "Review of out"
        assert page.evaluate("document.querySelectorAll('#text :not(p, span, mark, .cut button)').length") == 0
        assert page.evaluate("document.querySelectorAll('script, img, svg, b b, [onclick], [onerror]').length") == 1
        assert page.locator("#text p").first.inner_text().startswith("<script>document.title")
        # The override is named, not obeyed: the letters keep their order on the screen.
        line = page.locator("#text p", has_text="safe")
        assert line.inner_text() == "safe RLOgnp.exeLRI text"
        assert "\u202e" not in page.content()
        # A line of a million letters stays inside its column.
        assert page.evaluate(
            "document.getElementById('document').scrollWidth <= document.getElementById('document').clientWidth"
        )
        assert name in page.locator("#where").inner_text()
        page.keyboard.press("r")
        counted(page, 1)
        page.keyboard.press("s")
        page.wait_for_selector("#results[open]")
        assert "<b>ana</b>" in page.locator("#results-body").inner_text()
        # No script can be put in, not even by the page itself.
        refused = page.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return ''; } catch (error) { return error.name; } }"
        )
        assert refused == "TypeError"
        page.console_errors.clear()
        assert page.title() == "Review of out"
    port = server.address.split("/")[2]
    assert {url.split("/")[2] for url in asked} == {port}


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


def status(address: str, **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(address, headers=given), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_who_is_refused(run: Path, page: Any) -> None:
    with served(run) as server:
        opened(page, server)
        inside = page.url
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", f"/{inside.split('/')[3]}/")
        pair = f"{cookie['name']}={cookie['value']}"
        assert status(inside, Cookie=pair) == 200
        assert status(inside) == 403
        assert status(f"{server.address}x") == 403
        assert status(inside, Cookie=pair, Host="evil.example") == 403
        assert status(inside, Cookie=pair, Origin="http://evil.example") == 403
        assert status(f"{inside}../../static/main.js") == 403
        # Only the loopback interface is listened on.
        port = int(server.address.split(":")[2].split("/")[0])
        listening = Path("/proc/net/tcp")
        if listening.exists():
            hosts = [row.split()[1] for row in listening.read_text().splitlines()[1:] if row.split()[3] == "0A"]
            assert [host for host in hosts if int(host.split(":")[1], 16) == port] == [f"0100007F:{port:04X}"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_serious_findings(run: Path, page: Any, scheme: str, size: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if size == "phone":
        page.set_viewport_size(PHONE)
    with served(run) as server:
        opened(page, server)
        # Nothing is cut off at the side.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert serious_findings(page) == []
        page.click("#siblings summary")
        page.click("#filter-button")
        assert serious_findings(page) == []
        page.click("#filter-button")
        page.click("[data-verdict=category]")
        page.wait_for_selector("#choose[open]")
        assert serious_findings(page) == []
        page.keyboard.press("C")
        counted(page, 1)
        page.click("#help-button")
        assert serious_findings(page) == []


def test_all_can_be_reached_and_pressed_without_single_keys(run: Path, page: Any) -> None:
    with served(run) as server:
        opened(page, server)
        page.keyboard.press("?")
        page.uncheck("#keys-on")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.verdict || ''"))
        assert {
            "filter-button",
            "results-button",
            "help-button",
            "document",
            "right",
            "wrong",
            "unsure",
            "category",
        } <= reached
        assert {"previous", "undo", "next", "mark", "read"} <= reached
        assert judged(page) == 0
        page.focus("[data-verdict=right]")
        page.keyboard.press("Enter")
        counted(page, 1)
