"""How worker processes begin: without threads, and deaf to Ctrl-C.

A terminal sends Ctrl-C to all of its processes. The command answers it; a worker, or the server that workers come from,
would answer with a traceback, if it came before they could say that they ignore it.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any


def workers_context(preload: str) -> Any:
    """Return the context of :mod:`multiprocessing` that workers come from; they begin with the module ``preload`` loaded.

    A fork of a process with threads can hang, so where there are forks a server that has none makes them. It is started here.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    # The tracker goes first: it begins without interrupts by itself, but would have the server begin with them.
    resource_tracker.ensure_running()
    with uninterrupted():
        forkserver.ensure_running()
    return context


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let an interrupt wait, and have processes that begin meanwhile never receive one."""
    # What is blocked in the thread that starts a process is blocked in that process for good.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        # Another thread of this process may receive it nonetheless, and the main thread is where it is answered.
        with _deferred() if threading.current_thread() is threading.main_thread() else nullcontext():
            yield
    finally:
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


@contextmanager
def _deferred() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        # It is ignored, or ends the process at once.
        yield
        return
    waiting: list[Any] = []
    signal.signal(signal.SIGINT, lambda *received: waiting.append(received))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if waiting:
            handler(*waiting[0])
