"""An interrupt that comes while workers begin waits, and is answered then."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest
from processes import LINUX

from cleaner.engines.starting import uninterrupted


def interrupt(thread: threading.Thread) -> None:
    """Interrupt this process, with ``thread`` as the receiver.

    A signal to the whole process goes to any of its threads, one left by another test as well, and arrives when that
    thread next runs: perhaps when nobody expects an interrupt any more.
    """
    assert thread.ident is not None
    signal.pthread_kill(thread.ident, signal.SIGINT)


@pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows cannot send itself an interrupt")
def test_an_interrupt_waits() -> None:
    handler = signal.getsignal(signal.SIGINT)
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        interrupt(threading.main_thread())
        done.append("all")
    assert done == ["all"]
    assert signal.getsignal(signal.SIGINT) is handler
    with pytest.raises(KeyboardInterrupt):
        interrupt(threading.main_thread())


@pytest.mark.skipif(sys.platform == "win32", reason="a process of Windows cannot send itself an interrupt")
def test_an_interrupt_that_another_thread_receives_waits_too() -> None:
    going, ready = threading.Event(), threading.Event()

    def other() -> None:
        ready.set()
        going.wait(60)

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait(60)
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        interrupt(thread)
        going.set()
        thread.join()
        done.append("all")
    assert done == ["all"]


@LINUX
@pytest.mark.parametrize("in_thread", [False, True])
def test_processes_that_begin_meanwhile_never_receive_one(in_thread: bool) -> None:
    program = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    said: list[bytes] = []

    def start() -> None:
        with uninterrupted():
            said.append(subprocess.check_output([sys.executable, "-c", program]))
        said.append(subprocess.check_output([sys.executable, "-c", program]))

    if in_thread:
        thread = threading.Thread(target=start)
        thread.start()
        thread.join()
    else:
        start()
    assert said == [b"True\n", b"False\n"]
