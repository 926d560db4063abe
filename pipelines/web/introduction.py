"""Who we say we are, with every request.

Here: the headers that tell a webmaster who asks and how to reach us. Elsewhere: sending them (`web.client`).
"""

import re

from pipelines.errors import Stop

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,text/plain;q=0.8"
_EMAIL = re.compile(r"[^@:\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+")
_WEB = re.compile(r"https?://[^\s<>()]+")


def introduction(contact: str | None, version: str) -> dict[str, str]:
    """Return the headers every request carries; raises `Stop` when nobody could tell us to stop."""
    named = (contact or "").strip()
    is_email = _EMAIL.fullmatch(named) is not None
    if not (is_email or _WEB.fullmatch(named)) or not named.isascii():
        raise Stop("A live run tells webmasters how to reach us: set `contact:` in settings.yaml to an e-mail address or URL.")
    headers = {
        "User-Agent": f"Bullseye/{version} (+{named})",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
    }
    return {**headers, "From": named} if is_email else headers
