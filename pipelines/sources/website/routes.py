"""Which pages of a website are worth asking for, and how they are recognised by links.

Here: the kinds of page and the requests. Elsewhere: what the pages say (the readers).
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

from pipelines.nodes import host_and_path
from pipelines.page import Page
from pipelines.records import Organization, Request

# Kind of page -> words of a link or path that lead there, in the languages we read; the order is the order of asking.
KINDS: dict[str, tuple[str, ...]] = {
    "about": ("about", "about us", "company", "who we are", "our story", "über uns", "ueber uns", "unternehmen", "à propos", "a propos", "qui sommes nous", "quienes somos", "quiénes somos", "sobre nosotros", "chi siamo", "over ons"),
    "careers": ("careers", "career", "jobs", "join us", "work with us", "we're hiring", "open positions", "open roles", "karriere", "stellen", "stellenangebote", "jobs & karriere", "emplois", "carrières", "carrieres", "recrutement", "nous rejoindre", "empleo", "trabaja con nosotros", "lavora con noi", "vacatures", "werken bij"),
    "pricing": ("pricing", "prices", "plans", "plans & pricing", "pricing & plans", "preise", "tarifs", "precios", "prezzi", "prijzen", "tarieven"),
    "contact": ("contact", "contact us", "get in touch", "kontakt", "contacto", "contatti", "contattaci", "nous contacter", "locations", "standorte"),
    "legal": ("imprint", "impressum", "legal notice", "mentions légales", "mentions legales", "aviso legal", "note legali", "legal"),
    "product": ("product", "products", "platform", "solutions", "services", "features", "produkte", "produkt", "lösungen", "loesungen", "leistungen", "produits", "productos", "prodotti", "producten", "diensten"),
    "security": ("security", "trust", "trust center", "trust centre", "trust & security", "security & compliance", "compliance", "sicherheit", "sécurité", "seguridad"),
    "customers": ("customers", "case studies", "customer stories", "success stories", "references", "referenzen", "kunden", "clients", "testimonials", "casos de éxito", "clienti", "klanten"),
    "news": ("news", "newsroom", "press", "blog", "aktuelles", "presse", "actualités", "noticias", "notizie", "nieuws"),
    "suppliers": ("suppliers", "procurement", "vendors", "tenders", "lieferanten", "einkauf", "ausschreibungen", "fournisseurs", "proveedores", "fornitori"),
    "partners": ("partners", "our partners", "partner program", "partner programme", "unsere partner", "partenaires", "nuestros socios"),
    "team": ("team", "our team", "leadership", "unser team", "équipe", "equipo", "il team", "ons team"),
    "changelog": ("changelog", "release notes", "what's new", "product updates"),
}  # fmt: skip
LEADING = frozenset(word for words in KINDS.values() for word in words)
# Where these pages usually are, asked for only when the home page does not link to one.
USUAL: dict[str, str] = {
    "about": "/about",
    "careers": "/careers",
    "pricing": "/pricing",
    "contact": "/contact",
    "product": "/product",
    "news": "/blog",
}
TWICE = frozenset({"about", "careers", "product", "contact"})
"""Kinds of which two pages are worth their place in a run's budget."""
ON_SUBDOMAINS = frozenset({"careers", "security"})
"""Kinds that often stand on a host of their own: jobs.acme.example, trust.acme.example."""
LISTING = re.compile(
    r"(?:(?:see|view|browse|explore|check out|find|go to|search|show|our|all|the|current|alle|unsere|zu den|voir|ver)\s+){0,3}(?:\d+\s+)?(?:open|current|job|available|offene)?\s*(?:positions?|roles?|jobs?|openings?|vacancies|opportunities|job listings|stellen(?:angebote)?|jobangebote|offres(?: d['’]emploi)?|postes ouverts|ofertas(?: de empleo)?|vacantes|posizioni aperte|vacatures)\W*",
    re.IGNORECASE,
)  # fmt: skip
FILE = re.compile(r"\.(pdf|jpe?g|png|gif|svg|webp|zip|docx?|xlsx?|pptx?|mp4|ics)$", re.IGNORECASE)
SEPARATORS = re.compile(r"[-_+/.]+")


def plan(organization: Organization) -> Iterator[Request]:
    """Ask for the home page; the rest is found by its links."""
    if organization.domain:
        yield Request(organization.organization_id, "website", "home", f"https://{organization.domain}/")


def follow(page: Page) -> Iterator[Request]:
    """Ask for the pages of each kind that the home page links to, else for where such a page usually is; from careers, for the list."""
    if page.source != "website":
        return
    if page.kind == "home":
        found = _found(page)
        for kind in KINDS:
            usual = [urljoin(page.url, USUAL[kind])] if kind in USUAL else []
            for url in islice(found.get(kind) or usual, 2 if kind in TWICE else 1):
                yield _ask(page, kind, url)
    elif page.kind == "careers":
        lists = (link.url for link in page.links if LISTING.fullmatch(link.words) and _is_near(link.url, page.url, "careers"))
        for url in islice((url for url in dict.fromkeys(lists) if url.rstrip("/") != page.url.rstrip("/")), 1):
            yield _ask(page, "careers", url)


def _ask(page: Page, kind: str, url: str) -> Request:
    return Request(page.capture.request.organization_id, "website", kind, url)


def _found(page: Page) -> dict[str, list[str]]:
    """Return kind -> URLs the page links to on its own site, best first: the words of the link, then the shorter path."""
    scored: dict[str, dict[str, tuple[int, int]]] = {}
    for link in page.links:
        _, path = host_and_path(link.url)
        if FILE.search(path):
            continue
        for kind, rank in _kinds(link.words, path):
            if _is_near(link.url, page.url, kind):
                places = scored.setdefault(kind, {})
                places[link.url] = min(places.get(link.url, (9, 9)), (rank, path.count("/")))
    return {kind: sorted(places, key=lambda url: (places[url], url)) for kind, places in scored.items()}


def _is_near(url: str, home: str, kind: str) -> bool:
    """Whether an address is another page of the same host, or of a subdomain where pages of that kind often stand."""
    (host, path), (here, _) = host_and_path(url), host_and_path(home)
    if host == here:
        return path not in ("", "/")
    return kind in ON_SUBDOMAINS and host.endswith(f".{here}")


def _kinds(words: str, path: str) -> Iterator[tuple[str, int]]:
    """Yield the kinds a link may lead to, with how indirectly: 0 by its words, 1 by the path's last part, 2 by any part."""
    said = words.strip()
    segments = [SEPARATORS.sub(" ", part).strip() for part in path.lower().removesuffix(".html").split("/") if part]
    if LEADING.isdisjoint((said, *segments)):
        return
    for kind, names in KINDS.items():
        if said in names:
            yield kind, 0
        elif segments and segments[-1] in names:
            yield kind, 1
        elif any(part in names for part in segments):
            yield kind, 2
