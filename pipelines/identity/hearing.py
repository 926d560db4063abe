"""What one page says of the organization we came for, beyond the facts that readers find on it.

Here: whether its text says the name, the places, a former name; the sentence that tells of it on a page of somebody else. What
is kept are answers, never the text: it may name persons, and once it is folded nobody could tell whom. Elsewhere: names as
evidence (`identity.naming`), what follows for the website (`identity.confirming`).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipelines.identity.naming import any_said, is_said
from pipelines.intake.folding import CACHE, fold, fold_once
from pipelines.intake.names import company_key
from pipelines.mailboxes import without_persons
from pipelines.page import Page
from pipelines.places import country_names
from pipelines.readout import Heard, Sentence
from pipelines.records import Organization

FORMERLY = (
    r"(?:formerly|previously|ehemals|vormals|fruher|anciennement|antes|precedentemente|voorheen)(?: known as| called| named)?"
)
SPOKEN_CODES = {"GB": "uk", "US": "usa"}


def names_of(organization: Organization) -> tuple[str, ...]:
    """Return every name the lists give, the usual one first."""
    return tuple(dict.fromkeys(name for name in (organization.name, *organization.names) if name))


def heard(organization: Organization, text: str) -> Heard:
    """Return what a text, as it stands on the page, says of the organization."""
    folded = fold_once(text)
    own = names_of(organization)
    return Heard(
        name=any_said(own, folded),
        former=_went_by(own, folded),
        city=_are_named(map(fold, organization.cities), folded),
        country=_are_named(_spoken(organization.country or ""), folded),
    )


def sentence_about(organization: Organization, page: Page) -> Sentence | None:
    """Return the row of another's page that names the organization, persons' mailboxes taken out, or None."""
    own = names_of(organization)
    row = next((row for row in page.rows if any(is_said(name, fold(row.text)) for name in own)), None)
    return Sentence(without_persons(row.text), row.locator) if row else None


def _are_named(places: Iterable[str], text: str) -> bool:
    return any(place and f" {place} " in f" {text} " for place in places)


@lru_cache(CACHE)
def _spoken(country: str) -> tuple[str, ...]:
    """Return how texts name a country, by its code: its names, and what is short for it."""
    return (*(fold(name) for name, code in country_names().items() if code == country), SPOKEN_CODES.get(country, ""))


def _went_by(own: Sequence[str], text: str) -> bool:
    """Whether the website says that it, or what it tells of, went by one of the names before."""
    keys = [company_key(name) for name in own]
    if not any(key in text for key in keys):
        return False
    names = "|".join(map(re.escape, keys))
    said = re.compile(rf"\b{FORMERLY} (?:{names})\b|\b(?:{names}) (?:is now|has become|became|heisst jetzt|devient)\b")
    return bool(said.search(text))
