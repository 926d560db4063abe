"""What settings.yaml may say: lists, manners of the web, storage. The file a data engineer owns.

Here: the settings as frozen types with their defaults. Elsewhere: who our customer is (`icp`), and every use of a setting.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipelines.documents import Document, read_document

ListKind = Literal["leads", "customers", "competitors", "partners"]
Count = Annotated[int, Field(ge=0)]
Least1 = Annotated[int, Field(ge=1)]


def _network(written: str) -> str:
    try:
        ipaddress.ip_network(written)
    except ValueError:
        raise ValueError(f"{written} is no network; write it like 127.0.0.0/8") from None
    return written


class Lists(Document):
    """How lead lists are understood. Patterns are shell-like and match the list's file name."""

    kinds: Mapping[str, ListKind] = {"*customer*": "customers", "*competitor*": "competitors", "*partner*": "partners"}
    headings: Mapping[str, Mapping[str, str]] = {}
    """Per file-name pattern: heading -> field of a lead, where the mapping by itself goes wrong."""
    default_country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    """Where a national phone number is from when the row does not say; ISO 3166-1 alpha-2."""


class Manners(Document):
    """How we behave as a guest on other people's servers, and how we guard ourselves."""

    gap_seconds: Annotated[float, Field(ge=0)] = 2.0
    timeout_seconds: Annotated[float, Field(gt=0)] = 20.0
    wire_bytes: Least1 = 2 * 1024 * 1024
    body_bytes: Least1 = 5 * 1024 * 1024
    redirects: Count = 4
    pages_per_organization: Count = 12
    requests_per_organization: Count = 24
    workers: Annotated[int, Field(ge=1, le=256)] = 16
    allow_addresses: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    """Networks (CIDR) that may be fetched although they are private: for a test server, never for the world."""
    hosts: Mapping[str, str] = {}
    """Host name -> `address:port`, like /etc/hosts: sends a name to a test server."""


class Reading(Document):
    """When enough of an organization was read that its silence means something."""

    enough_pages: Least1 = 2
    enough_words: Count = 250


class Storage(Document):
    """How captures, facts and releases are kept."""

    partitions: Annotated[int, Field(ge=1, le=256)] = 16
    keep_releases: Least1 = 5


class Settings(Document):
    """All of settings.yaml."""

    contact: str | None = None
    """How a webmaster reaches us: an e-mail address or URL. A live run without one refuses to start."""
    lists: Lists = Lists()
    manners: Manners = Manners()
    reading: Reading = Reading()
    storage: Storage = Storage()


def read_settings(path: Path | None) -> Settings:
    """Return the settings in the file, or the defaults when there is none; raises `Stop` for a mistake in it."""
    return Settings() if path is None else read_document(path, Settings)
