"""Whom the organization is looking for.

Here: the titles of open positions listed on careers pages, and their number. Elsewhere: postings on job boards (a source
each), JobPosting data (`structured_data`).
"""

import re
from collections.abc import Iterator

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact

ROLE = re.compile(
    r"\b(?:engineer|developer|programmer|manager|director|analyst|designer|scientist|specialist|consultant|architect|administrator|assistant|coordinator"
    r"|representative|executive|officer|technician|researcher|recruiter|sourcer|accountant|bookkeeper|controller|planner|scheduler|buyer|clerk|driver|operator"
    r"|supervisor|foreman|associate|intern|apprentice|trainee|lead|head of|vp|vice president|strategist|writer|editor|counsel|paralegal|attorney|nurse"
    r"|mechanic|electrician|welder|machinist|plumber|carpenter|installer|agent|partner|advisor|adviser|generalist|merchandiser|producer|copywriter|tester"
    r"|\w*(?:entwickler|leiter|ingenieur|mitarbeiter|sachbearbeiter|referent|techniker|berater|werkstudent|praktikant|disponent|mechaniker|mechatroniker"
    r"|elektriker|elektroniker|schlosser|monteur|verkäufer|assistent|spezialist|manager|einkäufer|buchhalter|fahrer|helfer|planer|meister)(?:[:*/_-]?in(?:nen)?)?"
    r"|\w*(?:kaufmann|kauffrau|kaufleute|fachkraft|auszubildende[rn]?|azubi)"
    r"|ingénieure?|développeu(?:r|se)|responsable|chef(?:fe)? de|technicien(?:ne)?|chargée? d[e']|assistante?|directeur|directrice|commerciale?|comptable|alternante?"
    r"|ingenier[oa]|desarrollador[a]?|gerente|técnic[oa]|director[a]?|analista|comercial|responsabile|sviluppatore|tecnico|addett[oa]|impiegat[oa]"
    r"|ontwikkelaar|medewerker|adviseur|monteur|stagiair)\b",
    re.IGNORECASE,
)  # fmt: skip
SENTENCE = re.compile(
    r"(?<!\b[SJD]r)[.!?:;](?=\s|$)|\b(?:we|our|you|your|the|is|are|us|wir|unser|sie|ihr|ist|sind|nous|notre|vous|votre)\b",
    re.IGNORECASE,
)
# Links that only look like titles: what one is told to do, and things named after the people they are for.
CALL = re.compile(r"(?:find|become|meet|view|see|all|hire|for|why|learn|apply|how|join|explore|read|browse|talk|contact|become|about|search|share|follow)\b", re.IGNORECASE)  # fmt: skip
THING = re.compile(
    r"\b(?:docs|documentation|portal|program|programme|programs|resources|directory|reports?|team|community|platform|api|hub|login|events?|builder|studio|academy"
    r"|news|guide|tools?|services?|solutions?|stories|story|blog|conference|summit|network|center|centre|days?|area|board|leadership|relations|kit|careers?)$",
    re.IGNORECASE,
)  # fmt: skip
PERSON = re.compile(r"(?:[A-ZÀ-Ž][\w'’-]+\s){1,2}[A-ZÀ-Ž][\w'’-]+,\s")
SEPARATOR = re.compile(r"\s+[|–—·•]\s+|\s{2,}")
SHORTEST, LONGEST = 5, 80
MOST = 200


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each opening once, then how many there are. No opening listed says nothing: postings understate."""
    if page.kind != "careers":
        return
    titles = _titles(page)
    for title, node in list(titles.items())[:MOST]:
        yield page.fact("opening", node, title, confidence=0.7)
    if titles:
        yield page.fact("openings", next(iter(titles.values())), str(len(titles)), confidence=0.5)


def _titles(page: Page) -> dict[str, Node]:
    """Return job title -> where it stands; where some titles are links to postings, the others are somebody's own title."""
    found: dict[str, Node] = {}
    for row in page.content:
        title = SEPARATOR.split(row.text)[0].strip(" ,")
        if _is_title(title):
            found.setdefault(title, row)
    links = "\n".join(link.node.text for link in page.links)
    linked = {title: row for title, row in found.items() if title in links}
    return linked or found


def _is_title(text: str) -> bool:
    role = ROLE.search(text) if SHORTEST <= len(text) <= LONGEST and " " in text else None
    if role is None or SENTENCE.search(text) or CALL.match(text) or THING.search(text):
        return False
    person = PERSON.match(text)
    return not (person and role.start() >= person.end())
