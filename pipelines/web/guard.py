"""May we knock? Which URLs may be asked for at all, and which addresses may be dialled.

Here: two pure checks, of a URL before its name is looked up and of an address before it is dialled. A URL that two readers could
understand differently is refused, not mended. Elsewhere: the look-up and the socket (`web.client`), whether we are welcome
(`web.robots`).
"""

import ipaddress
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote

from pipelines.domains import ascii_host
from pipelines.errors import Skip

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2083
PORTS = {"http": 80, "https": 443}
TERMS_FORBID = (
    "crunchbase.com", "facebook.com", "fb.com", "glassdoor.com", "indeed.com", "instagram.com", "linkedin.cn", "linkedin.com",
    "lnkd.in", "threads.net", "tiktok.com", "twitter.com", "x.com", "xing.com", "zoominfo.com",
)  # fmt: skip
"""Domains whose terms forbid being read by programs; they are refused before any look-up, with everything under them."""
NOT_PUBLIC = ("localhost", "local", "internal", "onion", "home.arpa")

_DENIED = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16"),
        *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^/?#:\[\]%]+)(?::(?P<port>[0-9]{0,5}))?(?P<rest>[/?#].*)?", re.IGNORECASE
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]|[\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for, in its one spelling: `host` is ASCII or an address, `url` has no fragment."""

    scheme: str
    host: str
    port: int
    url: str

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
    path = _path(parts["rest"] or "/")
    return Target(scheme, host, port, f"{scheme}://{_authority(host, port, scheme)}{path}")


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
    return denied or (None if inner.is_global else "not global")


def _undressed(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _host(url: str, written: str) -> str:
    """Return the host in its one spelling; an address in any but the usual spelling is refused."""
    if written.startswith("["):
        return str(_parsed_address(url, written[1:-1]))
    host = ascii_host(written)
    if host is None:
        _refuse(url, "its host is no host name")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return str(_parsed_address(url, host))
    return host


def _parsed_address(url: str, text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        _refuse(url, "its host is an address in an odd spelling")


def _check_public(url: str, host: str, port: int) -> None:
    """Raise `Skip` unless the host is one the public may ask, on a usual port, under terms that let us."""
    if port not in PORTS.values():
        _refuse(url, f"port {port} is not a web port")
    if ("." not in host and ":" not in host) or _under(host, NOT_PUBLIC):
        _refuse(url, "its host is not on the public web")
    if domain := _under(host, TERMS_FORBID):
        raise Skip("terms_forbid", f"The terms of {domain} forbid reading it by program, so it was not asked.")


def _under(host: str, domains: Sequence[str]) -> str | None:
    return next((each for each in domains if host == each or host.endswith(f".{each}")), None)


def _is_in(host: str, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks if network.version == address.version)


def _authority(host: str, port: int, scheme: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == PORTS[scheme] else f"{name}:{port}"


def _path(rest: str) -> str:
    """Return path and query, what is not ASCII percent-encoded, without the fragment."""
    path = rest.partition("#")[0]
    return quote(path if path.startswith("/") else f"/{path}", safe="!#$%&'()*+,/:;=?@[]~|^`{}\"<>")


def _refuse(url: str, why: str) -> NoReturn:
    raise Skip("refused_url", f"{url[:200]!r} was not asked for: {why}.")
