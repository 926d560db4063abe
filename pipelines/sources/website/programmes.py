"""What the organization says it has set out to change: projects, programmes, and years by which it will have.

Here: a named project that is introduced (`what we call Project Low Tide`), a project of its own to replace, introduce or automate
something, a programme of change, a strategy or a promise with a year that lies ahead; only in its own words. Programmes for others
(partners, start-ups, students) are no change of its own, and a date alone is none either. Elsewhere: what this is evidence of
(pipelines/signals.yaml).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import own_among

NAME = r"(?P<name>(?!Manage)[A-Z][\w-]{2,}(?: (?!Manage)[A-Z][\w-]+){0,3})"
NAMED = re.compile(
    rf"\b(?i:what we call|we call it|called|code-?named?|dubbed|under the name|introducing|announcing|launch(?:ed|ing)|kick(?:ed|ing)? off|as part of|namens|unter dem Namen|mit dem Namen|baptisé|llamado|chiamato|genaamd)"
    rf" (?:our |the |das |le |il |het )?(?:“|\"|„|«\s?)?(?P<kind>Project|Programme|Program|Initiative|Projekt|Programm|Projet|Proyecto|Progetto) {NAME}"
)
OWN = r"(?:our|(?:the |our )?board['’]s|unser(?:e[nmrs]?)?|notre|nos|nuestr[oa]s?|il nostro|la nostra|nostr[oa]|onze|ons)"
CHANGES = r"(?:replac|moderni[sz]|migrat|automat|digiti[sz]|digitali[sz]|introduc|consolidat|overhaul|rebuild|renew|upgrad|standardi[sz]|centrali[sz]|streamlin|phas|cut|reduc|retir|mov)[a-z]*"
PROJECT = re.compile(
    rf"\b{OWN} (?:[\w-]+ ){{0,2}}(?P<what>(?:project|programme|program|initiative) to {CHANGES}(?: [\w'’-]+){{1,6}}"
    r"|Projekt (?:zur|zum) (?:Ablösung|Einführung|Digitalisierung|Automatisierung|Modernisierung|Umstellung|Migration|Erneuerung|Vereinheitlichung)(?: [\w-]+){1,5}"
    r"|projet de (?:remplacement|modernisation|migration|numérisation|digitalisation|transformation|automatisation|refonte)(?: [\w'’-]+){1,5}"
    r"|proyecto de (?:sustitución|modernización|migración|digitalización|transformación|automatización|renovación)(?: [\w-]+){1,5}"
    r"|progetto di (?:sostituzione|modernizzazione|migrazione|digitalizzazione|trasformazione|automazione|rinnovo)(?: [\w'’-]+){1,5}"
    r"|project om (?:[\w-]+ ){1,5}te (?:vervangen|moderniseren|automatiseren|digitaliseren|vernieuwen))",
    re.IGNORECASE,
)
STATE = re.compile(
    r" (?:starte[dn]?|starts|startet|began|begins|begann|is|are|was|has|have|had|will|in|by|since|and|which|that|läuft|lief|ist|war|hat|soll|wird|und|seit|est|a|et|es|está|y|è|e|loopt|en|led|geleitet|avance|progresse|continue|avanza|sigue|continua)\b"
)
"""Where the name of what is set out to do ends, and how it stands with it begins."""
PROGRAMME = re.compile(
    rf"\b{OWN} (?:(?:multi-year|new|own|company-wide|group-wide|ongoing|mehrjährig\w*|neue?s?|unternehmensweite?s?) )?"
    r"(?P<what>(?:digital|business|cloud|it|erp|operational|finance|supply chain|cost|efficiency)?[ -]?(?:transformation|moderni[sz]ation|digitali[sz]ation|efficiency|restructuring|cost-saving|investment|decarboni[sz]ation) (?:programme|program|initiative|project|roadmap)"
    r"|Digitalisierungs(?:projekt|programm|strategie|initiative|offensive)|Transformations(?:projekt|programm)|Effizienzprogramm|Investitionsprogramm|Modernisierungsprogramm"
    r"|(?:programme|plan) de (?:transformation|modernisation|digitalisation|numérisation)|plan de (?:transformación|digitalización|modernización)|piano di (?:trasformazione|digitalizzazione)"
    r"|(?:digitaliserings|transformatie|moderniserings|vernieuwings)(?:programma|project))\b",
    re.IGNORECASE,
)
YEAR = r"(?P<year>20[2-9]\d)"
WITH_YEAR = re.compile(YEAR)
AHEAD = (
    re.compile(
        rf"\b(?P<what>(?i:by (?:the end of )?){YEAR},? (?:we|our [\w-]+(?: [\w-]+)?) (?:will|want|aim|plan|intend|expect|are going)\b[^.;:!?]{{4,90}})"
    ),
    re.compile(
        rf"\b(?P<what>(?i:we) (?:will|want to|aim to|plan to|intend to|are going to|have committed to|commit to)\b[^.;:!?]{{4,90}}? by (?:the end of )?{YEAR})\b"
    ),
    re.compile(
        rf"\b(?P<what>(?i:bis (?:Ende |zum Jahr(?:esende)? )?){YEAR} (?:werden|wollen|planen|möchten) wir\b[^.;:!?]{{4,90}}|(?i:wir) (?:werden|wollen|planen)\b[^.;:!?]{{0,20}} bis (?:Ende )?(?P<year2>20[2-9]\d)\b[^.;:!?]{{4,90}})"
    ),
    re.compile(
        rf"\b(?P<what>(?i:d['’]ici (?:à |fin )?){YEAR},? nous\b[^.;:!?]{{4,90}}|(?i:antes de|para|en) (?P<year2>20[2-9]\d),? (?:queremos|vamos a|seremos)\b[^.;:!?]{{4,90}})"
    ),
    re.compile(
        rf"\b(?P<what>(?i:entro il ){YEAR},? (?:vogliamo|saremo|avremo|ridurremo)\b[^.;:!?]{{4,90}}|(?i:tegen|voor|in) (?P<year2>20[2-9]\d) (?:willen|zullen|gaan) (?:we|wij)\b[^.;:!?]{{4,90}})"
    ),
    re.compile(
        rf"\b(?P<what>(?:Strategy|Strategie|Stratégie|Estrategia|Strategia|Roadmap|Vision|Masterplan|Plan) {YEAR})\b(?! [a-z]+ing\b)"
    ),
)
ANY = re.compile("")
KIND = re.compile(r"(?:Project|Programme|Program|Initiative|Projekt|Programm|Projet|Proyecto|Progetto) [A-Z]")
KINDS = tuple(f"{kind} " for kind in "project programme program initiative projekt programm projet proyecto progetto".split())
PROJECTS = (
    "project to ",
    "programme to ",
    "program to ",
    "initiative to ",
    "projekt z",
    "projet de ",
    "proyecto de ",
    "progetto di ",
    "project om ",
)
PROGRAMMES = tuple(
    "transformation moderni digitali efficien effizienz restructuring cost-saving investment decarboni investition numérisation vernieuwings transformatie".split()
)
QUIET = ("legal", "privacy", "imprint", "careers", "customers")
MOST, FARTHEST = 12, 15


class Shape(NamedTuple):
    """How something set out to do is said, what always stands there (in lower case, and as written), and how sure it is then."""

    words: tuple[str, ...]
    hint: re.Pattern[str]
    patterns: tuple[re.Pattern[str], ...]
    sure: float


SHAPES = (
    Shape(KINDS, KIND, (NAMED,), 0.75),
    Shape(PROJECTS, ANY, (PROJECT,), 0.8),
    Shape(PROGRAMMES, ANY, (PROGRAMME,), 0.7),
    Shape(("202", *(f"20{decade}" for decade in range(3, 10))), WITH_YEAR, AHEAD, 0.65),
)


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each project, programme and year, once."""
    stated: dict[str, tuple[Node, float]] = {}
    for block, shapes in _said(page) if page.kind not in QUIET else ():
        for shape in shapes:
            for match in chain.from_iterable(each.finditer(block.text) for each in shape.patterns):
                if value := _value(match, page.capture.fetched_at.year):
                    stated.setdefault(value, (block.part(match[0]), shape.sure))
    for value, (node, sure) in list(stated.items())[:MOST]:
        yield page.fact("programme", node, value, confidence=sure)


def _said(page: Page) -> Iterator[tuple[Node, list[Shape]]]:
    """Yield the organization's own blocks that have a word of any shape, with those shapes; no other can be found there."""
    told: dict[int, list[Shape]] = defaultdict(list)
    for shape in SHAPES:
        for number in page.block_lines.numbers(*shape.words):
            told[number].append(shape)
    for number in sorted(told):
        for block in own_among(page, [number]):
            yield block, [shape for shape in told[number] if shape.hint.search(block.text)]


def _value(match: re.Match[str], this_year: int) -> str | None:
    """Return what it has set out to do, by its name; None where it is for a year that is past or too far ahead."""
    found = match.groupdict()
    if "name" in found:
        return f"{found['kind']} {found['name']}"
    if "year" not in found:
        return STATE.split(found["what"])[0]
    year = int(found["year"] or found["year2"])
    return found["what"].strip() if this_year <= year <= this_year + FARTHEST else None
