"""What people call the fields of a lead, in the main European languages.

Here: the fields, and the words that say which one a heading is, folded; the long lists lie in synonyms.yaml, those that say it
best first. Elsewhere: how a heading is compared with them (`headings`).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Field = Literal[
    "company",
    "website",
    "email",
    "first_name",
    "last_name",
    "full_name",
    "job_title",
    "phone",
    "country",
    "city",
    "channel",
    "campaign",
    "noted_on",
    "industry",
    "employees",
    "revenue",
    "founded",
    "street",
    "postcode",
    "region",
    "linkedin",
    "person_linkedin",
    "description",
    "note",
]
FIELDS: tuple[Field, ...] = get_args(Field)
SYNONYMS = Path(__file__).with_name("synonyms.yaml")


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.replace("\n", ";").split(";") if phrase.strip())


def words() -> Mapping[Field, tuple[str, ...]]:
    """Return the phrases for each field, best first."""
    content = yaml.load(SYNONYMS.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe, in C
    return {field: tuple(phrase.strip() for phrase in content[field].split(";")) for field in FIELDS}


@cache
def synonyms() -> Mapping[str, tuple[Field, int]]:
    """Return phrase -> field and rank, 0 being the phrase that says it best."""
    return {phrase: (field, rank) for field, phrases in words().items() for rank, phrase in enumerate(phrases)}


# Words that people and databases cut short.
ABBREVIATIONS: Mapping[str, str] = dict(
    pair.split(":")
    for pair in """
    addr:address adr:address nm:name num:number nbr:number cntry:country ctry:country cd:code co:company corp:corporate
    org:organization emp:employees emps:employees empl:employees tel:telephone biz:business 1st:first cust:customer
    acct:account acc:account cnt:count rev:revenue rgn:region ctc:contact desc:description ind:industry pos:position
    fon:telefon mob:mobile ansprechp:ansprechpartner
    """.split()
)
# A person's or a company's, depending on what stands beside them and in them.
NAME_WORDS = _phrases("name; names; nom; noms; nombre; nome; naam; namn; navn; nimi; nazwa; nazev; jmeno")
# A job's title or an academic one, or the name of a company.
TITLE_WORDS = _phrases("title; titel; titre; titulo; titolo; tittel; tytul; titul; otsikko")
# A person, an e-mail address or a telephone number: what is in the column decides.
CONTACT_WORDS = _phrases(
    """contact; contacts; kontakt; kontakte; contacto; contatto; contato; contact info; contact details; contact information
    kontaktdaten; kontaktinfo; coordonnees; yhteystieto; yhteystiedot; contactgegevens; datos de contacto; contatti
    dane kontaktowe; kontaktuppgifter; kontaktoplysninger; kontaktni udaje"""
)
# A profile on LinkedIn, of a company or of a person: what is in the column decides.
LINKEDIN_WORDS = _phrases("linkedin; linkedin url; linkedin profile; linkedin link; linkedin address; url linkedin; li url")
# Words that only say whose field it is: `HQ country`, `company_city`, `Work e-mail`, `Primary phone`.
OF_COMPANY = frozenset(
    """
    hq headquarters headquarter company business firm corporate account organization organisation office firmen unternehmens
    entreprise societe empresa azienda bedrijfs bedrijf firma foretag virksomhed bedrift yritys yrityksen firmy spolecnosti
    registered exhibitor aussteller visiting sede siege sitz employer
    """.split()
)
QUALIFIERS = OF_COMPANY | frozenset(
    """
    ship bill sold to work primary main contact lead customer client your the person prospect geschaftlich billing mailing
    visitor attendee default preferred current actual full latest original official public verified valid raw clean cleaned
    normalized value member user guest delegate participant badge scanned shipping buyer applicant candidate respondent direct
    general de du des la le les l d del della dell do da dos das der die van het of for zum zur im in a an kontakt contacto
    contatto contato ansprechpartner zakelijk aziendale pro professionnel professionnelle sluzbowy pracovni
    """.split()
)
# An address that is written to, not lived at.
SECOND_BEST = frozenset(
    "ship bill sold billing mailing shipping rechnungs liefer facturation facturacion fatturazione secondary other".split()
)
# What flattened JSON and forms put around a name, and what questions are made of.
AROUND = frozenset(
    """
    properties property attributes attribute fields field data item items element record records values value node result
    results object entity info details detail default 0 1 content payload row text versions custom form answer answers
    question what which who where is are s please enter provide select give us tell your you name's whats do does have has how
    many wie lautet ist ihr ihre ihren bitte geben sie ein an welche welches welcher nennen quel quelle est votre vos veuillez
    saisir indiquer indiquez renseigner cual es su tu por favor indique introduzca qual e il tuo la tua suo sua inserisci seu
    informe wat uw je vul vad ar din ditt hvad er dit hva jaka jest twoj twoja million millions mio mn mln mrd bn billion
    billions milliarden millionen milliards k m thousand thousands tsd tausend 000 000s eur euro euros usd dollar dollars gbp
    chf sek nok dkk pln czk inr teur meur musd mkr tkr approx estimate estimated printed ca circa annual p range band utc
    for work required optional mandatory pflichtfeld pflichtangabe obligatoire obligatorio obbligatorio verplicht
    """.split()
)
# Somebody else: our own people, or another organization. Nothing in the column can make it the lead's.
SOMEBODY_ELSE = _phrases(
    """
    owner; owners; owned by; created by; createdby; modified by; updated by; added by; assigned to; assignee; assigned; sdr
    bdr; ae; csm; account manager; account executive; sales rep; sales representative; sales person; salesperson; rep
    rep name; scanned by; captured by; entered by; imported by; submitted by; referred by; referrer; recruited by
    last contacted by; converted by; changed by; uploaded by; handled by; relationship manager; customer success manager
    lead owner; teammate; our contact; internal contact; host; scanner; booth staff; assistant; spouse; reports to; manager
    besitzer; inhaber des datensatzes; zustandig; zustandiger; sachbearbeiter; betreuer; kundenbetreuer; vertriebsmitarbeiter
    verantwortlich; verantwortlicher; erstellt von; angelegt von; erfasst von; geandert von; bearbeiter; standpersonal
    proprietaire; cree par; modifie par; commercial; charge de compte; attribue a; assigne a; saisi par; gestionnaire
    propietario; creado por; modificado por; asignado a; comercial; gestor; vendedor; proprietario; criado por; atribuido a
    proprietario del contatto; creato da; modificato da; assegnato a; commerciale; venditore; eigenaar; aangemaakt door
    accountmanager; toegewezen aan; gewijzigd door; wlasciciel; utworzone przez; utworzony przez; opiekun; handlowiec; agare
    skapad av; ansvarig; saljare; ejer; oprettet af; ansvarlig; saelger; eier; opprettet av; selger; omistaja; luonut
    vastuuhenkilo; myyja; vlastnik; vytvoril; obchodnik; parent; ultimate parent; previous; prior; former; past; ex; old
    subsidiary; subsidiaries; subsidiary of; acquired by; acquirer; competitor of; alternative; investor; investors
    select investors; auditor; muttergesellschaft; konzern; konzernmutter; fruher; fruherer; ehemalig; vorherige
    mutterunternehmen; tochtergesellschaft; maison mere; societe mere; precedent; ancienne; groupe; empresa matriz; matriz
    anterior; capogruppo; precedente; controllante; moederbedrijf; moedermaatschappij; vorige; spolka matka; poprzedni
    moderbolag; tidigare; moderselskab; tidligere; morselskap; emoyhtio; edellinen; materska spolecnost; predchozi
    """
)
# Something else: a heading with one of these words is no field by what is in it, and no question of taste.
SOMETHING_ELSE = _phrases(
    """
    fax; telefax; fax number; faxnummer; status; type; types; score; scoring; grade; rating; rank; ranking; id; ids; uuid
    guid; isin; cusip; figi; lei; ticker; symbol; mic; exchange; vat; vat id; ust id; siren; siret; nif; cif; piva; kvk; naf
    ape; sic; naics; duns; valuation; funding; raised; round; market cap; marketcap; capitalization; currency; price; amount
    deal; deals; budget; stage; stages; lifecycle; pipeline; tag; tags; keyword; keywords; technologies; technology
    tech stack; salutation; anrede; civilite; tratamiento; tratamento; aanhef; zwrot; tilltal; oslovovani; osloveni; puhuttelu
    prefix; suffix; honorific; gender; sex; geschlecht; birthday; birth; birthdate; date of birth; geburtsdatum; geburtstag
    naissance; nacimiento; age; alter; twitter; facebook; instagram; youtube; tiktok; xing; skype; crunchbase; cb url; github
    social; blog; careers; careers url; jobs; job posting; logo; image; photo; picture; avatar; latitude; longitude; lat; lng
    timezone; time zone; language; languages; sprache; langue; idioma; lingua; taal; locale; consent; opt in; opt out; optin
    optout; unsubscribed; unsubscribe; subscribed; bounced; bounce; bounces; opened; opens; clicks; clicked; replied; sent
    verified; verification; confidence; quality; valid; last activity; last contacted; last contact; last modified
    last updated; last touch; modified; updated; updated at; updatedat; changed; geandert; next; follow up; followup; due
    deadline; renewal; expiry; expires; visits; views; time spent; sessions; pageviews; ip; ip address; user agent; batch
    slug; delisted; do not; don t; dnc; seniority; department; departments; abteilung; departement service; persona
    score date; count of; total time; won; closed; close date; contract; salary; number of locations; retail; patents; sku
    product; products; order; orders; invoice; payment; iban; bic; account number; kundennummer; lists; list; landing page
    gclid; fbclid; ad id; adset; term; utm content; utm term; partner program; wikipedia; rss; sitemap; careers page
    continent; hemisphere; nationality; passport
    """
)
