"""Where the page is served, and what follows from that: who has to log in, which names it answers to, whether there is TLS.

Here: the decision, with the sentence for each way that would let somebody in. Elsewhere: how requests are held to it (`gate`).

On this machine alone, and without users, nobody logs in: whoever is here can read the files. As soon as anything points elsewhere
(another address, another name, a proxy with TLS before it, or users) everybody logs in, and never in plain text.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from pipelines.errors import Stop

LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(r"(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Doorway:
    """How the page is reached: by which names, behind which door."""

    host: str
    port: int
    names: frozenset[str]
    guarded: bool
    behind_tls: bool = False
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """Whether browsers speak TLS, to us or to who stands before us."""
        return self.behind_tls or self.certificate is not None

    @property
    def scheme(self) -> str:
        """What the address of the page begins with."""
        return "https" if self.tls else "http"

    def answers_to(self, host: str) -> bool:
        """Say whether a Host header names this page; its port is nobody's secret, and a tunnel changes it."""
        found = _HOST.fullmatch(host.lower())
        return found is not None and found["name"] in self.names


def doorway(
    host: str,
    port: int,
    names: Collection[str] = (),
    *,
    users: bool,
    behind_tls: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Doorway:
    """Return how the page is reached; raises `Stop` for what would let somebody in, or a password out."""
    here = _is_here(host)
    elsewhere = not here or bool(names) or behind_tls or certificate is not None
    if (certificate is None) != (key is None):
        raise Stop("A certificate goes with its key: name both, --certificate FILE --key FILE.")
    if certificate is not None and behind_tls:
        raise Stop(
            "Either who stands before the page speaks TLS (--behind-tls) or the page itself (--certificate, --key); choose one."
        )
    if elsewhere and not users:
        raise Stop(f"Nobody may see the page at {host} from elsewhere yet; add somebody first, with `bullseye users add NAME`.")
    if elsewhere and not behind_tls and certificate is None:
        raise Stop("From elsewhere passwords would come in plain text; serve behind a proxy that speaks TLS, with --behind-tls, "
                   "or with --certificate FILE --key FILE.")  # fmt: skip
    known = frozenset(_sound(name) for name in names) | _own(host) | (LOCAL if here else frozenset())
    if not known:
        raise Stop(f"{host} is every address of this machine; say by which name the page is reached, with --allowed-host NAME.")
    return Doorway(host, port, known, elsewhere or users, behind_tls, certificate, key)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _own(host: str) -> frozenset[str]:
    """Return by which name an address of ours is reached; none when it is all of them."""
    bare = host.lower().strip("[]")
    try:
        address = ip_address(bare)
    except ValueError:
        return frozenset({_sound(bare)})
    if address.is_unspecified:
        return frozenset()
    return frozenset({f"[{address}]" if address.version == 6 else str(address)})


def _sound(name: str) -> str:
    found = _HOST.fullmatch(name.lower())
    if found is None or found["port"]:
        raise Stop(f"{name} is no name of a host; write it as browsers show it, without port: leads.example.com.")
    return found["name"]
