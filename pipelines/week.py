"""Opening hours in one notation, that of schema.org: "Mo-Fr 09:00-17:00, Sa 10:00-14:00".

Here: a week put into words, and back. Elsewhere: reading it off pages (`sources`).
"""

import re
from collections.abc import Mapping

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY = rf"(?:{'|'.join(DAYS)})[a-z]*"
SAID = re.compile(rf"({DAY}(?:\s?[-–,]\s?{DAY})*)[ :]+(\d{{1,2}}:\d{{2}})(?::\d{{2}})?\s?[-–]\s?(\d{{1,2}}:\d{{2}})(?::\d{{2}})?")
SPAN = re.compile(r"([A-Z][a-z])[a-z]*(?:\s?[-–]\s?([A-Z][a-z])[a-z]*)?")


def notation(week: Mapping[str, str]) -> str:
    """Return days and their hours with equal neighbours put together; days without hours are closed and left out.

    >>> notation({"Mo": "09:00-17:00", "Tu": "09:00-17:00", "Sa": "10:00-14:00", "Su": ""})
    'Mo-Tu 09:00-17:00, Sa 10:00-14:00'
    """
    runs: list[tuple[str, str, str]] = []
    for place, day in enumerate(DAYS):
        hours = week.get(day, "")
        if hours and runs and runs[-1][1] == DAYS[place - 1] and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        elif hours:
            runs.append((day, day, hours))
    return ", ".join(f"{first if first == last else f'{first}-{last}'} {hours}" for first, last, hours in runs)


def noted(written: str) -> dict[str, str]:
    """Return day -> hours of a text in schema.org's notation, as far as it is in it.

    >>> noted("Mo-We,Fr 9:00-17:00")
    {'Mo': '09:00-17:00', 'Tu': '09:00-17:00', 'We': '09:00-17:00', 'Fr': '09:00-17:00'}
    """
    return {
        day: f"{opens:0>5}-{closes:0>5}"
        for days, opens, closes in SAID.findall(written)
        for first, last in SPAN.findall(days)
        for day in days_between(first, last or first)
    }


def days_between(first: str, last: str) -> tuple[str, ...]:
    """Return the days from one to the other, over the end of the week where need be.

    >>> days_between("Sa", "Mo")
    ('Sa', 'Su', 'Mo')
    """
    if first not in DAYS or last not in DAYS:
        return ()
    start, end = DAYS.index(first), DAYS.index(last)
    return tuple(DAYS[place % 7] for place in range(start, end + 1 if end >= start else end + 8))
