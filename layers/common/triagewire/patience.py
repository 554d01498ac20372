"""Waiting for something no longer than a given time, whatever it waits for itself."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread


def begin[Result](work: Callable[[], Result]) -> Future[Result]:
    """Work begun in a thread of its own, which who waits for it may give up at any time."""
    future: Future[Result] = Future()

    def fulfil() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=fulfil, daemon=True).start()
    return future


def within[Result](seconds: float, work: Callable[[], Result]) -> Result:
    """What `work` gives; raises what it raises, or TimeoutError after `seconds`.

    A time-out of a socket counts from byte to byte, and looking a name up has none at all: only
    another thread can be given up whatever it waits for.
    """
    return begin(work).result(seconds)
