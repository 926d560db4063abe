"""Reads pages in a process of its own, which may die of one: `python -m pipelines.jailed`, with frames on its standard streams.

Here: a keeper that has imported every reader, and the reader it forks, which one page may kill; the keeper says of what it died
and forks the next within milliseconds. In come the limits and phrases, then pages, pickled by the parent, who is trusted; out
goes data, never code. Elsewhere: who starts it and what is believed of its answers (`jail`), what is read (`reading`).
"""

import gc
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path
from typing import NoReturn, cast

from pipelines.errors import Stop
from pipelines.lexicon import make_lexicon
from pipelines.reading import read_page
from pipelines.readout import Reading, encoded
from pipelines.records import Capture, Organization
from pipelines.sources import all_sources

ACCEPTED, READ, STOPPED, FAILED, DIED = b"A", b"R", b"S", b"F", b"D"
HEAD = struct.Struct(">cI")
DONE, SPENT, TOLD = 0, 3, 4
"""How a reader ends: nobody wants anything read; it grew large, and the next page shall find memory as the first one did; it
failed, and said at what."""
CLOCKS = ((signal.ITIMER_PROF, "cpu_seconds"), (signal.ITIMER_REAL, "wall_seconds"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take: bytes of memory beyond what the readers themselves need, seconds of CPU, seconds by the clock."""

    memory: int
    cpu_seconds: float
    wall_seconds: float


def send(stream: FileIO, kind: bytes, content: bytes = b"") -> None:
    """Write one frame: a byte that says what it is, and its content."""
    left = memoryview(HEAD.pack(kind, len(content)) + content)
    while left:
        left = left[stream.write(left) :]


def receive(stream: FileIO) -> tuple[bytes, bytes]:
    """Read one frame, byte for byte no more; what it is stays empty where the stream has ended."""
    head = _exactly(stream, HEAD.size)
    if len(head) < HEAD.size:
        return b"", b""
    kind, length = HEAD.unpack(head)
    content = _exactly(stream, length)
    return (kind, content) if len(content) == length else (b"", b"")


def _exactly(stream: FileIO, length: int) -> bytes:
    pieces = []
    while length and (piece := stream.read(length)):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def settle() -> None:
    """Leave what is there for good out of any search for garbage, and search seldom: a page makes thousands, and is let go of."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 10, 10)


def main() -> None:
    """Keep a reader alive until nobody wants anything read any more."""
    heard, said = FileIO(0, "rb"), FileIO(1, "wb")
    limits, phrases = cast("tuple[Limits, dict[str, tuple[str, ...]]]", pickle.loads(receive(heard)[1]))  # noqa: S301
    sources, lexicon = all_sources(), make_lexicon(phrases)

    def read(capture: Capture, body: bytes, organization: Organization) -> Reading:
        return read_page(capture, body, organization, sources, lexicon)

    settle()
    while (ended := _ended(os.fork() or _serve(heard, said, limits, read))) != DONE:
        if ended not in (SPENT, TOLD):
            send(said, DIED, signal.Signals(-ended).name.encode() if ended < 0 else b"exit")


def _ended(reader: int) -> int:
    """Wait for the reader to end; below zero is the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])


def _serve(heard: FileIO, said: FileIO, limits: Limits, read: Callable[[Capture, bytes, Organization], Reading]) -> NoReturn:
    """Be the reader: answer one page after the other, and never return."""
    _confine(limits)
    sys.excepthook = partial(_fail, said)
    grown = _most_memory() + limits.memory // 2048
    while _most_memory() < grown:
        _, content = receive(heard)
        if not content:
            os._exit(DONE)
        send(said, ACCEPTED)
        for timer, limit in CLOCKS:
            signal.setitimer(timer, getattr(limits, limit))
        kind, answer = _answer(content, read)
        for timer, _ in CLOCKS:
            signal.setitimer(timer, 0)
        send(said, kind, answer)
    os._exit(SPENT)


def _answer(content: bytes, read: Callable[[Capture, bytes, Organization], Reading]) -> tuple[bytes, bytes]:
    try:
        return READ, encoded(read(*pickle.loads(content)))  # noqa: S301 - from the parent
    except Stop as stop:
        return STOPPED, str(stop).encode()


def _fail(said: FileIO, fault: type[BaseException], *_: object) -> None:
    """Say at what the reader failed, whatever it was: it is that page's, and the reader's last word."""
    send(said, FAILED, fault.__name__.encode())
    os._exit(TOLD)


def _confine(limits: Limits) -> None:
    """Let the kernel end this process where a page takes too much; it writes no file and leaves no core."""
    for clock in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(clock, signal.SIG_DFL)
    for resource_, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, _size() + limits.memory)):
        resource.setrlimit(resource_, (most, most))


def _size() -> int:
    """Return how many bytes this process has mapped."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _most_memory() -> int:
    """Return the most memory this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
