"""The way to a server: a name looked up once, its addresses checked, none dialled but these.

Here: from a target to an open stream of bytes, for `web.connection` to speak HTTP over. Elsewhere: which addresses are forbidden
(`web.guard`), the stream (`web.stream`), HTTP itself (`web.connection`).
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from pipelines.errors import Skip, Stop
from pipelines.settings import Manners
from pipelines.web.guard import Target, forbidden
from pipelines.web.stream import Broken, Stream

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Dial = Callable[[str, int], Awaitable[Stream]]
LOOKUPS = ThreadPoolExecutor(64, "lookup")
"""The system's resolver blocks, and a name whose servers are silent blocks for long."""
_PLACE = re.compile(r"(?:(https?)://)?(\[[0-9a-f:.]+\]|[0-9.]+):([0-9]{1,5})/?")


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, in the order the system prefers; raises `OSError` when there are none."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(LOOKUPS, look_up)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target may be dialled, and by which scheme it is spoken to there."""

    addresses: Sequence[str]
    port: int
    scheme: str

    @property
    def address(self) -> str:
        """The address that is tried first: whose server it is."""
        return self.addresses[0]


class Lookup:
    """Finds where a target may be dialled: test servers by the settings, the world by its names."""

    def __init__(self, manners: Manners, resolver: Resolver) -> None:
        self._mapped = {host: _mapped(host, written) for host, written in manners.hosts.items()}
        self._resolver = resolver
        self._seconds = manners.timeout_seconds
        self.allowed = tuple(ipaddress.ip_network(each) for each in manners.allow_addresses)

    async def place(self, target: Target) -> Place:
        """Return the place, its name looked up once; raises `Skip`: `dns`, or `refused_address` if any address is forbidden."""
        place = self._mapped.get(target.host) or Place(await self._addresses(target), target.port, target.scheme)
        for address in place.addresses:
            if network := forbidden(address, self.allowed):
                sentence = f"{target.host} leads to {address}, which is not public ({network}); it was not dialled."
                raise Skip("refused_address", sentence)
        return place

    async def _addresses(self, target: Target) -> Sequence[str]:
        if ":" in target.host or target.host.replace(".", "").isdecimal():
            return [target.host]
        try:
            async with asyncio.timeout(self._seconds):
                addresses = await self._resolver(target.host, target.port)
        except TimeoutError:
            raise Skip("dns", f"The address of {target.host} was not found in {self._seconds:g} seconds.") from None
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


async def connect(place: Place, dialler: Dial, tls: ssl.SSLContext, host: str) -> Stream:
    """Return a stream to the first of the place's addresses that answers, proved to be the host's where TLS is spoken.

    No name is looked up again. Raises `Broken`.
    """
    trouble = Broken("it has no address")
    for address in place.addresses:
        try:
            stream = await dialler(address, place.port)
        except Broken as error:
            trouble = error
            continue
        if place.scheme == "https":
            await stream.secure(tls, host)
        return stream
    raise trouble
