"""Names as the website itself spells them: titles, welcomes, logos.

Here: which words of a page are the organization's name, because its domain agrees with them (a title alone says too much), what the
page welcomes to, and what its logo is called. Elsewhere: copyright lines and legal names (`imprints`), the line above an address
(`letterheads`), how they agree (`naming`).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.domains import registrable
from pipelines.nodes import Node, absolute
from pipelines.page import Page
from pipelines.text import fold
from pipelines.voices import ASIDE

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
JOINED = re.compile(r"(?:^|[|–—·•:]\s+)((?:[^\W\d_][\w'’.-]*,? ){1,3}& )$")
"""What stands before the last word of a name that is several, and is not cut off from it."""
WELCOME = re.compile(
    r"^(?:welcome to|willkommen bei(?: der)?|bienvenue chez|bienvenidos? a)\s+(?:the\s+)?(\S.{1,48}?)[\s!.,]*$", re.IGNORECASE
)
LOGO = re.compile(r"\blogo\b", re.IGNORECASE)
NO_LOGO = re.compile(r"\s*[-–|:]?\s*\b(?:company |corporate |site |header |main )?(?:logo(?:type)?|home ?page|home|banner|image|icon)\b\s*[-–|:]?\s*|\.(?:png|jpe?g|gif|svg)$", re.IGNORECASE)  # fmt: skip
HOME = re.compile(r"/?(?:(?:index|home|default)(?:\.\w{3,5})?)?", re.IGNORECASE)
AT_END = re.compile(r"\s+(?:blog|website|site|page|online|welcome|contact us)$", re.IGNORECASE)
OFFERED = re.compile(r"^(?:click|go|back|return|link|visit|image|photo|picture|skip|menu|your|our)\b", re.IGNORECASE)
LONGEST_TITLE = 300
LONGEST_ROW = 60
MOST_TOKENS = 6
MOST_MORE = 2
MOST_WORDS = 5
SHORTEST = 2
RELATED = 4
MOST_IMAGES = 12


Evidence = tuple[Node, str, float]
"""Where a name stands, the name, and how sure it is the organization's."""


def spelled(page: Page) -> Iterator[Evidence]:
    """Yield the name as the domain has it, in the title or else where the page spells it out."""
    found = _in_title(page) if page.kind in ("home", "about", "contact") else None
    if found or (found := _in_rows(page)):
        yield found


def welcomed(page: Page) -> Iterator[Evidence]:
    """Yield what the home page welcomes to, where it is related to the site."""
    for row in page.rows if page.kind == "home" else ():
        match = WELCOME.match(row.text) if len(row.text) <= LONGEST_ROW + 20 else None
        if match and match[1][0].isupper() and is_related(match[1], page):
            yield row, match[1].rstrip(" ."), 0.6
            return


def logos(page: Page) -> Iterator[Evidence]:
    """Yield what the first image that is a logo says instead of itself, where it is related to the site and no customer's."""
    for node in page.select("img")[:MOST_IMAGES]:
        kind = " ".join(node.attribute(each).text for each in ("class", "id", "src", "alt"))
        if LOGO.search(kind.replace("_", " ")) and (said := node.attribute("alt")).text:
            name = AT_END.sub("", NO_LOGO.sub("", said.text)).strip(" -–|:.,")
            if _may_be_name(name) and is_related(name, page) and _is_ours(node, name, page):
                yield said, name, 0.6
            return


def _is_ours(logo: Node, name: str, page: Page) -> bool:
    """Whether a logo is the site's own: the domain agrees with it, or it stands where one's own does. A story's title names others."""
    return page.kind == "home" or ASIDE in logo.voices or _is_of_domain(name, page) or _leads_home(logo, page)


def _leads_home(image: Node, page: Page) -> bool:
    """Whether an image is a link to the home page."""
    around = zip(page.select("a[href]"), page.items("a[href]", "img"), strict=True)
    within = (link for link, (images,) in around if any(each.locator == image.locator for each in images))
    return any(_is_home(absolute(page.url, link.attribute("href").text), page) for link in within)


def _is_home(url: str, page: Page) -> bool:
    return registrable(url) == registrable(page.url) and bool(HOME.fullmatch(urlsplit(url).path))


def _may_be_name(name: str) -> bool:
    short = SHORTEST <= len(name) <= LONGEST_ROW and len(name.split()) <= MOST_WORDS
    return short and name[0].isalnum() and not OFFERED.match(name) and not PAGES.fullmatch(name)


def is_related(name: str, page: Page) -> bool:
    """Whether the name shares its beginning with the domain, or a word with the title."""
    spoken = _title_of(page)
    return _is_of_domain(name, page) or any(len(word) >= RELATED and word in spoken for word in _words(name))


def _is_of_domain(name: str, page: Page) -> bool:
    """Whether the name shares its beginning or a word with the domain."""
    label, words = label_of(page), _words(name)
    return "".join(words)[:RELATED] == label[:RELATED] or any(len(word) >= RELATED and word in label for word in words)


def _words(name: str) -> list[str]:
    return [LETTERS.sub("", fold(word)) for word in TOKEN.findall(name)]


def text_of(page: Page) -> str:
    """Return all visible text, to look for a hint before looking line by line."""
    if "visible" not in page.known:
        page.known["visible"] = "\n".join(row.text for row in page.rows)
    return str(page.known["visible"])


def label_of(page: Page) -> str:
    """Return the domain without its suffix, in bare letters."""
    if "label" not in page.known:
        page.known["label"] = LETTERS.sub("", (registrable(page.url) or "").partition(".")[0])
    return str(page.known["label"])


def _title_of(page: Page) -> str:
    """Return the title in bare letters."""
    if "bare title" not in page.known:
        title = page.first("title")
        page.known["bare title"] = LETTERS.sub("", fold(title.text)) if title else ""
    return str(page.known["bare title"])


def _in_title(page: Page) -> Evidence | None:
    """Return the words of the title that the domain agrees with."""
    title = page.first("title")
    domain = registrable(page.url) or ""
    label = label_of(page)
    if title is None or len(label) < SHORTEST:
        return None
    text = title.text[:LONGEST_TITLE]
    for wanted in (LETTERS.sub("", domain), label):
        spoken = _span(text, wanted)
        if spoken and "." not in spoken and not _is_address(text, spoken):
            whole = _whole(text, spoken)
            return title, whole if any(whole in row.text for row in page.rows) else spoken, 0.85
    short = LETTERS.sub("", AFFIXES.sub("", domain.partition(".")[0]))
    part = next((part for part in TITLE_PARTS.split(text) if _begins(label, part) or _span(part, short) == part), None)
    return (title, part, 0.7) if part else None


def _in_rows(page: Page) -> Evidence | None:
    """Return the first short line that spells the whole domain, in more than one word or not in lower case."""
    label = label_of(page)
    if len(label) <= RELATED:
        return None
    for row in page.rows:
        text = row.text
        if len(text) > LONGEST_ROW or len(text) < len(label) or text.islower():
            continue
        bare = LETTERS.sub("", text.lower().replace("&", "and"))
        spoken = _span(text, label) if label in bare or label in bare.replace("and", "") else None
        if spoken and not spoken.islower() and not _is_address(text, spoken):
            return row, _whole(text, spoken), 0.75
    return None


def _is_address(text: str, spoken: str) -> bool:
    """Whether the words stand there as a part of an address on the web."""
    return any(f"{before}{spoken}" in text for before in "@/.") or (spoken.islower() and f"{spoken}." in text)


def _span(text: str, wanted: str) -> str | None:
    """Return the words whose letters are those wanted: "Flint & Son" for flintandson."""
    tokens = [(match.start(), match.end(), _letters(match[0])) for match in TOKEN.finditer(text)]
    for first, (start, _, spelled_as) in enumerate(tokens):
        reached = [""] if "" not in spelled_as else []
        for _, end, options in tokens[first : first + MOST_TOKENS]:
            reached = [word for before in reached for option in options if wanted.startswith(word := before + option)]
            if wanted in reached:
                return text[start:end]
            if not reached:
                break
    return None


def _whole(text: str, spoken: str) -> str:
    """Return the name with the one or two words that end it: the domain of "Old Mill Flour Merchants" may be oldmillflour.

    And with what is joined to it before: the domain of "Lathe & Loom" may be loom.
    """
    rest = PART_END.split(text[text.index(spoken) + len(spoken) :])[0]
    if joined := JOINED.search(text[: text.index(spoken)]):
        spoken = joined[1] + spoken
    words = [word for word in TOKEN.findall(rest) if word != "&"]
    belongs = 0 < len(words) <= MOST_MORE and all(word[0].isupper() for word in words) and not PAGES.search(rest)
    return f"{spoken}{rest}".rstrip() if belongs and rest.startswith(" ") else spoken


def _letters(word: str) -> tuple[str, ...]:
    """Return the letters of a word as a domain may have them."""
    return ("and", "und", "et", "") if word == "&" else (LETTERS.sub("", fold(word)),)


def _begins(label: str, part: str) -> bool:
    letters = LETTERS.sub("", fold(part))
    return len(letters) > 3 and 2 * len(letters) >= len(label) and label.startswith(letters)
