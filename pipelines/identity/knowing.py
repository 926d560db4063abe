"""What is known of an organization once its own website was read: what it is searched for by, and recognised by, elsewhere.

Here: the lists' word and its pages' word put together. Elsewhere: whose website it is (`identity.confirming`), who searches (the
sources).
"""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.identity.visit import Found
from pipelines.records import Organization

MOST = 5
OWN = ("website", "structured_data")


def known_now(organization: Organization, found: Found) -> Organization:
    """Return the organization with what its own pages say of it, the surest first, behind what the lists say.

    Its domain is that of its website where one was seen and taken for its own, None where the listed one is somebody else's.
    """
    domain = organization.domain if organization.domain not in found.disowned else None
    if domain is None or domain not in found.owned:
        domain = min(found.owned, default=domain)
    names = (*_stated(found, "legal_name"), *_stated(found, "name"))
    profiles = (*_stated(found, "linkedin"), *_stated(found, "social_profile"))
    return replace(
        organization,
        domain=domain,
        name=organization.name or next(iter(names), None),
        country=organization.country or next(iter(_stated(found, "country")), None),
        names=_joined(organization.names, names),
        cities=_joined(organization.cities, _stated(found, "city")),
        phones=_joined(organization.phones, _stated(found, "phone")),
        profiles=_joined(organization.profiles, profiles),
        registrations=_joined(organization.registrations, _stated(found, "registration_number")),
    )


def _stated(found: Found, name: str) -> list[str]:
    """Return the values its own pages state of a property, the surest first."""
    said = [fact for fact in found.facts.values() if fact.property == name and fact.source in OWN]
    return [fact.value for fact in sorted(said, key=lambda fact: (-fact.confidence, fact.value))]


def _joined(listed: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*listed, *list(dict.fromkeys(said))[:MOST])))
