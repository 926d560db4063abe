"""A text with amounts in it, cut into what each piece is.

Here: the words around numbers in many languages (over, up to, between, employees), and the pieces. Elsewhere: what they come to
(`numbers`), currencies and magnitudes (`currencies`).
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipelines.intake.currencies import CURRENCY_NEXT, UNIT_WORDS

OVER = """
    over; more than; above; at least; min; minimum; from; starting at; greater than; >; >=; ≥; +; plus; and more; or more
    and up; and above; uber; mehr als; mindestens; ab; und mehr; oder mehr; plus de; superieur a; au moins; et plus; ou plus
    mas de; al menos; o mas; y mas; desde; mais de; pelo menos; ou mais; acima de; oltre; piu di; almeno; e oltre; o piu
    meer dan; minstens; of meer; en meer; vanaf; ponad; powyzej; co najmniej; i wiecej; lub wiecej; mer an; minst; eller fler
    mere end; mindst; eller flere; mer enn; yli; vahintaan; tai enemman; vice nez; pres; nad; a vice; nejmene; or over
    """
UNDER = """
    under; less than; below; up to; at most; max; maximum; fewer than; smaller than; <; <=; ≤; or less; or fewer; unter
    weniger als; bis zu; hochstens; moins de; jusqu a; inferieur a; menos de; hasta; ate; abaixo de; meno di; fino a
    minder dan; tot; maximaal; mniej niz; do; ponizej; mindre an; upp till; mindre end; op til; mindre enn; opp til; alle
    enintaan; mene nez; pod
    """
TO = "- ; – ; — ; ‐; ‑; −; ~to; to; bis; a; à; al; t/m; tot en met; til; till; az; and; und; et; y; e; en; och; og; ..; …"
ABOUT = """
    about; around; approx; approximately; circa; ca; c; ungefahr; rund; etwa; environ; aproximadamente; unos; alrededor de
    cerca de; ongeveer; okolo; ok; omkring; noin; cca; ~; ≈; roughly; est; estimated; between; zwischen; entre; tra; fra
    tussen; miedzy; mellan; mellem; mellom; mezi; from; von; de; da; van; od; fran; p a; per annum; per year; pro jahr; par an
    al ano; all anno; per jaar; year; annual; annually; yearly; in; of; the
    """
PEOPLE = """
    employees; employee; people; persons; staff; fte; ftes; headcount; team members; members; workers; mitarbeiter
    mitarbeitende; mitarbeiterinnen; beschaftigte; personen; ma; vollzeitstellen; angestellte; salaries; salarie; employes
    collaborateurs; personnes; effectif; empleados; trabajadores; personas; funcionarios; colaboradores; pessoas; empregados
    trabalhadores; dipendenti; addetti; collaboratori; persone; unita; medewerkers; werknemers; mensen; pracownikow
    pracownicy; osob; anstallda; medarbetare; personer; ansatte; medarbejdere; medarbeidere; arsverk; henkiloa; hlo; henkilo
    tyontekijaa; zamestnancu; lidi; zamestnanci; emp; empl
    """
ALONE = frozenset(
    word.strip()
    for word in """
    self employed; self-employed; selfemployed; myself only; just me; only me; solo; freelance; freelancer; sole trader
    sole proprietor; selbstandig; selbststandig; einzelunternehmen; einzelunternehmer; independant; auto-entrepreneur
    autonomo; libero professionista; zzp; zzper; one person; one-person; eenmanszaak; samozatrudnienie; egenforetagare
    enskild firma; enkeltmandsvirksomhed; enkeltpersonforetak; yksinyrittaja; osvc; independent
    """.replace("\n", ";").split(";")
    if word.strip()
)
PEOPLE_WORDS = frozenset(filter(None, (word.strip() for word in PEOPLE.replace("\n", ";").split(";"))))


def _word_kinds(**kinds: str) -> dict[str, str]:
    """Return word or phrase -> what kind of word it is."""
    return {word.strip(): kind for kind, words in kinds.items() for word in words.replace("\n", ";").split(";") if word.strip()}


_KINDS = _word_kinds(about=ABOUT, people=PEOPLE, to=TO, over=OVER, under=UNDER)
_MARKS = {kind: "minus" if kind in "-–—‐‑−" else _KINDS[kind] for kind in "- – — ‐ ‑ − > < ≥ ≤ + ~ ≈ … .. >= <=".split()}
NUMBER = r"\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*"


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_UNITS = _any(word for word in UNIT_WORDS if word[0] != "0")
_PIECE = re.compile(
    rf"(?P<number>{NUMBER})"
    r"|(?P<glued>(?<![a-z])(?:t|m|k|mio)(?=(?:eur|usd|chf|gbp|sek|nok|dkk|kr|€|\$|£)(?![a-z])))"
    rf"|(?P<currency>{CURRENCY_NEXT})"
    rf"|(?P<unit>(?:(?<![a-z])|(?<=eur)|(?<=usd)|(?<=gbp)|(?<=chf))(?:{_UNITS})(?![a-z]))"
    rf"|(?P<word>(?<![a-z])(?:{_any(word for word in _KINDS if word[0].isalpha())})(?![a-z]))"
    r"|(?P<mark>>=|<=|\.\.|[><≥≤+~≈…–—‐‑−-])"
    r"|(?P<nothing>[\s.,:;()/*'’]+)"
)
COUNTED = re.compile(rf"(?:{NUMBER})\s*\+?\s*(?:{_any(PEOPLE_WORDS)})(?![a-z])")
"""A number of people anywhere in a sentence."""


class Piece(NamedTuple):
    """A piece of text and its kind: number, unit, currency, people, to, over, under, about, minus or nothing."""

    kind: str
    text: str


def pieces(written: str) -> list[Piece] | None:
    """Return the pieces of a text (lower case, no accents), or None when a part of it is none we know.

    >>> [piece.kind for piece in pieces("over 1.2k employees") or []]
    ['over', 'nothing', 'number', 'unit', 'nothing', 'people']
    """
    found, end = [], 0
    for match in _PIECE.finditer(written):
        if match.start() != end:
            return None
        end = match.end()
        kind, text = match.lastgroup or "nothing", match[0]
        found.append(Piece({"word": _KINDS, "mark": _MARKS}.get(kind, {}).get(text, "unit" if kind == "glued" else kind), text))
    return found if end == len(written) else None
