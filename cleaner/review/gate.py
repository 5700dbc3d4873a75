"""Who may speak to the review: only the page that the printed address opened.

A page of another site may send requests to a loopback port, and a name that is made to point to 127.0.0.1 may even read the
answers (DNS rebinding). So every request must name this very host and port, come from no other origin, and carry the cookie
that the token in the printed address was exchanged for. The cookie is bound to a path that nobody can guess, since browsers
send cookies to every port of a host.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "cleaner-review"
LARGEST_REQUEST = 1 << 16
"""Bytes of a request's body; no decision comes near."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)


class Gate:
    """An ASGI application that lets through to another only what its own page asks."""

    def __init__(self, application: Application, port: int) -> None:
        self._application = application
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self.token = secrets.token_urlsafe(32)
        self._cookie = secrets.token_urlsafe(32)
        self.path = f"/{secrets.token_urlsafe(16)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one request."""
        if scope["type"] != "http":
            # Nothing here speaks WebSocket: to be refused before it is accepted.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        reason = self.refusal(scope["method"], headers)
        if reason:
            await _answer(send, 403, reason)
        elif scope["path"] == "/":
            await self._exchange(scope, send)
        elif not scope["path"].startswith(f"{self.path}/") or not self._has_cookie(headers.get("cookie", "")):
            await _answer(send, 403, "Open the address that cleaner review printed; this one is not valid (any more).")
        else:
            await self._application(
                {**scope, "path": scope["path"].removeprefix(self.path), "raw_path": None}, receive, _guarded(send)
            )

    def refusal(self, method: str, headers: dict[str, str]) -> str:
        """Return why a request may not come in at all, or nothing."""
        if headers.get("host") not in self._hosts:
            return "This server answers to 127.0.0.1 only."
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{headers['host']}":
            return "Requests of other sites are refused."
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "Requests of other sites are refused."
        if method in ("GET", "HEAD"):
            return ""
        if method != "POST" or origin is None or headers.get("content-type", "").split(";")[0] != "application/json":
            return "Only the page of the review may write."
        if not headers.get("content-length", "").isdigit() or int(headers["content-length"]) > LARGEST_REQUEST:
            return "The request is too large."
        return ""

    def _has_cookie(self, header: str) -> bool:
        try:
            morsel = SimpleCookie(header).get(COOKIE)
        except CookieError:
            return False
        return morsel is not None and hmac.compare_digest(morsel.value.encode(), self._cookie.encode())

    async def _exchange(self, scope: Scope, send: Send) -> None:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            await _answer(send, 403, "The token is wrong. Open the whole address that cleaner review printed.")
            return
        cookie = f"{COOKIE}={self._cookie}; Path={self.path}/; HttpOnly; SameSite=Strict"
        await _answer(send, 303, "", ("location", f"{self.path}/"), ("set-cookie", cookie))


async def _answer(send: Send, status: int, text: str, *headers: tuple[str, str]) -> None:
    body = text.encode()
    every = (*_HEADERS, ("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body))), *headers)
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in every]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send) -> Send:
    """Add the headers of the gate to whatever the application answers."""

    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in _HEADERS}
            kept = [pair for pair in message["headers"] if pair[0].decode("latin-1").lower() not in ours]
            added = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in _HEADERS]
            message = {**message, "headers": kept + added}
        await send(message)

    return guarded
