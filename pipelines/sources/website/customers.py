"""Whom the organization names as its customers and its partners.

Here: logos in a section headed so, stories about a customer by their address and their words, and who gave a quotation, by company.
Never a person, never the organization itself. Elsewhere: what customers say (`language`), which parts a site has (`parts`).
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.lexicon import Lexicon
from pipelines.nodes import Link, Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.together import Section, sections
from pipelines.text import fold
from pipelines.voices import ASIDE, QUOTE

CUSTOMERS = re.compile(
    r"(?:(?:proudly )?(?:trusted|loved|used|chosen|backed by customers|relied on|preferred) by\b.{0,90}|(?:our|some of our|meet our|selected|key) (?:valued )?(?:customers?|clients?)|customers?|clients?|(?:customers|clients) include.{0,20}"
    r"|(?:who|companies|brands|organi[sz]ations|teams|businesses) (?:we work with|(?:that|who) (?:trust|use|rely on|love|work with)\b.{0,40})|(?:join|powering|helping) .{0,60}(?:companies|teams|businesses|brands|organi[sz]ations|enterprises)\b.{0,40}"
    r"|unsere (?:kunden|referenzen)|(?:ausgewählte )?(?:referenzen|kunden)|(?:diese unternehmen|sie) vertrauen (?:auf )?uns.{0,30}|.{0,40}vertrauen (?:auf )?uns|ils nous font confiance|nos (?:clients|références)|nuestros clientes|conf[ií]an en nosotros"
    r"|i nostri clienti|hanno scelto noi|onze klanten|(?:zij|deze bedrijven) vertrouwen (?:op )?ons)\s*[:…]?",
    re.IGNORECASE,
)  # fmt: skip
PARTNERS = re.compile(
    r"(?:(?:(?:our|key|strategic|technology|integration|channel|solution|certified|trusted|official|selected|meet|featured|service|cloud) ){0,3}partners(?: include.{0,20})?|we partner with.{0,40}|partnering with.{0,40}"
    r"|(?:unsere )?(?:technologie|vertriebs|kooperations|integrations)?-?partner(?:unternehmen)?|nos partenaires|nuestros (?:socios|partners)|i nostri partner|onze partners)\s*[:…]?",
    re.IGNORECASE,
)  # fmt: skip
CUSTOMER_WORDS = tuple(
    """trust love use chosen backed relied rely preferred customer client work join powering helping
    kunden referenzen vertrauen confiance référence nosotros scelto klanten vertrouwen""".split()
)
PARTNER_WORDS = ("partner", "partenaires", "socios")
"""One of these stands in every such heading, in lower case."""
HEADING = 130
STORY = re.compile(r"/(?P<where>(?:our-?)?customers|customer-(?:stor(?:y|ies)|success)|success-stories|clients|case-stud(?:y|ies)|referenzen|kunden|clientes|klanten)/(?P<slug>[\w.%-]+)/?$", re.IGNORECASE)  # fmt: skip
LOGO = re.compile(r"\b(?:(?:company|customer|client|partner|brand)[ _-]*)?logo(?:type|s|mark)?\b|\blogo(?: of| for| von| de)?\b|\.(?:svg|png|jpe?g|webp|gif)$", re.IGNORECASE)  # fmt: skip
DRESS = re.compile(r"\b(?:white|black|gr[ae]y|color(?:ed|ized)?|colour(?:ed)?|dark|light|blue|red|green|orange|full|horizontal|vertical|mono(?:chrome)?|transparent|company|customer|client|on|in|a|version|of|the|small|large|icon|image|img|svg|png|final|updated|new|v?\d{1,2}x?\d*)\b", re.IGNORECASE)  # fmt: skip
NAME = re.compile(r"(?=.*[^\W\d_])[\w&][\w&.,+!'’/ -]{0,38}[\w.!)+]|[A-Z]{2}")
GENERIC = frozenset(
    """customer customers client clients partner partners image picture photo icon logo logos brand company companies arrow play close menu background banner hero person avatar quote star stars rating reviews video
    thumbnail screenshot illustration graphic badge award headshot profile left right next previous slide slider all more overview home blog stories story case study studies success category categories industry industries
    enterprise enterprises startup startups small business smb healthcare finance financial services education retail manufacturing government technology media marketing sales support engineering legal insurance banking
    nonprofit nonprofits agencies agency energy telecom travel hospitality automotive gaming logistics software saas construction consulting ecommerce e-commerce real estate g2 capterra gartner forrester trustpilot
    crunchbase trustradius linkedin twitter x facebook youtube instagram github discord slack-community forbes techcrunch bloomberg wired iso soc hipaa gdpr visa-mastercard mastercard visa paypal flag map
    form page search products product solutions platform pricing testimonials testimonial references reference referenzen kunden results submit library archive featured team teams developers people read learn
    security compliance trust overview data automation analytics research design operations hr it public sector life sciences high tech account contact login logout register orders service portal center wishlist my us faq""".split()
)  # fmt: skip
COMPANY = re.compile(r"\b(?:inc|ltd|llc|gmbh|ag|bank|group|gruppe|health|labs?|technolog\w+|systems?|university|hospital|insurance|capital|partners|co|corp|company|media|foods?|airlines?|motors?|energy|software|solutions|services|studios?|games|global|international|digital|networks?|security|&)\b|&", re.IGNORECASE)  # fmt: skip
TWO_WORDS = re.compile(r"[A-ZÀ-Ž][a-zß-ÿ'’]+ (?:[A-Z]\.? )?[A-ZÀ-Ž][\w'’-]+\.?")
MANY_PERSONS, MOSTLY = 0.4, 0.6
TITLE = re.compile(
    r"\b(?:ceo|cto|cfo|coo|cmo|cio|ciso|cpo|founder|co-?founder|president|vp|vice president|head|director|manager|lead|engineer|developer|officer|owner|partner|chief|analyst|architect|designer|scientist|specialist|geschäftsführer(?:in)?|leiter(?:in)?|inhaber(?:in)?|directeur|directrice|responsable|gerente)\b",
    re.IGNORECASE,
)  # fmt: skip
AT = re.compile(r"^(?P<title>[^@.!?]{2,70}?)(?:\s(?:at|bei|chez)\s|\s?@\s?)(?P<company>[A-Z0-9À-Ž][\w&.'’-]*(?: (?:&|of|de|and|und|[A-Z0-9À-Ž][\w&.'’-]*)){0,3})$")  # fmt: skip
ELSE = re.compile(r"[,…]|\.\.\.|^(?:the|an?|how)\s", re.IGNORECASE)
LINKING = frozenset("of and de for the und et y di du del la le van von".split())
MOST_WORDS, MOST_SMALL = 4, 2
KINDS = ("home", "customers", "product", "pricing", "about", "partners")
MOST, MOST_HEADS, MOST_PICTURES, FEWEST_LOGOS, FEWEST_FURTHER = 40, 10, 1000, 3, 3


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each customer and partner once a page."""
    if page.kind not in KINDS:
        return
    seen: set[tuple[str, str]] = set()
    for name, value, node, confidence in _named(page):
        key = (name, fold(value))
        if key not in seen and len(seen) < MOST and not _is_own(value, page):
            seen.add(key)
            yield page.fact(name, node, value, confidence=confidence)


def _named(page: Page) -> Iterator[tuple[str, str, Node, float]]:
    """Yield (property, name, where, confidence) of whom the page names."""
    for link in page.links:
        if (match := STORY.search(link.url.partition("?")[0])) and (found := _of_story(link, match)):
            yield "customer", *found
    heads = [(row, "customer") for row in page.row_lines.having(*CUSTOMER_WORDS) if _is_head(row, CUSTOMERS)]
    heads += [(row, "partner") for row in page.row_lines.having(*PARTNER_WORDS) if _is_head(row, PARTNERS)]
    if heads:
        kinds = {row.locator: kind for row, kind in heads}
        pictures = [each for each in page.attributes("alt", "img")[:MOST_PICTURES] if ASIDE not in each.voices]
        for section in sections([row for row, _ in heads[:MOST_HEADS]], pictures, page.select("h1, h2, h3")):
            yield from _logos(section, kinds[section.heading.locator])
    if page.kind in ("home", "customers", "product", "pricing"):
        for row in page.row_lines.having(" at ", " bei ", " chez ", "@"):
            if QUOTE in row.voices and (match := AT.match(row.text)) and TITLE.search(match["title"]):
                yield "customer", match["company"], row, 0.65


def _is_head(row: Node, said: re.Pattern[str]) -> bool:
    return len(row.text) <= HEADING and bool(said.fullmatch(row.text)) and ASIDE not in row.voices


def _logos(section: Section, kind: str) -> Iterator[tuple[str, str, Node, float]]:
    """Yield whom the logos of a section stand for; a picture that only has a name may be a person's, and is not believed among such."""
    logos = [(picture, _logo_name(picture.text)) for picture in section.nodes]
    said = {picture.text for picture in section.nodes}
    bare = {name for picture, name in logos if name and not LOGO.search(picture.text)}
    persons = sum(1 for name in bare if TWO_WORDS.fullmatch(name))
    logo_like = len({name for _, name in logos if name}) >= MOSTLY * len(said)
    believed = logo_like and len(bare) >= FEWEST_LOGOS and persons <= MANY_PERSONS * len(bare)
    for picture, name in logos:
        told = bool(LOGO.search(picture.text))
        if name and (told or (believed and (COMPANY.search(name) or not TWO_WORDS.fullmatch(name)))):
            yield kind, name, picture, 0.75 if told else 0.65


def _logo_name(text: str) -> str:
    """Return the name that the words of a logo say, or nothing where they say none.

    >>> _logo_name("Cisco Blue Logo"), _logo_name("logo"), _logo_name("elise ai gray logo"), _logo_name("A man at a desk, smiling")
    ('Cisco', '', 'elise ai', '')
    """
    told = bool(LOGO.search(text))
    rest = LOGO.sub(" ", text)
    if told:
        rest = DRESS.sub(" ", re.sub(r"[_-]+", " ", rest) if " " not in text.strip() else rest)
    name = re.sub(r"\s+", " ", rest).strip(" -–—_|:,.'’")
    words = name.split()
    if not NAME.fullmatch(name) or len(words) > MOST_WORDS or ELSE.search(text) or set(fold(name).split()) <= GENERIC:
        return ""
    small = [each for each in words if each[0].islower() and each not in LINKING]
    return name if len(small) <= (MOST_SMALL if told else 0) or len(words) == 1 else ""


def _of_story(link: Link, match: re.Match[str]) -> tuple[str, Node, float] | None:
    """Return the customer that a link to its story names: by the words of its address, as the link's own words spell them."""
    words = [each for each in re.split(r"[-_+.]|%20", match["slug"].lower()) if each]
    text = link.node.text
    if not 0 < len(words) <= 3 or not text or set(words) <= GENERIC or words[0] in GENERIC:
        return None
    spelled = re.search(r"(?<!\w)" + r"[\s.&+'’-]{0,3}".join(map(re.escape, words)) + r"(?![\w-])", text, re.IGNORECASE)
    if spelled is None or not any(each.isupper() or each.isdigit() for each in spelled[0]):
        return None
    further = len(re.findall(r"\w{2,}", text)) - len(re.findall(r"\w{2,}", spelled[0]))
    named = further >= FEWEST_FURTHER or (not further and len(words) == 1 and "case" not in match["where"].lower())
    return (spelled[0], link.node, 0.8 if further else 0.65) if named else None


def _is_own(name: str, page: Page) -> bool:
    """Whether a name is the organization's own."""
    label = (urlsplit(page.url).hostname or "").removeprefix("www.").partition(".")[0]
    letters = re.sub(r"[^a-z0-9]", "", fold(name))
    owned = {re.sub(r"[^a-z0-9]", "", fold(each)) for each in (label, page.organization.name or "", *page.organization.names)}
    if not letters or owned & set(fold(name).split()):
        return True
    return any(each and (letters.startswith(each) or each.startswith(letters)) for each in owned)
