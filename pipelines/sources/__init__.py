"""The sources: one file, one source. Dropping a file in is all it takes.

Here: finding them. Elsewhere: what a source is (`pipelines.source`), which of them a run asks (`pipelines.choosing`) and who drives
them (`pipelines.enrich`).
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pipelines.source import Source


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every source in this folder, by name. A module is a source when it has a `SOURCE`."""
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return tuple(sorted((module.SOURCE for module in modules), key=lambda source: source.name))
