"""What a company's name is worth as evidence: two spellings of one, and names that many could have.

Here: agreement of names, the words in them that tell one company from another. Elsewhere: legal forms and folding
(`intake.names`), what a page calls its owner (the readers in `sources`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from pipelines.intake.folding import CACHE
from pipelines.intake.names import company_key

GENERIC = frozenset(
    """
    a an and at by for from in of on the to und et y e di de der die das le la les el los il our my your
    group gruppe groupe gruppo grupo groep holding holdings international intl global worldwide world national american europe
    european deutschland germany france usa us uk america canada africa asia north south east west city united general central
    solutions solution services service systems system technologies technology technologie technik tech consulting consultants
    consultancy advisors advisory beratung partners partner company companies corporation enterprise enterprises industries
    industry industrial products product software digital media online web net network networks data cloud labs lab ai app apps
    studio studios agency agentur team associates management capital ventures venture investment investments fund finance
    financial bank banking insurance versicherung trust university universitat school college academy institute hotel hotels inn
    restaurant restaurants cafe bar grill pizza bakery church center centre zentrum clinic hospital health healthcare medical
    dental dentist dentistry care pharma law legal lawyers attorneys office offices firm accounting tax real estate realty
    property properties homes home house construction builders building contractors roofing plumbing heating cooling electric
    electrical energy power solar water oil gas auto automotive car cars motors tire tires truck trucking transport
    transportation logistics shipping travel tours limousine taxi cleaning landscaping lawn garden design designs print
    printing signs photo photography art arts music dance fitness gym yoga spa salon hair beauty nails sports golf pet
    veterinary animal food foods market markets store stores shop supply supplies wholesale trading trade import export
    equipment machinery tools manufacturing engineering security communications marketing advertising research development
    resources human learning education training first new best quality premier professional pro express custom
    """.split()
)
LONG = 4
_INITIALS = 2


@lru_cache(CACHE)
def squeezed(name: str) -> str:
    """Return the name folded, without its legal form and blanks, a leading article taken off.

    >>> squeezed("The Quiet Kiln Ltd."), squeezed("QuietKiln")
    ('quietkiln', 'quietkiln')
    """
    return company_key(name).removeprefix("the ").replace(" ", "")


def distinctive(name: str) -> tuple[str, ...]:
    """Return the words that tell the company from others of its trade and place.

    >>> distinctive("Old Mill Flour Merchants GmbH"), distinctive("Summit Consulting")
    (('old', 'mill', 'flour', 'merchants'), ('summit',))
    """
    return tuple(word for word in company_key(name).split() if word not in GENERIC and len(word) > 1)


def is_rare(name: str) -> bool:
    """Whether hardly two companies share the name: at least two words of its own."""
    return len(distinctive(name)) > 1


def agree(one: str, other: str) -> bool:
    """Whether both are spellings of one name: all words but legal form, article, blanks and `and`."""
    return bool(squeezed(one)) and _plain(one) == _plain(other)


def are_related(one: str, other: str) -> bool:
    """Whether one may be a short, long or abbreviated form of the other: a word of its own in common, or initials."""
    mine, theirs = squeezed(one), squeezed(other)
    shared = any(len(word) >= LONG and word in theirs for word in distinctive(one))
    shared = shared or any(len(word) >= LONG and word in mine for word in distinctive(other))
    return shared or mine in theirs or theirs in mine or _initials(one) == theirs or mine == _initials(other)


def is_said(name: str, text: str) -> bool:
    """Whether a folded text says the name as whole words, or glued together where it is long enough to mean nothing else."""
    words = company_key(name)
    glued = squeezed(name)
    return f" {words} " in f" {text} " or (len(glued) > LONG and f" {glued} " in f" {text} ")


def any_said(names: Iterable[str], text: str) -> bool:
    """Whether a folded text says one of the names, or a long word of its own of one."""
    return any(
        is_said(name, text) or any(len(w) >= LONG and f" {w} " in f" {text} " for w in distinctive(name)) for name in names
    )


def _plain(name: str) -> str:
    return re.sub(r"\band\b", "", company_key(name).removeprefix("the ")).replace(" ", "")


def _initials(name: str) -> str:
    words = company_key(name).split()
    return "".join(word[0] for word in words) if len(words) >= _INITIALS else ""
