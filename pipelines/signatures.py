"""Which technology leaves which trace: one catalogue for pages, headers and DNS, and one fast look-up for each kind of trace.

Here: the catalogue (signatures.yaml; how it is written stands at its top) and the functions from a trace to the technologies
that leave it. A trace is something that a machine serves, loads, runs or is configured with, never a word or a link about it.
Elsewhere: where traces stand in a page (`sources.website.technology`) and in DNS (`sources.dns`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "signatures.yaml"
IMPLIES = "implies"


@dataclass(frozen=True, slots=True)
class Technology:
    """A product, and the kind of product it is."""

    name: str
    category: str


Left = tuple[Technology, ...]
"""The technologies that a trace tells of: whose it is, and what that needs."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Technologies by the end of a host name and, where the pattern has one, by the beginning of the path."""

    ends: Mapping[str, list[tuple[str, Left]]]
    wild: list[tuple[re.Pattern[str], str, Left]]

    def find(self, host: str, path: str = "") -> Iterator[Technology]:
        """Yield the technologies whose host is this or above it."""
        for pattern, start, left in self.wild:
            if path.startswith(start) and pattern.search(host):
                yield from left
        while host:
            for start, left in self.ends.get(host, ()):
                if path.startswith(start):
                    yield from left
            host = host.partition(".")[2]


def technologies() -> Mapping[str, Technology]:
    """Return the catalogue by name."""
    return {name: Technology(name, category) for category, each in _written().items() for name in each}


def of_dns(kind: str, value: str) -> Iterator[Technology]:
    """Yield the technologies that a DNS record tells of.

    `kind` is mx, cname or ns (the host that the record names, with or without priority and dot at the end), spf (an include, or
    the whole record) or txt (the whole record).

    >>> [each.name for each in of_dns("mx", "1 ASPMX.L.GOOGLE.COM.")]
    ['Google Workspace']
    >>> [each.name for each in of_dns("txt", "docusign=05958488-4752-4ef2-95eb-aa7ba8a3bd0e")]
    ['Docusign']
    """
    text = value.strip().strip('"').lower()
    if kind == "txt":
        starts = _starts("txt")
        found: Iterator[Technology] = (one for start, left in starts if text.startswith(start) for one in left)
    else:
        hosts = [word.rpartition(":")[2].rpartition("=")[2].rstrip(".") for word in text.split()]
        found = (one for host in hosts for one in _hosts(kind).find(host))
    yield from dict.fromkeys(found)


@cache
def _written() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The file as it is: category -> name -> kind of trace -> patterns."""
    content: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    return content


def _patterns(kind: str) -> Iterator[tuple[str, Left]]:
    """Yield every pattern of that kind, and what it tells of."""
    known = technologies()
    for each in _written().values():
        for name, traces in each.items():
            left = (known[name], *(known[other] for other in traces.get(IMPLIES, ())))
            yield from ((pattern, left) for pattern in traces.get(kind, ()))


@cache
def _starts(kind: str) -> list[tuple[str, Left]]:
    return [(pattern.lower(), left) for pattern, left in _patterns(kind)]


@cache
def _hosts(kind: str) -> Hosts:
    ends: dict[str, list[tuple[str, Left]]] = {}
    wild: list[tuple[re.Pattern[str], str, Left]] = []
    for pattern, left in _patterns(kind):
        host, slash, path = pattern.lower().partition("/")
        if "*" in host:
            letters = re.escape(host).replace(r"\*", "[^.]*")
            wild.append((re.compile(rf"(?:^|\.){letters}\Z"), slash + path, left))
        else:
            ends.setdefault(host, []).append((slash + path, left))
    return Hosts(ends, wild)
