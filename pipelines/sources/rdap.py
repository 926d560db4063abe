"""When an organization's domain was registered, last changed and runs out, from the registry that keeps it.

Here: the registry by IANA's list, and the days it gives. Whoever registered the domain may be a person: nothing of them is read.
Registries that speak no RDAP, or not over TLS, are not asked. Elsewhere: whose domain it is (`identity`).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, REGISTRIES = "rdap", "https://data.iana.org/rdap/dns.json"
DAYS = {"registration": "domain_registered", "last changed": "domain_changed", "expiration": "domain_expires"}
FIRST = date(1985, 1, 1)
"""The year of the first registered domain."""


def _search(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        yield Request(organization.organization_id, NAME, "registries", REGISTRIES)


def _follow(page: Page) -> Iterator[Request]:
    """Ask the registry of the domain, where IANA's list has one."""
    if page.source != NAME or page.kind != "registries":
        return
    domain = page.organization.domain or ""
    if domain and (base := _registry(page, domain.rpartition(".")[2])):
        url = f"{base.rstrip('/')}/domain/{quote(domain, safe='')}"
        yield Request(page.capture.request.organization_id, NAME, "domain", url)


def _registry(page: Page, suffix: str) -> str | None:
    """Return where the registry of a top-level domain is asked, over TLS."""
    for suffixes, addresses in _services(page):
        if suffix in suffixes:
            return next((each for each in addresses if isinstance(each, str) and each.startswith("https://")), None)
    return None


def _services(page: Page) -> list[list[list[str]]]:
    """Return IANA's pairs of suffixes and addresses; raises `Skip` where the list has another shape."""
    page.json.need("services")
    services: list[list[list[str]]] = page.json.value["services"]
    if not isinstance(services, list) or not all(_is_pair(each) for each in services):
        raise Skip("other_shape", "IANA's list of registries has another shape.")
    return services


def _is_pair(service: object) -> bool:
    return isinstance(service, list) and len(service) == 2 and all(isinstance(each, list) for each in service)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    if page.kind == "registries":
        _services(page)
        return
    if page.json.get("errorCode"):
        return
    page.json.need("objectClassName")
    domain = page.json.text("ldhName")
    if domain is None or domain.text.rstrip(".").lower() != page.organization.domain:
        return
    for name, (node, day) in sorted(_days(page).items()):
        yield page.fact(name, node, day.isoformat(), stated_on=None, confidence=0.95)


def _days(page: Page) -> dict[str, tuple[Node, date]]:
    """Return the days of the domain itself, not of its name servers or registrant, by property; the first of each that is likely."""
    found: dict[str, tuple[Node, date]] = {}
    for event in page.json.get("events"):
        action, node = event.text("eventAction"), event.text("eventDate")
        name = DAYS.get(action.text.lower()) if action else None
        day = iso_day(node.text) if node else None
        likely = day is not None and day >= FIRST and (name == "domain_expires" or day <= page.capture.fetched_at.date())
        if name and node and day and likely:
            found.setdefault(name, (node, day))
    return found


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="The registry of the organization's domain: when it was registered, last changed and runs out.",
    hosts="data.iana.org, and the registry of the domain",
    terms="RDAP (RFC 9082, 9083), for lawful use and no bulk: at most 30 a minute at each registry, kept for a month",
    trust=0.9,
    fresh=timedelta(days=30),
    expected_share=0.2,
    states=frozenset(DAYS.values()),
    wants=_wants,
    search=_search,
    follow=_follow,
    read=_read,
    budgets={"rdap.verisign.com": 1000},
)
