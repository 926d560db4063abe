"""What people call the fields of a lead, in the main European languages.

Here: words only, folded, those that say it best first. Elsewhere: how a heading is compared with them (`headings`).
"""

from collections.abc import Mapping
from typing import Literal, get_args

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
]
FIELDS: tuple[Field, ...] = get_args(Field)

WORDS: Mapping[Field, str] = {
    "company": """
        company name; company; account name; organization name; organisation name; organization; organisation; account; employer
        employer name; business name; firm; firm name; business; legal name; registered name; trading name; brand; merchant
        issuer; security; security name; exhibitor; exhibitor name; supplier; vendor; customer name; client name; customer
        client; company or account; company organization; company organisation; current company; company current; org; org name
        startup; startup name; corporation; enterprise; firma; firmenname; unternehmen; unternehmensname; name des unternehmens
        name der firma; firmenbezeichnung; gesellschaft; betrieb; aussteller; kunde; kundenname; arbeitgeber; organisationsname
        lieferant; wettbewerber; competitor; competitor name; partner; partner name; societe; nom de la societe; entreprise
        nom de l entreprise; nom de lentreprise; raison sociale; nom entreprise; nom societe; compagnie; organisme
        etablissement; exposant; denomination; denomination sociale; nom du compte; compte; employeur; empresa
        nombre de la empresa; nombre empresa; razon social; compania; nombre de la compania; organizacion; cuenta
        nombre de la cuenta; sociedad; negocio; cliente; nome da empresa; nome empresa; organizacao; razao social; companhia
        azienda; nome azienda; nome dell azienda; nome dellazienda; ragione sociale; societa; nome societa; impresa; ditta
        organizzazione; nome account; bedrijf; bedrijfsnaam; naam bedrijf; organisatie; organisatienaam; naam organisatie
        onderneming; handelsnaam; accountnaam; klant; klantnaam; foretag; foretagsnamn; virksomhed; firmanavn; virksomhedsnavn
        selskap; yritys; nazwa firmy; spolecnost; nazev firmy
    """,
    "website": """
        website; web site; company website; website url; url website; homepage; home page; homepage url; web; web address
        web page; webpage; company url; website address; site; site web; company domain; company domain name; domain
        domain name; email domain; url; www; link to website; webseite; internetseite; internet; internetadresse; webadresse
        internetauftritt; firmenwebsite; domane; website der firma; web adresse; site internet; site de l entreprise
        adresse web; site de la societe; page web; domaine; nom de domaine; sitio web; pagina web; sitio; direccion web; dominio
        web de la empresa; sito; sito web; sito internet; indirizzo web; pagina internet; webstek; webadres; webpagina; domein
        domeinnaam; hjemmeside; webbplats; hemsida; nettside; strona www; strona internetowa
    """,
    "email": """
        email; e mail; email address; e mail address; mail; work email; business email; email work; email business; emailaddress
        mail address; email id; e mail id; professional email; corporate email; email 1; contact email; email adresse
        e mail adresse; emailadresse; mailadresse; mail adresse; courriel; adresse email; adresse e mail; adresse mail
        adresse electronique; adresse de courriel; mel; email professionnel; correo; correo electronico; direccion de correo
        direccion de correo electronico; correo e; posta elettronica; indirizzo email; indirizzo e mail; indirizzo mail
        indirizzo di posta elettronica; e mailadres; emailadres; mailadres; e post; epost; adres email; endereco de email
    """,
    "first_name": """
        first name; firstname; given name; givenname; forename; fname; first; name first; vorname; rufname; prenom
        nombre de pila; nome di battesimo; voornaam; roepnaam; fornamn; fornavn; etunimi; imie; jmeno; primeiro nome
        primer nombre
    """,
    "last_name": """
        last name; lastname; surname; family name; familyname; lname; last; name last; second name; nachname; familienname
        zuname; nom de famille; apellido; apellidos; primer apellido; cognome; achternaam; familienaam; efternamn; etternavn
        efternavn; sukunimi; nazwisko; prijmeni; sobrenome; apelido
    """,
    "full_name": """
        full name; fullname; contact name; contact person; contact; person; lead name; name of contact; your name; person name
        attendee; attendee name; participant; contact full name; visitor; visitor name; member name; representative; delegate
        first and last name; name and surname; first name last name; first last name; ansprechpartner; ansprechpartnerin
        kontakt; kontaktperson; vor und nachname; vorname nachname; vollstandiger name; besucher; teilnehmer; name vorname
        nachname vorname; nom complet; nom et prenom; nom prenom; prenom nom; interlocuteur; personne de contact
        nombre completo; nombre y apellidos; nombre y apellido; persona de contacto; contacto; nome completo; nome e cognome
        nominativo; referente; persona di contatto; contatto; volledige naam; contactpersoon; naam contactpersoon; contato
        kontaktni osoba
    """,
    "job_title": """
        job title; jobtitle; job; position; role; job role; occupation; designation; function; job function; job position
        headline; title job; current position; professional title; current title; contact title; stelle; berufsbezeichnung
        beruf; funktion; rolle; jobtitel; stellenbezeichnung; positionsbezeichnung; poste; fonction; intitule du poste
        titre du poste; intitule de poste; metier; cargo; puesto; puesto de trabajo; rol; funcion; profesion; ruolo; posizione
        qualifica; mansione; professione; functie; functietitel; functienaam; beroep; befattning; stilling; stanowisko; funcao
    """,
    "phone": """
        phone; phone number; telephone; telephone number; tel; tel no; phone no; work phone; business phone; direct phone
        direct dial; direct line; office phone; telephone no; contact number; phone 1; mobile; mobile phone; mobile number; cell
        cell phone; cellphone; mobile no; phone work; phone mobile; switchboard; telefon; telefonnummer; tel nr; telefon nr
        rufnummer; durchwahl; telefon geschaftlich; mobil; mobiltelefon; handy; handynummer; mobilnummer; telephone fixe
        numero de telephone; portable; telephone portable; n de telephone; no de telephone; telefono; numero de telefono
        tel fijo; movil; telefono movil; celular; numero di telefono; cellulare; telefono cellulare; recapito telefonico
        telefoon; telefoonnummer; mobiel; gsm; telefone; telemovel
    """,
    "country": """
        country; country name; country region; country or region; country code; country territory; nation; location country
        hq country; land; staat; sitzland; laenderkennung; lander; landerkurzel; pays; pais; paese; nazione; stato estero
        landcode; kraj; maa; zeme
    """,
    "city": """
        city; town; city town; town city; city name; locality; municipality; location city; hq city; hq location
        headquarters location; headquarters; hq; location; locations; stadt; ort; wohnort; standort; sitz; firmensitz; plz ort
        ville; localite; commune; ciudad; poblacion; localidad; municipio; citta; comune; localita; sede; stad; plaats
        woonplaats; vestigingsplaats; gemeente; kaupunki; miasto; mesto; cidade
    """,
    "channel": """
        channel; lead source; source; utm source; traffic source; marketing channel; lead channel; original source
        acquisition channel; utm medium; medium; origin; lead origin; how did you hear about us; referral source; source channel
        kanal; quelle; herkunft; leadquelle; marketingkanal; vertriebskanal; canal; source du lead; provenance; origine
        canal d acquisition; fuente; origen; fuente del lead; fonte; canale; origine lead; provenienza; kanaal; bron; leadbron
        herkomst; fonte do lead
    """,
    "campaign": """
        campaign; campaign name; utm campaign; marketing campaign; campaign id; campagne; kampagne; kampagnenname; campana
        nombre de la campana; campagna; nome campagna; campagnenaam; campanha; event; event name; trade fair; trade show; messe
        veranstaltung; salon; feria; fiera; beurs; evenement; evento
    """,
    "noted_on": """
        date; created at; created; created on; create date; created date; creation date; date created; lead date; signup date
        sign up date; submitted at; submitted on; submission date; timestamp; time stamp; first contact date; date added
        added on; added; date of contact; contact date; received on; received at; registered at; registration date; captured at
        captured on; noted on; noted at; met on; scanned at; datum; erfasst am; erstellt am; erfassungsdatum; erstelldatum
        angelegt am; kontaktdatum; eingangsdatum; date de creation; date d ajout; cree le; date de contact; date du contact
        ajoute le; fecha; fecha de creacion; fecha de alta; fecha de contacto; creado el; data; data creazione
        data di creazione; data contatto; creato il; data inserimento; aanmaakdatum; aangemaakt op; contactdatum; datum contact
        data de criacao
    """,
}
# A person's or a company's, depending on what stands beside them.
NAME_WORDS = frozenset(("name", "names", "nom", "nombre", "nome", "naam", "namn", "navn", "nimi", "nazwa", "nazev"))
TITLE_WORDS = frozenset(("title", "titel", "titre", "titulo", "titolo"))
# Words that only say whose field it is: `HQ country`, `company_city`, `Work e-mail`, `Primary phone`.
QUALIFIERS = frozenset(
    """
    hq headquarters headquarter company business work office primary main contact lead customer client account organization
    organisation your the person prospect firm corporate firmen unternehmens geschaftlich entreprise societe empresa azienda
    bedrijfs billing mailing
    """.split()
)
