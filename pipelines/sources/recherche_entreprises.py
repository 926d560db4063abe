"""What France's register of companies says (SIRENE and others, by the state's search of companies).

Here: companies found by name, for organizations in France, believed by number, or name and town. The register knows no websites, and
French names are not unique. Entrepreneurs on their own are persons and left alone, as is whoever asked not to be shown and whoever
directs a company. Elsewhere: what a second agreement is (`agreement`).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

from pipelines.agreement import Agreement, Candidate, agreement, names_to_ask, numbers_to_ask
from pipelines.lexicon import Lexicon
from pipelines.nodes import Data, Node
from pipelines.page import Page
from pipelines.records import Fact, Organization, Request
from pipelines.source import Source

NAME, HOST = "recherche_entreprises", "recherche-entreprises.api.gouv.fr"
NUMBER = re.compile(r"\d{9}(?:\d{5})?")
ON_THEIR_OWN = "1"
"""How the codes of legal forms begin that are persons."""
SHOWN = "O"
BANDS = dict(
    each.split(":")
    for each in """
    00:0 01:1-2 02:3-5 03:6-9 11:10-19 12:20-49 21:50-99 22:100-199 31:200-249 32:250-499 41:500-999 42:1000-1999 51:2000-4999
    52:5000-9999 53:10000+
    """.split()
)
"""INSEE's codes of how many people are employed; NN says that nobody is known to be."""
STATUS = {"A": "active", "C": "ceased"}
_ASIDE = re.compile(r"\s*\([^()]*\)")


def _search(organization: Organization) -> Iterator[Request]:
    """Ask by the number its own pages give, and by name only where they give none."""
    if organization.country == "FR":
        for asked in numbers_to_ask(organization, NUMBER, 1) or names_to_ask(organization):
            url = f"https://{HOST}/search?q={quote(asked, safe='')}&page=1&per_page=10"
            yield Request(organization.organization_id, NAME, "companies", url)


def _read(page: Page, _: Lexicon) -> Iterator[Fact]:
    results = page.json.need("results")
    companies = [each for each in results if each.need("nom_complet") and _is_company(each)]
    whole = _word(page.json, "total_results") == str(len(results))
    found = agreement(page.organization, [_candidate(each) for each in companies], whole=whole)
    if found:
        yield from _facts(page.read_by(NAME, found.on), companies[found.place], found)


def _is_company(company: Data) -> bool:
    form = _word(company, "nature_juridique")
    return bool(form) and not form.startswith(ON_THEIR_OWN) and _word(company, "statut_diffusion") in ("", SHOWN)


def _candidate(company: Data) -> Candidate:
    """Return the company under its name, its short name, and the one in brackets behind it."""
    whole = _word(company, "nom_complet")
    names = (_word(company, "nom_raison_sociale"), _ASIDE.sub("", whole), _word(company, "sigle"))
    return Candidate(
        names=tuple(dict.fromkeys(name for name in names if name)),
        countries=("FR",),
        cities=tuple(filter(None, (_word(company, "siege", "libelle_commune"),))),
        registrations=tuple(filter(None, (_word(company, "siren"), _word(company, "siege", "siret")))),
        ended=_word(company, "etat_administratif") == "C",
    )


def _facts(page: Page, company: Data, agreed: Agreement) -> Iterator[Fact]:
    sure = agreed.confidence
    found = (
        ("legal_name", company.text("nom_raison_sociale") or company.text("nom_complet")),
        ("registration_number", company.text("siren")),
        ("legal_form", company.text("nature_juridique")),
        ("postcode", company.text("siege", "code_postal")),
        ("city", company.text("siege", "libelle_commune")),
    )
    for name, node in found:
        if node:
            yield page.fact(name, node, confidence=sure)
    if (status := company.text("etat_administratif")) and status.text in STATUS:
        yield page.fact("register_status", status, STATUS[status.text], confidence=sure)
    if (code := company.text("activite_principale")) and (match := re.match(r"\d\d\.\d\d", code.text)):
        yield page.fact("nace", code, match[0], confidence=sure)
    if (since := company.text("date_creation")) and re.fullmatch(r"\d{4}-\d\d-\d\d", since.text):
        yield page.fact("founded_year", since, since.text[:4], confidence=round(sure * 0.9, 3))
    if (band := company.text("tranche_effectif_salarie")) and band.text in BANDS:
        counted = _year(company.text("annee_tranche_effectif_salarie"))
        yield page.fact("employee_band", band, BANDS[band.text], confidence=sure, stated_on=counted)
    if street := _street(company):
        yield page.fact("street", *street, confidence=sure)


def _street(company: Data) -> tuple[Node, str] | None:
    """Return the whole address and the street in it, where the register says which part that is."""
    keys = ("numero_voie", "indice_repetition", "type_voie", "libelle_voie")
    street = " ".join(word for key in keys if (word := _word(company, "siege", key)))
    whole = company.text("siege", "adresse")
    return (whole, street) if whole and street and street in whole.text else None


def _year(node: Node | None) -> date | None:
    """Return the last day of the year the node says."""
    return date(int(node.text), 12, 31) if node and re.fullmatch(r"(19|20)\d\d", node.text) else None


def _word(data: Data, *path: str) -> str:
    node = data.text(*path)
    return node.text if node else ""


def _wants(page: Page) -> bool:
    return page.source == NAME


SOURCE = Source(
    name=NAME,
    description="France's register of companies: SIREN, form, activity, how many people are employed, seat.",
    hosts=HOST,
    terms="Licence Ouverte 2.0; at most 7 requests a second",
    trust=0.9,
    fresh=timedelta(days=30),
    expected_share=0.0,
    states=frozenset(
        {"legal_name", "registration_number", "legal_form", "register_status", "nace", "founded_year", "employee_band"}
        | {"street", "postcode", "city"}
    ),
    wants=_wants,
    read=_read,
    search=_search,
    paces={HOST: 0.5},
)
