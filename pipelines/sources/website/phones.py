"""Phone numbers as they stand in pages.

Here: which digits are a phone number, from which country, and which are only a fax. Elsewhere: which pages are looked at
(`contact`), where the organization is (`postal`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import phonenumbers

from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.places import country_codes
from pipelines.records import Fact
from pipelines.sources.website.whereabouts import country_of_language, site_country
from pipelines.voices import ASIDE, PERSON, QUOTE

THREE = re.compile(r"\d{3}")
DIGITS = re.compile(r"\d(?:[\s().\-/]*\d){6}")
VANITY = re.compile(
    r"(?<![\w+-])(?:\+?1[\s.-])?(?:\(?8(?:00|88|77|66|55|44|33)\)?[\s.-]+(?=(?:[\dA-Z-]*[A-Z]){3})[\dA-Z]{1,4}(?:-?[\dA-Z]){3,6}|\(?\d{3}\)?[\s.-]\d{3}[.-][A-Z]{4}"
    r"|\(?\d{3}\)?[.-][A-Z]{3}[.-][\dA-Z]{4})(?![\w-])"
)  # fmt: skip
"""A number to be dialled by letters, as in North America: 303.555.BOLT, 1-800-555-PUMP."""
STAND_IN = re.compile(r"1\D?2\D?3\D?4\D?5\D?6\D?7\D?8|(\d)(?:\D?\1){6}")
"""What forms show where a number goes."""
FAX = re.compile(r"\b(?:tele)?fax\b|\bfacsimile\b|\btélécopie\b|(?<!\w)f\s?[.:]\W*$", re.IGNORECASE)
FAX_BEHIND = re.compile(r"\s*\(?\s*(?:tele)?fax\b(?!\s*[:.]?\s*[+(\d])", re.IGNORECASE)
PHONE = re.compile(
    r"\b(?:tel|télé?|fon|phone|telefono?|teléfono|telephone|telefoon|call|mobile?|toll.?free|office|voice)\b", re.IGNORECASE
)
TOGETHER = 10
"""Characters within which "Tel/Fax" labels one number as both."""
PEOPLE = re.compile(
    r"/(?:[^/]*-)?(?:team|people|staff|leadership|management|founders|board|mitarbeiter|ansprechpartner|geschaeftsfuehrung|vorstand|equipe|equipo|advisors)(?:[-_./]|$)",
    re.IGNORECASE,
)  # fmt: skip
EITHER = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
CARRIED = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    phonenumbers.PhoneNumberType.UNKNOWN,
)
"""Numbers a person carries about; in North America no number tells."""
NAME = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Dipl|Ing|Herr|Frau)\.?\s+)*(?:[A-ZÀ-Ž][a-zß-ž'’-]+\s+){1,2}(?:(?:van|von|de|der|den|di|du|la)\s+)*[A-ZÀ-Ž][\w'’-]+")  # fmt: skip
ROLE = re.compile(
    r"\b(?:C[A-Z]O|VP|founder|co-?founder|president|partner|owner|director|head of|lead|manager|engineer|sales|consultant|advis[eo]r|assistant|analyst|developer"
    r"|Geschäftsführ\w*|Inhaber\w*|Leit\w+|Vertrieb\w*|Berater\w*|Prokurist\w*|directeur|directrice|gérante?|responsable|gerente)\b",
    re.IGNORECASE,
)  # fmt: skip
NEAR = 4
"""Lines before a number in which a name makes it that person's."""
LONGEST = 400
LABEL = 30
SURE = {"contact": 0.9, "home": 0.8, "about": 0.8, "legal": 0.78}
ELSEWHERE = 0.68
BRITAIN = ("United Kingdom", "&pound;", "£", ".co.uk"), ("UK", "England")
"""What makes a page British wherever it stands, and what does as a word. Strings: a pattern takes long over a whole source."""
DIALLED_BY_LETTERS = ("US", "CA")
NORTH_AMERICA = 1  # a prefix of many countries says nothing about one


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in E.164, where and how it is written; `label` is what stands before it, or None for a link to dial."""

    e164: str
    node: Node
    written: str
    label: str | None = None


_Line = tuple[Node, Node, bool]


def phones(page: Page, country: str | None) -> Iterator[Fact]:
    """State the numbers that a dialling plan allows, by the first of the likely countries that makes numbers of them."""
    lines = _figured(page)
    if not lines and not any(map(_to_dial, page.attributes("href", "a"))):
        return
    found = (list(_numbers(page, lines, region)) for region in _regions(page, country))
    sure = SURE.get(page.kind, ELSEWHERE)
    for position, number in enumerate(next(filter(None, found), [])):
        confidence = sure - (0.0 if number.label is None else 0.1) - 0.02 * min(position, 5)
        yield page.fact("phone", number.node, number.e164, confidence=round(confidence, 2))
        if code := _dialled(number.written):
            yield page.fact("country", number.node, code, confidence=round(confidence - 0.3, 2))


def _dialled(written: str) -> str | None:
    """Return the country of a number written with its prefix, where the prefix is of one country."""
    prefix = phonenumbers.parse(written, "ZZ").country_code if written.startswith("+") else None
    country = phonenumbers.region_code_for_country_code(prefix) if prefix and prefix != NORTH_AMERICA else None
    return country if country in country_codes() else None


def _numbers(page: Page, lines: Sequence[_Line], region: str | None) -> Iterator[_Number]:
    """Yield each phone number once, those that are links to dial first; what is only labelled as a fax is none."""
    texts = list(_in_lines(lines, region))
    spoken = {each.e164 for each in texts if not _is_fax(each.label or "")}
    faxes = {each.e164 for each in texts} - spoken
    seen = set(faxes)
    for each in (*_linked(page, region), *texts):
        if each.e164 not in seen and not _is_somebodys(each, page):
            seen.add(each.e164)
            yield each


def _is_somebodys(number: _Number, page: Page) -> bool:
    """Whether a number is a person's and not the organization's: in a person's card, on a page of people, or behind a name and role."""
    if PERSON in number.node.voices or QUOTE in number.node.voices:
        return True
    if ASIDE in number.node.voices:
        return False
    if PEOPLE.search(urlsplit(page.url).path):
        return True
    kind = phonenumbers.number_type(phonenumbers.parse(number.e164))
    carried = kind in CARRIED or (kind == EITHER and page.kind in ("home", "about"))
    return page.kind != "legal" and carried and _follows_a_person(number.node, page)


def _follows_a_person(node: Node, page: Page) -> bool:
    """Whether one of the few lines before is a person's name, and one says what that person does."""
    rows, locator = page.rows, node.locator
    here = next((place for place, row in enumerate(rows) if _holds(row, node, locator)), 0)
    before = [row.text for row in rows[max(0, here - NEAR) : here + 1]]
    return any(map(NAME.fullmatch, before)) and any(map(ROLE.search, before))


def _holds(row: Node, node: Node, locator: str) -> bool:
    said = node.text in row.text or locator[-5:] == "@href"
    return said and locator.startswith(row.locator)


def _linked(page: Page, region: str | None) -> Iterator[_Number]:
    for node in page.attributes("href", "a"):
        written = _to_dial(node)
        if written and not STAND_IN.search(written) and (e164 := _dial(written, region)):
            yield _Number(e164, node, written)


def _to_dial(node: Node) -> str:
    """Return the number that a link is to dial, or nothing."""
    return unquote(node.text[4:]).strip() if node.text[:4].lower() == "tel:" else ""


def _figured(page: Page) -> list[_Line]:
    """Return the lines that may hold a number, each behind the line before it, with whether it may be all in figures."""
    rows = (Node("", ""), *page.rows)
    pairs = ((rows[place], rows[place + 1]) for place in page.row_lines.figured if len(rows[place + 1].text) <= LONGEST)
    told = ((before, row, bool(DIGITS.search(row.text))) for before, row in pairs)
    return [each for each in told if each[2] or (THREE.search(each[1].text) and VANITY.search(each[1].text))]


def _in_lines(lines: Sequence[_Line], region: str | None) -> Iterator[_Number]:
    """Yield the numbers in the lines; a label may stand in the line before, or behind the number."""
    for before, row, in_figures in lines:
        end = 0
        if not in_figures:
            yield from _in_letters(row, region)
            continue
        for match in phonenumbers.PhoneNumberMatcher(row.text, region):
            label = row.text[end : match.start] or (before.text if len(before.text) <= LABEL else "")
            end = match.end
            if not STAND_IN.search(match.raw_string):
                fax = "fax" if FAX_BEHIND.match(row.text[end:]) else label
                yield _Number(_e164(match.number), row.part(match.raw_string), match.raw_string, fax)


def _in_letters(row: Node, region: str | None) -> Iterator[_Number]:
    """Yield the numbers in a line that are to be dialled by letters."""
    if region in DIALLED_BY_LETTERS:
        for match in VANITY.finditer(row.text):
            written = phonenumbers.convert_alpha_characters_in_number(match[0])
            if e164 := _dial(written, region):
                yield _Number(e164, row.part(match[0]), match[0], row.text[: match.start()])


def _is_fax(label: str) -> bool:
    """Whether a label ends in saying fax, and not also phone: "Tel/Fax" is both."""
    fax = max((match.start() for match in FAX.finditer(label)), default=None)
    return fax is not None and not any(match.start() > fax - TOGETHER for match in PHONE.finditer(label))


def _dial(written: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    dialled = phonenumbers.is_possible_number(number) if written.startswith("+") else phonenumbers.is_valid_number(number)
    return _e164(number) if dialled else None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _regions(page: Page, country: str | None) -> Iterator[str | None]:
    """Yield where a national number may be from, likeliest first: the site's country, the address's, that of the language, Britain.

    Whether a page is British is only looked at when somebody asks on.
    """
    likely = dict.fromkeys(each for each in (site_country(page), country, country_of_language(page)) if each)
    yield from likely
    if "GB" not in likely and _is_british(page.source_text):
        yield "GB"
    elif not likely:
        yield None


def _is_british(source: str) -> bool:
    anywhere, words = BRITAIN
    return any(each in source for each in anywhere) or any(_has_word(source, each) for each in words)


def _has_word(source: str, word: str) -> bool:
    place = source.find(word)
    while place >= 0:
        around = source[place - 1 : place] + source[place + len(word) : place + len(word) + 1]
        if not any(each.isalnum() or each == "_" for each in around):
            return True
        place = source.find(word, place + 1)
    return False
