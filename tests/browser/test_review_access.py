"""Who may see a review and who can use it: hostile text, foreign requests, sizes of screens, the keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from browsers import PHONE, serious_findings
from reviewing import counted, judged, opened, served
from runs import write_run

pytestmark = pytest.mark.browser

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
