"""Telephone numbers and days.

Here: E.164 where a number can be understood, and dates that can be read in one way only. Elsewhere: addresses on the net
(`addresses`), names (`names`), countries (`places`).
"""

import re
from datetime import date
from functools import lru_cache

import phonenumbers

from pipelines.intake.folding import CACHE, fold
from pipelines.text import clean

MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan januar january janvier enero gennaio januari",
            "feb februar february fevrier febrero febbraio februari",
            "mar mrz marz maerz march mars marzo maart",
            "apr april avril abril aprile",
            "may mai mayo maggio mei",
            "jun juni june juin junio giugno",
            "jul juli july juillet julio luglio",
            "aug august aout agosto augustus",
            "sep sept september septembre septiembre settembre",
            "oct okt october oktober octobre octubre ottobre",
            "nov november novembre noviembre",
            "dec dez december dezember decembre diciembre dicembre",
        ),
        1,
    )
    for month in names.split()
}
_ISO = re.compile(r"^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?$")
_DOTTED = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[T ,].*)?$")
_SLASHED = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[T ,].*)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)? (?:de )?([a-z]{3,10}) (?:de )?(\d{4})(?: .*)?$")
_MONTH_FIRST = re.compile(r"^([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)? (\d{4})(?: .*)?$")


@lru_cache(CACHE)
def e164(text: str, region: str | None) -> str | None:
    """Return the number as +49301234567, or None when it is none. A national number needs its `region` (alpha-2)."""
    digits = clean(text)
    try:
        number = phonenumbers.parse(f"+{digits[2:]}" if digits.startswith("00") else digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(CACHE)
def day(text: str) -> date | None:
    """Return the day the text names, or None when it names none or could name two: 1/2/2026 is not guessed at.

    >>> day("2026-02-03T10:00:00Z"), day("3.2.2026"), day("2/26/2026 19:58"), day("1/2/2026")
    (datetime.date(2026, 2, 3), datetime.date(2026, 2, 3), datetime.date(2026, 2, 26), None)
    """
    written = clean(text)
    if found := _ISO.match(written):
        return _day(found[1], found[2], found[3])
    if found := _DOTTED.match(written):
        return _day(found[3], found[2], found[1])
    if found := _SLASHED.match(written):
        ways = {_day(found[3], found[1], found[2]), _day(found[3], found[2], found[1])} - {None}
        return ways.pop() if len(ways) == 1 else None
    words = fold(written)
    if found := _DAY_FIRST.match(words):
        return _day(found[3], found[2], found[1])
    if found := _MONTH_FIRST.match(words):
        return _day(found[3], found[1], found[2])
    return None


def _day(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month) if month.isdigit() else MONTHS[month], int(number))
    except (ValueError, KeyError):
        return None
