"""Only the page that the printed address opened may speak to the review."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from cleaner.review.gate import POLICY, Gate

HOST = "127.0.0.1:4711"
passed: list[str] = []


async def inner(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    passed.append(scope["path"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"max-age=9")]})
    await send({"type": "http.response.body", "body": b"inside"})


@pytest.fixture
def gate() -> Gate:
    passed.clear()
    return Gate(inner, 4711)


def ask(
    gate: Gate, path: str, method: str = "GET", query: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": pairs}
    asyncio.run(gate(scope, receive, send))
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, sent[1]["body"]


def cookie_of(gate: Gate) -> str:
    status, headers, _ = ask(gate, "/", query=f"token={gate.token}")
    assert (status, headers["location"]) == (303, f"{gate.path}/")
    cookie = headers["set-cookie"]
    assert cookie.endswith(f"; Path={gate.path}/; HttpOnly; SameSite=Strict")
    return cookie.split(";")[0]


def test_the_token_opens_it(gate: Gate) -> None:
    status, headers, body = ask(gate, f"{gate.path}/api/queue", cookie=cookie_of(gate))
    assert (status, body, passed) == (200, b"inside", ["/api/queue"])
    assert headers["content-security-policy"] == POLICY
    assert headers["cache-control"] == "no-store"
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": ""},
        {"cookie": "cleaner-review=wrong"},
        {"cookie": "cleaner-review=wröng"},
        {"cookie": "broken;;=;\x01"},
        {"host": "evil.example"},
        {"host": "evil.example:4711"},
        {"host": "127.0.0.1:4712"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:4712"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_refused(gate: Gate, headers: dict[str, str]) -> None:
    given = {"cookie": cookie_of(gate), **headers}
    status, answered, body = ask(gate, f"{gate.path}/api/queue", **given)
    assert (status, passed) == (403, [])
    assert body != b"inside"
    assert answered["content-security-policy"] == POLICY


@pytest.mark.parametrize("query", ["", "token=", "token=wrong", "token=wr%C3%B6ng", "other=1"])
def test_a_wrong_token(gate: Gate, query: str) -> None:
    status, headers, _ = ask(gate, "/", query=query)
    assert status == 403
    assert "set-cookie" not in headers


def test_another_path(gate: Gate) -> None:
    cookie = cookie_of(gate)
    for path in ("/api/queue", "/x/api/queue", gate.path, f"{gate.path}x/"):
        assert ask(gate, path, cookie=cookie)[0] == 403


ORIGIN = {"origin": f"http://{HOST}", "content_type": "application/json", "content_length": "2"}


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, 200),
        ("POST", {"content_type": "application/json; charset=utf-8"}, 200),
        ("POST", {"origin": ""}, 403),
        ("POST", {"content_type": "text/plain"}, 403),
        ("POST", {"content_length": ""}, 403),
        ("POST", {"content_length": "99999999"}, 403),
        ("PUT", {}, 403),
        ("OPTIONS", {}, 403),
    ],
)
def test_writing(gate: Gate, method: str, headers: dict[str, str], status: int) -> None:
    given = {**ORIGIN, **headers}
    assert ask(gate, f"{gate.path}/api/decide", method, cookie=cookie_of(gate), **given)[0] == status


def test_no_websocket(gate: Gate) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(gate({"type": "websocket", "headers": []}, send, send))  # type: ignore[arg-type]
    assert sent[0]["type"] == "websocket.close"


def test_another_gate_has_other_secrets(gate: Gate) -> None:
    other = Gate(inner, 4711)
    assert ask(other, f"{other.path}/", cookie=cookie_of(gate))[0] == 403
