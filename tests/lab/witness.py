"""The witness of the lab: sees every packet, whoever sent it and whether or not anybody answered.

Here: attempts to connect (TCP) and datagrams (UDP) by where they were going. Elsewhere: who was allowed to be asked (`trial`).
"""

import asyncio
import ipaddress
import socket
import struct
from collections import Counter

EVERY_PROTOCOL = 3
SOL_PACKET, PACKET_STATISTICS = 263, 6
OUTGOING = 4
"""Each packet on the loopback passes twice; counted is the first time."""
ROOM = 64 * 1024 * 1024
SYN, ACK = 0x02, 0x10
LONG_HEADER = 40
NAME_SERVER = (ipaddress.ip_address("127.0.0.1"), 53)


class Witness:
    """Counts what goes where, as `tcp address:port` and `udp address:port`."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(EVERY_PROTOCOL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        self._socket.bind(("lo", 0))
        self._socket.setblocking(False)

    @property
    def missed(self) -> int:
        """How many packets passed unseen since this was last asked, because too many came at once."""
        return struct.unpack("II", self._socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]

    async def start(self) -> None:
        """Watch as long as the loop runs."""
        asyncio.get_running_loop().add_reader(self._socket, self.look)

    def look(self) -> None:
        """Take note of what has passed since."""
        while True:
            try:
                packet, (_, _, kind, *_) = self._socket.recvfrom(128)
            except BlockingIOError:
                return
            if kind == OUTGOING and (seen := _destination(packet)):
                self.seen[seen] += 1


def _destination(packet: bytes) -> str | None:
    """Return where a datagram or the first packet of a connection goes; None for all other packets, and what is answered."""
    if packet[0] >> 4 == 4:
        start, protocol, source, address = (packet[0] & 15) * 4, packet[9], packet[12:16], packet[16:20]
    else:
        start, protocol, source, address = LONG_HEADER, packet[6], packet[8:24], packet[24:40]
    body = packet[start:]
    if protocol == socket.IPPROTO_TCP and body[13] & (SYN | ACK) == SYN:
        kind = "tcp"
    elif protocol == socket.IPPROTO_UDP and (ipaddress.ip_address(source), *struct.unpack("!H", body[:2])) != NAME_SERVER:
        kind = "udp"
    else:
        return None
    (port,) = struct.unpack("!H", body[2:4])
    where = ipaddress.ip_address(address)
    return f"{kind} [{where}]:{port}" if where.version == 6 else f"{kind} {where}:{port}"
