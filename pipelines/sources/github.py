"""What an organization publishes on GitHub: how much, in which languages, how lately.

Here: the GitHub organization its own pages link to, believed when that names the same website or bears the same name, and its
repositories. Accounts of persons are no organizations, and who works there is not asked. Forks and what is archived are not its
work of today. Elsewhere: what a second agreement is (`agreement`), links on its pages (`sources.website.profiles`).
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.agreement import Agreement, Candidate, agreement
from pipelines.errors import Skip
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source
from pipelines.text import iso_day

NAME, HOST = "github", "api.github.com"
PROFILE = re.compile(r"(?:https?://)?(?:www\.)?github\.com/([a-z0-9](?:[a-z0-9-]{0,38}))/?", re.IGNORECASE | re.ASCII)
LANGUAGE = re.compile(r"(?!(?:nan|inf|infinity)$)[a-z][\w+#.' ()*-]{0,39}", re.IGNORECASE | re.ASCII)
MOST_PROFILES, MOST_LANGUAGES = 2, 8


def _search(organization: Organization) -> Iterator[Request]:
    """Ask for the first GitHub organizations its own pages link to."""
    found = (PROFILE.fullmatch(profile.strip()) for profile in organization.profiles)
    logins = dict.fromkeys(match[1].lower() for match in found if match)
    for login in list(logins)[:MOST_PROFILES]:
        yield Request(organization.organization_id, NAME, "organization", f"https://{HOST}/orgs/{login}")


def _follow(page: Page) -> Iterator[Request]:
    """Ask for the repositories of the one that is believed."""
    if page.source == NAME and page.kind == "organization" and _believed(page):
        url = f"{page.capture.request.url}/repos?sort=pushed&per_page=100"
        yield Request(page.capture.request.organization_id, NAME, "repositories", url)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    if page.kind == "repositories":
        repositories = [each for each in _listed(page) if not (each.value.get("fork") or each.value.get("archived"))]
        yield from _languages(page, repositories)
        yield from _last_pushed(page, repositories)
    elif believed := _believed(page):
        number = page.json.text("public_repos")
        if number and number.text.isdecimal():
            by = page.read_by(NAME, believed.on)
            yield by.fact("public_repositories", number, number.text, confidence=believed.confidence)


def _believed(page: Page) -> Agreement | None:
    """Return in what the account agrees with the organization; None for a person's, and for somebody else's."""
    page.json.need("login")
    kind, login, name, blog, profile = (page.json.text(key) for key in ("type", "login", "name", "blog", "html_url"))
    if kind is None or kind.text != "Organization":
        return None
    names = tuple(each.text for each in (name, login) if each)
    candidate = Candidate(names, blog.text if blog else None, profiles=(profile.text,) if profile else ())
    return agreement(page.organization, [candidate])


def _listed(page: Page) -> list[Data]:
    """Return the repositories; raises `Skip` (`other_shape`) where the answer is no list of them."""
    if not isinstance(page.json.value, list):
        raise Skip("other_shape", f"{HOST} did not answer with a list of repositories.")
    found = [Data(each, Node("", f"#/{place}")) for place, each in enumerate(page.json.value)]
    for each in found:
        each.need("pushed_at")
    return found


def _languages(page: Page, repositories: list[Data]) -> Iterator[Fact]:
    """State the languages that most repositories are mainly written in."""
    nodes = [node for each in repositories if (node := each.text("language")) and LANGUAGE.fullmatch(node.text)]
    counts = Counter(node.text for node in nodes)
    for language, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_LANGUAGES]:
        yield page.fact("code_language", next(node for node in nodes if node.text == language))


def _last_pushed(page: Page, repositories: list[Data]) -> Iterator[Fact]:
    days = [(day, node) for each in repositories if (node := each.text("pushed_at")) and (day := _past(node, page))]
    for day, node in sorted(days, key=lambda each: each[0])[-1:]:
        yield page.fact("last_pushed", node, day.isoformat(), stated_on=day)


def _past(node: Node, page: Page) -> date | None:
    day = iso_day(node.text)
    return day if day and day <= page.capture.fetched_at.date() else None


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="The GitHub organization its pages link to: public repositories, languages, latest push.",
    hosts=HOST,
    terms="GitHub's API without a key: 60 requests an hour; public data of organizations, nothing of their members",
    trust=0.8,
    fresh=timedelta(days=14),
    expected_share=0.0,
    states=frozenset({"public_repositories", "code_language", "last_pushed"}),
    wants=_wants,
    search=_search,
    follow=_follow,
    read=_read,
    paces={HOST: 1.0},
    budgets={HOST: 55},
)
