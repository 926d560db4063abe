"""Whose website this is: what its pages say, held against what the lists know.

Here: one judgement, `confirmed`, `refused` or `unclear`, with the fact that decides it. Elsewhere: reading the pages (`sources`),
what their text says (`identity.hearing`), names as evidence (`identity.naming`), what follows from a judgement (`enrich`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from babel.languages import get_official_languages

from pipelines.identity.hearing import names_of
from pipelines.identity.naming import agree, are_related, is_rare
from pipelines.intake.folding import fold
from pipelines.places import country_names
from pipelines.readout import Heard
from pipelines.records import Fact, Organization

Word = Literal["confirmed", "refused", "unclear"]
NAMES = ("legal_name", "name")
SURE = 0.6
"""How sure a name's reading must be to count; a copyright line unlike the site may be its maker's."""
ALL_OVER = 2
"""From how many places another's name is all over a website."""
DIGITS = 7


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whose website it is, the fact that decides it (None when nothing says so), and how sure that is, 0 to 1."""

    word: Word
    fact: Fact | None = None
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Site:
    """What was read of one website: its domain, the facts, and what each of its pages was heard to say."""

    domain: str
    facts: Sequence[Fact]
    heard: Sequence[Heard]

    def said(self, *properties: str) -> list[Fact]:
        """Return the facts of those properties, the surest first."""
        found = [fact for fact in self.facts if fact.property in properties and fact.confidence >= SURE]
        return sorted(found, key=lambda fact: (-fact.confidence, fact.property, fact.value, fact.fact_id))

    def values(self, name: str) -> set[str]:
        """Return all values stated of a property."""
        return {fact.value for fact in self.facts if fact.property == name}


def naming(organization: Organization, site: Site) -> Fact | None:
    """Return the surest fact that gives the organization's name, or None."""
    own = names_of(organization)
    return next((fact for fact in site.said(*NAMES) if any(agree(name, fact.value) for name in own)), None)


def judge_listed(organization: Organization, site: Site) -> Judgement:
    """Judge the website a list gives: it is the organization's unless its pages say that it is somebody else's."""
    named = naming(organization, site)
    known = set(agreements(organization, site))
    if known & {"mail", "phone", "profile"}:
        return Judgement("confirmed", named, 0.99) if named else Judgement("unclear")
    if fact := _elsewhere(organization, site, named):
        return Judgement("refused", fact, 0.9)
    if named:
        return Judgement("confirmed", named, 0.98 if known else 0.95)
    if not known - {"country"} and (fact := _another_all_over(organization, site)):
        return Judgement("refused", fact, 0.9)
    return Judgement("unclear")


def judge_moved(organization: Organization, site: Site) -> Judgement:
    """Judge a website whose home page stands at another domain: the organization's if it bears its name now or did before."""
    named = naming(organization, site)
    if named and not _elsewhere(organization, site, named):
        return Judgement("confirmed", named, 0.95)
    owner = owner_of(site)
    if owner and (_same_label(organization.domain, site.domain) or any(page.former for page in site.heard)):
        return Judgement("confirmed", owner, 0.9)
    return Judgement("refused", owner, 0.9)


def owner_of(site: Site) -> Fact | None:
    """Return the surest name the website gives itself, or None."""
    return next((fact for name in ("name", "legal_name") for fact in site.said(name)), None)


def judge_guessed(organization: Organization, site: Site) -> Judgement:
    """Judge a website nobody named: its pages have to give the name, and more where many could have that name."""
    named = naming(organization, site)
    if named is None or _is_elsewhere(organization, site):
        return Judgement("unclear")
    known = set(agreements(organization, site))
    rare = is_rare(organization.name or "")
    if known & {"mail", "phone", "profile"} or {"city", "country"} <= known or "address" in known:
        return Judgement("confirmed", named, 0.95)
    if rare and known:
        return Judgement("confirmed", named, 0.9)
    return Judgement("confirmed", named, 0.85) if rare and not organization.country else Judgement("unclear")


def agreements(organization: Organization, site: Site) -> Iterator[str]:
    """Yield in what else, besides the name, the pages agree with the lists."""
    if site.domain in organization.mail_domains:
        yield "mail"
    digits = {"".join(filter(str.isdigit, phone)) for phone in organization.phones}
    if any(len(each) > DIGITS and each in {phone.lstrip("+") for phone in site.values("phone")} for each in digits):
        yield "phone"
    if set(organization.profiles) & {each.rstrip("/").lower() for each in site.values("linkedin")}:
        yield "profile"
    cities = {fold(city) for city in organization.cities}
    if cities & {fold(city) for city in site.values("city")}:
        yield "address"
    if any(page.city for page in site.heard):
        yield "city"
    if organization.country and organization.country in _countries(site):
        yield "country"


def _countries(site: Site) -> set[str]:
    """Return the countries the website gives away: in an address, by a phone's prefix, by its own suffix."""
    suffix = site.domain.rpartition(".")[2].upper()
    by_suffix = {"GB" if suffix == "UK" else suffix} if suffix in ("UK", *country_names().values()) else set()
    return site.values("country") | by_suffix | {code for phone in site.values("phone") for code in _dialled(phone)}


def _dialled(phone: str) -> Sequence[str]:
    try:
        return phonenumbers.region_codes_for_country_code(phonenumbers.parse(phone).country_code or 0)
    except phonenumbers.NumberParseException:
        return ()


def _is_elsewhere(organization: Organization, site: Site) -> bool:
    """Whether the website's addresses and phones are all in other countries, and the organization's city is nowhere named."""
    stated = site.values("country") | {code for phone in site.values("phone") for code in _dialled(phone)}
    if not organization.country or not stated or organization.country in _countries(site):
        return False
    return not any(page.city for page in site.heard)


def _same_label(one: str | None, other: str) -> bool:
    """Whether two domains differ only in their suffix: acme.io, acme.com."""
    return one is not None and one.partition(".")[0] == other.partition(".")[0]


def _elsewhere(organization: Organization, site: Site, named: Fact | None) -> Fact | None:
    """Return who it is when the website is in another country: in a language not spoken in ours, or without name and country."""
    country = organization.country
    if not country or not _is_elsewhere(organization, site):
        return None
    native = {"en"} if country == "US" else set(get_official_languages(country, de_facto=True))
    foreign = bool(site.values("language")) and not site.values("language") & native
    if not foreign and (named or any(page.country for page in site.heard)):
        return None
    owners = [fact for fact in site.said(*NAMES) if not any(agree(name, fact.value) for name in names_of(organization))]
    places = sorted(site.said("country", "city", "phone"), key=lambda fact: fact.property)
    return next(iter([*owners, *site.said(*NAMES), *places]), None)


def _another_all_over(organization: Organization, site: Site) -> Fact | None:
    """Return the name of another that stands all over the website, where ours stands nowhere."""
    own = names_of(organization)
    if not own or any(page.name for page in site.heard):
        return None
    said = [fact for fact in site.said(*NAMES) if not any(are_related(name, fact.value) for name in own)]
    if len(said) < len(site.said(*NAMES)):
        return None
    places = Counter(value for value, _, _ in {(fold(fact.value), fact.capture_id, fact.reader) for fact in said})
    return next((fact for fact in said if len(site.heard) >= ALL_OVER and places[fold(fact.value)] >= ALL_OVER), None)
