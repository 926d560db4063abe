"""How one can buy from the organization, by what it offers a visitor to do.

Here: public prices, trial, self-service, demo, sales contact, tender. Elsewhere: what that says of its persona
(sql/core/marker.sql).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact

OFFERS: dict[str, re.Pattern[str]] = {
    "free_trial": re.compile(r"\b(free trial|try (?:it )?(?:for )?free|start (?:for )?free|start your trial|start free|kostenlos testen|essai gratuit|prueba gratis)\b", re.IGNORECASE),
    "self_serve": re.compile(r"^(?:sign up(?: (?:for )?free| now)?|get started(?: (?:for )?free| now)?|buy now|add to cart|create (?:an |your )?account|jetzt kaufen|in den warenkorb|registrieren)$", re.IGNORECASE),
    "demo": re.compile(r"\b((?:book|request|get|schedule|see) (?:a |your )?(?:live |free |personal )?demo|demo (?:buchen|anfordern|vereinbaren)|demander une démo|solicit[ae] una demo)\b", re.IGNORECASE),
    "contact_sales": re.compile(r"\b(contact (?:our )?sales|talk to (?:our )?(?:sales|an expert)|speak (?:to|with) (?:our )?sales|request a quote|get a quote|ask for a quote|angebot anfordern|angebot anfragen|vertrieb kontaktieren|demander un devis)\b", re.IGNORECASE),
    "tender": re.compile(r"\b(requests? for proposals?|invitation to (?:bid|tender)|open tenders|vendor registration|supplier registration|supplier portal|ausschreibungen|lieferantenportal|appels d'offres)\b", re.IGNORECASE),
}  # fmt: skip
AMOUNT = r"(?:[$€£]\s?\d[\d.,]{0,15}|(?<![\d.,])\d[\d.,]{0,15}\s?(?:€|EUR|USD|CHF))"
PRICE = re.compile(
    rf"{AMOUNT}\s*(?:/|per|a|pro|par|por|je)\s*(?:user|seat|month|mo\b|year|yr\b|agent|location|monat|jahr|nutzer|mois|mes|utilisateur)",
    re.IGNORECASE,
)
PLAIN_PRICE = re.compile(rf"^(?:from |ab )?{AMOUNT}", re.IGNORECASE)
SHORT = 60


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each way to buy once a page, quoting what offers it."""
    seen: set[str] = set()
    for node in (*(link.node for link in page.links), *page.select("button"), *page.blocks):
        for route in _routes(page, node):
            if route not in seen:
                seen.add(route)
                yield page.fact("buying_route", _narrow(node, OFFERS.get(route)), route, confidence=0.8)


def _routes(page: Page, node: Node) -> Iterator[str]:
    """Yield the ways a node offers; long texts only count for what cannot be a button."""
    if len(node.text) <= SHORT:
        yield from (route for route, pattern in OFFERS.items() if pattern.search(node.text))
        if page.kind == "pricing" and PLAIN_PRICE.match(node.text):
            yield "public_price"
    elif OFFERS["tender"].search(node.text):
        yield "tender"
    if PRICE.search(node.text) and page.kind in ("pricing", "home", "product"):
        yield "public_price"


def _narrow(node: Node, pattern: re.Pattern[str] | None) -> Node:
    """Return the node narrowed to what stands around the match, so that the quote is readable."""
    match = (pattern or PRICE).search(node.text)
    return node.part(node.text[max(0, match.start() - 100) : match.end() + 100]) if match else node
