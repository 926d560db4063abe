"""Names as the law and the lawyers want them: copyright lines, imprints, sentences about registration.

Here: who claims the copyright, whose imprint it is, and "X Ltd trading as Y". Elsewhere: names in titles (`names`), the numbers
registered under (`registrations`).
"""

import re
from collections.abc import Iterator

from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.sources.website.names import LETTERS, Evidence, is_related, label_of
from pipelines.text import fold

FORM = (
    r"(?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|GmbH(?: & Co\.? ?KG(?:aA)?)?|gGmbH|mbH|AG|KG|OHG|UG|e\.\s?K|SE|SARL|S\.A\.R\.L|SAS|SASU|S\.A|SA"
    r"|S\.?r\.?l|B\.V|BV|N\.V|NV|AB|AS|A/S|ApS|Oyj?|PLC|plc|LLP|LP|PBC|S\.p\.A|SpA|S\.L|SL|e\.V|s\.r\.o|Sp\. z o\.o|Pty|Pte|Ltda|K\.K)"
)
LEGAL = re.compile(rf"^(\S.{{1,60}}?[\s,]{FORM}(?![\w&])(?:\.|\s(?:Ltd|Limited)\b\.?)?)")
SENTENCE_END = re.compile(r"(?<!Inc)(?<!Ltd)(?<!Corp)(?<!\.[A-Za-z])\.$")
YEARS = r"(?:\b(?:19|20)\d\d\b(?:\s*[-–/,]\s*(?:(?:19|20)?\s?\d\d\b|present|today|heute))*)"
COPYRIGHT = re.compile(
    rf"(?:©|\(c\)(?=\s*(?:\d{{4}}|copyright))|&copy;|\bcopyrights?\b)(?:[\s©,.:|–-]|\(c\)|\bcopyrights?\b|{YEARS}|\b(?:by|year)\b)*(.+)", re.IGNORECASE
)  # fmt: skip
RESERVED = re.compile(r"^(\S.{1,58}?)[\s.,|–-]*\ball rights reserved\b", re.IGNORECASE)
NAME_END = re.compile(
    r"\s*(?:\ball\s+(?:\w+\s+)?rights|\balle rechte|\btous droits|\btodos los derechos|\btutti i diritti|\balle rechten|\bis a registered|\bdesigned|\bpowered|\bweb ?site|\bweb design"
    r"|\bdeveloped|\btrademark|[|•·»(©]|\s[-–—/]\s|(?:19|20)\d\d|\bterms\b|\bprivacy\b|(?<!\b[SDM][tr])(?<!\bCo)(?<!\b[A-Z])\.(?:\s|$)|,\s+an?\s|\bregistered in\b).*",
    re.IGNORECASE,
)
AFTER_COMMA = re.compile(rf",(?!\s*{FORM}\b).*")
NO_NAME = re.compile(
    r"^(?:and|all|notice|policy|statement|information|trademarks?|the copyright|copyright|protected|law|act|infringement|this|our|we|no|with|in|of|for|to|or"
    r"|map|imagery|google|wordpress|wix|squarespace|weebly|shopify|godaddy|your company|company name|site ?name)\b|^\W*$",
    re.IGNORECASE,
)
VENDOR = re.compile(
    r"\b(?:web ?sites?|design(?:ed)?|developed|powered|hosted|software|theme|template|plugin|widget)\b", re.IGNORECASE
)
PLACE = re.compile(r"^[^,]{2,30},\s[A-Z]{2}\s\d{5}\b")
ADDRESS = re.compile(r"\S\.[a-z]{2,6}$")
COMPANY = rf"[A-ZÀ-Ž0-9][^.;:|©\"“”]{{1,60}}?[\s,]{FORM}(?![\w&])\.?(?:\s\([A-Z][\w ]{{2,14}}\))?"
TRADE = r"[A-Z0-9][\w'’&.-]*(?:\s(?:[A-Z0-9&][\w'’&.-]*|of|and|the|for)){0,5}"
TRADING_AS = re.compile(
    rf"\b(?P<legal>{COMPANY}),?\s+(?:\(?(?:trading as|t/a|T/A|d/b/a|dba|DBA|doing business as)\b:?)\s+[\"“']?(?P<trade>{TRADE})"
)
TRADED_BY = re.compile(
    rf"(?P<trade>{TRADE})[\"”']?\s+is (?:a|the) (?:registered )?(?:trading|business|trade) (?:name|style|division)s? of\s+(?P<legal>{COMPANY})"
)
REGISTERED = re.compile(
    rf"(?:^|[.|©]\s*(?:{YEARS}\s*)?)(?P<legal>{COMPANY}),?\s*(?:\(?is |are )?(?:an? (?:\w+ )?(?:company|firm) )?(?:registered|incorporated)\b"
)
TRADED = ("trading", "business name", "business style", "business division", "trade name", "trade style", "trade division")
TRADE_HINTS = ("t/a", "d/b/a", "dba", "business as", *TRADED)
REGISTER_HINTS = ("registered", "incorporated")
CLAIM_HINTS = ("©", "(c)", "&copy;", "copyright", "rights reserved")
SHORTEST, LONGEST = 2, 60
FOOTER = 40
LONGEST_SENTENCE = 600


def copyrights(page: Page) -> Iterator[Evidence]:
    """Yield the name in the copyright line; one unlike the site's may be a vendor's."""
    for row, name, _ in _claim(page):
        if is_related(name, page):
            yield row, name, 0.4 if ADDRESS.search(name) else 0.6
        elif not VENDOR.search(row.text):
            yield row, name, 0.4


def traded(page: Page) -> Iterator[Evidence]:
    """Yield the name that a company says it trades as."""
    for row in page.row_lines.having(*TRADE_HINTS):
        if match := _trading(row.text):
            yield row, match["trade"].rstrip(" .,"), 0.65
            return


def legal_names(page: Page) -> Iterator[Evidence]:
    """Yield the names with a legal form: in the copyright line, in sentences about registration and trade, at the head of an imprint."""
    for row, name, rest in _claim(page):
        if is_related(name, page) and (legal := LEGAL.match(rest)):
            yield row, SENTENCE_END.sub("", legal[1]), 0.7
    for row in page.row_lines.having(*TRADE_HINTS, *REGISTER_HINTS):
        if match := _trading(row.text) or _registered(row.text):
            yield row, SENTENCE_END.sub("", match["legal"]).strip(" ,"), 0.75
            break
    if page.kind == "legal":
        yield from _imprint(page)


def _claim(page: Page) -> list[tuple[Node, str, str]]:
    """Return the first claim to copyright that is related to the site, else the first; worked out once for a page."""
    if "claim" not in page.known:
        found = list(_claims(page))
        page.known["claim"] = [each for each in found if is_related(each[1], page)][:1] or found[:1]
    claim: list[tuple[Node, str, str]] = page.known["claim"]
    return claim


def _claims(page: Page) -> Iterator[tuple[Node, str, str]]:
    """Yield (line, name, all that follows the sign) of the copyright lines at the end of the page."""
    for number in page.row_lines.numbers(*CLAIM_HINTS):
        row = page.rows[number]
        if number < len(page.rows) - FOOTER:
            continue
        match = COPYRIGHT.search(row.text) or RESERVED.search(row.text)
        rest = match[1] if match else ""
        name = AFTER_COMMA.sub("", NAME_END.sub("", rest)).strip(" .,-–—|:\"'")
        named = SHORTEST <= len(name) <= LONGEST and not NO_NAME.match(name) and not PLACE.search(rest)
        if named and _could_be_own(name, page):
            yield row, name, rest


def _could_be_own(name: str, page: Page) -> bool:
    """Whether the words are written like a name, or are the domain's."""
    own = label_of(page) in LETTERS.sub("", fold(name))
    return any(map(str.isalpha, name)) and (name[0].isupper() or name[0].isdigit() or own)


def _trading(text: str) -> re.Match[str] | None:
    if len(text) > LONGEST_SENTENCE:
        return None
    return TRADING_AS.search(text) or TRADED_BY.search(text)


def _registered(text: str) -> re.Match[str] | None:
    return REGISTERED.search(text) if len(text) <= LONGEST_SENTENCE else None


def _imprint(page: Page) -> Iterator[Evidence]:
    """Yield the first line of an imprint that is a name with a legal form and nothing else."""
    for row in page.rows:
        if len(row.text) <= LONGEST + 20 and (match := LEGAL.match(row.text)) and match.end() == len(row.text):
            yield row, row.text, 0.75
            return
