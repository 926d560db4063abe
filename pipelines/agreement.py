"""Whether somebody met by name elsewhere is the organization we mean: a register, an encyclopedia, a code forge, a job board.

Here: an organization held against the candidates of one answer, and in what they agree. A name alone is never enough: it takes
the same website, telephone, profile or registration, or the name together with a place; and a name that many could have takes
more than a country. A wrong match is worse than none, so what contradicts, or fits two candidates alike, is refused. Elsewhere:
what a name's words are worth (`identity.naming`), what a source makes of whom it believes (`sources`).

    candidates = [Candidate(names=("Kestrel Kegs Ltd",), countries=("GB",), cities=("Leeds",)), …]
    believed = agreement(page.organization, candidates)
    if believed:
        believed.place, believed.on, believed.confidence  # 0, "name and city", 0.9
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.domains import registrable
from pipelines.identity.naming import agree, are_related, distinctive, is_rare, squeezed
from pipelines.intake.names import company_key, legal_form
from pipelines.records import Organization
from pipelines.text import fold

SHARED = frozenset(
    """
    facebook.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com xing.com google.com linktr.ee github.com
    gitlab.com wikipedia.org wordpress.com blogspot.com wixsite.com medium.com notion.site proff.no companieshouse.gov.uk
    """.split()
)
"""Where the pages of many stand: an address there is nobody's website, and contradicts none."""
DIGITS = 8
"""How many digits of a telephone number have to be the same."""
LONGEST_NAME = 100
"""What is longer is a sentence that was taken for a name."""
LEAST_COMMON = 5
"""A single word shorter than this is some other company's name too."""
ONE_OF_A_NAME = frozenset(("AU", "DK", "FI", "GB", "IE", "IN", "NO", "NZ", "SE", "SG"))
"""Countries whose register takes no two companies of the same full name."""
_QUARTER = re.compile(r"\b(?:cedex|arrondissement|\d+(?:er?|eme)?)\b| (?:am|an der|upon|bei|im|ob der) .*$")
_SCHEME = re.compile(r"^https?://(?:www\.)?|/+$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom an answer speaks of, as far as it says so; `countries` are ISO 3166-1 alpha-2.

    `ended` says that it is dissolved or was merged away: such a one is believed only where more than the name agrees.
    """

    names: tuple[str, ...]
    website: str | None = None
    countries: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """That a candidate is the organization: in what they agree, how sure that makes it (0 to 1), and its place in the answer."""

    on: str
    confidence: float
    place: int = 0


def names_to_ask(organization: Organization, most: int = 2) -> list[str]:
    """Return the names a register is asked for, each company name once: those in full first, else as the lists have them.

    >>> names_to_ask(Organization("org_1", None, "Kestrel Kegs", names=("Kestrel", "Kestrel Kegs Ltd")))
    ['Kestrel Kegs Ltd', 'Kestrel']
    """
    ordered = sorted(_names(organization), key=lambda name: not legal_form(name))
    found: dict[str, str] = {}
    for name in ordered:
        if squeezed(name) and len(name) <= LONGEST_NAME:
            found.setdefault(squeezed(name), name)
    return list(found.values())[:most]


def numbers_to_ask(organization: Organization, shape: re.Pattern[str], most: int = 2) -> list[str]:
    """Return the numbers on its own pages that a register of that shape of number may have given it."""
    numbers = (re.sub(r"[\W_]", "", each).upper() for each in organization.registrations)
    return [number for number in dict.fromkeys(numbers) if shape.fullmatch(number)][:most]


def agreement(organization: Organization, candidates: Sequence[Candidate], *, whole: bool = True) -> Agreement | None:
    """Return which of an answer's candidates is the organization, or None where none is or it could be two.

    The candidates have to be all that the answer holds: they tell how common a name is. `whole` is False for an answer that holds
    none but exact matches, whose silence about others of the name says nothing.
    """
    found = [
        replace(each, place=place)
        for place, candidate in enumerate(candidates)
        if (each := _agreement(organization, candidate, [*candidates[:place], *candidates[place + 1 :]], whole))
    ]
    best = max((each.confidence for each in found), default=0.0)
    surest = [each for each in found if each.confidence == best]
    return surest[0] if len(surest) == 1 else None


def _agreement(organization: Organization, candidate: Candidate, others: Sequence[Candidate], whole: bool) -> Agreement | None:
    """Return in what the two agree, the surest of it; None where nothing is enough or something contradicts."""
    same = [name for name in _names(organization) if any(agree(name, theirs) for theirs in candidate.names)]
    abroad = _contradicts(organization.country, candidate.countries)
    if not same and (abroad or not _are_related(organization, candidate)):
        return _under_another_name(organization, candidate)
    for on, confidence in _beyond_the_name(organization, candidate):
        return Agreement(on, confidence - (0.0 if same else 0.1) - (0.05 if abroad else 0.0))
    if not same or abroad or candidate.ended or _is_elsewhere(organization, candidate, is_rare(same[0])):
        return None
    return _by_place(organization, candidate, same, others, whole)


def _under_another_name(organization: Organization, candidate: Candidate) -> Agreement | None:
    """Return the agreement with a company that trades under another name: its number is on the pages, and its town."""
    numbered = _codes(organization.registrations) & _codes(candidate.registrations)
    return Agreement("registration and city", 0.8) if numbered and _shared_town(organization, candidate) else None


def _beyond_the_name(organization: Organization, candidate: Candidate) -> Iterator[tuple[str, float]]:
    """Yield what agrees that hardly two organizations share, the surest first."""
    if _codes(organization.registrations) & _codes(candidate.registrations):
        yield "registration", 0.98
    website = _website(candidate)
    if website and website == organization.domain:
        yield "website", 0.98
    if website and website not in (organization.domain, *organization.mail_domains):
        return  # another's switchboard may have the same number
    if any(_same_phone(mine, theirs) for mine in organization.phones for theirs in candidate.phones):
        yield "phone", 0.95
    if _addresses(organization.profiles) & _addresses(candidate.profiles):
        yield "profile", 0.95


def _by_place(
    organization: Organization, candidate: Candidate, same: Sequence[str], others: Sequence[Candidate], whole: bool
) -> Agreement | None:
    """Return the agreement in name and place, if the name is one's own there."""
    name, town, forms = same[0], _shared_town(organization, candidate), _forms(same)
    theirs = _forms(each for each in candidate.names if agree(name, each))
    in_full = bool(forms & theirs)
    if not in_full and _differ(forms, theirs):
        return None
    if any(_is_rival(organization, other, name, forms if in_full else set(), town) for other in others):
        return None
    alone = is_rare(name) or not (_is_common(name, others) if whole else True)
    doubt = 0.0 if is_rare(name) or in_full else 0.1
    if town:
        return Agreement("name and city", 0.9 - doubt) if alone or in_full else None
    if not organization.country or organization.country not in candidate.countries:
        return None
    if in_full and (alone or organization.country in ONE_OF_A_NAME):
        return Agreement("legal name and country", 0.85)
    apart = bool(_towns(organization.cities) and _towns(candidate.cities))
    return Agreement("name and country", 0.8) if is_rare(name) and not apart else None


def _is_rival(organization: Organization, other: Candidate, name: str, forms: set[str], town: bool) -> bool:
    """Whether another of the same name could be meant as well: in the same town, or the same country where no town tells.

    One that writes its name in another legal form than ours, where we know ours, is another company.
    """
    called = [each for each in other.names if agree(name, each)]
    if other.ended or not called or (forms and not forms & _forms(called)):
        return False
    return _shared_town(organization, other) if town else not _contradicts(organization.country, other.countries)


def _is_common(name: str, others: Iterable[Candidate]) -> bool:
    """Whether a name of one word is so short, or so much used by others in the answer, that a country tells nothing."""
    words = set(distinctive(name))
    used = any(words & set(distinctive(other)) for each in others for other in each.names if not agree(name, other))
    return not words or used or len(company_key(name)) < LEAST_COMMON


def _are_related(organization: Organization, candidate: Candidate) -> bool:
    """Whether one's name may be a short or long form of the other's; a domain is a name, too."""
    label = (organization.domain or "").partition(".")[0]
    own = [*_names(organization), *([label] if label else [])]
    return any(are_related(mine, theirs) for mine in own for theirs in candidate.names)


def _is_elsewhere(organization: Organization, candidate: Candidate, rare: bool) -> bool:
    """Whether the candidate has another website; a rare name under another suffix may be the same house."""
    website = _website(candidate)
    if website is None or organization.domain is None or website in (organization.domain, *organization.mail_domains):
        return False
    return not (rare and website.partition(".")[0] == organization.domain.partition(".")[0])


def _website(candidate: Candidate) -> str | None:
    domain = registrable(candidate.website) if candidate.website else None
    return domain if domain not in SHARED else None


def _contradicts(country: str | None, countries: Sequence[str]) -> bool:
    return bool(country and countries and country not in countries)


def _names(organization: Organization) -> list[str]:
    return list(dict.fromkeys(name for name in (organization.name, *organization.names) if name))


def _forms(names: Iterable[str]) -> set[str]:
    return {form for form in map(legal_form, names) if form}


def _differ(forms: set[str], others: set[str]) -> bool:
    """Whether both are known and have no word in common: GmbH and AG differ, Co. and Co. Ltd do not."""
    words, theirs = ({word for form in each for word in form.split()} for each in (forms, others))
    return bool(words and theirs and not words & theirs)


def _shared_town(organization: Organization, candidate: Candidate) -> bool:
    return bool(_towns(organization.cities) & _towns(candidate.cities))


def _towns(cities: Iterable[str]) -> set[str]:
    """Return the cities in one spelling, without quarters and rivers: Paris 9e, Frankfurt am Main."""
    return {town for city in cities if (town := _QUARTER.sub("", fold(city)).strip(" ,-."))}


def _codes(numbers: Iterable[str]) -> set[str]:
    return {code for number in numbers if len(code := re.sub(r"\W", "", number).upper().lstrip("0")) > 4}


def _addresses(profiles: Iterable[str]) -> set[str]:
    return {_SCHEME.sub("", profile.strip().lower()) for profile in profiles}


def _same_phone(one: str, other: str) -> bool:
    """Whether one number ends in the other: a register may leave the country's prefix out."""
    mine, theirs = (re.sub(r"\D", "", number).lstrip("0") for number in (one, other))
    return min(len(mine), len(theirs)) >= DIGITS and (mine.endswith(theirs) or theirs.endswith(mine))
