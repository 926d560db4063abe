"""Which parts a website has, by what it links to, and where else the organization shows itself.

Here: site parts, social profiles, job boards. Elsewhere: which of them are fetched (`routes`).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.lexicon import Lexicon
from pipelines.nodes import Link
from pipelines.page import Page
from pipelines.records import Fact

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
NETWORKS = re.compile(
    r"^https?://(?:www\.|[a-z]{2}\.)?(linkedin\.com/(?:company|school|showcase)/[^/?#]+|twitter\.com/\w+|x\.com/\w+|github\.com/[\w-]+|facebook\.com/[^/?#]+"
    r"|instagram\.com/[^/?#]+|youtube\.com/(?:@|c/|channel/|user/)[^/?#]+|xing\.com/(?:companies|pages)/[^/?#]+|tiktok\.com/@[^/?#]+|discord\.(?:gg|com)/[^?#]+)/?(?:[?#].*)?$",
    re.IGNORECASE,
)  # fmt: skip
NOT_A_PROFILE = re.compile(
    r"/(?:share|intent|sharer|home|hashtag|search|login|plugins|tr|policies|help|legal|explore)\b|sharer", re.IGNORECASE
)
BOARDS = re.compile(r"(?:^|\.)(greenhouse\.io|lever\.co|ashbyhq\.com|workable\.com|recruitee\.com|teamtailor\.com|personio\.(?:de|com)|smartrecruiters\.com|myworkdayjobs\.com|bamboohr\.com|breezy\.hr|jobvite\.com|icims\.com)$")  # fmt: skip
SEPARATORS = re.compile(r"[-_+]+")


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each part, profile and board once a page."""
    seen: set[tuple[str, str]] = set()
    for link in page.links:
        for name, value, confidence in _says(page, link):
            if (name, value) not in seen:
                seen.add((name, value))
                node = link.node if name == "site_part" and link.node.text else link.node.attribute("href")
                yield page.fact(name, node, value, confidence=confidence)


def _says(page: Page, link: Link) -> Iterator[tuple[str, str, float]]:
    """Yield what one link says: (property, value, confidence)."""
    host = (urlsplit(link.url).hostname or "").removeprefix("www.")
    here = (urlsplit(page.url).hostname or "").removeprefix("www.")
    if host == here or host.endswith(f".{here}"):
        if part := _part(link, host.removesuffix(here).rstrip(".")):
            yield "site_part", part, 0.85
    elif match := NETWORKS.match(link.url):
        if not NOT_A_PROFILE.search(match[1]):
            yield "social_profile", f"https://{match[1]}", 0.85
            if match[1].lower().startswith("linkedin.com/company/"):
                yield "linkedin", f"https://www.{match[1]}", 0.85
    elif board := BOARDS.search(host):
        yield "job_board", board[1], 0.9


def _part(link: Link, subdomain: str) -> str | None:
    """Return the part a link on the own site leads to, or None."""
    last = urlsplit(link.url).path.rstrip("/").rpartition("/")[2].lower().removesuffix(".html").removesuffix(".php")
    candidates = (link.words.strip(), SEPARATORS.sub(" ", last), subdomain)
    return next((BY_WORD[each] for each in candidates if each in BY_WORD), None)
