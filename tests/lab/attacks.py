"""The rows of attacks.yaml: what is asked, what names and servers say then, and how it must end.

Here: reading them, each with a host of its own. Elsewhere: the servers that say it (`names`, `servers`), asking (`trial`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

PAGE = "page"
"""How a row ends that is no attack: with the good page."""


@dataclass(frozen=True)
class Answer:
    """What a server says; `raw` is said byte for byte in place of all else."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    closes: bool = False
    raw: str | None = None


@dataclass(frozen=True)
class Attack:
    """One row. `asks` are URLs, asked one after the other; `expect` is how the last of them ends."""

    name: str
    asks: tuple[str, ...]
    expect: str
    zone: Mapping[str, list[str] | str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Mapping[str, Sequence[Answer]]] = field(default_factory=dict)


def attacks() -> list[Attack]:
    """Return all rows, by the order of the file."""
    content = yaml.safe_load((Path(__file__).parent / "attacks.yaml").read_text("utf-8"))
    found = [*_targets(content["targets"]), *_redirects(content["redirects"]), *_named(content["names"]), *_rows(content["rows"])]
    hosts = [slug(each.name) for each in found]
    assert len(set(hosts)) == len(hosts), "two rows have one name"
    return found


def slug(name: str) -> str:
    """Return a row's name as a label of a host name.

    >>> slug("An IPv4 address, in octal")
    'an-ipv4-address-in-octal'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].rstrip("-")


def _targets(targets: Mapping[str, list[str]]) -> Iterator[Attack]:
    """Yield each target twice: asked for directly, and as the end of a redirect."""
    urls = [(url, reason) for reason, urls in targets.items() for url in urls]
    for number, (url, reason) in enumerate(urls):
        yield Attack(f"{number:02} asked: {url}", (url,), reason)
    yield from _redirects(targets)


def _redirects(targets: Mapping[str, list[str]]) -> Iterator[Attack]:
    for reason, urls in targets.items():
        for number, url in enumerate(urls):
            name = f"{reason} {number:02} redirect: {url}"
            yield _attack(name, {"says": {"/": {"location": url}}, "expect": reason})


def _named(names: Mapping[str, Mapping[str, Any]]) -> Iterator[Attack]:
    """Yield each name twice, too."""
    for reason, rows in names.items():
        for name, said in rows.items():
            asked = _attack(f"name: {name}", {"dns": said, "expect": reason})
            yield asked
            yield _attack(f"to the name: {name}", {"says": {"/": {"location": asked.asks[0]}}, "expect": reason})


def _rows(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Attack]:
    return (_attack(name, row) for name, row in rows.items())


def _attack(name: str, row: Mapping[str, Any]) -> Attack:
    host = f"{row.get('host') or slug(name)}.lab.test"
    asks = row.get("asks", "/")
    urls = tuple(_placed(each, host) for each in ([asks] if isinstance(asks, str) else asks))
    pages = {
        path: [_answer(each, host) for each in (said if isinstance(said, list) else [said])]
        for path, said in row.get("says", {}).items()
    }
    told = row.get("dns", {})
    said = told if isinstance(told, dict) else {"said": told}
    chain = [host, *said.get("by", [])]
    zone = {chain[-1]: said["said"]} if "said" in said else {}
    return Attack(name, urls, row["expect"], zone, dict(pairwise(chain)), {host: pages})


def _answer(said: Mapping[str, Any], host: str) -> Answer:
    """Return what is written short: `location` is a redirect's, `raw` and `body` are text, `headers` a mapping."""
    headers = tuple((name, _filled(str(value), host)) for name, value in said.get("headers", {}).items())
    if "location" in said:
        headers = (*headers, ("Location", _filled(said["location"], host)))
    status = said.get("status", 302 if "location" in said else 200)
    raw = _filled(said["raw"], host) if "raw" in said else None
    return Answer(status, headers, _filled(said.get("body", ""), host), said.get("closes", False), raw)


def _placed(url: str, host: str) -> str:
    return f"http://{host}{url}" if url.startswith("/") else _filled(url, host)


def _filled(text: str, host: str) -> str:
    return text.replace("{host}", host)
