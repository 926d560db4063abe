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

from pipelines.domains import suffixes
from pipelines.intake.addresses import NETWORKS, email, website
from pipelines.intake.blocks import joined, nothing, where
from pipelines.intake.folding import NULL_WORDS
from pipelines.intake.free_mail import free_mail
from pipelines.intake.names import LEGAL_FORMS
from pipelines.intake.rows import Column, Flags, Texts

_NAME = r"^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE = rf"^(?:https?://)?(?:www\.)?{_LABEL}\.[a-z]+/?$"
_EMAIL = rf"^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@{_LABEL}\.[a-z]+$"
_INTERNATIONAL = r"^\+[0-9]{1,3}[0-9 ]{6,16}$"
LONGEST_BOX = 64


def companies(column: Texts) -> Sequence[Column]:
    """Return names of plain words as written, and folded: lower case, without the one legal form at their end."""
    low = pc.ascii_lower(where(_fits(column, _NAME), column))
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


def phones(column: Texts) -> Sequence[Column]:
    """Return numbers written with `+` and a country's code, if they have as many digits as numbers there can; no extensions."""
    digits = pc.replace_substring(where(_fits(column, _INTERNATIONAL), column), " ", "")
    return where(_fits(digits, _possible_numbers()), digits), nothing(len(column))


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
    return frozenset(each for each in single - wild if email(f"a@acme.{each}") and website(f"acme-a.{each}"))


@cache
def _second_level_suffixes() -> frozenset[str]:
    return frozenset(suffix for suffix in suffixes() if suffix.count(".") == 1)


@cache
def _possible_numbers() -> str:
    """Return the pattern of international numbers in the countries where a leading digit 2 to 9 cannot be a national prefix."""
    return "^[+](?:" + "|".join(_numbers_with(code) for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)) + ")$"


def _numbers_with(code: int) -> str:
    """Return the pattern of the numbers behind a calling code; none where its national prefixes are more than one digit."""
    region = phonenumbers.region_code_for_country_code(code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None or metadata.general_desc is None or len(metadata.national_prefix_for_parsing or "0") != 1:
        return f"{code}[^0-9]"
    prefix = metadata.national_prefix_for_parsing or "0"
    first = "[" + "123456789".replace(prefix, "") + "]"
    lengths = metadata.general_desc.possible_length
    return f"{code}{first}(?:" + "|".join(f"[0-9]{{{length - 1}}}" for length in lengths) + ")"
