"""A company's name taken apart, so that two ways to write one name meet and two companies do not.

Here: the other names a name gives away, the words that say little, abbreviations written out, the numbers in it. Elsewhere:
folding (`intake.folding`), legal forms (`intake.names`), how much agreement is worth (`likelihood`).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.domains import registrable
from pipelines.intake.folding import CACHE
from pipelines.intake.names import company_key

SECURITY = frozenset(
    """adr ads gdr gds drn bdr cdi cdr etp etc spon sponsored unsponsored depositary receipt receipts pfd pref preferred ordinary
    ord shs shares units unt reg registered common stock""".split()
)
"""What an exchange hangs on a name: it says which paper it is, never which company."""
SAYS_LITTLE = frozenset(
    """ai io com net org app apps hq xyz the laboratory technology software solution service system group holding international
    global worldwide company and of for de la le les el los das der die gruppe groupe grupo gruppo groep koncern""".split()
)
"""Words a company drops and adds as it pleases, in full; two names that differ only in them may still be two companies."""
HUNG_ON = """get try use join with meet my the go hello hey we team app apps hq io ai labs inc co tech group online web global
    software health usa us uk eu de official company""".split()
SHORTEST_REST = 4
IN_FULL = {
    short: word
    for line in """
    international: intl int internatl intern internacional internationale; technology: tech techs technologies technologie
    brother: bros brothers; manufacturing: mfg manuf; industry: ind inds industries; service: svc svcs services serv
    solution: solutions soln solns; system: systems sys syst; holding: holdings hldg hldgs hld; management: mgmt mgt mngt
    engineering: engg engr; development: devel devt developments; association: assn assoc; associate: associates
    university: univ universitat universite universidad universita; pharmaceutical: pharma pharm pharmaceuticals
    laboratory: labs lab laboratories; financial: finl; investment: inv invt invts investments
    communication: comm comms communications
    telecommunication: telecom telecoms telecommunications; resource: res resources; product: prod prods products
    insurance: ins insur; national: natl nat; american: amer; electric: elec elect; center: centre ctr cntr zentrum
    transport: transportation; enterprise: ent enterprises entp; construction: constr constructions; government: govt
    department: dept; hospital: hosp; property: properties props; group: grp groups; global: glob; material: materials
    chemical: chemicals chem; company: co cie cia; consulting: consultants consultancy; logistic: logistics logistik
    partner: partners
    venture: ventures; network: networks; studio: studios; work: works; saint: st sankt; mount: mt; and: und et og och
    analytic: analytics; robotic: robotics; medical: med; game: games; food: foods; bank: bk; corporation: corp
    """.replace("\n", ";").split(";")
    if ":" in line
    for word, _, shorts in [line.strip().partition(":")]
    for short in shorts.split()
}
_OTHER_NAME = re.compile(
    r"^(?P<name>.+?)(?:[\s,]+[(\[]\s*(?:(?:formerly|previously|prev|ex|fka|aka|now|dba)\b|f/k/a|a/k/a|d/b/a|t/a)"
    r"|[\s,]+(?:(?:formerly|fka|aka|dba|trading as|doing business as|also known as)\b|f/k/a|a/k/a|d/b/a|t/a))"
    r"(?:\s+known\s+as)?[\s.:]*(?P<other>[^()\[\]]+?)[)\]]?\s*$",
    re.IGNORECASE,
)
_GLUED_CLASS = re.compile(r"(?<=[A-Z ])(?:DRN|ADR|GDR)$")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"^(?:i|ii|iii|iv|v|vi|vii|viii|ix|x)$")
_VOWELS = re.compile(r"[aeiouyh]")
_DOUBLED = re.compile(r"(.)\1+")


class Spelling(NamedTuple):
    """One way to write a name: its words that say something, in their order and in full; those that say little; its numbers."""

    core: tuple[str, ...]
    extra: str
    numbers: str
    whole: str
    """All its words as they are, without blanks: how a domain is made of a name."""

    @property
    def letters(self) -> str:
        """Its core without blanks."""
        return "".join(self.core)

    @property
    def skeleton(self) -> str:
        """Its letters without vowels and doubles: what a slip of the pen most often leaves alone."""
        return self.letters[:1] + _DOUBLED.sub(r"\1", _VOWELS.sub("", self.letters[1:]))


def spellings(company: str) -> list[Spelling]:
    """Return how a company's name may be taken: as a whole, and by the other name it gives away. None has no letter or digit.

    >>> [each.letters for each in spellings("Muzz (formerly muzmatch)")], spellings("Acme Intl. Labs")[0].core
    (['muzz', 'muzmatch'], ('acme',))
    """
    found = _OTHER_NAME.match(company)
    names = [found["name"], found["other"]] if found else [company]
    taken = [_spelling(name) for name in names]
    return list(dict.fromkeys(each for each in taken if each is not None))


def spellings_of_domain(domain: str) -> list[Spelling]:
    """Return the name a domain itself has, and what is left of it without what companies hang on when the name is taken.

    >>> [(each.letters, each.extra) for each in spellings_of_domain("get-acme.example")]
    [('getacme', ''), ('acme', 'get')]
    """
    name = (registrable(domain) or domain).partition(".")[0].replace("-", "")
    numbers = " ".join(sorted(_DIGITS.findall(name)))
    rests = [(rest, more) for more in HUNG_ON for rest in (name.removeprefix(more), name.removesuffix(more))]
    shorter = [(rest, more) for rest, more in rests if SHORTEST_REST <= len(rest) < len(name)]
    return [Spelling((rest,), more, numbers, rest) for rest, more in [(name, ""), *shorter]]


@lru_cache(CACHE)
def _spelling(name: str) -> Spelling | None:
    words = company_key(_GLUED_CLASS.sub(" ", name)).split()
    full = [IN_FULL.get(word, word) for word in words if word not in SECURITY] or words
    core = [word for word in full if word not in SAYS_LITTLE] or words
    if not core:
        return None
    numbers = _DIGITS.findall(" ".join(full)) + [word for word in full if _ROMAN.match(word)]
    extra = [word for word in full if word not in core]
    return Spelling(tuple(core), " ".join(sorted(extra)), " ".join(sorted(numbers)), "".join(words))
