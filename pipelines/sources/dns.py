"""What an organization's domain says of itself in DNS, asked over HTTPS.

Here: who takes its mail and runs its names, which services may send mail in its name or had it prove that the domain is its own, and
what is to become of forged mail. A token left by a proof says that somebody tried a service once, not that it is bought. Elsewhere:
whose trace is whose (`signatures`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from pipelines import signatures
from pipelines.domains import registrable
from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

NAME, HOST = "dns", "dns.google"
ASKED = {"mx": ("", "MX", "15"), "txt": ("", "TXT", "16"), "ns": ("", "NS", "2"), "dmarc": ("_dmarc.", "TXT", "16")}
"""Kind of request -> what stands before the domain, the record's name and its number."""
ANSWERED, NO_SUCH_NAME = "0", "3"
"""What the resolver's status says: that it knows, that there is no such name. Any other is trouble on the way."""
SERVED, NAMED, SENDS, TRIED = 0.9, 0.9, 0.7, 0.5
"""How sure: mail taken, names run, mail sent, a token."""
MAIL_SERVER = re.compile(r"([0-9]{1,5}) ([\w.-]{1,253}?)\.?", re.ASCII)
CHUNK = re.compile(r'"((?:[^"\\]|\\.)*)"')
POLICY = re.compile(r";\s*p\s*=\s*(none|quarantine|reject)\s*(?:;|$)", re.IGNORECASE)
Trace = tuple[str, Node, float]


def _search(organization: Organization) -> Iterator[Request]:
    for kind, (before, record, _) in ASKED.items() if organization.domain else ():
        url = f"https://{HOST}/resolve?name={before}{organization.domain}&type={record}"
        yield Request(organization.organization_id, NAME, kind, url)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    nodes = list(_records(page))
    if page.kind == "dmarc":
        yield from _policy(page, nodes)
        return
    if page.kind == "mx":
        nodes = _by_priority(nodes)
        yield from _mail_host(page, nodes)
    stated = set[str]()
    for name, node, confidence in _traces(page.kind, nodes):
        if name not in stated:
            stated.add(name)
            yield page.fact("technology", node, name, confidence=confidence)


def _records(page: Page) -> Iterator[Node]:
    """Yield the records of the kind that was asked for; raises `Skip` (`dns_trouble`) where nobody could be asked."""
    status = "".join(each.node.text for each in page.json.need("Status"))
    if not status.isdecimal():
        raise Skip("other_shape", "The resolver's answer has no number for a status.")
    if status not in (ANSWERED, NO_SUCH_NAME):
        raise Skip("dns_trouble", f"{HOST} could not find out (status {status}).")
    for answer in page.json.get("Answer"):
        number, data = answer.text("type"), answer.text("data")
        if number and data and number.text == ASKED[page.kind][2]:
            yield data


def _by_priority(nodes: list[Node]) -> list[Node]:
    """Return the mail servers, the first asked first; a dot says that there is none."""
    found = [(match, node) for node in nodes if (match := MAIL_SERVER.fullmatch(node.text)) and match[2] != "."]
    return [node for _, node in sorted(found, key=lambda each: (int(each[0][1]), each[0][2]))]


def _mail_host(page: Page, nodes: list[Node]) -> Iterator[Fact]:
    """State who takes its mail, by the name of the first server that says something."""
    for node in nodes[:1]:
        host = node.text.split()[1].rstrip(".").lower()
        provider = next((each.name for each in signatures.of_dns("mx", host)), None)
        if said := provider or registrable(host):
            yield page.fact("mail_host", node, said, confidence=0.95)


def _traces(kind: str, nodes: list[Node]) -> Iterator[Trace]:
    for node in nodes:
        if kind != "txt":
            sure = SERVED if kind == "mx" else NAMED
            yield from ((each.name, node, sure) for each in signatures.of_dns(kind, node.text.split()[-1]))
        elif (text := _whole(node.text)).lower().startswith("v=spf1"):
            yield from ((each.name, node, SENDS) for each in signatures.of_dns("spf", text))
        else:
            yield from ((each.name, node, TRIED) for each in signatures.of_dns("txt", text))


def _whole(text: str) -> str:
    """Return a text record in one piece: a long one comes in quoted pieces, a short one with or without quotes."""
    pieces = CHUNK.findall(text)
    return re.sub(r"\\(.)", r"\1", "".join(pieces)) if pieces and not CHUNK.sub("", text).strip() else text


def _policy(page: Page, nodes: list[Node]) -> Iterator[Fact]:
    """State the policy of the only record of its kind: where there are two, none holds (RFC 7489)."""
    said = [(node, whole) for node in nodes if (whole := _whole(node.text)).lower().startswith("v=dmarc1")]
    if len(said) == 1 and (match := POLICY.search(said[0][1])):
        yield page.fact("dmarc_policy", said[0][0], match[1].lower(), confidence=0.98)


def _wants(page: Page) -> bool:
    return page.source == NAME and page.kind in ASKED


SOURCE = Source(
    name=NAME,
    description="DNS records of the organization's domain: mail servers, name servers, senders, proofs, DMARC.",
    hosts=HOST,
    terms="Google Public DNS, free to all within its terms (developers.google.com/speed/public-dns/terms); the records are public",
    trust=0.9,
    fresh=timedelta(days=7),
    expected_share=0.5,
    states=frozenset({"mail_host", "dmarc_policy", "technology"}),
    wants=_wants,
    search=_search,
    read=_read,
    paces={HOST: 0.05},
)
