"""What an organization's robots.txt says about it.

Here: how open it is to robots, as a fact. Elsewhere: obeying it (`web.robots`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

LINE = re.compile(r"^\s*(user-agent|disallow)\s*:\s*([^#]*)", re.IGNORECASE)


def _plan(organization: Organization) -> Iterator[Request]:
    if organization.domain:
        yield Request(organization.organization_id, "robots", "robots", f"https://{organization.domain}/robots.txt")


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the policy, quoting the line that decides it."""
    rules = list(_rules(page))
    everyone = [(path, node) for agents, path, node in rules if "*" in agents]
    closing = next((node for path, node in everyone if path == "/"), None)
    limiting = next((node for path, node in everyone if path), None)
    addressed = next((node for _, node in everyone), next((node for _, _, node in rules), None))
    if closing:
        yield page.fact("crawler_policy", closing, "closed", confidence=1.0)
    elif limiting:
        yield page.fact("crawler_policy", limiting, "partial", confidence=1.0)
    elif addressed:
        yield page.fact("crawler_policy", addressed, "open", confidence=0.9)


def _rules(page: Page) -> Iterator[tuple[frozenset[str], str, Node]]:
    """Yield each disallow line with the agents of its group."""
    agents: set[str] = set()
    naming = False
    for node in page.lines:
        if not (match := LINE.match(node.text)):
            continue
        field, value = match[1].lower(), match[2].strip()
        if field == "user-agent":
            agents = {*agents, value.lower()} if naming else {value.lower()}
        else:
            yield frozenset(agents), value, node
        naming = field == "user-agent"


def _wants(page: Page) -> bool:
    return page.kind == "robots"


SOURCE = Source(
    name="robots",
    description="The website's robots.txt: what it tells robots.",
    hosts="the organization's own",
    terms="RFC 9309; published to be read by robots",
    trust=0.9,
    fresh=timedelta(hours=24),
    expected_share=0.0,
    states=frozenset({"crawler_policy"}),
    wants=_wants,
    plan=_plan,
    read=_read,
)
