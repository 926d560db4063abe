"""What stands before a postcode: the street and the town, as people set them in lines.

Here: cutting the words before a postcode or a town into parts, and telling which part is which. Elsewhere: where postcodes
are (`postal`), what addresses are made of (postal.yaml).
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.places import country_names
from pipelines.text import fold

SPLIT = re.compile(r"\s*(?:[,;|·•●:]|\s[-–—]\s)\s*")
BOX = re.compile(r"\b(?:P\.?\s?O\.?\s?Box|Post Office Box|Postfach|Postbus|Apartado)\s*(?:No\.?\s*)?\d[\d ]*\d", re.IGNORECASE)
WITHIN = re.compile(
    r"(?:(?:Suite|Ste|Unit|Floor|Fl|Room|Rm|Apt|Building|Bldg|Level|Lvl|Etage|Stock)\b\.?\s*#?\s*[\w-]{1,6}|#\s*[\w-]{1,6}"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?\s(?:Floor|Fl|Stock|OG|étage)\b\.?)",
    re.IGNORECASE,
)
BARE_NUMBER = re.compile(r"\d{1,5}\s?[A-Za-z]?(?:\s?[-–/]\s?\d{1,5}[A-Za-z]?)?(?:\s(?:bis|ter))?")
CAPITAL = r"[A-ZÀ-Ž0-9(][\w.'’&)-]*"
AFTER = rf"(?:,?\s*{WITHIN.pattern})?$"
NUMBERED = re.compile(
    rf"(?:^|\s)((?:[NSEW]\d+\s)?[NSEW]?\d{{1,5}}[A-Za-z]?(?:\s?[-–/]\s?\d{{1,5}}[A-Za-z]?)?(?:\s(?:bis|ter))?"
    rf"\s+(?:{CAPITAL}|[a-zà-ž]{{2,9}}\s[\w'’À-ž]+)(?:\s(?:{CAPITAL}|of|the|and|de|la|du|des|le|les|sur|à|d['’]\S+|l['’]\S+)){{0,6}}{AFTER})",
)  # fmt: skip
NAMED = re.compile(
    r"((?:[A-ZÀ-Ž][\w.'’ß-]*|[a-zà-ž]{2,4}\.?)(?:[ -](?:[A-ZÀ-Ž][\w.'’ß-]*|[a-zà-ž]{1,4}\.?|\d{1,2}\.)){0,4},? \d{1,4}(?: ?[a-zA-Z]\b)?(?:\s?[-–/+]\s?\d{1,4} ?[a-zA-Z]?)?)$"
)  # fmt: skip
LEGAL = re.compile(
    r"^.*\b(?:GmbH|AG|KG|UG|SARL|SAS|B\.?V|N\.?V|S\.?r\.?l|S\.?p\.?A|Ltd|Inc|LLC|e\.K|OHG|ApS|A/S)\b\.?,?\s+(?=\S)"
)
DIRECTION = r"(?:\s(?:NE|NW|SE|SW|North|South|East|West|[NSEW])\b\.?)?"
TOWN = re.compile(r"[A-ZÀ-Ž][\w.'’-]*(?:[ -](?:[A-ZÀ-Ž][\w.'’-]*|of|upon|on|under|le|la|de|in|the|by)){0,3}")
WITHIN_AND_TOWN = re.compile(rf"({WITHIN.pattern})\s+(\D+)", re.IGNORECASE)
NO_TOWN = re.compile(
    r"\b(?:phone|tel|fax|e-?mail|suite|unit|floor|box|copyright|inc|llc|ltd|the|our|we|in|call|open|hours|contact|address|licen[cs]e|since)\b",
    re.IGNORECASE,
)
LARGE = re.compile(r".+\s(London|Manchester|Birmingham|Glasgow|Edinburgh|Bristol|Leeds|Liverpool|Sheffield|Dublin)$")
DISTRICT = re.compile(r"(?<=[a-z])\s\d{1,2}W?$")
MOST_PARTS = 5
LONGEST = 80


@cache
def postal_words() -> dict[str, Any]:
    """Return postal.yaml."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "postal.yaml").read_text("utf-8"))
    return found


def parts_of(lines: Sequence[str]) -> list[str]:
    """Return the parts that lines fall into at commas and the like; a house number alone goes with its street."""
    parts: list[str] = []
    for part in (each for line in lines for each in SPLIT.split(line) if each.strip(" .")):
        if parts and BARE_NUMBER.fullmatch(parts[-1]) and not BARE_NUMBER.fullmatch(part):
            parts[-1] = f"{parts[-1]} {part}"
        elif parts and BARE_NUMBER.fullmatch(part) and parts[-1].partition(" ")[0].lower() in postal_words()["ways"]:
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


def town_and_street(parts: Sequence[str]) -> tuple[str, str]:
    """Return (town, street) of what stands before an English-speaking country's region or postcode; empty where there is none."""
    rest = list(parts)
    while rest and _is_region(rest[-1].strip(" .")):
        rest.pop()
    if not rest:
        return "", ""
    last = _without_county(rest.pop())
    if within := WITHIN_AND_TOWN.fullmatch(last):
        rest, last = [*rest, within[1]], within[2]
    if _is_town(last):
        return _post_town(last), street_of(rest)
    match = _run_together().search(last)
    town = _post_town(match["town"].strip(" .")) if match else ""
    return (town, street_of([*rest, match["street"]])) if match and _is_town(town) else ("", "")


def street_of(parts: Sequence[str]) -> str:
    """Return the street that stands last in the parts, with the unit before it and the suite or floor that follows it."""
    within: list[str] = []
    for index in range(len(parts) - 1, max(-1, len(parts) - 1 - MOST_PARTS), -1):
        if WITHIN.fullmatch(parts[index].strip(" .")):
            within.insert(0, parts[index].strip())
        elif street := _street(parts[index]):
            unit = [each.strip() for each in parts[max(0, index - 1) : index] if WITHIN.fullmatch(each.strip(" ."))]
            return ", ".join((*unit, street, *within))
    return ""


def _street(part: str) -> str:
    text = LEGAL.sub("", part).strip(" .")
    match = BOX.search(text)
    if match:
        return match[0]
    matches = [match for match in (NUMBERED.search(text), NAMED.search(text)) if match and len(match[1]) <= LONGEST]
    if matches:
        return max((match[1] for match in matches), key=len)
    return text if _ends_as_street().fullmatch(text) else ""


def _is_region(part: str) -> bool:
    """Whether a part is a county, province or country: it stands between the town and the postcode."""
    words = postal_words()
    return part in words["counties"] or part in words["provinces"].values() or fold(part) in country_names()


def _is_town(text: str) -> bool:
    return bool(
        TOWN.fullmatch(DISTRICT.sub("", text))
        and not NO_TOWN.search(text)
        and not _ends_as_street().fullmatch(text)
        and len(text) <= 40
    )


def _post_town(town: str) -> str:
    """Return the town of "Hampstead London": a large one takes its quarters in."""
    match = LARGE.fullmatch(town)
    return match[1] if match else DISTRICT.sub("", town)


def _without_county(text: str) -> str:
    text = text.strip(" .")
    county = next((each for each in postal_words()["counties"] if text.endswith(f" {each}")), "")
    return text.removesuffix(county).strip(" .")


@cache
def _run_together() -> re.Pattern[str]:
    """A street and a town with nothing between them: the town begins after the last word that ends a street."""
    ends = "|".join(map(re.escape, postal_words()["streets"]))
    return re.compile(rf"^(?P<street>.*\b(?:{ends})\b\.?{DIRECTION}(?:,?\s*{WITHIN.pattern})?)\s+(?P<town>\D+)$")


@cache
def _ends_as_street() -> re.Pattern[str]:
    ends = "|".join(map(re.escape, postal_words()["streets"]))
    return re.compile(rf"(?:{CAPITAL}\s){{1,6}}(?:{ends})\b\.?{DIRECTION}")
