"""Mail providers at which anybody can have an address: what stands behind the @ says nothing about where somebody works.

Here: free providers, internet access, addresses for a day and relays. Elsewhere: the addresses (`addresses`).
"""

from functools import cache, lru_cache
from pathlib import Path

from pipelines.domains import registrable
from pipelines.intake.folding import CACHE

FREE_MAIL = Path(__file__).with_name("free_mail.txt")


@lru_cache(CACHE)
def is_free_mail(domain: str) -> bool:
    """Say whether anybody can have an address at the domain; `brand.*` in the list stands for the brand under any suffix.

    >>> is_free_mail("freemail.example"), is_free_mail("acme.example"), is_free_mail("yahoo.co.uk")
    (True, False, True)
    """
    domains, brands = free_mail()
    if domain in domains or domain.partition(".")[0] in brands:
        return True
    owner = registrable(domain)
    return owner is not None and owner != domain and is_free_mail(owner)


@cache
def free_mail() -> tuple[frozenset[str], frozenset[str]]:
    """Return the domains of providers, and the brands that stand for themselves under any suffix."""
    from disposable_email_domains import blocklist  # ten thousand domains: only who asks pays for them

    lines = [line.strip() for line in FREE_MAIL.read_text("utf-8").splitlines()]
    listed = [line for line in lines if line and not line.startswith("#")]
    brands = frozenset(line.removesuffix(".*") for line in listed if line.endswith(".*"))
    return frozenset(line for line in listed if not line.endswith(".*")) | blocklist, brands
