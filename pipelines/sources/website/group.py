"""Whose group the organization says it belongs to.

Here: sentences in imprints, on about pages and in footers that name a parent. Elsewhere: the same from JSON-LD
(`structured_data`); companies of one group stay apart (sql/core/parent.sql).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.page import Page
from pipelines.records import Fact

LONGEST = 400
FIRST = r"(?:[A-ZÀ-Ž][\w'’&+-]*(?:\.\w+)*|\d+[A-Z]\w*)"
NAME = rf"({FIRST}(?:\s+(?:(?:&|and|und|et|of|de|für|for)\s+)?{FIRST}){{0,5}})"
WHO = r"(?:^|[.!?]\s+|[©|•·–-]\s*(?:\d{4}\s+)?)(?:[^.!?]{2,80}?\s(?:is|are|was|ist|est|es)\s+(?:now\s+|today\s+|heute\s+)?)?"
GROUP = r"(?:[Gg]roup|[Gg]ruppe|-[Gg]ruppe|[Gg]roupe|[Gg]ruppo|[Gg]rupo|[Gg]roep|[Ff]amily of [Cc]ompanies)"
PARTS = (
    rf"{WHO}(?:[Aa]|[Tt]he)\s+(?:wholly[- ]owned\s+|fully[- ]owned\s+)?(?:subsidiary|division|unit|brand|member|part) of (?:the\s+)?{NAME}",
    rf"^(?:[^.!?]{{0,60}}[,|–-]\s*)?[Aa]n?\s+{NAME}\s+[Cc]ompany\.?$",
    rf"{WHO}[Pp]art of (?:the\s+)?{NAME}(?:(?<=[Gg]roup)|(?=\s+(?:group|family of companies)\b))",
    rf"{WHO}[Oo]wned by (?:the\s+)?{NAME}",
    rf"{WHO}(?:[Ee]in|[Ee]ine)\s+(?:Unternehmen|Tochter|Tochtergesellschaft|Marke|Mitglied)\s+(?:der|von|des)\s+{NAME}",
    rf"{WHO}[Tt]eil der {NAME}(?:(?<=[Gg]ruppe)|(?<=[Gg]roup))",
    rf"{WHO}(?:[Uu]ne\s+)?(?:filiale|société|marque)\s+(?:du\s+[Gg]roupe|de)\s+{NAME}",
    rf"{WHO}(?:[Uu]na\s+)?(?:filial|empresa|società|marca)\s+del\s+(?:[Gg]rupo|[Gg]ruppo)\s+{NAME}",
)
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
    for row in page.rows:
        if len(row.text) > LONGEST or FORMERLY.search(row.text):
            continue
        match = next(filter(None, (said.search(row.text) for said in SAID)), None)
        if match and (name := match[1].rstrip(" .,&")) and not NOT_ONE.fullmatch(name):
            yield page.fact("parent", row, name, confidence=0.7)
            return
