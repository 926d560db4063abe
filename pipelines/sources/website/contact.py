"""How the organization can be reached: phones, role mailboxes, postal address.

Here: contact data as people read it. Only role mailboxes are read: a person's address is nobody's business here. Elsewhere:
the same from JSON-LD (`structured_data`), addresses understood (`postal`).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import phonenumbers

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.places import country_codes
from pipelines.records import Fact
from pipelines.sources.website.postal import addresses

ROLES = frozenset(
    "info hello hi hallo contact contacts contactus kontakt contacto contatti office mail email post sales vertrieb verkauf ventas support help service "
    "kundenservice customerservice customercare care press presse media pr marketing jobs careers career karriere bewerbung hr recruiting billing accounts "
    "accounting buchhaltung orders order bestellung shop team admin enquiries inquiries enquiry inquiry general reception partner partners partnerships "
    "security privacy datenschutz dpo legal abuse webmaster events export export-sales purchasing einkauf investors ir zentrale welcome ask".split()
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+(?![\w@-])")
DIGITS = re.compile(r"\d(?:[\s().\-/]*\d){6}")
KINDS = ("home", "about", "contact", "legal")
LONGEST = 400
NORTH_AMERICA = 1  # a prefix of many countries says nothing about one


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State phones, mailboxes and the address of the pages that are about contact."""
    yield from _mailboxes(page)
    if page.kind in KINDS:
        yield from _phones(page)
        yield from addresses(page)


def _mailboxes(page: Page) -> Iterator[Fact]:
    """State role mailboxes at the organization's own domain."""
    here = (urlsplit(page.url).hostname or "").removeprefix("www.")
    links = [node.attribute("href") for node in page.select('a[href^="mailto:" i]')]
    seen: set[str] = set()
    for node in (*links, *(block for block in page.blocks if "@" in block.text)):
        for match in EMAIL.finditer(unquote(node.text.removeprefix("mailto:"))):
            address = match[0].lower().rstrip(".")
            name, _, domain = address.partition("@")
            if name in ROLES and domain.removeprefix("www.") == here and address not in seen:
                seen.add(address)
                yield page.fact("mailbox", node.part(match[0]) if match[0] in node.text else node, address, confidence=0.9)


def _phones(page: Page) -> Iterator[Fact]:
    """State numbers that dialling plans allow: linked ones first, then those that stand in short texts."""
    region = _region(page)
    sure = 0.9 if page.kind == "contact" else 0.8
    for link in page.select('a[href^="tel:" i]'):
        node = link.attribute("href")
        yield from _phone(page, node, unquote(node.text[4:]), region, sure)
    for block in page.blocks:
        if len(block.text) <= LONGEST and DIGITS.search(block.text):
            for match in phonenumbers.PhoneNumberMatcher(block.text, region):
                yield from _phone(page, block.part(match.raw_string), match.raw_string, region, sure - 0.15)


def _phone(page: Page, node: Node, written: str, region: str | None, confidence: float) -> Iterator[Fact]:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return
    if not phonenumbers.is_possible_number(number):
        return
    yield page.fact("phone", node, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), confidence=confidence)
    prefix = number.country_code or 1
    country = phonenumbers.region_code_for_country_code(prefix)
    if written.strip().startswith("+") and country in country_codes() and prefix != NORTH_AMERICA:
        yield page.fact("country", node, country, confidence=0.5)


def _region(page: Page) -> str | None:
    """Return where a national number is likely from: the domain's country, else the US for English pages."""
    last = (urlsplit(page.url).hostname or "").rpartition(".")[2].upper()
    if code := country_codes().get("GB" if last == "UK" else last):
        return code
    html = next(iter(page.select("html[lang]")), None)
    language = html.attribute("lang").text.lower() if html else "en"
    return {"de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "en-gb": "GB"}.get(
        language, "US" if language.startswith("en") else None
    )
