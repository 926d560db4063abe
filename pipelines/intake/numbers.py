"""Numbers and money as people write them.

Here: head counts, amounts and years with their ranges, limits, units and currencies. Elsewhere: what a whole column settles
(`habits`), the words for currencies and magnitudes (`currencies`). A number that Excel has rounded away is none.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipelines.intake.currencies import UNIT_WORDS, meanings
from pipelines.intake.folding import CACHE, plain, stated
from pipelines.intake.habits import PLAIN, Habit, decimal_of
from pipelines.intake.months import month_of
from pipelines.intake.scan import ALONE, COUNTED, Piece, pieces

LONGEST = 120
MOST_PEOPLE = 10_000_000
MOST_MONEY = 1e15
FIRST_YEAR, LAST_YEAR = 800, 2100
_IN_YEAR = re.compile(r"\((?:fy ?)?(?:19|20)\d\d\)")
_PLAIN = re.compile(r"([0-9]{1,7})(?:-([0-9]{1,7}))?")
"""What most cells look like, and needs no words."""
_ROUNDED = re.compile(r"\de[+-]?\d")
_FIRST = re.compile(r"\D{0,3}[\d.,]+\+?")
_MINUS = re.compile(r"[^\d]*\(\s*[^\d]{0,4}[\d.,' ]+[^\d()]{0,6}\)\s*")
_BANDS = {(11, 50): (11, 50), (2, 10): (2, 10), (10, 2): (2, 10), (1, 10): (1, 10), (10, 1): (1, 10)}
_DATE_LIKE = re.compile(
    r"(?:(?P<day>\d{1,2})[-. ]{1,2}(?P<month>[^\W\d]{3,})\.?|(?P<before>[^\W\d]{3,})\.?[- ](?P<number>\d{1,2}))"
)
_BLANKS = re.compile("[ '’]")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?:\.0+)?(?!\d)")


class Headcount(NamedTuple):
    """How many people: both the same when it is said exactly, None where it is open."""

    low: int | None
    high: int | None


class Money(NamedTuple):
    """An amount in units of its currency (ISO 4217, None when nothing says it); None where a range is open."""

    low: float | None
    high: float | None
    currency: str | None


@dataclass(slots=True)
class _Read:
    """What the pieces of a text come to: numbers with their units, currencies, and what was said about them."""

    numbers: list[float] = field(default_factory=list)
    units: list[float | None] = field(default_factory=list)
    pending: float | None = None
    currency: tuple[str, ...] = ()
    said: set[str] = field(default_factory=set)

    def take_number(self, number: float) -> None:
        """Add a number, with the unit that stood before it."""
        self.numbers.append(number)
        self.units.append(self.pending)
        self.pending = None

    def take_unit(self, unit: float) -> None:
        """Give the unit to the number before it, or keep it for the one that follows."""
        if self.numbers and "open" not in self.said:
            self.units[-1] = (self.units[-1] or 1.0) * unit
        else:
            self.pending = unit


@lru_cache(CACHE)
def headcount(text: str, habit: Habit = PLAIN) -> Headcount | None:
    """Return how many people the text says, or None when it says no number of people.

    >>> headcount("51-200"), headcount("10,001+ employees"), headcount("1.2k"), headcount("Self-employed"), headcount("medium")
    (Headcount(low=51, high=200), Headcount(low=10001, high=None), Headcount(low=1200, high=1200), Headcount(low=1, high=1), None)
    """
    if (quick := _PLAIN.fullmatch(text)) and habit.unit == 1.0 and int(quick[1]) <= int(quick[2] or quick[1]):
        return Headcount(int(quick[1]), int(quick[2] or quick[1]))
    written = plain(stated(text[:LONGEST]) or "")
    if written in ALONE:
        return Headcount(1, 1)
    if damaged := _band(written):
        return damaged
    read = _read(written, habit) or _read(_counted(written), habit)
    if read is None or read.currency or (span := _span(read, habit)) is None:
        return None
    if any(number < 0 for number in span if number is not None):
        return None
    low, high = (None if number is None else int(number + 0.5) for number in span)
    return None if max(low or 0, high or 0) > MOST_PEOPLE else Headcount(low, high)


@lru_cache(CACHE)
def money(text: str, habit: Habit = PLAIN) -> Money | None:
    """Return the amount the text says, or None when it says none. A `$` alone is of no country unless the column says so.

    >>> money("EUR 2m–2,4 Mio."), money("$514,405.0")
    (Money(low=2000000.0, high=2400000.0, currency='EUR'), Money(low=514405.0, high=514405.0, currency=None))
    """
    if (quick := _PLAIN.fullmatch(text)) and not quick[2]:
        return Money(int(quick[1]) * habit.unit, int(quick[1]) * habit.unit, habit.currency)
    written = plain(stated(text[:LONGEST]) or "")
    read = _read(_IN_YEAR.sub(" ", written), habit)
    if read is None or "people" in read.said or (span := _span(read, habit)) is None:
        return None
    low, high = span
    if _MINUS.fullmatch(written) and low is not None and high is not None:
        low, high = -high, -low
    if not all(abs(number) <= MOST_MONEY for number in (low, high) if number is not None):
        return None
    return Money(low, high, _currency(read.currency, habit))


@lru_cache(CACHE)
def year(text: str) -> int | None:
    """Return the one year the text names, or None: 1998, 2024.0, March 1998, 1998-03-01.

    >>> year("2024.0"), year("founded in 1998"), year("2013 (1888)"), year("1998/2004"), year("98")
    (2024, 1998, 2013, None, None)
    """
    for part in (text[:LONGEST].partition("(")[0], text[:LONGEST]):
        if found := {int(each) for each in _YEAR.findall(part) if FIRST_YEAR <= int(each) <= LAST_YEAR}:
            return found.pop() if len(found) == 1 else None
    return None


def _counted(written: str) -> str:
    """Return the one number of people in a sentence, or the number it begins with if that is its only one; else nothing."""
    named = COUNTED.findall(written)
    if len(named) == 1:
        return str(named[0])
    first = _FIRST.match(written)
    return first[0] if first and not any(letter.isdigit() for letter in written[first.end() :]) and " " in written else ""


def _band(written: str) -> Headcount | None:
    """Return the band that Excel took for a day: 11-50 became Nov-50, 2-10 became 10-Feb."""
    found = _DATE_LIKE.fullmatch(written)
    if not found:
        return None
    month, number = month_of(found["month"] or found["before"]), int(found["day"] or found["number"])
    band = _BANDS.get((month, number)) if month else None
    return Headcount(*band) if band else None


def _read(written: str, habit: Habit) -> _Read | None:
    """Return what the text comes to, or None when there is no number in it or something we do not understand."""
    found = None if _ROUNDED.search(written) else pieces(written)
    read = _Read()
    for piece in found or ():
        if piece.kind == "number":
            number = _number(piece.text, habit.decimal)
            if number is None:
                return None
            read.take_number(-number if "negative" in read.said and not read.numbers else number)
            read.said.discard("open")
        else:
            _take(piece, read)
    return read if read.numbers else None


def _take(piece: Piece, read: _Read) -> None:
    """Note what a piece that is no number says."""
    if piece.kind == "unit":
        read.take_unit(UNIT_WORDS["k" if piece.text == "t" else piece.text])
    elif piece.kind == "currency":
        read.currency = read.currency or meanings(piece.text)
    elif piece.kind in ("minus", "to") or (piece.text == "do" and read.numbers):
        alone = "negative" if piece.kind == "minus" else "under"
        read.said |= {"open", "range"} if read.numbers else {alone}
    else:
        read.said.add(piece.kind)


def _span(read: _Read, habit: Habit) -> tuple[float | None, float | None] | None:
    """Return the least and the most that is meant, units applied; None when the numbers do not belong together."""
    if len(read.numbers) > 2 or (len(read.numbers) == 2 and "range" not in read.said):
        return None
    units = read.units
    if len(units) == 2 and units[0] is None and units[1] is not None and read.numbers[0] < read.numbers[1]:
        units = [units[1], units[1]]
    bare = habit.unit if not any(units) else 1.0
    values = [number * (unit or bare) for number, unit in zip(read.numbers, units, strict=True)]
    low, high = values[0], values[-1]
    if len(values) == 2:
        return (low, high) if low <= high else None
    return (None, high) if "under" in read.said else (low, None) if "over" in read.said else (low, high)


def _number(digits: str, decimal: str | None) -> float | None:
    """Return the number the digits and marks say; a mark that could be either groups, unless the column says otherwise."""
    joined = _BLANKS.sub("", digits)
    mark = decimal_of(joined) or (decimal if joined.count(decimal or " ") == 1 else None)
    whole, _, rest = joined.rpartition(mark) if mark and mark in joined else (joined, "", "")
    groups = re.split("[.,]", whole)
    grouped = len(groups) == 1 or (
        len(groups[-1]) == 3 and all(len(each) in (2, 3) for each in groups[1:]) and len(groups[0]) < 4
    )
    if not grouped or len(joined) > 30 or (rest and not rest.isdigit()):
        return None
    return float("".join(groups) + ("." + rest if rest else ""))


def _currency(candidates: tuple[str, ...], habit: Habit) -> str | None:
    """Return the one currency that is meant, as far as sign, column and heading say."""
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        return habit.sign if habit.sign in candidates else None
    return habit.currency
