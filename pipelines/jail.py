"""Pages are read where they can do no harm: in worker processes, which hostile pages may kill.

Here: handing each page to a worker, and what is believed of its answer. A page that takes too much memory or time, or crashes its
parser, is a reading whose state says so; the next page notices nothing. Elsewhere: the worker (`jailed`), what a page is read as
(`reading`).
"""

import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from queue import Empty, LifoQueue
from typing import cast

from pipelines.errors import Stop
from pipelines.jailed import ACCEPTED, DIED, FAILED, READ, STOPPED, Limits, receive, send
from pipelines.readout import Reading, decoded
from pipelines.records import Capture, Organization

KILLED, TOO_LARGE, NOT_READ, UNTRUE = "parser_killed", "too_much_memory", "reader_failed", "reader_untrue"
"""States of pages whose worker was killed (by which signal follows) or found no memory; whose reader failed (at what follows), or
spoke of others."""


WORKER = ("-m", "pipelines.jailed")
GRACE_SECONDS = 1.0
ATTEMPTS = 3


class Jail:
    """Reads pages in as many processes as there are callers at once. `phrases` are those of icp.yaml, by term."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], limits: Limits) -> None:
        self._given = pickle.dumps((limits, {term: tuple(each) for term, each in phrases.items()}))
        self._idle: LifoQueue[_Worker] = LifoQueue()
        self._is_closed = False

    def __enter__(self) -> "Jail":
        """Begin: workers start when they are needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every worker: those that still read when they have read."""
        self._is_closed = True
        with suppress(Empty):
            while True:
                self._idle.get_nowait().end()

    def read(self, capture: Capture, body: bytes, organization: Organization) -> Reading:
        """Return what `reading.read_page` reads there, or a reading whose state says why nothing came of it.

        Safe to call from several threads. Raises `Stop` as that does.
        """
        kind, answer = self._asked(pickle.dumps((capture, body, organization)))
        if kind == STOPPED:
            raise Stop(answer.decode())
        if kind == READ:
            reading = decoded(answer)
            return reading if reading and _is_about(reading, capture) else Reading(UNTRUE)
        return Reading(_state(kind, answer.decode()))

    def _asked(self, page: bytes) -> tuple[bytes, bytes]:
        """Return a worker's answer; one that did not even take the page in was lost before, and another is asked."""
        for _ in range(ATTEMPTS):
            worker = self._worker()
            answer = worker.ask(page)
            if self._is_closed:
                worker.end()
            elif worker.is_well:
                self._idle.put(worker)
            if answer is not None:
                return answer
        raise Stop(f"No process to read pages in stays alive; see whether `{sys.executable} -m pipelines.jailed` starts.")

    def _worker(self) -> "_Worker":
        try:
            return self._idle.get_nowait()
        except Empty:
            return _Worker(self._given)


class _Worker:
    """One keeper and its reader."""

    def __init__(self, given: bytes) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, *WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the run: no page is to blame for it
            env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._to, self._from = cast(FileIO, self._process.stdin), cast(FileIO, self._process.stdout)
        self.is_well = True
        with suppress(OSError):  # whoever is gone already takes in no page either
            send(self._to, b"G", given)

    def ask(self, page: bytes) -> tuple[bytes, bytes] | None:
        """Return the kind and content of the answer, or None when the page was not taken in."""
        kind, content, accepted = b"", b"", b""
        with suppress(OSError):
            send(self._to, b"P", page)
            accepted, _ = receive(self._from)
            kind, content = receive(self._from) if accepted == ACCEPTED else (b"", b"")
        if not kind:
            self.end()
        if accepted != ACCEPTED:
            return None
        return (kind, content) if kind else (DIED, b"SIGKILL")

    def end(self) -> None:
        """End the reader, who hears that there is nothing more to read, and the keeper, who waits for that for a moment."""
        self.is_well = False
        self._to.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_SECONDS)
        self._process.kill()
        self._process.wait()
        self._from.close()


def _state(kind: bytes, answer: str) -> str:
    if kind == FAILED:
        return TOO_LARGE if answer == MemoryError.__name__ else f"{NOT_READ}:{answer}"
    return f"{KILLED}:{answer}"


def _is_about(reading: Reading, capture: Capture) -> bool:
    """Whether all of a reading is about what was asked: a page that took its reader over can only lie about itself."""
    about = capture.request.organization_id
    stated = {(fact.organization_id, fact.capture_id, fact.url) for fact in reading.facts}
    return stated <= {(about, capture.capture_id, capture.url)} and {each.organization_id for each in reading.follow} <= {about}
