"""How one can buy from the organization, by what it offers a visitor to do.

Here: public prices, trial, self-service, demo, sales contact, tender. Elsewhere: what an amount is (`prices`), what all that says of
its persona (sql/core/marker.sql).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipelines.lexicon import Lexicon
from pipelines.nodes import Link, Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import about_customers
from pipelines.sources.website.prices import prices
from pipelines.voices import QUOTE

OFFERS: dict[str, re.Pattern[str]] = {
    "free_trial": re.compile(
        r"\b(?:free (?:\d{1,2}[- ]day )?trial|(?:\d{1,2}[- ]day|free) (?:\w+ )?trial|try (?:\w+ |it )?(?:now )?(?:for )?free|start (?:your )?(?:free )?(?:\w+ )?trial|kostenlos(?:e[rns]?)? (?:testen|testversion|testphase)|gratis testen|\d{1,2} tage (?:kostenlos|gratis)"
        r"|testversion|essai gratuit|essayer gratuitement|prueba gratuita|prueba gratis|probar gratis|prova gratuita|prova gratis|gratis proberen|gratis proefperiode|probeer gratis)\b",
        re.IGNORECASE,
    ),
    "demo": re.compile(
        r"\b(?:(?:book|request|get|schedule|see|arrange|ask for) (?:a |your |our )?(?:live |free |personal |product |custom )?demo|demo request|demo (?:buchen|anfordern|vereinbaren|anfragen)|(?:live-?)?demo termin|(?:demander|réserver|planifier) une démo|solicit(?:a|ar|e) una demo|pedir una demo|agendar una demo"
        r"|richiedi una demo|prenota una demo|(?:vraag|plan|boek) (?:een |jouw )?(?:gratis )?demo|demo aanvragen)\b",
        re.IGNORECASE,
    ),
    "contact_sales": re.compile(
        r"\b(?:contact (?:our )?sales(?: team)?|(?:talk|speak|chat) (?:to|with) (?:our |a )?(?:sales|expert|an expert|specialist|sales (?:expert|rep\w*))|talk to an expert|(?:request|get|ask for) (?:a |your |an? instant )?(?:free )?(?:quote|quotation|estimate)|quote request|request (?:for )?quote"
        r"|angebot (?:anfordern|anfragen|einholen)|angebotsanfrage|unverbindlich(?:es angebot)? anfragen|(?:vertrieb|sales) kontaktieren|kontakt zum vertrieb|demander un devis|devis gratuit|contacter (?:le service commercial|nos ventes|l['’]équipe commerciale)|contactez nos experts"
        r"|solicit(?:a|ar|e) (?:un )?presupuesto|pedir presupuesto|(?:contact(?:a|ar)|habla) con ventas|richiedi (?:un )?preventivo|contatta (?:il reparto )?vendite|offerte aanvragen|vraag (?:een )?offerte aan|neem contact op met (?:verkoop|sales))\b",
        re.IGNORECASE,
    ),
    "tender": re.compile(
        r"\b(?:submit (?:an? )?rfp|requests? for proposals?|invitation to (?:bid|tender)|open tenders|current tenders|tender notices|vendor registration|supplier registration|supplier portal|vendor portal|become a supplier|ausschreibungen|lieferantenportal|lieferantenregistrierung"
        r"|appels d['’]offres|portail fournisseurs?|portal de proveedores|licitaciones|portale fornitori|gare d['’]appalto|aanbestedingen|leveranciersportaal)\b",
        re.IGNORECASE,
    ),
}  # fmt: skip
HINTS = frozenset(
    """trial free kostenlos kostenlose kostenloser kostenlosen kostenloses gratis testversion testphase essai essayer gratuitement prueba probar prova proberen proefperiode probeer demo démo termin sales expert
    experts specialist quote quotation estimate angebot angebotsanfrage unverbindlich unverbindliches vertrieb devis commercial ventes presupuesto ventas preventivo vendite offerte verkoop rfp proposal proposals
    tender tenders bid supplier vendor ausschreibungen lieferantenportal lieferantenregistrierung offres fournisseur fournisseurs proveedores licitaciones fornitori appalto aanbestedingen leveranciersportaal""".split()
)  # fmt: skip
"""One of these words stands in every offer."""
TENDERS = "rfp proposal bid tender vendor supplier ausschreibung lieferanten offre fournisseur proveedores licitaciones fornitori appalto aanbested leverancier".split()  # fmt: skip
"""One of these stands in all that tells of a tender."""
CARTS = frozenset(
    "cart basket bag checkout buy order shop warenkorb jetzt panier acheter carrito comprar carrello acquista winkelwagen kopen bestellen".split()
)
"""One of these stands in all that leads to a cart."""
APART = str.maketrans(dict.fromkeys("'’-/!?.,:;()|→›>", " "))
START = re.compile(
    r"(?:sign ?up|get started|start(?: now| building| here)?|join(?: now)?|try (?:it )?now|create (?:an |your )?account|register(?: now)?|open (?:an )?account|registrieren|jetzt starten|loslegen|konto erstellen|s['’]inscrire|commencer|créer un compte|reg[ií]strate|empezar|crear cuenta|iscriviti|inizia(?: ora)?"
    r"|registrati|crea (?:un )?account|aanmelden|aan de slag|account aanmaken)(?P<free> (?:for )?free| kostenlos| gratis| gratuitement)?(?: now| today)?\s*[→>›!.]*",
    re.IGNORECASE,
)  # fmt: skip
CART = re.compile(
    r"(?:add to (?:cart|basket|bag)|(?:view |my |your )?(?:shopping )?(?:cart|basket)(?: ?\(\d+\))?|checkout|buy now|order (?:now|online)|shop now|in den warenkorb|(?:zum )?warenkorb|jetzt (?:kaufen|bestellen)|ajouter au panier|(?:mon )?panier|acheter|añadir al carrito|carrito|comprar ahora|aggiungi al carrello|carrello|acquista ora"
    r"|in winkelwagen|winkelwagen|nu kopen|bestellen)\s*[:→>›]*",
    re.IGNORECASE,
)  # fmt: skip
SIGN_UP = re.compile(r"sign-?_?up|signup|register|registr|/join\b|onboard|get-?started|/start\b|create-?account|/new\b|/trial|//(?:app|console|dashboard|platform|studio|my|accounts?|auth|signup|id|portal|dash|cloud|play|chat)\.", re.IGNORECASE)  # fmt: skip
TALK = re.compile(r"contact|demo|sales|quote|meeting|calendly|request|talk|book|newsletter|subscribe|event|webinar|waitlist|wait-list|career|job|partner|course|learn|docs|guide", re.IGNORECASE)  # fmt: skip
SHORT, SHORTER = 60, 40
FEWEST_SHOP_PRICES = 3
SHOP_PRICE = re.compile(r"(?:(?:our|special|regular|sale|from|price|ab|nur|unser|prix|precio)\b[\w ]{0,12}:?\s*)?(?:[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|EUR|CHF))(?: ?\*)?", re.IGNORECASE)  # fmt: skip
PRICED = {"pricing": ("month", "year", "week", "day", "hour"), "home": ("month", "year"), "product": ("month", "year")}
MOST_PRICES = 30
MOST_BREAKS = 4
"""On pages of headlines, a longer link is one."""


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each way to buy once a page, quoting what offers it, and the prices of a page that is about them."""
    seen: set[str] = set()
    for route, node, confidence in _offers(page):
        if route not in seen:
            seen.add(route)
            yield page.fact("buying_route", node, route, confidence=confidence)
    yield from _prices(page)


def _offers(page: Page) -> Iterator[tuple[str, Node, float]]:
    """Yield (way to buy, what offers it, confidence): links and buttons first, then short lines; none of a headline or a quotation."""
    for node in (*(link.node for link in page.links), *page.select("button")):
        if len(node.text) <= SHORTER and not (page.kind == "news" and node.text.count(" ") > MOST_BREAKS):
            yield from ((route, node, 0.85) for route in _routes(node.text))
    yield from (("self_serve", link.node, 0.8) for link in page.links if _starts(link))
    for node in page.rows if page.kind not in ("news", "careers") and not about_customers(page) else ():
        said = _routes(node.text) if len(node.text) <= SHORT else _tender(node.text)
        if said and QUOTE not in node.voices:
            yield from ((route, _narrow(node), 0.7) for route in said if route != "self_serve")


@lru_cache(4096)
def _routes(text: str) -> tuple[str, ...]:
    """Return the ways to buy that a text offers. A site says the same on every page, and mostly something else."""
    words = text.lower().translate(APART).split()
    cart = ("self_serve",) if not CARTS.isdisjoint(words) and CART.fullmatch(text) else ()
    if HINTS.isdisjoint(words):
        return cart
    return (*cart, *(route for route, pattern in OFFERS.items() if pattern.search(text)))


def _tender(text: str) -> tuple[str, ...]:
    """Return the one way to buy that is told in a longer text."""
    lower = text.lower()
    return ("tender",) if any(word in lower for word in TENDERS) and OFFERS["tender"].search(text) else ()


@lru_cache(4096)
def _beginning(text: str) -> re.Match[str] | None:
    return START.fullmatch(text) if len(text) <= SHORTER else None


def _starts(link: Link) -> bool:
    """Whether a link lets one begin by oneself: it says so, and does not lead to a conversation."""
    said = _beginning(link.node.text)
    return bool(said and not TALK.search(link.url) and (said["free"] or SIGN_UP.search(link.url)))


def _prices(page: Page) -> Iterator[Fact]:
    """State prices, and that they are public; a shop's many prices only say that."""
    found = {each.value: each for each in prices(page.content, PRICED[page.kind])} if page.kind in PRICED else {}
    for value, price in list(found.items())[:MOST_PRICES]:
        yield page.fact("price", price.node, value, confidence=0.8 if page.kind == "pricing" else 0.65)
    if found:
        yield page.fact("buying_route", next(iter(found.values())).node, "public_price", confidence=0.85)
    elif page.kind in PRICED and any("self_serve" in _routes(link.node.text) for link in page.links):
        shop = [row for row in page.content if len(row.text) <= SHORTER and SHOP_PRICE.fullmatch(row.text)]
        if len({row.text for row in shop}) >= FEWEST_SHOP_PRICES:
            yield page.fact("buying_route", shop[0], "public_price", confidence=0.75)


def _narrow(node: Node) -> Node:
    """Return a long text narrowed to what stands around its tender, so that the quote is readable."""
    match = OFFERS["tender"].search(node.text) if len(node.text) > SHORT else None
    return node.part(node.text[max(0, match.start() - 100) : match.end() + 100]) if match else node
