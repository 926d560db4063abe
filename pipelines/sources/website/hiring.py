"""Whom the organization is looking for.

Here: the titles of open positions that its pages list, how many they are, and which departments they stand under. Elsewhere: the
job board it posts on (`boards`), what is a title (`titles`), postings on boards (a source each), JobPosting data
(`structured_data`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.lexicon import Lexicon
from pipelines.nodes import Link, Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.boards import boards, is_posting
from pipelines.sources.website.titles import DEPARTMENT, is_call, is_named, is_title, title_in
from pipelines.voices import PERSON, QUOTE

OWN_POSTING = re.compile(
    r"/(?:jobs?|careers?|positions?|openings?|open-(?:positions|roles|jobs)|vacanc(?:y|ies)|roles?|job-?openings?|joboffers?|job-?postings?|jobangebote?|stellen?(?:angebote?|anzeigen?)?"
    r"|karriere|offres?(?:-d-?emplois?)?|emplois?|recrutement|empleos?|ofertas?(?:-de-empleo)?|lavora-con-noi|posizioni(?:-aperte)?|vacatures?|werken-bij)/[^/?#]+",
    re.IGNORECASE,
)  # fmt: skip
OPEN = re.compile(
    r"(?:(?:our|all|current|currently|see|view|browse|latest|featured|explore|job|the|unsere|aktuelle|nos|nuestras|ofertas)\s+){0,2}(?:open(?:ings)?|open (?:positions?|roles?|jobs?|vacancies)|(?:job |current )?openings?"
    r"|job (?:opportunities|listings|offers)|vacancies|available (?:positions|jobs|roles)|now hiring|we(?:'|’)?(?: a)?re (?:currently )?(?:hiring|looking for)|positions|jobs|roles"
    r"|(?:offenen? |freien? )?stellen(?:angebote|anzeigen)?|jobangebote|wir suchen|offres d['’]emploi|postes (?:ouverts|à pourvoir)|empleos?|vacantes|puestos|posizioni aperte|vacatures|openstaande functies)"
    r"(?:\s+(?:at|bei|chez|en|bij|in)\s.{2,40})?(?:\s*\(\d+\))?\s*[:!↓]?",
    re.IGNORECASE,
)  # fmt: skip
CLOSED = re.compile(
    r"(?:(?:our|your|meet|the|unsere|ihre|deine|nos)\s+){0,2}(?:benefits?|perks|values|principles|team|teams|leadership|culture|faqs?|process|hiring process|interview process|locations|offices|story"
    r"|testimonials|news|blog|employees|people|contact(?: us)?|follow us|internal applicants|vorteile|werte|standorte|kontakt|ansprechpartner(?:in)?|avantages|valeurs|valores|beneficios)\b.{0,30}",
    re.IGNORECASE,
)  # fmt: skip
NUMBER = re.compile(
    r"(?:(?:view|see|browse|explore|show|all|our|we (?:currently )?have|currently|there are)\s+){0,4}(?P<before>\d{1,4})\s+(?:(?:open|current|available)\s+)?(?:positions?|roles?|jobs?|vacanc(?:y|ies)|openings?|job openings?|offene (?:stellen|jobs)"
    r"|stellenangebote|postes ouverts|offres d['’]emploi|vacantes|ofertas de empleo|posizioni aperte|vacatures)(?: available| open)?[.!]?"
    r"|(?:(?:all|our|current)\s+)?(?:open (?:positions|roles|jobs)|current openings|job openings|openings|vacancies|offene stellen|stellenangebote|jobs)\s*\((?P<after>\d{1,4})\)",
    re.IGNORECASE,
)  # fmt: skip
NONE = re.compile(
    r"\b(?:(?:no|not have any|don['’]t have any|aren['’]t any|are not any) (?:current(?:ly)? |open |available |job |vacant ){0,3}(?:positions|openings|vacancies|opportunities|roles|jobs|job openings)\b.{0,60}\b(?:at (?:this|the) (?:time|moment)|currently|right now|at present|present)"
    r"|(?:currently|at (?:this|the) (?:time|moment),?|at present,?|right now,?)\b.{0,30}\bno (?:open |available |current |job ){0,2}(?:positions|openings|vacancies|roles|jobs)"
    r"|(?:derzeit|momentan|zurzeit|aktuell)\b.{0,40}\bkeine (?:offenen |freien |vakanten )?(?:stellen|positionen|jobs|vakanzen)"
    r"|aucun (?:poste|emploi) (?:ouvert|disponible|à pourvoir)|aucune offre d['’]emploi (?:disponible )?(?:actuellement|pour le moment)"
    r"|(?:actualmente|en este momento),? no (?:hay|tenemos) (?:vacantes|puestos|ofertas)|al momento non ci sono posizioni|momenteel geen (?:openstaande )?vacatures)\b",
    re.IGNORECASE,
)  # fmt: skip
FILTERED = re.compile(r"\b(?:match(?:es|ing)?|criteria|filters?|search(?:ed)?|selected|this (?:department|location|team|category)|suche|filtre|recherche)\b", re.IGNORECASE)  # fmt: skip
MORE = re.compile(
    r"(?:load|show|see|view) more|next(?: page)?|[›»>]|(?:load|show|view|see|browse|explore) (?:all|more|full|every)\b.{0,40}|mehr (?:laden|anzeigen)|alle (?:stellen|jobs)(?:angebote)?(?: anzeigen)?|voir (?:plus|toutes).{0,40}"
    r"|(?:featured|latest|highlighted|selected|top|hot) (?:roles|jobs|positions|openings)",
    re.IGNORECASE,
)  # fmt: skip
NUMBERED = re.compile(r"/(?:jobs?|positions?|openings?|vacanc(?:y|ies)|stellen\w*|jobangebote?|vacatures?)/[^/]+$", re.IGNORECASE)
"""Addresses of postings that nothing else has; below /careers/ much is explained."""
LISTING = ("careers", "about", "home")
NEAR = 4
"""How many lines above a link that only says `Apply` its title may stand."""
SEVERAL = 2
MOST, LONGEST_NUMBER, LONGEST_NONE = 200, 60, 240


@dataclass(frozen=True, slots=True)
class Posting:
    """An open position: its title, the line that says it, the place of that line on the page, and its own address."""

    title: str
    row: Node
    place: int
    url: str


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State the job board, each opening once, how many there are and where. No opening listed says nothing."""
    yield from boards(page)
    if page.kind not in LISTING:
        return
    rows = page.content
    listed = _linked(page, rows) or (_unlinked(rows) if page.kind == "careers" else [])
    titles = {posting.title: posting for posting in reversed(listed[:MOST])}
    for title, posting in reversed(titles.items()):
        yield page.fact("opening", posting.row, title, confidence=0.8 if posting.url else 0.65)
    yield from _departments(page, rows, listed)
    if page.kind == "careers":
        yield from _number(page, rows, listed)


def _linked(page: Page, rows: list[Node]) -> list[Posting]:
    """Return what links to postings say, each posting once; on other pages than careers only those on a board count."""
    links = [link for link in page.links if _leads_to_posting(link, page)]
    lines = _lines(links, rows) if links else []
    taken = {place for _, several in lines for place, _ in several}
    found: dict[str, Posting] = {}
    for link, several in lines:
        url = _address(link.url)
        posting = _posting(rows, several, taken, url) if url not in found else None
        if posting:
            found[url] = posting
    return list(found.values())


def _leads_to_posting(link: Link, page: Page) -> bool:
    leads = is_posting(link.url) or (page.kind == "careers" and OWN_POSTING.search(link.url))
    return bool(leads) and not link.node.voices & {QUOTE, PERSON}


def _address(url: str) -> str:
    """Return a posting's address without what only says where one came from."""
    return url if "jid=" in url or "job_id=" in url.lower() else url.partition("?")[0].rstrip("/")


def _lines(links: list[Link], rows: list[Node]) -> list[tuple[Link, list[tuple[int, Node]]]]:
    """Return for each link the lines in it, or the link itself at the place of the line it is a part of."""
    at: dict[str, int] = {}
    inside: dict[str, list[tuple[int, Node]]] = {}
    around = {link.node.locator for link in links}
    for place, row in enumerate(rows):
        at[row.locator] = place
        if locator := next((each for each in _upwards(row.locator) if each in around), None):
            inside.setdefault(locator, []).append((place, row))
    found: list[tuple[Link, list[tuple[int, Node]]]] = []
    for link in links:
        above = next((at[each] for each in _upwards(link.node.locator) if each in at), None)
        alone = [] if above is None else [(above, link.node)]
        found.append((link, inside.get(link.node.locator, alone)))
    return [(link, several) for link, several in found if several]


def _upwards(locator: str) -> Iterator[str]:
    """Yield a place, and the places around it, one by one."""
    while locator:
        yield locator
        locator = locator.rpartition(" > ")[0]


def _posting(rows: list[Node], lines: list[tuple[int, Node]], taken: set[int], url: str) -> Posting | None:
    """Return what a link to a posting is called: by its own first line or, where it only says `Apply`, by the lines above."""
    known = is_posting(url)
    first = lines[0][0]
    for place, row in lines:
        text = title_in(row.text)
        if is_title(text) or (known and place == first and is_named(text)):
            return Posting(text, row, place, url)
    if not is_call(lines[0][1].text):
        return None
    for place in range(first - 1, max(-1, first - 1 - NEAR), -1):
        if place in taken:
            return None
        if is_title(text := title_in(rows[place].text)):
            return Posting(text, rows[place], place, url)
    return None


def _unlinked(rows: list[Node]) -> list[Posting]:
    """Return the titles under a heading that says that these are open; somebody's own title is under another one."""
    found: list[Posting] = []
    listing = False
    for place, row in enumerate(rows):
        if OPEN.fullmatch(row.text):
            listing = True
        elif CLOSED.fullmatch(row.text):
            listing = False
        elif listing and not row.voices & {QUOTE, PERSON} and is_title(text := title_in(row.text)):
            found.append(Posting(text, row, place, ""))
    return list({posting.title: posting for posting in reversed(found)}.values())[::-1]


def _departments(page: Page, rows: list[Node], listed: list[Posting]) -> Iterator[Fact]:
    """State the departments whose name stands right above postings."""
    seen: set[str] = set()
    titles = {posting.place for posting in listed}
    for place in sorted(titles) if len(titles) > 1 else ():
        for above in (place - 1, place - 2):
            row = rows[above] if above >= 0 and above not in titles else None
            if row and DEPARTMENT.fullmatch(row.text):
                if row.text.lower() not in seen:
                    seen.add(row.text.lower())
                    yield page.fact("opening_department", row, confidence=0.75)
                break


def _number(page: Page, rows: list[Node], listed: list[Posting]) -> Iterator[Fact]:
    """State how many openings there are: what the page says, else how many it lists, where it does not hold back others."""
    stated = {next(each for each in match.groups() if each): row for row, match in _numbers(rows)}
    if len(stated) == 1 and (number := next(iter(stated))) and int(number) >= len(listed) and int(number) > 0:
        yield page.fact("openings", stated[number], str(int(number)), confidence=0.8)
    elif _is_whole(rows, listed):
        yield page.fact("openings", listed[0].row, str(len(listed)), confidence=0.6 if listed[0].url else 0.5)
    elif not listed and not any(is_posting(link.url) for link in page.links):
        none = (row for row in rows if len(row.text) <= LONGEST_NONE and NONE.search(row.text) and not FILTERED.search(row.text))
        if row := next(none, None):
            yield page.fact("openings", row, "0", confidence=0.7)


def _is_whole(rows: list[Node], listed: list[Posting]) -> bool:
    """Whether what a page lists are the openings, not some of them, or descriptions of jobs there may be one day."""
    numbered = [each for each in listed if is_posting(each.url) or NUMBERED.search(each.url)]
    sure = len(numbered) >= SEVERAL or (bool(listed) and any(OPEN.fullmatch(row.text) for row in rows))
    return sure and not any(MORE.fullmatch(row.text) for row in rows)


def _numbers(rows: list[Node]) -> Iterator[tuple[Node, re.Match[str]]]:
    for row in rows:
        if len(row.text) <= LONGEST_NUMBER and (match := NUMBER.fullmatch(row.text)):
            yield row, match
