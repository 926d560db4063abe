"""What most cells look like, understood a column at a time, without a look at each.

Here: patterns under which a value can only mean one thing, and that meaning; a cell that does not fit is null, and is asked
about by itself. A shortcut is never cleverer than the long way: a test holds every one of them to it. Elsewhere: the long way
(`addresses`, `names`, `values`).
"""

from collections.abc import Sequence
from functools import cache

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from email_validator import SPECIAL_USE_DOMAIN_NAMES
from phonenumbers import PhoneMetadata

from pipelines.domains import RESERVED_TLDS, suffixes
from pipelines.intake.addresses import NETWORKS
from pipelines.intake.blocks import joined, nothing, where
from pipelines.intake.folding import NULL_WORDS
from pipelines.intake.free_mail import free_mail
from pipelines.intake.names import LEGAL_FORMS
from pipelines.intake.rows import Column, Flags, Texts

_NAME = r"^[A-Za-z0-9]+(?:,? [A-Za-z0-9]+)*(?:,? (?:[A-Za-z]\.){2,4}[A-Za-z]?)?\.?$"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE = rf"^(?:https?://)?(?:www\.)?{_LABEL}\.[a-z]+/?$"
_EMAIL = rf"^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@{_LABEL}\.[a-z]+$"
_NUMBER = r"^[A-Z]{0,2}:(?:\+|0|\([0-9])?[0-9]+(?:[ /.-][0-9]+|\) ?[0-9]+){0,6}$"
LONGEST_BOX = 64
LEAST = 7
AMBIGUOUS = frozenset(("IL", "NZ", "TW", "UY"))
"""Where a number with its zero and another without one look alike."""


def companies(column: Texts) -> Sequence[Column]:
    """Return names of plain words as written, and folded: lower case, without the one legal form at their end."""
    low = pc.ascii_lower(where(_fits(column, _NAME), column))
    for mark in ",.":
        low = pc.replace_substring(low, mark, "")
    rest, last = _cut(low)
    last_but_one = _cut(rest)[1]
    ends_in_form = pc.and_(pc.is_in(last, _set(_form_ends())), pc.not_equal(rest, ""))
    one_form = pc.and_not(pc.is_in(last, _set(_single_forms())), pc.is_in(last_but_one, _set(_form_words())))
    key = pc.if_else(ends_in_form, where(one_form, pc.utf8_ltrim(rest, " ")), low)
    told = pc.and_not(pc.is_valid(key), pc.is_in(low, _set(NULL_WORDS)))
    return where(told, column), where(told, key)


def websites(column: Texts) -> Sequence[Column]:
    """Return `https://www.acme.example/` and its like as written, and their domains."""
    host = where(_fits(column, _SITE), column)
    for around in ("https://", "http://", "/"):
        host = pc.replace_substring(host, around, "")
    host = pc.if_else(pc.starts_with(host, "www."), pc.utf8_slice_codeunits(host, 4), host)
    domain = _registered(host)
    told = pc.and_not(pc.is_valid(domain), pc.is_in(domain, _set(NETWORKS)))
    return where(told, column), where(told, domain)


def emails(column: Texts) -> Sequence[Column]:
    """Return `ada@acme.example` and its like, and their domains."""
    box, host = _cut(where(_fits(column, _EMAIL), column), "@")
    domain = _registered(host)
    told = pc.and_(pc.is_valid(domain), pc.less_equal(pc.binary_length(box), LONGEST_BOX + 1))
    return where(told, column), where(told, domain)


def phones(placed: Texts) -> Sequence[Column]:
    """Return numbers with `+` and a country's code, or as they are dialled at home; `DE:` stands before one from Germany.

    They have as many digits as numbers there can have, and no extension.
    """
    written = where(_fits(placed, _NUMBER), placed)
    for between in " -/.()":
        written = pc.replace_substring(written, between, "")
    region, digits = (pc.list_element(pc.split_pattern(written, ":", max_splits=1), place) for place in (0, 1))
    abroad = where(_fits(digits, _possible_numbers()), digits)
    code = pa.array(list(_codes().values())).take(pc.index_in(region, pa.array(list(_codes()))))
    at_home = joined("+", code, pc.utf8_ltrim(where(_fits(written, _home_numbers()), digits), "0"))
    return pc.coalesce(abroad, at_home), nothing(len(placed))


def _fits(column: Texts, pattern: str) -> Flags:
    return pc.fill_null(pc.match_substring_regex(column, pattern), False)


def _cut(column: Texts, separator: str = " ") -> tuple[Texts, Texts]:
    """Return what stands before the last separator, with one in front, and what stands behind it."""
    halves = pc.split_pattern(joined(separator, column), separator, max_splits=1, reverse=True)
    return pc.list_element(halves, 0), pc.list_element(halves, 1)


def _registered(host: Texts) -> Texts:
    """Return the hosts that are a domain anybody can register, and no mail provider's; null for others."""
    label, suffix = _cut(host, ".")
    domains, brands = free_mail()
    plain = pc.and_not(pc.is_in(suffix, _set(_plain_suffixes())), pc.is_in(host, _set(_second_level_suffixes())))
    shared = pc.or_(pc.is_in(host, _set(domains)), pc.is_in(label, _set(_dotted(brands))))
    return where(pc.and_not(pc.and_not(plain, shared), pc.is_in(label, pa.array(["", ".www"]))), host)


@cache
def _set(words: frozenset[str]) -> Column:
    return pa.array(sorted(words), pa.string())


@cache
def _form_ends() -> frozenset[str]:
    """Return the words that legal forms end with."""
    return frozenset(form[-1] for form in LEGAL_FORMS)


@cache
def _form_words() -> frozenset[str]:
    """Return the words that stand in legal forms, and `and`, which may join one to a name."""
    return frozenset(word for form in LEGAL_FORMS for word in form) | {"and"}


@cache
def _single_forms() -> frozenset[str]:
    return frozenset(form[0] for form in LEGAL_FORMS if len(form) == 1)


@cache
def _dotted(labels: frozenset[str]) -> frozenset[str]:
    return frozenset(f".{label}" for label in labels)


@cache
def _plain_suffixes() -> frozenset[str]:
    """Return the top-level domains under which anybody's next label is a domain, and a mailbox can be had."""
    single = {suffix for suffix in suffixes() if "." not in suffix}
    wild = {suffix[2:] for suffix in suffixes() if suffix.startswith("*.")}
    special = {name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES} - {*RESERVED_TLDS}
    return frozenset(single - wild - special)


@cache
def _second_level_suffixes() -> frozenset[str]:
    return frozenset(suffix for suffix in suffixes() if suffix.count(".") == 1)


@cache
def _possible_numbers() -> str:
    """Return the pattern of international numbers, in countries where it is easily told from one dialled at home."""
    numbers = (
        (code, _plan(phonenumbers.region_code_for_country_code(code))) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    )
    return "^[+](?:" + "|".join(f"{code}{plan}" for code, plan in numbers if plan) + ")$"


@cache
def _home_numbers() -> str:
    """Return the pattern of numbers as dialled at home, where that is with a zero before them or, in America, as they are."""
    plans = {region: _plan(region) for region in _codes() if region not in AMBIGUOUS}
    zero = "|".join(f"{region}:0{plan}" for region, plan in plans.items() if plan and _prefixes(region) >= {"0"})
    american = "|".join(region for region, code in _codes().items() if code == "1")
    return f"^(?:{zero}|(?:{american}):[2-9][0-9]{{9}})$"


@cache
def _codes() -> dict[str, str]:
    """Return region -> calling code."""
    return {region: str(phonenumbers.country_code_for_region(region)) for region in sorted(phonenumbers.SUPPORTED_REGIONS)}


def _prefixes(region: str) -> frozenset[str]:
    """Return what is dialled at home before a number, where that is plain digits; `?` where it is anything else."""
    metadata = PhoneMetadata.metadata_for_region(region)
    said = metadata.national_prefix_for_parsing or "" if metadata and not metadata.national_prefix_transform_rule else "?"
    return frozenset(said.split("|"))


def _plan(region: str) -> str:
    """Return the pattern of the region's numbers without prefix, of seven digits or more; empty where prefixes are not plain."""
    metadata = PhoneMetadata.metadata_for_region(region) if region.isalpha() else None
    prefixes = _prefixes(region) if metadata else frozenset("?")
    lengths = (
        [each for each in metadata.general_desc.possible_length if each >= LEAST] if metadata and metadata.general_desc else []
    )
    if not lengths or not all(prefix.isdigit() or not prefix for prefix in prefixes):
        return ""
    first = "".join(digit for digit in "123456789" if digit not in {prefix[:1] for prefix in prefixes})
    return f"[{first}](?:" + "|".join(f"[0-9]{{{length - 1}}}" for length in lengths) + ")"
