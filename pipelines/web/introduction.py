"""Who we say we are, with every request.

Here: the headers that tell a webmaster who asks and how to reach us. Elsewhere: sending them (`web.client`).
"""

import re

from pipelines.errors import Stop

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,text/plain;q=0.8"
_EMAIL = re.compile(r"[^@:\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+")
_BETWEEN = re.compile(r"[;,\s]+")
_WEB = re.compile(r"https?://[^\s<>()]+")


def introduction(contact: str | None, version: str) -> dict[str, str]:
    """Return the headers every request carries; raises `Stop` when nobody could tell us to stop.

    The contact is an e-mail address, a URL, or both, separated by a blank, comma or semicolon.

    >>> introduction("https://acme.example/bot; robots@acme.example", "1.0")["User-Agent"]
    'Bullseye/1.0 (+https://acme.example/bot; robots@acme.example)'
    """
    named = [part for part in _BETWEEN.split(contact or "") if part]
    emails = [part for part in named if _EMAIL.fullmatch(part)]
    if not named or not all(_EMAIL.fullmatch(part) or _WEB.fullmatch(part) for part in named) or not "".join(named).isascii():
        raise Stop("A live run tells webmasters how to reach us: set `contact:` in settings.yaml to an e-mail address or URL.")
    headers = {
        "User-Agent": f"Bullseye/{version} (+{'; '.join(named)})",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
    }
    return {**headers, "From": emails[0]} if emails else headers
