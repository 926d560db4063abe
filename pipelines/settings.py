"""What settings.yaml may say: lists, manners of the web, storage. The file a data engineer owns.

Here: the settings as frozen types with their defaults. Elsewhere: who our customer is (`icp`), and every use of a setting.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipelines.documents import Document, read_document
from pipelines.domains import registrable

ListKind = Literal["leads", "customers", "competitors", "partners", "suppressed"]
RegisterName = Literal["companies_house"]
Count = Annotated[int, Field(ge=0)]
Least1 = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0)]


def _network(written: str) -> str:
    try:
        ipaddress.ip_network(written)
    except ValueError:
        raise ValueError(f"{written} is no network; write it like 127.0.0.0/8") from None
    return written


class Lists(Document):
    """How lead lists are understood. Patterns are shell-like and match the list's file name."""

    kinds: Mapping[str, ListKind] = {"*customer*": "customers", "*competitor*": "competitors", "*partner*": "partners"}
    suppressed: tuple[str, ...] = (
        "*suppress*",
        "*do-not-*",
        "*donotcontact*",
        "*unsubscribe*",
        "*opt-out*",
        "*optout*",
        "*opted-out*",
        "*robinson*",
        "*sperrliste*",
        "*blocklist*",
    )
    """Which lists say whom to leave out, before any other kind; a blank or underscore in a name counts as a hyphen."""
    headings: Mapping[str, Mapping[str, str]] = {}
    """Per file-name pattern: heading -> field of a lead, where the mapping by itself goes wrong."""
    default_country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    """Where a national phone number is from when the row does not say; ISO 3166-1 alpha-2."""
    null_words: tuple[str, ...] = ()
    """Words for nothing in these lists, in any case, beside those known in many languages; NA too, else it is a country."""


class Manners(Document):
    """How we behave as a guest on other people's servers, and how we guard ourselves."""

    gap_seconds: Seconds = 2.0
    """Least pause between two requests at one host, and at one address; five times as long as its last answer took, if longer."""
    longest_gap_seconds: Seconds = 30.0
    """Longest such pause; a host whose robots.txt asks for a longer one is not asked."""
    gaps: Mapping[str, Seconds] = {}
    """Host name -> the pause kept there, whatever else holds: for servers of your own."""
    patience_seconds: Seconds = 3600.0
    """How long a run waits for a host that asks for time (Retry-After); one that asks for more is left to a later run."""
    attempts: Least1 = 3
    """How often one URL is asked at most while its host is in trouble."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 20.0
    wire_bytes: Least1 = 2 * 1024 * 1024
    body_bytes: Least1 = 5 * 1024 * 1024
    redirects: Count = 5
    pages_per_organization: Count = 12
    requests_per_organization: Count = 24
    requests_per_host: Mapping[str, Least1] = {}
    """Host name -> how many requests one run may send it at most; goes before what the sources that ask it say."""
    requests_per_run: Least1 | None = None
    """How many requests one run may send in all; none is no limit."""
    minutes_per_run: Annotated[float, Field(gt=0)] | None = None
    """How long one run may go on asking; what is left is for the next."""
    workers: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """How many organizations are looked at side by side."""
    connections: Annotated[int, Field(ge=1, le=10_000)] = 256
    """How many of them are asked at the same moment."""
    never: tuple[str, ...] = ()
    """Domains that are never asked, beside those whose terms forbid it."""
    allow_addresses: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    """Networks (CIDR) that may be fetched although they are private: for a test server, never for the world."""
    hosts: Mapping[str, str] = {}
    """Host name -> `address:port`, like /etc/hosts: sends a name to a test server."""


class Chosen(Document):
    """Which sources are asked and read, by name; none of it said, all but those that are off by default."""

    only: tuple[str, ...] | None = None
    """These and no others."""
    also: tuple[str, ...] = ()
    """These too, although they are off by default."""
    never: tuple[str, ...] = ()
    """All but these."""


class Reading(Document):
    """When enough of an organization was read that its silence means something, and what reading one page may take."""

    enough_pages: Least1 = 2
    enough_words: Count = 250
    memory_bytes: Annotated[int, Field(ge=1 << 26)] = 512 * 1024 * 1024
    cpu_seconds: Annotated[float, Field(gt=0)] = 3.0
    wall_seconds: Annotated[float, Field(gt=0)] = 5.0


class Guessing(Document):
    """Where the website of an organization is looked for that has only a name; what is found there has to say the name."""

    most: Count = 6
    """How many domains are asked; 0 guesses none."""
    suffixes: tuple[str, ...] = ()
    """Suffixes tried before the country's own and .com."""


def _organization(written: str) -> str:
    """Return an organization's id as it is, and a domain in its one spelling."""
    known = written if re.fullmatch("org_[0-9a-f]{16}", written) else registrable(written)
    if known is None:
        raise ValueError(f"`{written}` names no organization; write its id, as in mart.organization, or its domain")
    return known


Pair = tuple[Annotated[str, AfterValidator(_organization)], Annotated[str, AfterValidator(_organization)]]


class Resolution(Document):
    """When two names are taken for one organization. What people decide here has the last word."""

    join_at: Annotated[float, Field(gt=0.5, le=1)] = 0.95
    """From which probability on candidates are joined without asking."""
    review_at: Annotated[float, Field(gt=0, lt=1)] = 0.3
    """From which probability on they are shown for review, in mart.resolution_review."""
    same: tuple[Pair, ...] = ()
    """Pairs of organizations, by id or domain, that are one."""
    apart: tuple[Pair, ...] = ()
    """Pairs that are two, whatever speaks for one."""


class Storage(Document):
    """How captures, facts and releases are kept."""

    partitions: Annotated[int, Field(ge=1, le=256)] = 16
    keep_releases: Least1 = 5
    """How many releases stay, the current one included."""
    keep_days: Least1 = 90
    """How many days before the current one a release may have been made and stay."""
    least_free_bytes: Count = 2 * 1024**3
    """How much of the disk has to be free for a run to begin, go on and publish; if more, three times what the last one made."""
    memory: Annotated[str, Field(pattern="^[0-9]+(MB|GB)$")] = "4GB"
    """How much memory the database may take."""
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """How many threads read big lead lists, and the database has."""


Days = Annotated[int, Field(ge=1, le=36_500)]


class Retention(Document):
    """How many days each kind of data is kept. Reading a page again, or bringing the same list again, renews nothing."""

    contacts: Days = 365
    """Persons of lead lists, from the day the first list with them was brought."""
    snapshots: Days = 90
    """Pages as they were, and what is quoted from them, from the day they were last seen to be so."""
    logs: Days = 90
    """What runs of the graph wrote down of themselves, and other logs."""
    journal: Days = 1095
    """Who downloaded what, and which requests of people were met."""
    backups: Days = 30
    """Copies of the home that somebody made: `bullseye restore` takes none that is older."""


class Rights(Document):
    """What people are told who ask what is known of them; nobody can know it but you."""

    controller: str = "not stated; write it into settings.yaml, under rights"
    """Who is responsible, and how they are reached."""
    purpose: str = "finding out whether a company is one we can be of use to, and whom to write to there"
    basis: str = "legitimate interests (Art. 6(1)(f) GDPR)"
    days: Annotated[int, Field(ge=1, le=90)] = 30
    """Days within which a request has to be met."""


class Portal(Document):
    """How much of the page one may have: who is logged in, and how many files may be taken."""

    idle_minutes: Annotated[float, Field(gt=0, le=1440)] = 30.0
    """How long somebody stays logged in who does nothing."""
    session_hours: Annotated[float, Field(gt=0, le=168)] = 12.0
    """How long somebody stays logged in at all."""
    exports_per_hour: Least1 = 10
    """How many files one user may take within an hour."""
    downloads_at_once: Least1 = 4
    """How many files are sent at the same time."""
    downloads_of_one: Least1 = 2
    """How many of them to one user."""


class Accepted(Document):
    """Something that may differ from the release before by more than is promised."""

    what: Annotated[str, Field(pattern=r"^(volume [a-z]+|freshness( [a-z ]+)?|column mart\.\w+\.\w+)$")]
    """`volume facts` or another measure of mart.volume, `freshness` or with a class of it, `column mart.lead.fax`."""
    because: str
    """Why; the manifest and the table that lets it pass say so."""
    until: date
    """The last day on which it may."""


class Settings(Document):
    """All of settings.yaml."""

    contact: str | None = None
    """How a webmaster reaches us: an e-mail address, a URL, or both. A live run without one refuses to start."""
    lists: Lists = Lists()
    manners: Manners = Manners()
    sources: Chosen = Chosen()
    registers: Mapping[RegisterName, Path] = {}
    """Registers that are published as one big file -> where that lies; the records of each are found by an index made once."""
    reading: Reading = Reading()
    resolution: Resolution = Resolution()
    guessing: Guessing = Guessing()
    storage: Storage = Storage()
    accepted: tuple[Accepted, ...] = ()
    """What may differ from the release before, because somebody looked and says so."""
    portal: Portal = Portal()
    retention: Retention = Retention()
    rights: Rights = Rights()


def read_settings(path: Path | None) -> Settings:
    """Return the settings in the file, or the defaults when there is none; raises `Stop` for a mistake in it."""
    return Settings() if path is None else read_document(path, Settings)
