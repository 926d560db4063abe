"""Where the website of an organization could be that only has a name.

Here: a few domains its name suggests, the likeliest first. Elsewhere: whether it is there (`identity.confirming`); nothing
here is asked by itself, and nothing that was guessed is believed.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import tldextract

from pipelines.domains import ascii_host, registrable
from pipelines.identity.naming import GENERIC
from pipelines.intake.addresses import NETWORKS
from pipelines.intake.free_mail import is_free_mail
from pipelines.intake.names import company_key
from pipelines.records import Organization

SHORTEST, LONGEST = 3, 40
EVERYWHERE = ("com", "ai", "io", "co", "org", "net")
# A name that ends like a domain is often one: Figure AI is figure.ai.
SPOKEN = frozenset(("ai", "io", "co", "app", "dev"))
UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"}
)
# What businesses there register, where it is not just the country's own suffix.
SUFFIXES = {
    "GB": ("co.uk", "uk"),
    "AU": ("com.au",),
    "NZ": ("co.nz",),
    "BR": ("com.br",),
    "JP": ("co.jp", "jp"),
    "KR": ("co.kr",),
}
SUFFIXES |= {"ZA": ("co.za",), "IN": ("in", "co.in"), "TR": ("com.tr",), "MX": ("com.mx", "mx"), "IL": ("co.il",), "US": ()}
_SELLERS = "sedo dan afternic hugedomains godaddy namecheap atom buydomains undeveloped brandbucket squadhelp spaceship bodis"
MARKETS = frozenset(f"{name}.com" for name in (*_SELLERS.split(), "sedoparking", "parkingcrew", "above", "dynadot", "epik"))
"""Where domains are parked and sold: no organization of ours lives there."""
DOORS = frozenset(
    """
    okta.com auth0.com onelogin.com microsoftonline.com live.com office.com sharepoint.com zoom.us calendly.com typeform.com
    airtable.com notion.site webflow.io wixsite.com squarespace.com godaddysites.com weebly.com wordpress.com blogspot.com
    myshopify.com shopify.com cloudflare.com cloudfront.net amazonaws.com azurewebsites.net herokuapp.com netlify.app vercel.app
    github.io pages.dev web.app firebaseapp.com rebrand.ly ow.ly lnkd.in hubspot.com hs-sites.com mailchimp.com stripe.com
    paypal.com whatsapp.com eventbrite.com opentable.com doordash.com amazon.com ebay.com etsy.com
    """.split()
)
"""Where visitors are sent to log in, book, pay or be served, whoever sends them."""


def guesses(organization: Organization, most: int, suffixes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return at most `most` domains, in the order of asking; none for a name too short to guess from. Its own is not guessed.

    >>> guesses(Organization("org_1", None, "Kestrel Kegs Ltd", country="GB"), 4)
    ('kestrelkegs.co.uk', 'kestrelkegs.uk', 'kestrelkegs.com', 'kestrel-kegs.co.uk')
    """
    spellings = dict.fromkeys((organization.name.translate(UMLAUTS), organization.name)) if organization.name else ()
    found = (domain for name in spellings for domain in _domains(name, _suffixes(organization.country, suffixes)))
    likely = (domain for domain in dict.fromkeys(found) if domain != organization.domain and _could_be_own(domain))
    return tuple(islice(likely, most))


def is_nobodys(domain: str) -> bool:
    """Whether no organization is told by the domain: a network, a mail provider, a market of domains, a door to log in by."""
    return domain in NETWORKS or domain in MARKETS or domain in DOORS or is_free_mail(domain)


def _domains(name: str, suffixes: Sequence[str]) -> Iterator[str]:
    spoken = [word for word in company_key(name).removeprefix("the ").split() if word != "and"]
    if len(spoken) > 1 and spoken[-1] in SPOKEN:
        yield f"{''.join(spoken[:-1])}.{spoken[-1]}"
    short = [word for word in spoken if word not in GENERIC]
    labels = ["".join(spoken), "-".join(spoken)]
    if short and short != spoken and spoken[: len(short)] == short:
        labels.append("".join(short))
    yield from (f"{label}.{suffix}" for label in labels for suffix in suffixes)
    yield from (f"{labels[0]}.{suffix}" for suffix in EVERYWHERE)


def _suffixes(country: str | None, first: Sequence[str]) -> tuple[str, ...]:
    """Return the suffixes tried first, the country's own, then .com; with no own, more of the world's."""
    own = SUFFIXES.get(country, (country.lower(),)) if country else ()
    return (*first, *(each for each in own if each in _tlds()), *(("com",) if own else ("com", "ai")))


def _could_be_own(domain: str) -> bool:
    """Whether somebody could have registered it, who is no provider, network or market of domains."""
    label = domain.partition(".")[0]
    sized = SHORTEST <= len(label) <= LONGEST and not label.isdecimal() and label not in GENERIC
    return sized and not is_nobodys(domain) and ascii_host(domain) == domain == registrable(domain)


@cache
def _tlds() -> frozenset[str]:
    """The public suffixes that tldextract ships."""
    return frozenset(tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None).tlds)
