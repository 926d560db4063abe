"""What a headline tells of people at the top: the role that changes hands, and never whose.

Here: the role in `… appoints … as Chief Financial Officer`, in the languages we read. Roles are words we know, so that no name can
stand among them. Elsewhere: where headlines and their dates stand (`sources.feeds`, `sources.website.news`), what is made of the
role (pipelines/signals.yaml, sql/core/signal.sql).
"""

import re
from typing import NamedTuple

FIELD = r"(?:financial|finance|executive|technology|technical|operating|operations|marketing|growth|revenue|sales|commercial|product|people|human resources|information security|information|security|data|digital|ai|customer|legal|compliance|risk|strategy|science|scientific|medical|architecture|communications|transformation|innovation)"  # fmt: skip
OF = r"(?:sales|marketing|engineering|product|operations|finance|people|hr|human resources|technology|it|revenue|growth|design|data|ai|research|security|legal|compliance|communications|customer success|customer service|partnerships|supply chain|procurement|quality|digital|digital transformation|strategy|international|europe|emea|apac|americas|north america|japan|india|germany|france|uk)"  # fmt: skip
ROLE = re.compile(
    rf"\b(?:(?:deputy |interim |co-?|group )?(?:chief (?:{FIELD}(?: and {FIELD}| & {FIELD})? )officer|chief of staff|chief (?:scientist|economist|architect)|C[EFTOMIRP]O|CISO|CHRO|CDO|CCO)"
    rf"|(?:(?:senior|executive) )?(?:vice president|VP|SVP|EVP)(?: of {OF}|,? {OF})?|managing director(?: of {OF}|,? {OF})?|general manager(?: of {OF}|,? {OF})?|(?:global )?head of {OF}|director of {OF}"
    r"|general counsel|(?:supervisory |advisory )?board of directors|supervisory board|advisory board"
    r"|(?:Geschäftsführer|Finanzchef|Technikchef|Vertriebschef|Personalchef|IT-Leiter|Vertriebsleiter|Marketingleiter|Werkleiter|Produktionsleiter|Betriebsleiter)(?:in)?|Vorstandsvorsitzende[rn]?|Vorstandschef(?:in)?|Finanzvorstand|Technikvorstand|Vertriebsvorstand|Aufsichtsrat"
    r"|(?:directeur|directrice)(?: (?:générale?|financi(?:er|ère)|commerciale?|techniques?|marketing|des opérations|des ventes|des ressources humaines|industriel(?:le)?))|PDG|président(?:e)?-directeur général"
    r"|(?:director|directora)(?: (?:general|financier[oa]|comercial|técnic[oa]|de operaciones|de marketing|de ventas|de recursos humanos))|consejer[oa] delegad[oa]"
    r"|(?:direttore|direttrice)(?: (?:generale|finanziari[oa]|commerciale|tecnic[oa]|operativ[oa]|vendite|marketing))|amministrat(?:ore delegato|rice delegata)"
    r"|(?:algemeen|financieel|commercieel|technisch|operationeel) directeur|bestuursvoorzitter)\b",
    re.IGNORECASE,
)  # fmt: skip
COMES = re.compile(
    r"\b(?:appoint(?:s|ed|ing|ment)?|nam(?:es|ed|ing)|hire[sd]|welcom(?:es|ed|ing)|promot(?:es|ed|ing)|join(?:s|ed|ing)?|elect(?:s|ed)|succeeds|becomes|takes over as|taps|new|introducing|announc(?:es|ed|ing)(?=.{1,80}\bas )"
    r"|ernennt|ernannt|beruft|berufen|bestellt|verstärkt|wird|neue[rns]?|übernimmt"
    r"|nomm(?:e|é|ée|és)|nomination|rejoint|nouve(?:au|lle)|nombra|nombrad[oa]|ficha|incorpora|nuev[oa]|nomina|nominat[oa]|nuov[oa]|benoemt|benoemd|nieuwe?)\b",
    re.IGNORECASE,
)  # fmt: skip
GOES = re.compile(
    r"\b(?:steps? down|stepping down|depart(?:s|ed|ure)|leav(?:es|ing)|resign(?:s|ed|ation)?|retir(?:es|ed|ing)|verlässt|tritt zurück|scheidet aus|quitte|démissionne|dimite|deja el cargo|si dimette|lascia|vertrekt|treedt af)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"\s*(?:how|why|what|when|meet|ask|interview|wie|warum|comment|pourquoi|cómo|come|hoe|waarom)\b|.*\?\s*$", re.IGNORECASE)  # fmt: skip
NEAR = 90
"""How many letters may stand between what happens and the role."""


class Told(NamedTuple):
    """The role as it is written, and what is told of it: the role alone where somebody takes it on, that it `leaves` else."""

    role: str
    says: str


def leadership(headline: str) -> Told | None:
    """Return the role that changes hands; None where none does.

    >>> leadership("Petra Lindqvist joins Alder & Finch as Chief Financial Officer")
    Told(role='Chief Financial Officer', says='Chief Financial Officer')
    >>> leadership("CFO Petra Lindqvist steps down")
    Told(role='CFO', says='CFO leaves')
    >>> leadership("What our CFO learned")
    """
    if ASKS.match(headline):
        return None
    for role in ROLE.finditer(headline):
        before, after = headline[max(0, role.start() - NEAR) : role.start()], headline[role.end() : role.end() + NEAR]
        if COMES.search(before):
            return Told(role[0], role[0])
        if GOES.search(after) or GOES.search(before):
            return Told(role[0], f"{role[0]} leaves")
    return None
