"""Days as web pages write them beside what they date.

Here: dates with a day, a month and a year that can be read in one way only. Elsewhere: the names of months (`intake.months`), how
a lead list's columns write days (`intake`).
"""

import re
from datetime import date

from pipelines.intake.months import month_of

WRITTEN = re.compile(
    r"\b(?:(?P<iso>20\d\d-[01]\d-[0-3]\d)(?!\d)|(?P<dotted>[0-3]?\d\. ?[01]?\d\. ?20\d\d)\b"
    r"|(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º)?[.,]? (?:de |di |of )?(?P<month>[^\W\d_]{3,12})\.?,? (?:de |del |di )?(?P<year>20\d\d)\b"
    r"|(?P<month_first>[^\W\d_]{3,12})\.? (?P<day_second>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<year_last>20\d\d)\b)"
)
YEAR = "20"


def day_in(text: str) -> date | None:
    """Return the day a text names, or None where it names none, more than one, or one that could be another.

    >>> day_in("November 12, 2025 · Otter team"), day_in("12. März 2026"), day_in("Blog · 7 de abril de 2025"), day_in("07/04/2025")
    (datetime.date(2025, 11, 12), datetime.date(2026, 3, 12), datetime.date(2025, 4, 7), None)
    """
    days = {_day(match) for match in WRITTEN.finditer(text)} if YEAR in text else set()
    return days.pop() if len(days) == 1 else None


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["dotted"]:
            day, month, year = (int(each) for each in match["dotted"].split("."))
            return date(year, month, day)
        month = month_of(match["month"] or match["month_first"]) or 0
        return date(int(match["year"] or match["year_last"]), month, int(match["day"] or match["day_second"]))
    except ValueError:
        return None
