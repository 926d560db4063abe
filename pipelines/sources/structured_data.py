"""What an organization says of itself in data made for machines: JSON-LD, microdata, RDFa, OpenGraph, on the pages `website` asked for.

Here: Organization and its kinds, JobPosting and OpenGraph read as facts. Nothing is asked, no context is fetched. Elsewhere: the same pages
read as people see them (`website`).
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import phonenumbers

from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node, absolute
from pipelines.page import Page
from pipelines.places import country_code
from pipelines.records import Fact
from pipelines.source import Source
from pipelines.text import bare, fold, iso_day
from pipelines.week import notation, noted

ORGANIZATION = re.compile(
    r"(Organization|Corporation|NGO|Business|Store|Shop|Restaurant|(?<=[a-z])Service|Contractor|Dentist|Physician|Clinic|Attorney|Notary|Agency|Agent|Company|Hotel"
    r"|Motel|Resort|Hostel|Bakery|Brewery|Winery|Distillery|Pharmacy|Hospital|Optician|Plumber|Electrician|Locksmith|HousePainter|Dealer|Repair|Rental"
    r"|Salon|DaySpa|HealthClub|Florist|School|University|Library|Museum|Consortium|Cooperative|Airline|Project|BarOrPub|Winery|Bank)$"
)
ADDRESS = (
    ("street", "streetAddress"),
    ("city", "addressLocality"),
    ("region", "addressRegion"),
    ("postcode", "postalCode"),
)
PROFILE = re.compile(
    r"https?://(?:www\.|m\.|mobile\.|[a-z]{2}\.)?((?:linkedin\.com/(?:company|school|showcase)|xing\.com/(?:companies|pages)|discord\.gg|discord\.com/invite"
    r"|twitter\.com|x\.com|github\.com|gitlab\.com|facebook\.com|instagram\.com|tiktok\.com|youtube\.com(?:/(?:c|channel|user))?)/[^/?#]+)/?(?:[?#].*)?",
    re.IGNORECASE,
)  # fmt: skip
TIME = re.compile(r"\d\d:\d\d")
LETTER = re.compile(r"[^\W\d_]")
PLAIN = (("legal_name", "legalName"), ("description", "description"))
WEBSITE = re.compile(r"(WebSite|WebPage|ContactPage|AboutPage|Article|NewsArticle|BlogPosting)$")
SPEAKERS = ("publisher", "mainEntity", "about", "copyrightHolder")
"""Who a page says is behind it."""
PARTED = re.compile(r"\s+[|–—·•»-]+\s+|\s*\|\s*|:\s+")
PERSON = re.compile(
    r",\s*(?:M\.?D|D\.?D\.?S|D\.?M\.?D|Ph\.?\s?D|D\.?O|R\.?N|N\.?P|M\.?S\.?N|J\.?D|Esq|C\.?P\.?A|[A-Z]{2,4}-[A-Z]{1,2})\b"
)
"""Somebody with a degree, who is no organization."""
CODE_AT_END = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2},? \d{5}(?:-\d{4})?|\d{4,5} [A-ZÀ-Ž][\w-]+)\W*$")
LETTERS = re.compile(r"[^a-z0-9]+")
NUMBERS = (
    ("vat_id", "vatID", re.compile(r"(?=(?:.*\d){5})(?:[A-Z]{2}[0-9A-Z+*]{2,13}|CHE[\d.-]{9,12})")),
    ("lei", "leiCode", re.compile(r"[A-Z0-9]{18}\d\d")),
)
MOST_PLACES = 20


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    for entity in (*page.linked_data, *page.microdata):
        for each in (entity, *_speakers(entity)):
            if any(ORGANIZATION.search(kind) for kind in each.types) and _own(page, each):
                yield from _organization(page, each)
        if "JobPosting" in entity.types:
            yield from _posting(page, entity)
    yield from _open_graph(page)


def _speakers(entity: Data) -> Iterator[Data]:
    """Yield who is behind a page or website that describes itself."""
    if any(WEBSITE.search(kind) for kind in entity.types):
        for key in SPEAKERS:
            yield from entity.get(key)


def _name(page: Page, written: str) -> str:
    """Return a name without the slogan that follows it, where the domain has no more than what comes before."""
    label = LETTERS.sub("", (registrable(page.url) or "").partition(".")[0])
    return next((part for part in PARTED.split(written) if LETTERS.sub("", fold(part)) == label), written)


def _own(page: Page, entity: Data) -> bool:
    """Whether the entity is the website's owner: it names this site as its URL, or names none on the home or about page."""
    named = entity.text("url")
    url = absolute(page.url, named.text) if named else ""
    return registrable(url) == registrable(page.url) if url else page.kind in ("home", "about", "contact")


def _organization(page: Page, entity: Data) -> Iterator[Fact]:
    if (node := entity.text("name")) and LETTER.search(words := bare(node.text)):
        name = _name(page, words)
        if not PERSON.search(name):
            yield page.fact("name", node, name, confidence=0.5 if PARTED.search(name) else 0.95)
    for name, key in PLAIN:
        if (node := entity.text(key)) and LETTER.search(words := bare(node.text)):
            yield page.fact(name, node, words, confidence=0.95)
    yield from _figures(page, entity)
    yield from _address(page, entity)
    yield from _places(page, entity)
    yield from _hours(page, entity)
    yield from _contact(page, entity)
    for each in entity.get("sameAs"):
        yield from _profile(page, each.node)
        yield from _same(page, each.node)
    parent = entity.text("parentOrganization", "name") or entity.text("parentOrganization")
    if parent and LETTER.search(parent.text) and "//" not in parent.text:
        yield page.fact("parent", parent, bare(parent.text), confidence=0.9)


def _figures(page: Page, entity: Data) -> Iterator[Fact]:
    """State the founding year, the number of employees, and numbers it is registered under."""
    founded = entity.text("foundingDate")
    if founded and (year := re.match(r"(1[5-9]|20)\d\d", founded.text)):
        yield page.fact("founded_year", founded, year[0], confidence=0.95)
    employees = entity.text("numberOfEmployees", "value") or entity.text("numberOfEmployees")
    if employees and re.fullmatch(r"\d{1,7}", employees.text.replace(",", "")):
        yield page.fact("employees", employees, employees.text.replace(",", ""), confidence=0.9)
    for name, key, shape in NUMBERS:
        number = entity.text(key)
        if number and shape.fullmatch(code := number.text.replace(" ", "").upper()):
            yield page.fact(name, number, code, confidence=0.9)


def _same(page: Page, node: Node) -> Iterator[Fact]:
    """State another domain the organization gives as its own: the root of a website, not a page about it."""
    url = urlsplit(absolute(page.url, node.text))
    domain = registrable(url.hostname or "")
    if domain and domain != registrable(page.url) and url.path in ("", "/") and not url.query:
        yield page.fact("same_as", node, domain, confidence=0.8)


def _address(page: Page, entity: Data) -> Iterator[Fact]:
    for address in entity.get("address")[:1]:
        for name, key in ADDRESS:
            if (node := address.text(key)) and (name == "postcode" or LETTER.search(node.text)):
                value = _street(address) if name == "street" else node.text
                yield from [page.fact(name, node, value, confidence=0.9)] if value else []
        country = address.text("addressCountry", "name") or address.text("addressCountry")
        if country and (code := country_code(country.text)):
            yield page.fact("country", country, code, confidence=0.95)


def _street(address: Data) -> str:
    """Return the street, without the town and what follows where the whole address was put there; nothing where nobody can tell."""
    street, city = address.text("streetAddress"), address.text("addressLocality")
    text = street.text if street else ""
    if city and f", {city.text}" in text:
        text = text.partition(f", {city.text}")[0]
    return "" if CODE_AT_END.search(text) else text.strip(" ,")


def _places(page: Page, entity: Data) -> Iterator[Fact]:
    """State each address it gives, its own and those of its places and departments, as a location."""
    within = [each for key in ("location", "department", "subOrganization") for each in entity.get(key)]
    for address in [address for each in (entity, *within) for address in each.get("address")][:MOST_PLACES]:
        street, city = address.text("streetAddress"), address.text("addressLocality")
        if street and city and LETTER.search(street.text):
            country = address.text("addressCountry", "name") or address.text("addressCountry")
            postcode = address.text("postalCode")
            place = f"{postcode.text if postcode else ''} {city.text}".strip()
            code = country_code(country.text) if country else None
            yield page.fact("location", street, ", ".join(filter(None, (_street(address), place, code))), confidence=0.9)


def _hours(page: Page, entity: Data) -> Iterator[Fact]:
    """State the opening hours, as text in schema.org's notation or as a table of days and times."""
    said = [each.node for each in entity.get("openingHours") if each.node.text]
    week = {day: hours for node in said for day, hours in noted(node.text).items()}
    for each in entity.get("openingHoursSpecification"):
        opens, closes = each.text("opens"), each.text("closes")
        days = [day.node for day in each.get("dayOfWeek")]
        if opens and closes and each.text("validFrom") is None and TIME.match(opens.text) and TIME.match(closes.text):
            said += [opens]
            for day in days:
                name = day.text.rpartition("/")[2].capitalize()[:2]
                week.setdefault(name, f"{opens.text[:5]}-{closes.text[:5]}")
    if said and (written := notation(week)):
        yield page.fact("opening_hours", said[0], written, confidence=0.9)


def _contact(page: Page, entity: Data) -> Iterator[Fact]:
    """State the phone; one written without its prefix needs the country of the address beside it."""
    phone = entity.text("telephone") or entity.text("contactPoint", "telephone")
    country = entity.text("address", "addressCountry", "name") or entity.text("address", "addressCountry")
    if phone and (number := _dialled(phone.text, country_code(country.text) if country else None)):
        yield page.fact("phone", phone, number, confidence=0.9)


def _dialled(written: str, country: str | None) -> str | None:
    """Return the number in E.164, or None when no dialling plan has it."""
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    dialled = phonenumbers.is_possible_number(number) if written.startswith("+") else phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if dialled else None


def _profile(page: Page, node: Node) -> Iterator[Fact]:
    """State a profile in its one spelling; an encyclopedia's article or another website is none."""
    if match := PROFILE.fullmatch(node.text):
        yield page.fact("social_profile", node, f"https://{match[1]}")
        if match[1].lower().startswith("linkedin.com/company/"):
            yield page.fact("linkedin", node, f"https://www.{match[1]}")


def _posting(page: Page, entity: Data) -> Iterator[Fact]:
    if title := entity.text("title"):
        posted = entity.text("datePosted")
        yield page.fact("opening", title, bare(title.text), stated_on=iso_day(posted.text) if posted else None, confidence=0.95)


def _open_graph(page: Page) -> Iterator[Fact]:
    name = page.meta("og:site_name")
    if name and "." not in name.text:
        yield page.fact("name", name, _name(page, name.text), confidence=0.9)
    if page.kind == "home" and (description := page.meta("og:description")):
        yield page.fact("description", description, confidence=0.8)


def _wants(page: Page) -> bool:
    return page.capture.request.source == "website"


SOURCE = Source(
    name="structured_data",
    description="JSON-LD, microdata, RDFa and OpenGraph in the website's pages: data made for machines.",
    hosts="none of its own: reads what website fetched",
    terms="schema.org, ogp.me; published to be read by robots",
    trust=0.9,
    fresh=timedelta(days=30),
    expected_share=0.3,
    states=frozenset(
        {"name", "legal_name", "description", "founded_year", "employees", "street", "city", "region", "postcode", "country"}
        | {"location", "opening_hours", "vat_id", "lei", "phone", "social_profile", "linkedin", "opening", "same_as", "parent"}
    ),
    wants=_wants,
    read=_read,
)
