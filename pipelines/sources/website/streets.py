"""What stands before a postcode: the street and the town, as people set them in lines.

Here: cutting the words before a postcode or a town into parts, and telling which part is which: the street with the unit, floor
and building before it, the village after it. Elsewhere: where postcodes are (`postal`), what addresses are made of (postal.yaml).
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.places import country_names
from pipelines.text import fold

SPLIT = re.compile(r"\s*(?:[,;|·•●:]|\s[-–—]\s)\s*")
ASIDE = re.compile(r"\s*\([^()]{0,60}\)\s*$")
"""What somebody adds about the way there."""
APART = re.compile(r",\s*(NE|NW|SE|SW|N|S|E|W)\b\.?(?=\s*(?:,|$))")
"""A direction that a comma keeps from its street."""
BOX = re.compile(
    r"\b(?:P\.?\s?O\.?\s?Box|Post Office Box|GPO Box|Postfach|Postbus|Apartado)\s*(?:No\.?\s*)?(?:\d[\d ]*\d|\d)", re.IGNORECASE
)
WITHIN = re.compile(
    r"(?:(?:Suites?|Ste|Units?|Floor|Fl|Room|Rm|Apt|Building|Bldg|Level|Lvl|Etage|Stock|Shop|Office|Block|PMB)\b\.?\s*#?\s*(?:[\w-]*\d[\w-]*|[A-Z])\b(?:\s?[&+]\s?\w{1,4}\b)?"
    r"|(?:Level|Lvl)\d{1,2}|#\s*[\w-]{1,6}|(?:Ground|First|Second|Third|Fourth|Fifth|Top|\d{1,2}(?:st|nd|rd|th|\.)?)\s(?:Floor|Fl|Stock|OG|étage)\b\.?)",
    re.IGNORECASE,
)  # fmt: skip
BARE_NUMBER = re.compile(r"\d{1,5}\s?[A-Za-z]?(?:\s?[-–/]\s?\d{1,5}[A-Za-z]?)?(?:\s(?:bis|ter))?")
CAPITAL = r"[A-ZÀ-Ž0-9(][\w.'’&)-]*"
AFTER = rf"(?:,?\s*{WITHIN.pattern})?$"
SMALL = (
    r"of|the|and|de|la|du|des|le|les|sur|à|d['’]\S+|l['’]\S+|st|ave|avenue|rd|road|street|dr|drive|blvd|cres|crescent|lane|way"
)
NUMBERED = re.compile(
    rf"(?:^|\s)((?:[NSEW]\d+\s)?[NSEW]?\d{{1,5}}[A-Za-z]?(?:\s?[-–/]\s?\d{{1,5}}[A-Za-z]?)?(?:\s(?:bis|ter))?"
    rf"\s+(?:{CAPITAL}|[a-zà-ž]{{2,9}}\s[\w'’À-ž]+)(?:\s(?:{CAPITAL}|{SMALL})){{0,6}}{AFTER})",
)
NAMED = re.compile(
    r"((?:[A-ZÀ-Ž][\w.'’ß-]*|[a-zà-ž]{2,4}\.?)(?:[ -](?:[A-ZÀ-Ž][\w.'’ß-]*|[a-zà-ž]{1,4}\.?|\d{1,2}\.)){0,4},? \d{1,4}(?: ?[a-zA-Z]\b)?(?:\s?[-–/+]\s?\d{1,4} ?[a-zA-Z]?)?)$"
)  # fmt: skip
LEGAL = re.compile(
    r"^.*\b(?:GmbH|AG|KG|UG|SARL|SAS|B\.?V|N\.?V|S\.?r\.?l|S\.?p\.?A|Ltd|Limited|Inc|LLC|e\.K|OHG|ApS|A/S)\b\.?,?\s+(?=\S)"
)
LABEL = re.compile(
    r"^(?:(?:our|the|main|head|registered|corporate|business|mailing|postal|street|physical|visiting|company)\s+)*(?:address|offices?|headquarters|hq|adresse|anschrift|sede|siège(?:\s+social)?)\b(?:\s+(?:is|at|in)\b){0,2}\s+",
    re.IGNORECASE,
)  # fmt: skip
NO_STREET = re.compile(
    r"(?:\d{4},? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.? \d{1,2}|\d+ (?:min|minutes?|hours?|days?|weeks?|months?|years?|people|employees)\b.*",
    re.IGNORECASE,
)
"""What looks like a number and a name, and is a date or a measure."""
DIRECTION = r"(?:\s(?:NE|NW|SE|SW|North|South|East|West|[NSEW])\b\.?)?"
TOWN = re.compile(r"[A-ZÀ-Ž][\w.'’-]*(?:[ -](?:[A-ZÀ-Ž][\w.'’-]*|of|upon|on|under|le|la|de|in|the|by)){0,3}")
WITHIN_AND_TOWN = re.compile(rf"({WITHIN.pattern})\s+(\D+)", re.IGNORECASE)
NO_TOWN = re.compile(
    r"\b(?:phone|tel|fax|e-?mail|suite|unit|floor|box|copyright|inc|llc|ltd|the|our|we|in|call|open|hours|contact|address|licen[cs]e|since)\b",
    re.IGNORECASE,
)
LARGE = re.compile(r".+\s(London|Manchester|Birmingham|Glasgow|Edinburgh|Bristol|Leeds|Liverpool|Sheffield|Dublin)$")
DISTRICT = re.compile(r"(?<=[a-z])\s\d{1,2}W?$")
MOST_PARTS, MOST_BEFORE, MOST_QUARTERS = 5, 4, 2
LONGEST = 80
BRITISH = ("GB", "IE")


@cache
def postal_words() -> dict[str, Any]:
    """Return postal.yaml."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "postal.yaml").read_text("utf-8"))
    return found


def parts_of(lines: Sequence[str]) -> list[str]:
    """Return the parts that lines fall into at commas and the like; a house number alone goes with its street."""
    parts: list[str] = []
    for part in (each for line in lines for each in _pieces(line)):
        if parts and BARE_NUMBER.fullmatch(parts[-1]) and not BARE_NUMBER.fullmatch(part):
            parts[-1] = f"{parts[-1]} {part}"
        elif parts and BARE_NUMBER.fullmatch(part) and parts[-1].partition(" ")[0].lower() in postal_words()["ways"]:
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


@lru_cache(maxsize=2000)
def _pieces(line: str) -> tuple[str, ...]:
    """Return what stands between the commas of a line; it is looked at again with every line before it."""
    return tuple(each for each in SPLIT.split(APART.sub(r" \1", ASIDE.sub("", line))) if each.strip(" ."))


def town_and_street(parts: Sequence[str], country: str | None) -> tuple[str, str]:
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
        return _post_town(last), street_of(rest, country, _post_town(last))
    match = _run_together().search(last)
    town = _post_town(match["town"].strip(" .")) if match else ""
    return (town, street_of([*rest, match["street"]], country, town)) if match and _is_town(town) else ("", "")


def street_of(parts: Sequence[str], country: str | None, town: str) -> str:
    """Return the street that stands last in the parts, with what belongs to it: unit, floor, building; in Britain the village."""
    lowest = max(-1, len(parts) - 1 - MOST_PARTS)
    index = next((index for index in range(len(parts) - 1, lowest, -1) if _street(parts[index])), None)
    if index is None:
        return ""
    behind = [each.strip() for each in parts[index + 1 :] if WITHIN.fullmatch(each.strip(" ."))]
    if not behind and country in BRITISH and not LARGE.fullmatch(f"the {town}"):
        behind = _quarters(parts[index + 1 :])
    street = _street(parts[index])
    whole_part = parts[index].strip(" .").startswith(street)
    before = parts_before(parts[:index], street, country) if whole_part else []
    return ", ".join((*before, street, *behind))


def parts_before(parts: Sequence[str], street: str, country: str | None) -> list[str]:
    """Return the last of the parts as far as they belong to the street that follows: units, floors, buildings, one house number."""
    found: list[str] = []
    numbered = any(map(str.isdigit, street))
    for part in reversed(parts[-MOST_BEFORE:]):
        text = LABEL.sub("", part).strip(" .")
        number = not numbered and _numbered(text)
        if not (WITHIN.fullmatch(text) or BOX.fullmatch(text) or number or is_building(text, country)):
            break
        numbered = numbered or bool(number) or bool(BOX.fullmatch(text))
        found.insert(0, number or text)
        if number and number != text:
            break
    return found


def is_building(text: str, country: str | None) -> bool:
    """Whether a part is the name of a building or estate; many a British word for one is a business's name elsewhere."""
    kinds = ("sites", "buildings") if country in BRITISH else ("sites",)
    return len(text) <= LONGEST and any(_ends_with(kind).fullmatch(text) for kind in kinds)


def names_a_way(street: str) -> bool:
    """Whether a street has a word for one in it: Street, Avenue, Road."""
    return bool(_way().search(street))


def _quarters(parts: Sequence[str]) -> list[str]:
    """Return the parts between a street and its post town, where all of them are villages or estates."""
    quarters = [each.strip(" .") for each in parts]
    fit = len(quarters) <= MOST_QUARTERS and all(TOWN.fullmatch(each) and not NO_TOWN.search(each) for each in quarters)
    return quarters if fit else []


def _numbered(text: str) -> str:
    match = NUMBERED.search(text)
    return _with_unit(text, match) if match and len(match[1]) <= LONGEST else ""


def _with_unit(text: str, match: re.Match[str]) -> str:
    """Return the match with the unit or the building right before it in the same part."""
    before = text[: match.start(1)]
    unit = _unit_before().search(before)
    return f"{before[unit.start() :]}{match[1]}" if unit else match[1]


@lru_cache(maxsize=2000)
def _street(part: str) -> str:
    text = LABEL.sub("", LEGAL.sub("", part)).strip(" .")
    if WITHIN.fullmatch(text) or NO_STREET.fullmatch(text):
        return ""
    if match := BOX.search(text):
        return match[0]
    matches = [match for match in (NUMBERED.search(text), NAMED.search(text)) if match and len(match[1]) <= LONGEST]
    if matches:
        longest = max(matches, key=lambda match: len(match[1]))
        return "" if NO_STREET.fullmatch(longest[1]) else _with_unit(text, longest)
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
    county = next(filter(text.endswith, _counties()), "") if text.endswith(_counties()) else ""
    return text.removesuffix(county).strip(" .")


@cache
def _counties() -> tuple[str, ...]:
    return tuple(f" {each}" for each in postal_words()["counties"])


@cache
def _run_together() -> re.Pattern[str]:
    """A street and a town with nothing between them: the town begins after the last word that ends a street."""
    return re.compile(rf"^(?P<street>.*\b(?:{_words('streets')})\b\.?{DIRECTION}(?:,?\s*{WITHIN.pattern})?)\s+(?P<town>\D+)$")


@cache
def _ends_as_street() -> re.Pattern[str]:
    return re.compile(rf"(?:{CAPITAL}\s){{1,6}}(?:{_words('streets')})\b\.?{DIRECTION}")


@cache
def _way() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_words('streets')})\b", re.IGNORECASE)


@cache
def _ends_with(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?:The\s)?(?:{CAPITAL}\s){{1,5}}(?:{_words(kind)})(?:\s(?:\d{{1,3}}|[A-Z]))?")


@cache
def _unit_before() -> re.Pattern[str]:
    kinds = f"{_words('sites')}|{_words('buildings')}"
    return re.compile(
        rf"(?:\b(?:Units?|Suites?|Ste|Shop|Flat|Level|Lvl)\.?\s|(?:{WITHIN.pattern})\s|(?:{CAPITAL}\s){{1,3}}(?:{kinds})\s)$"
    )


def _words(kind: str) -> str:
    return "|".join(map(re.escape, postal_words()[kind]))
