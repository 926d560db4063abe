"""Which pages of a website are worth asking for, and how they are recognised by links.

Here: the kinds of page and the requests. Elsewhere: what the pages say (the readers).
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from pipelines.page import Page
from pipelines.records import Organization, Request

# Kind of page -> words of a link or path that lead there, in the languages we read; the order is the order of asking.
KINDS: dict[str, tuple[str, ...]] = {
    "about": ("about", "about us", "company", "who we are", "our story", "über uns", "ueber uns", "unternehmen", "à propos", "a propos", "qui sommes nous", "quienes somos", "quiénes somos", "chi siamo", "over ons"),
    "pricing": ("pricing", "prices", "plans", "preise", "tarifs", "precios", "prezzi", "prijzen"),
    "product": ("product", "products", "platform", "solutions", "services", "features", "produkte", "produkt", "lösungen", "leistungen", "produits", "productos", "prodotti", "producten"),
    "careers": ("careers", "career", "jobs", "join us", "work with us", "we're hiring", "karriere", "stellen", "stellenangebote", "emplois", "carrières", "recrutement", "empleo", "lavora con noi", "vacatures"),
    "contact": ("contact", "contact us", "get in touch", "kontakt", "contacto", "contatti", "locations", "standorte"),
    "customers": ("customers", "case studies", "customer stories", "success stories", "references", "referenzen", "kunden", "clients", "testimonials"),
    "news": ("news", "newsroom", "press", "blog", "aktuelles", "presse", "actualités", "noticias", "notizie", "nieuws"),
    "security": ("security", "trust", "trust center", "compliance", "sicherheit"),
    "legal": ("imprint", "impressum", "legal notice", "mentions légales", "legal"),
    "suppliers": ("suppliers", "procurement", "vendors", "tenders", "lieferanten", "einkauf", "ausschreibungen"),
}  # fmt: skip
# Where these pages usually are, asked for only when the home page does not link to one.
USUAL: dict[str, str] = {
    "about": "/about",
    "pricing": "/pricing",
    "product": "/product",
    "careers": "/careers",
    "contact": "/contact",
    "news": "/blog",
}
PER_KIND = 2
FILE = re.compile(r"\.(pdf|jpe?g|png|gif|svg|webp|zip|docx?|xlsx?|pptx?|mp4|ics)$", re.IGNORECASE)
SEPARATORS = re.compile(r"[-_+/.]+")


def plan(organization: Organization) -> Iterator[Request]:
    """Ask for the home page; the rest is found by its links."""
    if organization.domain:
        yield Request(organization.organization_id, "website", "home", f"https://{organization.domain}/")


def follow(page: Page) -> Iterator[Request]:
    """Ask for the pages of each kind that the home page links to, else for where such a page usually is."""
    if page.kind != "home":
        return
    found = _found(page)
    for kind in KINDS:
        usual = [urljoin(page.url, USUAL[kind])] if kind in USUAL else []
        for url in islice(found.get(kind) or usual, PER_KIND):
            yield Request(page.capture.request.organization_id, "website", kind, url)


def _found(page: Page) -> dict[str, list[str]]:
    """Return kind -> URLs the page links to on its own site, best first: the words of the link, then the shorter path."""
    here = (urlsplit(page.url).hostname or "").removeprefix("www.")
    scored: dict[str, dict[str, tuple[int, int]]] = {}
    for link in page.links:
        parts = urlsplit(link.url)
        if (parts.hostname or "").removeprefix("www.") != here or FILE.search(parts.path) or parts.path in ("", "/"):
            continue
        for kind, rank in _kinds(link.words, parts.path):
            places = scored.setdefault(kind, {})
            places[link.url] = min(places.get(link.url, (9, 9)), (rank, parts.path.count("/")))
    return {kind: sorted(places, key=lambda url: (places[url], url)) for kind, places in scored.items()}


def _kinds(words: str, path: str) -> Iterator[tuple[str, int]]:
    """Yield the kinds a link may lead to, with how indirectly: 0 by its words, 1 by the path's last part, 2 by any part."""
    segments = [SEPARATORS.sub(" ", part).strip() for part in path.lower().removesuffix(".html").split("/") if part]
    for kind, names in KINDS.items():
        if words.strip() in names:
            yield kind, 0
        elif segments and segments[-1] in names:
            yield kind, 1
        elif any(part in names for part in segments):
            yield kind, 2
