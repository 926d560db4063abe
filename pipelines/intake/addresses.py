"""Addresses on the net: the website and the e-mail address of a lead, and the domain each gives away.

Here: which host or mailbox a cell names, and which domains belong to a provider or a network instead of an organization.
Elsewhere: the domain of a host (`domains`), whether a website may be fetched (`web.guard`).
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from pipelines.domains import registrable
from pipelines.intake.folding import CACHE, stated

NETWORKS = frozenset(
    """
    linkedin.com facebook.com fb.com fb.me instagram.com twitter.com x.com t.co xing.com youtube.com youtu.be tiktok.com
    pinterest.com threads.net bsky.app t.me telegram.me wa.me vk.com weibo.com medium.com crunchbase.com angel.co
    wellfound.com pitchbook.com ycombinator.com linktr.ee bit.ly goo.gl tinyurl.com g.page about.me behance.net dribbble.com
    glassdoor.com indeed.com kununu.com yelp.com trustpilot.com meetup.com producthunt.com github.com gitlab.com bitbucket.org
    wikipedia.org google.com apple.com
    """.split()
)
FREE_MAIL = Path(__file__).with_name("free_mail.txt")
_WEB = re.compile(r"^(?:https?:/*)+|^//", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;|<>\"]+")
_PLAIN = re.compile(r"^([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)$", re.IGNORECASE)
LONGEST = 254  # characters, RFC 5321
_AROUND = "<>()[]\"' \t.,;:"


class Website(NamedTuple):
    """A website as written, and its registrable domain."""

    written: str
    domain: str


class Email(NamedTuple):
    """An e-mail address, lower case, and its registrable domain; None when a free or disposable mail provider owns that."""

    address: str
    domain: str | None


@lru_cache(CACHE)
def website(text: str, company_key: str = "") -> Website | None:
    """Return the website that the cell names first, or None.

    A profile on a network or in a directory is no website, and a mail provider's is nobody's; unless the company is named like
    the network: linkedin.com is the website of LinkedIn.
    """
    written = stated(text)
    for part in _BETWEEN.split(written) if written else ():
        domain = registrable(_host(part))
        if domain and not is_free_mail(domain) and (domain not in NETWORKS or _is_named(domain, company_key)):
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
def email(text: str) -> Email | None:
    """Return the first valid e-mail address in the cell, or None. No DNS is asked.

    >>> email("Ada <Ada@Mail.Acme.example>"), email("ada@freemail.example"), email("ada(at)acme")
    (Email(address='ada@mail.acme.example', domain='acme.example'), Email(address='ada@freemail.example', domain=None), None)
    """
    for part in _BETWEEN.split(text):
        if "@" in part and (found := _valid(_MAILTO.sub("", part.strip(_AROUND)).partition("?")[0])):
            return found
    return None


def _valid(address: str) -> Email | None:
    """Validate an address; of a plain one only the domain needs the library, and domains come again and again."""
    plain = _PLAIN.match(address)
    if plain and len(address) <= LONGEST:
        host = _mail_host(plain[2].lower())
        return Email(f"{plain[1].lower()}@{host}", _employer(host)) if host else None
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True)
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
    return None if domain is None or is_free_mail(domain) else domain


def is_free_mail(domain: str) -> bool:
    """Say whether anybody can have an address at the domain; `brand.*` in the list stands for the brand under any suffix."""
    domains, brands = _free_mail()
    return domain in domains or domain.partition(".")[0] in brands


@cache
def _free_mail() -> tuple[frozenset[str], frozenset[str]]:
    lines = [line.strip() for line in FREE_MAIL.read_text("utf-8").splitlines()]
    listed = [line for line in lines if line and not line.startswith("#")]
    brands = frozenset(line.removesuffix(".*") for line in listed if line.endswith(".*"))
    return frozenset(line for line in listed if not line.endswith(".*")), brands
