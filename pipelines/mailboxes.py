"""Mailboxes in text: those of a role are an organization's, all others are a person's and stay theirs.

Here: telling them apart, and taking persons' out of what is kept. Elsewhere: which role mailbox is stated (the readers), what a
lead list brought (`intake`).
"""

import re

EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]+(?:\.[\w-]+)+)(?![\w@-])")
ROLES = frozenset(
    "info hello hi hallo contact contacts contactus kontakt contacto contatti office mail email post sales vertrieb verkauf "
    "ventas support help service kundenservice customerservice customercare care press presse media pr marketing jobs "
    "careers career karriere bewerbung hr recruiting billing accounts accounting buchhaltung orders order bestellung shop "
    "team admin enquiries inquiries enquiry inquiry general reception partner partners partnerships security privacy "
    "datenschutz dpo legal abuse webmaster events export export-sales purchasing einkauf investors ir zentrale "
    "welcome ask psirt csirt cert infosec disclosure bugbounty vulnerabilities".split()
)
WITHHELD = "…@"


def is_role(name: str) -> bool:
    """Whether what stands before the @ names a role and no person."""
    return name.lower() in ROLES


def without_persons(text: str) -> str:
    """Return the text with the name taken out of every mailbox that is a person's: `…@acme.example`."""
    return EMAIL.sub(lambda found: found[0] if is_role(found[1]) else WITHHELD + found[2], text) if "@" in text else text
