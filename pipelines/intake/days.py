"""Days as people write them.

Here: dates that can be read in one way only, given how their column writes. Elsewhere: what the column settles (`habits`), the
names of months (`months`).
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from pipelines.intake.folding import CACHE, fold
from pipelines.intake.habits import COUNTED, PLAIN, Habit
from pipelines.intake.months import month_of
from pipelines.text import clean

LONGEST = 100
EXCEL_BEGINS = date(1899, 12, 30)
CENTURY = 70
"""Two-digit years from here on are of the last century."""
_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})日?(?:[T ,].*)?")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})(?:[T ,].*)?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[T ,].*)?")
_WEEKDAY = r"(?:[^\W\d]{2,13} )?(?:the )?"
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|o|a)? (?:de |of |d )?([^\W\d]{{3,12}}) (?:de |del )?(\d{{4}}|\d{{2}})(?: .*)?"
)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}([^\W\d]{{3,12}}) (\d{{1,2}})(?:st|nd|rd|th)? (\d{{4}})(?: .*)?")


@lru_cache(CACHE)
def day(text: str, habit: Habit = PLAIN) -> date | None:
    """Return the day the text names, or None when it names none or could name two: 1/2/2026 is not guessed at.

    >>> day("2026-02-03T10:00:00Z"), day("3.2.2026"), day("2/26/2026 19:58"), day("1/2/2026")
    (datetime.date(2026, 2, 3), datetime.date(2026, 2, 3), datetime.date(2026, 2, 26), None)
    >>> day("1/2/26", Habit(day_first=True)), day("46056", Habit(counted="days"))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 3))
    """
    written = clean(text[:LONGEST])
    if habit.counted and (counted := _counted(written, habit)):
        return counted
    return _in_figures(written, habit) or _in_words(fold(written))


def _in_figures(written: str, habit: Habit) -> date | None:
    """Read 2026-02-03, 3.2.2026 and 2/3/2026, the last only where the column or the day says what comes first."""
    for pattern in (_ISO, _YEAR_FIRST):
        if found := pattern.fullmatch(written):
            return _day(found[1], found[2], found[3])
    if found := _DOTTED.fullmatch(written):
        return _day(found[3], found[2], found[1])
    if found := _SLASHED.fullmatch(written):
        ways = {True: _day(found[3], found[2], found[1]), False: _day(found[3], found[1], found[2])}
        if habit.day_first is not None:
            return ways[habit.day_first]
        sure = set(ways.values()) - {None}
        return sure.pop() if len(sure) == 1 and len(found[3]) == 4 else None
    return None


def _in_words(words: str) -> date | None:
    """Read 12. März 2026, March 12th, 2026 and the like, folded."""
    if found := _DAY_FIRST.fullmatch(words):
        return _day(found[3], str(month_of(found[2]) or 0), found[1])
    if found := _MONTH_FIRST.fullmatch(words):
        return _day(found[3], str(month_of(found[1]) or 0), found[2])
    return None


def _counted(written: str, habit: Habit) -> date | None:
    """Return the day that is so many days, seconds or milliseconds after the beginning of a calendar."""
    number = written.partition(".")[0]
    if not number.isascii() or not number.isdigit() or habit.counted is None:
        return None
    least, most = COUNTED[habit.counted]
    count = int(number[:14])
    if not least <= count < most:
        return None
    if habit.counted == "days":
        return EXCEL_BEGINS + timedelta(days=count)
    return datetime.fromtimestamp(count / (1000 if habit.counted == "milliseconds" else 1), UTC).date()


def _day(year: str, month: str, number: str) -> date | None:
    full = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= CENTURY else 2000)
    try:
        return date(full, int(month), int(number))
    except ValueError:
        return None
