"""Opening hours as people write them, in the notation of schema.org: "Mo-Fr 09:00-17:00, Sa 10:00-14:00".

Here: days and times of six languages in lines and tables of a page. Elsewhere: the same marked for machines (`structured_data`).
"""

import re
from collections.abc import Iterator, Sequence

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.voices import QUOTE
from pipelines.week import DAYS, days_between, notation

NAMES = (
    r"mon(?:day)?s?|montags?|lundi|lunes|luned[iì]|maandag|mo",
    r"tue?s?(?:day)?s?|dienstags?|mardi|martes|marted[iì]|dinsdag|di",
    r"wed(?:nes)?(?:day)?s?|mittwochs?|mercredi|mi[eé]rcoles|mercoled[iì]|woensdag|mi|we",
    r"thu(?:rs?)?(?:day)?s?|donnerstags?|jeudi|jueves|gioved[iì]|donderdag|do|th",
    r"fri(?:day)?s?|freitags?|vendredi|viernes|venerd[iì]|vrijdag|fr",
    r"sat(?:urday)?s?|samstags?|samedi|s[aá]bado|sabato|zaterdag|sa",
    r"sun(?:day)?s?|sonntags?|dimanche|domingo|domenica|zondag|so|su",
)
DAY = re.compile("|".join(f"(?P<{day}>{names})" for day, names in zip(DAYS, NAMES, strict=True)), re.IGNORECASE)
ANY = rf"\b(?:{'|'.join(NAMES)})\b\.?"
TO = r"\s*(?:-|–|—|to|thru|through|until|bis|au|à|a|al|t/m|tot)\s*"
AND = r"\s*(?:,|&|\+|/|and|und|et|y|e|en)\s*"
SPAN = rf"(?:from\s+|von\s+|du\s+)?{ANY}(?:{TO}{ANY})?"
WEEKDAYS = r"\b(?:weekdays|werktags)\b"
DAILY = r"\b(?:daily|every ?day|7 days a week|täglich|tous les jours)\b"
TIME = r"(?:\d{1,2}(?:[:.h]\d{2})?\s*(?:a\.?m\.?|p\.?m\.?|uhr|h\b)?|noon|midnight)"
HOURS = rf"(?P<opens>{TIME}){TO}(?P<closes>{TIME})"
LINE = re.compile(
    rf"(?P<days>{SPAN}(?:{AND}{SPAN})*|{WEEKDAYS}|{DAILY})(?:\s*\([^)]{{0,20}}\))?\s*[:,;–—-]?\s*(?:from|von|de|are)?\s*(?:{HOURS}|(?P<closed>closed|geschlossen|fermé|cerrado|chiuso|gesloten))",
    re.IGNORECASE,
)  # fmt: skip
ONLY_DAYS = re.compile(rf"(?:{SPAN}(?:{AND}{SPAN})*|{WEEKDAYS}|{DAILY})\s*:?", re.IGNORECASE)
PARTS = re.compile(rf"({ANY})(?:{TO}({ANY}))?", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(a|p)?", re.IGNORECASE)
TYPICAL = re.compile(r"\d[:.h]\d{2}|\d\s*[ap]\.?m|uhr|\dh\b|noon", re.IGNORECASE)
STATED = re.compile(r"\d[:.h]\d{2}|\d\s*[ap]\.?m|uhr|\dh\b|noon|clos")
"""What a page has in lower case that states any hours: what is typical of them, or that something is closed."""
LINE_HINT = re.compile(r"\d|noon|lose|chlos|ferm|cerrad|chius|geslo")
LONGEST, LONGEST_CELL = 240, 40
LEAST_DAYS = 2


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the first opening hours the page gives for at least two days."""
    first = _first(page) if page.kind in ("home", "contact", "about", "legal") else None
    if first is None:
        return
    week: dict[str, str] = {}
    nodes: list[Node] = []
    for node in _lines(page.rows[first:]):
        found = dict(_hours(node.text))
        if week and (not found or set(found) & set(week)):
            break
        if found:
            week.update(found)
            nodes.append(node)
    if len([each for each in week.values() if each]) >= LEAST_DAYS:
        yield page.fact(
            "opening_hours", nodes[0].through(nodes[1:]), notation(week), confidence=0.8 if page.kind == "contact" else 0.75
        )


def _first(page: Page) -> int | None:
    """Return the place of the line before the first that states any hours: there the days may stand; None where none does."""
    stated = STATED.search(page.row_lines.lower)
    return max(0, page.row_lines.at(stated.start()) - 1) if stated else None


def _lines(rows: Sequence[Node]) -> Iterator[Node]:
    """Yield the lines that could name days and hours; days alone in a cell come together with the cell after them."""
    waiting: Node | None = None
    for row in rows:
        if waiting is not None:
            yield waiting.through([row])
            waiting = None
        elif len(row.text) <= LONGEST and LINE_HINT.search(row.text):
            if LINE.search(row.text) and QUOTE not in row.voices:
                yield row
        elif len(row.text) <= LONGEST_CELL and ONLY_DAYS.fullmatch(row.text):
            waiting = row


def _hours(text: str) -> Iterator[tuple[str, str]]:
    """Yield each day a line names with its hours, nothing where it is closed."""
    if not (TYPICAL.search(text) or "clos" in text.lower()):
        return
    for match in LINE.finditer(text):
        hours = "" if match["closed"] else _between(match["opens"], match["closes"])
        if hours is not None:
            yield from ((day, hours) for day in _days(match["days"]))


def _days(written: str) -> Iterator[str]:
    if re.fullmatch(WEEKDAYS, written, re.IGNORECASE):
        yield from DAYS[:5]
    elif re.fullmatch(DAILY, written, re.IGNORECASE):
        yield from DAYS
    for first, last in PARTS.findall(written):
        yield from days_between(_day(first), _day(last or first))


def _day(written: str) -> str:
    match = DAY.fullmatch(written.rstrip("."))
    return (match.lastgroup or "") if match else ""


def _between(opens: str, closes: str) -> str | None:
    """Return two times of a day, or None where they are none; of "9 - 5" the second is in the afternoon."""
    start, end = _clock(opens), _clock(closes)
    if start is None or end is None:
        return None
    if end <= start and not re.search(r"[ap]\.?m|midnight", closes, re.IGNORECASE) and end <= 12 * 60:
        end += 12 * 60
    return (
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" if end != start and max(start, end) <= 24 * 60 else None
    )


def _clock(written: str) -> int | None:
    """Return minutes after midnight, or None where it is no time."""
    if written.lower() in ("noon", "midnight"):
        return 12 * 60 if written.lower() == "noon" else 24 * 60
    match = CLOCK.match(written.strip())
    if match is None or int(match[1]) > 24 or int(match[2] or 0) > 59:
        return None
    hour, half = int(match[1]), (match[3] or "").lower()
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return hour * 60 + int(match[2] or 0)
