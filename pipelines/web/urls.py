"""How two spellings of one address are known to be one, and where a redirect leads.

Here: the key under which archives find a page, whether two URLs are of one site, and nothing that judges a URL. Elsewhere: which
URLs may be asked (`web.guard`).
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from pipelines.domains import ascii_host, registrable
from pipelines.records import Response

_BASE = re.compile(r"(?P<scheme>[a-z]+:)(?P<host>//[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@lru_cache(16_384)
def url_key(url: str) -> str:
    """Return the key of a URL, as web archives sort them: host reversed, then path and query.

    Scheme, leading `www.`, the usual port, a trailing slash, the fragment and the case of the host make no difference.

    >>> url_key("https://WWW.acme.example:443/About/?a=1#top")
    'example,acme)/About?a=1'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "%20".join(url.split())
    name = (ascii_host(host) or host).removeprefix("www.")
    labels = name if ":" in name else ",".join(reversed(name.split(".")))
    place = "" if port in (None, 80, 443) else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{labels}{place}){parts.path.rstrip('/') or '/'}{query}".replace(" ", "%20")


def host_of(url: str) -> str:
    """Return the host a URL names, or an empty string where it is none.

    >>> host_of("https://API.acme.example:8080/?a"), host_of("https://[")
    ('api.acme.example', '')
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def redirect(response: Response) -> str | None:
    """Return the absolute URL the response sends us to, or None if it is no redirect."""
    location = response.header("location").strip()
    if response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    return onward(response.url, location)


def is_robots(url: str) -> bool:
    """Say whether the URL is a host's robots.txt."""
    return url_key(url).partition(")")[2] == "/robots.txt"


def onward(base: str, location: str) -> str:
    """Return where a location leads from the base, as browsers read it; dots and all that is odd are left to the guard.

    >>> onward("https://acme.example/a/b?c#d", "../e?f")
    'https://acme.example/a/../e?f'
    """
    parts = _BASE.match(base)
    if parts is None or _SCHEME.match(location):
        return location
    if location.startswith("//"):
        return parts["scheme"] + location
    origin, path = parts["scheme"] + parts["host"], parts["path"] or "/"
    if location.startswith("/"):
        return origin + location
    if location.startswith("?"):
        return origin + path + location
    if location.startswith("#") or not location:
        return origin + path + (parts["query"] or "") + location
    return origin + path[: path.rfind("/") + 1] + location


def is_of_origin(url: str) -> bool:
    """Say whether the URL is where an origin speaks of itself: its robots.txt or its tdmrep.json."""
    return url_key(url).partition(")")[2] in ("/robots.txt", "/.well-known/tdmrep.json")


def same_site(one: str, other: str) -> bool:
    """Say whether both URLs are of one registrable domain, or of one host where there is none."""
    domain = registrable(one)
    return registrable(other) == domain if domain else urlsplit(one).hostname == urlsplit(other).hostname
