"""Which parts a website has, by what it links to, and where else the organization shows itself.

Here: site parts, on the site and hosted for it. Elsewhere: which pages are fetched (`routes`), whose a profile is (`profiles`), job
boards (`boards`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.nodes import Link, Node, host_and_path
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.profiles import profiles

# Part -> what the words of a link, the last part of its path, or its subdomain are.
PARTS: dict[str, tuple[str, ...]] = {
    "about": ("about", "about us", "company", "our story", "who we are", "über uns", "unternehmen", "à propos", "qui sommes nous", "quiénes somos", "sobre nosotros", "chi siamo", "over ons"),
    "accessibility": ("accessibility", "accessibility statement", "barrierefreiheit", "erklärung zur barrierefreiheit", "accessibilité", "accesibilidad", "accessibilità", "toegankelijkheid"),
    "api": ("api", "apis", "api docs", "api documentation", "api reference", "developers", "developer", "for developers", "entwickler", "développeurs", "desarrolladores", "sviluppatori"),
    "blog": ("blog", "engineering blog", "our blog", "the blog", "insights"),
    "bug_bounty": ("bug bounty", "bug bounty program", "vulnerability disclosure", "vulnerability disclosure policy", "responsible disclosure", "responsible disclosure policy", "report a vulnerability"),
    "careers": ("careers", "career", "jobs", "join us", "join our team", "work with us", "we're hiring", "open positions", "open roles", "karriere", "stellenangebote", "carrières", "recrutement", "empleo", "trabaja con nosotros", "lavora con noi", "vacatures", "werken bij"),
    "case_studies": ("case studies", "case study", "customer stories", "success stories", "referenzen", "references", "fallstudien", "erfolgsgeschichten", "études de cas", "casos de éxito", "casi di successo", "klantverhalen"),
    "changelog": ("changelog", "change log", "release notes", "what's new", "releases", "roadmap", "product updates", "public roadmap"),
    "community": ("community", "forum", "user group", "user groups", "communauté", "comunidad"),
    "contact": ("contact", "contact us", "kontakt", "get in touch", "contacto", "contatti", "contattaci", "nous contacter", "contactez nous"),
    "customers": ("customers", "our customers", "clients", "our clients", "kunden", "nos clients", "clientes", "clienti", "klanten"),
    "data_processing": ("dpa", "data processing agreement", "data processing addendum", "auftragsverarbeitung", "auftragsverarbeitungsvertrag", "av vertrag"),
    "docs": ("docs", "documentation", "dokumentation", "user guide", "user guides", "knowledge base", "developer docs", "documentación", "documentazione", "documentatie"),
    "events": ("events", "webinars", "events & webinars", "veranstaltungen", "webinare", "événements", "eventos", "eventi", "evenementen"),
    "integrations": ("integrations", "integration", "integrationen", "app store", "marketplace", "connectors", "intégrations", "integraciones", "integrazioni", "integraties"),
    "investors": ("investors", "investor relations", "investoren", "investisseurs", "inversores", "inversionistas", "investitori"),
    "locations": ("locations", "our locations", "offices", "our offices", "standorte", "branches", "agences", "oficinas", "sedi", "vestigingen"),
    "news": ("news", "newsroom", "press", "presse", "aktuelles", "media", "press releases", "pressemitteilungen", "actualités", "noticias", "prensa", "notizie", "nieuws", "pers"),
    "partners": ("partners", "partner", "our partners", "partnerships", "partner program", "partner programme", "partner portal", "become a partner", "partnerprogramm", "resellers", "partenaires", "socios", "reseller"),
    "pricing": ("pricing", "prices", "plans", "plans and pricing", "plans & pricing", "pricing & plans", "preise", "tarifs", "precios", "prezzi", "prijzen", "tarieven"),
    "privacy": ("privacy", "privacy policy", "privacy notice", "privacy statement", "datenschutz", "datenschutzerklärung", "datenschutzhinweise", "politique de confidentialité", "confidentialité", "política de privacidad", "privacidad", "informativa sulla privacy", "privacyverklaring", "privacybeleid"),
    "research": ("research", "labs", "r&d", "research and development", "innovation", "forschung", "recherche", "investigación", "ricerca"),
    "reviews": ("reviews", "testimonials", "kundenstimmen", "kundenmeinungen", "témoignages", "avis clients", "testimonios", "opiniones", "recensioni"),
    "security": ("security", "trust", "trust center", "trust centre", "trust & security", "trust and security", "security & trust", "security and compliance", "security & compliance", "security & privacy", "sicherheit", "compliance", "sécurité", "seguridad", "sicurezza", "beveiliging", "trust portal"),
    "status": ("status", "system status", "service status", "status page", "systemstatus", "all systems operational"),
    "subprocessors": ("subprocessors", "sub processors", "subprocessor list", "list of subprocessors", "unterauftragsverarbeiter"),
    "suppliers": ("suppliers", "for suppliers", "supplier portal", "supplier information", "procurement", "vendors", "tenders", "rfp", "supplier code of conduct", "lieferanten", "lieferantenportal", "einkauf", "ausschreibungen", "fournisseurs", "proveedores", "fornitori", "leveranciers"),
    "support": ("support", "help", "help center", "help centre", "customer support", "hilfe", "faq", "faqs", "centre d'aide", "ayuda", "centro de ayuda", "assistenza"),
    "sustainability": ("sustainability", "esg", "nachhaltigkeit", "responsibility", "corporate responsibility", "csr", "durabilité", "rse", "sostenibilidad", "sostenibilità", "duurzaamheid"),
    "team": ("team", "our team", "leadership", "leadership team", "our people", "people", "management", "meet the team", "unser team", "equipe", "équipe", "notre équipe", "equipo", "nuestro equipo", "il team", "ons team"),
    "terms": ("terms", "terms of service", "terms of use", "terms and conditions", "terms & conditions", "agb", "nutzungsbedingungen", "conditions générales", "cgu", "cgv", "términos y condiciones", "aviso legal", "termini e condizioni", "algemene voorwaarden"),
    "values": ("values", "our values", "culture", "our culture", "werte", "unsere werte", "mission", "our mission", "nos valeurs", "nuestros valores", "i nostri valori"),
    "whistleblowing": ("whistleblowing", "whistleblower", "speak up", "hinweisgeber", "hinweisgebersystem", "canal de denuncias", "canal ético"),
}  # fmt: skip
BY_WORD = {word: part for part, words in PARTS.items() for word in words}
# Parts that others host: a link there counts where its words name the same part.
HOSTED = re.compile(
    r"(?:^|\.)(?:(?P<status>statuspage\.io|status\.io|instatus\.com|betteruptime\.com|betterstack\.com|statuspal\.io|hund\.io|atlassian\.net/status)|(?P<docs>readme\.io|gitbook\.io|readthedocs\.io|mintlify\.app|stoplight\.io)"
    r"|(?P<security>safebase\.(?:io|us)|trustshare\.com|vanta\.com|drata\.com|whistic\.com|conveyor\.com|secureframe\.com)|(?P<bug_bounty>hackerone\.com|bugcrowd\.com|intigriti\.com|yeswehack\.com)"
    r"|(?P<changelog>headwayapp\.co|canny\.io|productboard\.com|announcekit\.app|beamer\.com)|(?P<support>zendesk\.com|freshdesk\.com|helpscoutdocs\.com|intercom\.help))$"
)  # fmt: skip
ABOUT_SOMETHING = re.compile(r"/(?:solutions?|use-?cases?|industr(?:y|ies)|products?|features?|departments?|teams?|roles?|topics?|category|categories|tags?|blog|resources?|customers|templates?|functions?|services?|loesungen|branchen|produkte)/[^?#]", re.IGNORECASE)  # fmt: skip
TOPICS = frozenset(
    "security team support careers research integrations suppliers news sustainability customers partners community media api values reviews".split()
)
"""Parts whose words are as often the name of a trade, a department or a feature."""
COLLECTED = re.compile(r"/(?:resources?|about|company)/[^/?#]+/?$", re.IGNORECASE)
"""Folders in which a site may keep its parts: /resources/customers is where its customers are."""
HEADED = frozenset("customers integrations partners reviews values".split())
"""Parts that often are no page of their own but stand under a heading: Our values, 1,000 integrations."""
LONGEST = 40
HOW_MANY = re.compile(r"^(?:over |more than )?\d[\d.,]*\+? ")
SEPARATORS = re.compile(r"[-_+]+")


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each part and profile once a page."""
    seen: set[tuple[str, str]] = set()
    for name, value, node, confidence in _says(page):
        if (name, value) not in seen:
            seen.add((name, value))
            yield page.fact(name, node, value, confidence=confidence)


def _says(page: Page) -> Iterator[tuple[str, str, Node, float]]:
    """Yield what the links say: (property, value, where, confidence)."""
    here = (urlsplit(page.url).hostname or "").removeprefix("www.")
    label, stays = (registrable(page.url) or here).partition(".")[0], page.url.partition("#")[0]
    for link in page.links:
        host, path = host_and_path(link.url)
        own = host == here or host.endswith(f".{here}") or here.endswith(f".{host}")
        if own:
            part = _part(link.words, path if link.url != stays else "", host.removesuffix(here).rstrip("."))
        else:
            part = _sibling(host, label) or _hosted(link, host)
        if part:
            yield "site_part", part, link.node if link.node.text else link.node.attribute("href"), 0.85
    yield from (("site_part", part, head, 0.7) for head in page.select("h1, h2, h3") if (part := _headed(head.text)) in HEADED)
    for profile, link, confidence in profiles(page):
        yield "social_profile", profile, link.node.attribute("href"), confidence
        if profile.startswith("https://linkedin.com/company/"):
            yield "linkedin", profile.replace("//", "//www."), link.node.attribute("href"), confidence


@lru_cache(8192)
def _part(words: str, path: str, subdomain: str) -> str | None:
    """Return the part a link on the own site leads to, or None; where it stays on the page, it has no path and its words count."""
    last = path.rstrip("/").rpartition("/")[2].lower().removesuffix(".html").removesuffix(".php")
    candidates = (_plain(words), SEPARATORS.sub(" ", last), subdomain)
    part = next((BY_WORD[each] for each in candidates if each in BY_WORD), None)
    is_called_so = part == BY_WORD.get(candidates[0]) == BY_WORD.get(candidates[1])
    return None if part in TOPICS and ABOUT_SOMETHING.search(path) and not (is_called_so and COLLECTED.search(path)) else part


def _headed(text: str) -> str:
    """Return the part that a heading names, or an empty text."""
    return BY_WORD.get(HOW_MANY.sub("", _plain(text).rstrip(".:!").lower()), "") if len(text) <= LONGEST else ""


def _sibling(host: str, label: str) -> str | None:
    """Return the part that a subdomain of a domain with the same label is: status.heron.io, of heron.com."""
    subdomain, _, rest = host.partition(".")
    return BY_WORD.get(subdomain) if label and rest.partition(".")[0] == label else None


def _hosted(link: Link, host: str) -> str | None:
    """Return the part that somebody hosts for the site, where the link's words say the same."""
    match = HOSTED.search(host)
    if not match or not match.lastgroup:
        return None
    return match.lastgroup if BY_WORD.get(_plain(link.words)) == match.lastgroup else None


def _plain(words: str) -> str:
    """Return the words of a link without what only decorates them."""
    return words.strip(" \u00a0→↗›»>·•|-").replace("’", "'")
