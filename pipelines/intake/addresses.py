"""Addresses on the net: the website and the e-mail address of a lead, and the domain each gives away.

Here: which host, mailbox or profile a cell names. Elsewhere: which domains are a mail provider's (`free_mail`), the domain of a
host (`domains`), whether a website may be fetched (`web.guard`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from pipelines.domains import registrable
from pipelines.intake.folding import CACHE, stated
from pipelines.intake.free_mail import is_free_mail
from pipelines.text import clean

NETWORKS = frozenset(
    """
    linkedin.com facebook.com fb.com fb.me instagram.com twitter.com x.com t.co xing.com youtube.com youtu.be tiktok.com
    pinterest.com threads.net bsky.app t.me telegram.me wa.me vk.com weibo.com medium.com crunchbase.com angel.co
    wellfound.com pitchbook.com ycombinator.com linktr.ee bit.ly goo.gl tinyurl.com g.page about.me behance.net dribbble.com
    glassdoor.com indeed.com kununu.com yelp.com trustpilot.com meetup.com producthunt.com github.com gitlab.com bitbucket.org
    wikipedia.org google.com apple.com
    """.split()
)
_WEB = re.compile(r"^(?:https?:/*)+|^//", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;|<>\"]+")
_PLAIN = re.compile(r"^([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)$", re.IGNORECASE)
LONGEST = 254  # characters, RFC 5321
LONGEST_CELL = 2048
PERSONS = frozenset(("in", "pub", "sales/lead", "sales/people"))
_LINKEDIN = re.compile(
    r"(?<![\w.-])(?:[\w-]{1,10}\.)?linkedin\.com/(?:mwlite/)?(company|school|showcase|organization|in|pub|sales/lead|sales/people|sales/company)"
    r"/([^/?#\s,;\"<>]{1,200})",
    re.IGNORECASE,
)
_AT = re.compile(r"\s*[\[({]\s*(?:at|@|ät)\s*[\])}]\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkt|point|punto|\.)\s*[\])}]\s*", re.IGNORECASE)
_RARELY_BETWEEN = re.compile(r"[/:()\[\]]+")
_AROUND = "<>()[]\"' \t.,;:"


class Website(NamedTuple):
    """A website as written, and its registrable domain."""

    written: str
    domain: str


class Email(NamedTuple):
    """An e-mail address, lower case, and its registrable domain; None when a free or disposable mail provider owns that."""

    address: str
    domain: str | None


class Profile(NamedTuple):
    """A profile on LinkedIn in one spelling, and whose it is."""

    address: str
    of: Literal["organization", "person"]


@lru_cache(CACHE)
def website(text: str, company_key: str = "") -> Website | None:
    """Return the website that the cell names first, or None.

    A profile on a network or in a directory is no website, and a mail provider's is nobody's; unless the company is named like
    the network or the provider: linkedin.com is the website of LinkedIn.
    """
    written = stated(text)
    for part in _BETWEEN.split(written) if written else ():
        domain = registrable(_host(part))
        if domain and (not (domain in NETWORKS or is_free_mail(domain)) or _is_named(domain, company_key)):
            return Website(part, domain)
    return None


def _is_named(domain: str, company_key: str) -> bool:
    """Say whether the company goes by the domain's name; a short name has to be all of the company's."""
    name, company = domain.partition(".")[0], company_key.replace(" ", "")
    return company.startswith(name) if len(name) > 3 else company == name


def _host(part: str) -> str:
    """Return the host of a URL or of a bare `www.acme.example/about`; empty when there is none, or a person before it."""
    rest = _WEB.sub("", part)
    if _OTHER_SCHEME.match(rest):
        return ""
    try:
        split = urlsplit(f"//{rest}")
    except ValueError:
        return ""
    return "" if "@" in split.netloc else split.hostname or ""


@lru_cache(CACHE)
def linkedin(text: str) -> Profile | None:
    """Return the profile on LinkedIn that the cell names first, and whose it is, or None.

    >>> linkedin("https://de.linkedin.com/company/acme-gmbh/about?x=1"), linkedin("linkedin.com/in/ada")
    (Profile(address='linkedin.com/company/acme-gmbh', of='organization'), Profile(address='linkedin.com/in/ada', of='person'))
    """
    found = _LINKEDIN.search(text[:LONGEST_CELL])
    if not found:
        return None
    kind, name = found[1].lower(), unquote(found[2]).lower().rstrip(".")
    of: Literal["organization", "person"] = "person" if kind in PERSONS else "organization"
    return Profile(f"linkedin.com/{kind}/{name}", of) if name else None


@lru_cache(CACHE)
def email(text: str) -> Email | None:
    """Return the first valid e-mail address in the cell, or None. No DNS is asked.

    >>> email("Ada <Ada@Mail.Acme.example>"), email("ada@freemail.example"), email("ada(at)acme")
    (Email(address='ada@mail.acme.example', domain='acme.example'), Email(address='ada@freemail.example', domain=None), None)
    >>> email("ada [at] acme [dot] example")
    Email(address='ada@acme.example', domain='acme.example')
    """
    written = clean(text[:LONGEST_CELL])
    if not written.isascii():
        written = unicodedata.normalize("NFKC", written)
    if "@" not in written:
        written = _DOT.sub(".", _AT.sub("@", written))
    quoted = _valid(written.strip(_AROUND.replace('"', ""))) if '"@' in written else None
    return quoted or next((found for part in _BETWEEN.split(written) if "@" in part and (found := _part(part))), None)


def _part(part: str) -> Email | None:
    """Return the address in a part without blanks; a slash or a colon may still stand between two of them or before one."""
    bare = _MAILTO.sub("", part.strip(_AROUND)).partition("?")[0]
    if found := _valid(bare):
        return found
    pieces = (piece for piece in _RARELY_BETWEEN.split(bare) if "@" in piece and piece != bare)
    return next((found for piece in pieces if (found := _valid(piece.strip(_AROUND)))), None)


def _valid(address: str) -> Email | None:
    """Validate an address; of a plain one only the domain needs the library, and domains come again and again."""
    plain = _PLAIN.match(address)
    if plain and len(address) <= LONGEST:
        host = _mail_host(plain[2].lower())
        return Email(f"{plain[1].lower()}@{host}", _employer(host)) if host else None
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except EmailNotValidError:
        return None
    return Email(f"{valid.local_part}@{valid.ascii_domain}".lower(), _employer(valid.ascii_domain))


@lru_cache(CACHE)
def _mail_host(host: str) -> str | None:
    """Return the host in the spelling of DNS if it can have a mailbox."""
    try:
        return validate_email(f"info@{host}", check_deliverability=False, test_environment=True).ascii_domain
    except EmailNotValidError:
        return None


@lru_cache(CACHE)
def _employer(host: str) -> str | None:
    """Return the domain of whoever employs the people with mailboxes at the host; None where anybody can have one."""
    domain = registrable(host)
    return None if domain is None or is_free_mail(host) or is_free_mail(domain) else domain
