"""The name server of the lab: says what a row wants said of its name, and keeps count of who asked.

Here: A and AAAA over UDP and TCP at 127.0.0.1:53. Elsewhere: which names lead where (`attacks`).
"""

import asyncio
import random
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from lab.world import address_of

PRIVATE = "169.254.169.254"
SHORT = 512
"""Bytes that fit into an answer over UDP."""
REBINDING = {
    "flip": lambda count, _: count % 2 == 0,
    "flop": lambda count, _: count % 2 == 1,
    "late": lambda count, _: count > 2,
    "coin": lambda _, chance: chance.random() < 0.5,
}
"""Whether a name leads to the private address at its n-th look-up, counted from 1."""


@dataclass
class Names:
    """What is known: a name -> its addresses, or one of `nothing`, `empty`, `broken`, `silent` and the keys of `REBINDING`."""

    zone: dict[str, list[str] | str]
    aliases: dict[str, str]
    asked: Counter[str] = field(default_factory=Counter)
    said_private: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(4))

    def answer(self, wire: bytes) -> bytes | None:
        """Return the answer to a question, or None to keep silent."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked[name] += question.rdtype == dns.rdatatype.A
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        while name in self.aliases:
            reply.answer.append(dns.rrset.from_text(f"{name}.", 0, "IN", "CNAME", f"{self.aliases[name]}."))
            name = self.aliases[name]
        said = self._said(name, question.rdtype)
        if said == "silent":
            return None
        if isinstance(said, str):
            reply.set_rcode({"nothing": dns.rcode.NXDOMAIN, "broken": dns.rcode.SERVFAIL}.get(said, dns.rcode.NOERROR))
            return reply.to_wire()
        of_kind = [each for each in said if (":" in each) == (question.rdtype == dns.rdatatype.AAAA)]
        if of_kind:
            reply.answer.append(dns.rrset.from_text_list(f"{name}.", 0, "IN", question.rdtype, of_kind))
        return reply.to_wire()

    def _said(self, name: str, kind: dns.rdatatype.RdataType) -> list[str] | str:
        said = self.zone.get(name, [address_of(name)] if name.endswith(".lab.test") else "nothing")
        if not isinstance(said, str) or said not in REBINDING:
            return said
        if kind != dns.rdatatype.A:
            return "empty"
        is_private = REBINDING[said](self.asked[name], self.chance)
        self.said_private[name] += is_private
        return [PRIVATE] if is_private else [address_of(name)]


async def serve(names: Names) -> None:
    """Answer at 127.0.0.1:53 as long as the loop runs."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: _Datagrams(names), ("127.0.0.1", 53), family=socket.AF_INET)
    await asyncio.start_server(lambda reader, writer: _stream(names, reader, writer), "127.0.0.1", 53)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, names: Names) -> None:
        self._names = names

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._names.answer(data)
        if answer is not None:
            self._transport.sendto(answer if len(answer) <= SHORT else _truncated(data), addr)


def _truncated(wire: bytes) -> bytes:
    """Return the answer that asks to be asked again over TCP."""
    reply = dns.message.make_response(dns.message.from_wire(wire))
    reply.flags |= dns.flags.RA | dns.flags.TC
    return reply.to_wire()


async def _stream(names: Names, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            (size,) = struct.unpack("!H", await reader.readexactly(2))
            answer = names.answer(await reader.readexactly(size)) or b""
            writer.write(struct.pack("!H", len(answer)) + answer)
    except asyncio.IncompleteReadError:
        writer.close()
