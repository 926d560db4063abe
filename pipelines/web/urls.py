"""How two spellings of one address are known to be one, and where a redirect leads.

Here: the key under which archives find a page, and nothing that judges a URL. Elsewhere: which URLs may be asked (`web.guard`).
"""

from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from pipelines.domains import ascii_host
from pipelines.records import Response


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


def redirect(response: Response) -> str | None:
    """Return the absolute URL the response sends us to, or None if it is no redirect."""
    location = response.header("location").strip()
    if response.status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        return urljoin(response.url, location)
    except ValueError:
        return location


def is_robots(url: str) -> bool:
    """Say whether the URL is a host's robots.txt."""
    return url_key(url).partition(")")[2] == "/robots.txt"
