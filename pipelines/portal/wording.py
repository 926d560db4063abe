"""How values are said on the page: numbers, days, lists, and what is not known.

Here: plain words and links that lead nowhere else than the web. Elsewhere: where they stand (`templates`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

_WORDS = frozenset({"ring", "route"})
"""Filters whose values are our own words, said without underscores."""


def spoken(name: str, value: str | None) -> str:
    """Return a value of a filter as people say it."""
    if value is None or value == "?":
        return "not known"
    return value.replace("_", " ") if name in _WORDS else value


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words one after another: `a, b or c`."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def several(number: int, one: str, many: str = "") -> str:
    """Return a number of things, in the plural but for one."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def figure(value: float | None) -> str:
    """Return a figure from 0 to 100: what is not known is not zero."""
    return "unknown" if value is None else f"{value:.0f}"


def share(value: float | None) -> str:
    """Return a share from 0 to 1 as percent."""
    return "unknown" if value is None else f"{value:.0%}"


def points(value: float | None) -> str:
    """Return the points of a reason; none when it gives none."""
    return f"+{value:.1f}" if value else ""


def day(value: date | datetime | str | None) -> str:
    """Return a day, without the time of day."""
    return "never" if value is None else str(value)[:10]


def moment(value: datetime | str | None) -> str:
    """Return a moment in UTC, to the minute."""
    return "never" if value is None else f"{str(value)[:16].replace('T', ' ')} UTC"


def leads_out(address: str | None) -> bool:
    """Say whether an address may be a link: a page on the web, by its full name, and nothing a browser would run."""
    if not address or not address.isprintable() or any(each in address for each in " \\<>\"'`"):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and not parts.password
    except ValueError:
        return False
