"""Whose group the organization says it belongs to.

Here: sentences in imprints, on about pages and in footers that name a parent. Elsewhere: the same from JSON-LD
(`structured_data`); companies of one group stay apart (sql/core/parent.sql).
"""

import re
from collections.abc import Iterator

from pipelines.domains import registrable
from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.text import fold

LONGEST = 400
RELATED, MOST_WORDS = 4, 4
LETTERS = re.compile(r"[^a-z0-9]+")
WE = re.compile(r"(?:we|it|our company|wir|das unternehmen|nous)\b", re.IGNORECASE)
FIRST = r"(?:[A-ZÀ-Ž][\w'’&+-]*(?:\.\w+)*|\d+[A-Z]\w*)"
NAME = rf"(?P<name>{FIRST}(?:\s+(?:(?:&|and|und|et|of|de|für|for)\s+)?{FIRST}){{0,5}})"
WHO = r"(?:^|[.!?]\s+|[©|•·–-]\s*(?:\d{4}\s+)?)(?:(?P<who>[^.!?]{2,80}?)\s(?:is|are|ist|est|es)\s+(?:now\s+|today\s+|heute\s+)?)?"
GROUP = r"(?:[Gg]roup|[Gg]ruppe|-[Gg]ruppe|[Gg]roupe|[Gg]ruppo|[Gg]rupo|[Gg]roep|[Ff]amily of [Cc]ompanies)"
PARTS = (
    rf"{WHO}(?:[Aa]|[Tt]he)\s+(?:wholly[- ]owned\s+|fully[- ]owned\s+)?(?:subsidiary|division|unit|brand|member|part) of (?:the\s+)?{NAME}",
    rf"^(?:©?\s*(?:\d{{4}}\s+)?(?P<who>[^.!?|,]{{2,60}}?)\s*[,|–-]\s*)?[Aa]n?\s+{NAME}\s+[Cc]ompany\.?$",
    rf"{WHO}[Pp]art of (?:the\s+)?{NAME}(?:(?<=[Gg]roup)|(?=\s+(?:group|family of companies)\b))",
    rf"{WHO}[Oo]wned by (?:the\s+)?{NAME}",
    rf"{WHO}(?:[Ee]in|[Ee]ine)\s+(?:Unternehmen|Tochter|Tochtergesellschaft|Marke|Mitglied)\s+(?:der|von|des)\s+{NAME}",
    rf"{WHO}[Tt]eil der {NAME}(?:(?<=[Gg]ruppe)|(?<=[Gg]roup))",
    rf"{WHO}(?:[Uu]ne\s+)?(?:filiale|société|marque)\s+(?:du\s+[Gg]roupe|de)\s+{NAME}",
    rf"{WHO}(?:[Uu]na\s+)?(?:filial|empresa|società|marca)\s+del\s+(?:[Gg]rupo|[Gg]ruppo)\s+{NAME}",
)
HINTS = (
    *(
        "subsidiary of",
        "division of",
        "unit of",
        "brand of",
        "member of",
        "part of",
        "owned by",
        " company",
        "unternehmen",
        "tochter",
    ),
    *("marke ", "mitglied", "teil der ", "filiale", "société", "marque", " del "),
)
"""One of these stands in every such sentence, in lower case."""
SAID = tuple(re.compile(part) for part in PARTS)
FORMERLY = re.compile(r"\b(?:no longer|formerly|until|bis|nicht mehr|used to|was)\b", re.IGNORECASE)
NOT_ONE = re.compile(
    r"(?:Team|Community|World|Europe|Board|Association|Alliance|Chamber|Verband|Future|History|Solution|Internet|City|State|County)\b.*"
    rf"|(?:{GROUP}|Public|Private|Limited|Listed|Family|Great|Leading|First|Growing|Global|Software|Technology|Your|Our|The|This)\s*"
)
"""What is no parent: a club, a place, a word of praise."""


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the first parent the organization names."""
    if page.kind not in ("home", "about", "legal", "contact"):
        return
    for row in page.row_lines.having(*HINTS):
        if len(row.text) <= LONGEST and not FORMERLY.search(row.text) and (name := _parent(row.text, page)):
            yield page.fact("parent", row, name, confidence=0.7)
            return


def _parent(text: str, page: Page) -> str | None:
    match = next(filter(None, (said.search(text) for said in SAID)), None)
    name = match["name"].rstrip(" .,&") if match else ""
    return name if match and name and not NOT_ONE.fullmatch(name) and _is_own(match["who"], page) else None


def _is_own(who: str | None, page: Page) -> bool:
    """Whether a sentence is about the website's owner: it names nobody, says we, or begins with a word of its domain or title."""
    if not who or WE.match(who):
        return True
    title = page.first("title")
    known = LETTERS.sub("", fold(f"{registrable(page.url) or ''} {title.text if title else ''}"))
    words = [LETTERS.sub("", fold(word)) for word in who.split()]
    return any(len(word) >= RELATED and word in known for word in words[:MOST_WORDS])
