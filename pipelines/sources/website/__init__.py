"""An organization's own website, read as people see it.

Here: which pages are asked for, and which reader reads which. One file per reader, each a pure function from a page to facts.
Elsewhere: the same pages' data made for machines (`structured_data`).
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.source import Source
from pipelines.sources.website import (
    buying,
    contact,
    customers,
    group,
    hiring,
    hours,
    identity,
    industry,
    language,
    naming,
    news,
    parts,
    programmes,
    registrations,
    technology,
    trust,
)
from pipelines.sources.website.routes import follow, plan

READERS: dict[str, Callable[[Page, Lexicon], Iterator[Fact]]] = {
    "buying": buying.read,
    "contact": contact.read,
    "customers": customers.read,
    "group": group.read,
    "hiring": hiring.read,
    "hours": hours.read,
    "identity": identity.read,
    "industry": industry.read,
    "language": language.read,
    "naming": naming.read,
    "news": news.read,
    "parts": parts.read,
    "programmes": programmes.read,
    "registrations": registrations.read,
    "technology": technology.read,
    "trust": trust.read,
}


def _read(page: Page, lexicon: Lexicon) -> Iterator[Fact]:
    for name, reader in READERS.items():
        yield from reader(page.read_by("website", name), lexicon)


def _wants(page: Page) -> bool:
    """Take its own pages, those too that lie in somebody's archive, of which a part was asked for."""
    asked = page.capture.request
    return asked.source == "website" or (bool(asked.span) and registrable(page.url) == page.organization.domain)


SOURCE = Source(
    name="website",
    description="The organization's own website: home, about, careers, contact, pricing, product and the like, found by links.",
    hosts="the organization's own",
    terms="robots.txt (RFC 9309) and the pages' own reservations are obeyed",
    trust=0.7,
    fresh=timedelta(days=14),
    expected_share=0.5,
    states=frozenset(
        {
            "name",
            "legal_name",
            "parent",
            "description",
            "founded_year",
            "employees",
            "employee_band",
            "language",
            "languages",
            "industry",
            "page",
            "site_part",
            "mentions",
            "customer_mentions",
        }
        | {
            "street",
            "city",
            "region",
            "postcode",
            "country",
            "location",
            "opening_hours",
            "registration_number",
            "vat_id",
            "phone",
            "mailbox",
            "linkedin",
            "social_profile",
            "certification",
        }
        | {
            "buying_route",
            "price",
            "opening",
            "openings",
            "opening_department",
            "job_board",
            "job_board_url",
            "technology",
            "news",
        }
        | {"customer", "partner", "leadership", "programme"}
    ),
    wants=_wants,
    plan=plan,
    follow=follow,
    read=_read,
)
