"""Mailboxes in text: those of a role are an organization's, all others are a person's and stay theirs.

Here: telling them apart, and taking persons' out of what is kept. Elsewhere: which role mailbox is stated (the readers), what a
lead list brought (`intake`).
"""

import re

EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]+(?:\.[\w-]+)+)(?![\w@-])")
ROLES = frozenset(
    """
    info hello hi hallo contact contacts contactus kontakt contacto contatti contato contactos office mail email post
    postmaster hostmaster webmaster admin administration administracion administratie team general reception receptionist
    rezeption empfang accueil recepcion frontdesk zentrale verwaltung sekretariat secretariat secretaria segreteria welcome
    ask enquiries inquiries enquiry inquiry anfrage sales vertrieb verkauf verkoop ventas vendas vendite commercial
    commerciale comercial export import purchasing procurement einkauf inkoop achats compras acquisti buying orders order
    bestellung bestellungen bestellingen commandes pedidos ordini shop store webshop support help helpdesk hilfe service
    services serviceteam kundenservice kundendienst customerservice customerservices customercare customersupport
    clientservices clients klantenservice serviceclient atencioncliente assistenza suporte soporte care technik technical
    press presse media newsroom pr prensa stampa imprensa marketing communications kommunikation communication socialmedia
    newsletter news events veranstaltungen jobs job careers career karriere bewerbung bewerbungen recruiting recruitment
    recrutement talent hr humanresources personal personalabteilung empleo lavoro vacatures ausbildung praktikum training
    academy akademie schulung billing invoice invoices invoicing rechnung rechnungen accounts accounting accountspayable
    accountsreceivable accountsdepartment buchhaltung comptabilite contabilidad contabilidade contabilita finance finanzen
    finances facturacion facturation fatturazione fattura facturas payments payroll treasury returns retouren versand
    versandabteilung shipping dispatch logistics logistik logistica warehouse lager delivery reservations reservation
    reservierung booking bookings buchung reservas prenotazioni partner partners partnership partnerships affiliates affiliate
    reseller resellers dealer dealers suppliers investors investor ir investorrelations legal recht compliance security
    sicherheit privacy privacyoffice datenschutz datenschutzbeauftragter dataprotection gdpr dsgvo dpo dpd rgpd abuse psirt
    csirt cert infosec disclosure bugbounty vulnerabilities noc soc it edv quality qualitaet qm umwelt environment
    sustainability nachhaltigkeit csr spenden donations donate fundraising membership members mitglieder volunteer library
    bibliothek bibliotheque archiv archive museum praxis kanzlei feedback complaints beschwerden beschwerde noreply donotreply
    research production produktion engineering projects projekte tenders ausschreibungen
    """.split()
)
"""Words that name what somebody does for an organization; none of them is a name that people bear."""
_SEVERAL = frozenset(
    each.strip()
    for each in """
    no reply; do not reply; front desk; help desk; contact us; customer service; customer services; customer care
    customer support; client services; human resources; public relations; investor relations; data protection
    accounts payable; accounts receivable; social media; web shop; service client; atencion cliente; servizio clienti
    """.replace("\n", ";").split(";")
)
IN_FRONT = frozenset("the our your team global international central group".split())
BESIDE = IN_FRONT | frozenset("dept department desk office abteilung eu emea apac uk us usa de at ch fr es it nl be com".split())
"""Words and places that stand beside a role: sales-uk, the-press-office. A person may begin with two letters: de.sales."""
WITHHELD = "…@"
_APART = re.compile(r"[._+-]")


def is_role(name: str) -> bool:
    """Whether what stands before the @ names a role and no person: one of the words, or several and where they are.

    >>> is_role("sales-uk"), is_role("no-reply"), is_role("sales.otter"), is_role("de.sales")
    (True, True, False, False)
    """
    first, *others = _APART.split(name.lower())
    told = {first, *others}
    known = first in ROLES | IN_FRONT and bool(told & ROLES) and told <= ROLES | BESIDE
    return known or " ".join((first, *others)) in _SEVERAL


def without_persons(text: str) -> str:
    """Return the text with the name taken out of every mailbox that is a person's: `…@acme.example`."""
    return EMAIL.sub(lambda found: found[0] if is_role(found[1]) else WITHHELD + found[2], text) if "@" in text else text
