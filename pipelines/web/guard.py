"""May we knock? Which URLs may be asked for at all, and which addresses may be dialled.

Here: two pure checks, of a URL before its name is looked up and of an address before it is dialled. A URL that two readers could
understand differently is refused, not mended; one that is accepted is spelled as the WHATWG's URL parser spells it, so that what
is judged is what is asked. Elsewhere: the look-up and the socket (`web.dial`), whether we are welcome (`web.robots`).
"""

import ipaddress
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import NoReturn
from urllib.parse import quote

import idna

from pipelines.domains import ascii_host
from pipelines.errors import Skip
from pipelines.ids import address

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2083
LARGEST_PORT = 65535
PORTS = {"http": 80, "https": 443}
TERMS_FORBID = (
    "crunchbase.com", "facebook.com", "fb.com", "glassdoor.com", "indeed.com", "instagram.com", "linkedin.cn", "linkedin.com",
    "lnkd.in", "threads.net", "tiktok.com", "twitter.com", "x.com", "xing.com", "zoominfo.com",
)  # fmt: skip
"""Domains whose terms forbid being read by programs; they are refused before any look-up, with everything under them."""
NOT_PUBLIC = (
    *("alt", "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "mail"),
    *("onion", "private"),
)
"""Top-level domains that are nobody's on the public web: reserved ones, and those that networks use inside."""

_DENIED = tuple(
    ipaddress.ip_network(each)
    for each in (
        # This network, private, shared by a provider's customers (and its metadata), loopback, Azure's host, link-local.
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12"),
        # Protocols, documentation, sinks for stray questions, relays, private, benchmarks, multicast, reserved.
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # IPv4 dressed as IPv6: compatible, translated, by a translator; Teredo and other protocols, documentation, 6to4, a sink.
        *("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "2002::/16"),
        *("2620:4f:8000::/48", "3fff::/20"),
        # Not handed out as public addresses: all but 0000::/8, which is judged above, and 2000::/3.
        *("100::/8", "200::/7", "400::/6", "800::/5", "1000::/4", "4000::/2", "8000::/1"),
    )
)
_TAILS = tuple(ipaddress.ip_network(each) for each in ("127.0.0.0/24", "168.63.129.16/32", "169.254.0.0/16"))
"""Where an IPv6 address must not end: any network may have a translator that reads the last 32 bits as an IPv4 address."""
_ISATAP = (0x5EFE, 0x2005EFE)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:]+\]|[^/?#:;@%\[\]]+)(?::(?P<port>[1-9][0-9]{0,4}))?(?P<rest>/.*|[?#][^@]*)?",
    re.IGNORECASE | re.ASCII,
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]|[\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOTS = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)
_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for, in its one spelling: `host` is ASCII or an address, `url` has no fragment.

    `body` is posted there, `span` the only bytes wanted, as requests have them (`web.asking` says what of that is sent).
    """

    scheme: str
    host: str
    port: int
    url: str
    body: str = ""
    span: str = ""

    @property
    def address(self) -> str:
        """What is asked as one URL."""
        return address(self.url, self.body, self.span)

    @property
    def origin(self) -> str:
        """Scheme, host and port: whose robots.txt counts."""
        return f"{self.scheme}://{_authority(self.host, self.port, self.scheme)}"


def check_url(url: str, open_hosts: Collection[str] = (), allowed: Sequence[Network] = ()) -> Target:
    """Return the URL as a target, or raise `Skip` (`refused_url`, `terms_forbid`).

    `open_hosts` are names of test servers, `allowed` their networks: these may have any port and any name.
    """
    if len(url) > LONGEST_URL:
        _refuse(url, f"it is longer than {LONGEST_URL} characters")
    parts = _URL.fullmatch(url.strip(" ").replace(" ", "%20"))
    if parts is None or _UNSAFE.search(url.replace(" ", "")):
        _refuse(url, "only plain http and https addresses without user names or odd characters are asked for")
    scheme = parts["scheme"].lower()
    host = _host(url, parts["host"])
    port = int(parts["port"] or PORTS[scheme])
    if host not in open_hosts and not _is_in(host, allowed):
        _check_public(url, host, port)
    target = Target(scheme, host, port, f"{scheme}://{_authority(host, port, scheme)}{_path(parts['rest'] or '/')}")
    if port > LARGEST_PORT or len(target.url) > LONGEST_URL:
        _refuse(url, f"it is longer than {LONGEST_URL} characters, or has no such port")
    return target


def forbidden(address: Address | str, allowed: Sequence[Network] = ()) -> str | None:
    """Return why the address may not be dialled (the network it lies in), or None if it may.

    `allowed` networks are permitted whatever else holds. An IPv4 address dressed as IPv6 is judged as what it is.

    >>> forbidden("::ffff:127.0.0.1")
    '127.0.0.0/8'
    """
    try:
        inner = _undressed(ipaddress.ip_address(address))
    except ValueError:
        return "no address"
    if any(inner in network for network in allowed if network.version == inner.version):
        return None
    denied = next((str(network) for network in _DENIED if network.version == inner.version and inner in network), None)
    return denied or _odd_dress(inner) or (None if inner.is_global else "not global")


def _undressed(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _odd_dress(address: Address) -> str | None:
    """Return why an IPv6 address may lead to an interface of ours or to an IPv4 address, or None."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.scope_id is not None:
        return "an interface's own"
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return "ISATAP"
    tail = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return next((f"ends in {network}" for network in _TAILS if tail in network), None)


def _host(url: str, written: str) -> str:
    """Return the host in its one spelling; refuses an address or a name in any but the usual one."""
    if written.startswith("["):
        return _literal(url, written[1:-1])
    host = _name(written.translate(_ASCII_LOWER))
    if host is None:
        _refuse(url, "its host is no host name, or oddly spelled")
    try:
        return str(ipaddress.IPv4Address(host)) if _NUMBER.fullmatch(host.rpartition(".")[2]) else host
    except ValueError:
        _refuse(url, "its host is an address in an odd spelling")


def _literal(url: str, text: str) -> str:
    """Return an IPv6 address in its one spelling; one that is an IPv4 address in disguise is refused."""
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        _refuse(url, "its host is no IPv6 address")
    if address.ipv4_mapped is not None:
        _refuse(url, "its host is an IPv4 address written as IPv6")
    return str(address)


def _name(written: str) -> str | None:
    """Return the host name in ASCII, or None unless each label is one by IDNA 2008 as it stands: nothing is mapped."""
    try:
        host = ".".join(each if each.isascii() else idna.alabel(each).decode("ascii") for each in written.split("."))
        return host if ascii_host(host) == host and ("xn--" not in host or _is_readable(host)) else None
    except idna.IDNAError:
        return None


def _is_readable(host: str) -> bool:
    """Say whether the name's letters may stand together, some of them written right to left; raises `idna.IDNAError`."""
    labels = [idna.ulabel(each) if each.startswith("xn--") else each for each in host.split(".")]
    if not any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in "".join(labels)):
        return True
    return all(idna.check_bidi(each, check_ltr=True) for each in labels)


def _check_public(url: str, host: str, port: int) -> None:
    """Raise `Skip` unless the host is one the public may ask, on a usual port, under terms that let us."""
    if port not in PORTS.values():
        _refuse(url, f"port {port} is not a web port")
    if ("." not in host and ":" not in host) or _under(host, NOT_PUBLIC):
        _refuse(url, "its host is not on the public web")
    if domain := _under(host, TERMS_FORBID):
        raise Skip("terms_forbid", f"The terms of {domain} forbid reading it by program, so it was not asked.")


def _under(host: str, domains: Sequence[str]) -> str | None:
    while host and host not in domains:
        host = host.partition(".")[2]
    return host or None


def _is_in(host: str, networks: Sequence[Network]) -> bool:
    if not networks:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks if network.version == address.version)


def _authority(host: str, port: int, scheme: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == PORTS[scheme] else f"{name}:{port}"


def _path(rest: str) -> str:
    """Return path and query without the fragment, dots walked, percent-encoded where the WHATWG's parser does."""
    path, mark, query = rest.partition("#")[0].partition("?")
    return quote(_walked(path), safe="/!$%&'()*+,:;=@[]~|") + mark + quote(query, safe="!$%&()*+,/:;=?@[]~|^`{}")


def _walked(path: str) -> str:
    """Return the path with its `.` and `..` done, so that what robots.txt judges is what the server opens."""
    if "/." not in path and "%2" not in path:
        return path or "/"
    segments = path.split("/")[1:]
    kept = list[str]()
    for segment in segments:
        if not _DOTS.fullmatch(segment):
            kept.append(segment)
        elif len(segment.lower().replace("%2e", ".")) > 1:
            kept = kept[:-1]
    if segments and _DOTS.fullmatch(segments[-1]):
        kept.append("")
    return "/" + "/".join(kept)


def _refuse(url: str, why: str) -> NoReturn:
    raise Skip("refused_url", f"{url[:200]!r} was not asked for: {why}.")
