"""What others have certified the organization for, by what it says of itself.

Here: certificates and attestations it claims to have, in one spelling each. A certificate named is not one that is held: what is said
of customers, of products that help others get one, or of plans, states nothing. Elsewhere: security, privacy and status pages
(`parts`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from pipelines.lexicon import Lexicon
from pipelines.nodes import Node
from pipelines.page import Page
from pipelines.records import Fact
from pipelines.sources.website.heard import own_among
from pipelines.text import fold
from pipelines.voices import ASIDE

ISO = (
    "3834|9001|13485|14001|14064|15189|16949|17020|17021|17024|17025|17100|18587|19443|20000|20000-1|21001|22000|22163|22301|22716|26000|27001|27017|27018|27701|28000|29990"
    "|37001|37301|41001|42001|45001|50001|55001"
)
NAMES = re.compile(
    rf"\b(?:(?P<iso>(?:DIN[ -])?(?:EN[ -])?ISO(?:[ /-](?:IEC|TS))?[ :-]?(?P<number>{ISO}))(?::(?:19|20)\d\d)?(?![\d-])"
    r"|SOC[ -]?(?P<soc>[123]|I{1,3})(?![\w-])(?:,?[ -](?:[Tt]ype[ -]?)?(?P<type>II|I|(?<=ype )[12]|(?<=ype)[12])\b)?"
    r"|(?P<other>HIPAA|PCI[ -]?DSS|FedRAMP|StateRAMP|GDPR|DSGVO|RGPD|HITRUST|CSA STAR|TISAX®?|Cyber Essentials(?: Plus)?|B[ -]Corp(?:oration)?|BSI C5|IATF 16949|AS ?9100[A-D]?|EN ?9100|EN 1090|EMAS|FSSC 22000"
    r"|HACCP|IFS Food|NEN ?7510|SecNumCloud|IRAP|CMMC|EcoVadis|ISAE 3402|ISAE 3000|SSAE 18|HDS(?=[- ](?:certif|agré)))(?!\w|-(?!(?:[Cc]ompl|[Cc]ert|[Kk]onform|[Zz]ert))))"
)  # fmt: skip
ONE_NAME = {"DSGVO": "GDPR", "RGPD": "GDPR", "PCIDSS": "PCI DSS", "PCI-DSS": "PCI DSS", "B-Corp": "B Corp", "TISAX®": "TISAX", "EN9100": "EN 9100", "NEN7510": "NEN 7510"}  # fmt: skip
NO_CERTIFICATE = frozenset({"GDPR", "HIPAA", "EMAS", "HACCP", "EcoVadis", "CMMC", "IRAP"})
"""Laws, schemes and scores: to name one says nothing, to say that one complies does."""
WORDS = tuple(
    "ISO SOC HIPAA PCI RAMP GDPR DSGVO RGPD HITRUST STAR TISAX Cyber Corp C5 IATF 9100 1090 EMAS FSSC HACCP IFS 7510 Sec IRAP CMMC Eco SSAE ISAE HDS".split()
)
"""One of these stands in every name: most pages and most blocks have none, and are not looked at twice."""
CLAIM = re.compile(
    r"\b(?:certifi(?:ed|cat(?:e|es|ion|ions))|complian(?:t|ce)|attest(?:ed|ation)|accredit(?:ed|ation)|audited|report|achiev(?:e|es|ed)|maintain(?:s|ed)?|awarded|adher(?:e|es)|compl(?:y|ies)|conform(?:s|ant|ity)"
    r"|zertifi(?:ziert\w*|zierung\w*|kat\w*)|konform|erfüll(?:t|en)|auditiert|certifi(?:é\w*|cations?)|conforme|certificad[oa]s?|certificaci(?:ón|ones)|certificat[oaei]|certificazion[ei]|gecertificeerd|certificering|medal|rating)\b",
    re.IGNORECASE,
)  # fmt: skip
OURS = re.compile(
    r"\b(?:we|we['’](?:re|ve)|our|us|(?:the|this) (?:company|group|firm|business)|wir|unsere?[mnrs]?|nous|nos|notre|nuestr[oa]s?|estamos|siamo|nostr[oaie]|abbiamo|wij|onze|ons)\b",
    re.IGNORECASE,
)
NOT_OURS = re.compile(
    r"\b(?:help(?:s|ed|ing)?|enabl(?:e|es|ing)|your|yours|you|customers?|clients?|prepar(?:e|es|ing|ation)|readiness|ready|automat(?:e|es|ed|ing)|guides?|checklist|how to|what is|templates?|webinar|learn|requirements?|require[sd]?|vendors?"
    r"|suppliers?|their|if|working towards?|in progress|plan(?:s|ned|ning)?|pursuing|on track|not|roadmap|soon|upcoming|consult(?:ing|ants?|ancy)?|training|courses?|auditors?|implement(?:ing|ation)|roles?|candidates?|experience|hosted|data cent(?:er|re)s?"
    r"|hilft|helfen|ihre?[mnrs]?|kunden|vorbereitung|beratung|schulung\w*|lieferanten|vos|votre|clients?|aid(?:e|er|ons)|su|sus|ayud(?:a|amos)|clientes|clienti|klanten|uw|jouw|prospects?|startups?|teams?|articles?|news|blog)\b",
    re.IGNORECASE,
)  # fmt: skip
BADGE = re.compile(r"\b(?:badge|logo|icon|seal|stamp|siegel|image|img|picture|mark|certified|certification|certificate|compliant|compliance|compliancy|zertifiziert|type|the|and|und|et|for|by|of|on|in|with|at|our|a|w|bureau|veritas|tüv|süd|dekra)\b", re.IGNORECASE)  # fmt: skip
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
SHORT, BARE = 70, 3
MOST_HERE, FARTHEST = 30, 300
SURE, LIKELY = 0.85, 0.7
PICTURED = ("home", "about", "security", "legal", "contact", "product")


def read(page: Page, _: Lexicon) -> Iterator[Fact]:
    """State each certificate the page claims, once, the surest claim first."""
    pictures = page.attributes("alt", "img") if page.kind in PICTURED else []
    words = _words_in("\n".join(each.text for each in (*page.blocks, *pictures)))
    if not words:
        return
    worded = page.block_lines.numbers(*(word.lower() for word in words))
    named = [block for block in own_among(page, worded) if NAMES.search(block.text)]
    found: dict[str, tuple[Node, float]] = {}
    own = _own_name(page)
    sells = any(NOT_OURS.search(block.text) and not OURS.search(block.text) for block in named)
    for block in named:
        for name, node, confidence in _claims(block, own, page.kind, sells):
            if name not in found or found[name][1] < confidence:
                found[name] = (node, confidence)
    for picture in pictures if not sells else ():
        match = NAMES.search(picture.text) if _words_in(picture.text, words) else None
        if match and _is_bare(picture.text) and (CLAIM.search(picture.text) or _name(match) not in NO_CERTIFICATE):
            found.setdefault(_name(match), (picture, LIKELY))
    for name, (node, confidence) in found.items():
        if not any(other.startswith(f"{name} ") for other in found):  # SOC 2 says less than SOC 2 Type II
            yield page.fact("certification", node, name, confidence=confidence)


def _words_in(text: str, words: Sequence[str] = WORDS) -> list[str]:
    """Return which of the words stand in a text."""
    return [word for word in words if word in text]


def _claims(block: Node, own: re.Pattern[str] | None, kind: str, sells: bool) -> Iterator[tuple[str, Node, float]]:
    """Yield (certificate, where, confidence) of what a block claims for the organization itself."""
    for match in islice(NAMES.finditer(block.text), MOST_HERE):
        sentence = _sentence(block.text, match)
        name = _name(match)
        if NOT_OURS.search(sentence):
            continue
        claims = CLAIM.search(sentence)
        ours = OURS.search(sentence) or (own and own.search(sentence))
        begins = NAMES.match(sentence) or CLAIM.match(sentence)
        if claims and (ours or (begins and kind != "news") or (len(sentence) <= SHORT and kind != "news")):
            yield name, block.part(sentence), SURE
        elif not sells and kind != "news" and name not in NO_CERTIFICATE and ASIDE not in block.voices and _is_bare(sentence):
            yield name, block.part(sentence), LIKELY


def _is_bare(text: str) -> bool:
    """Whether a text is nothing but certificates: a row of badges, or the words of one."""
    rest = BADGE.sub(" ", NAMES.sub(" ", text))
    return len(re.findall(r"\w{2,}", rest)) < BARE and len(text) <= SHORT


def _name(match: re.Match[str]) -> str:
    """Return a certificate in its one spelling: ISO 27001, SOC 2 Type II."""
    if match["iso"]:
        return f"ISO {match['number']}"
    if match["soc"]:
        number = {"I": "1", "II": "2", "III": "3"}.get(match["soc"], match["soc"])
        kind = {"1": "I", "2": "II"}.get(match["type"], match["type"])
        return f"SOC {number} Type {kind}" if kind else f"SOC {number}"
    return ONE_NAME.get(match["other"], match["other"].removesuffix("oration"))


def _sentence(text: str, match: re.Match[str]) -> str:
    """Return the sentence a certificate is named in."""
    begin, end = max(0, match.start() - FARTHEST), match.end() + FARTHEST
    start = max((each.end() for each in SENTENCE_END.finditer(text, begin, match.start())), default=begin)
    after = SENTENCE_END.search(text, match.end(), end)
    return text[start : after.end() if after else end].strip()


def _own_name(page: Page) -> re.Pattern[str] | None:
    """Return what the organization is called in its own sentences: the label of its domain, and its names' first words."""
    label = (urlsplit(page.url).hostname or "").removeprefix("www.").partition(".")[0]
    names = {label, *(each.split()[0] for each in (page.organization.name, *page.organization.names) if each)}
    words = [re.escape(each) for each in names if len(fold(each)) > 2]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None
