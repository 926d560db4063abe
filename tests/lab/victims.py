"""Clients that fall for it: they show that each trap of the lab snaps.

Here: the standard library's client as it comes, and one that checks a name before it looks it up again. Elsewhere: ours
(`trial`).
"""

import socket
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from lab.world import SECRET, is_public

SECONDS = 2.0


def leaking(urls: Iterable[str], fetch: Callable[[str], bytes]) -> list[str]:
    """Return those URLs by which the secret is brought home."""
    with ThreadPoolExecutor(16) as pool:
        tried = list(pool.map(lambda url: (url, _tried(url, fetch)), urls))
    return [url for url, body in tried if SECRET.encode() in body]


def careless(url: str) -> bytes:
    """Fetch as the standard library does: redirects followed, no address looked at."""
    with urllib.request.build_opener().open(url, timeout=SECONDS) as answer:
        return answer.read()


def looks_first(url: str) -> bytes:
    """Look at the address of a name, then fetch from whatever the name leads to by then."""
    name = url.split("/")[2]
    found = socket.getaddrinfo(name, 80, type=socket.SOCK_STREAM)
    return careless(url) if all(is_public(str(each[4][0])) for each in found) else b""


def _tried(url: str, fetch: Callable[[str], bytes]) -> bytes:
    try:
        return fetch(url)
    except (OSError, ValueError, HTTPException):
        return b""
