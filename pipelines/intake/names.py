"""Names of companies and of people.

Here: a company's name folded for comparison, a person's name in two parts. Elsewhere: folding as such (`folding`).
"""

import re
from functools import lru_cache

from pipelines.intake.folding import CACHE, fold

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
EAST_ASIAN_FORMS = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사|㈜")
TITLES = frozenset("mr mrs ms miss mx sir dame dr prof herr frau mme mlle sr sra srta sig dott ing dipl mag hon rev".split())
AFTER = frozenset("jr sr ii iii iv phd md mba msc bsc esq cpa".split())
PARTICLES = frozenset("van von vom zu zur de der den del della di da do dos du la le ten ter bin al el".split())
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


def _words(company: str) -> list[str]:
    """Return the words of a name, dotted letters joined to one."""
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
    """Return given and family name. The family name is last, with its particles, unless a comma says it comes first.

    >>> split_name("Dr. Ada van der Berg"), split_name("Berg, Ada"), split_name("Cher")
    (('Ada', 'van der Berg'), ('Ada', 'Berg'), (None, 'Cher'))
    """
    family, _, given = full.partition(",")
    if given.strip() and not _is_in(given, AFTER):
        return " ".join(_bare(given.split())) or None, family.strip() or None
    words = _bare(family.split())
    if not words:
        return None, full.strip() or None
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[:start]) or None, " ".join(words[start:])


def _bare(words: list[str]) -> list[str]:
    """Take titles off the front and degrees off the end."""
    while len(words) > 1 and _is_in(words[0], TITLES):
        words = words[1:]
    while len(words) > 1 and _is_in(words[-1], AFTER):
        words = words[:-1]
    return words


def _is_in(word: str, known: frozenset[str]) -> bool:
    return fold(word).replace(" ", "") in known
