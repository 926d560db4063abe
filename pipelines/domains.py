"""Which domain a host belongs to: the notion by which an organization's addresses are told from everybody else's.

Here: a host's one spelling, and its registrable domain by the public suffix list that tldextract ships (nothing is ever
downloaded). Elsewhere: which URLs may be fetched at all (`web.guard`), and which domains are free mail (`intake`).
"""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

import idna
import tldextract

CACHE = 4096
"""Addresses whose domain is remembered: those of a page are asked about again and again."""
RESERVED_TLDS = ("example", "test")
"""Top-level domains kept free for examples and tests (RFC 6761); what stands before them counts as a domain."""

_LABELS = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*")
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=RESERVED_TLDS)
_shared = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def ascii_host(host: str) -> str | None:
    """Return the host name in its one spelling (lower case, IDNA 2008, no dot at the end), or None if it is no host name.

    >>> ascii_host("MÜNCHEN.example.")
    'xn--mnchen-3ya.example'
    """
    name = host.strip().lower().removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    return name if _LABELS.fullmatch(name) else None


@lru_cache(CACHE)
def registrable(host_or_url: str) -> str | None:
    """Return the domain somebody registered, in its one spelling, or None where there is none (addresses, single labels).

    A name handed out under a shared suffix (`acme.github.io`) counts as registered; the suffix itself belongs to who runs it.

    >>> registrable("https://www.acme.co.uk/about")
    'acme.co.uk'
    """
    host = ascii_host(_host_of(host_or_url))
    if host is None or _is_address(host):
        return None
    bare = host.removeprefix("www.")
    private = _extract(bare, include_psl_private_domains=True).top_domain_under_public_suffix
    return private or _extract(bare).top_domain_under_public_suffix or _extract(host).top_domain_under_public_suffix or None


def suffixes() -> frozenset[str]:
    """Return every public suffix, also those that companies share out (`github.io`), as the list has them: `*.ck`."""
    return frozenset((*_extract.tlds, *_shared.tlds))


def _host_of(host_or_url: str) -> str:
    """Cut the host out of a URL; a bare host, with or without path, is taken for the rest of one."""
    text = host_or_url.strip()
    try:
        return urlsplit(text if "//" in text.split("?")[0] else f"//{text}").hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
