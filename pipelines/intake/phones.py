"""Telephone numbers as people write them.

Here: E.164 where a number can be understood, extensions kept apart, several numbers in a cell. Elsewhere: which country a
national number is from (the row, or settings.yaml). A number that Excel has rounded away (4.93E+11) is none.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat

from pipelines.intake.folding import CACHE
from pipelines.text import clean

LONGEST = 250
LEAST = 9_999
"""Nobody is reached under a shorter national number: it is an extension, or no number."""
SURE = 11
"""So many digits may be a number whose + was lost."""
_EXTENSION = re.compile(
    r"[\s,;-]*\b(?:durchwahl|dw|klappe|kl|nst|poste|int|interno|toestel|anknytning|extn|extension|ext)\b[.:\s]*(\d{1,6})$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:p|tel(?:efon|ephone|efono|éfono|\.)?|phone|ph|fon|mobile?|mob|handy|cell|work|office|direct|t|m|d|o)\s*[.:]+\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[;|\r\n]|,(?=\s*\+?\(?\d{2,})|\s/\s|\s(?:or|and|oder|und|ou|et|o|y|e|en|og)\s|(?<=\d)\s*(?=\+\d{2}))\s*"
)
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")
_ROUNDED = re.compile(r"\d[.,]?\d*[eE]\+?\d")
_FLOAT = re.compile(r"(\d{6,})\.0+$")


class Phone(NamedTuple):
    """A telephone number as +49301234567, and its extension if one is said."""

    number: str
    extension: str | None


@lru_cache(CACHE)
def phone(text: str, region: str | None = None) -> Phone | None:
    """Return the first number in the cell, or None when there is none. A national number needs its `region` (alpha-2).

    >>> phone("+49 (0)30 123456 ext. 12"), phone("p:+14155552671"), phone("4.93E+11", "DE")
    (Phone(number='+4930123456', extension='12'), Phone(number='+14155552671', extension=None), None)
    """
    return next(iter(phones(text, region)), None)


@lru_cache(CACHE)
def phones(text: str, region: str | None = None) -> tuple[Phone, ...]:
    """Return all numbers in the cell, in order, none twice.

    >>> [each.number for each in phones("030 123456 / +49 171 1234567", "DE")]
    ['+4930123456', '+491711234567']
    """
    if _is_plain(text):
        return (Phone(text, None),)
    if _ROUNDED.search(text):
        return ()
    whole = _one(text[:LONGEST], region)
    if whole:
        return (whole,)
    parts = [each for each in _BETWEEN.split(text[:LONGEST]) if each]
    found = (each for part in parts if (each := _one(part, region))) if len(parts) > 1 else ()
    return tuple(dict.fromkeys(found))


def e164(text: str, region: str | None = None) -> str | None:
    """Return the first number in the cell as +49301234567, or None when there is none.

    >>> e164("030 123456", "DE"), e164("030 123456", None)
    ('+4930123456', None)
    """
    found = phone(text, region)
    return found.number if found else None


def _one(text: str, region: str | None) -> Phone | None:
    """Return the number that the text is, or None when it is none or more than one."""
    written = _FLOAT.sub(r"\1", _PREFIX.sub("", clean(text), count=1).lstrip("'=\" "))
    if written.count("+") > 1:
        return None
    written = _EXTENSION.sub(r" ext \1", f"+{written[2:]}" if written.startswith("00") else written)
    found = _parsed(written, region)
    if found and phonenumbers.is_possible_number(found) and (found.national_number or 0) > LEAST:
        return _as_phone(found)
    without_plus = _parsed(f"+{written}", None) if written.isdigit() and len(written) >= SURE else None
    return _as_phone(without_plus) if without_plus and phonenumbers.is_valid_number(without_plus) else None


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None


def _as_phone(number: PhoneNumber) -> Phone:
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), number.extension or None)


def _is_plain(text: str) -> bool:
    """Say whether the text is a number in E.164 already, of a length its country has: most are, and the library takes long."""
    if not _INTERNATIONAL.fullmatch(text):
        return False
    for length in (1, 2, 3):
        lengths, trunk = _plan(int(text[1 : 1 + length]))
        if lengths:
            national = text[1 + length :]
            return len(national) in lengths and not national.startswith(trunk or "0")
    return False


@cache
def _plan(code: int) -> tuple[frozenset[int], str | None]:
    """Return how long national numbers behind a country calling code are, and the prefix that is dialled at home only."""
    region = phonenumbers.region_code_for_country_code(code)
    plan = PhoneMetadata.metadata_for_region(region) if region.isalpha() else None
    if plan is None or plan.general_desc is None:
        return frozenset(), None
    return frozenset(plan.general_desc.possible_length), plan.national_prefix
