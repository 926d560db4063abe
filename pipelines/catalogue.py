"""The technologies that are known, and the traces each leaves, as signatures.yaml has them.

Here: the file (how it is written stands at its top), read once a process, as technologies by name and as patterns by kind of
trace. A trace is something that a machine serves, loads, runs or is configured with, never a word or a link about it.
Elsewhere: what matches a pattern (`signatures`).
"""

from collections.abc import Iterable, Mapping
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
"""Whose trace it is, and what that implies."""


@cache
def technologies() -> Mapping[str, Technology]:
    """Return the catalogue by name."""
    return {name: Technology(name, category) for category, each in _written().items() for name in each}


def patterns(kind: str) -> list[tuple[str, Left]]:
    """Return every pattern of a kind of trace, and what it tells of."""
    return _by_kind()[kind]


@cache
def _written() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The file as it is: category -> name -> kind of trace -> patterns."""
    content: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    return content


@cache
def _by_kind() -> Mapping[str, list[tuple[str, Left]]]:
    known, traces = technologies(), {name: each for category in _written().values() for name, each in category.items()}
    found: dict[str, list[tuple[str, Left]]] = {}
    for name, each in traces.items():
        left = tuple(known[other] for other in dict.fromkeys(_with(name, traces)))
        for kind in each.keys() - {IMPLIES}:
            found.setdefault(kind, []).extend((pattern, left) for pattern in each[kind])
    return found


def _with(name: str, traces: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Yield a technology's name, and those of all that it implies."""
    yield name
    for other in traces[name].get(IMPLIES, ()):
        yield from _with(other, traces)
