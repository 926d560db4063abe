"""Requests that somebody else's page makes a browser send.

Here: whether a request comes from our own pages, as the browser says, and the token that our forms carry. Elsewhere: when that is
asked (`gate`), the cookies (`cookies`).
"""

import hmac
from collections.abc import Callable
from hashlib import sha256

from starlette.datastructures import Headers

Token = Callable[[str], str]
"""Cookie -> the token that goes with it."""


def tokens(secret: str) -> Token:
    """Return what makes tokens of cookies: HMAC-SHA-256 under a secret of this server."""
    return lambda cookie: hmac.new(secret.encode(), f"form\x1f{cookie}".encode("utf-8", "surrogatepass"), sha256).hexdigest()


def fits(token: str, expected: str) -> bool:
    """Say whether a token is the one expected, in the same time whichever it is."""
    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), expected.encode())


def from_ourselves(headers: Headers, scheme: str) -> bool:
    """Say whether a request that changes something comes from one of our pages, as `Sec-Fetch-Site` and `Origin` tell.

    Browsers that say neither have not been made for years; whoever is none says `Origin`. Our pages ask for no referrer, and so a
    browser says of their forms that the origin is `null`: enough where it says by the other header that it is ours.
    """
    site, origin = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    own = [f"{scheme}://{headers.get('host', '').lower()}"]
    if site:
        return site == ["same-origin"] and origin in ([], ["null"], own)
    return origin == own


def may_look(headers: Headers) -> bool:
    """Say whether a request that changes nothing may be answered: not to be put into, or fetched by, somebody else's page."""
    site, mode, kind = (headers.get(f"sec-fetch-{name}") for name in ("site", "mode", "dest"))
    return site in (None, "none", "same-origin") or (mode == "navigate" and kind == "document")
