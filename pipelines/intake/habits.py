"""How one column writes its values: what a single cell leaves open, the others settle.

Here: the decimal mark, the order of day and month, days counted in numbers, the unit and the currency, found from the heading
and from the column's different texts. Elsewhere: reading one cell by them (`numbers`, `days`).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pipelines.intake.currencies import CURRENCY, UNIT_WORDS, meanings, spoken_by
from pipelines.intake.folding import plain
from pipelines.text import clean

Decimal = Literal[".", ","]
Counted = Literal["days", "seconds", "milliseconds"]
LONGEST = 100
MOSTLY = 0.8
COUNTED: dict[Counted, tuple[int, int]] = {
    "days": (29_221, 73_050),  # 1980 to 2099, as Excel counts from 1899-12-30
    "seconds": (631_152_000, 4_102_444_800),  # 1990 to 2099, from 1970 on
    "milliseconds": (631_152_000_000, 4_102_444_800_000),
}
_NUMBERS = re.compile(r"(?<![\d.,])\d[\d.,]*\d(?![\d.,])")
_DAY = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)")
_GLUED = re.compile(r"\b(t|m|k|mio)(eur|usd|chf|gbp|sek|nok|dkk|kr|€|\$|£)(?![a-z])")
_WORDS = re.compile(r"\bmil\.|[^\W\d_]+|\b000s?\b")
_COUNT = re.compile(r"\s*(\d{5}|\d{10}|\d{13})(?:\.\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Habit:
    """What a column settles for its cells; None is open.

    `unit`: what a bare number is to be multiplied by ("Revenue ($M)": 1e6). `currency`: ISO 4217 of a bare number, as the heading
    says. `sign`: what a sign that several currencies share ($, kr) means here. `counted`: how days are counted where they are
    numbers.
    """

    decimal: Decimal | None = None
    day_first: bool | None = None
    counted: Counted | None = None
    unit: float = 1.0
    currency: str | None = None
    sign: str | None = None


PLAIN = Habit()


def habit(heading: str, texts: Iterable[str], countries: Iterable[str] = ()) -> Habit:
    """Return how the column writes, by its heading and its different texts; `countries` (alpha-2): where its rows are from.

    >>> habit("Umsatz in Mio. EUR", ["1,5", "12,25"])
    Habit(decimal=',', day_first=None, counted=None, unit=1000000.0, currency='EUR', sign='EUR')
    >>> habit("Date", ["01/02/2026", "13/02/2026"]).day_first
    True
    """
    given = [clean(text[:LONGEST]) for text in texts]
    spoken = _said_elsewhere(given) or spoken_by(frozenset(countries))
    unit, currency = _of_heading(heading, spoken)
    sign = currency or spoken
    return Habit(_decimal(given), _day_first(given), _counted(given), unit, currency, sign)


def _of_heading(heading: str, spoken: str | None) -> tuple[float, str | None]:
    """Return the unit and the currency a heading names: `Revenue ($M)`, `Umsatz in Mio. EUR`, `Umsatz TEUR`."""
    written = plain(heading[:LONGEST])
    glued = _GLUED.search(written)
    if glued:
        written = f"{written} {glued[1]} {glued[2]}"
    units = [
        UNIT_WORDS["k" if word == "t" else word]
        for word in _WORDS.findall(written)
        if word in UNIT_WORDS or (glued and word == "t")
    ]
    named = [candidates for word in CURRENCY.findall(written) if (candidates := meanings(word))]
    currency = None
    if named:
        currency = named[0][0] if len(named[0]) == 1 else spoken if spoken in named[0] else None
    return (units[0] if units else 1.0), currency


def _said_elsewhere(texts: list[str]) -> str | None:
    """Return the currency that the cells which name one clearly agree on."""
    clear = Counter(
        each[0] for text in texts for word in CURRENCY.findall(plain(text)) if len(each := meanings(word)) == 1 and each[0]
    )
    best = clear.most_common(1)
    return best[0][0] if best and best[0][1] >= MOSTLY * clear.total() else None


def _decimal(texts: list[str]) -> Decimal | None:
    """Return the mark that stands before decimals, if the numbers that leave no doubt agree."""
    votes = Counter(mark for text in texts for number in _NUMBERS.findall(text) if (mark := decimal_of(number)))
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= MOSTLY * votes.total() else None


def decimal_of(number: str) -> Decimal | None:
    """Return the decimal mark that one number betrays: 1.500,00 and 1,5 the comma, 1,234 nothing.

    >>> decimal_of("1.500,00"), decimal_of("1,5"), decimal_of("1,234"), decimal_of("1,234,567"), decimal_of("0,125")
    (',', ',', None, '.', ',')
    """
    points, commas = number.count("."), number.count(",")
    if points and commas:
        last: Decimal = "." if number.rindex(".") > number.rindex(",") else ","
        return last if number.count(last) == 1 else None
    mark: Decimal = "." if points else ","
    if points + commas > 1:
        return "," if points else "."
    head, _, tail = number.partition(mark)
    ambiguous = not tail or (len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0")
    return None if ambiguous else mark


def _day_first(texts: list[str]) -> bool | None:
    """Return whether the day comes first in 01/02/2026: a thirteenth month anywhere settles it."""
    found = [match for text in texts if (match := _DAY.match(text))]
    first, second = any(int(match[1]) > 12 for match in found), any(int(match[2]) > 12 for match in found)
    return None if first == second else first


def _counted(texts: list[str]) -> Counted | None:
    """Return how the column counts its days, if every number in it could be such a count and there are any."""
    numbers = [float(match[1]) for text in texts if (match := _COUNT.fullmatch(text))]
    for name, (least, most) in COUNTED.items():
        if numbers and all(least <= number < most for number in numbers):
            return name
    return None
