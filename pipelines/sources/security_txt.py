"""What an organization's security.txt says: whether it wants to be told of weaknesses, where, and how (RFC 9116).

Here: the file's fields at its one place. A page in its stead is none, and one that names another domain as its own place is
another's. Persons' mailboxes and profiles are left out. Elsewhere: security pages as people read them (`website`).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.mailboxes import EMAIL, is_role
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

FIELD = re.compile(r"(contact|expires|policy|canonical)\s*:\s*(\S.{0,400})", re.IGNORECASE)
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
MOST_LINES, MOST_CONTACTS = 200, 5
PROGRAMMES = frozenset(
    "hackerone.com bugcrowd.com intigriti.com yeswehack.com openbugbounty.org huntr.com huntr.dev safehats.com federacy.com".split()
)
"""Where others take reports on an organization's behalf: an address there is a programme and no person's."""

Fields = dict[str, list[tuple[str, Node]]]


def _plan(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        where = f"https://{organization.domain}/.well-known/security.txt"
        yield Request(organization.organization_id, "security_txt", "security_txt", where)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the file's standing and where it leads; a contact is what makes it one."""
    fields = _fields(page)
    if not fields["contact"] or not _is_own(page, fields):
        return
    told = ((_contact(page, written), node) for written, node in fields["contact"])
    contacts = {contact: node for contact, node in told if contact}
    first = fields["contact"][0][1]
    yield _standing(page, fields["expires"], next(iter(contacts.values()), first.part(first.text.partition(":")[0])))
    for contact, node in islice(contacts.items(), MOST_CONTACTS):
        yield page.fact("security_contact", node, contact, confidence=0.9)
    policy = next(((written, node) for written, node in fields["policy"] if _leads_to_own(page, written)), None)
    if policy:
        yield page.fact("disclosure_policy", policy[1], policy[0], confidence=0.95)


def _fields(page: Page) -> Fields:
    """Return field -> what its lines say and the lines; none of a page for people."""
    found: Fields = {"contact": [], "expires": [], "policy": [], "canonical": []}
    if page.source_text.lstrip().startswith("<"):
        return found
    for node in page.lines[:MOST_LINES]:
        if node.text.startswith(SIGNATURE):
            break
        if match := FIELD.fullmatch(node.text):
            found[match[1].lower()].append((match[2].strip(), node))
    return found


def _is_own(page: Page, fields: Fields) -> bool:
    """Whether the file stands where it says it does, if it says so: platforms serve their own file for all."""
    places = {registrable(written) for written, _ in fields["canonical"]}
    return not places or registrable(page.url) in places


def _standing(page: Page, expires: Iterable[tuple[str, Node]], contact: Node) -> Fact:
    """State whether it holds at the time of the capture; it does where one line says until when, in ISO 8601."""
    days = [(day, node) for written, node in expires if (day := iso_day(written))]
    if len(days) != 1:
        return page.fact("security_txt", contact, "undated", confidence=0.8)
    day, node = days[0]
    return page.fact("security_txt", node, "current" if day >= page.capture.fetched_at.date() else "expired", confidence=0.95)


def _contact(page: Page, written: str) -> str | None:
    """Return the organization's role mailbox, or its page or programme for reports; None for all that may be a person's."""
    if mailbox := EMAIL.fullmatch(re.sub(r"^mailto:", "", written, flags=re.IGNORECASE).partition("?")[0]):
        own = registrable(mailbox[2]) in (registrable(page.url), *page.organization.mail_domains)
        return mailbox[0].lower() if own and is_role(mailbox[1]) else None
    return written if _leads_to_own(page, written) else None


def _leads_to_own(page: Page, written: str) -> bool:
    """Whether it is the address of a page at the organization's domain or of a programme."""
    if not written.lower().startswith(("https://", "http://")) or EMAIL.search(written):
        return False
    domain = registrable(written)
    return domain is not None and (domain == registrable(page.url) or (domain in PROGRAMMES and _has_path(written)))


def _has_path(url: str) -> bool:
    return len(urlsplit(url).path) > 1


def _wants(page: Page) -> bool:
    return page.capture.request.source == "security_txt"


SOURCE = Source(
    name="security_txt",
    description="The website's security.txt: whether and where it wants to be told of weaknesses.",
    hosts="the organization's own",
    terms="RFC 9116; published to be read by anybody",
    trust=0.8,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset({"security_txt", "security_contact", "disclosure_policy"}),
    wants=_wants,
    plan=_plan,
    read=_read,
)
