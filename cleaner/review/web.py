"""The routes of the review: the session's methods as JSON, and the files of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from cleaner.errors import CleanerError, RecordError
from cleaner.review.items import Filter
from cleaner.review.session import Session

STATIC = Path(__file__).with_name("static")


def application(session: Session) -> Starlette:
    """Return the web application of ``session``. It guards nothing: that is the gate's."""

    def queue(request: Request) -> dict[str, Any]:
        fields = ("rule", "category", "language", "site", "kind")
        return session.queue(Filter(**{name: request.query_params.get(name, "").strip() for name in fields}))

    def item(request: Request) -> dict[str, Any]:
        return session.item(request.query_params.get("item", ""), "whole" in request.query_params)

    def page(request: Request) -> Response:
        return FileResponse(STATIC / "index.html", media_type="text/html; charset=utf-8")

    return Starlette(
        routes=[
            Route("/", page),
            _get("overview", lambda request: session.overview()),
            _get("queue", queue),
            _get("item", item),
            _get("results", lambda request: session.results()),
            _post("decide", session.decide),
            _post("missed", session.missed),
            _post("read", session.read),
            _post("undo", session.undo),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )


def _get(name: str, answer: Callable[[Request], dict[str, Any]]) -> Route:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(_answered, lambda: answer(request))

    return Route(f"/api/{name}", endpoint)


def _post(name: str, act: Callable[[dict[str, Any]], dict[str, Any]]) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()

        def acted() -> dict[str, Any]:
            try:
                content = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise RecordError(f"the request is no JSON: {error}") from None
            if not isinstance(content, dict):
                raise RecordError("the request is no object")
            return act(content)

        return await run_in_threadpool(_answered, acted)

    return Route(f"/api/{name}", endpoint, methods=["POST"])


def _answered(work: Callable[[], dict[str, Any]]) -> Response:
    """Return what ``work`` returns as JSON; an error of this package is an answer, too."""
    try:
        content, status = orjson.dumps(work()), 200
    except CleanerError as error:
        content, status = orjson.dumps({"error": str(error)}), 400 if isinstance(error, RecordError) else 500
    return Response(content, status, media_type="application/json")
