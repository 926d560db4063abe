"""Names in titles, footers and imprints.

Here: which words of a title are the organization's name (those its domain agrees with: a title alone says too much), and what a
copyright line or an imprint calls it. Elsewhere: what else identifies it (`identity`).
"""

import re
from collections.abc import Iterator
from itertools import combinations

from pipelines.domains import registrable
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.text import fold

TITLE_PARTS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*|:\s+")
TOKEN = re.compile(r"[^\W_]+|&")
PART_END = re.compile(r"\s+[|–—·•»:/\\-]+(?:\s+|$)|\s*[|,:(]|\s+(?=[|–—·•»])|[!?]|\.(?=\s|$)(?<!Co\.)(?<!Inc\.)")
PAGES = re.compile(
    r"\b(?:home|homepage|contact|us|about|team|careers?|jobs|news|blog|partners?|products?|services?|login|pricing|official|site|website|welcome|online|shop|info"
    r"|information|overview|docs|support|faq|search|impressum|kontakt|startseite|accueil|über|uns|the|and|for|in|usa?|uk|inicio|privacy|terms|locations?|gallery)\b",
    re.IGNORECASE,
)  # fmt: skip
LETTERS = re.compile(r"[^a-z0-9]+")
AFFIXES = re.compile(
    r"^(?:get|try|use|go|join|meet|my|the|hello|we-?are)-?(?=...)|-?(?:hq|app|co|company|inc|labs?|group|corp|online|gmbh|ltd|team|usa|uk|web)$"
)
LONGEST_TITLE = 300
MOST_TOKENS = 6
MOST_MORE = 2
FORM = (
    r"(?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|GmbH(?: & Co\.? ?KG(?:aA)?)?|gGmbH|mbH|AG|KG|OHG|UG|e\.\s?K|SE|SARL|S\.A\.R\.L|SAS|SASU|S\.A|SA"
    r"|S\.?r\.?l|B\.V|BV|N\.V|NV|AB|AS|A/S|ApS|Oyj?|PLC|plc|LLP|LP|PBC|S\.p\.A|SpA|S\.L|SL|e\.V|s\.r\.o|Sp\. z o\.o|Pty|Pte|Ltda|K\.K)"
)
LEGAL = re.compile(rf"^(\S.{{1,60}}?[\s,]{FORM}(?![\w&])(?:\.|\s(?:Ltd|Limited)\b\.?)?)")
SENTENCE_END = re.compile(r"(?<!Inc)(?<!Ltd)(?<!Corp)(?<!\.[A-Za-z])\.$")
COPYRIGHT = re.compile(
    r"(?:©|\(c\)(?=\s*\d{4})|&copy;|\bcopyright\b)[\s©]*(?:\(c\)\s*)?(?:[-–,/\s]*\b(?:19|20)\d\d\b(?:\s*[-–/,]\s*(?:(?:19|20)?\d\d\b|present|today|heute))*)?[\s,.:|–-]*(?:(?:by|year)\s+)?(.+)",
    re.IGNORECASE,
)
NAME_END = re.compile(
    r"\s*(?:\ball\s+(?:\w+\s+)?rights|\balle rechte|\btous droits|\btodos los derechos|\btutti i diritti|\balle rechten|\bis a registered|\bdesigned|\bpowered|\bweb ?site|\bweb design"
    r"|\bdeveloped|\btrademark|[|•·»(©]|\s[-–—/]\s|(?:19|20)\d\d|\bterms\b|\bprivacy\b|(?<!\b[SDM][tr])(?<!\bCo)\.(?:\s|$)|,\s+an?\s).*",
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
SHORTEST, LONGEST = 2, 60
FOOTER = 40
RELATED = 4


def names(page: Page) -> Iterator[Fact]:
    """State the name in the title, the name in the copyright line, and the legal name there or in the imprint."""
    if page.kind in ("home", "about", "contact"):
        yield from _in_title(page)
    yield from _copyright(page)
    if page.kind == "legal":
        yield from _imprint(page)


def _in_title(page: Page) -> Iterator[Fact]:
    title = page.first("title")
    domain = registrable(page.url) or ""
    label = LETTERS.sub("", domain.partition(".")[0])
    if title is None or len(label) < SHORTEST:
        return
    text = title.text[:LONGEST_TITLE]
    short = LETTERS.sub("", AFFIXES.sub("", domain.partition(".")[0]))
    for wanted in (LETTERS.sub("", domain), label):
        spoken = _span(text, wanted)
        if spoken and "." not in spoken and not (spoken.islower() and f"{spoken}." in text):
            whole = _whole(text, spoken)
            meant = whole if any(whole in row.text for row in page.rows) else spoken
            yield page.fact("name", title, meant, confidence=0.85)
            return
    if part := next((part for part in TITLE_PARTS.split(text) if _begins(label, part) or _span(part, short) == part), None):
        yield page.fact("name", title, part, confidence=0.7)


def _span(text: str, wanted: str) -> str | None:
    """Return the words whose letters are those wanted: "Flint & Son" for flintandson."""
    tokens = [(match.start(), match.end(), match[0]) for match in TOKEN.finditer(text)]
    for first, last in combinations(range(len(tokens) + 1), 2):
        if last - first > MOST_TOKENS:
            continue
        words = [token for _, _, token in tokens[first:last]]
        if any(_letters(words, ampersand) == wanted for ampersand in ("and", "und", "et", "")):
            return text[tokens[first][0] : tokens[last - 1][1]]
    return None


def _whole(text: str, spoken: str) -> str:
    """Return the name with the one or two words that end it: the domain of "Old Mill Flour Merchants" may be oldmillflour."""
    rest = PART_END.split(text[text.index(spoken) + len(spoken) :])[0]
    words = [word for word in TOKEN.findall(rest) if word != "&"]
    belongs = 0 < len(words) <= MOST_MORE and all(word[0].isupper() for word in words) and not PAGES.search(rest)
    return f"{spoken}{rest}".rstrip() if belongs and rest.startswith(" ") else spoken


def _letters(words: list[str], ampersand: str) -> str:
    return LETTERS.sub("", "".join(ampersand if word == "&" else fold(word) for word in words))


def _begins(label: str, part: str) -> bool:
    letters = LETTERS.sub("", fold(part))
    return len(letters) > 3 and 2 * len(letters) >= len(label) and label.startswith(letters)


def _copyright(page: Page) -> Iterator[Fact]:
    """State the name in the copyright line, with a legal form as the legal name too; one unlike the site's may be a vendor's."""
    found = list(_claims(page))
    own = [each for each in found if _is_related(each[1], page)]
    for row, name, rest in (own or found)[:1]:
        if own or not VENDOR.search(row.text):
            yield page.fact("name", row, name, confidence=0.6 if own else 0.4)
        if own and (legal := LEGAL.match(rest)):
            yield page.fact("legal_name", row, SENTENCE_END.sub("", legal[1]), confidence=0.7)


def _claims(page: Page) -> Iterator[tuple[Node, str, str]]:
    """Yield (line, name, all that follows the sign) of the copyright lines at the end of the page."""
    for row in page.rows[-FOOTER:]:
        match = COPYRIGHT.search(row.text)
        rest = match[1] if match else ""
        name = AFTER_COMMA.sub("", NAME_END.sub("", rest)).strip(" .,-–—|:\"'")
        named = SHORTEST <= len(name) <= LONGEST and not NO_NAME.match(name) and not PLACE.search(rest)
        if named and _could_be_own(name, page):
            yield row, name, rest


def _is_related(name: str, page: Page) -> bool:
    """Whether the name shares its beginning with the domain, or a word with the title."""
    label = LETTERS.sub("", (registrable(page.url) or "").partition(".")[0])
    title = page.first("title")
    spoken = LETTERS.sub("", fold(title.text)) if title else ""
    words = [LETTERS.sub("", fold(word)) for word in TOKEN.findall(name)]
    return "".join(words)[:RELATED] == label[:RELATED] or any(
        len(word) >= RELATED and (word in spoken or word in label) for word in words
    )


def _could_be_own(name: str, page: Page) -> bool:
    """Whether the words are written like a name, or are the domain's."""
    own = LETTERS.sub("", fold(name)) in LETTERS.sub("", registrable(page.url) or "")
    return any(map(str.isalpha, name)) and (name[0].isupper() or name[0].isdigit() or own)


def _imprint(page: Page) -> Iterator[Fact]:
    """State the first line of an imprint that is a name with a legal form and nothing else."""
    for row in page.rows:
        if len(row.text) <= LONGEST + 20 and (match := LEGAL.match(row.text)) and match.end() == len(row.text):
            yield page.fact("legal_name", row, confidence=0.75)
            return
