"""How anything gets its id.

Here: the id function, twin of the SQL macro `make_id` in sql/macros.sql (a test holds them equal), the partition of an id, the
digest of bytes. Ids hash raw values, never cleaned ones, so that better cleaning never changes an id.
"""

import base64
import hashlib

SEPARATOR = "\x1f"


def make_id(kind: str, *raw: str) -> str:
    """Return `kind_` and 16 hex digits of the SHA-256 of the raw values, joined by the ASCII unit separator.

    >>> make_id("org", "domain", "acme.example")
    'org_eb115db1c6f7a247'
    """
    digest = hashlib.sha256(SEPARATOR.join(raw).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}_{digest[:16]}"


def address(url: str, body: str = "", span: str = "") -> str:
    """Return what is asked as one URL: itself, and behind it what is posted there or the only bytes that are wanted.

    The names of the former are those by which web archives file what was posted (pywb).

    >>> address("https://acme.example/a"), address("https://acme.example/a?b", span="bytes=0-9")
    ('https://acme.example/a', 'https://acme.example/a?b&__range=bytes%3D0-9')
    """
    posted = (
        f"__wb_method=POST&__wb_post_data={base64.urlsafe_b64encode(body.encode('utf-8', 'surrogatepass')).decode()}"
        if body
        else ""
    )
    more = "&".join(each for each in (posted, f"__range={span.replace('=', '%3D')}" if span else "") if each)
    return f"{url}{'&' if '?' in url else '?'}{more}" if more else url


def digest_bytes(content: bytes) -> str:
    """Return the full SHA-256 of the bytes as `sha256:` and 64 hex digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def partition_of(organization_id: str, partitions: int) -> int:
    """Return the partition, from 0, that an organization's captures and facts are kept in, the same in every run."""
    return int(hashlib.sha256(organization_id.encode()).hexdigest()[:8], 16) % partitions
