"""Which parts a website has, by what it links to, and where else the organization shows itself.

Here: site parts and job boards. Elsewhere: which pages are fetched (`routes`), whose a profile is (`profiles`).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.lexicon import Lexicon
from pipelines.nodes import Link, Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.profiles import profiles

# Part -> what the words of a link, the last part of its path, or its subdomain are.
PARTS: dict[str, tuple[str, ...]] = {
    "about": ("about", "about us", "company", "our story", "über uns", "unternehmen"),
    "accessibility": ("accessibility", "barrierefreiheit"),
    "api": ("api", "apis", "api docs", "api reference", "developers", "developer"),
    "blog": ("blog", "engineering blog", "insights"),
    "careers": ("careers", "career", "jobs", "join us", "we're hiring", "karriere", "stellenangebote"),
    "case_studies": ("case studies", "case study", "customer stories", "success stories", "referenzen", "references"),
    "changelog": ("changelog", "release notes", "what's new", "releases", "roadmap"),
    "community": ("community", "forum", "events", "user group"),
    "contact": ("contact", "contact us", "kontakt", "get in touch", "contacto"),
    "customers": ("customers", "our customers", "clients", "kunden"),
    "docs": ("docs", "documentation", "dokumentation", "user guide", "knowledge base"),
    "integrations": ("integrations", "integration", "integrationen", "apps", "marketplace"),
    "investors": ("investors", "investor relations", "investoren"),
    "locations": ("locations", "offices", "standorte", "branches"),
    "news": ("news", "newsroom", "press", "presse", "aktuelles", "media"),
    "partners": ("partners", "partner", "partner program", "become a partner", "partnerprogramm", "resellers"),
    "pricing": ("pricing", "prices", "plans", "preise", "tarifs", "precios"),
    "privacy": ("privacy", "privacy policy", "datenschutz", "datenschutzerklärung", "privacy notice"),
    "research": ("research", "labs", "r&d", "innovation", "forschung"),
    "reviews": ("reviews", "testimonials", "kundenstimmen"),
    "security": ("security", "trust", "trust center", "trust centre", "sicherheit", "compliance"),
    "status": ("status", "system status", "service status"),
    "suppliers": ("suppliers", "supplier portal", "procurement", "vendors", "tenders", "rfp", "supplier code of conduct", "lieferanten", "lieferantenportal", "ausschreibungen"),
    "support": ("support", "help", "help center", "help centre", "hilfe", "faq"),
    "sustainability": ("sustainability", "esg", "nachhaltigkeit", "responsibility"),
    "team": ("team", "our team", "leadership", "people", "management", "meet the team"),
    "values": ("values", "our values", "culture", "werte", "mission"),
}  # fmt: skip
BY_WORD = {word: part for part, words in PARTS.items() for word in words}
BOARDS = re.compile(r"(?:^|\.)(greenhouse\.io|lever\.co|ashbyhq\.com|workable\.com|recruitee\.com|teamtailor\.com|personio\.(?:de|com)|smartrecruiters\.com|myworkdayjobs\.com|bamboohr\.com|breezy\.hr|jobvite\.com|icims\.com)$")  # fmt: skip
SEPARATORS = re.compile(r"[-_+]+")


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each part, board and profile once a page."""
    seen: set[tuple[str, str]] = set()
    for name, value, node, confidence in _says(page):
        if (name, value) not in seen:
            seen.add((name, value))
            yield page.fact(name, node, value, confidence=confidence)


def _says(page: Page) -> Iterator[tuple[str, str, Node, float]]:
    """Yield what the links say: (property, value, where, confidence)."""
    here = (urlsplit(page.url).hostname or "").removeprefix("www.")
    for link in page.links:
        host = (urlsplit(link.url).hostname or "").removeprefix("www.")
        if host == here or host.endswith(f".{here}"):
            if part := _part(link, page.url.partition("#")[0], host.removesuffix(here).rstrip(".")):
                yield "site_part", part, link.node if link.node.text else link.node.attribute("href"), 0.85
        elif board := BOARDS.search(host):
            yield "job_board", board[1], link.node.attribute("href"), 0.9
    for profile, link, confidence in profiles(page):
        yield "social_profile", profile, link.node.attribute("href"), confidence
        if profile.startswith("https://linkedin.com/company/"):
            yield "linkedin", profile.replace("//", "//www."), link.node.attribute("href"), confidence


def _part(link: Link, here: str, subdomain: str) -> str | None:
    """Return the part a link on the own site leads to, or None; where it stays on the page, only its words count."""
    path = urlsplit(link.url).path if link.url != here else ""
    last = path.rstrip("/").rpartition("/")[2].lower().removesuffix(".html").removesuffix(".php")
    candidates = (link.words.strip(), SEPARATORS.sub(" ", last), subdomain)
    return next((BY_WORD[each] for each in candidates if each in BY_WORD), None)
