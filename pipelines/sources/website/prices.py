"""What it costs, where a page says so.

Here: amounts with their currency, period and unit, each in one spelling: `USD 20 per user per month`. Elsewhere: which ways of
buying that is a sign of (`buying`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.nodes import Node

SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "S$": "SGD", "₹": "INR", "zł": "PLN"}  # fmt: skip
CODES = "USD|EUR|GBP|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|SGD|INR"
FIGURE = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?|\d{1,6}(?:[.,]\d{1,4})?"
MONEY = re.compile(rf"[$€£₹]|zł|{CODES}")
FRACTION = re.compile(r"^(.+)[.,](\d{1,2}|\d{4})$")
AMOUNT = re.compile(
    rf"(?<![\w.,$€£])(?:(?P<sign>(?:US|CA|C|AU|A|NZ|S)?\$|€|£|₹|(?:{CODES})\s)\s?(?P<figure>{FIGURE})|(?P<figure_first>{FIGURE})\s?(?P<sign_last>€|zł|(?:{CODES})\b))(?![\d%]|\s?(?:[kKmMbB]n?|million|billion|Mio|Mrd)\b)"
)
PERIODS = {
    "month": r"months?|mo|mth|monat(?:lich)?|mois|mes|mese|maand|monthly|mensuel|mtl",
    "year": r"years?|yr|annum|jahr|jährlich|an|année|año|anno|jaar|yearly|annually",
    "week": r"weeks?|wk|woche|semaine|semana|settimana",
    "day": r"days?|tag|jour|día|giorno|dag",
    "hour": r"hours?|hr|h|stunde|heure|hora|ora|uur",
}
UNITS = {
    "user": r"users?|nutzer(?:in)?|benutzer|anwender|utilisateur|usuario|utente|gebruiker",
    "seat": r"seats?|sitz|siège|licen[cs]es?|lizenz",
    "member": r"members?|mitglied|membre|miembro",
    "employee": r"employees?|mitarbeiter(?:in)?|salarié|empleado|dipendente|medewerker",
    "agent": r"agents?",
    "location": r"locations?|standort|stores?|sites?|filiale",
    "device": r"devices?|gerät",
    "editor": r"editors?",
    "project": r"projects?|projekt",
    "credit": r"credits?",
    "unit": r"units?|stück|pièce|piece|item|label|page|image|minute|gpu|gb|tb|1m tokens|million tokens",
}
EVERY = r"(?:/|(?<![\w-])(?:per|a|an|each|pro|je|par|por|al?|im|der|die)\s)\s*"
WORD = {key: re.compile(rf"(?:{EVERY}|^)(?:{words})\b", re.IGNORECASE) for key, words in (PERIODS | UNITS).items()}
ADVERB = re.compile(r"\b(?P<month>monthly|monatlich|mensuel|mtl\.)|\b(?P<year>yearly|annually|jährlich)\b", re.IGNORECASE)
ELSE = re.compile(
    r"\b(?:sav(?:e[sd]?|ings?)|off|discount|credits? (?:worth|included)|worth|value|valuation|rais(?:e[sd]?|ing)|revenue|arr|salary|stipend|benefit|bonus|fund(?:s|ing|ed)?|budget|refund|up to|over|more than|instead|was|earn|pay(?:s|ing|ment)?|cost(?:s|ing)? (?:of|you)"
    r"|loans?|mortgage|fees? of|spen[dt]|statt|gehalt|sparen|umsatz|économis\w+|ahorra\w*)\b",
    re.IGNORECASE,
)  # fmt: skip
NEAR, LONGEST, LONGEST_NEXT, MOST_HERE = 2, 120, 40, 2
AFTER = 60


@dataclass(frozen=True, slots=True)
class Price:
    """A price in its one spelling, and where it stands."""

    value: str
    node: Node


def prices(rows: list[Node], periods: tuple[str, ...]) -> Iterator[Price]:
    """Yield each price that names one of the periods or a unit, in its line or, where a line is only an amount, in those after it."""
    for place, row in enumerate(rows):
        if len(row.text) > LONGEST or not MONEY.search(row.text) or ELSE.search(row.text):
            continue
        found = list(AMOUNT.finditer(row.text))
        if not 0 < len(found) <= MOST_HERE:
            continue
        following = _following(rows, place) if len(found) == 1 and found[0].end() == len(row.text) else []
        for match in found:
            for much in range(len(following) + 1):
                after = " ".join([row.text[match.end() :], *(each.text for each in following[:much])]).strip()[:AFTER]
                if value := _spelled(match, after.partition("•")[0], periods):
                    yield Price(value, row.through(following[:much]) if much else row)
                    break


def _following(rows: list[Node], place: int) -> list[Node]:
    """Return the short lines right after a place, up to the next amount."""
    found: list[Node] = []
    for row in rows[place + 1 : place + 1 + NEAR]:
        if len(row.text) > LONGEST_NEXT or AMOUNT.search(row.text):
            break
        found.append(row)
    return found


def _spelled(match: re.Match[str], after: str, periods: tuple[str, ...]) -> str | None:
    period = next((each for each in PERIODS if each in periods and WORD[each].search(after)), None)
    adverb = ADVERB.search(after) if period is None else None
    if adverb and adverb.lastgroup in periods:
        period = adverb.lastgroup
    unit = next((each for each in UNITS if WORD[each].search(after)), None)
    amount = _figure(match["figure"] or match["figure_first"])
    if amount == "0" or (period is None and (unit is None or unit == "unit")):
        return None
    sign = (match["sign"] or match["sign_last"]).strip()
    per = "".join(f" per {each}" for each in (unit, period) if each)
    return f"{SIGNS.get(sign, sign)} {amount}{per}"


def _figure(written: str) -> str:
    """Return an amount in figures with a point, without what is not needed.

    >>> _figure("1.299,00"), _figure("1,299"), _figure("19,90"), _figure("0.5")
    ('1299', '1299', '19.9', '0.5')
    """
    whole, fraction = match.groups() if (match := FRACTION.match(written)) else (written, "")
    number = int(re.sub(r"\D", "", whole))
    return f"{number}.{fraction}".rstrip("0").rstrip(".") if fraction else str(number)
