"""Which sources a run asks, and what the terms of all of them come to.

Here: those that settings.yaml turns on, and the strictest pace and budget of each host. Elsewhere: the sources themselves
(`pipelines.sources`), keeping to their terms (`web.guest`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pipelines.errors import Stop
from pipelines.settings import Chosen
from pipelines.source import Source
from pipelines.sources import all_sources

Number = TypeVar("Number", int, float)


def chosen_sources(chosen: Chosen, sources: Sequence[Source] | None = None) -> tuple[Source, ...]:
    """Return the sources that settings.yaml turns on; raises `Stop` for a name that none has."""
    known = {source.name: source for source in (all_sources() if sources is None else sources)}
    named = (*(chosen.only or ()), *chosen.also, *chosen.never)
    if unknown := [name for name in named if name not in known]:
        raise Stop(f"settings.yaml, sources: there is no source {', '.join(unknown)}. There are {', '.join(known)}.")
    usual = {name for name, source in known.items() if not source.off_by_default}
    wanted = (usual if chosen.only is None else {*chosen.only}) | {*chosen.also}
    return tuple(source for name, source in known.items() if name in wanted - {*chosen.never})


def expected_sources(chosen: Chosen) -> tuple[Source, ...]:
    """Return every source, as what it said before may still stand; of one that is not asked, nothing is expected."""
    asked = {source.name for source in chosen_sources(chosen)}
    return tuple(source if source.name in asked else replace(source, expected_share=0.0) for source in all_sources())


def paces(sources: Iterable[Source]) -> dict[str, float]:
    """Return host -> the seconds between two requests that the strictest of the sources says."""
    return _by_host((source.paces for source in sources), max)


def budgets(sources: Iterable[Source]) -> dict[str, int]:
    """Return host -> how many requests a run may send it, as the strictest of the sources says."""
    return _by_host((source.budgets for source in sources), min)


def _by_host(said: Iterable[Mapping[str, Number]], strictest: Callable[[Number, Number], Number]) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for each in said:
        for host, number in each.items():
            found[host] = strictest(found[host], number) if host in found else number
    return found
