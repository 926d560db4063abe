"""The door a connection goes through: a name looked up once, addresses checked, every step against one deadline.

Here: from a target to an open stream of bytes, for `web.client` to speak HTTP over. Elsewhere: which addresses are forbidden
(`web.guard`), HTTP itself (`web.client`).
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from pipelines.errors import Skip, Stop
from pipelines.settings import Manners
from pipelines.web.guard import Target, forbidden

Resolver = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], httpcore.NetworkStream]
_PLACE = re.compile(r"(?:(https?)://)?(\[[0-9a-f:.]+\]|[0-9.]+):([0-9]{1,5})/?")


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, in the order the system prefers; raises `OSError` when there are none."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def dial(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
    """Open a connection to an address that was checked; `timeout` in seconds."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=timeout)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target may be dialled, and by which scheme it is spoken to there."""

    addresses: Sequence[str]
    port: int
    scheme: str


class Lookup:
    """Finds where a target may be dialled: test servers by the settings, the world by its names."""

    def __init__(self, manners: Manners, resolver: Resolver) -> None:
        self._mapped = {host: _mapped(host, written) for host, written in manners.hosts.items()}
        self._resolver = resolver
        self.allowed = tuple(ipaddress.ip_network(each) for each in manners.allow_addresses)

    def place(self, target: Target) -> Place:
        """Return the place, its name looked up once; raises `Skip`: `dns`, or `refused_address` if any address is forbidden."""
        place = self._mapped.get(target.host) or Place(self._addresses(target), target.port, target.scheme)
        for address in place.addresses:
            if network := forbidden(address, self.allowed):
                sentence = f"{target.host} leads to {address}, which is not public ({network}); it was not dialled."
                raise Skip("refused_address", sentence)
        return place

    def _addresses(self, target: Target) -> Sequence[str]:
        if ":" in target.host or target.host.replace(".", "").isdecimal():
            return [target.host]
        try:
            addresses = self._resolver(target.host, target.port)
        except (OSError, UnicodeError) as error:
            raise Skip("dns", f"{target.host} has no address: {error}.") from None
        if not addresses:
            raise Skip("dns", f"{target.host} has no address.")
        return addresses


def _mapped(host: str, written: str) -> Place:
    """Read where the settings send a name. A test server is spoken to plainly unless it says https or has port 443."""
    parts = _PLACE.fullmatch(written)
    if parts is None:
        raise Stop(f"settings.yaml sends {host} to {written!r}; write `address:port`, for example `127.0.0.1:8000`.")
    port = int(parts[3])
    return Place([parts[2].strip("[]")], port, parts[1] or ("https" if port == 443 else "http"))


class Deadline:
    """The moment by which a fetch must be over, however lively the other side keeps it."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._at = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left, more than none; raises `httpcore.ReadTimeout` when there are none."""
        left = self._at - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"not done after {self._seconds:g} seconds")
        return left


class Door(httpcore.NetworkBackend):
    """Dials the checked addresses, whatever name it is asked for: a name is never looked up a second time."""

    def __init__(self, place: Place, dialler: Dial, deadline: Deadline) -> None:
        self._place = place
        self._dial = dialler
        self._deadline = deadline

    def connect_tcp(  # noqa: D102 - as httpcore declares it
        self,
        host: str,  # noqa: ARG002 - the name was looked up already
        port: int,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002 - the deadline is stricter
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        trouble: Exception = httpcore.ConnectError("no address")
        for address in self._place.addresses:
            try:
                return _Stream(self._dial(address, self._place.port, self._deadline.left()), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble


class _Stream(httpcore.NetworkStream):
    """A connection whose every step gets what is left of the fetch's time, and no more."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._stream.get_extra_info(info)
