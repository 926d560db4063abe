"""Whose words an element holds, by the structure of the page: its owner's, a customer's that are quoted, or about a person.

Here: what an element's name, class and kind of thing say of everything in it, and quotations in plain text. Elsewhere: the walk
that asks (`nodes`), what readers do with words that are not the owner's (`sources`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

ASIDE, QUOTE, PERSON = "aside", "quote", "person"
OWN: frozenset[str] = frozenset()
"""The page's owner speaks, in the middle of the page."""
ASIDES = frozenset("nav header footer".split())
QUOTES = frozenset("blockquote q".split())
WHOLE = frozenset("html body main".split())  # their class names the page, not a part of it
QUOTING = re.compile(
    r"(?:^|[-_\s])(?:testimonials?|testimony|endorsements?|block-?quotes?|pull-?quotes?|(?:customer|client|user)-?(?:quote|stor(?:y|ies)|voice|review)s?"
    r"|kundenstimmen?|kundenmeinung(?:en)?|t[ée]moignages?|testimonios?|testimonianz[ae])(?:$|[-_\s])"
    r"|(?:^|\s)(?:quotes?|(?:customer-?|client-?|google-?)?reviews?)(?:[-_]{1,2}(?:text|body|card|item|wrapper|container|block|content|author|list|slider|section))?(?:\s|$)",
    re.IGNORECASE,
)  # fmt: skip
ASKING = re.compile(
    r"(?:get|request|free|instant)-?(?:a-?)?quote|quote-?(?:form|btn|button|cta)|review-?(?:form|us)", re.IGNORECASE
)
CARD = re.compile(
    r"(?:^|[-_\s])(?:team-?members?|(?:team|staff|person|people|member|employee|bio|author|speaker|founder)-?(?:card|item|profile|tile|box|bio|info|details)"
    r"|staff-?members?|person|h-card|vcard-person|mitarbeiter|ansprechpartner(?:in)?|contact-?person|speaker|author)(?:$|[-_\s])",
    re.IGNORECASE,
)  # fmt: skip
HINT = re.compile(
    "testimon|endorsement|quote|review|stor|voice|kundenst|kundenm|moignage"
    "|team|staff|person|people|member|employee|bio|author|speaker|founder|h-card|mitarbeiter|ansprechpartner"
)
"""What stands in every such name, in lower case: most have none of it, and are not looked at twice."""
KINDS = ((re.compile(r"schema\.org/(?:Review|Quotation)\b"), QUOTE), (re.compile(r"schema\.org/Person\b"), PERSON))
OPEN, CLOSE = '“„«»"‘', '”“»«"’'
SPOKEN = re.compile(
    rf"[{OPEN}]\s*(?P<said>[^{OPEN}{CLOSE}]{{25,}}(?:[{OPEN}{CLOSE}][^{OPEN}{CLOSE}]+){{0,4}})[{CLOSE}]\s*(?P<by>.*)", re.DOTALL
)
BY = re.compile(
    r"(?:[—–―~-]+\s*|,?\s*(?:says|said|explains|recalls|according to|sagt|so|dit|explique|dice)\s+)\S.{1,120}"
    r"|(?:[A-ZÀ-Ž][\w.'’-]+\s){1,3}[A-ZÀ-Ž][\w.'’-]+(?:\s*[,|–—-]\s*.{2,100})?"
)  # fmt: skip
LONGEST_BY = 130
LONGEST_NAME = 300


TELLING = ASIDES | QUOTES
"""Names that say something by themselves."""


def voices(name: str, attributes: Mapping[str, str], inside: str) -> frozenset[str]:
    """Return what an element adds to whose words are in it: aside, quote, person; `inside` names the element around it."""
    if not attributes and name not in TELLING:
        return OWN
    kind, identity, itemtype = (attributes.get(key, "")[:LONGEST_NAME] for key in ("class", "id", "itemtype"))
    return _voices(name, kind, identity, itemtype, inside if name == "header" else "")


@lru_cache(maxsize=20_000)
def _voices(name: str, kind: str, identity: str, itemtype: str, inside: str) -> frozenset[str]:
    """Return what an element with those attributes adds; the same stand all over a website."""
    found = OWN
    if name in ASIDES and inside not in ("article", "section", "li", "main"):
        found = frozenset({ASIDE})
    elif name in QUOTES:
        found = frozenset({QUOTE})
    if name in WHOLE:
        return found
    if itemtype:
        found |= {voice for pattern, voice in KINDS if pattern.search(itemtype)}
    return found | _voices_of(f"{kind} {identity}".strip()[:LONGEST_NAME])


def quotations(texts: Sequence[str], own: str) -> Iterator[int]:
    """Yield the places of the texts that are nothing but somebody's quoted words, with who said them there or in the next.

    Where the one who said them is of the organization itself (`own`: its name in bare lower-case letters), they are its own.
    """
    for place, text in enumerate(texts):
        match = SPOKEN.fullmatch(text) if text[:1] and text[0] in OPEN else None
        if match:
            following = texts[place + 1] if place + 1 < len(texts) else ""
            said_by = match["by"].strip() or following
            theirs = len(said_by) <= LONGEST_BY and BY.fullmatch(said_by)
            if theirs and not (own and own in re.sub(r"[^a-z0-9]", "", said_by.lower())):
                yield place


def _voices_of(named: str) -> frozenset[str]:
    """Return what the class and id of an element say."""
    if not HINT.search(named.lower()):
        return OWN
    quoting = QUOTING.search(named) and not ASKING.search(named)
    return frozenset(voice for voice, says in ((QUOTE, quoting), (PERSON, CARD.search(named))) if says)
