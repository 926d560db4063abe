"""Names of companies and of people.

Here: a company's name folded for comparison, a person's name in two parts. Elsewhere: folding as such (`folding`).
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from pipelines.intake.folding import CACHE, fold, stated

if TYPE_CHECKING:
    from nameparser import HumanName

# As they look after folding, with dotted letters joined: S.A. is `sa`, Sp. z o.o. is `sp z oo`.
LEGAL_FORMS = frozenset(
    tuple(phrase.split())
    for phrase in """
    inc; incorporated; corp; corporation; co; company; llc; llp; lllp; lp; ltd; limited; plc; pllc; pbc; ulc
    public limited company; limited liability company; limited company; private limited; pvt; pvt ltd; pty; pty ltd; proprietary
    pte; proprietary limited; pvt limited; cic; dac; clg; gmbh; gmbh and co kg; mbh; ggmbh; ag; kg; kgaa; ohg; gbr; ug
    ug haftungsbeschrankt; ev; eg; ek; ekfr; ekfm; se; aktiengesellschaft; gesellschaft mbh; gesmbh; ges mbh; sarl; sa rl; sa
    sas; sasu; snc; sca; scop; eurl; sci; scs; societe anonyme; societe par actions simplifiee; sl; slu; slne; sau
    sociedad anonima; sociedad limitada; sa de cv; sapi de cv; s de rl de cv; de rl de cv; srl de cv; rl de cv; spa; srl; srls
    sapa; scarl; scpa; societa per azioni; societa a responsabilita limitata; soc coop; scrl; sprl; bvba; bv; nv; vof; cv
    cooperatie ua; ltda; limitada; lda; eireli; epp; sgps; unipessoal lda; ab; aktiebolag; hb; kb; as; asa; aps; ivs; amba; oy
    oyj; ab oyj; oy ab; ky; tmi; hf; ehf; ohf; sp z oo; sp zoo; spzoo; spolka zoo; spolka akcyjna; sp k; spk; spj; sp j; sro
    spol s ro; spol sro; vos; kft; zrt; nyrt; doo; dd; ead; eood; ood; sia; uab; ou; mtu; ooo; oao; zao; pao; sh a; shpk; dooel
    kk; gk; kabushiki kaisha; kabushiki gaisha; godo kaisha; bhd; sdn bhd; tbk; pjsc; jsc; ojsc; cjsc; wll; fze; fzco; fz llc
    """.replace("\n", ";").split(";")
    if phrase.strip()
)
LONGEST_FORM = max(len(form) for form in LEGAL_FORMS)
SAME_FORM = {
    "limited": "ltd",
    "limited company": "ltd",
    "private limited": "pvt ltd",
    "pvt limited": "pvt ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "public limited company": "plc",
    "limited liability company": "llc",
    "aktiengesellschaft": "ag",
    "gesellschaft mbh": "gmbh",
    "mbh": "gmbh",
    "ug haftungsbeschrankt": "ug",
    "societe anonyme": "sa",
    "societe par actions simplifiee": "sas",
    "sociedad anonima": "sa",
    "sociedad limitada": "sl",
    "societa per azioni": "spa",
    "societa a responsabilita limitata": "srl",
    "aktiebolag": "ab",
    "limitada": "ltda",
}
"""Legal forms in full -> as they are mostly written."""
EAST_ASIAN_FORMS = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사|㈜")
TITLES = frozenset(
    """
    mr mrs ms miss mx sir madam dame dr prof professor herr frau fraulein mme mlle monsieur madame mademoiselle m sr sra srta
    dna don dona sig sigra signor signora dott dottssa ing dipl diplom mag hon rev dhr mevr mw heer mevrouw pan pani panna ir
    drs mgr bc phdr mudr judr rndr doc hr fr avv arch rag geom lic eng capt col lt med jur rer nat phil oec habil
    """.split()
)
AFTER = frozenset("jr sr ii iii iv phd md mba msc bsc ma ba llm llb esq cpa cfa pmp dds cissp csc ph d mph rn jd fh".split())
PARTICLES = frozenset(
    "van von vom zu zur de der den del della di da do dos das du la le les ten ter te t bin ibn al el af av und y e".split()
)
LONGEST_NAME = 100
_TWO_WORDS = re.compile(r"([^\W\d_]{2,}) ([^\W\d_]{2,}(?:-[^\W\d_]{2,})?)")
_LETTERS = re.compile(r"[^\W\d_]+")
_ODD = TITLES | AFTER | PARTICLES
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BETWEEN_PEOPLE = re.compile(r"(?<=\S)\s*[;|]|\s/\s")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_PLAIN = re.compile(r"[A-Za-z0-9 (),./&+'-]*")
_TO_WORDS = str.maketrans({**dict.fromkeys("(),./-", " "), "&": " and ", "+": " and ", "'": None})
_DOTTED = re.compile(r"(?<!\w)(?:\w[./]\s?)+\w?(?!\w)")
_NO_LETTER = re.compile(r"\W")


@lru_cache(CACHE)
def company_key(company: str) -> str:
    """Return the company folded, legal forms off its end, never empty unless it has no letter or digit at all.

    >>> company_key("Müller & Söhne GmbH & Co. KG"), company_key("Acme S.p.A."), company_key("AG")
    ('muller and sohne', 'acme', 'ag')
    """
    words = _words(company)
    while shorter := _without_form(words):
        words = shorter
    return " ".join(words)


def has_legal_form(company: str) -> bool:
    """Say whether the text ends as only a company's name does: Acme GmbH, Acme Inc."""
    return bool(_without_form(_words(company)))


def legal_form(company: str) -> str:
    """Return the legal form the company's name ends in, folded and short; nothing where it has none.

    >>> legal_form("Acme Anvils Limited"), legal_form("Acme GmbH & Co. KG"), legal_form("Acme")
    ('ltd', 'gmbh and co kg', '')
    """
    form = " ".join(_words(company)[len(company_key(company).split()) :])
    return SAME_FORM.get(form, form)


def _words(company: str) -> list[str]:
    """Return the words of a name, dotted letters joined to one; a plain one takes the short way to the same words."""
    if _PLAIN.fullmatch(company) and not _DOTTED.search(company):
        return company.lower().translate(_TO_WORDS).split()
    joined = _DOTTED.sub(lambda letters: f" {_NO_LETTER.sub('', letters[0])} ", company)
    return (fold(EAST_ASIAN_FORMS.sub(" ", joined)) or fold(joined)).split()


def _without_form(words: list[str]) -> list[str]:
    """Return the words before the legal form that ends them, or nothing when none does or nothing would be left."""
    for length in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        if tuple(words[-length:]) in LEGAL_FORMS:
            rest = words[:-length]
            return rest[:-1] if len(rest) > 1 and rest[-1] == "and" else rest
    return []


@lru_cache(CACHE)
def split_name(full: str) -> tuple[str | None, str | None]:
    """Return given and family name, titles and degrees left out. The family name is last, with its particles, unless a comma says
    that it comes first; a name of one word is a family name, and one in East Asian letters is left whole.

    >>> split_name("Dr. Ada van der Berg, MBA"), split_name("Berg, Ada"), split_name("ADA BERG"), split_name("Cher")
    (('Ada', 'van der Berg'), ('Ada', 'Berg'), ('Ada', 'Berg'), (None, 'Cher'))
    """
    written = stated(_ASIDE.sub("", full[:LONGEST_NAME])) or stated(full[:LONGEST_NAME])
    if written is None:
        return None, None
    plain = _TWO_WORDS.fullmatch(written)
    if plain and not {fold(plain[1]), fold(plain[2])} & _ODD and not written.isupper():
        return plain[1], plain[2]
    if "@" in written or not any(map(str.isalpha, written)):
        return None, None
    first = _BETWEEN_PEOPLE.split(written)[0]
    if _EAST_ASIAN.search(first) or (first.split()[0] in PARTICLES and "," not in first):
        return None, first
    return _parsed(first)


def _parsed(written: str) -> tuple[str | None, str | None]:
    """Return given and family name as the library reads them; what it takes for titles only is a family name."""
    name = _reader()(written)
    given = " ".join(part for part in (name.first, name.middle) if part)
    family = name.last
    if not family:
        given, family = "", given or written
    if written.isupper():
        given, family = _capitals(given), _capitals(family)
    return given or None, family or None


@cache
def _reader() -> "Callable[[str], HumanName]":
    """Return what reads a name in full, knowing our titles; its library takes long to import, and most names need it not."""
    from nameparser import HumanName
    from nameparser.config import Constants

    constants = Constants()
    constants.titles.add(*sorted(TITLES - PARTICLES - {"e", "m", "t", "don"}))
    return partial(HumanName, constants=constants)


def _capitals(name: str) -> str:
    """Return a name in capitals as names are written, particles small: VAN DER BERG is van der Berg."""
    return " ".join(
        word.lower() if word.lower() in PARTICLES else _LETTERS.sub(lambda part: part[0].capitalize(), word)
        for word in name.split()
    )
